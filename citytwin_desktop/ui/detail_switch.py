"""The switch between surfaces and cells, with the size of cells."""

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSpinBox, QToolButton, QWidget

from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.solar_detail import CELLS, LARGEST_CELL_M, SMALLEST_CELL_M, SURFACES, SolarDetail
from citytwin_desktop.ui.theme import Theme

TITLES = {SURFACES: "Surfaces", CELLS: "Cells"}
TIPS = {
    SURFACES: "One value for each surface",
    CELLS: "The pattern on façades, roofs and the ground; mapped when it is first shown",
}


class DetailSwitch(QWidget):
    """Two buttons and a number, in step with a `SolarDetail`."""

    def __init__(self, detail: SolarDetail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("detailSwitch")
        self.detail = detail
        self.group = QButtonGroup(self)
        self.buttons = {key: self._button(key) for key in TITLES}
        self.size = QSpinBox(minimum=SMALLEST_CELL_M, maximum=LARGEST_CELL_M, suffix="\u2009m")
        self.size.setObjectName("cellSize")
        self.size.setAccessibleName(self.tr("Cell size [m]"))
        self.size.setToolTip(self.tr("Side of a cell, 1 to 10 m"))
        self.size.setKeyboardTracking(False)
        self.size.setFixedWidth(52)
        self.size.lineEdit().setTextMargins(4, 0, 0, 0)
        self.again = QToolButton(toolTip=self.tr("Map the cells of the city as it is now"))
        self.again.setObjectName("mapAgain")
        self.again.setAccessibleName(self.tr("Map cells again"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for widget in (*self.buttons.values(), self.size, self.again):
            row.addWidget(widget)
        row.addStretch(1)
        self.size.valueChanged.connect(lambda size: detail.set_cell_size(size))
        self.again.clicked.connect(detail.map_again)
        detail.changed.connect(self.refresh)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Icon."""
        self.again.setIcon(icon("refresh", theme))

    def refresh(self) -> None:
        """Show what is chosen."""
        detail, document = self.detail, self.detail.session.document
        for key, button in self.buttons.items():
            button.setChecked(key == detail.chosen)
        cells = detail.chosen == CELLS
        self.size.setVisible(cells)
        self.size.blockSignals(True)
        self.size.setValue(round(detail.cell_size_m))
        self.size.blockSignals(False)
        idle = cells and detail.run is None and document is not None and not document.read_only
        self.again.setVisible(bool(idle and not (document.solar_cells.fresh and detail.drawable)))

    def _button(self, key: str) -> QToolButton:
        button = QToolButton(text=self.tr(TITLES[key]), checkable=True, toolTip=self.tr(TIPS[key]))
        button.setObjectName("panelTab")
        button.setProperty("detail", key)
        button.clicked.connect(lambda *_: self.detail.choose(key))
        self.group.addButton(button)
        return button
