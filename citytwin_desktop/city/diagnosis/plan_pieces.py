"""Plans of all buildings as loose pieces, and which of them come near each other."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.diagnosis.by_group import largest_by, least_by
from citytwin_desktop.city.diagnosis.row_measures import RowMeasures, kinds_or_slope
from citytwin_desktop.city.footprints import plan_polygons
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.point_hash import point_hash
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.surfaces import Surfaces

NEAR_M = 0.1
"""Pieces whose boxes are no further apart are neighbours."""
_LEAST_PIECE_M2 = 0.2
_TOUCH_M = 0.02
_MOST_CORNERS = 32
_FIRST_CHUNK, _CHUNK = 256, 400_000
_MOST_PAIRS, _PAIRS_EACH = 50_000, 12
_MOST_CUTS, _CUTS_EACH = 20_000, 2

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PlanPieces:
    """Grounds of buildings, of such without the roofs, seen from above.

    Parameters
    ----------
    polygons : Polygons
    row : ndarray, (k,) int64
        Building row of each piece.
    low_m, high_m : ndarray, (k, 2) float64 [m]
        Extent of each piece.
    """

    polygons: Polygons
    row: IntArray
    low_m: FloatArray
    high_m: FloatArray

    @classmethod
    def of(cls, surfaces: Surfaces, measures: RowMeasures) -> "PlanPieces":
        """Pieces of all buildings."""
        kind = kinds_or_slope(surfaces)
        bare = ~measures.has_ground[surfaces.building]
        chosen = (kind == SurfaceKind.GROUND) | (bare & (kind == SurfaceKind.ROOF))
        chosen &= np.abs(surfaces.polygons.area_vectors_m2[:, 2]) > _LEAST_PIECE_M2
        places = np.flatnonzero(chosen)
        polygons, row = surfaces.polygons.take(places), surfaces.building[places]
        plan, owner = polygons.vertices[:, :2], polygons.vertex_polygon
        return cls(polygons, row, least_by(owner, plan, len(row)), largest_by(owner, plan, len(row)))

    def near(self) -> tuple[IntArray, IntArray]:
        """Pairs of pieces of different buildings whose boxes come near each other, each once, (p,) int64 both.

        Where very many lie on one heap, as in a file that was copied into itself over and over, the search ends
        once enough of them are found.
        """
        count = len(self.row)
        low, high = self.low_m - NEAR_M / 2.0, self.high_m + NEAR_M / 2.0
        boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
        tree = shapely.STRtree(boxes)
        pairs, left = [np.zeros((2, 0), np.int64)], _MOST_PAIRS + _PAIRS_EACH * count
        begin, step = 0, _FIRST_CHUNK
        while begin < count:
            one, other = tree.query(boxes[begin : begin + step])
            # As many next time as give a few hundred thousand hits, so that heaps cost time but no memory.
            each, one = max(len(one) // step, 1), one + begin
            begin, step = begin + step, max(_CHUNK // each, 1)
            keep = (one < other) & (self.row[one] != self.row[other])
            pairs.append(np.stack([one[keep], other[keep]]))
            left -= int(keep.sum())
            if left < 0:
                break
        one, other = np.concatenate(pairs, axis=1)
        return one, other

    def common_m2(self, one: IntArray, other: IntArray) -> FloatArray:
        """(p,) float64 [m2]: area that pairs of pieces have in common.

        Pairs that lie on either side of an edge of one of them, as neighbours in a terrace do, are sorted out
        without cutting anything. Of a heap of very many only the pairs that have most in common are cut.
        """
        common = np.zeros(len(one))
        if not len(one):
            return common
        span = np.minimum(self.high_m[one], self.high_m[other]) - np.maximum(self.low_m[one], self.low_m[other])
        plan = self._plan_hash()
        same = plan[one] == plan[other]
        common[same] = np.abs(self.polygons.area_vectors_m2[one[same], 2])
        left = np.flatnonzero((span > _TOUCH_M).all(axis=1) & ~same)
        hulls = _HullEdges.of(self.polygons)
        left = left[~hulls.parted(one[left], other[left])]
        left = left[~hulls.parted(other[left], one[left])]
        most = _MOST_CUTS + _CUTS_EACH * len(self.row)
        if len(left) > most:
            left = left[np.argsort(-span[left].prod(axis=1), kind="stable")[:most]]
        if not len(left):
            return common
        needed, place = np.unique(np.concatenate([one[left], other[left]]), return_inverse=True)
        shapes = plan_polygons(self.polygons.take(needed))
        a, b = shapes[place[: len(left)]], shapes[place[len(left) :]]
        common[left] = shapely.area(shapely.intersection(a, b))
        return common

    def _plan_hash(self) -> NDArray[np.uint64]:
        """(k,) uint64: equal for pieces of the same corners in plan."""
        flat = self.polygons.vertices * np.array([1.0, 1.0, 0.0])
        first = self.polygons.ring_start[self.polygons.polygon_start[:-1]]
        return np.add.reduceat(point_hash(flat, 1e-3), first) if len(first) else np.zeros(0, np.uint64)


@dataclass(frozen=True, eq=False)
class _HullEdges:
    """Edges that have their whole piece on one side.

    Parameters
    ----------
    corners : ndarray, (n, 2) float64 [m]
        Of the outer rings.
    first : ndarray, (k,) int64
        First corner of each piece.
    count : ndarray, (k,) int64
        Corners of each piece, 0 for those that have too many.
    outward : ndarray, (n, 2) float64
        Unit normal of the edge that begins at a corner, away from its piece; zero where it is no hull edge.
    """

    corners: FloatArray
    first: IntArray
    count: IntArray
    outward: FloatArray

    @classmethod
    def of(cls, polygons: Polygons) -> "_HullEdges":
        rings = polygons.polygon_start[:-1]
        first, count = polygons.ring_start[rings], np.diff(polygons.ring_start)[rings]
        count = np.where(count <= _MOST_CORNERS, count, 0)
        plan = np.ascontiguousarray(polygons.vertices[:, :2])
        along = plan[polygons.following_vertex] - plan
        length = np.hypot(along[:, 0], along[:, 1])
        unit = along / np.maximum(length, 1e-9)[:, None]
        normal = np.column_stack([unit[:, 1], -unit[:, 0]])
        upward = polygons.area_vectors_m2[polygons.vertex_polygon, 2] > 0
        normal[~upward] *= -1.0
        normal[length < _TOUCH_M] = 0.0
        edge, corner = _product(first, count, first, count)
        reach = np.einsum("ij,ij->i", plan[corner] - plan[edge], normal[edge])
        beyond = largest_by(edge, reach, len(plan), 0.0)
        normal[beyond > _TOUCH_M] = 0.0
        return cls(plan, first, count, normal)

    def parted(self, one: IntArray, other: IntArray) -> BoolArray:
        """(p,) bool: whether an edge of one piece has the other piece wholly beyond it."""
        result = np.zeros(len(one), bool)
        for begin in range(0, len(one), _CHUNK // 16):
            chunk = slice(begin, begin + _CHUNK // 16)
            result[chunk] = self._parted(one[chunk], other[chunk])
        return result

    def _parted(self, one: IntArray, other: IntArray) -> BoolArray:
        result = np.zeros(len(one), bool)
        counted = np.where(self.count[other] > 0, self.count[one], 0)
        pair, edge = _members(self.first[one], counted)
        real = self.outward[edge].any(axis=1)
        pair, edge = pair[real], edge[real]
        case, corner = _members(self.first[other[pair]], self.count[other[pair]])
        gap = np.einsum("ij,ij->i", self.corners[corner] - self.corners[edge[case]], self.outward[edge[case]])
        result[pair[least_by(case, gap, len(pair), -1.0) > -_TOUCH_M]] = True
        return result


def _members(first: IntArray, count: IntArray) -> tuple[IntArray, IntArray]:
    """Group and index of every member of groups that are stretches of indices."""
    group = np.repeat(np.arange(len(count)), count)
    offset = np.cumsum(count) - count
    return group, first[group] + np.arange(len(group)) - offset[group]


def _product(first: IntArray, count: IntArray, first_of: IntArray, count_of: IntArray) -> tuple[IntArray, IntArray]:
    """Every pair of members of stretches that belong together."""
    group, one = _members(first, count)
    place, other = _members(first_of[group], count_of[group])
    return one[place], other
