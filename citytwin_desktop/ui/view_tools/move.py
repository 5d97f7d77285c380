"""The tool that moves the selected buildings."""

from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import Qt

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.numbers import THIN_SPACE
from citytwin_desktop.ui.view_tools.marks import Marks
from citytwin_desktop.ui.view_tools.selected import SelectedTool
from citytwin_desktop.ui.view_tools.snapping import SnapWords, grid_step_m
from citytwin_desktop.ui.view_tools.typed_numbers import TypedNumbers

FINE = 0.1
_AXES = {Qt.Key.Key_X: "x", Qt.Key.Key_Y: "y", Qt.Key.Key_Z: "z"}
_LEAST_M = 1e-4


class MoveTool(SelectedTool):
    """Buildings follow the pointer on their own level; X, Y and Z keep them on an axis."""

    KEYS: ClassVar[frozenset[int]] = frozenset(_AXES)
    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view, session)
        self.typed = TypedNumbers(most=2)
        self.axis = ""
        self.offset: FloatArray = np.zeros(3)
        self._start: FloatArray | None = None
        self._start_height = 0.0
        self._snapper = self.snapper(self.rows)
        self._words = SnapWords(self)
        self._corner: FloatArray | None = None

    def begin(self) -> None:
        """Show the ghost in the place of the buildings."""
        super().begin()
        if len(self.rows):
            self.preview.show_buildings(self.rows)
            self.pointed()
            self.refresh()

    def pointed(self) -> None:
        """Work out how far."""
        if self._start is None:
            self._take_start()
        self.snapped = None
        self.offset = self._typed_offset() if self.typed else self._pointed_offset()
        self.preview.place(self.offset)
        self.preview.show(not self.view.overlay.frozen)

    def confirm(self) -> None:
        """Move them."""
        if self.typed and self.typed.values is None:
            return
        if np.abs(self.offset).max() < _LEAST_M:
            self.done.emit()
            return
        dx, dy, dz = (round(float(value), 4) for value in self.offset)
        self.carry_out("move_buildings", building_ids=self.ids, dx_m=dx, dy_m=dy, dz_m=dz)

    def own_key(self, event: Any) -> bool:
        """Keep to an axis, or no longer."""
        axis = _AXES[event.key()]
        self.axis = "" if self.axis == axis else axis
        return True

    def instruction(self) -> str:
        """What to do."""
        return self.tr(
            "Move {}: click to place, or type metres  ·  X Y Z axis  ·  Shift finer  ·  Ctrl grid  ·  Esc"
        ).format(self.whom)

    def readout(self) -> list[str]:
        """Distance and its parts."""
        dx, dy, dz = (float(value) for value in np.round(self.offset, 2) + 0.0)  # no minus before a zero
        length = float(np.linalg.norm(self.offset))
        first = self.typed.text + f"{THIN_SPACE}m" if self.typed else f"{length:.2f}{THIN_SPACE}m"
        parts = f"dx {dx:.2f}   dy {dy:.2f}" + (f"   dz {dz:.2f}" if abs(dz) > _LEAST_M else "")
        return [first, parts.replace("-", "\u2212")]

    def draw(self, marks: Marks) -> None:
        """The way, and the axis that is kept to."""
        if self._start is None:
            return
        here = self._anchor
        marks.lines(self.sight.pixels(np.stack([here, here + self.offset]))[None], width=1.5, dashed=True)
        if self.axis:
            way = np.eye(3)["xyz".index(self.axis)] * 1000.0
            ends = np.stack([here + way * share for share in np.linspace(-1.0, 1.0, 41)])
            pixels = self.sight.pixels(ends)
            marks.lines(np.stack([pixels[:-1], pixels[1:]], axis=1), marks.theme.accent, width=1.0)

    @property
    def _anchor(self) -> FloatArray:
        return self.middle if self._corner is None else self._corner

    def _take_start(self) -> None:
        if self.pointer is None:
            return
        self._start = self.sight.on_level(self.pointer, float(self.low[2]))
        if self._start is not None:
            self._start_height = self.sight.on_upright(self.pointer, self._start) or float(self._start[2])
            self._corner = self._corner_near(self._start)

    def _corner_near(self, point: FloatArray) -> FloatArray | None:
        """The own corner nearest to where it began: that one snaps to what is near it."""
        found = [self.city.surfaces.polygons.vertices[_span(self.city, row)] for row in self.rows[:200].tolist()]
        corners = np.concatenate(found)
        low = corners[corners[:, 2] < self.low[2] + 1.0]
        corners = low if len(low) else corners
        return np.array(corners[np.argmin(np.hypot(*(corners[:, :2] - point[:2]).T))], np.float64)

    def _typed_offset(self) -> FloatArray:
        values = self.typed.values
        if values is None:
            return self.offset
        if len(values) == 2:
            return np.array([*values, 0.0])
        if self.axis:
            return np.eye(3)["xyz".index(self.axis)] * values[0]
        way = self._pointed_offset()
        length = float(np.linalg.norm(way))
        return way / length * values[0] if length > _LEAST_M else np.array([values[0], 0.0, 0.0])

    def _pointed_offset(self) -> FloatArray:
        if self._start is None or self.pointer is None:
            return np.zeros(3)
        if self.axis == "z":
            return np.array([0.0, 0.0, self._rounded(self._risen())])
        here = self.sight.on_level(self.pointer, float(self.low[2]))
        if here is None:
            return self.offset
        offset = np.array([*(here - self._start)[:2], 0.0])
        if self.held(Qt.KeyboardModifier.ShiftModifier):
            offset *= FINE
        elif not self.axis:
            return self._snap(offset)
        if self.axis:
            offset = offset * np.eye(3)["xyz".index(self.axis)]
        return self._gridded(offset)

    def _risen(self) -> float:
        height = None if self.pointer is None else self.sight.on_upright(self.pointer, self._start)  # type: ignore[arg-type]
        return 0.0 if height is None else height - self._start_height

    def _rounded(self, length: float) -> float:
        return round(length, 2 if self.held(Qt.KeyboardModifier.ShiftModifier) else 1)

    def _gridded(self, offset: FloatArray) -> FloatArray:
        if not self.held(Qt.KeyboardModifier.ControlModifier):
            return np.round(offset, 2)
        step = grid_step_m(self.sight.metres_per_pixel(self.middle))
        return np.round(offset / step) * step

    def _snap(self, offset: FloatArray) -> FloatArray:
        if self.held(Qt.KeyboardModifier.ControlModifier):
            return self._gridded(offset)
        moved = self._anchor + offset
        found = self._snapper.place(moved[:2], self.sight.metres_per_pixel(moved))
        if not found.kind:
            return np.round(offset, 2)
        self.snapped = (np.array([*found.place_m, moved[2]]), self._words.word(found.kind))
        return np.array([*(found.place_m - self._anchor[:2]), 0.0])


def _span(city: Any, row: int) -> slice:
    mine, polygons = city.surfaces.of_building(row), city.surfaces.polygons
    rings = polygons.polygon_start[[mine.start, mine.stop]]
    first, last = polygons.ring_start[rings]
    return slice(int(first), int(last))
