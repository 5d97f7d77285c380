"""Where a pointed place goes: corners, edges and directions nearby, right angles, axes, a grid."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.shaping.snapping import SnapIndex

REACH_PX = 10.0
PARALLEL_DEG = 3.0
NEIGHBOUR_M = 60.0
_STEPS_M = (0.01, 0.1, 0.5, 1.0, 5.0, 10.0, 50.0, 100.0)
_SHORTEST_M = 0.3


class SnapWords(QObject):
    """What a place or a direction is called beside its mark."""

    def word(self, kind: str) -> str:
        """Word of a kind."""
        words = {
            "corner": self.tr("corner"),
            "midpoint": self.tr("midpoint"),
            "perpendicular": self.tr("perpendicular"),
            "edge": self.tr("edge"),
            "grid": self.tr("grid"),
            "parallel": self.tr("parallel"),
            "right angle": self.tr("right angle"),
            "axis": self.tr("axis"),
            "close": self.tr("close"),
        }
        return words.get(kind, kind)


@dataclass(frozen=True)
class Snapped:
    """Where a place went, and why.

    Parameters
    ----------
    place_m : ndarray, (2,) float64 [m]
    kind : str
        As `SnapPoint.kind`, or ``grid``, ``parallel``, ``right angle``, ``axis``; empty for none.
    """

    place_m: FloatArray
    kind: str = ""


@dataclass(eq=False)
class Snapper:
    """Snapping in one city.

    Parameters
    ----------
    city : CityModel
    without : ndarray, (k,) int64, optional
        Buildings that are being moved.
    """

    city: Any
    without: IntArray | None = None
    _index: SnapIndex = field(init=False)

    def __post_init__(self) -> None:
        self._index = SnapIndex(self.city, without=self.without)

    def place(
        self, place_m: FloatArray, metres_per_pixel: float, *, grid: bool = False, start_m: FloatArray | None = None
    ) -> Snapped:
        """Snap a place to what is near, or to the grid.

        Parameters
        ----------
        place_m : ndarray, (2,) float64 [m]
        metres_per_pixel : float
        grid : bool
            To the grid alone.
        start_m : ndarray, (2,) float64, optional [m]
            Where the line that is being drawn began.
        """
        if grid:
            step = grid_step_m(metres_per_pixel)
            return Snapped(np.round(place_m / step) * step, "grid")
        start = None if start_m is None else (float(start_m[0]), float(start_m[1]))
        found = self._index.nearest(float(place_m[0]), float(place_m[1]), REACH_PX * metres_per_pixel, start_m=start)
        return Snapped(place_m) if found is None else Snapped(np.array([found.x, found.y]), found.kind)

    def direction(self, start_m: FloatArray, place_m: FloatArray, own: FloatArray | None = None) -> Snapped:
        """Turn a line a little, so that it is parallel or upright to an own edge, a neighbour's, or an axis.

        Parameters
        ----------
        start_m, place_m : ndarray, (2,) float64 [m]
        own : ndarray, (n, 2) float64, optional [m]
            Corners drawn so far; their first edge goes before those of neighbours.
        """
        way = place_m - start_m
        if np.hypot(*way) < _SHORTEST_M:
            return Snapped(place_m)
        bearing = bearing_deg(way)
        kinds: list[tuple[float, str]] = []
        if own is not None and len(own) > 1:
            first = bearing_deg(own[1] - own[0])
            kinds += [(first, "parallel"), (first + 90.0, "right angle")]
        kinds += [(value, "parallel") for value in self.edge_bearings_deg(start_m)]
        for wanted, kind in kinds:
            turn = half_turn_deg(wanted - bearing)
            if abs(turn) <= PARALLEL_DEG:
                return Snapped(start_m + turned(way, turn) * np.cos(np.radians(turn)), kind)
        return Snapped(place_m)

    def edge_bearings_deg(self, place_m: FloatArray, radius_m: float = NEIGHBOUR_M) -> list[float]:
        """Bearings of the longest edges of footprints nearby, and those upright to them, each once."""
        start, end = self._index.edges_near(float(place_m[0]), float(place_m[1]), radius_m)
        if not len(start):
            return []
        way = end - start
        length = np.hypot(*way.T)
        bearing = np.degrees(np.arctan2(way[:, 1], way[:, 0])) % 90.0
        order = np.argsort(-length)[:40]
        found: list[float] = []
        for value in bearing[order]:
            if all(abs((value - other + 45.0) % 90.0 - 45.0) > 1.0 for other in found):
                found.append(float(value))
        return [value + quarter for value in found[:4] for quarter in (0.0, 90.0)]


def along_axis(start_m: FloatArray, place_m: FloatArray, axis: str) -> FloatArray:
    """A place kept on the line through a start along x or y, (2,) float64 [m]."""
    kept = np.array(start_m, np.float64)
    kept["xy".index(axis)] = place_m["xy".index(axis)]
    return kept


def right_angled(start_m: FloatArray, place_m: FloatArray, own: FloatArray) -> FloatArray:
    """A place turned so that its line is parallel or upright to the edge before it, or to the axes without one."""
    base = bearing_deg(own[-1] - own[-2]) if len(own) > 1 else 0.0
    way = place_m - start_m
    turn = (base - bearing_deg(way) + 45.0) % 90.0 - 45.0
    return np.asarray(start_m + turned(way, turn) * np.cos(np.radians(turn)))


def grid_step_m(metres_per_pixel: float) -> float:
    """Spacing of the grid that suits a scale: about 12 pixels or more."""
    return next((step for step in _STEPS_M[2:] if step >= 12.0 * metres_per_pixel), _STEPS_M[-1])


def bearing_deg(way: FloatArray) -> float:
    """Angle of a direction from x towards y [°]."""
    return float(np.degrees(np.arctan2(way[1], way[0])))


def half_turn_deg(angle: float) -> float:
    """The smallest turn that makes two lines parallel, -90 to 90 [°]."""
    return (angle + 90.0) % 180.0 - 90.0


def whole_turn_deg(angle: float) -> float:
    """An angle within -180 to 180 [°]."""
    return (angle + 180.0) % 360.0 - 180.0


def turned(way: FloatArray, angle_deg: float) -> FloatArray:
    """A direction turned counter-clockwise."""
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return np.array([way[0] * cos - way[1] * sin, way[0] * sin + way[1] * cos])
