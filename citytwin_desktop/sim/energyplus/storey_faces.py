"""The faces of each storey of a body: floors, ceilings, roofs, outdoor, party and inner walls."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely

from citytwin_desktop.city.outer_edges import OuterEdges
from citytwin_desktop.city.plan_faces import HalfEdges
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.roof_pieces import heights_m
from citytwin_desktop.city.storey_bodies import StoreyBody
from citytwin_desktop.sim.energyplus.inputs import Face, PartyStretch, Storey
from citytwin_desktop.sim.energyplus.plan_pieces import convex_pieces, polygon_pieces
from citytwin_desktop.sim.energyplus.wall_faces import LEAST_GAP_M, Polygon, above, below, thickness_m, tidy, wall_faces

_STRAIGHT_M = 0.005
_SMALLEST_FLOOR_M2 = 0.5
_LEVEL_M = 0.05
"""Roof edges of neighbouring pieces that differ by less go on in one line."""


@dataclass(frozen=True, eq=False)
class BodyOutline:
    """A body with its edges, and what stands against them.

    Parameters
    ----------
    body : StoreyBody
    edges : HalfEdges
        Of its pieces.
    outer : OuterEdges
        Of the same, by edge of the footprint.
    start, end : ndarray, (n, 2) float64 [m]
        Edges of the footprint.
    stretches : mapping of int to sequence of PartyStretch
        By edge of the footprint.
    rests : shapely geometry, optional
        Part of the plan that stands on another building.
    """

    body: StoreyBody
    edges: HalfEdges
    outer: OuterEdges
    start: FloatArray
    end: FloatArray
    stretches: Mapping[int, Sequence[PartyStretch]] = field(default_factory=dict)
    rests: shapely.Geometry | None = None


def storeys_of(outline: BodyOutline) -> tuple[Storey, ...]:
    """Storeys with all their faces; roofs carry the index of their city surface.

    Parameters
    ----------
    outline : BodyOutline

    Returns
    -------
    tuple of Storey
        Their volumes add up to that of the body.
    """
    faces = _Faces(outline.body.storey_count)
    _add_slabs(faces, outline)
    _add_roofs(faces, outline)
    _add_outer_walls(faces, outline)
    _add_inner_walls(faces, outline)
    return tuple(_storey(outline.body, level, tuple(found)) for level, found in enumerate(faces.by_storey))


class _Faces:
    """Faces by storey, numbered by kind as they come."""

    def __init__(self, storeys: int) -> None:
        self.by_storey: list[list[Face]] = [[] for _ in range(storeys)]
        self._count: dict[tuple[str, int], int] = defaultdict(int)

    def add(self, storey: int, kind: str, beyond: str, corners: FloatArray, city_surface: int = -1) -> Face:
        self._count[kind, storey] += 1
        name = f"{kind.capitalize()} {storey + 1}.{self._count[kind, storey]}"
        # Rounded finely: EnergyPlus takes a low wall that is a tenth of a millimetre out of its plane for not convex.
        face = Face(name, kind, beyond, np.round(corners, 7), "", city_surface)
        self.by_storey[storey].append(face)
        return face

    def add_pair(self, lower: int, upper: int, kinds: tuple[str, str], corners: FloatArray) -> None:
        """One face seen from two storeys; corners as the lower one sees them."""
        one = self.add(lower, kinds[0], "storey", corners)
        other = self.add(upper, kinds[1], "storey", corners[::-1])
        self.by_storey[lower][-1] = replace(one, counterpart=other.name)
        self.by_storey[upper][-1] = replace(other, counterpart=one.name)


def _storey(body: StoreyBody, level: int, faces: tuple[Face, ...]) -> Storey:
    there = body.storeys > level
    area = body.pieces.area_m2[there]
    top = body.pieces.mean_height_m[there]
    if level + 1 < len(body.levels_m):
        top = np.where(body.storeys[there] > level + 1, body.levels_m[level + 1], top)
    bottom = float(body.levels_m[level])
    return Storey(bottom, float(area.sum()), float(area @ (top - bottom)), faces)


def _add_slabs(faces: _Faces, outline: BodyOutline) -> None:
    body, before = outline.body, -1
    pieces: list[FloatArray] = []
    for level, height in enumerate(body.levels_m):
        there = body.storeys > level
        if int(there.sum()) != before:
            before, plan = int(there.sum()), shapely.coverage_union_all(body.pieces.polygons[there])
            pieces = _cut_plan(plan)
        if level == 0:
            _add_ground_floor(faces, outline, plan, pieces)
            continue
        for piece in pieces:
            faces.add_pair(level - 1, level, ("ceiling", "floor"), _at_height(piece, height))


def _add_ground_floor(
    faces: _Faces, outline: BodyOutline, plan: shapely.Geometry, pieces: Sequence[FloatArray]
) -> None:
    parts = [("ground", pieces)]
    if outline.rests is not None:
        rests, free = shapely.intersection(plan, outline.rests), shapely.difference(plan, outline.rests)
        parts = [("adiabatic", _cut_plan(rests)), ("ground", _cut_plan(free))]
    for beyond, found in parts:
        for piece in found:
            faces.add(0, "floor", beyond, _at_height(piece[::-1], 0.0))


def _cut_plan(plan: shapely.Geometry) -> list[FloatArray]:
    straight = shapely.simplify(plan, _STRAIGHT_M)
    parts = [part for part in shapely.get_parts(straight) if isinstance(part, shapely.Polygon)]
    return [piece for part in parts if part.area >= _SMALLEST_FLOOR_M2 for piece in polygon_pieces(part)]


def _add_roofs(faces: _Faces, outline: BodyOutline) -> None:
    body = outline.body
    # A single level roof shades nothing; of all others EnergyPlus wants convex polygons.
    level = len(np.unique(body.pieces.planes.round(3), axis=0)) == 1 and not body.pieces.planes[:, :2].any()
    pieces_of = polygon_pieces if level else convex_pieces
    for polygon, plane, storeys, surface, covered in zip(
        body.pieces.polygons, body.pieces.planes, body.storeys, body.pieces.surface, body.pieces.covered, strict=True
    ):
        floor = float(body.levels_m[storeys - 1])
        for piece in pieces_of(shapely.simplify(polygon, _STRAIGHT_M)):
            heights = np.maximum(heights_m(plane, piece), floor)
            beyond = "adiabatic" if covered else "outdoors"
            faces.add(int(storeys) - 1, "roof", beyond, np.column_stack([piece, heights]), int(surface))


def _add_outer_walls(faces: _Faces, outline: BodyOutline) -> None:
    outer = outline.outer
    for edge in range(len(outline.start)):
        mine = outer.of_edge(edge)
        if mine.start == mine.stop:
            continue
        stretches = outline.stretches.get(edge, ())
        for storey, chain in _chains(outline, mine):
            for part in wall_faces(_cell(chain, float(outline.body.levels_m[storey])), stretches):
                points = tidy(list(part.points))
                if points and thickness_m(points) > _LEVEL_M:
                    corners = _upright(points, outline.start[edge], outline.end[edge])
                    faces.add(storey, "wall", "outdoors" if part.outdoors else "adiabatic", corners)


def _chains(outline: BodyOutline, mine: slice) -> list[tuple[int, Polygon]]:
    """Upper outlines of the storeys along one edge, from start to end; a new one where a step or a valley is."""
    body, outer = outline.body, outline.outer
    chains: list[tuple[int, Polygon]] = []
    stretches = range(mine.start, mine.stop)
    for storey, floor in enumerate(body.levels_m):
        chain: Polygon = []
        for place in stretches:
            piece = int(outer.piece[place])
            if body.storeys[piece] <= storey:
                continue
            tops = float(outer.start_top_m[place]), float(outer.end_top_m[place])
            if body.storeys[piece] > storey + 1:
                tops = (float(body.levels_m[storey + 1]),) * 2
            first = float(outer.start_m[place]), max(tops[0], float(floor))
            last = float(outer.end_m[place]), max(tops[1], float(floor))
            if chain and _goes_on(chain, first, last):
                chain[-1:] = [] if _straight(chain, last) else [chain[-1]]
                chain.append(last)
            else:
                chain = [first, last]
                chains.append((storey, chain))
    return chains


def _goes_on(chain: Polygon, first: tuple[float, float], last: tuple[float, float]) -> bool:
    """Whether a stretch continues an outline without a step and without a valley."""
    end, before = chain[-1], chain[-2]
    if abs(first[0] - end[0]) > _LEVEL_M or abs(first[1] - end[1]) > _LEVEL_M:
        return False
    turn = (end[0] - before[0]) * (last[1] - end[1]) - (end[1] - before[1]) * (last[0] - end[0])
    return turn <= 0.0 or _straight(chain, last)


def _straight(chain: Polygon, last: tuple[float, float]) -> bool:
    (x0, z0), (x1, z1) = chain[-2], chain[-1]
    if last[0] - x0 < 1e-9:
        return True
    return abs(z0 + (last[1] - z0) * (x1 - x0) / (last[0] - x0) - z1) < 0.01


def _cell(chain: Polygon, floor: float) -> Polygon:
    return [(chain[0][0], floor), (chain[-1][0], floor), *reversed(chain)]


def _add_inner_walls(faces: _Faces, outline: BodyOutline) -> None:
    """Where a piece stands above its neighbour: outdoor walls over the lower roof, and walls between storeys."""
    edges, body = outline.edges, outline.body
    for place in np.flatnonzero(edges.other >= 0):
        ends = edges.start[place], edges.end[place]
        length = float(np.hypot(*(ends[1] - ends[0])))
        left = _Column.of(body, int(edges.face[place]), ends, length)
        right = _Column.of(body, int(edges.other[place]), ends, length)
        if max(a - b for a, b in zip(left.tops, right.tops, strict=True)) > LEAST_GAP_M:
            for storey in range(left.storeys):
                cell = above(left.cell(storey), *right.top_line)
                if points := tidy(cell if thickness_m(cell) > LEAST_GAP_M / 2.0 else []):
                    faces.add(storey, "wall", "outdoors", _upright(points, *ends))
        if edges.face[place] < edges.other[place]:
            _add_walls_between_storeys(faces, left, right, ends)


def _add_walls_between_storeys(
    faces: _Faces, left: "_Column", right: "_Column", ends: tuple[FloatArray, FloatArray]
) -> None:
    pairs = {(left.storeys - 1, other) for other in range(left.storeys, right.storeys)}
    pairs |= {(storey, right.storeys - 1) for storey in range(right.storeys, left.storeys)}
    for mine, other in sorted(pairs):
        floor = right.floor(other)
        cell = below(left.cell(mine), *right.ceiling_line(other))
        cell = above(cell, (0.0, floor), (1.0, floor))
        if points := tidy(cell if thickness_m(cell) > LEAST_GAP_M / 2.0 else []):
            faces.add_pair(mine, other, ("wall", "wall"), _upright(points, *ends))


@dataclass(frozen=True)
class _Column:
    """Storeys of one piece along one of its edges."""

    levels: FloatArray
    storeys: int
    tops: tuple[float, float]
    length: float

    @classmethod
    def of(cls, body: StoreyBody, piece: int, ends: tuple[FloatArray, FloatArray], length: float) -> "_Column":
        first, last = heights_m(body.pieces.planes[piece], np.array(ends)).tolist()
        return cls(body.levels_m, int(body.storeys[piece]), (first, last), length)

    @property
    def top_line(self) -> tuple[tuple[float, float], tuple[float, float]]:
        return (0.0, self.tops[0]), (self.length, self.tops[1])

    def floor(self, storey: int) -> float:
        return float(self.levels[storey])

    def ceiling_line(self, storey: int) -> tuple[tuple[float, float], tuple[float, float]]:
        if storey == self.storeys - 1:
            return self.top_line
        return (0.0, self.floor(storey + 1)), (self.length, self.floor(storey + 1))

    def cell(self, storey: int) -> Polygon:
        (_, first), (_, last) = self.ceiling_line(storey)
        floor = self.floor(storey)
        return [(0.0, floor), (self.length, floor), (self.length, max(last, floor)), (0.0, max(first, floor))]


def _upright(points: Polygon, start: FloatArray, end: FloatArray) -> FloatArray:
    """(n, 3) float64 [m]: points of a wall in space."""
    axis = (end - start) / max(float(np.hypot(*(end - start))), 1e-9)
    table = np.array(points)
    return np.column_stack([start + table[:, :1] * axis, table[:, 1]])


def _at_height(corners: FloatArray, height_m: float) -> FloatArray:
    return np.column_stack([corners, np.full(len(corners), height_m)])
