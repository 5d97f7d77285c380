"""The planes of all roof surfaces, and the height of each building's main body."""

from dataclasses import dataclass

import numpy as np

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons

_SMALLEST_PLAN_M2 = 0.05
_STEEPEST_UPWARD = 0.1
"""Smallest upward component of a roof's unit normal: steeper than 84 degrees it is a wall."""
_TALL_SHARE = 0.25
"""Share of the space that must lie below so high a roof for a body to count as the tall one; spires do not."""
_MAIN_LOWEST, _MAIN_HIGHEST = 0.6, 1.3


@dataclass(frozen=True, eq=False)
class RoofPlanes:
    """Upward roof surfaces as planes z = a x + b y + c over their plan.

    Parameters
    ----------
    surface : ndarray, (k,) int64
        Index in the city's surfaces; ascending.
    building : ndarray, (k,) int64
        Building row; ascending.
    plan_area_m2 : ndarray, (k,) float64 [m2]
    point_m : ndarray, (k, 3) float64 [m]
        Centroid of the plan, and the height of the plane there: the mean height of the surface.
    slope : ndarray, (k, 2) float64
        a and b.
    """

    surface: IntArray
    building: IntArray
    plan_area_m2: FloatArray
    point_m: FloatArray
    slope: FloatArray

    def of_building(self, row: int) -> slice:
        """Places of one building's roofs."""
        first, last = np.searchsorted(self.building, [row, row + 1])
        return slice(int(first), int(last))

    def planes(self, places: slice, origin_m: FloatArray) -> FloatArray:
        """(k, 3) float64: a, b, c of the chosen roofs in coordinates that start at an origin."""
        slope, point = self.slope[places], self.point_m[places] - origin_m
        return np.column_stack([slope, point[:, 2] - np.einsum("ij,ij->i", slope, point[:, :2])])


def roof_planes(city: CityModel) -> RoofPlanes:
    """Planes of all roof surfaces that face up and have an area in plan.

    A surface that is not flat is taken for the plane of its mean normal through the mean of its corners.
    """
    surfaces = city.surfaces
    polygons = surfaces.polygons
    upward = polygons.normals[:, 2] if len(surfaces) else np.zeros(0)
    mask = (surfaces.kind == SurfaceKind.ROOF) & (upward > _STEEPEST_UPWARD)
    mask &= polygons.area_vectors_m2[:, 2] > _SMALLEST_PLAN_M2
    mask &= np.isfinite(polygons.centroids).all(axis=1)
    chosen = np.flatnonzero(mask)
    normals = polygons.normals[chosen]
    slope = -normals[:, :2] / normals[:, 2:]
    middle = plan_centroids(polygons)[chosen]
    mean = polygons.centroids[chosen]
    height = mean[:, 2] + np.einsum("ij,ij->i", slope, middle - mean[:, :2])
    return RoofPlanes(
        surface=chosen,
        building=surfaces.building[chosen],
        plan_area_m2=polygons.area_vectors_m2[chosen, 2],
        point_m=np.column_stack([middle, height]),
        slope=slope,
    )


def plan_centroids(polygons: Polygons) -> FloatArray:
    """(n, 2) float64 [m]: centroid of each polygon's projection, holes taken off."""
    if not len(polygons.vertices):
        return np.zeros((len(polygons), 2))
    owner = polygons.vertex_polygon
    reference = polygons.vertices[polygons.first_vertex, :2]
    here = polygons.vertices[:, :2] - reference[owner]
    there = polygons.vertices[polygons.following_vertex, :2] - reference[owner]
    cross = here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0]
    total = np.bincount(owner, cross, minlength=len(polygons))
    moments = [np.bincount(owner, (here + there)[:, axis] * cross, minlength=len(polygons)) for axis in (0, 1)]
    safe = np.where(np.abs(total) > 1e-9, total, 1.0) * 3.0
    return np.asarray(reference + np.column_stack(moments) / safe[:, None])


def main_body_heights_m(city: CityModel, planes: RoofPlanes | None = None) -> FloatArray:
    """Mean height of each building's main body above its base.

    The main body is what reaches from 0.6 to 1.3 times the height of the tall body, which is the lowest of the
    highest roofs that have a quarter of the building's space below them: towers count once they are more than
    chimneys and spires, low wings do not. Where a building has no
    roof surface it is its volume over its ground area, and where that cannot be, its whole height.

    Parameters
    ----------
    city : CityModel
    planes : RoofPlanes, optional
        Of the same city, where they are known already.

    Returns
    -------
    ndarray, (n_buildings,) float64 [m]
        nan for a building without surfaces.
    """
    planes = roof_planes(city) if planes is None else planes
    low, high = city.bounds_m
    heights = _bulk_heights_m(city)
    if not len(planes.building):
        return heights
    above = planes.point_m[:, 2] - low[planes.building, 2]
    order = np.lexsort((-above, planes.building))
    row, height, area = planes.building[order], above[order], planes.plan_area_m2[order]
    space = area * np.maximum(height, 0.0)
    total = np.bincount(row, space, minlength=len(heights))
    before = np.concatenate([[0.0], np.cumsum(space)])
    first = np.searchsorted(row, row)
    reached = before[1:] - before[first] >= _TALL_SHARE * total[row] - 1e-9
    tall = np.full(len(heights), -np.inf)
    with np.errstate(invalid="ignore"):
        np.maximum.at(tall, row[reached], height[reached])
    main = (height >= _MAIN_LOWEST * tall[row]) & (height <= _MAIN_HIGHEST * tall[row])
    weight = np.bincount(row[main], area[main], minlength=len(heights))
    mean = np.bincount(row[main], (area * height)[main], minlength=len(heights)) / np.where(weight > 0, weight, 1.0)
    sound = (weight > 0) & (mean > 0) & (mean <= high[:, 2] - low[:, 2] + 0.25)
    return np.where(sound, mean, heights)


def _bulk_heights_m(city: CityModel) -> FloatArray:
    ground = city.surfaces.building_area_m2(SurfaceKind.GROUND, len(city.buildings))
    low, high = city.bounds_m
    span = high[:, 2] - low[:, 2]
    mean = np.divide(city.volumes_m3(), ground, out=span.copy(), where=ground > 1.0)
    # A body with a face missing has no volume worth the name: then the full height counts.
    return np.where((mean > 0.3 * span) & (mean <= span), mean, span)


def storey_count(given: float, body_height_m: float, storey_height_m: float) -> int:
    """Number of storeys: the given one where it is known, otherwise from the height of the main body.

    Parameters
    ----------
    given : float
        nan when unknown.
    body_height_m : float [m]
        Of `main_body_heights_m`.
    storey_height_m : float [m]
    """
    if np.isfinite(given) and given >= 1:
        return min(round(given), MOST_STOREYS)
    if not np.isfinite(body_height_m):
        return 1
    return int(min(max(1, round(body_height_m / storey_height_m)), MOST_STOREYS))


MOST_STOREYS = 200
