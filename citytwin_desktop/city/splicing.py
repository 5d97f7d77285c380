"""Surfaces of a city put together anew from long stretches of what was there: an edit costs what it touches."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import IntArray, Polygons
from citytwin_desktop.city.surfaces import Surfaces

_MOST_STRETCHES = 4000
"""Beyond, gathering corner by corner is quicker than joining stretches."""


def spliced(parts: Sequence[Surfaces], part: IntArray, row: IntArray) -> Surfaces:
    """Surfaces of rows that are taken from several sets.

    Parameters
    ----------
    parts : sequence of Surfaces
    part : ndarray, (n_rows,) int64
        For each row of the result, the set that it comes from.
    row : ndarray, (n_rows,) int64
        Its row there.

    Returns
    -------
    Surfaces
        ``building`` counts along the rows asked for.
    """
    if not len(row):
        return Surfaces.empty()
    first = np.flatnonzero(np.diff(part, prepend=-1).astype(bool) | (np.diff(row, prepend=-2) != 1))
    if len(first) > _MOST_STRETCHES:
        return _gathered(parts, part, row)
    last = np.append(first[1:], len(row)) - 1
    pieces, owners = [], []
    for start, end in zip(first.tolist(), last.tolist(), strict=True):
        surfaces = parts[part[start]]
        low, high = np.searchsorted(surfaces.building, [row[start], row[end] + 1]).tolist()
        if high > low:
            pieces.append((surfaces, low, high))
            owners.append(surfaces.building[low:high] + (start - row[start]))
    if not pieces:
        return Surfaces.empty()
    return Surfaces(
        Polygons.spliced([(surfaces.polygons, low, high) for surfaces, low, high in pieces]),
        np.concatenate([surfaces.kind[low:high] for surfaces, low, high in pieces]),
        np.concatenate(owners),
        np.concatenate([surfaces.source_id[low:high] for surfaces, low, high in pieces]),
    )


def reshaped(surfaces: Surfaces, rows: IntArray, others: Surfaces) -> Surfaces | None:
    """Other surfaces for some rows, where these have as many with as many corners; else `None`.

    Nothing is counted anew then: all that edits like moving cost is one copy of the corners.

    Parameters
    ----------
    surfaces : Surfaces
    rows : ndarray, (k,) int64
        Ascending.
    others : Surfaces
        ``building`` counts along ``rows``, ascending.
    """
    first = np.searchsorted(surfaces.building, rows)
    counts = np.searchsorted(surfaces.building, rows, side="right") - first
    owners = np.repeat(np.arange(len(rows)), counts)
    if not np.array_equal(owners, others.building):
        return None
    mine = np.arange(len(owners)) + np.repeat(first - (np.cumsum(counts) - counts), counts)
    polygons = surfaces.polygons.reshaped(mine, others.polygons)
    if polygons is None:
        return None
    kind = _patched(surfaces.kind, mine, others.kind)
    return Surfaces(polygons, kind, surfaces.building, _patched(surfaces.source_id, mine, others.source_id))


def _patched(column: NDArray[Any], places: IntArray, values: NDArray[Any]) -> NDArray[Any]:
    """A column with other values in some places; the same column where they are there already."""
    if np.array_equal(column[places], values):
        return column
    made = column.copy()
    made[places] = values
    return made


def _gathered(parts: Sequence[Surfaces], part: IntArray, row: IntArray) -> Surfaces:
    place = [np.full(int(surfaces.building[-1]) + 1 if len(surfaces) else 0, -1, np.int64) for surfaces in parts]
    for number, places in enumerate(place):
        mine = np.flatnonzero((part == number) & (row < len(places)))
        places[row[mine]] = mine
    joined = Surfaces.concatenate(parts)
    owner = np.concatenate(
        [places[surfaces.building] for places, surfaces in zip(place, parts, strict=True)] or [np.zeros(0, np.int64)]
    )
    kept = np.flatnonzero(owner >= 0)
    order = kept[np.argsort(owner[kept], kind="stable")]
    taken = joined.take(order)
    return Surfaces(taken.polygons, taken.kind, owner[order], taken.source_id)
