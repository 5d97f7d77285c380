"""The tool that sets how high the selected buildings are."""

from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import QPointF, Qt

from citytwin_desktop.city.shaping.levels import Levels
from citytwin_desktop.city.shaping.selected_rows import surfaces_of_rows
from citytwin_desktop.scene.numbers import THIN_SPACE
from citytwin_desktop.ui.view_tools.marks import Marks
from citytwin_desktop.ui.view_tools.selected import SelectedTool

STOREY_M, LEAST_M, MOST_M = 3.0, 0.5, 1000.0
_STEPS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_Down: -1}


class HeightTool(SelectedTool):
    """The pointer moves up and down, or steps by storeys; all of them get the same height."""

    KEYS: ClassVar[frozenset[int]] = frozenset(_STEPS)
    cursor = Qt.CursorShape.SizeVerCursor

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view, session)
        heights = self.city.bounds_m[1][self.rows, 2] - self.city.bounds_m[0][self.rows, 2]
        self.before_m = self.height_m = float(heights.max()) if len(heights) else 0.0
        self.rise_m = self._rise_m()
        self.storeys: int | None = None
        self._start: float | None = None
        self._start_y = 0.0

    def begin(self) -> None:
        """Show the handle on top."""
        super().begin()
        if len(self.rows):
            self.preview.show_buildings(self.rows)
            self.refresh()

    @property
    def storey_m(self) -> float:
        """Height of one storey [m]: that of the building where its storeys are known."""
        known = self.city.buildings.column("storeys")[self.city.buildings.rows(self.ids)]
        count = float(known[0]) if len(known) == 1 and np.isfinite(known[0]) and known[0] >= 1 else np.nan
        found = (self.before_m - self.rise_m) / count
        return float(found) if 2.0 <= found <= 8.0 else STOREY_M

    def pointed(self) -> None:
        """Work out how high, and what would be."""
        if self.typed:
            self.storeys = None
            self.height_m = self.height_m if self.typed.first is None else self.typed.first
        elif self.pointer is not None and self.storeys is None:
            self._follow_pointer()
        if self.storeys is not None or abs(self.height_m - self.before_m) > 1e-6:
            self.proposal.ask(*self._command())

    def confirm(self) -> None:
        """Set it."""
        if self.typed and self.typed.first is None:
            return
        if self.storeys is None and abs(self.height_m - self.before_m) < 1e-6:
            self.done.emit()
            return
        command, parameters = self._command()
        self.carry_out(command, **parameters)

    def own_key(self, event: Any) -> bool:
        """A storey more or less."""
        if self.storeys is None:
            self.storeys = max(round((self.height_m - self.rise_m) / self.storey_m), 1)
        self.storeys = min(max(self.storeys + _STEPS[event.key()], 1), 200)
        self.typed.clear()
        self.height_m = round(self.storeys * self.storey_m + self.rise_m, 2)
        self._start = None
        return True

    def instruction(self) -> str:
        """What to do."""
        return self.tr(
            "Height of {}: click, or type metres  ·  ↑ ↓ storeys  ·  Ctrl whole storeys  ·  Shift finer  ·  Esc"
        ).format(self.whom)

    def readout(self) -> list[str]:
        """Height, storeys and what changes."""
        first = f"{self.typed.text}{THIN_SPACE}m" if self.typed else f"{self.height_m:.1f}{THIN_SPACE}m"
        if self.storeys is not None:
            first += f"   {self.storeys} " + (self.tr("storey") if self.storeys == 1 else self.tr("storeys"))
        change = self.height_m - self.before_m
        return [first, f"{change:+.1f}{THIN_SPACE}m".replace("-", "\u2212") if abs(change) > 0.005 else ""]

    def draw(self, marks: Marks) -> None:
        """A pole with a handle, beside the ghost."""
        x, y, _ = self.middle
        base, top = np.array([x, y, self.low[2]]), np.array([x, y, self.low[2] + self.height_m])
        marks.lines(self.sight.pixels(np.stack([base, top]))[None], width=1.5, dashed=True)
        marks.handle(self.sight.pixel(top), hot=True)

    def step_back(self) -> None:
        """Forget storeys first, then give up."""
        if self.storeys is None:
            super().step_back()
            return
        self.storeys, self.height_m = None, self.before_m

    def _rise_m(self) -> float:
        """How far the highest roof rises over its eaves [m]: storeys are counted up to those."""
        if not len(self.rows):
            return 0.0
        levels = Levels.of(surfaces_of_rows(self.city.surfaces, self.rows), len(self.rows))
        highest = int(np.argmax(levels.height_m))
        return float(levels.top_m[highest] - levels.eaves_m[highest])

    def _command(self) -> tuple[str, dict[str, Any]]:
        if self.storeys is not None:
            parameters = {"building_ids": self.ids, "storeys": float(self.storeys), "storey_height_m": self.storey_m}
            return "set_storeys", parameters
        return "set_height", {"building_ids": self.ids, "height_m": round(self.height_m, 4)}

    def _follow_pointer(self) -> None:
        pointer = self.pointer
        if self._start is None:
            # Nothing jumps: wherever the pointer is when it begins, that is the height of now.
            self._start, self._start_y = self.height_m - self._raw(pointer), pointer.y()
        if abs(pointer.y() - self._start_y) < 1.0 and abs(self.height_m - self.before_m) < 1e-6:
            return
        height = self._start + self._raw(pointer)
        if self.held(Qt.KeyboardModifier.ControlModifier):
            height = max(round((height - self.rise_m) / self.storey_m), 1) * self.storey_m + self.rise_m
        digits = 2 if self.held(Qt.KeyboardModifier.ShiftModifier) else 1
        self.height_m = round(float(np.clip(height, LEAST_M, MOST_M)), digits)

    def _raw(self, pointer: QPointF) -> float:
        """Height [m] that the pointer shows on the pole; by pixels where it is seen from above."""
        steep = self.view.scene.camera.elevation_deg > 75.0
        height = None if steep else self.sight.on_upright(pointer, self.middle)
        if height is not None:
            return height - float(self.low[2])
        return -pointer.y() * self.sight.metres_per_pixel(self.middle)
