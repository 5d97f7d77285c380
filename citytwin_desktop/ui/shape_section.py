"""The section of the inspector in which buildings are shaped by numbers."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from citytwin_desktop.city.shaping.selected_rows import families_of
from citytwin_desktop.document import events
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.elided_choice import ElidedChoice
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.numbers import counted, parse_number, range_text
from citytwin_desktop.ui.section import PropertyRow, Section
from citytwin_desktop.ui.theme import CONTROL_HEIGHT, Theme
from citytwin_desktop.ui.value_edit import ValueEdit

ROOFS = {"flat": "Flat", "gable": "Gable", "hip": "Hip", "shed": "Shed"}
PITCHED_DEG = 35.0
_TOOLS = (
    ("move", "cursor-move", "Move with the mouse (G)"),
    ("rotate", "rotate-left", "Rotate with the mouse (R)"),
    ("height", "arrow-expand-vertical", "Change the height with the mouse (T)"),
    ("vertices", "vector-polygon", "Edit the footprint corner by corner (V)"),
    ("split", "box-cutter", "Split by a line (K)"),
)
_ONE = ("vertices", "split")
_CITY = (events.CityChanged, events.GeometryChanged, events.BuildingsChanged, events.SelectionChanged)
_WIDTH, _BUTTON_WIDTH = 41, 76


class ShapeSection(Section):
    """Height, storeys, place, direction and roof of the selection, all by numbers.

    Signals
    -------
    tool_wanted(str)
        A tool of the view, by its name.
    """

    tool_wanted = Signal(str)

    def __init__(self, session: Any) -> None:
        super().__init__("")
        self.setObjectName("sectionShape")
        self.title = self.tr("Shape")
        self.heading.setText(self.title)
        self.session = session
        self._view: Any = None
        self._ids: list[str] = []
        self.tools: dict[str, QToolButton] = {}
        self.add(self._tool_row())
        self.height_row = self._property("height_m", self.tr("Height"), "m")
        self.storeys = self._property("storeys", self.tr("Storeys, height follows"), "")
        self._build_moves()
        self._build_roof()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self.refresh)
        session.event.connect(self._told)
        for signal in (session.opened, session.closed):
            signal.connect(self._timer.start)

    def previews(self, view: Any) -> None:
        """Show roofs in a view before they are set."""
        self._view = view

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        super().set_theme(theme)
        for (_, picture, _), button in zip(_TOOLS, self.tools.values(), strict=True):
            button.setIcon(icon(picture, theme))

    # --- building the widgets

    def _tool_row(self) -> QWidget:
        row = QWidget()
        layout = _line(row)
        for name, _, tip in _TOOLS:
            button = QToolButton(accessibleName=self.tr(tip), toolTip=self.tr(tip))
            button.setObjectName(f"shapeTool_{name}")
            button.setFixedSize(CONTROL_HEIGHT + 2, CONTROL_HEIGHT)
            button.clicked.connect(lambda _=False, wanted=name: self.tool_wanted.emit(wanted))
            self.tools[name] = button
            layout.addWidget(button)
        layout.addStretch(1)
        return row

    def _property(self, column: str, title: str, unit: str) -> PropertyRow:
        row = PropertyRow(f"shape_{column}", title, unit, editable=True)
        row.edited.connect(lambda _, text: self._set(column, text))
        self.add(row)
        return row

    def _build_moves(self) -> None:
        self.dx, self.dy, self.dz = (
            self._field(f"shape_{name}", tip)
            for name, tip in (
                ("dx_m", self.tr("East, m")),
                ("dy_m", self.tr("North, m")),
                ("dz_m", self.tr("Up, m")),
            )
        )
        self.angle = self._field("shape_angle_deg", self.tr("Degrees, counter-clockwise seen from above"))
        self.move_button = self._button("shapeMove", self.tr("Move"), self.move_by)
        self.turn_button = self._button("shapeRotate", self.tr("Rotate"), self.turn_by)
        for edit, way in ((self.dx, self.tr("E")), (self.dy, self.tr("N")), (self.dz, self.tr("up"))):
            edit.setPlaceholderText(way)
        self._row(self.tr("Move"), "m", (self.dx, self.dy, self.dz), self.move_button)
        self._row(self.tr("Rotate"), "°", (self.angle,), self.turn_button)

    def _build_roof(self) -> None:
        self.roof: QComboBox = ElidedChoice(objectName="shape_roof", accessibleName=self.tr("Roof shape"))
        self.roof.setPlaceholderText(self.tr("Another roof…"))
        for key, title in ROOFS.items():
            self.roof.addItem(self.tr(title), key)
        self.roof.setCurrentIndex(-1)
        self.roof.setFixedWidth(2 * _WIDTH + _BUTTON_WIDTH + 16)
        self.pitch = self._field("shape_pitch_deg", self.tr("Pitch of the roof, degrees from level"))
        self.ridge = self._field(
            "shape_ridge_deg", self.tr("Compass bearing of the ridge, degrees; empty: along the longer side")
        )
        self.ridge.setPlaceholderText(self.tr("auto"))
        self.pitch.value_text = number_text(PITCHED_DEG)
        self.pitch.give_up()
        self.roof_button = self._button("shapeRoof", self.tr("Set roof"), self.set_roof)
        self.ridge.setFixedWidth(_WIDTH + 9)
        self._row(self.tr("Roof"), "", (self.roof,), None)
        self._row(self.tr("Pitch, ridge"), "°", (self.pitch, self.ridge), self.roof_button)
        self.roof.activated.connect(lambda _: self._roof_chosen())
        for edit in (self.pitch, self.ridge):
            edit.textEdited.connect(lambda _: self._roof_chosen())

    def _field(self, name: str, tip: str) -> ValueEdit:
        edit = ValueEdit(accessibleName=tip, toolTip=tip)
        edit.setObjectName(name)
        edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        edit.setFixedWidth(_WIDTH)
        edit.returnPressed.connect(lambda: self._entered(name))
        return edit

    def _button(self, name: str, text: str, run: Any) -> QPushButton:
        button = QPushButton(text, autoDefault=False)
        button.setObjectName(name)
        button.setFixedWidth(_BUTTON_WIDTH)
        button.clicked.connect(lambda: run())
        return button

    def _row(self, title: str, unit: str, fields: tuple[QWidget, ...], button: QPushButton | None) -> None:
        row = QWidget()
        row.setFixedHeight(CONTROL_HEIGHT + 4)
        layout = _line(row)
        label, small = QLabel(title), QLabel(unit)
        label.setObjectName("muted")
        small.setObjectName("small")
        layout.addWidget(label)
        layout.addWidget(small)
        layout.addStretch(1)
        for field in fields:
            layout.addWidget(field)
        if button is not None:
            layout.addWidget(button)
        self.add(row)

    # --- showing

    def refresh(self) -> None:
        """Read the selection again."""
        document = self.session.document
        self._ids = [] if document is None else [n for n in document.selection if n in document.city.buildings]
        if not self._ids or document is None:
            return
        city = document.city
        rows = city.buildings.rows(self._ids)
        all_rows = families_of(city.buildings, rows).row
        low, high = city.bounds_m
        heights = (high - low)[all_rows, 2]
        known = heights[np.isfinite(heights)]
        self.height_row.show_value(_range(known), "", self.tr("From the geometry: highest over lowest point"))
        self.storeys.show_value(
            _range(city.buildings.column("storeys")[rows]),
            "",
            self.tr("Storeys above ground; another number makes the building as much higher or lower"),
        )
        self.show_note(counted(len(self._ids)) if len(self._ids) > 1 else "")
        self._enable(document.read_only, len(known) > 0)

    def _enable(self, read_only: bool, solid: bool) -> None:
        why = self.tr("The project is open read-only: save a copy to shape buildings in it.") if read_only else ""
        why = why or ("" if solid else self.tr("What is selected has no surfaces."))
        for row in (self.height_row, self.storeys):
            row.value.setReadOnly(bool(why))
        fields = (self.dx, self.dy, self.dz, self.angle, self.roof, self.pitch, self.ridge)
        for widget in (*fields, self.move_button, self.turn_button, self.roof_button, *self.tools.values()):
            widget.setEnabled(not why)
            tip = widget.property("tip") or widget.toolTip()
            widget.setProperty("tip", tip)
            widget.setToolTip(why or tip)
        for name in _ONE:
            self.tools[name].setEnabled(not why and len(self._ids) == 1)
        self._follow_roof()

    # --- changing

    def move_by(self) -> None:
        """Move the selection by what is typed."""
        numbers = self._numbers((self.dx, self.dy, self.dz))
        if numbers is None or not any(numbers):
            return
        if self._execute("move_buildings", dx_m=numbers[0], dy_m=numbers[1], dz_m=numbers[2]):
            self._clear(self.dx, self.dy, self.dz)

    def turn_by(self) -> None:
        """Turn the selection by what is typed."""
        numbers = self._numbers((self.angle,))
        if numbers is not None and numbers[0] and self._execute("rotate_buildings", angle_deg=numbers[0]):
            self._clear(self.angle)

    def set_roof(self) -> None:
        """Give the selection the chosen roof."""
        parameters = self._roof_parameters()
        if parameters is not None and self._execute("set_roof", **parameters):
            self.roof.setCurrentIndex(-1)
            self._follow_roof()

    def _set(self, column: str, text: str) -> None:
        value = parse_number(text)
        if value is None:
            self.session.problem.emit(self.tr("“{}” is not a number: type one like 9.5.").format(text))
        elif column == "height_m":
            self._execute("set_height", height_m=value)
        else:
            self._execute("set_storeys", storeys=value)
        self.refresh()

    def _execute(self, command: str, **parameters: Any) -> bool:
        document = self.session.document
        if document is None or not self._ids:
            return False
        self._put_roof_away()
        return self.session.execute(command, building_ids=tuple(self._ids), **parameters) is not None

    def _numbers(self, fields: tuple[ValueEdit, ...]) -> list[float] | None:
        """Numbers in fields, 0 for empty ones; `None` with a sentence when one is no number."""
        found = [0.0 if not edit.text().strip() else parse_number(edit.text()) for edit in fields]
        if None in found:
            wrong = fields[found.index(None)]
            self.session.problem.emit(self.tr("“{}” is not a number: type one like 9.5.").format(wrong.text()))
            return None
        return [float(value) for value in found if value is not None]

    def _clear(self, *fields: ValueEdit) -> None:
        for edit in fields:
            edit.clear()

    def _entered(self, name: str) -> None:
        runs = {"shape_angle_deg": self.turn_by, "shape_pitch_deg": self.set_roof, "shape_ridge_deg": self.set_roof}
        runs.get(name, self.move_by)()

    # --- roofs

    def _roof_parameters(self) -> dict[str, Any] | None:
        shape = self.roof.currentData()
        numbers = self._numbers((self.pitch, self.ridge)) if shape else None
        if numbers is None:
            return None
        parameters: dict[str, Any] = {"shape": shape}
        if shape != "flat":
            parameters["pitch_deg"] = numbers[0]
            if self.ridge.text().strip():
                # The command counts from east towards north, people from north towards east.
                parameters["ridge_deg"] = (90.0 - numbers[1]) % 180.0
        return parameters

    def _roof_chosen(self) -> None:
        from citytwin_desktop.ui.view_tools.roof import RoofTool

        self._follow_roof()
        fields = (self.pitch, self.ridge)
        typed = all(parse_number(edit.text()) is not None for edit in fields if edit.text().strip())
        parameters = self._roof_parameters() if typed else None
        if parameters is None or self._view is None or not self._ids:
            return
        if isinstance(self._view.tool, RoofTool):
            self._view.tool.propose(parameters)
        else:
            self._view.use(RoofTool(self._view, self.session, parameters))

    def _follow_roof(self) -> None:
        shape, usable = self.roof.currentData(), self.roof.isEnabled()
        self.pitch.setEnabled(usable and shape in ("gable", "hip", "shed"))
        self.ridge.setEnabled(usable and shape in ("gable", "shed"))
        self.roof_button.setEnabled(usable and bool(shape))

    def _put_roof_away(self) -> None:
        from citytwin_desktop.ui.view_tools.roof import RoofTool

        if self._view is not None and isinstance(self._view.tool, RoofTool):
            self._view.use(None)

    def _told(self, event: Any) -> None:
        if isinstance(event, _CITY):
            self._timer.start()
        if isinstance(event, events.SelectionChanged):
            self.roof.setCurrentIndex(-1)


def place_shape_section(inspector: Any) -> ShapeSection:
    """Put the section under the first one of the inspector."""
    section, sections = ShapeSection(inspector.session), dict(inspector.sections)
    first = next(iter(sections))
    inspector.sections = {first: sections.pop(first), "Shape": section, **sections}
    return section


def _line(row: QWidget) -> QHBoxLayout:
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 2, 16, 2)
    layout.setSpacing(4)
    return layout


def _range(values: Any) -> str:
    """One number or the range of many, without going through all of them one by one."""
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    return range_text([float(known.min()), float(known.max())]) if len(known) else "–"
