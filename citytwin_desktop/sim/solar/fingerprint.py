"""What a trace knows the rows of its scene by, so that the next one can tell which of them are still there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.point_hash import point_hash
from citytwin_desktop.sim.solar.build import Prepared

Floats = NDArray[np.float32]
Marks = NDArray[np.uint64]

_EXACT_M = 1e-5
_TURN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """Rows of a scene as marks and boxes.

    Parameters
    ----------
    mark : ndarray, (rows,) uint64
        Of the triangles of the row, their winding and its cells.
    box : ndarray, (rows, 6) float32 [m]
        Lower and upper corner.
    first_element, element_count : ndarray, (rows,) int32
    others : int
        Mark of what is no row but matters to all: crowns, terrain beyond, middle, and how far rays begin off surfaces.
    """

    mark: Marks
    box: Floats
    first_element: NDArray[np.int32]
    element_count: NDArray[np.int32]
    others: int


def fingerprint(ready: Prepared) -> Fingerprint:
    """Mark the rows of a scene.

    Parameters
    ----------
    ready : Prepared

    Returns
    -------
    Fingerprint
    """
    scene, cells, elements = ready.scene, ready.cells, ready.elements
    rows = scene.row_count
    own = scene.triangle_row < rows
    corners, row = scene.triangles_m[own], scene.triangle_row[own]
    mark = np.zeros(rows, np.uint64)
    # A triangle is marked by its corners in turn, so that one wound the other way is another.
    by_corner = _marks(corners.reshape(-1, 3)).reshape(-1, 3)
    turned = by_corner * np.array([1, 3, 5], np.uint64)
    np.add.at(mark, row, turned.sum(axis=1) ^ by_corner.prod(axis=1))
    np.add.at(mark, cells.row, _marks(cells.position) * _TURN + _marks(cells.normal * np.float32(1e3)))
    mark += scene.on_soil.astype(np.uint64) * np.uint64(7)
    low, high = np.full((rows, 3), np.inf, np.float32), np.full((rows, 3), -np.inf, np.float32)
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    low[row[starts]] = np.minimum.reduceat(corners.min(axis=1), starts) if len(starts) else 0
    high[row[starts]] = np.maximum.reduceat(corners.max(axis=1), starts) if len(starts) else 0
    count = np.bincount(elements.row, minlength=rows).astype(np.int32)
    first = np.searchsorted(elements.row, np.arange(rows)).astype(np.int32)
    offset = np.full((1, 3), ready.rays.offset_m * 1e3, np.float32)
    middle = scene.middle_m[None].astype(np.float32)
    others: list[Floats] = [scene.crowns_m.reshape(-1, 3), scene.triangles_m[~own].reshape(-1, 3), middle, offset]
    of_others = int(_marks(np.concatenate(others)).sum() & np.uint64(2**63 - 1))
    return Fingerprint(mark, np.concatenate([low, high], axis=1), first, count, of_others)


def same_rows(old: Marks, new: Marks) -> NDArray[np.int64]:
    """Row of the old scene that each row of the new one is, -1 for none.

    Rows that occur more than once are none: nobody can tell which is which.

    Parameters
    ----------
    old, new : ndarray, (rows,) uint64

    Returns
    -------
    ndarray, (new rows,) int64
    """
    known, first, count = np.unique(old, return_index=True, return_counts=True)
    known, first = known[count == 1], first[count == 1]
    if not len(known):
        return np.full(len(new), -1, np.int64)
    place = np.minimum(np.searchsorted(known, new), len(known) - 1)
    found = np.where(known[place] == new, first[place], -1)
    _, where, twice = np.unique(new, return_inverse=True, return_counts=True)
    return np.where(twice[where] == 1, found, -1)


def _marks(points: Floats) -> Marks:
    return np.asarray(point_hash(points.astype(np.float64), _EXACT_M), np.uint64)
