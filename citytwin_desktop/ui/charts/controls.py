"""The row over a chart: its kind, what is drawn, how, and saving it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from citytwin_desktop.analysis.chart_data import RANGES
from citytwin_desktop.document.chart_columns import chart_columns
from citytwin_desktop.document.chart_lines import CARPET, HOURLY
from citytwin_desktop.document.chart_series import chart_variables
from citytwin_desktop.document.difference_columns import difference_columns
from citytwin_desktop.document.querying.fields import MARK
from citytwin_desktop.ui.charts.choice_menu import VariableChoice
from citytwin_desktop.ui.charts.kinds import BY_NAME, HISTOGRAM, KINDS, SCATTER
from citytwin_desktop.ui.elided_choice import ElidedChoice
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import CONTROL_HEIGHT, ICON_SIZE, Theme

PAINTED = ""
"""Data of the choice that stands for whatever the city is painted with."""
COLUMN_WIDTH_PX = 168


class ChartControls(QWidget):
    """Buttons and choices; what is not for a kind is not there.

    Signals
    -------
    kind_chosen(str), changed(), range_chosen(str), outline_chosen(bool), save_wanted(str)
    """

    kind_chosen = Signal(str)
    changed = Signal()
    range_chosen = Signal(str)
    outline_chosen = Signal(bool)
    save_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.kind = HOURLY
        self.kinds, self.ranges = QButtonGroup(self), QButtonGroup(self)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(2)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._add_kinds()
        self.row.addStretch(1)
        self._add_ranges()
        self.lasso = self._button(self.tr("Lasso"), self.tr("Draw around points freely instead of a box"), True)
        self.lasso.toggled.connect(self.outline_chosen)
        self.per_area = self._button(
            self.tr("per m²"), self.tr("Mean per floor area, as simulated, instead of the sum"), True
        )
        self.per_area.toggled.connect(lambda _: self.changed.emit())
        self.variables = VariableChoice(chart_variables())
        self.variables.setMinimumHeight(CONTROL_HEIGHT)
        self.variables.changed.connect(self.changed)
        self.row.addWidget(self.variables)
        self.column = self._columns(self.tr("Value that is counted"), painted=True)
        self.across = self._columns(self.tr("Value along the bottom"))
        self.up = self._columns(self.tr("Value upwards"), painted=True)
        self._add_saving()
        self.show_kind(self.kind)

    def set_theme(self, theme: Theme) -> None:
        """Icons."""
        for button in self.kinds.buttons():
            button.setIcon(icon(BY_NAME[button.property("kind")].icon, theme))
        self.save.setIcon(icon("tray-arrow-down", theme))
        self.lasso.setIcon(icon("lasso", theme))
        self.lasso.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.variables.setIcon(icon("chevron-down", theme, theme.muted))

    def show_kind(self, name: str) -> None:
        """Offer what a kind of chart has."""
        self.kind = name
        for button in self.kinds.buttons():
            button.setChecked(button.property("kind") == name)
        of_year = BY_NAME[name].of_year
        self.variables.setVisible(of_year)
        self.per_area.setVisible(of_year)
        self.column.setVisible(name == HISTOGRAM)
        for widget in (self.across, self.up, self.lasso):
            widget.setVisible(name == SCATTER)
        for button in self.ranges.buttons():
            button.setVisible(name == HOURLY)
        self._fit()
        self.variables.setToolTip(
            self.tr("A carpet shows the first of them") if name == CARPET else self.tr("Tick several to compare them")
        )

    def show_range(self, name: str) -> None:
        """Mark which part of the year is seen; none where it is another one."""
        for button in self.ranges.buttons():
            button.setChecked(button.property("range") == name)

    def show_compared(self, compared: bool) -> None:
        """Offer differences of two scenarios while two are compared."""
        for box in (self.column, self.across, self.up):
            known = box.findData(difference_columns()[0].name)
            if compared == (known >= 0):
                continue
            box.blockSignals(True)
            if compared:
                box.insertSeparator(box.count())
                for item in difference_columns():
                    # What tells it from the column itself stands first: the closed box may have no room for more.
                    box.addItem(f"A − B: {item.title.removesuffix(MARK)} [{item.unit}]", item.name)
            else:
                if box.currentIndex() >= known - 1:
                    box.setCurrentIndex(0)
                while box.count() >= known:
                    box.removeItem(box.count() - 1)
            box.blockSignals(False)

    def name_painted(self, title: str) -> None:
        """Say what the city is painted with."""
        for box in (self.column, self.up):
            box.setItemText(0, self.tr("Painted: {}").format(title) if title else self.tr("Nothing is painted"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take what room there is."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """The row gives way before it makes the window wider."""
        return QSize(0, CONTROL_HEIGHT)

    def _fit(self) -> None:
        """Where there is little room, the icons of the kinds stand alone: names are in the tool tips."""
        for style in (Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly):
            for button in self.kinds.buttons():
                button.setToolButtonStyle(style)
            self.row.invalidate()
            if self.row.sizeHint().width() <= self.width():
                return

    def _add_kinds(self) -> None:
        for kind in KINDS:
            button = self._button(self.tr(kind.title), f"{self.tr(kind.title)}: {self.tr(kind.tip)}", True)
            button.setProperty("kind", kind.name)
            button.setAccessibleName(self.tr("Chart: {}").format(self.tr(kind.title)))
            button.clicked.connect(lambda _, name=kind.name: self.kind_chosen.emit(name))
            self.kinds.addButton(button)

    def _add_ranges(self) -> None:
        self.ranges.setExclusive(False)
        for name in RANGES:
            button = self._button(self.tr(name.capitalize()), self.tr("Show the {} about the hour").format(name), True)
            button.setProperty("range", name)
            button.clicked.connect(lambda _, chosen=name: self.range_chosen.emit(chosen))
            self.ranges.addButton(button)

    def _add_saving(self) -> None:
        self.save = self._button("", self.tr("Save the chart: picture, drawing or table"))
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.save)
        for kind, words in (("png", "Picture (PNG)…"), ("svg", "Drawing (SVG)…"), ("csv", "Table (CSV)…")):
            menu.addAction(self.tr(words)).triggered.connect(lambda _, key=kind: self.save_wanted.emit(key))
        self.save.setMenu(menu)

    def _button(self, text: str, tip: str, checkable: bool = False) -> QToolButton:
        button = QToolButton(text=text, toolTip=tip, accessibleName=tip, checkable=checkable, objectName="panelTab")
        button.setFixedHeight(CONTROL_HEIGHT)
        button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.row.addWidget(button)
        return button

    def _columns(self, name: str, painted: bool = False) -> QComboBox:
        box = ElidedChoice()
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.setFixedWidth(COLUMN_WIDTH_PX)
        box.view().setMinimumWidth(280)
        box.setMaxVisibleItems(20)
        if painted:
            box.addItem(self.tr("Nothing is painted"), PAINTED)
        group = ""
        for item in chart_columns():
            if item.group != group and box.count():
                box.insertSeparator(box.count())
            group = item.group
            box.addItem(f"{item.title} [{item.unit}]" if item.unit else item.title, item.name)
        box.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.row.addWidget(box)
        return box
