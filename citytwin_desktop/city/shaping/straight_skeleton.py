"""The straight skeleton of an outline: what a hip roof of one pitch looks like from above.

The outline shrinks, every edge moving inwards at the same speed (Aichholzer et al. 1995,
doi:10.1007/978-3-642-80350-5_65). Its corners trace the hips, valleys and ridges. An edge that has no length left
vanishes; a reflex corner that runs into an edge splits the front, or joins that of a hole to that of the outline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.errors import KnownError

MOST_EDGES = 300
_SAME_M = 1e-6
_PARALLEL = 1e-9
_STILL = 1e-12
_SOONER_M = 1e-9
_TOO_INTRICATE = "The footprint is too intricate for a hip roof: choose gable, shed or flat."


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Faces of a hip roof.

    Parameters
    ----------
    faces : list of shapely.Polygon
        One or more for each edge of the outline; they share their corners exactly and tile the plan.
    edge : ndarray, (f,) int64
        Edge that each face rises from.
    start, inward : ndarray, (e, 2) float64
        Where each edge begins [m], and its unit normal into the plan.
    rise_m : float [m]
        Height of the highest point for a slope of 1.
    """

    faces: list[shapely.Polygon]
    edge: IntArray
    start: FloatArray
    inward: FloatArray
    rise_m: float


@dataclass(eq=False)
class _Corner:
    """A corner of the front, between the edges ``left`` and ``right``."""

    place: FloatArray
    speed: FloatArray
    left: int
    right: int
    node: int
    opposed: bool


@dataclass(frozen=True, eq=False)
class _Event:
    """An edge of ``loop`` that vanishes after a while, or a corner that runs into an edge of ``other``."""

    wait: float
    loop: list[_Corner]
    place: int
    other: list[_Corner] | None = None
    edge: int = -1


def straight_skeleton(rings: Sequence[FloatArray]) -> Skeleton:
    """Straight skeleton of a polygon.

    Parameters
    ----------
    rings : sequence of ndarray, (n, 2) float64 [m]
        Outer ring counter-clockwise, holes clockwise, without collinear corners; better not far from the origin.

    Returns
    -------
    Skeleton

    Raises
    ------
    KnownError
        When the outline has too many corners, or its events cannot be told apart.
    """
    if sum(map(len, rings)) > MOST_EDGES:
        raise KnownError(_TOO_INTRICATE)
    front = _Front(rings)
    front.run()
    return front.skeleton()


class _Front:
    """The shrinking outline, its loops of corners, and the lines that these have drawn."""

    def __init__(self, rings: Sequence[FloatArray]) -> None:
        self.start = np.concatenate(rings)
        self.end = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])
        along = self.end - self.start
        self.along = along / np.hypot(*along.T)[:, None]
        self.inward = np.column_stack([-self.along[:, 1], self.along[:, 0]])
        self.nodes: list[FloatArray] = []
        self.lines: set[tuple[int, int]] = set()
        self.time = self.highest = 0.0
        self.loops: list[list[_Corner]] = []
        first = 0
        for ring in rings:
            count = len(ring)
            edges = np.arange(first, first + count)
            self.loops.append([self._corner(self.start[e], int(edges[k - 1]), int(e)) for k, e in enumerate(edges)])
            first += count
        self.boundary = [(self._node(a), self._node(b)) for a, b in zip(self.start, self.end, strict=True)]

    def run(self) -> None:
        """Let the front shrink until nothing is left of it."""
        for _ in range(20 * len(self.start) + 100):
            self._tidy()
            if not self.loops:
                return
            self._step()
        raise KnownError(_TOO_INTRICATE)

    def _node(self, place: FloatArray) -> int:
        if self.nodes:
            apart = np.abs(np.array(self.nodes) - place).max(axis=1)
            nearest = int(np.argmin(apart))
            if apart[nearest] <= _SAME_M:
                return nearest
        self.nodes.append(place)
        return len(self.nodes) - 1

    def _corner(self, place: FloatArray, left: int, right: int) -> _Corner:
        n, m = self.inward[left], self.inward[right]
        cross, together = float(n[0] * m[1] - n[1] * m[0]), float(n @ m)
        opposed = together < 0.0 and abs(cross) < _PARALLEL
        if opposed:
            speed = np.zeros(2)
        elif abs(cross) < _PARALLEL:
            speed = n
        else:
            speed = np.array([m[1] - n[1], n[0] - m[0]]) / cross
        return _Corner(np.asarray(place, np.float64), speed, left, right, self._node(place), opposed)

    def _draw(self, one: int, other: int) -> None:
        if one != other:
            self.lines.add((min(one, other), max(one, other)))

    def _tidy(self) -> None:
        """Close loops of one or two corners, and strips between edges that lie on each other."""
        waiting, self.loops = self.loops, []
        for loop in waiting:
            while len(loop) > 2 and self._close_strip(loop):
                pass
            if len(loop) > 2:
                self.loops.append(loop)
                continue
            ends = [self._arrive(corner) for corner in loop]
            self._draw(ends[0], ends[-1])

    def _close_strip(self, loop: list[_Corner]) -> bool:
        place = next((k for k, corner in enumerate(loop) if corner.opposed), None)
        if place is None:
            return False
        tip, count = loop[place], len(loop)
        before, after = loop[place - 1], loop[(place + 1) % count]
        away = [float(np.hypot(*(corner.place - tip.place))) for corner in (before, after)]
        nearer = before if away[0] <= away[1] else after
        node = self._arrive(nearer)
        self._draw(tip.node, node)
        if nearer is before:
            corner = self._corner(before.place, before.left, tip.right)
        else:
            corner = self._corner(after.place, tip.left, after.right)
        loop[place] = corner
        loop.remove(nearer)
        return True

    def _arrive(self, corner: _Corner) -> int:
        """Draw the line of a corner up to where it is now."""
        node = self._node(corner.place)
        self._draw(corner.node, node)
        return node

    def _step(self) -> None:
        """Go on to the next event, and carry it out."""
        event = min((self._next_vanishing(loop) for loop in self.loops), key=lambda one: one.wait)
        for loop in self.loops:
            for k, corner in enumerate(loop):
                if float(self.inward[corner.right] @ self.along[corner.left]) > _PARALLEL:  # turns right: reflex
                    event = self._hit(loop, k, event)
        if not np.isfinite(event.wait):
            raise KnownError(_TOO_INTRICATE)
        self.time += event.wait
        self.highest = max(self.highest, self.time)
        for loop in self.loops:
            for corner in loop:
                corner.place = corner.place + event.wait * corner.speed
        if event.other is None:
            self._vanish(event.loop, event.place)
        else:
            self._split(event.loop, event.place, event.other, event.edge)

    def _next_vanishing(self, loop: list[_Corner]) -> "_Event":
        """When the first edge of a loop has no length left."""
        place = np.array([corner.place for corner in loop])
        speed = np.array([corner.speed for corner in loop])
        along = self.along[[corner.right for corner in loop]]
        length = np.einsum("ij,ij->i", np.roll(place, -1, axis=0) - place, along)
        change = np.einsum("ij,ij->i", np.roll(speed, -1, axis=0) - speed, along)
        wait = np.where(change < -_STILL, np.maximum(length, 0.0) / np.maximum(-change, _STILL), np.inf)
        wait = np.where((length <= _SAME_M) & (change <= _STILL), 0.0, wait)
        first = int(np.argmin(wait))
        return _Event(float(wait[first]), loop, first)

    def _hit(self, mine: list[_Corner], number: int, before: "_Event") -> "_Event":
        """The edge that a reflex corner runs into first, where that is sooner than another event."""
        corner, best = mine[number], before
        for loop in self.loops:
            edge = np.array([other.right for other in loop])
            place = np.array([other.place for other in loop])
            speed = np.array([other.speed for other in loop])
            n = self.inward[edge]
            far = np.einsum("ij,ij->i", corner.place - place, n)
            closing = 1.0 - n @ corner.speed
            with np.errstate(divide="ignore", invalid="ignore"):
                wait = np.where((closing > _STILL) & (far > -_SAME_M), np.maximum(far, 0.0) / closing, np.inf)
            wait = np.where((edge == corner.left) | (edge == corner.right), np.inf, wait)
            for k in np.flatnonzero(wait < best.wait - _SOONER_M).tolist():
                spot, following = corner.place + wait[k] * corner.speed, (k + 1) % len(loop)
                begin = (spot - place[k] - wait[k] * speed[k]) @ self.along[edge[k]]
                finish = (place[following] + wait[k] * speed[following] - spot) @ self.along[edge[k]]
                if begin >= -_SAME_M and finish >= -_SAME_M and wait[k] < best.wait:
                    best = _Event(float(wait[k]), mine, number, loop, k)
        return best

    def _vanish(self, loop: list[_Corner], k: int) -> None:
        """Take out the edge after a corner: its two ends become one."""
        one, other = loop[k], loop[(k + 1) % len(loop)]
        middle = (one.place + other.place) / 2.0
        one.place = other.place = self.nodes[self._node(middle)]
        self._arrive(one)
        self._arrive(other)
        loop[k] = self._corner(one.place, one.left, other.right)
        loop.remove(other)

    def _split(self, loop: list[_Corner], k: int, other: list[_Corner], at: int) -> None:
        """A reflex corner reaches an edge: its loop falls in two, or two loops become one."""
        corner, edge = loop[k], other[at].right
        corner.place = self.nodes[self._arrive(corner)]
        first = self._corner(corner.place, corner.left, edge)
        second = self._corner(corner.place, edge, corner.right)
        if other is loop:
            turned = loop[k + 1 :] + loop[:k]
            end = next(place for place, item in enumerate(turned) if item is loop[at])
            parts = [[second, *turned[: end + 1]], [first, *turned[end + 1 :]]]
        else:
            parts = [[first, *other[at + 1 :], *other[: at + 1], second, *loop[k + 1 :], *loop[:k]]]
        self.loops = [item for item in self.loops if item is not loop and item is not other] + parts

    def skeleton(self) -> Skeleton:
        """Faces between all lines, each with its edge."""
        nodes = np.array(self.nodes)
        border = {(min(pair), max(pair)) for pair in self.boundary}
        pairs = np.array(sorted(self.lines | border))
        lines = shapely.linestrings(nodes[pairs])
        faces = list(shapely.orient_polygons(shapely.get_parts(shapely.polygonize(lines))))
        pair_of = {(round(x, 9), round(y, 9)): e for e, (x, y) in enumerate(nodes[[a for a, _ in self.boundary]])}
        owner = np.full(len(faces), -1, np.int64)
        for number, face in enumerate(faces):
            ring = shapely.get_coordinates(face.exterior)
            for here, there in pairwise(ring):
                edge = pair_of.get((round(here[0], 9), round(here[1], 9)))
                if edge is not None and np.abs(there - nodes[self.boundary[edge][1]]).max() <= _SAME_M:
                    owner[number] = edge
        # What lies in a hole touches the outline only the wrong way round.
        faces, owner = [face for face, edge in zip(faces, owner, strict=True) if edge >= 0], owner[owner >= 0]
        self._check(faces, owner)
        return Skeleton(faces, owner, self.start, self.inward, self.highest)

    def _check(self, faces: list[shapely.Polygon], owner: IntArray) -> None:
        """Refuse a skeleton that does not tile the plan, or whose faces do not meet at their heights."""
        turn = self.start[:, 0] * self.end[:, 1] - self.end[:, 0] * self.start[:, 1]
        area = float(turn.sum()) / 2.0
        tiled = abs(sum(face.area for face in faces) - area) <= 1e-6 * area
        if not tiled or len(set(owner.tolist())) != len(self.start) or len(owner) != len(self.start):
            raise KnownError(_TOO_INTRICATE)
        heights: dict[tuple[float, float], float] = {}
        for face, edge in zip(faces, owner.tolist(), strict=True):
            points = shapely.get_coordinates(face)
            for (x, y), height in zip(points, (points - self.start[edge]) @ self.inward[edge], strict=True):
                if abs(heights.setdefault((x, y), height) - height) > 1e-4 or height < -1e-4:
                    raise KnownError(_TOO_INTRICATE)
