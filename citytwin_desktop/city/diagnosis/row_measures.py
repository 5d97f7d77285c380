"""Cheap measures of every building: extent, area in plan, volume, height of its body."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.diagnosis.by_group import count_by, largest_by, least_by, sum_by
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.surfaces import Surfaces

LEVEL = 0.17
"""Upward component of the unit normal beyond which a surface of unknown kind is a roof or a ground."""
_UNKNOWN = 255

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class RowMeasures:
    """What can be said of every building without looking at its surfaces one by one.

    Parameters
    ----------
    surfaces : ndarray, (n,) int64
        Number of surfaces.
    low_m, high_m : ndarray, (n, 3) float64 [m]
        Extent; infinite the wrong way round where there is none.
    ground_m2, roof_m2 : ndarray, (n,) float64 [m2]
        Area in plan of grounds, and of roofs that face up.
    wall_m2 : ndarray, (n,) float64 [m2]
    has_ground, has_roof, has_walls : ndarray, (n,) bool
    open_plan_m2 : ndarray, (n,) float64 [m2]
        By how much what faces up and what faces down differ in plan.
    eave_m : ndarray, (n,) float64 [m]
        Lowest corner of the roof.
    mean_height_m : ndarray, (n,) float64 [m]
        Volume over area in plan, or the mean height of the roof where the plan is open.
    """

    surfaces: IntArray
    low_m: FloatArray
    high_m: FloatArray
    ground_m2: FloatArray
    roof_m2: FloatArray
    wall_m2: FloatArray
    has_ground: BoolArray
    has_roof: BoolArray
    has_walls: BoolArray
    open_plan_m2: FloatArray
    eave_m: FloatArray
    mean_height_m: FloatArray

    @property
    def height_m(self) -> FloatArray:
        """(n,) float64 [m]: from the lowest to the highest corner; 0 for none."""
        return np.asarray(np.maximum(self.high_m[:, 2] - self.low_m[:, 2], 0.0))

    @property
    def across_m(self) -> FloatArray:
        """(n,) float64 [m]: longer side of the extent in plan; 0 for none."""
        return np.asarray(np.maximum((self.high_m - self.low_m)[:, :2].max(axis=1, initial=0.0), 0.0))

    @property
    def plan_m2(self) -> FloatArray:
        """(n,) float64 [m2]: area in plan of the grounds, of the roofs where there are none."""
        return np.where(self.has_ground, self.ground_m2, self.roof_m2)

    @classmethod
    def of(cls, surfaces: Surfaces, count: int) -> "RowMeasures":
        """Measure all buildings."""
        polygons, owner = surfaces.polygons, surfaces.building
        vertex_row = owner[polygons.vertex_polygon] if len(owner) else np.zeros(0, np.int64)
        low = least_by(vertex_row, polygons.vertices, count)
        high = largest_by(vertex_row, polygons.vertices, count)
        kind = kinds_or_slope(surfaces)
        ground, roof, wall = (kind == one for one in (SurfaceKind.GROUND, SurfaceKind.ROOF, SurfaceKind.WALL))
        upward = polygons.area_vectors_m2[:, 2]
        plan = np.abs(upward)
        of_roof = roof[polygons.vertex_polygon]
        eave = least_by(vertex_row[of_roof], polygons.vertices[of_roof, 2], count)
        ground_m2, roof_m2 = (sum_by(owner[mask], plan[mask], count) for mask in (ground, roof))
        has_ground, has_roof = (count_by(owner[mask], count) > 0 for mask in (ground, roof))
        open_plan = np.abs(sum_by(owner, upward, count))
        level = polygons.centroids[:, 2]
        weighted = sum_by(owner[roof], (plan * level)[roof], count)
        roof_mean = np.divide(
            weighted, roof_m2, out=np.where(np.isfinite(high[:, 2]), high[:, 2], 0.0), where=roof_m2 > 0
        )
        base = np.where(np.isfinite(low[:, 2]), low[:, 2], 0.0)
        volume = np.abs(sum_by(owner, upward * (level - base[owner]), count))
        area = np.where(has_ground, ground_m2, roof_m2)
        mean = np.divide(volume, area, out=np.zeros(count), where=area > 0)
        return cls(
            surfaces=count_by(owner, count),
            low_m=low,
            high_m=high,
            ground_m2=ground_m2,
            roof_m2=roof_m2,
            wall_m2=sum_by(owner[wall], polygons.areas_m2[wall], count),
            has_ground=has_ground,
            has_roof=has_roof,
            has_walls=count_by(owner[wall], count) > 0,
            open_plan_m2=open_plan,
            eave_m=np.where(np.isfinite(eave), eave, high[:, 2]),
            mean_height_m=np.where(open_plan > 0.02 * area, roof_mean - base, mean),
        )


def kinds_or_slope(surfaces: Surfaces) -> NDArray[np.uint8]:
    """(n_surfaces,) uint8: kinds; unknown ones by the slope alone."""
    unknown = surfaces.kind == _UNKNOWN
    if not unknown.any():
        return surfaces.kind
    upward = surfaces.polygons.normals[:, 2]
    by_slope = np.where(
        upward > LEVEL, SurfaceKind.ROOF, np.where(upward < -LEVEL, SurfaceKind.GROUND, SurfaceKind.WALL)
    )
    return np.where(unknown, by_slope, surfaces.kind).astype(np.uint8)
