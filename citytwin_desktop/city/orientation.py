"""Kinds of surfaces from the way they face."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import Polygons

# A wall leans at most 10 degrees from the vertical; sin(10°) of a unit normal's height.
_STEEPEST_WALL = 0.17


def kinds_by_slope(polygons: Polygons) -> NDArray[np.uint8]:
    """Kind of each surface of one body, by its normal and its height.

    Parameters
    ----------
    polygons : Polygons
        All surfaces of one building, normals outwards.

    Returns
    -------
    ndarray, (n_polygons,) uint8
        Upward is roof; downward is ground where it is the lowest, outer ceiling elsewhere; the rest wall.
    """
    upward = polygons.normals[:, 2]
    kinds = np.full(len(polygons), SurfaceKind.WALL, np.uint8)
    kinds[upward > _STEEPEST_WALL] = SurfaceKind.ROOF
    if len(polygons):
        level = polygons.centroids[:, 2]
        downward = upward < -_STEEPEST_WALL
        lowest = level[downward].min(initial=np.inf)
        kinds[downward] = np.where(level[downward] < lowest + 1.0, SurfaceKind.GROUND, SurfaceKind.OUTER_CEILING)
    return kinds
