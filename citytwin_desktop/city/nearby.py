"""Buildings next to others, by the boxes around their plans."""

import numpy as np
import shapely

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import IntArray

TOUCHING_M = 0.5
"""Gap up to which boxes count as touching."""


def grown_rows(city: CityModel, rows: IntArray, reach_m: float = TOUCHING_M) -> IntArray:
    """The given rows and those whose box in plan comes within a reach of one of theirs.

    Parameters
    ----------
    city : CityModel
    rows : ndarray, (k,) int64
    reach_m : float [m]

    Returns
    -------
    ndarray, (m,) int64
        Ascending.
    """
    low, high = city.bounds_m
    every = city.rows_with_geometry
    mine = rows[np.isfinite(low[rows, 0])]
    if not len(mine):
        return np.unique(rows).astype(np.int64)
    tree = shapely.STRtree(shapely.box(low[every, 0], low[every, 1], high[every, 0], high[every, 1]))
    boxes = shapely.box(low[mine, 0], low[mine, 1], high[mine, 0], high[mine, 1])
    found = tree.query(boxes, predicate="dwithin", distance=reach_m)[1]
    return np.union1d(rows, every[found]).astype(np.int64)
