"""Buildings that hang above, or lie below, the ground on which those around them stand."""

import numpy as np
from scipy.spatial import cKDTree

from citytwin_desktop.city.diagnosis.findings import FindingList
from citytwin_desktop.city.diagnosis.row_measures import RowMeasures
from citytwin_desktop.city.polygons import FloatArray, IntArray

_NEIGHBOURS = 8
_LEAST_NEIGHBOURS = 3
_REACH_M = 200.0
_STEEPEST = 0.6
"""Slopes up to 31 degrees are hills."""
_SLACK_M = 5.0


def add_base_faults(found: FindingList, measures: RowMeasures, stacked: IntArray, parents: IntArray) -> None:
    """Add floating and sunken buildings.

    Parameters
    ----------
    found : FindingList
    measures : RowMeasures
    stacked : ndarray, (k,) int64
        Rows with something above or below them, whose bases say nothing.
    parents : ndarray, (n,) int64
        Row of the building that each row is a part of.
    """
    own = np.arange(len(parents))
    eligible = (measures.surfaces > 0) & (parents == own)
    eligible[stacked] = False
    rows = np.flatnonzero(eligible)
    if len(rows) <= _LEAST_NEIGHBOURS:
        return
    middle = (measures.low_m[rows, :2] + measures.high_m[rows, :2]) / 2.0
    base = measures.low_m[rows, 2]
    wanted = min(_NEIGHBOURS + 1, len(rows))
    distance, other = cKDTree(middle).query(middle, k=wanted, distance_upper_bound=_REACH_M)
    distance, other = distance[:, 1:], other[:, 1:]
    real = np.isfinite(distance)
    enough = real.sum(axis=1) >= _LEAST_NEIGHBOURS
    bases = np.append(base, 0.0)[other]
    rise = _SLACK_M + _STEEPEST * np.where(real, distance, 0.0)
    over = np.where(real, bases + rise, -np.inf).max(axis=1)
    under = np.where(real, bases - rise, np.inf).min(axis=1)
    _tell(found, "floating", rows, base - np.where(real, bases, -np.inf).max(axis=1), enough & (base > over))
    _tell(found, "sunken", rows, np.where(real, bases, np.inf).min(axis=1) - base, enough & (base < under))


def _tell(
    found: FindingList,
    code: str,
    rows: IntArray,
    number: FloatArray,
    chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> None:
    found.add(code, rows[chosen], number=number[chosen])
