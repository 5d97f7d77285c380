"""Hashes of buildings together with what stands around them, and which of them an edit concerns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from citytwin_desktop.city.content_hash import content_digest
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.surfaces import Surfaces

ROWS_AT_ONCE = 1_000
_KEY = 32
"""Characters of a key."""


@dataclass(frozen=True, eq=False)
class Boxes:
    """Boxes, in plan, of the rows of a city that have surfaces.

    Parameters
    ----------
    rows : ndarray, (k,) int64
        Ascending.
    low, high : ndarray, (k, 2) float64 [m]
    """

    rows: IntArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def of(cls, surfaces: Surfaces) -> Boxes:
        """Boxes of all rows with surfaces."""
        polygons = surfaces.polygons
        first = np.flatnonzero(np.diff(surfaces.building, prepend=-1))
        if not len(polygons.vertices):
            return cls(np.zeros(0, np.int64), np.zeros((0, 2)), np.zeros((0, 2)))
        starts = polygons.ring_start[polygons.polygon_start[first]]
        plan = polygons.vertices[:, :2]
        low, high = np.minimum.reduceat(plan, starts), np.maximum.reduceat(plan, starts)
        return cls(surfaces.building[first], low, high)

    @cached_property
    def tree(self) -> Any:
        """Index of the boxes."""
        return shapely.STRtree(shapely.box(*self.low.T, *self.high.T))

    def of_rows(self, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        """Low and high corners of those of some rows that have surfaces."""
        place = np.searchsorted(self.rows, rows)
        place = place[np.append(self.rows, -1)[place] == rows]
        return self.low[place], self.high[place]

    def near(self, low: FloatArray, high: FloatArray, radius_m: float) -> Iterator[tuple[IntArray, IntArray]]:
        """Pairs of a given box and a place in ``rows`` whose boxes are no farther apart, by bunches of given boxes."""
        for start in range(0, len(low), ROWS_AT_ONCE):
            here, there = self._near(low[start : start + ROWS_AT_ONCE], high[start : start + ROWS_AT_ONCE], radius_m)
            yield here + start, there

    def _near(self, low: FloatArray, high: FloatArray, radius_m: float) -> tuple[IntArray, IntArray]:
        here, there = self.tree.query(shapely.box(*(low - radius_m).T, *(high + radius_m).T))
        gap = np.maximum(np.maximum(low[here] - self.high[there], self.low[there] - high[here]), 0.0)
        kept = gap[:, 0] ** 2 + gap[:, 1] ** 2 <= radius_m**2
        return here[kept], there[kept]


def affected_rows(boxes: Boxes, before: Boxes, kept_from: IntArray, radius_m: float) -> IntArray:
    """Rows with surfaces whose surroundings may be others than in an earlier state, ascending.

    Parameters
    ----------
    boxes, before : Boxes
        Of the city now and then.
    kept_from : ndarray, (n_buildings,) int64
        For each row its row then, if it is the same; else -1.
    radius_m : float [m]
    """
    stayed = np.zeros(int(before.rows[-1]) + 1 if len(before.rows) else 0, bool)
    stayed[kept_from[(kept_from >= 0) & (kept_from < len(stayed))]] = True
    gone = before.rows[~stayed[before.rows]]
    fresh = boxes.rows[kept_from[boxes.rows] < 0]
    sides = zip(boxes.of_rows(fresh), before.of_rows(gone), strict=True)
    low, high = (np.concatenate(side) for side in sides)
    marked = np.zeros(len(boxes.rows), bool)
    for _, there in boxes.near(low, high, radius_m):
        marked[there] = True
    return boxes.rows[marked]


def surrounded_keys(boxes: Boxes, own: Sequence[str], rows: IntArray, radius_m: float) -> list[str]:
    """Hash of each of some rows and of all that stand within a radius.

    Parameters
    ----------
    boxes : Boxes
    own : sequence of str
        Hash of each row's own surfaces.
    rows : ndarray, (k,) int64
        Rows with surfaces, ascending.
    radius_m : float [m]

    Returns
    -------
    list of str
        `content_key` of the own hash and of the sorted list of the others.
    """
    if not len(rows):
        return []
    keys = np.array([own[row] for row in boxes.rows.tolist()], f"S{_KEY}")
    order = np.argsort(keys)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    quoted = np.char.add(np.char.add(b'"', keys[order]), b'",')
    found: list[str] = []
    mine = np.searchsorted(boxes.rows, rows)
    for here, there in boxes.near(boxes.low[mine], boxes.high[mine], radius_m):
        chosen = mine[here[0] : here[-1] + 1]
        others = mine[here] != there
        # Sorted by box and then by key, both in one number.
        sequence = np.sort((here[others] - here[0]) * len(rank) + rank[there[others]])
        ends = np.searchsorted(sequence, np.arange(len(chosen) + 1) * len(rank)) * (_KEY + 3)
        text = quoted[sequence % len(rank)].tobytes()
        found += _keys_of([own[row] for row in boxes.rows[chosen].tolist()], text, ends.tolist())
    return found


def _keys_of(own: list[str], text: bytes, ends: list[int]) -> list[str]:
    begun = content_digest()
    found = []
    for key, first, last in zip(own, ends, ends[1:], strict=False):
        digest: hashlib.blake2b = begun.copy()
        # Without the comma after the last; nothing around is an empty list.
        inner = max(last - first - 1, 0)
        around = text[first : first + inner]
        digest.update(b'json %d|"%bjson %d|[%b]' % (_KEY + 2, key.encode() + b'"', inner + 2, around))
        found.append(digest.hexdigest())
    return found
