"""Cut the wall of one edge and one storey into outdoor and party faces.

All polygons here lie in the plane of a wall: along the edge [m], above the base of the building [m], counter-clockwise
seen from outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from citytwin_desktop.sim.energyplus.inputs import PartyStretch
from citytwin_desktop.sim.energyplus.plan_pieces import CORNER_M

SNAP_ALONG_M = 0.1
SNAP_UP_M = 0.3
LEAST_GAP_M = 0.15
"""Steps that are lower are no walls."""
_SMALLEST_FACE_M2 = 0.02

Point = tuple[float, float]
Polygon = list[Point]


@dataclass(frozen=True)
class WallFace:
    """A convex part of a wall.

    Parameters
    ----------
    points : tuple of (float, float) [m]
    outdoors : bool
        False where a neighbour's wall lies against it.
    """

    points: tuple[Point, ...]
    outdoors: bool

    @property
    def area_m2(self) -> float:
        """Area [m2]."""
        return polygon_area_m2(self.points)


def wall_faces(cell: Polygon, stretches: Sequence[PartyStretch]) -> list[WallFace]:
    """Faces that fill a convex cell of a wall without overlap.

    Parameters
    ----------
    cell : list of (float, float) [m]
    stretches : sequence of PartyStretch
        Of this edge; they may overlap.
    """
    if not stretches:
        return [WallFace(tuple(cell), outdoors=True)]
    start, end = min(point[0] for point in cell), max(point[0] for point in cell)
    runs: list[tuple[float, float, list[WallFace]]] = []
    for left, right in pairwise(_limits(start, end, stretches)):
        middle = (left + right) / 2.0
        behind = [s for s in stretches if s.start_m - SNAP_ALONG_M <= middle <= s.end_m + SNAP_ALONG_M]
        found = _column(_between(cell, left, right), behind)
        last = runs[-1][2] if runs else []
        if len(found) == 1 and len(last) == 1 and found[0].outdoors == last[0].outdoors:
            left = runs.pop()[0]
            found = [WallFace(tuple(_between(cell, left, right)), found[0].outdoors)]
        runs.append((left, right, found))
    return [face for _, _, faces in runs for face in faces]


def below(polygon: Polygon, left: Point, right: Point) -> Polygon:
    """The part of a convex polygon that lies below the line through two points, the first left of the second."""
    return _clipped(polygon, left[1] - right[1], right[0] - left[0], left)


def above(polygon: Polygon, left: Point, right: Point) -> Polygon:
    """The part of a convex polygon that lies above the line through two points, the first left of the second."""
    return _clipped(polygon, right[1] - left[1], left[0] - right[0], left)


def tidy(polygon: Polygon) -> Polygon:
    """A polygon without corners that lie on one another, starting at its upper left; empty when it is no face."""
    points: Polygon = []
    for point in polygon:
        if not points or abs(point[0] - points[-1][0]) + abs(point[1] - points[-1][1]) > CORNER_M:
            points.append(point)
    while len(points) > 1 and abs(points[0][0] - points[-1][0]) + abs(points[0][1] - points[-1][1]) <= CORNER_M:
        points.pop()
    if len(points) < 3 or polygon_area_m2(points) < _SMALLEST_FACE_M2:
        return []
    first = min(range(len(points)), key=lambda place: (round(points[place][0], 3), -points[place][1]))
    return points[first:] + points[:first]


def polygon_area_m2(points: Sequence[Point]) -> float:
    """Area of a counter-clockwise polygon [m2]."""
    closed = [*points, points[0]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(closed)) / 2.0


def thickness_m(polygon: Polygon) -> float:
    """Mean height of a polygon [m], 0 for none."""
    if len(polygon) < 3:
        return 0.0
    width = max(point[0] for point in polygon) - min(point[0] for point in polygon)
    return polygon_area_m2(polygon) / width if width > 1e-9 else 0.0


def _limits(start: float, end: float, stretches: Sequence[PartyStretch]) -> list[float]:
    """Where the wall may change along the edge; slivers are left out."""
    limits = [start]
    for value in sorted(value for s in stretches for value in (s.start_m, s.end_m)):
        if value - limits[-1] > SNAP_ALONG_M and end - value > SNAP_ALONG_M:
            limits.append(value)
    return [*limits, end]


def _column(column: Polygon, behind: Sequence[PartyStretch]) -> list[WallFace]:
    """One part of a wall along the edge, cut by the outline of what stands behind it."""
    if len(column) < 3:
        return []
    if not behind:
        return [WallFace(tuple(column), outdoors=True)]
    tall = max(behind, key=lambda s: sum(s.tops_m))
    bottom = min(s.bottom_m for s in behind)
    left, right = (tall.start_m, tall.tops_m[0]), (tall.end_m, tall.tops_m[1])
    level = (0.0, bottom), (1.0, bottom)
    over, under = above(column, left, right), below(column, *level)
    if thickness_m(over) < SNAP_UP_M:
        over = []
    if thickness_m(under) < SNAP_UP_M:
        under = []
    covered = below(column, left, right) if over else column
    covered = above(covered, *level) if under else covered
    if thickness_m(covered) < SNAP_UP_M:
        return [WallFace(tuple(column), outdoors=True)]
    parts = ((under, True), (covered, False), (over, True))
    return [WallFace(tuple(part), outdoors) for part, outdoors in parts if part]


def _between(cell: Polygon, left: float, right: float) -> Polygon:
    return _clipped(_clipped(cell, -1.0, 0.0, (left, 0.0)), 1.0, 0.0, (right, 0.0))


def _clipped(polygon: Polygon, a: float, b: float, origin: Point) -> Polygon:
    """Keep of a convex polygon what fulfils a (s - s0) + b (z - z0) <= 0, after Sutherland & Hodgman (1974)."""
    kept: Polygon = []
    if not polygon:
        return kept
    previous = polygon[-1]
    before = a * (previous[0] - origin[0]) + b * (previous[1] - origin[1])
    for point in polygon:
        here = a * (point[0] - origin[0]) + b * (point[1] - origin[1])
        if (here < 0.0) != (before < 0.0) and here != 0.0 and before != 0.0:
            share = before / (before - here)
            kept.append(
                (previous[0] + share * (point[0] - previous[0]), previous[1] + share * (point[1] - previous[1]))
            )
        if here <= 0.0:
            kept.append(point)
        previous, before = point, here
    return kept
