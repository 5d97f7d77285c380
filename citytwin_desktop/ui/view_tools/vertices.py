"""The tool that changes the footprint of a building corner by corner."""

from typing import Any, ClassVar

import numpy as np
import shapely
from PySide6.QtCore import QPointF, Qt

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.shaping.outlines import footprint_of
from citytwin_desktop.scene.numbers import THIN_SPACE
from citytwin_desktop.ui.view_tools.grips import CORNER, EDGE, MIDDLE, SHORT_EDGE_PX, Grip, Rings, grip_at, same_rings
from citytwin_desktop.ui.view_tools.marks import Marks
from citytwin_desktop.ui.view_tools.selected import SelectedTool
from citytwin_desktop.ui.view_tools.shape import flat
from citytwin_desktop.ui.view_tools.snapping import Snapped, SnapWords


class VerticesTool(SelectedTool):
    """Corners and edges are dragged; all of it is one change when it is confirmed."""

    KEYS: ClassVar[frozenset[int]] = frozenset({Qt.Key.Key_Delete})

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view, session)
        self.row = int(self.city.buildings.row(self.ids[0]))
        drawn = self.row if self.row in self.rows or not len(self.rows) else int(self.rows[0])
        self.building_id = str(self.city.buildings.ids[drawn])
        self.rings: Rings = tuple(footprint_of(self.city, drawn))
        self.before: Rings = self.rings
        self.hot: Grip | None = None
        self._steps: list[Rings] = []
        self._start: tuple[Rings, FloatArray] | None = None
        without = np.array([drawn], np.int64)
        self._snapper, self._words = self.snapper(without), SnapWords(self)

    def begin(self) -> None:
        """Take it in hand, unless there is no outline."""
        super().begin()
        if len(self.rows) and not self.rings:
            self.session.problem.emit(self.tr("{} has no outline in plan: choose another.").format(self.building_id))
            self.done.emit()

    @property
    def changed(self) -> bool:
        """Whether any corner is not where it was."""
        return not same_rings(self.rings, self.before)

    def pointed(self) -> None:
        """Drag what is held, or light up what could be."""
        self.snapped = None
        if self._start is not None and self.hot is not None:
            self._drag()
        elif self.pointer is not None:
            self.hot = self._grip(self.pointer)

    def grab(self) -> bool:
        """Take hold of a corner, an edge, or of its middle, which becomes a corner."""
        self.hot = None if self.pointer is None else self._grip(self.pointer)
        place = self._place()
        if self.hot is None or place is None:
            return False
        self._steps.append(self.rings)
        self._start = (self.rings, place)
        return True

    def dropped(self) -> None:
        """Let go; what did not move is no step."""
        self._start = None
        if self._steps and same_rings(self._steps[-1], self.rings):
            self._steps.pop()

    def clicked(self) -> None:
        """A click beside the building does nothing: Enter confirms."""

    def confirm(self) -> None:
        """Change the footprint."""
        if not self.changed:
            self.done.emit()
        elif not self.problem:
            self.carry_out("set_footprint", **self._parameters())
        else:
            self.session.problem.emit(self.problem)

    def step_back(self) -> None:
        """Take the last drag back; without any, give up."""
        if not self._steps:
            super().step_back()
            return
        self.rings, self.hot, self._start = self._steps.pop(), None, None
        self._ask()

    def double_click(self, event: Any) -> bool:
        """Insert a corner in an edge."""
        self._follow(event)
        self.hot = None if self.pointer is None else self._grip(self.pointer)
        place = self._place()
        if self.hot is not None and self.hot.kind != CORNER and place is not None:
            self._steps.append(self.rings)
            self._insert(self.hot, self._on_edge(self.hot, place))
            self._ask()
        self.refresh()
        return True

    def own_key(self, event: Any) -> bool:  # noqa: ARG002 - Delete is the only one
        """Delete the corner under the pointer."""
        if self.hot is None or self.hot.kind != CORNER or self._start is not None:
            return True
        ring = self.rings[self.hot.ring]
        if len(ring) <= 3:
            self.session.problem.emit(self.tr("An outline keeps at least three corners."))
            return True
        self._steps.append(self.rings)
        self._put(self.hot.ring, np.delete(ring, self.hot.place, axis=0))
        self.hot = None
        self._ask()
        return True

    @property
    def problem(self) -> str:
        """Why the outline cannot be taken as it is."""
        polygon = shapely.Polygon(self.rings[0], self.rings[1:]) if self.rings else None
        if polygon is not None and not polygon.is_valid:
            return self.tr("The outline crosses itself: drag the corner back or press Backspace.")
        return super().problem

    def instruction(self) -> str:
        """What to do."""
        return self.tr("Drag corners or edges  ·  double-click inserts  ·  Delete removes  ·  Enter confirms  ·  Esc")

    def readout(self) -> list[str]:
        """Lengths beside what is held, and the area."""
        if self.hot is None:
            return []
        ring, place = self.rings[self.hot.ring], self.hot.place
        ahead = float(np.hypot(*(ring[(place + 1) % len(ring)] - ring[place])))
        behind = float(np.hypot(*(ring[place] - ring[place - 1])))
        lengths = [behind, ahead] if self.hot.kind == CORNER else [ahead]
        area = shapely.Polygon(self.rings[0], self.rings[1:]).area
        texts = ["   ".join(f"{length:.2f}{THIN_SPACE}m" for length in lengths), f"{area:.1f}{THIN_SPACE}m²"]
        return [f"{self.typed.text}{THIN_SPACE}m", *texts] if self.typed else texts

    def draw(self, marks: Marks) -> None:
        """Outline, corners, middles, and the edge that is held."""
        colour = marks.theme.failed if self.problem else ""
        for number, ring in enumerate(self.rings):
            pixels = self._pixels(ring)
            marks.path(pixels, colour, closed=True)
            middles = (pixels + np.roll(pixels, -1, axis=0)) / 2.0
            roomy = np.hypot(*(pixels - np.roll(pixels, -1, axis=0)).T) >= SHORT_EDGE_PX
            for place, middle in enumerate(middles):
                hot = self.hot == Grip(MIDDLE, number, place)
                if np.isfinite(middle).all() and roomy[place]:
                    marks.handle(QPointF(*(float(v) for v in middle)), hot=hot, small=True)
            if self.hot is not None and self.hot.kind == EDGE and self.hot.ring == number:
                place = self.hot.place
                marks.lines(pixels[[place, (place + 1) % len(ring)]][None], marks.theme.accent, width=3.5)
            for place, corner in enumerate(pixels):
                if np.isfinite(corner).all():
                    at = QPointF(*(float(v) for v in corner))
                    marks.handle(at, hot=self.hot == Grip(CORNER, number, place))

    # --- within

    def _place(self) -> FloatArray | None:
        point = None if self.pointer is None else self.sight.on_level(self.pointer, float(self.low[2]))
        return None if point is None else point[:2]

    def _pixels(self, ring: FloatArray) -> FloatArray:
        return self.sight.pixels(np.column_stack([ring, np.full(len(ring), self.low[2])]))

    def _grip(self, pointer: QPointF) -> Grip | None:
        return grip_at([self._pixels(ring) for ring in self.rings], np.array([pointer.x(), pointer.y()]))

    def _insert(self, grip: Grip, place: FloatArray) -> None:
        self._put(grip.ring, np.insert(self.rings[grip.ring], grip.place + 1, place, axis=0))
        self.hot = Grip(CORNER, grip.ring, grip.place + 1)

    def _on_edge(self, grip: Grip, place: FloatArray) -> FloatArray:
        ring = self.rings[grip.ring]
        start, way = ring[grip.place], ring[(grip.place + 1) % len(ring)] - ring[grip.place]
        return np.asarray(start + way * np.clip((place - start) @ way / (way @ way), 0.0, 1.0))

    def _put(self, number: int, ring: FloatArray) -> None:
        self.rings = tuple(ring if place == number else other for place, other in enumerate(self.rings))

    def _drag(self) -> None:
        place = self._place()
        if self._start is None or self.hot is None or place is None:
            return
        if self.hot.kind == MIDDLE:
            # Only now: a click on a middle is no new corner, and a double click makes one.
            self._insert(self.hot, self._start[1])
            self._start = (self.rings, self._start[1])
        rings, start = self._start
        ring = rings[self.hot.ring].copy()
        if self.hot.kind == EDGE:
            self._shift_edge(ring, self.hot.place, place - start)
        else:
            ring[self.hot.place] = self._aimed(ring[self.hot.place] + place - start)
        self._put(self.hot.ring, ring)
        self._ask()

    def _shift_edge(self, ring: FloatArray, place: int, moved: FloatArray) -> None:
        ends = [place, (place + 1) % len(ring)]
        way = ring[ends[1]] - ring[ends[0]]
        upright = np.array([-way[1], way[0]]) / max(float(np.hypot(*way)), 1e-9)
        distance = self._stepped(float(moved @ upright))
        ring[ends] += upright * distance

    def _stepped(self, distance: float) -> float:
        if self.typed and self.typed.first is not None:
            return float(np.copysign(abs(self.typed.first), distance)) * (-1.0 if self.typed.first < 0 else 1.0)
        if self.held(Qt.KeyboardModifier.ControlModifier):
            return round(distance * 2.0) / 2.0
        return round(distance, 3 if self.held(Qt.KeyboardModifier.ShiftModifier) else 2)

    def _aimed(self, place: FloatArray) -> FloatArray:
        if self.held(Qt.KeyboardModifier.ShiftModifier):
            return np.round(place, 3)
        level = float(self.low[2])
        scale = self.sight.metres_per_pixel(np.array([*place, level]))
        found = self._snapper.place(place, scale, grid=self.held(Qt.KeyboardModifier.ControlModifier))
        if not found.kind:
            found = self._own_right_angle(place)
        if found.kind:
            self.snapped = (np.array([*found.place_m, level]), self._words.word(found.kind))
        return found.place_m

    def _own_right_angle(self, place: FloatArray) -> Snapped:
        """Keep a dragged corner on the lines of the edges beside it, where it is close to them."""
        rings, _ = self._start  # type: ignore[misc]
        ring, at = rings[self.hot.ring], self.hot.place  # type: ignore[union-attr]
        reach = 8.0 * self.sight.metres_per_pixel(np.array([*place, float(self.low[2])]))
        for other in (ring[at - 1], ring[(at + 1) % len(ring)]):
            way = ring[at] - other
            length = float(np.hypot(*way))
            if length < 1e-6:
                continue
            foot = other + way * ((place - other) @ way / length**2)
            if np.hypot(*(foot - place)) <= reach:
                return Snapped(foot, "parallel")
        return Snapped(place)

    def _ask(self) -> None:
        if self.changed:
            self.proposal.ask("set_footprint", self._parameters())
        else:
            self.proposal.forget()
            self.preview.clear()

    def _parameters(self) -> dict[str, Any]:
        parameters: dict[str, Any] = {"building_id": self.building_id, "footprint": flat(self.rings[0])}
        if len(self.rings) > 1:
            parameters["holes"] = flat(np.concatenate(self.rings[1:]))
            parameters["hole_sizes"] = tuple(float(len(ring)) for ring in self.rings[1:])
        return parameters
