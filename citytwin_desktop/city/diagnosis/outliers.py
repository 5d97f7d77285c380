"""Surfaces with coordinates that are no place at all, or far from everything else."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.diagnosis.by_group import largest_by, least_by, runs
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons

LARGEST_M = 1e8
"""No map has coordinates beyond it, in whatever unit."""
_FILE_FLOOR_M = np.array([20_000.0, 20_000.0, 9_000.0])
_FILE_SPREADS = 20.0
"""So many times the width of the middle four fifths, and no less than the floor, is too far from the middle."""
_BUILDING_LIMIT_M = np.array([3_000.0, 3_000.0, 1_000.0])
_MOST_SHARE = 0.1
"""If more than that lies far away, it is no stray surface but a part of the city in another place."""
_LEAST_SURFACES = 3

BoolArray = NDArray[np.bool_]


def impossible_surfaces(polygons: Polygons) -> BoolArray:
    """(n_polygons,) bool: surfaces with a coordinate that is no number, or larger than any map has.

    Parameters
    ----------
    polygons : Polygons
    """
    bad = np.zeros(len(polygons), bool)
    # Of coordinates one of which is no number, neither the least nor the greatest is one.
    if polygons.vertices.min(initial=0.0) >= -LARGEST_M and polygons.vertices.max(initial=0.0) <= LARGEST_M:
        return bad
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(polygons.vertices) <= LARGEST_M)
    if wrong.any():
        bad[polygons.vertex_polygon[wrong.any(axis=1)]] = True
    return bad


def outlier_surfaces(polygons: Polygons, owner: IntArray) -> BoolArray:
    """Surfaces that cannot be where they say they are.

    That is: impossible ones; such as lie 20 times as far from the middle as most of the file is wide, and at least
    20 km in plan or 9 km in height; and such as lie 3 km, or 1 km in height, from the rest of their own building.
    It can be asked before a local origin is chosen; in degrees, distances in plan hardly ever reach the limits.

    Parameters
    ----------
    polygons : Polygons
        In metres.
    owner : ndarray, (n_polygons,) int64
        Ascending row of the building.

    Returns
    -------
    ndarray, (n_polygons,) bool
    """
    bad = impossible_surfaces(polygons)
    good = np.flatnonzero(~bad)
    if len(good):
        far = far_m(polygons if len(good) == len(bad) else polygons.take(good), owner[good])[0]
        bad[good[far]] = True
    return bad


def far_m(polygons: Polygons, owner: IntArray) -> tuple[BoolArray, FloatArray]:
    """Whether each surface is a stray one, and its distance from where it ought to be [m]; see `outlier_surfaces`.

    Parameters
    ----------
    polygons : Polygons
        Finite.
    owner : ndarray, (n_polygons,) int64
    """
    far, distance = np.zeros(len(polygons), bool), np.zeros(len(polygons))
    low, high = polygons.vertices.min(axis=0, initial=np.inf), polygons.vertices.max(axis=0, initial=-np.inf)
    if (high - low <= _BUILDING_LIMIT_M).all():
        return far, distance
    filled = np.flatnonzero(np.diff(polygons.ring_start[polygons.polygon_start]) > 0)
    middle = _middles(polygons)[filled]
    offset = np.abs(middle - np.median(middle, axis=0))
    spread = np.ptp(np.quantile(middle, [0.1, 0.9], axis=0), axis=0)
    stray = (offset > np.maximum(_FILE_FLOOR_M, _FILE_SPREADS * spread)).any(axis=1)
    if stray.sum() <= _MOST_SHARE * len(stray):
        far[filled[stray]] = True
        distance[filled] = np.linalg.norm(offset, axis=1)
    apart, gap = _apart(middle, owner[filled])
    distance[filled[apart]] = np.maximum(distance[filled[apart]], gap[apart])
    far[filled[apart]] = True
    return far, distance


def _apart(middle: FloatArray, owner: IntArray) -> tuple[BoolArray, FloatArray]:
    """Surfaces far from the median of their building, and how far [m]."""
    starts = runs(owner)
    count = np.diff(np.append(starts, len(owner)))
    group = np.repeat(np.arange(len(starts)), count)
    wide = least_by(group, middle, len(starts)), largest_by(group, middle, len(starts))
    suspect = ((wide[1] - wide[0]) > _BUILDING_LIMIT_M).any(axis=1) & (count >= _LEAST_SURFACES)
    apart, gap = np.zeros(len(owner), bool), np.zeros(len(owner))
    for place in np.flatnonzero(suspect):
        mine = slice(starts[place], starts[place] + count[place])
        offset = np.abs(middle[mine] - np.median(middle[mine], axis=0))
        apart[mine], gap[mine] = (offset > _BUILDING_LIMIT_M).any(axis=1), np.linalg.norm(offset, axis=1)
    return apart, gap


def _middles(polygons: Polygons) -> FloatArray:
    """(n_polygons, 3) float64 [m]: middle of the extent of each polygon."""
    owner, count = polygons.vertex_polygon, len(polygons)
    return (least_by(owner, polygons.vertices, count, 0.0) + largest_by(owner, polygons.vertices, count, 0.0)) / 2.0
