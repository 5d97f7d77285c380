"""The tool that turns the selected buildings."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.shaping.outlines import footprint_of
from citytwin_desktop.ui.view_tools.marks import Marks
from citytwin_desktop.ui.view_tools.selected import SelectedTool
from citytwin_desktop.ui.view_tools.snapping import SnapWords, bearing_deg, whole_turn_deg

STEP_DEG, FINE, SNAP_DEG = 15.0, 0.1, 1.5
_LEAST_DEG = 1e-3


class RotateTool(SelectedTool):
    """Buildings turn with the pointer about the middle of all of them."""

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view, session)
        self.angle_deg = 0.0
        self._last: float | None = None
        self._free_deg = 0.0
        self._snapper = self.snapper(self.rows)
        self._words = SnapWords(self)
        self._wanted: list[float] = []

    def begin(self) -> None:
        """Show the ghost, and look where neighbours lie parallel."""
        super().begin()
        if len(self.rows):
            self.preview.show_buildings(self.rows)
            self._wanted = self._parallel_turns()
            self.pointed()
            self.refresh()

    @property
    def pivot(self) -> FloatArray:
        """(2,) float64 [m]: what everything turns about."""
        return self.middle[:2]

    def pointed(self) -> None:
        """Work out how far."""
        self.snapped = None
        self._follow_bearing()
        if self.typed:
            self.angle_deg = self.angle_deg if self.typed.first is None else self.typed.first
        else:
            self.angle_deg = self._stepped(self._free_deg)
        self.preview.place(np.zeros(3), self.angle_deg, self.pivot)
        self.preview.show(not self.view.overlay.frozen)

    def confirm(self) -> None:
        """Turn them."""
        if self.typed and self.typed.first is None:
            return
        if abs(self.angle_deg) < _LEAST_DEG:
            self.done.emit()
            return
        x, y = (float(value) for value in self.pivot)
        self.carry_out(
            "rotate_buildings",
            building_ids=self.ids,
            angle_deg=round(self.angle_deg, 4),
            about_x_m=round(x, 4),
            about_y_m=round(y, 4),
        )

    def instruction(self) -> str:
        """What to do."""
        return self.tr("Rotate {}: click, or type degrees  ·  Shift finer  ·  Ctrl steps of 15°  ·  Esc").format(
            self.whom
        )

    def readout(self) -> list[str]:
        """The angle."""
        if self.typed:
            return [f"{self.typed.text}°"]
        word = self.tr("counter-clockwise") if self.angle_deg > 0 else self.tr("clockwise")
        return [f"{abs(self.angle_deg):.1f}°", word if abs(self.angle_deg) >= 0.05 else ""]

    def draw(self, marks: Marks) -> None:
        """The middle, and the line to the pointer."""
        middle = self.sight.pixel(np.array([*self.pivot, self.low[2]]))
        if middle is None:
            return
        if self.pointer is not None:
            ends = np.array([[[middle.x(), middle.y()], [self.pointer.x(), self.pointer.y()]]])
            marks.lines(ends, width=1.5, dashed=True)
        marks.handle(middle, hot=True, small=True)

    def _follow_bearing(self) -> None:
        place = None if self.pointer is None else self.sight.on_level(self.pointer, float(self.low[2]))
        if place is None or np.hypot(*(place[:2] - self.pivot)) < 1e-6:
            return
        bearing = bearing_deg(place[:2] - self.pivot)
        if self._last is not None:
            # Step by step, so that Shift slows from where it is, and more than half a turn can be made.
            turn = whole_turn_deg(bearing - self._last)
            self._free_deg += turn * (FINE if self.held(Qt.KeyboardModifier.ShiftModifier) else 1.0)
        self._last = bearing

    def _stepped(self, angle: float) -> float:
        if self.held(Qt.KeyboardModifier.ControlModifier):
            return round(angle / STEP_DEG) * STEP_DEG
        if not self.held(Qt.KeyboardModifier.ShiftModifier):
            for wanted in self._wanted:
                if abs(off := (wanted - angle + 45.0) % 90.0 - 45.0) <= SNAP_DEG and abs(angle) > SNAP_DEG:
                    self.snapped = (np.array([*self.pivot, self.low[2]]), self._words.word("parallel"))
                    return angle + off
            return round(angle, 1)
        return round(angle, 2)

    def _parallel_turns(self) -> list[float]:
        """Turns, to a quarter turn, that bring the longest own edge parallel to edges of neighbours."""
        rings = footprint_of(self.city, int(self.rows[0]))
        if not rings:
            return []
        way = np.roll(rings[0], -1, axis=0) - rings[0]
        own = bearing_deg(way[int(np.argmax(np.hypot(*way.T)))])
        return [bearing - own for bearing in self._snapper.edge_bearings_deg(self.pivot)]
