"""Drawing an outline corner by corner on a level plane: what the tools for buildings and for sites share."""

from typing import Any, ClassVar

import numpy as np
import shapely
from PySide6.QtCore import Qt

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.numbers import THIN_SPACE
from citytwin_desktop.ui.view_tools.marks import Marks
from citytwin_desktop.ui.view_tools.shape import ShapeTool
from citytwin_desktop.ui.view_tools.snapping import (
    REACH_PX,
    Snapped,
    SnapWords,
    along_axis,
    bearing_deg,
    right_angled,
)

_AXES = {Qt.Key.Key_X: "x", Qt.Key.Key_Y: "y"}
_SAME_M, _SMALLEST_M2 = 0.01, 1.0


class OutlineTool(ShapeTool):
    """Corners by clicks; snapping, right angles, exact lengths; closed by the first corner or Enter.

    Attributes
    ----------
    corners : ndarray, (n, 2) float64 [m]
        Corners that are fixed.
    here : ndarray, (2,) float64 [m], or None
        Where the next one would be.
    level_m : float [m]
        Height of the plane that is drawn on.
    closed : bool
    """

    KEYS: ClassVar[frozenset[int]] = frozenset({*_AXES, Qt.Key.Key_O, Qt.Key.Key_R})

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view, session)
        self.corners: FloatArray = np.zeros((0, 2))
        self.here: FloatArray | None = None
        self.level_m = 0.0
        self.on_building = self.closed = self.ortho = self.rectangle = False
        self.axis = ""
        self._words = SnapWords(self)
        self._snapper = self.snapper()

    # --- what may be different

    def finished(self) -> None:
        """The outline is closed."""

    def city_changed(self, event: Any) -> None:  # noqa: ARG002 - whatever it was
        """Buildings to snap to are others; what is drawn stays."""
        self._snapper = self.snapper()
        self.restyle()

    # --- pointer and keys

    def pointed(self) -> None:
        """Work out the next corner."""
        self.snapped = None
        if not self.closed:
            self.here = self._next_corner()

    def clicked(self) -> None:
        """Fix a corner, or close."""
        if self.closed or self.here is None:
            return
        if self._closing(self.here):
            self.close()
            return
        self._fix(self.here)

    def confirm(self) -> None:
        """A typed length fixes a corner; otherwise the outline is closed."""
        if self.typed and not self.closed:
            if self.here is not None and self.typed.first is not None:
                self._fix(self.here)
            return
        if not self.closed:
            self.close()

    def step_back(self) -> None:
        """Take back the last corner; without any, give up."""
        if self.closed:
            self.closed = False
            self.corners = self.corners[:2] if self.rectangle else self.corners
            self.proposal.forget()
            self.preview.clear()
        elif len(self.corners):
            self.corners = self.corners[:-1]
        else:
            super().step_back()
            return
        self.pointed()

    def own_key(self, event: Any) -> bool:
        """Axis, right angles, rectangle."""
        if self.closed:
            return False
        if event.key() in _AXES:
            axis = _AXES[event.key()]
            self.axis = "" if self.axis == axis else axis
        elif event.key() == Qt.Key.Key_O:
            self.ortho = not self.ortho
        elif not len(self.corners):
            self.rectangle = not self.rectangle
        return True

    def close(self) -> None:
        """Make an area of the corners, unless they make none."""
        if self.problem_of(self.corners):
            self.session.problem.emit(self.problem_of(self.corners))
            return
        self.closed, self.here, self.snapped, self.axis = True, None, None, ""
        self.typed.clear()
        self.finished()

    def problem_of(self, corners: FloatArray) -> str:
        """Why corners make no area, empty when they do."""
        if len(corners) < 3:
            return self.tr("An outline needs three corners: click one more.")
        polygon = shapely.Polygon(corners)
        if not polygon.is_valid:
            return self.tr("The outline crosses itself: take the last corner back with Backspace.")
        if polygon.area < _SMALLEST_M2:
            return self.tr("The outline encloses less than 1 m²: draw it larger.")
        return ""

    @property
    def problem(self) -> str:
        """What keeps the outline from being closed here."""
        if self.closed:
            return super().problem
        with_next = self.outline()
        return self.problem_of(with_next) if len(with_next) >= 4 else ""

    def outline(self) -> FloatArray:
        """Corners with the one under the pointer, (n, 2) float64 [m]."""
        if self.here is None or self.closed or (len(self.corners) and self._closing(self.here)):
            return self.corners
        if self.rectangle and len(self.corners) == 2:
            return rectangle_of(self.corners, self.here)
        return np.concatenate([self.corners, self.here[None]])

    # --- drawing

    def draw(self, marks: Marks) -> None:
        """Edges, the area they enclose, corners."""
        shown = self.outline()
        if not len(shown):
            return
        pixels = self.sight.pixels(np.column_stack([shown, np.full(len(shown), self.level_m)]))
        colour = marks.theme.failed if self.problem and not self.closed else ""
        marks.area(pixels, colour)
        marks.path(pixels, colour, closed=self.closed)
        if not self.closed and len(shown) > 2:
            marks.path(pixels[[-1, 0]], colour, dashed=True)
        for place, corner in enumerate(self.corners):
            closing = place == 0 and self.here is not None and self._closing(self.here)
            marks.handle(self.sight.pixel(np.array([*corner, self.level_m])), hot=closing)

    def readout(self) -> list[str]:
        """Length and bearing of the edge, and the area so far."""
        if self.here is None or not len(self.corners):
            return []
        way = self.here - self.corners[-1]
        first = self.typed.text if self.typed else f"{float(np.hypot(*way)):.2f}"
        texts = [f"{first}{THIN_SPACE}m", self._angle_text(way)]
        shown = self.outline()
        if len(shown) > 2:
            texts.append(f"{shapely.Polygon(shown).area:.1f}{THIN_SPACE}m²")
        return texts

    def _angle_text(self, way: FloatArray) -> str:
        if np.hypot(*way) < _SAME_M:
            return ""
        if len(self.corners) < 2:
            return self.tr("bearing {}°").format(f"{(90.0 - bearing_deg(way)) % 360.0:.1f}")
        before = bearing_deg(self.corners[-2] - self.corners[-1])
        corner = abs((bearing_deg(way) - before + 180.0) % 360.0 - 180.0)
        return self.tr("angle {}°").format(f"{corner:.1f}")

    # --- within

    def _fix(self, corner: FloatArray) -> None:
        if len(self.corners) and np.hypot(*(corner - self.corners[-1])) < _SAME_M:
            return
        if self.rectangle and len(self.corners) == 2:
            self.corners = rectangle_of(self.corners, corner)
            self.close()
            if not self.closed:
                self.corners = self.corners[:2]
            return
        self.corners = np.concatenate([self.corners, corner[None]])
        self.typed.clear()
        self.pointed()

    def _closing(self, place: FloatArray) -> bool:
        if len(self.corners) < 3:
            return False
        first = np.array([*self.corners[0], self.level_m])
        return bool(np.hypot(*(place - first[:2])) <= REACH_PX * self.sight.metres_per_pixel(first))

    def _next_corner(self) -> FloatArray | None:
        place = self._pointed_place()
        if place is None:
            return self.here
        if not len(self.corners):
            return self._snap_first(place)
        start = self.corners[-1]
        if self._closing(place) and not self.typed:
            self._mark(Snapped(self.corners[0], "close"))
            return np.array(self.corners[0])
        found = self._aimed(start, place)
        if self.typed and self.typed.first is not None:
            way = found.place_m - start
            length = float(np.hypot(*way))
            way = way / length if length > _SAME_M else np.array([1.0, 0.0])
            return np.asarray(start + way * self.typed.first)
        self._mark(found)
        return found.place_m

    def _pointed_place(self) -> FloatArray | None:
        """Place under the pointer; the first one chooses the plane."""
        if self.pointer is None:
            return None
        if len(self.corners):
            point = self.sight.on_level(self.pointer, self.level_m)
            return None if point is None else point[:2]
        hit = self.sight.on_city(self.pointer)
        if hit is None:
            return None
        self.level_m, self.on_building = float(hit[0][2]), hit[1]
        return hit[0][:2]

    def _snap_first(self, place: FloatArray) -> FloatArray:
        if self.held(Qt.KeyboardModifier.ShiftModifier):
            return place
        found = self._snapper.place(place, self._scale(place), grid=self.held(Qt.KeyboardModifier.ControlModifier))
        self._mark(found)
        return found.place_m

    def _aimed(self, start: FloatArray, place: FloatArray) -> Snapped:
        """Where a line from the last corner goes: what is asked for by key first, then what is near."""
        if self.axis:
            return Snapped(along_axis(start, place, self.axis), "axis")
        if self.ortho != self.held(Qt.KeyboardModifier.ControlModifier):
            return Snapped(right_angled(start, place, self.corners), "right angle")
        if self.held(Qt.KeyboardModifier.ShiftModifier):
            return Snapped(place)
        found = self._snapper.place(place, self._scale(place), start_m=start)
        if found.kind in ("corner", "midpoint", "perpendicular"):
            return found
        turned = self._snapper.direction(start, place, self.corners)
        if turned.kind:
            return turned
        return found

    def _mark(self, found: Snapped) -> None:
        if found.kind:
            self.snapped = (np.array([*found.place_m, self.level_m]), self._words.word(found.kind))

    def _scale(self, place: FloatArray) -> float:
        return self.sight.metres_per_pixel(np.array([*place, self.level_m]))


def rectangle_of(side: FloatArray, place: FloatArray) -> FloatArray:
    """Rectangle on a side, as deep as a place is away from it.

    Parameters
    ----------
    side : ndarray, (2, 2) float64 [m]
    place : ndarray, (2,) float64 [m]

    Returns
    -------
    ndarray, (4, 2) float64 [m]
    """
    way = side[1] - side[0]
    upright = np.array([-way[1], way[0]]) / np.hypot(*way)
    depth = upright * ((place - side[1]) @ upright)
    return np.stack([side[0], side[1], side[1] + depth, side[0] + depth])
