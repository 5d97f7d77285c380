"""Hashes of the geometry of a city, row by row, and of what stands around each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.content_hash import array_head, content_key
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.document.neighbour_keys import Boxes, affected_rows, surrounded_keys

ROWS_AT_ONCE = 5_000
"""So that no step holds up other threads for more than some milliseconds."""
NEW = -1


@dataclass(eq=False)
class ShapeKeys:
    """Hashes of the geometry of a city, kept as long as its surfaces stay the same.

    Parameters
    ----------
    surfaces : Surfaces
    ids : ndarray, (n_buildings,) object of str
    before : ShapeKeys, optional
        Of an earlier state of the same city: what is there already with the same corners is not hashed again.
    """

    surfaces: Surfaces
    ids: NDArray[np.object_]
    before: ShapeKeys | None = None
    _surrounded: dict[float, list[str]] = field(default_factory=dict)
    _kept: tuple[ShapeKeys, IntArray] | None = None

    def __post_init__(self) -> None:
        known = [state for state in _forerunners(self) if "own" in state.__dict__]
        # The last that knows the surroundings too saves most, even when a later one knows the shapes.
        self.before = next((state for state in known if state._surrounded), known[0] if known else None)  # noqa: SLF001
        if self.before is not None:
            self.before.before = None

    def fits(self, surfaces: Surfaces, ids: NDArray[np.object_]) -> bool:
        """Whether these are still the hashes of a city."""
        return self.surfaces is surfaces and (self.ids is ids or np.array_equal(self.ids, ids))

    @cached_property
    def own(self) -> list[str]:
        """Hash of each row's own surfaces; empty for a row without any."""
        before = self.before
        if before is None:
            return own_keys(self.surfaces, np.arange(len(self.ids)))
        kept_from = self._kept_from(before)
        found = ["" if row == NEW else before.own[row] for row in kept_from.tolist()]
        fresh = np.flatnonzero(kept_from == NEW)
        for row, key in zip(fresh.tolist(), own_keys(self.surfaces, fresh), strict=True):
            found[row] = key
        return found

    @cached_property
    def whole(self) -> str:
        """Hash of all geometry."""
        return content_key(self.own)

    @cached_property
    def boxes(self) -> Boxes:
        """Boxes of the rows that have surfaces."""
        return Boxes.of(self.surfaces)

    def surrounded(self, radius_m: float) -> list[str]:
        """Hash of each row's surfaces and of all that stand within a radius, by their boxes.

        Parameters
        ----------
        radius_m : float [m]
        """
        if radius_m not in self._surrounded:
            self._surrounded[radius_m] = self._with_neighbours(radius_m, self.before)
            # All is known now: the state before, with its surfaces, is needed no more.
            self.before = self._kept = None
        return self._surrounded[radius_m]

    def _with_neighbours(self, radius_m: float, before: ShapeKeys | None) -> list[str]:
        known = None if before is None else before._surrounded.get(radius_m)  # noqa: SLF001 - of its kind
        own = self.own
        if before is None or known is None:
            found, due = [""] * len(self.ids), self.boxes.rows
        else:
            kept_from = self._kept_from(before)
            found = ["" if row == NEW else known[row] for row in kept_from.tolist()]
            due = affected_rows(self.boxes, before.boxes, kept_from, radius_m)
        for row, key in zip(due.tolist(), surrounded_keys(self.boxes, own, due, radius_m), strict=True):
            found[row] = key
        return found

    def _kept_from(self, before: ShapeKeys) -> IntArray:
        """(n_buildings,) int64: row with the same identifier and the same geometry in a state before, else -1."""
        if self._kept is None or self._kept[0] is not before:
            self._kept = before, _unchanged(before, self)
        return self._kept[1]


def _forerunners(state: ShapeKeys) -> Iterator[ShapeKeys]:
    before = state.before
    while before is not None:
        yield before
        before = before.before


def own_keys(surfaces: Surfaces, rows: IntArray) -> list[str]:
    """Hash of the own surfaces of some rows; empty for a row without any.

    Parameters
    ----------
    surfaces : Surfaces
    rows : ndarray, (k,) int64
    """
    found: list[str] = []
    for start in range(0, len(rows), ROWS_AT_ONCE):
        found += _hashed(_Stretches.of(surfaces, rows[start : start + ROWS_AT_ONCE]))
    return found


def _hashed(parts: _Stretches) -> list[str]:
    vertices, kinds = _bytes_of(parts.surfaces.polygons.vertices), _bytes_of(parts.surfaces.kind)
    rings, ring_at = _counted_from_zero(parts.surfaces.polygons.ring_start, parts.ring)
    counts, count_at = _counted_from_zero(parts.surfaces.polygons.polygon_start, parts.surface)
    heads: dict[tuple[int, int, int], tuple[bytes, bytes, bytes, bytes]] = {}
    found = []
    spans = zip(parts.vertex.tolist(), parts.surface.tolist(), ring_at, count_at, strict=True)
    for (v0, v1), (s0, s1), (r0, r1), (c0, c1) in spans:
        if s0 == s1:
            found.append("")
            continue
        size = v1 - v0, (r1 - r0) // 8, s1 - s0
        corners, ring, count, kind = heads.get(size) or heads.setdefault(size, _heads(*size))
        content = (corners, vertices[24 * v0 : 24 * v1], ring, rings[r0:r1], count, counts[c0:c1], kind, kinds[s0:s1])
        found.append(hashlib.blake2b(b"".join(content), digest_size=16).hexdigest())
    return found


def _heads(vertices: int, rings: int, surfaces: int) -> tuple[bytes, bytes, bytes, bytes]:
    whole, real = np.dtype(np.int64).str, np.dtype(np.float64).str
    return (
        array_head(real, (vertices, 3)),
        array_head(whole, (rings,)),
        array_head(whole, (surfaces + 1,)),
        array_head(np.dtype(np.uint8).str, (surfaces,)),
    )


def _bytes_of(array: NDArray[np.float64] | NDArray[np.uint8]) -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def _counted_from_zero(start: IntArray, spans: IntArray) -> tuple[bytes, list[list[int]]]:
    """Offsets of each span, its end included, less the first of them; as bytes, and where each has its own."""
    lengths = spans[:, 1] - spans[:, 0] + 1
    ends = np.cumsum(lengths)
    place = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(spans[:, 0] - (ends - lengths), lengths)
    counted = start[place] - np.repeat(start[spans[:, 0]], lengths)
    return counted.tobytes(), (np.stack([ends - lengths, ends], axis=1) * counted.itemsize).tolist()


@dataclass(frozen=True, eq=False)
class _Stretches:
    """Where rows have their surfaces, rings and vertices: (k, 2) int64 each, from and up to."""

    surfaces: Surfaces
    surface: IntArray
    ring: IntArray
    vertex: IntArray

    @classmethod
    def of(cls, surfaces: Surfaces, rows: IntArray) -> _Stretches:
        surface = np.stack([np.searchsorted(surfaces.building, rows, side) for side in ("left", "right")], axis=1)
        ring = surfaces.polygons.polygon_start[surface]
        return cls(surfaces, surface, ring, surfaces.polygons.ring_start[ring])

    @property
    def sizes(self) -> IntArray:
        """(k, 3) int64: how many surfaces, rings and vertices."""
        return np.stack([np.diff(part, axis=1)[:, 0] for part in (self.surface, self.ring, self.vertex)], axis=1)


def _unchanged(before: ShapeKeys, after: ShapeKeys) -> IntArray:
    """For each row the row of the state before that is the same building with the same surfaces, else -1."""
    place = _places(before.ids, after.ids)
    there = np.flatnonzero(place != NEW)
    old, new = _Stretches.of(before.surfaces, place[there]), _Stretches.of(after.surfaces, there)
    alike = (old.sizes == new.sizes).all(axis=1)
    for first, last in _runs(place[there], there, alike):
        alike[first:last] = _same(old, new, first, last)
    place[there[~alike]] = NEW
    return place


def _places(before: NDArray[np.object_], after: NDArray[np.object_]) -> IntArray:
    if before is after or np.array_equal(before, after):
        return np.arange(len(after))
    known = {name: row for row, name in enumerate(before.tolist())}
    return np.array([known.get(name, NEW) for name in after.tolist()], np.int64)


def _runs(place: IntArray, there: IntArray, alike: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Stretches of rows that follow each other in both states and may be the same."""
    follows = alike[1:] & alike[:-1] & (np.diff(place) == 1) & (np.diff(there) == 1)
    starts = np.flatnonzero(alike & np.concatenate([[True], ~follows])) if len(alike) else np.zeros(0, np.int64)
    ends = np.flatnonzero(alike & np.concatenate([~follows, [True]])) + 1 if len(alike) else starts
    for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
        for start in range(first, last, ROWS_AT_ONCE):
            yield start, min(start + ROWS_AT_ONCE, last)


def _same(old: _Stretches, new: _Stretches, first: int, last: int) -> NDArray[np.bool_]:
    """Whether rows of equal sizes hold the same, bit by bit: their hashes are of bytes."""
    parts = [_corners(old, first, last), _corners(new, first, last)]
    lengths = [_lengths(part, first, last) for part in (old, new)]
    if all(np.array_equal(*pair) for pair in (parts, *zip(*lengths, strict=True))):
        return np.ones(last - first, bool)
    spans = new.vertex[first:last] - new.vertex[first, 0]
    same = ~_any_in(spans, (parts[0] != parts[1]).any(axis=1))
    for bounds, pair in zip((new.ring, new.surface, new.surface), zip(*lengths, strict=True), strict=True):
        same &= ~_any_in(bounds[first:last] - bounds[first, 0], pair[0] != pair[1])
    return same


def _corners(part: _Stretches, first: int, last: int) -> NDArray[np.int64]:
    held = part.surfaces.polygons.vertices[part.vertex[first, 0] : part.vertex[last - 1, 1]]
    return np.ascontiguousarray(held, np.float64).view(np.int64)


def _lengths(part: _Stretches, first: int, last: int) -> tuple[IntArray, IntArray, NDArray[np.uint8]]:
    """Corners of each ring, rings of each surface, and kinds."""
    polygons, kind = part.surfaces.polygons, part.surfaces.kind
    (ring, _), (_, last_ring) = part.ring[first], part.ring[last - 1]
    (surface, _), (_, last_surface) = part.surface[first], part.surface[last - 1]
    corners = np.diff(polygons.ring_start[ring : last_ring + 1])
    return corners, np.diff(polygons.polygon_start[surface : last_surface + 1]), kind[surface:last_surface]


def _any_in(spans: IntArray, wrong: NDArray[np.bool_]) -> NDArray[np.bool_]:
    counted = np.concatenate([[0], np.cumsum(wrong)])
    return counted[spans[:, 1]] > counted[spans[:, 0]]
