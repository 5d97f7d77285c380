"""The edges of every body, matched with each other, and whether they close it.

An edge that two surfaces run along in opposite directions is shared; what is left over is the boundary of the body.
Whether the leftovers cancel, as they do where a corner of one surface splits the edge of its neighbour, is told by
integrals of two waves along them: by Stokes' theorem these vanish exactly for a closed body, and else grow with
the area that is missing. So no edge need be cut, and no point be moved.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.diagnosis.by_group import count_by, runs, sum_by
from citytwin_desktop.city.point_hash import point_hash
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.surfaces import Surfaces

MATCH_M = 1e-3
"""Corners are matched on a grid of this width; no coordinate is changed."""
_WAVES_1_M = np.array([[0.61, 0.23, 0.31], [-0.37, 0.53, 0.47]])
"""Wave vectors, some 9 m long each; of no particular direction."""
_PHASES = np.array([0.3, 1.1])
_SLACK_M = 0.5e-3
"""Mean distance at which edges that ought to be one are tolerated."""

HashArray = NDArray[np.uint64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ShellEdges:
    """Directed edges of all surfaces, grouped where they lie on each other within one building.

    Parameters
    ----------
    vertex, following : ndarray, (m,) int64
        Vertices at either end; edges without length are left out.
    start, end : ndarray, (m,) uint64
        Numbers that stand for building and place of the ends.
    polygon, row : ndarray, (m,) int64
        Surface and building row.
    order : ndarray, (m,) int64
        Edges, those of a group side by side.
    first, count, forward : ndarray, (g,) int64
        Where a group begins in ``order``, its members, and how many of them run one way.
    """

    vertex: IntArray
    following: IntArray
    start: HashArray
    end: HashArray
    polygon: IntArray
    row: IntArray
    order: IntArray
    first: IntArray
    count: IntArray
    forward: IntArray

    @classmethod
    def of(cls, surfaces: Surfaces) -> "ShellEdges":
        """Match the edges of all surfaces."""
        polygons = surfaces.polygons
        owner = surfaces.building[polygons.vertex_polygon] if len(surfaces) else np.zeros(0, np.int64)
        points = corner_hash(polygons.vertices, owner)
        there = points[polygons.following_vertex]
        solid = np.flatnonzero(points != there)
        start, end = points[solid], there[solid]
        key = start + end
        order = np.argsort(key)
        first = runs(key[order])
        count = np.diff(np.append(first, len(order)))
        forward = (start < end)[order].astype(np.int64)
        forward = np.add.reduceat(forward, first) if len(first) else np.zeros(0, np.int64)
        return cls(
            vertex=solid,
            following=polygons.following_vertex[solid],
            start=start,
            end=end,
            polygon=polygons.vertex_polygon[solid],
            row=owner[solid],
            order=order,
            first=first,
            count=count,
            forward=forward,
        )

    @cached_property
    def unbalanced(self) -> IntArray:
        """(k,) int64: edges of groups in which not as many run one way as the other."""
        return self.members(self.forward * 2 != self.count)

    @cached_property
    def unpaired(self) -> IntArray:
        """(k,) int64: edges of all groups but those of two that run against each other."""
        return self.members((self.count != 2) | (self.forward != 1))

    @cached_property
    def pairs(self) -> tuple[IntArray, IntArray, BoolArray]:
        """Surfaces on either side of the edges that two share, (p,) int64 each, and whether both run the same way."""
        two = np.flatnonzero(self.count == 2)
        one, other = self.polygon[self.order[self.first[two]]], self.polygon[self.order[self.first[two] + 1]]
        return one, other, self.forward[two] != 1

    def members(self, groups: BoolArray) -> IntArray:
        """(k,) int64: edges of the chosen groups."""
        return self.order[np.repeat(groups, self.count)]

    def groups_by_row(self, groups: BoolArray, row_count: int) -> IntArray:
        """(row_count,) int64: how many of the chosen groups each building has."""
        return count_by(self.row[self.order[self.first[groups]]], row_count)


def corner_hash(points: FloatArray, owner: IntArray) -> HashArray:
    """(n,) uint64: numbers that are equal for corners at one place of one building."""
    mixed = point_hash(points, MATCH_M) ^ ((owner.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), np.uint64)


def edge_waves(surfaces: Surfaces, edges: ShellEdges, chosen: IntArray) -> FloatArray:
    """(k, 6) float64 [m]: integrals of two waves along the chosen edges, by axis."""
    vertices = surfaces.polygons.vertices
    here, there = vertices[edges.vertex[chosen]], vertices[edges.following[chosen]]
    along = there - here
    middle = (here + there) / 2.0 - _anchors(surfaces)[edges.row[chosen]]
    swing = np.cos(middle @ _WAVES_1_M.T + _PHASES) * np.sinc(along @ _WAVES_1_M.T / (2.0 * np.pi))
    return np.asarray((swing[:, :, None] * along[:, None, :]).reshape(len(chosen), _WAVES_1_M.size))


def _anchors(surfaces: Surfaces) -> FloatArray:
    """(rows, 3) float64 [m]: one vertex of each building, so that the phase of a wave stays small."""
    polygons = surfaces.polygons
    anchors = np.zeros((int(surfaces.building[-1]) + 1 if len(surfaces) else 0, 3))
    filled = np.flatnonzero(np.diff(polygons.ring_start[polygons.polygon_start]) > 0)
    anchors[surfaces.building[filled]] = polygons.vertices[polygons.first_vertex[filled]]
    return anchors


def row_totals(rows: IntArray, values: FloatArray, row_count: int) -> FloatArray:
    """(row_count, k) float64: sums of (n, k) values by row."""
    return np.stack([sum_by(rows, column, row_count) for column in values.T], axis=1)


def open_rows(surfaces: Surfaces, edges: ShellEdges, row_count: int) -> BoolArray:
    """(row_count,) bool: whether something is missing from the shell of each building."""
    loose = edges.unbalanced
    total = row_totals(edges.row[loose], edge_waves(surfaces, edges, loose), row_count)
    return np.asarray(np.linalg.norm(total, axis=1) > slack_m(surfaces, edges, row_count))


def slack_m(surfaces: Surfaces, edges: ShellEdges, row_count: int) -> FloatArray:
    """(row_count,) float64 [m]: integral that edges which miss each other by a hair may leave."""
    loose = edges.unbalanced
    vertices = surfaces.polygons.vertices
    length = np.linalg.norm(vertices[edges.following[loose]] - vertices[edges.vertex[loose]], axis=1)
    return 1e-6 + _SLACK_M * sum_by(edges.row[loose], length, row_count)
