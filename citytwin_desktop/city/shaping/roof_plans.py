"""Roofs of bodies as shapes in plan with a plane each."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.footprints import plan_polygons
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.roof_planes import plan_centroids
from citytwin_desktop.city.surfaces import Surfaces

_UPWARD = 0.05


@dataclass(frozen=True, eq=False)
class RoofPlans:
    """Roofs that face up, in plan coordinates from an anchor.

    Parameters
    ----------
    shapes : ndarray, (k,) of shapely geometry
    planes : ndarray, (k, 3) float64
        a, b, c of the height z = a x + b y + c [m].
    row : ndarray, (k,) int64
    """

    shapes: NDArray[np.object_]
    planes: FloatArray
    row: IntArray

    @classmethod
    def of(cls, surfaces: Surfaces, anchor_m: FloatArray) -> "RoofPlans":
        """Roofs of some surfaces; ``anchor_m`` is (2,) float64 [m]."""
        polygons = surfaces.polygons
        chosen = np.flatnonzero((surfaces.kind == SurfaceKind.ROOF) & (polygons.normals[:, 2] > _UPWARD))
        roofs = polygons.take(chosen)
        slope = -roofs.normals[:, :2] / roofs.normals[:, 2:]
        middle = plan_centroids(roofs)
        height = roofs.centroids[:, 2] + np.einsum("ij,ij->i", slope, middle - roofs.centroids[:, :2])
        level = height - np.einsum("ij,ij->i", slope, middle - anchor_m)
        shapes = plan_polygons(roofs.moved(np.array([-anchor_m[0], -anchor_m[1], 0.0])))
        return cls(shapes, np.column_stack([slope, level]), surfaces.building[chosen])

    def heights_m(self, points: NDArray[np.object_], xy: FloatArray) -> FloatArray:
        """(k, n) float64 [m]: height of each roof over points, minus infinity where it is not over one."""
        over = shapely.intersects(self.shapes[:, None], points[None, :])
        return np.where(over, self.planes[:, :2] @ xy.T + self.planes[:, 2:], -np.inf)
