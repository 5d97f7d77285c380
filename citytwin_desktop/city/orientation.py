"""Kinds of surfaces from the way they face."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import IntArray, Polygons

# A wall leans at most 10 degrees from the vertical; sin(10°) of a unit normal's height.
_STEEPEST_WALL = 0.17


def kinds_by_slope(polygons: Polygons, owner: IntArray | None = None) -> NDArray[np.uint8]:
    """Kind of each surface of one body or of many, by its normal and its height.

    Parameters
    ----------
    polygons : Polygons
        Surfaces of buildings, normals outwards.
    owner : ndarray, (n_polygons,) int64, optional
        Building of each; all are of one when not given.

    Returns
    -------
    ndarray, (n_polygons,) uint8
        Upward is roof; downward is ground where it is the lowest, outer ceiling elsewhere; the rest wall.
    """
    kinds = np.full(len(polygons), SurfaceKind.WALL, np.uint8)
    if not len(polygons):
        return kinds
    owner = np.zeros(len(polygons), np.int64) if owner is None else owner
    upward, level = polygons.normals[:, 2], polygons.centroids[:, 2]
    kinds[upward > _STEEPEST_WALL] = SurfaceKind.ROOF
    downward = upward < -_STEEPEST_WALL
    lowest = np.full(int(owner.max()) + 1, np.inf)
    np.minimum.at(lowest, owner[downward], level[downward])
    on_ground = level[downward] < lowest[owner[downward]] + 1.0
    kinds[downward] = np.where(on_ground, SurfaceKind.GROUND, SurfaceKind.OUTER_CEILING)
    return kinds
