"""Many polygons with holes as three flat arrays, and what can be computed from them at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_OF_EACH_POLYGON = ("area_vectors_m2", "areas_m2", "normals", "centroids")
"""Cached arrays with one row for each polygon, which depends on that polygon alone."""

_AT_ONCE = 20_000

_OF_THEIR_NUMBERS = ("vertex_polygon", "following_vertex", "first_vertex")
"""Cached arrays that depend on how many corners there are alone."""


@dataclass(frozen=True, eq=False)
class Polygons:
    """Planar polygons in space; each owns its vertices, its outer ring comes first, then its holes.

    Parameters
    ----------
    vertices : ndarray, (n_vertices, 3) float64 [m]
        Local coordinates (world minus the city's origin); rings are not closed by a repeated vertex.
    ring_start : ndarray, (n_rings + 1,) int64
        Ring r holds ``vertices[ring_start[r]:ring_start[r + 1]]``.
    polygon_start : ndarray, (n_polygons + 1,) int64
        Polygon p holds rings ``polygon_start[p]`` up to ``polygon_start[p + 1]``.
    """

    vertices: FloatArray
    ring_start: IntArray
    polygon_start: IntArray

    @classmethod
    def empty(cls) -> Self:
        """No polygon at all."""
        return cls(np.zeros((0, 3)), np.zeros(1, np.int64), np.zeros(1, np.int64))

    @classmethod
    def from_rings(cls, polygons: Iterable[Sequence[FloatArray]]) -> Self:
        """Build from lists of rings.

        Parameters
        ----------
        polygons : iterable of sequences of ndarray, (n, 3) float64 [m]
            For each polygon its outer ring, then its holes.
        """
        rings: list[FloatArray] = []
        counts = [0]
        for polygon in polygons:
            rings.extend(np.asarray(ring, np.float64).reshape(-1, 3) for ring in polygon)
            counts.append(len(polygon))
        lengths = np.array([0, *(len(ring) for ring in rings)], np.int64)
        vertices = np.concatenate(rings) if rings else np.zeros((0, 3))
        return cls(vertices, np.cumsum(lengths), np.cumsum(np.array(counts, np.int64)))

    @classmethod
    def concatenate(cls, parts: Sequence["Polygons"]) -> Self:
        """All polygons of several sets, in order."""
        if not parts:
            return cls.empty()
        vertices = np.concatenate([part.vertices for part in parts])
        return cls(vertices, _join([p.ring_start for p in parts]), _join([p.polygon_start for p in parts]))

    @classmethod
    def spliced(cls, pieces: Sequence[tuple["Polygons", int, int]]) -> Self:
        """Stretches one after another; what was worked out for each polygon of the longest set comes along.

        Parameters
        ----------
        pieces : sequence of (Polygons, int, int)
            A set, and the first polygon of the stretch and the one after its last.
        """
        made = cls.concatenate([whole.stretch(first, last) for whole, first, last in pieces])
        longest = max((whole for whole, *_ in pieces), key=len).__dict__ if pieces else {}
        for name in _OF_EACH_POLYGON:
            if name in longest:
                known = np.concatenate([getattr(whole, name)[first:last] for whole, first, last in pieces])
                made.__dict__[name] = known  # where `cached_property` looks
        return made

    def reshaped(self, indices: IntArray, others: "Polygons") -> "Polygons | None":
        """A copy with other corners for some polygons, where these have as many as before; else `None`.

        Parameters
        ----------
        indices : ndarray, (k,) int64
        others : Polygons
            What stands in their places.
        """
        rings, polygon_start = _gather(self.polygon_start, indices)
        corners, ring_start = _gather(self.ring_start, rings)
        if not np.array_equal(polygon_start, others.polygon_start) or not np.array_equal(ring_start, others.ring_start):
            return None
        vertices = self.vertices.copy()
        vertices[corners] = others.vertices
        made = Polygons(vertices, self.ring_start, self.polygon_start)
        # Into where `cached_property` looks.
        made.__dict__.update({name: self.__dict__[name] for name in _OF_THEIR_NUMBERS if name in self.__dict__})
        for name in _OF_EACH_POLYGON:
            if name in self.__dict__:
                known = self.__dict__[name].copy()
                known[indices] = getattr(others, name)
                made.__dict__[name] = known
        return made

    def __len__(self) -> int:
        return len(self.polygon_start) - 1

    def rings(self, polygon: int) -> list[FloatArray]:
        """Rings of one polygon, the outer one first, as views of (n, 3) float64 [m]."""
        first, last = self.polygon_start[polygon], self.polygon_start[polygon + 1]
        return [self.vertices[self.ring_start[r] : self.ring_start[r + 1]] for r in range(first, last)]

    def take(self, indices: IntArray) -> "Polygons":
        """The chosen polygons, in the given order, as a compact copy.

        Parameters
        ----------
        indices : ndarray, (k,) int64
        """
        rings, polygon_start = _gather(self.polygon_start, indices)
        vertices, ring_start = _gather(self.ring_start, rings)
        return Polygons(self.vertices[vertices], ring_start, polygon_start)

    def stretch(self, first: int, last: int) -> "Polygons":
        """Polygons ``first`` up to ``last`` as views, at the cost of their own size only."""
        rings = self.polygon_start[first : last + 1]
        corners = self.ring_start[rings[0] : rings[-1] + 1]
        return Polygons(self.vertices[corners[0] : corners[-1]], corners - corners[0], rings - rings[0])

    def moved(self, offset_m: FloatArray) -> "Polygons":
        """A copy shifted by ``offset_m``, (3,) float64 [m]."""
        return Polygons(self.vertices + offset_m, self.ring_start, self.polygon_start)

    @cached_property
    def vertex_polygon(self) -> IntArray:
        """(n_vertices,) int64: the polygon that each vertex belongs to."""
        ring_polygon = np.repeat(np.arange(len(self)), np.diff(self.polygon_start))
        return np.repeat(ring_polygon, np.diff(self.ring_start))

    @cached_property
    def following_vertex(self) -> IntArray:
        """(n_vertices,) int64: the next vertex along the same ring, round to its first."""
        following = np.arange(1, len(self.vertices) + 1)
        filled = np.diff(self.ring_start) > 0
        following[self.ring_start[1:][filled] - 1] = self.ring_start[:-1][filled]
        return following

    @cached_property
    def area_vectors_m2(self) -> FloatArray:
        """(n_polygons, 3) float64 [m2]: Newell normal times area, holes counted by their winding."""
        if len(self) <= _AT_ONCE:
            return self._area_vectors_m2()
        # Stretch by stretch, for a dozen copies of the corners of a large city would be held at once.
        starts = range(0, len(self), _AT_ONCE)
        stretches = (self.stretch(first, min(first + _AT_ONCE, len(self))) for first in starts)
        return np.concatenate([stretch._area_vectors_m2() for stretch in stretches])  # noqa: SLF001 - its own kind

    def _area_vectors_m2(self) -> FloatArray:
        # Taken from each polygon's own first vertex, so that nothing cancels far from the origin.
        reference = self.vertices[self.first_vertex[self.vertex_polygon]] if len(self.vertices) else self.vertices
        # Each axis by itself in memory, for what lies 24 bytes apart is read thrice.
        x, y, z = np.ascontiguousarray((self.vertices - reference).T)
        u, v, w = (along[self.following_vertex] for along in (x, y, z))
        owner, count = self.vertex_polygon, len(self)
        # Axis by axis, for np.cross makes several copies of everything.
        doubled = [np.bincount(owner, part, minlength=count) for part in (y * w - z * v, z * u - x * w, x * v - y * u)]
        return np.stack(doubled, axis=1) / 2.0

    @cached_property
    def areas_m2(self) -> FloatArray:
        """(n_polygons,) float64 [m2]: area with holes taken off."""
        return np.asarray(np.linalg.norm(self.area_vectors_m2, axis=1))

    @cached_property
    def normals(self) -> FloatArray:
        """(n_polygons, 3) float64: unit normals by the right-hand rule; zero where the area is."""
        lengths = self.areas_m2[:, None]
        return np.divide(self.area_vectors_m2, lengths, out=np.zeros_like(self.area_vectors_m2), where=lengths > 0)

    @cached_property
    def centroids(self) -> FloatArray:
        """(n_polygons, 3) float64 [m]: mean of the vertices."""
        counts = np.bincount(self.vertex_polygon, minlength=len(self)).reshape(-1, 1)
        return _sum_by(self.vertex_polygon, self.vertices, len(self)) / np.maximum(counts, 1)

    @cached_property
    def first_vertex(self) -> IntArray:
        """(n_polygons,) int64: first vertex of each outer ring; any valid vertex for a polygon without one."""
        starts = self.ring_start[self.polygon_start[:-1]]
        return np.minimum(starts, max(len(self.vertices) - 1, 0))


def _join(starts: Sequence[IntArray]) -> IntArray:
    """Concatenate compressed offsets."""
    lengths = np.concatenate([np.diff(start) for start in starts])
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _gather(start: IntArray, indices: IntArray) -> tuple[IntArray, IntArray]:
    """Member indices of the chosen groups one after another, and the new offsets."""
    lengths = start[indices + 1] - start[indices]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    members = np.arange(offsets[-1]) + np.repeat(start[indices] - offsets[:-1], lengths)
    return members, offsets


def _sum_by(group: IntArray, values: FloatArray, count: int) -> FloatArray:
    """Sum (n, 3) rows by group into (count, 3)."""
    return np.stack([np.bincount(group, values[:, axis], minlength=count) for axis in range(3)], axis=1)
