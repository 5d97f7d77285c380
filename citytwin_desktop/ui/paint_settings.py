"""The choices of how a variable is painted, one line each; they apply at once."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from citytwin_desktop.analysis.class_breaks import EQUAL, NATURAL, QUANTILES
from citytwin_desktop.document.building_values import belongs_to_surfaces, has_totals
from citytwin_desktop.document.variables import VARIABLES as KNOWN
from citytwin_desktop.scene.colour_maps import DIVERGING_MAP, FLOW_MAP, SEQUENTIAL_MAPS, ColourScale, colour_table
from citytwin_desktop.scene.numbers import scale_labels
from citytwin_desktop.ui.elided_choice import ElidedChoice
from citytwin_desktop.ui.elided_label import ElidedLabel
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.numbers import parse_number
from citytwin_desktop.ui.opacity_slider import OpacitySlider
from citytwin_desktop.ui.paint_style import CLASSES, CUSTOM, DATA, GHOST, GREY, LOCKED, can_be_painted
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.value_edit import ValueEdit
from citytwin_desktop.ui.variables import VARIABLES

LABEL_WIDTH, FIELD_WIDTH = 64, 76
SWATCH = QSize(40, 12)
METHODS = {EQUAL: "Equal steps", QUANTILES: "Equal counts", NATURAL: "Natural breaks"}
RANGES = {DATA: "Fits the data", CUSTOM: "Typed", LOCKED: "Same in all scenarios"}
OUTSIDE = {GREY: "Faint grey", GHOST: "See-through"}
EACH, MEAN, TOTAL = "each", "mean", "total"


class PaintSettings(QWidget):
    """Colour map, classes, range, what one value is of, and opacity.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Any) -> None:
        super().__init__()
        self.setObjectName("paintSettings")
        self.session = session
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(6)
        maps = [(name.capitalize(), name) for name in (*SEQUENTIAL_MAPS, FLOW_MAP)]
        self.maps = self._choice("colourMap", self.tr("Colour map"), maps, "map_name")
        for place in range(self.maps.count()):
            self.maps.setItemIcon(place, _swatch(self.maps.itemData(place)))
        self.maps.setIconSize(SWATCH)
        self.reverse = QToolButton(checkable=True, toolTip=self.tr("Turn the colour map round"))
        self.reverse.setAccessibleName(self.tr("Turn the colour map round"))
        self.reverse.toggled.connect(lambda on: session.set_style(reverse=on))
        self.logarithmic = QToolButton(checkable=True, accessibleName=self.tr("Logarithmic colours"))
        self.logarithmic.toggled.connect(lambda on: session.set_style(logarithmic=on))
        steps = [(self.tr("{} classes").format(count) if count else self.tr("Continuous"), count) for count in CLASSES]
        self.classes = self._choice("classes", self.tr("Classes"), steps, "classes")
        self.methods = self._choice("classMethod", self.tr("How classes are cut"), _pairs(METHODS), "method")
        self.ranges = self._choice("rangeMode", self.tr("Range of the colours"), _pairs(RANGES), "range_mode")
        self.low, self.high = self._end(self.tr("Low end of the range")), self._end(self.tr("High end of the range"))
        self.unit = ElidedLabel()
        self.unit.setFixedWidth(LABEL_WIDTH)
        self.unit.setObjectName("small")
        self.values = ElidedChoice(objectName="valuesOf", accessibleName=self.tr("What one value is of"))
        self.values.activated.connect(lambda _: self._choose_values(self.values.currentData()))
        self.outside = self._choice("outside", self.tr("Values outside the filter"), _pairs(OUTSIDE), "outside")
        self.opacity = OpacitySlider("opacity", self.tr("Opacity of what has a value"))
        self.without = OpacitySlider("opacityWithout", self.tr("Opacity of what has none"))
        self.opacity.chosen.connect(lambda share: session.set_style(opacity=share))
        self.without.chosen.connect(lambda share: session.set_style(opacity_without=share))
        self._lay_out()

    def set_theme(self, theme: Theme) -> None:
        """Icon."""
        self.reverse.setIcon(icon("swap-vertical", theme))
        self.logarithmic.setIcon(icon("math-log", theme))

    def follow_view(self) -> None:
        """Show how the variable is painted now."""
        session, style = self.session, self.session.style
        painted, difference = session.variable in VARIABLES, session.comparison.shows_difference
        for box, value in (
            (self.maps, style.map_name), (self.classes, style.classes), (self.methods, style.method),
            (self.ranges, style.range_mode), (self.outside, style.outside),
        ):  # fmt: skip
            box.setCurrentIndex(box.findData(value))
            box.setEnabled(painted)
        self._name_difference(difference)
        for slider, share in ((self.opacity, style.opacity), (self.without, style.opacity_without)):
            slider.show_share(share)
            slider.setEnabled(painted)
        self.maps.setEnabled(painted and not difference)
        self.maps.setToolTip(self.tr("A difference has its own colours, white at zero") if difference else "")
        for button, on in ((self.reverse, style.reverse), (self.logarithmic, style.logarithmic)):
            button.blockSignals(True)
            button.setChecked(on)
            button.blockSignals(False)
            button.setEnabled(painted)
        self.method_row.setVisible(painted and style.classes > 0)
        self._offer_values(painted)
        self.setVisible(painted)

    def _name_difference(self, shown: bool) -> None:
        """Say which colours a difference has in place of the chosen ones."""
        place = self.maps.findData(DIVERGING_MAP)
        if shown and place < 0:
            self.maps.addItem(_swatch(DIVERGING_MAP), self.tr("Blue–red"), DIVERGING_MAP)
            place = self.maps.count() - 1
        elif not shown and place >= 0:
            self.maps.removeItem(place)
        if shown:
            self.maps.setCurrentIndex(place)

    def show_painted(self, painter: Any) -> None:
        """Show the ends of the colours as they are painted, and whether they may go by logarithms."""
        if painter.scale is None:
            return
        self.show_range(painter.scale, painter.legend.unit)
        words = painter.scales.logarithmic_hindrance(painter.shown)
        usual = self.tr("Logarithmic colours: as wide from 1 to 10 as from 10 to 100")
        self.logarithmic.setToolTip(self.tr(words) if words else usual)
        # A choice that waits for other values can be taken back.
        self.logarithmic.setEnabled(not words or self.logarithmic.isChecked())

    def show_range(self, scale: ColourScale | None, unit: str) -> None:
        """Show the ends of the colours as they are painted."""
        if scale is None:
            return
        # What it is per is said by the line below.
        self.unit.setText(unit.partition(" ")[0])
        self.unit.set_tip(unit)
        for field, text in zip((self.low, self.high), scale_labels(scale.low, scale.high), strict=True):
            if not field.hasFocus() or not field.isModified():
                field.show_text(text)
            field.value_text = text

    def _offer_values(self, painted: bool) -> None:
        request = self.session.request() if painted else None
        style, offered = self.session.style, []
        if request is not None:
            known = KNOWN[request.name]
            whole = not belongs_to_surfaces(known)
            offered.append((self.tr("Per floor area") if whole and has_totals(known) else self.tr("As computed"), EACH))
            if not whole:
                offered[0] = (self.tr("Each surface"), EACH)
                offered.append((self.tr("Mean of the building"), MEAN))
            if has_totals(known):
                offered.append((self.tr("Total of the building"), TOTAL))
        self.values.clear()
        for text, value in offered:
            self.values.addItem(text, value)
        now = TOTAL if style.total else MEAN if style.by_building else EACH
        self.values.setCurrentIndex(max(self.values.findData(now), 0))
        self.values.setEnabled(len(offered) > 1)

    def _choose_values(self, chosen: str | None) -> None:
        if chosen is not None:
            # Values of another size: their range and filter mean nothing any more.
            mode = DATA if self.session.style.range_mode == CUSTOM else self.session.style.range_mode
            self.session.set_style(
                by_building=chosen != EACH, total=chosen == TOTAL, threshold=None, range_mode=mode, low=None, high=None
            )

    def _choose(self, name: str, value: Any) -> None:
        if name == "range_mode" and value == CUSTOM:
            self._type_range()
        elif value is not None:
            self.session.set_style(**{name: value})

    def _type_range(self) -> None:
        low, high = parse_number(self.low.text()), parse_number(self.high.text())
        for field in (self.low, self.high):
            field.setModified(False)
        if low is None or high is None or not can_be_painted(low, high):
            rises = low is not None and high is not None and low < high
            words = "is too wide or too narrow for colours: type other ends."
            words = words if rises else "does not rise: type two numbers, the lower one first."
            ends = self.tr("The range “{}” to “{}”").format(self.low.text(), self.high.text())
            self.session.problem.emit(f"{ends} {self.tr(words)}")
            self.session.view_changed.emit()
            return
        self.session.set_style(range_mode=CUSTOM, low=low, high=high)

    def _end_typed(self, field: QLineEdit) -> None:
        if field.isModified():
            self._type_range()

    def _choice(self, name: str, title: str, choices: Sequence[tuple[str, Any]], field: str) -> QComboBox:
        box = ElidedChoice(objectName=name, accessibleName=title)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for text, value in choices:
            box.addItem(self.tr(text), value)
        box.activated.connect(lambda _: self._choose(field, box.currentData()))
        return box

    def _end(self, title: str) -> ValueEdit:
        field = ValueEdit(accessibleName=title, toolTip=title, alignment=Qt.AlignmentFlag.AlignRight)
        field.of_city = False
        field.setMinimumWidth(FIELD_WIDTH)
        field.editingFinished.connect(lambda: self._end_typed(field))
        return field

    def _lay_out(self) -> None:
        self._row(self.tr("Colours"), self.maps, self.reverse)
        self._row(self.tr("Classes"), self.classes)
        self.method_row = self._row(self.tr("Cut at"), self.methods)
        self._row(self.tr("Range"), self.ranges, self.logarithmic)
        self._row(self.unit, self.low, QLabel("–"), self.high)
        self._row(self.tr("Values"), self.values)
        self._row(self.tr("Filtered"), self.outside)
        self._row(self.tr("Opacity"), self.opacity)
        self._row(self.tr("No value"), self.without)

    def _row(self, title: str | QLabel, *parts: QWidget) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        label = QLabel(title, objectName="muted") if isinstance(title, str) else title
        label.setFixedWidth(LABEL_WIDTH)
        line.addWidget(label)
        for part in parts:
            line.addWidget(part, 0 if isinstance(part, QLabel | QToolButton) else 1)
        self.rows.addWidget(row)
        return row


def _pairs(titles: dict[str, str]) -> list[tuple[str, Any]]:
    return [(text, value) for value, text in titles.items()]


def _swatch(name: str) -> QIcon:
    """A strip of a colour map."""
    table = colour_table(DIVERGING_MAP if name == FLOW_MAP else name)
    image = QImage(table.tobytes(), 256, 1, 256 * 3, QImage.Format.Format_RGB888)
    picture = QPixmap.fromImage(image.scaled(SWATCH))
    found = QIcon(picture)
    # Also where nothing can be chosen these are the colours that are painted.
    found.addPixmap(picture, QIcon.Mode.Disabled)
    return found
