"""Ridges of the land as shading quads around a building."""

import numpy as np

from citytwin_desktop.city.context_triangles import terrain_triangles
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray

REACH_M = 500.0
LOWEST_RIDGE_DEG = 5.0
SECTORS = 16
_CELL_M = 20.0
_CLEAR_M = 15.0
_MOST_CUTS = 200


def ridge_points(city: CityModel) -> FloatArray:
    """Highest points of the terrain in cells of 20 m.

    Returns
    -------
    ndarray, (k, 3) float64 [m]
        Sorted by x; none without terrain.
    """
    triangles = terrain_triangles(city)
    if not len(triangles):
        return np.zeros((0, 3))
    start, end = triangles, np.roll(triangles, -1, axis=1)
    start, end = start.reshape(-1, 3), end.reshape(-1, 3)
    lengths = np.hypot(*(end - start)[:, :2].T)
    cuts = np.minimum(np.ceil(lengths / _CELL_M), _MOST_CUTS).astype(np.int64)
    edge = np.repeat(np.arange(len(cuts)), cuts)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(cuts) - cuts, cuts)
    points = start[edge] + (end - start)[edge] * (step / cuts[edge])[:, None]
    cells = np.floor(points[:, :2] / _CELL_M).astype(np.int64)
    order = np.lexsort((-points[:, 2], cells[:, 1], cells[:, 0]))
    cells, points = cells[order], points[order]
    first = np.any(np.diff(cells, axis=0, prepend=cells[:1] - 1) != 0, axis=1)
    found = points[first]
    return np.asarray(found[np.argsort(found[:, 0], kind="stable")])


def ridge_quads(points: FloatArray, origin_m: FloatArray, plan_radius_m: float) -> FloatArray:
    """A quad for each of 16 directions in which the land rises more than 5 degrees above the base within 500 m.

    Parameters
    ----------
    points : ndarray, (k, 3) float64 [m]
        Of `ridge_points`.
    origin_m : ndarray, (3,) float64 [m]
        Middle of the building at its base.
    plan_radius_m : float [m]
        From there to its farthest corner.

    Returns
    -------
    ndarray, (n, 4, 3) float64 [m]
        From the origin, at the distance of the point that stands highest over the horizon.
    """
    low, high = np.searchsorted(points[:, 0], [origin_m[0] - REACH_M, origin_m[0] + REACH_M])
    offset = points[low:high] - origin_m
    distance = np.hypot(offset[:, 0], offset[:, 1])
    near = (distance > plan_radius_m + _CLEAR_M) & (distance <= REACH_M)
    offset, distance = offset[near], distance[near]
    rise = offset[:, 2] / distance
    width = 2.0 * np.pi / SECTORS
    sector = np.floor((np.arctan2(offset[:, 1], offset[:, 0]) % (2.0 * np.pi)) / width).astype(np.int64) % SECTORS
    quads = []
    for number in range(SECTORS):
        mine = np.flatnonzero(sector == number)
        if not len(mine):
            continue
        top = mine[np.argmax(rise[mine])]
        if rise[top] <= np.tan(np.radians(LOWEST_RIDGE_DEG)):
            continue
        angle = (number + 0.5) * width
        middle = distance[top] * np.array([np.cos(angle), np.sin(angle)])
        side = distance[top] * np.tan(width / 2.0) * np.array([-np.sin(angle), np.cos(angle)])
        left, right = middle + side, middle - side
        height = offset[top, 2]
        quads.append([[*left, height], [*left, 0.0], [*right, 0.0], [*right, height]])
    return np.array(quads).reshape(-1, 4, 3)
