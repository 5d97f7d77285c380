"""Least, greatest and sum of values by ascending group, without a loop."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray


def largest_by(group: IntArray, values: FloatArray, count: int, empty: float = -np.inf) -> FloatArray:
    """Greatest value of each group.

    Parameters
    ----------
    group : ndarray, (n,) int64
        Ascending.
    values : ndarray, (n,) or (n, k) float64
    count : int
        Number of groups.
    empty : float
        For groups without members.
    """
    return _reduced(np.maximum.reduceat, group, values, count, empty)


def least_by(group: IntArray, values: FloatArray, count: int, empty: float = np.inf) -> FloatArray:
    """Least value of each group, see `largest_by`."""
    return _reduced(np.minimum.reduceat, group, values, count, empty)


def sum_by(group: IntArray, values: FloatArray, count: int) -> FloatArray:
    """(count,) float64: sum of (n,) values of each group, in any order."""
    return np.bincount(group, values, minlength=count).astype(np.float64)


def count_by(group: IntArray, count: int) -> IntArray:
    """(count,) int64: members of each group, in any order."""
    return np.bincount(group, minlength=count).astype(np.int64)


def runs(values: NDArray[np.generic]) -> IntArray:
    """(k,) int64: where runs of equal neighbours begin."""
    if not len(values):
        return np.zeros(0, np.int64)
    new = np.empty(len(values), bool)
    new[0] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return np.flatnonzero(new)


def _reduced(
    reduce: Callable[..., FloatArray], group: IntArray, values: FloatArray, count: int, empty: float
) -> FloatArray:
    result = np.full((count, *values.shape[1:]), empty)
    starts = runs(group)
    if len(starts):
        result[group[starts]] = reduce(values, starts, axis=0)
    return result
