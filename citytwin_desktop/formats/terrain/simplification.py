"""Grids of elevations as few triangles, never further from the grid than a stated bound.

The grid is cut into right triangles, halved along their hypotenuse where the ground needs it: right-triangulated
irregular networks after Evans, Kirkpatrick and Townsend 2001, doi:10.1007/s00453-001-0006-x. All triangles of one
size are handled at once.
"""

import numpy as np
from numpy.typing import NDArray

FloatGrid = NDArray[np.float64]
IntArray = NDArray[np.int64]


def simplified_grid(elevation_m: FloatGrid, tolerance_m: float) -> IntArray:
    """Triangles over the cells of a grid, without cracks.

    Parameters
    ----------
    elevation_m : ndarray, (rows, columns) float64 [m]
        nan where nothing is known: no triangle touches such a cell.
    tolerance_m : float [m]
        No cell lies further above or below the triangles.

    Returns
    -------
    ndarray, (t, 3, 2) int64
        Row and column of the corners; all triangles turn the same way, (row, column) counted as (x, y) positively.
    """
    rows, columns = elevation_m.shape
    if min(rows, columns) < 2:
        return np.zeros((0, 3, 2), np.int64)
    side = 1 << int(np.ceil(np.log2(max(rows, columns) - 1)))
    square = np.full((side + 1, side + 1), np.nan)
    square[:rows, :columns] = elevation_m
    corners = _leaves(_bounds(square), side, tolerance_m)
    known = np.isfinite(square[corners[..., 0], corners[..., 1]]).all(axis=1)
    return np.asarray(corners[known])


def _bounds(square: FloatGrid) -> FloatGrid:
    """For each vertex a bound on what is lost by not cutting there: its own height over the hypotenuse, and the rest.

    Cutting moves the surface by at most the own height, and what is left to lose is that of either half; so the sum
    is a true bound and no mere estimate.
    """
    unknown = ~np.isfinite(square)
    filled = np.where(unknown, 0.0, square)
    # Around the unknown everything is cut to single cells, so that no more is lost than must be.
    bound = np.where(_grown(unknown), np.inf, 0.0)
    step = 2
    side = len(square) - 1
    while step <= side:
        _add_edges(filled, bound, step)
        _add_centres(filled, bound, step)
        step *= 2
    return bound


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mask with all eight neighbours."""
    wide = np.pad(mask, 1)
    rows = wide[:-2] | wide[1:-1] | wide[2:]
    return np.asarray(rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:])


def _add_edges(height: FloatGrid, bound: FloatGrid, step: int) -> None:
    """Middles of horizontal and vertical sides of squares of ``step``."""
    half = step // 2
    for values, bounds in ((height, bound), (height.T, bound.T)):
        own = np.abs(values[::step, half::step] - (values[::step, :-1:step] + values[::step, step::step]) / 2.0)
        worst = np.zeros_like(own)
        if half > 1:
            # The halves of the triangles on both sides have their middles in the middles of the quarter squares.
            centres = bounds[half // 2 :: half, half // 2 :: half]
            beside = np.maximum(centres[:, ::2], centres[:, 1::2])
            np.maximum(worst[:-1], beside[::2], out=worst[:-1])
            np.maximum(worst[1:], beside[1::2], out=worst[1:])
        target = bounds[::step, half::step]
        target += own + worst


def _add_centres(height: FloatGrid, bound: FloatGrid, step: int) -> None:
    """Middles of squares of ``step``, cut along the diagonal that meets the middle of the next larger square."""
    half = step // 2
    corner = height[::step, ::step]
    falling = (corner[:-1, :-1] + corner[1:, 1:]) / 2.0
    rising = (corner[:-1, 1:] + corner[1:, :-1]) / 2.0
    count = len(corner) - 1
    even = (np.add.outer(np.arange(count), np.arange(count)) % 2) == 0
    own = np.abs(height[half::step, half::step] - np.where(even, falling, rising))
    level, upright = bound[::step, half::step], bound[half::step, ::step]
    worst = np.maximum(np.maximum(level[:-1], level[1:]), np.maximum(upright[:, :-1], upright[:, 1:]))
    target = bound[half::step, half::step]
    target += own + worst


def _leaves(bound: FloatGrid, side: int, tolerance_m: float) -> IntArray:
    """Halve triangles until nothing more than the tolerance is lost."""
    # Ends of the hypotenuse first, then the right angle.
    corners = np.array([[[0, 0], [side, side], [side, 0]], [[side, side], [0, 0], [0, side]]], np.int64)
    finished: list[IntArray] = []
    while len(corners):
        a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
        middle = (a + b) // 2
        single = np.abs(a - b).max(axis=1) <= 1
        cut = ~single & (bound[middle[:, 0], middle[:, 1]] > tolerance_m)
        finished.append(corners[~cut])
        a, b, c, middle = a[cut], b[cut], c[cut], middle[cut]
        corners = np.concatenate([np.stack([c, a, middle], axis=1), np.stack([b, c, middle], axis=1)])
    return np.concatenate(finished)
