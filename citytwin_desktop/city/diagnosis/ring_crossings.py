"""Rings that cross themselves or each other, as far as simpler checks cannot rule it out."""

import numpy as np
import shapely

from citytwin_desktop.city.diagnosis.findings import FindingList
from citytwin_desktop.city.diagnosis.ring_checks import NO_WIDTH_M, RingChecks
from citytwin_desktop.city.polygons import IntArray, Polygons

_SAME_AREA = 1e-6

_REASONS = {
    "Hole lies outside shell": "hole_outside",
    "Holes are nested": "inner_rings_nested",
    "Interior is disconnected": "polygon_interior_disconnected",
    "Duplicate Rings": "duplicated_rings",
    "Self-intersection": "intersection_rings",
    "Ring Self-intersection": "ring_self_intersection",
}
"""Codes by the words in which GEOS gives its reasons."""


def add_crossings(found: FindingList, checks: RingChecks, owner: IntArray) -> None:
    """Add the findings 104 and 201 to 207.

    Parameters
    ----------
    found : FindingList
    checks : RingChecks
    owner : ndarray, (n_polygons,) int64
        Building row of each surface.
    """
    polygons = checks.polygons
    short = np.zeros(len(polygons), bool)
    short[checks.polygon_of_ring[checks.short_rings]] = True
    triangle = np.diff(polygons.ring_start[polygons.polygon_start]) == 3
    chosen = np.flatnonzero(~checks.convex & ~triangle & ~short & ~checks.flat)
    if not len(chosen):
        return
    few, plane = polygons.take(chosen), checks.plane_m[np.isin(polygons.vertex_polygon, chosen)]
    rings = shapely.linearrings(plane, indices=np.repeat(np.arange(len(few.ring_start) - 1), np.diff(few.ring_start)))
    shapes = shapely.polygons(rings, indices=np.repeat(np.arange(len(few)), np.diff(few.polygon_start)))
    bad = np.flatnonzero(~shapely.is_valid(shapes))
    if not len(bad):
        return
    codes = np.array([_code(few, rings, int(place), shapes[place]) for place in bad], object)
    # A ring that crosses itself so that its area cancels has no plane to be looked at in.
    codes[checks.widths_m[chosen[bad]] <= NO_WIDTH_M] = "ring_self_intersection"
    for code in np.unique(codes.astype(str)):
        mine = chosen[bad[codes == code]]
        found.add(str(code), owner[mine], mine)


def _code(few: Polygons, rings: "np.ndarray[tuple[int], np.dtype[np.object_]]", place: int, shape: object) -> str:
    own = rings[few.polygon_start[place] : few.polygon_start[place + 1]]
    alone = shapely.polygons(own)
    if not shapely.is_valid(alone).all():
        mended = shapely.area(shapely.buffer(alone, 0.0))
        same = np.abs(mended - shapely.area(alone)) <= _SAME_AREA * mended
        return "ring_touches_itself" if same.all() else "ring_self_intersection"
    reason = str(shapely.is_valid_reason(shape)).split("[")[0]
    return _REASONS.get(reason, "unknown_error")
