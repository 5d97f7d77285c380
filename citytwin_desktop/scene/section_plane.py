"""Cutting the city open: planes that take away one side, and the lines where they meet surfaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray

if TYPE_CHECKING:
    from citytwin_desktop.scene.picking import Pick

_SAME_M = 1e-6


@dataclass(frozen=True)
class CutPlane:
    """Keeps the side that its normal points to.

    Parameters
    ----------
    point : tuple of float [m]
        A point of the plane in local coordinates.
    normal : tuple of float
        Unit vector.
    """

    point: tuple[float, float, float]
    normal: tuple[float, float, float]

    @classmethod
    def below(cls, height_m: float) -> CutPlane:
        """Keeps what is lower than a height, as a plan of a storey shows it."""
        return cls((0.0, 0.0, height_m), (0.0, 0.0, -1.0))

    @classmethod
    def upright(cls, point: FloatArray, bearing_deg: float) -> CutPlane:
        """Keeps what lies beyond an upright plane for one who looks along a compass bearing."""
        bearing = np.radians(bearing_deg)
        place = (float(point[0]), float(point[1]), float(point[2]))
        return cls(place, (float(np.sin(bearing)), float(np.cos(bearing)), 0.0))

    def distance_m(self, points: NDArray[Any]) -> FloatArray:
        """(n,) float64 [m]: how far points lie on the kept side, negative on the other."""
        return np.asarray((points - np.asarray(self.point)) @ np.asarray(self.normal), np.float64)


@dataclass(frozen=True)
class Cut:
    """Up to a few planes; what is kept lies on the kept side of all of them.

    Parameters
    ----------
    planes : tuple of CutPlane
    """

    planes: tuple[CutPlane, ...] = ()

    def span_m(self, origin: FloatArray, direction: FloatArray) -> tuple[float, float]:
        """First and last distance [m] along a ray that is kept; the first is larger when nothing is."""
        first, last = 0.0, np.inf
        for plane in self.planes:
            start = float(plane.distance_m(origin[None, :])[0])
            slope = float(direction @ np.asarray(plane.normal))
            if abs(slope) < 1e-12:
                last = last if start >= 0.0 else -np.inf
            elif slope > 0.0:
                first = max(first, -start / slope)
            else:
                last = min(last, -start / slope)
        return first, last

    def first_hit(
        self, origin: FloatArray, direction: FloatArray, hit: Callable[[FloatArray], Pick | None]
    ) -> Pick | None:
        """What a ray meets first of what is kept.

        Parameters
        ----------
        origin, direction : ndarray, (3,) float64 [m]
        hit : callable
            Gives what a ray from a point in the same direction meets first.
        """
        if not self.planes:
            return hit(origin)
        first, last = self.span_m(origin, direction)
        if first > last:
            return None
        found = hit(origin + direction * first)
        # Kept is one stretch of the ray: when the first hit lies behind it, all others do.
        return found if found is not None and (found.point - origin) @ direction <= last + _SAME_M else None

    def keeps(self, points: FloatArray) -> NDArray[np.bool_]:
        """(n,) bool: whether points are kept."""
        kept = np.ones(len(points), bool)
        for plane in self.planes:
            kept &= plane.distance_m(points) >= -_SAME_M
        return kept


NO_CUT = Cut()


def cut_lines(points: NDArray[Any], triangles: IntArray, plane: CutPlane) -> FloatArray:
    """Where triangles cross a plane.

    Parameters
    ----------
    points : ndarray, (n_points, 3) [m]
    triangles : ndarray, (n, 3) int64
    plane : CutPlane

    Returns
    -------
    ndarray, (m, 2, 3) float64 [m]
        One line for each triangle that crosses the plane.
    """
    side = plane.distance_m(points)
    corner = (side >= 0.0)[triangles]
    crossing = np.flatnonzero((corner[:, 0] != corner[:, 1]) | (corner[:, 0] != corner[:, 2]))
    if not len(crossing):
        return np.zeros((0, 2, 3))
    # The corner that is alone on its side stands first: both lines of the triangle that cross start there.
    up = corner[crossing]
    alone = np.where(up[:, 1] == up[:, 2], 0, np.where(up[:, 0] == up[:, 2], 1, 2))
    turned = np.take_along_axis(triangles[crossing], (alone[:, None] + np.arange(3)) % 3, axis=1)
    start, start_side = points[turned[:, 0]].astype(np.float64), side[turned[:, 0]]
    ends = []
    for other in (1, 2):
        share = start_side / (start_side - side[turned[:, other]])
        ends.append(start + (points[turned[:, other]] - start) * share[:, None])
    return np.stack(ends, axis=1)


def lines_of_tiles(meshes: Iterable[Any], plane: CutPlane, shown: NDArray[np.bool_], owner: IntArray) -> FloatArray:
    """Cut lines of the shown buildings of all tiles that a plane crosses, (m, 2, 3) float64 [m].

    Parameters
    ----------
    meshes : iterable of TileMesh
    plane : CutPlane
    shown : ndarray, (n_buildings,) bool
    owner : ndarray, (n_surfaces,) int64
        Building of each surface.
    """
    found, every = [np.zeros((0, 2, 3))], bool(shown.all())
    for mesh in meshes:
        if not len(mesh.points):
            continue
        corners = np.stack([mesh.points.min(axis=0), mesh.points.max(axis=0)])
        box = np.array([[corners[x, 0], corners[y, 1], corners[z, 2]] for x, y, z in np.ndindex(2, 2, 2)])
        side = plane.distance_m(box)
        if side.min() <= 0.0 <= side.max():
            triangles = mesh.triangles if every else mesh.triangles[shown[owner[mesh.triangle_surface]]]
            found.append(cut_lines(mesh.points, triangles, plane))
    return np.concatenate(found)
