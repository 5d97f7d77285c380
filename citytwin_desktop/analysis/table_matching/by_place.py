"""Matching by place: the building whose plan holds a point, else the nearest within a distance."""

from collections.abc import Sequence

import numpy as np
import shapely

from citytwin_desktop.analysis.table_matching.matches import FloatArray, IntArray, Matches

_AT_EDGE, _AT_REACH = 0.95, 0.85
"""Confidence right beside a building and at the greatest distance."""
_RIVAL_FACTOR, _RIVAL_MARGIN_M = 1.25, 0.5


def match_places(
    xy: FloatArray, plans: Sequence[shapely.Geometry], rows: IntArray, group: IntArray, reach_m: float
) -> Matches:
    """Match rows by their coordinates.

    Parameters
    ----------
    xy : ndarray, (n_rows, 2) float64 [m]
        nan for none.
    plans : sequence of shapely.Geometry
        Footprints [m].
    rows : ndarray, (n_plans,) int64
        Building of each plan.
    group : ndarray, (n_buildings,) int64
        Row of the building that each one is a part of; it is the one that is matched.
    reach_m : float [m]
        Greatest distance from a footprint.
    """
    count = len(xy)
    building = np.full(count, -1, np.int64)
    confidence, ambiguous = np.zeros(count), np.zeros(count, bool)
    known = np.flatnonzero(np.isfinite(xy).all(axis=1))
    reasons = ["the row has no coordinates"] * count
    for place in known.tolist():
        reasons[place] = f"no building lies within {reach_m:g} m"
    if not len(plans) or not len(known):
        return Matches(building, confidence, ambiguous, reasons)
    owner = group[rows]
    geometries = np.array(plans, object)
    points = shapely.points(xy[known])
    tree = shapely.STRtree(geometries)
    near, plan = tree.query(points, predicate="dwithin", distance=reach_m)
    distance = shapely.distance(points[near], geometries[plan])
    best, second = _two_nearest(near, owner[plan], distance, len(known))
    found = np.isfinite(best[1])
    building[known[found]] = best[0][found]
    inside = found & (best[1] == 0.0)
    share = np.divide(best[1], reach_m, out=np.zeros(len(known)), where=found & (reach_m > 0.0))
    confidence[known] = np.where(inside, 1.0, np.where(found, _AT_EDGE - (_AT_EDGE - _AT_REACH) * share, 0.0))
    rival = found & (second <= np.where(inside, 0.0, best[1] * _RIVAL_FACTOR + _RIVAL_MARGIN_M))
    ambiguous[known] = rival
    for row, is_in, far, unsure in zip(known.tolist(), inside, best[1], rival, strict=True):
        if np.isfinite(far):
            where = "inside its footprint" if is_in else f"{far:.1f} m from its footprint"
            reasons[row] = "several buildings are as near" if unsure else where
    return Matches(building, confidence, ambiguous, reasons)


def _two_nearest(
    point: IntArray, owner: IntArray, distance: FloatArray, count: int
) -> tuple[tuple[IntArray, FloatArray], FloatArray]:
    """Nearest building of each point with its distance, and the distance of the next other building; inf for none."""
    nearest, first = np.full(count, -1, np.int64), np.full(count, np.inf)
    order = np.lexsort((owner, distance, point))
    place, at = np.unique(point[order], return_index=True)
    nearest[place], first[place] = owner[order][at], distance[order][at]
    second = np.full(count, np.inf)
    other = owner != nearest[point]
    np.minimum.at(second, point[other], distance[other])
    return (nearest, first), second
