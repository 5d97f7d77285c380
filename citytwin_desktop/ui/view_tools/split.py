"""The tool that cuts a building in two by a line."""

from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import Qt

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.numbers import THIN_SPACE
from citytwin_desktop.ui.view_tools.marks import Marks
from citytwin_desktop.ui.view_tools.selected import SelectedTool
from citytwin_desktop.ui.view_tools.shape import flat
from citytwin_desktop.ui.view_tools.snapping import SnapWords, along_axis

_AXES = {Qt.Key.Key_X: "x", Qt.Key.Key_Y: "y"}
_SHORTEST_M = 0.05


class SplitTool(SelectedTool):
    """Two clicks make the line; both pieces are shown before the second one."""

    KEYS: ClassVar[frozenset[int]] = frozenset(_AXES)

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view, session)
        self.first: FloatArray | None = None
        self.here: FloatArray | None = None
        self.axis = ""
        self._snapper, self._words = self.snapper(), SnapWords(self)

    def pointed(self) -> None:
        """Work out the line, and the pieces."""
        self.snapped = None
        point = None if self.pointer is None else self.sight.on_level(self.pointer, self._level)
        if point is None:
            return
        self.here = self._aimed(point[:2])
        if self._line_m >= _SHORTEST_M:
            self.proposal.ask("split_building", self._parameters())

    def clicked(self) -> None:
        """The first end, or the cut."""
        if self.here is None:
            return
        if self.first is None:
            self.first = self.here
        else:
            self.confirm()

    def confirm(self) -> None:
        """Cut."""
        if self.first is not None and self._line_m >= _SHORTEST_M:
            self.carry_out("split_building", **self._parameters())

    def step_back(self) -> None:
        """Take back the first end, or give up."""
        if self.first is None:
            super().step_back()
            return
        self.first = None
        self.proposal.forget()
        self.preview.clear()

    def own_key(self, event: Any) -> bool:
        """Keep the cut along an axis."""
        axis = _AXES[event.key()]
        self.axis = "" if self.axis == axis else axis
        return True

    def instruction(self) -> str:
        """What to do."""
        if self.first is None:
            return self.tr("Split {}: click where the cut begins  ·  Shift free  ·  Esc").format(self.whom)
        return self.tr("Click where the cut ends  ·  X Y axis  ·  Shift free  ·  Backspace back  ·  Esc")

    def readout(self) -> list[str]:
        """Length of the line."""
        return [f"{self._line_m:.2f}{THIN_SPACE}m"] if self.first is not None else []

    def draw(self, marks: Marks) -> None:
        """The line, at the ground and at the top, and the plane between them."""
        if self.first is None or self.here is None:
            return
        low, high = ([*self.first, *self.here], (float(self.low[2]), float(self.high[2])))
        x0, y0, x1, y1 = low
        ends = np.array([[x0, y0, high[0]], [x1, y1, high[0]], [x1, y1, high[1]], [x0, y0, high[1]]])
        pixels = self.sight.pixels(ends)
        colour = marks.theme.failed if self.problem else ""
        marks.area(pixels, colour)
        marks.path(pixels, colour, closed=True)
        for corner in ends[:2]:
            marks.handle(self.sight.pixel(corner), small=True)

    @property
    def _level(self) -> float:
        return float(self.low[2])

    @property
    def _line_m(self) -> float:
        return 0.0 if self.first is None or self.here is None else float(np.hypot(*(self.here - self.first)))

    def _parameters(self) -> dict[str, Any]:
        return {"building_id": self.ids[0], "line": flat(np.stack([self.first, self.here]))}  # type: ignore[list-item]

    def _aimed(self, place: FloatArray) -> FloatArray:
        if self.first is not None and self.axis:
            return along_axis(self.first, place, self.axis)
        if self.held(Qt.KeyboardModifier.ShiftModifier):
            return place
        scale = self.sight.metres_per_pixel(np.array([*place, self._level]))
        found = self._snapper.place(
            place, scale, grid=self.held(Qt.KeyboardModifier.ControlModifier), start_m=self.first
        )
        if not found.kind and self.first is not None:
            found = self._snapper.direction(self.first, place)
        if found.kind:
            self.snapped = (np.array([*found.place_m, self._level]), self._words.word(found.kind))
        return found.place_m
