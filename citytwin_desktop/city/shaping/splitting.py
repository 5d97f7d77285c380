"""A body cut in two by an upright plane; both halves are closed by the cut."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.city.shaping.section import section_polygons
from citytwin_desktop.city.surfaces import Surfaces

ON_PLANE_M = 1e-4
"""A corner no further from the plane than this lies on it."""
_STEEP = 0.05
_LOST_M2 = 1e-6
_OPEN_SHARE = 1e-4

Corner = tuple[float, float, float]
Rings = list[list[Corner]]


@dataclass(frozen=True, eq=False)
class Halves:
    """What lies on either side of the plane.

    Parameters
    ----------
    left, right : Surfaces
        Each with the wall that the cut makes, where both have anything; ``building`` is 0.
    closed : bool
        Whether the cut could be closed.
    """

    left: Surfaces
    right: Surfaces
    closed: bool


def split(surfaces: Surfaces, line_m: FloatArray) -> Halves:
    """Cut the surfaces of one row.

    Parameters
    ----------
    surfaces : Surfaces
        Of one row.
    line_m : ndarray, (2, 2) float64 [m]
        Two points of the plane, seen from above.
    """
    start, along = line_m[0], (line_m[1] - line_m[0]) / np.hypot(*(line_m[1] - line_m[0]))
    left = np.array([-along[1], along[0]])
    distance = (surfaces.polygons.vertices[:, :2] - start) @ left
    distance[np.abs(distance) <= ON_PLANE_M] = 0.0
    pieces: dict[int, list[tuple[Rings, int, str]]] = {1: [], -1: []}
    normals = surfaces.polygons.normals
    for place in range(len(surfaces)):
        rings, far = _rings_with_distance(surfaces.polygons, distance, place)
        for side, part in _pieces(rings, far, normals[place], left):
            pieces[side].append((part, int(surfaces.kind[place]), str(surfaces.source_id[place])))
    walls: list[Rings] = []
    closed = True
    if pieces[1] and pieces[-1]:
        sections, closed = section_polygons([rings for rings, _, _ in pieces[1]], start, along, ON_PLANE_M)
        walls = sections
    turned = [[ring[::-1] for ring in rings] for rings in walls]
    halves = _surfaces(pieces[1], walls), _surfaces(pieces[-1], turned)
    return Halves(*halves, closed and _adds_up(surfaces, halves))


def _adds_up(whole: Surfaces, halves: tuple[Surfaces, Surfaces]) -> bool:
    """Whether nothing got lost, and the halves of a closed body are closed: told by their area vectors."""
    before, *after = (part.polygons.area_vectors_m2.sum(axis=0) for part in (whole, *halves))
    slack = _OPEN_SHARE * float(whole.polygons.areas_m2.sum())
    kept = np.abs(before - sum(after)).max() <= slack
    was_open = np.abs(before).max() > slack
    return bool(kept and (was_open or np.abs(after[0]).max() <= slack))


def _surfaces(pieces: list[tuple[Rings, int, str]], walls: list[Rings]) -> Surfaces:
    every = [*pieces, *((rings, int(SurfaceKind.WALL), "") for rings in walls)]
    names = np.empty(len(every), object)
    names[:] = [name for _, _, name in every]
    polygons = Polygons.from_rings([np.array(ring) for ring in rings] for rings, _, _ in every)
    return Surfaces(polygons, np.array([kind for _, kind, _ in every], np.uint8), np.zeros(len(every), np.int64), names)


def _rings_with_distance(polygons: Polygons, distance: FloatArray, place: int) -> tuple[Rings, list[list[float]]]:
    first, last = polygons.polygon_start[place], polygons.polygon_start[place + 1]
    rings, far = [], []
    for ring in range(first, last):
        mine = slice(polygons.ring_start[ring], polygons.ring_start[ring + 1])
        rings.append([(x, y, z) for x, y, z in polygons.vertices[mine].tolist()])
        far.append(distance[mine].tolist())
    return rings, far


def _pieces(rings: Rings, far: list[list[float]], normal: FloatArray, left: FloatArray) -> list[tuple[int, Rings]]:
    """Parts of one polygon on either side, 1 for left."""
    low, high = min(map(min, far), default=0.0), max(map(max, far), default=0.0)
    if low == 0.0 == high:
        # It lies in the plane: the body is behind it.
        return [(-1 if float(normal[:2] @ left) > 0.0 else 1, rings)]
    if low >= 0.0 or high <= 0.0:
        return [(1 if low >= 0.0 else -1, rings)]
    if not np.any(normal):
        return []  # without area: there is nothing to cut
    found = _faces(rings, far, normal, left)
    lost = _vector_m2([rings]) - _vector_m2([part for _, part in found])
    if len(rings) > 1 or np.abs(lost).max() <= _LOST_M2:
        return found
    # An outline that crosses itself, if only by a millimetre, makes no faces: its corners are taken one by one.
    return [(side, [ring]) for side in (1, -1) if len(ring := _clipped(rings[0], far[0], side)) > 2]


def _vector_m2(polygons: list[Rings]) -> FloatArray:
    """(3,) float64 [m2]: sum of the area vectors of polygons."""
    if not polygons:
        return np.zeros(3)
    made = Polygons.from_rings([np.array(ring) for ring in rings] for rings in polygons)
    return np.asarray(made.area_vectors_m2.sum(axis=0))


def _clipped(ring: list[Corner], far: list[float], side: int) -> list[Corner]:
    """What of a ring lies on one side, closed along the cut (Sutherland and Hodgman 1974)."""
    return [corner for corner, d in _with_crossings(ring, far) if d * side >= 0.0]


def _faces(rings: Rings, far: list[list[float]], normal: FloatArray, left: FloatArray) -> list[tuple[int, Rings]]:
    """Parts of a polygon as the faces between its outline and the cut."""
    noded = [_with_crossings(ring, distances) for ring, distances in zip(rings, far, strict=True)]
    flat = _Flat(normal, left)
    corner_of = {flat.place(corner): (corner, d) for ring in noded for corner, d in ring}
    edges = [
        (flat.place(here[0]), flat.place(there[0]))
        for ring in noded
        for here, there in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]
    outline = shapely.Polygon([flat.place(c) for c, _ in noded[0]], [[flat.place(c) for c, _ in r] for r in noded[1:]])
    lines = shapely.linestrings(np.array([pair for pair in [*edges, *flat.cuts(noded, outline)] if pair[0] != pair[1]]))
    found = []
    for face in shapely.orient_polygons(shapely.get_parts(shapely.polygonize(lines))):
        if not shapely.intersects(outline, shapely.point_on_surface(face)):
            continue
        back = [[corner_of[x, y] for x, y in shapely.get_coordinates(ring)[:-1]] for ring in shapely.get_rings(face)]
        side = 1 if max((d for _, d in back[0]), key=abs) > 0.0 else -1
        part = [[corner for corner, _ in (ring if flat.upright_way else ring[::-1])] for ring in back]
        found.append((side, part))
    return found


def _with_crossings(ring: list[Corner], far: list[float]) -> list[tuple[Corner, float]]:
    found = []
    for k, (here, d) in enumerate(zip(ring, far, strict=True)):
        there, e = ring[(k + 1) % len(ring)], far[(k + 1) % len(ring)]
        found.append((here, d))
        if d * e < 0.0:
            # From the same end whichever way round the edge runs, so that neighbours get the same corner.
            (a, p), (b, q) = sorted([(here, d), (there, e)])
            share = p / (p - q)
            found.append(
                ((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2])), 0.0)
            )
    return found


class _Flat:
    """Plane coordinates of a polygon: its plan, or for upright ones the way along and the height."""

    def __init__(self, normal: FloatArray, left: FloatArray) -> None:
        self.level = abs(float(normal[2])) > _STEEP
        self.left = left
        run = np.array([-normal[1], normal[0]])
        self.run = run / max(float(np.hypot(*run)), 1e-12)
        self.upright_way = bool(normal[2] > 0.0) if self.level else True

    def place(self, corner: Corner) -> tuple[float, float]:
        if self.level:
            return corner[0], corner[1]
        return float(corner[0] * self.run[0] + corner[1] * self.run[1]), corner[2]

    def cuts(
        self, noded: list[list[tuple[Corner, float]]], outline: shapely.Polygon
    ) -> list[tuple[tuple[float, float], tuple[float, float]]]:
        """Stretches of the cut inside the outline, between corners that lie on it."""
        along = (self.left[1], -self.left[0])
        on_plane = {self.place(corner): corner for ring in noded for corner, d in ring if d == 0.0}
        # Along the cut: by the way in plan, or up where the polygon stands upright.
        order = sorted(
            on_plane,
            key=lambda p: on_plane[p][0] * along[0] + on_plane[p][1] * along[1] if self.level else on_plane[p][2],
        )
        pairs = list(pairwise(order))
        middles = [((p[0] + q[0]) / 2.0, (p[1] + q[1]) / 2.0) for p, q in pairs]
        inside = shapely.contains(outline, shapely.points(middles)) if middles else []
        return [pair for pair, within in zip(pairs, inside, strict=True) if within]
