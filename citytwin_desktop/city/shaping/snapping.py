"""Places that a drawn point snaps to: corners, middles and edges of footprints nearby."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy.spatial import cKDTree

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray

SnapKind = Literal["corner", "midpoint", "perpendicular", "edge"]

BOX_M = 250.0
"""Half the side of the box around a query whose footprints are looked at; made anew when a query leaves it."""
_SHORTEST_M = 1e-6


@dataclass(frozen=True)
class SnapPoint:
    """Where a point goes.

    Parameters
    ----------
    x, y : float [m]
        In local coordinates.
    kind : str
        ``corner``, ``midpoint``, ``perpendicular`` (foot on an edge, seen from where a line began) or ``edge``.
    row : int
        Building row that it belongs to.
    """

    x: float
    y: float
    kind: SnapKind
    row: int


@dataclass(frozen=True, eq=False)
class _Box:
    """Edges of the footprints in a box."""

    low: FloatArray
    high: FloatArray
    start: FloatArray
    end: FloatArray
    row: IntArray
    corners: cKDTree
    middles: cKDTree
    reach: float


@dataclass(eq=False)
class SnapIndex:
    """Footprints around a place, gathered when a query first needs them.

    Parameters
    ----------
    city : CityModel
    without : ndarray, (k,) int64, optional
        Buildings to leave out: those that are being moved.
    """

    city: CityModel
    without: IntArray | None = None
    _box: _Box | None = field(default=None, init=False, repr=False)

    def nearest(
        self, x: float, y: float, radius_m: float, *, start_m: tuple[float, float] | None = None
    ) -> SnapPoint | None:
        """Best place within reach: a corner before a middle, a perpendicular foot, an edge.

        Parameters
        ----------
        x, y : float [m]
            In local coordinates.
        radius_m : float [m]
        start_m : tuple of float, optional [m]
            Where the line that is being drawn began, for feet of perpendiculars.

        Returns
        -------
        SnapPoint or None
            None when nothing is within the radius.
        """
        if not (np.isfinite([x, y, radius_m]).all() and radius_m > 0.0):
            return None
        point, box = np.array([x, y], np.float64), self._around(x, y, radius_m)
        found = _nearest_of(box.corners, box.start, box.row, point, radius_m, "corner")
        middles = (box.start + box.end) / 2.0
        found = found or _nearest_of(box.middles, middles, box.row, point, radius_m, "midpoint")
        return found or _on_edges(box, point, radius_m, start_m)

    def edges_near(self, x: float, y: float, radius_m: float) -> tuple[FloatArray, FloatArray]:
        """Edges of footprints whose middle is within a radius.

        Parameters
        ----------
        x, y : float [m]
            In local coordinates.
        radius_m : float [m]

        Returns
        -------
        tuple of ndarray, (n, 2) float64 [m]
            Where they begin and where they end.
        """
        box = self._around(x, y, radius_m)
        if not len(box.start):
            return box.start, box.end
        near = np.array(box.middles.query_ball_point([x, y], radius_m), np.int64)
        return box.start[near], box.end[near]

    def _around(self, x: float, y: float, radius_m: float) -> _Box:
        box, point = self._box, np.array([x, y])
        if box is None or (point - radius_m < box.low).any() or (point + radius_m > box.high).any():
            half = max(BOX_M, 2.0 * radius_m)
            box = self._box = self._gathered(point - half, point + half)
        return box

    def _gathered(self, low: FloatArray, high: FloatArray) -> _Box:
        start, end, row = _edges(self.city, low, high)
        chosen = np.hypot(*(end - start).T) > _SHORTEST_M
        if self.without is not None:
            chosen &= ~np.isin(row, self.without)
        start, end, row = start[chosen], end[chosen], row[chosen]
        reach = float(np.hypot(*(end - start).T).max(initial=0.0)) / 2.0
        return _Box(low, high, start, end, row, cKDTree(start), cKDTree((start + end) / 2.0), reach)


def _edges(city: CityModel, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Edges of ground surfaces whose building's box meets a box; of roofs for buildings without ground."""
    surfaces = city.surfaces
    if not len(surfaces):
        return np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0, np.int64)
    lowest, highest = city.bounds_m
    with np.errstate(invalid="ignore"):
        near = np.asarray((lowest[:, :2] <= high).all(axis=1) & (highest[:, :2] >= low).all(axis=1))
    ground = surfaces.kind == SurfaceKind.GROUND
    grounded = np.zeros(len(near), np.bool_)
    grounded[surfaces.building[ground]] = True
    roof = (surfaces.kind == SurfaceKind.ROOF) & ~grounded[surfaces.building]
    chosen = np.flatnonzero((ground | roof) & near[surfaces.building])
    polygons = surfaces.polygons.take(chosen)
    start = polygons.vertices[:, :2]
    return start, start[polygons.following_vertex], surfaces.building[chosen][polygons.vertex_polygon]


def _nearest_of(
    tree: cKDTree, points: FloatArray, rows: IntArray, point: FloatArray, radius_m: float, kind: SnapKind
) -> SnapPoint | None:
    if not len(points):
        return None
    distance, place = tree.query(point, distance_upper_bound=radius_m * (1.0 + 1e-12))
    if not np.isfinite(distance):
        return None
    return SnapPoint(float(points[place, 0]), float(points[place, 1]), kind, int(rows[place]))


def _on_edges(box: _Box, point: FloatArray, radius_m: float, start_m: tuple[float, float] | None) -> SnapPoint | None:
    if not len(box.start):
        return None
    # An edge within the radius has its middle within that and half its length.
    near = np.array(box.middles.query_ball_point(point, radius_m + box.reach), np.int64)
    if not len(near):
        return None
    foot = _feet(box.start[near], box.end[near], point)
    distance = np.hypot(*(foot - point).T)
    if start_m is not None:
        upright = _feet(box.start[near], box.end[near], np.asarray(start_m, np.float64), inside=True)
        off = np.hypot(*(upright - point).T)
        off = np.where(np.isfinite(off), off, np.inf)
        if off.min() <= radius_m:
            best = int(np.argmin(off))
            x, y = upright[best]
            return SnapPoint(float(x), float(y), "perpendicular", int(box.row[near[best]]))
    best = int(np.argmin(distance))
    if distance[best] > radius_m:
        return None
    return SnapPoint(float(foot[best, 0]), float(foot[best, 1]), "edge", int(box.row[near[best]]))


def _feet(start: FloatArray, end: FloatArray, point: FloatArray, *, inside: bool = False) -> FloatArray:
    """(n, 2) float64 [m]: nearest points of edges; with ``inside`` nan where the foot lies beyond an end."""
    along = end - start
    length2 = np.maximum(np.einsum("ij,ij->i", along, along), _SHORTEST_M**2)
    share = np.einsum("ij,ij->i", point - start, along) / length2
    if inside:
        share = np.where((share >= 0.0) & (share <= 1.0), share, np.nan)
    return np.asarray(start + along * np.clip(share, 0.0, 1.0)[:, None])
