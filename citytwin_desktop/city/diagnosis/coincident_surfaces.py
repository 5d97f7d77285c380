"""Surfaces of one building that have the same corners."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.diagnosis.by_group import count_by, runs
from citytwin_desktop.city.diagnosis.shell_edges import corner_hash
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.city.surfaces import Surfaces

_DOUBLED_SHARE = 0.9
_SAME_AREA = 1e-6

BoolArray = NDArray[np.bool_]


def superfluous(surfaces: Surfaces) -> BoolArray:
    """Surfaces that say again what another one of the same building says.

    Two that face the same way are one too many. Two that face each other may be the wall between two bodies of one
    building and stay; but where nearly every surface of a building has its opposite, as programs write that know no
    front and back, one of each pair goes.

    Parameters
    ----------
    surfaces : Surfaces

    Returns
    -------
    ndarray, (n_surfaces,) bool
        All but the first of each set.
    """
    again = np.zeros(len(surfaces), bool)
    later, earlier, along = _coincident(surfaces)
    if not len(later):
        return again
    again[later[along]] = True
    rows = int(surfaces.building[-1]) + 1
    opposite = later[~along]
    paired = np.zeros(len(surfaces), bool)
    paired[opposite] = paired[earlier[~along]] = True
    share = count_by(surfaces.building[paired & ~again], rows) / np.maximum(
        count_by(surfaces.building[~again], rows), 1
    )
    doubled = (share >= _DOUBLED_SHARE) & (count_by(surfaces.building[~again], rows) > 2)
    again[opposite[doubled[surfaces.building[opposite]]]] = True
    return again


def _coincident(surfaces: Surfaces) -> tuple[IntArray, IntArray, BoolArray]:
    """Later surfaces of sets with the same corners, the first of each set, and whether both face the same way."""
    polygons = surfaces.polygons
    filled = np.flatnonzero(np.diff(polygons.ring_start[polygons.polygon_start]) > 0)
    nothing = np.zeros(0, np.int64)
    if not len(filled):
        return nothing, nothing, np.zeros(0, bool)
    points = corner_hash(polygons.vertices, surfaces.building[polygons.vertex_polygon])
    sums = np.add.reduceat(points, polygons.ring_start[polygons.polygon_start[filled]])
    order = np.argsort(sums, kind="stable")
    starts = runs(sums[order])
    if len(starts) == len(filled):
        return nothing, nothing, np.zeros(0, bool)
    leader = np.repeat(filled[order[starts]], np.diff(np.append(starts, len(filled))))
    members = filled[order]
    later = members != leader
    one, first = members[later], leader[later]
    vectors, areas = polygons.area_vectors_m2, polygons.areas_m2
    alike = np.abs(areas[one] - areas[first]) <= _SAME_AREA * (areas[first] + 1.0)
    cosine = np.einsum("ij,ij->i", vectors[one], vectors[first])
    alike &= np.abs(cosine) >= (1.0 - _SAME_AREA) * areas[one] * areas[first]
    return one[alike], first[alike], cosine[alike] > 0
