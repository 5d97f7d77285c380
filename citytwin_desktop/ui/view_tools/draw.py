"""The tool that draws a new building: an outline, then its height."""

from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import Qt

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.numbers import THIN_SPACE
from citytwin_desktop.ui.view_tools.marks import Marks
from citytwin_desktop.ui.view_tools.outline import OutlineTool
from citytwin_desktop.ui.view_tools.shape import flat

STOREY_M, FIRST_HEIGHT_M, LEAST_M, MOST_M = 3.0, 9.0, 0.5, 1000.0
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}


class DrawTool(OutlineTool):
    """Outline on the ground, on terrain or on a roof, then the height by pointer or number."""

    KEYS: ClassVar[frozenset[int]] = OutlineTool.KEYS | frozenset(_STEPS)

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view, session)
        self.height_m = FIRST_HEIGHT_M
        self._start: float | None = None

    def finished(self) -> None:
        """Now its height."""
        self._start = None
        self.pointed()

    def pointed(self) -> None:
        """The next corner, or the height."""
        super().pointed()
        if not self.closed:
            return
        if self.typed:
            self.height_m = self.height_m if self.typed.first is None else self.typed.first
        elif self.pointer is not None:
            self._follow_pointer()
        self.proposal.ask("add_building", self._parameters())

    def answered(self) -> None:
        """Stand where the body will stand: the command knows the ground under all corners."""
        bodies = self.proposal.polygons()
        if self.closed and len(bodies):
            self.level_m = float(bodies.vertices[:, 2].min())
        super().answered()

    def clicked(self) -> None:
        """A corner, or the end."""
        if self.closed:
            self.confirm()
        else:
            super().clicked()

    def confirm(self) -> None:
        """Close the outline, then make the building."""
        if not self.closed:
            super().confirm()
        elif not self.typed or self.typed.first is not None:
            self.carry_out("add_building", **self._parameters())

    def own_key(self, event: Any) -> bool:
        """A storey more or less, or a key of the outline."""
        if event.key() not in _STEPS:
            return super().own_key(event)
        if not self.closed:
            return False
        storeys = max(round(self.height_m / STOREY_M) + _STEPS[event.key()], 1)
        self.height_m, self._start = storeys * STOREY_M, None
        self.typed.clear()
        return True

    def instruction(self) -> str:
        """What to do in this stage."""
        if self.closed:
            return self.tr("Height: click, or type metres  ·  ↑ ↓ storeys  ·  Ctrl whole storeys  ·  Backspace back")
        if not len(self.corners):
            mode = self.tr("R draws corner by corner") if self.rectangle else self.tr("R draws a rectangle")
            return self.tr("Draw building: click the first corner on the ground or a roof  ·  {}").format(mode)
        if self.rectangle:
            return self.tr(
                "Rectangle: click the end of its first side, then its depth, or type metres  ·  Backspace back"
            )
        return self.tr("Click corners, or type metres  ·  X Y axis  ·  O right angles  ·  Shift free  ·  Enter closes")

    def readout(self) -> list[str]:
        """Edge and area, or height, storeys and volume."""
        if not self.closed:
            return super().readout()
        first = f"{self.typed.text}{THIN_SPACE}m" if self.typed else f"{self.height_m:.1f}{THIN_SPACE}m"
        storeys = self._storeys()
        word = self.tr("storey") if storeys == 1 else self.tr("storeys")
        area = area_m2(self.corners)
        return [
            f"{first}   {storeys} {word}",
            f"{area:.1f}{THIN_SPACE}m²   {area * self.height_m:.0f}{THIN_SPACE}m³",
        ]

    def draw(self, marks: Marks) -> None:
        """The outline, and its top at once: the body itself comes a moment later."""
        super().draw(marks)
        if not self.closed:
            return
        top = np.column_stack([self.corners, np.full(len(self.corners), self.level_m + self.height_m)])
        base = np.column_stack([self.corners, np.full(len(self.corners), self.level_m)])
        up = self.sight.pixels(np.stack([base, top], axis=1).reshape(-1, 3)).reshape(-1, 2, 2)
        marks.lines(up, width=1.5)
        marks.path(self.sight.pixels(top), closed=True)

    def _storeys(self) -> int:
        return max(round(self.height_m / STOREY_M), 1)

    def _parameters(self) -> dict[str, Any]:
        parameters: dict[str, Any] = {"footprint": flat(self.corners), "height_m": round(self.height_m, 3)}
        if 1 <= self._storeys() <= 200:
            parameters["storeys"] = float(self._storeys())
        if self.on_building:
            parameters["base_m"] = round(self.level_m, 3)
        return parameters

    def _follow_pointer(self) -> None:
        place = np.array([*self.corners[-1], self.level_m])
        raw = self._raw(place)
        if raw is None or self.pointer is None:
            return
        if self._start is None:
            self._start = self.height_m - raw
        height = self._start + raw
        if self.held(Qt.KeyboardModifier.ControlModifier):
            height = max(round(height / STOREY_M), 1) * STOREY_M
        digits = 2 if self.held(Qt.KeyboardModifier.ShiftModifier) else 1
        self.height_m = round(float(np.clip(height, LEAST_M, MOST_M)), digits)

    def _raw(self, place: FloatArray) -> float | None:
        if self.pointer is None:
            return None
        if self.view.scene.camera.elevation_deg <= 75.0:
            height = self.sight.on_upright(self.pointer, place)
            return None if height is None else height - float(place[2])
        return -self.pointer.y() * self.sight.metres_per_pixel(place)


def area_m2(corners: FloatArray) -> float:
    """Area of a simple outline, (n, 2) float64 [m]."""
    x, y = corners.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2.0
