"""Closed bodies over a plan that is cut into faces, each below one plane."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, Polygons

_SAME_M = 1e-6
_SAME_LEVEL_M = 2e-3
"""Roofs that meet at heights no further apart than this meet without a step."""
_FLAT_M = 1e-7

Point = tuple[float, float]
Corner = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Body:
    """Surfaces of one body, normals outwards: its grounds, its roofs, then its walls.

    Parameters
    ----------
    polygons : Polygons
    kind : ndarray, (n_surfaces,) uint8
    """

    polygons: Polygons
    kind: NDArray[np.uint8]

    @classmethod
    def of(cls, parts: Sequence[tuple[SurfaceKind, Sequence[FloatArray]]]) -> "Body":
        """Body of kinds and rings of its surfaces."""
        kinds = np.array([kind for kind, _ in parts], np.uint8)
        return cls(Polygons.from_rings(rings for _, rings in parts), kinds)

    @classmethod
    def joined(cls, bodies: Sequence["Body"]) -> "Body":
        """Several bodies of one building."""
        return cls(
            Polygons.concatenate([body.polygons for body in bodies]), np.concatenate([body.kind for body in bodies])
        )


def body_over(
    faces: Sequence[shapely.Polygon],
    planes: FloatArray,
    bottom_m: FloatArray,
    anchor_m: FloatArray,
    outline: shapely.Polygon | None = None,
) -> Body:
    """Body between faces of a plan and the planes above them; where planes meet at other heights, walls stand.

    Parameters
    ----------
    faces : sequence of shapely.Polygon
        Counter-clockwise, without overlap; neighbours share all their corners exactly. Coordinates from the anchor.
    planes : ndarray, (f, 3) float64
        a, b, c of the height z = a x + b y + c [m] above each face.
    bottom_m : ndarray, (f,) float64 [m]
        Height of the ground below each face.
    anchor_m : ndarray, (2,) float64 [m]
        What is added to the plan coordinates.
    outline : shapely.Polygon, optional
        Union of the faces, where all stand on one level: its ground is taken from it, with its corners only.

    Returns
    -------
    Body
    """
    return _Builder(faces, planes, bottom_m, anchor_m, outline).body()


class _Builder:
    def __init__(
        self,
        faces: Sequence[shapely.Polygon],
        planes: FloatArray,
        bottom_m: FloatArray,
        anchor_m: FloatArray,
        outline: shapely.Polygon | None,
    ) -> None:
        self.faces, self.outline, self.bottom = faces, outline, bottom_m.tolist()
        self.anchor = np.array([*anchor_m, 0.0], np.float64)
        self.rings = [
            [[(x, y) for x, y in shapely.get_coordinates(ring)[:-1].tolist()] for ring in shapely.get_rings(face)]
            for face in faces
        ]
        self.face_of: dict[tuple[Point, Point], int] = {}
        self.top: list[dict[Point, float]] = []
        levels: dict[Point, list[float]] = {}
        for face, (a, b, c) in enumerate(planes.tolist()):
            tops: dict[Point, float] = {}
            for ring in self.rings[face]:
                for here, there in zip(ring, [*ring[1:], ring[0]], strict=True):
                    self.face_of[here, there] = face
                    tops[here] = _level(levels.setdefault(here, []), a * here[0] + b * here[1] + c)
            self.top.append(tops)
        self.corners = {
            (x, y)
            for ring in (shapely.get_rings(outline) if outline is not None else ())
            for x, y in shapely.get_coordinates(ring)[:-1].tolist()
        }

    def body(self) -> Body:
        parts: list[tuple[SurfaceKind, list[FloatArray]]] = [(SurfaceKind.GROUND, rings) for rings in self._grounds()]
        for face, rings in enumerate(self.rings):
            tops = self.top[face]
            parts.append((SurfaceKind.ROOF, [self._placed([(x, y, tops[x, y]) for x, y in ring]) for ring in rings]))
        parts += [(SurfaceKind.WALL, [self._placed(ring)]) for ring in self._walls()]
        return Body.of(parts)

    def _placed(self, ring: list[Corner]) -> FloatArray:
        return np.array(ring, np.float64) + self.anchor

    def _grounds(self) -> list[list[FloatArray]]:
        found = []
        for level in dict.fromkeys(self.bottom):
            mine = [face for face, bottom in zip(self.faces, self.bottom, strict=True) if bottom == level]
            whole = self.outline if self.outline is not None else shapely.union_all(mine)
            for part in shapely.orient_polygons(shapely.get_parts(whole)):
                rings = [shapely.get_coordinates(ring)[:-1][::-1].tolist() for ring in shapely.get_rings(part)]
                found.append([self._placed([(x, y, level) for x, y in ring]) for ring in rings])
        return found

    def _walls(self) -> list[list[Corner]]:
        walls = []
        outer = {edge for edge in self.face_of if edge[::-1] not in self.face_of}
        for run in _straight_runs(outer, self.corners):
            faces = [self.face_of[edge] for edge in run]
            low = [[(*p, self.bottom[f]) for p in edge] for edge, f in zip(run, faces, strict=True)]
            high = [[(*p, self.top[f][p]) for p in edge] for edge, f in zip(run, faces, strict=True)]
            walls.append([point for pair in low for point in pair] + [p for pair in high[::-1] for p in pair[::-1]])
        for edge, face in self.face_of.items():
            other = self.face_of.get(edge[::-1])
            if other is not None and other != face:
                walls += self._steps(edge, face, other)
        return [cleaned for wall in walls if len(cleaned := _cleaned(wall)) > 2]

    def _steps(self, edge: tuple[Point, Point], face: int, other: int) -> list[list[Corner]]:
        """Walls of a face that its neighbour leaves free, above it and below it."""
        bottom, beside = self.bottom[face], self.bottom[other]
        top = [self.top[face][p] for p in edge]
        next_top = [max(self.top[other][p], bottom) for p in edge]
        found = _between(edge, next_top, top)
        if beside > bottom + _SAME_M:
            found += _between(edge, [bottom, bottom], [min(beside, level) for level in top])
        return found


def _level(known: list[float], height: float) -> float:
    """One height for all that meet at a corner within 2 mm."""
    for level in known:
        if abs(level - height) <= _SAME_LEVEL_M:
            return level
    known.append(height)
    return height


def _between(edge: tuple[Point, Point], low: list[float], high: list[float]) -> list[list[Corner]]:
    """Upright polygon over an edge between two lines, as far as the high one is above the low one."""
    (p, q), gap = edge, [high[0] - low[0], high[1] - low[1]]
    if max(gap) <= _SAME_M:
        return []
    if min(gap) < -_SAME_M:
        share = gap[0] / (gap[0] - gap[1])
        x, y, z = (one + share * (two - one) for one, two in zip((*p, low[0]), (*q, low[1]), strict=True))
        if gap[0] > 0:
            return [[(*p, low[0]), (x, y, z), (*p, high[0])]]
        return [[(x, y, z), (*q, low[1]), (*q, high[1])]]
    return [[(*p, low[0]), (*q, low[1]), (*q, high[1]), (*p, high[0])]]


def _straight_runs(edges: set[tuple[Point, Point]], corners: set[Point]) -> list[list[tuple[Point, Point]]]:
    """Edges of the outline put together where a corner between them is none of the outline's own."""
    by_start: dict[Point, list[tuple[Point, Point]]] = {}
    for edge in edges:
        by_start.setdefault(edge[0], []).append(edge)
    follower = {}
    for edge in edges:
        if edge[1] not in corners:
            straight = [later for later in by_start.get(edge[1], []) if _is_straight(edge, later)]
            if straight:
                follower[edge] = straight[0]
    followed = set(follower.values())
    runs = []
    for edge in sorted(edges - followed):
        run = [edge]
        while run[-1] in follower:
            run.append(follower[run[-1]])
        runs.append(run)
    return runs


def _is_straight(edge: tuple[Point, Point], later: tuple[Point, Point]) -> bool:
    (a, b), (_, c) = edge, later
    first, second = (b[0] - a[0], b[1] - a[1]), (c[0] - b[0], c[1] - b[1])
    cross, along = first[0] * second[1] - first[1] * second[0], first[0] * second[0] + first[1] * second[1]
    return along > 0.0 and abs(cross) <= _SAME_M * math.hypot(*first)


def _cleaned(ring: list[Corner]) -> list[Corner]:
    """A ring without repeated corners and without those in the middle of a straight line."""
    points = list(ring)
    while len(points) > 2:
        count = len(points)
        # One at a time: where two lie on each other, one of them stays.
        idle = (k for k in range(count) if _is_idle(points[k - 1], points[k], points[(k + 1) % count]))
        place = next(idle, None)
        if place is None:
            break
        del points[place]
    return points


def _is_idle(before: Corner, here: Corner, after: Corner) -> bool:
    a = (here[0] - before[0], here[1] - before[1], here[2] - before[2])
    b = (after[0] - here[0], after[1] - here[1], after[2] - here[2])
    length, beyond = math.hypot(*a), math.hypot(*b)
    turn = math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return length <= _FLAT_M or turn <= _FLAT_M * max(length, beyond)
