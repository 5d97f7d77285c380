"""A small note beside a resting pointer: the value under it, and what an hour's irradiance is made of."""

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from citytwin_desktop.city.calendar import hour_label
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.document.variables import HOURLY_SOLAR
from citytwin_desktop.scene.numbers import THIN_SPACE, number_text
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.variables import VARIABLES, Request

PARTS = (("beam", "beam"), ("diffuse", "diffuse"), ("reflected", "reflected"))
OFFSET_PX = 16


class Probe(QFrame):
    """Explains the number under the pointer.

    Parameters
    ----------
    view : CityView
        That it lies over.
    session : Session
    scenario : callable, optional
        Gives the identifier of the scenario that the view shows; the active one where it is left out.
    """

    def __init__(self, view: QWidget, session: Any, scenario: Callable[[], str] | None = None) -> None:
        super().__init__(view)
        self.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.view, self.session = view, session
        self._scenario = scenario or (lambda: session.document.active_scenario)
        plain = Qt.TextFormat.PlainText
        self.value, self.parts, self.place = (QLabel(textFormat=plain) for _ in range(3))
        for label, name in ((self.value, "heading"), (self.parts, "small"), (self.place, "small")):
            label.setObjectName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(2)
        for label in (self.value, self.parts, self.place):
            column.addWidget(label)
        self.hide()
        self._kept: dict[tuple[Request, bool], Any] = {}
        for signal in (session.event, session.view_changed, session.detail.changed, session.closed):
            signal.connect(self.forget)
        view.rested.connect(self.explain)
        view.stirred.connect(self.hide)

    def set_theme(self, _theme: Theme) -> None:
        """The style sheet has all colours."""

    def forget(self, *_: object) -> None:
        """Something changed: the note may be wrong."""
        self._kept.clear()
        self.hide()

    def explain(self, position: QPointF) -> None:
        """Show what is under a point of the view, if the sun or the energy of buildings is painted there."""
        texts = self._texts(position)
        self.setVisible(texts is not None)
        if texts is None:
            return
        for label, text in zip((self.value, self.parts, self.place), texts, strict=True):
            label.setText(text)
            label.setVisible(bool(text))
        self.adjustSize()
        x, y = position.x() + OFFSET_PX, position.y() + OFFSET_PX
        if x + self.width() > self.view.width():
            x = position.x() - self.width() - OFFSET_PX
        if y + self.height() > self.view.height():
            y = position.y() - self.height() - OFFSET_PX
        self.move(round(max(x, 0)), round(max(y, 0)))
        self.raise_()

    def _texts(self, position: QPointF) -> tuple[str, str, str] | None:
        request, variable = self.session.request(), VARIABLES.get(self.session.variable)
        if request is None or variable is None or variable.engine not in ("solar", "energyplus"):
            return None
        view, scene = self.view, self.view.scene
        where = position.x(), position.y(), view.width(), view.height()
        if scene.shows_cells:
            cell = scene.pick_cell(*where)
            if cell is None:
                return None
            value, parts = self._values(request, cell.cell, cells=True)
            return value, parts, self._place(cell.surface, cell.point)
        pick = scene.pick(*where)
        if pick is None:
            return None
        value, parts = self._values(request, pick.surface, cells=False)
        return value, parts, self._place(pick.surface, None)

    def _values(self, request: Request, place: int, *, cells: bool) -> tuple[str, str]:
        value = self._value(request, place, cells)
        unit = self._unit(request, cells)
        text = f"{number_text(value)}{THIN_SPACE}{unit}" if math.isfinite(value) else "No result here"
        if VARIABLES[self.session.variable].engine == "energyplus":
            return text, self._state(self._kept[request, cells], place) if math.isfinite(value) else ""
        if request.name not in HOURLY_SOLAR or math.isnan(value):
            return text, ""
        shares = [
            (word, self._value(Request(f"solar_irradiance_{name}", request.hour), place, cells)) for name, word in PARTS
        ]
        parts = "  ·  ".join(f"{word} {number_text(share)}" for word, share in shares)
        return text, f"{parts}{THIN_SPACE}W/m²"

    def _unit(self, request: Request, cells: bool) -> str:
        variable, found = VARIABLES[self.session.variable], self._kept[request, cells]
        unit = "" if found is None else found.unit.replace("–", "")
        return f"{unit} {variable.painted_per}" if variable.engine == "energyplus" else unit

    def _state(self, found: Any, place: int) -> str:
        """Whether a result is an estimate, and whether its inputs have changed since."""
        words = [self.tr("Estimate") if found.estimate is not None and found.estimate[place] else ""]
        words.append(self.tr("Stale: inputs changed since") if found.stale[place] else "")
        return "  ·  ".join(word for word in words if word)

    def _value(self, request: Request, place: int, cells: bool) -> float:
        if (request, cells) not in self._kept:
            self._kept[request, cells] = self._read(request, cells)
        found = self._kept[request, cells]
        return float("nan") if found is None else float(found.values[place])

    def _read(self, request: Request, cells: bool) -> Any:
        if cells:
            return self.session.detail.values(request)
        document = self.session.document
        times = {"hour": request.hour, "month": request.month, "hours": request.hours}
        return self.session.guarded(document.surface_values, request.name, self._scenario(), **times)

    def _place(self, surface: int, point: Any) -> str:
        city, words = self.session.document.city, []
        if surface < 0:
            words.append(self.tr("Ground"))
        else:
            kind = SurfaceKind(int(city.surfaces.kind[surface]))
            words.append(f"{kind.label.replace('_', ' ').capitalize()} of")
            words[0] += f" {city.buildings.ids[city.surfaces.building[surface]]}"
        if point is not None:
            x, y, z = (round(float(value), 1) + 0.0 for value in point + city.origin)
            words.append(f"{x:.1f}, {y:.1f}, {z:.1f}{THIN_SPACE}m")
        if self.session.request().hour is not None:
            words.append(hour_label(self.session.document.hour, self.session.year_hours))
        return "  ·  ".join(words)
