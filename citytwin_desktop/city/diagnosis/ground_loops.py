"""Ground surfaces for bodies that are open at the bottom, from the edges at which their walls end."""

import itertools
from dataclasses import dataclass

import numpy as np
import shapely

from citytwin_desktop.city.diagnosis.by_group import count_by, largest_by, least_by, runs
from citytwin_desktop.city.diagnosis.ring_checks import RingChecks
from citytwin_desktop.city.diagnosis.shell_edges import ShellEdges
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.surfaces import Surfaces

_LOW_SHARE = 0.3
_LEAST_HEIGHT_M = 0.5
_LEAST_AREA_M2 = 0.05
_FLATNESS_M = 0.01
_LEVEL = 0.5
_UPRIGHT = 0.17
_MOST_LOOPS = 100


@dataclass(frozen=True, eq=False)
class NewGround:
    """A ground surface that closes a body.

    Parameters
    ----------
    row : int
    rings : list of ndarray, (n, 3) float64 [m]
        Outline and holes, run so that the body's surfaces agree; every corner is one of the walls'.
    area_m2 : float [m2]
    """

    row: int
    rings: list[FloatArray]
    area_m2: float


def missing_grounds(surfaces: Surfaces, edges: ShellEdges, row_count: int) -> list[NewGround]:
    """Ground surfaces that can be added without doubt.

    A building gets one where it has none, where the lower edges of its walls run in loops in its lowest third, and
    where these are flat within 1 cm, about level, and cross nothing.

    Parameters
    ----------
    surfaces : Surfaces
    edges : ShellEdges
        Of the same.
    row_count : int
    """
    bare = count_by(surfaces.building[surfaces.kind == SurfaceKind.GROUND], row_count) == 0
    bare &= count_by(surfaces.building, row_count) > 0
    if not bare.any():
        return []
    z, owner = surfaces.polygons.vertices[:, 2], surfaces.building[surfaces.polygons.vertex_polygon]
    low, high = least_by(owner, z, row_count, 0.0), largest_by(owner, z, row_count, 0.0)
    bare &= high - low > _LEAST_HEIGHT_M
    limit = low + _LOW_SHARE * (high - low)
    lone = edges.members(edges.count == 1)
    lone = lone[bare[edges.row[lone]]]
    upright = np.abs(surfaces.polygons.normals[:, 2]) < _UPRIGHT
    lone = lone[upright[edges.polygon[lone]]]
    deep = np.maximum(z[edges.vertex[lone]], z[edges.following[lone]]) <= limit[edges.row[lone]]
    lone = np.sort(lone[deep])
    loops, rows = [], []
    starts = np.append(runs(edges.row[lone]), len(lone))
    for first, last in itertools.pairwise(starts.tolist()):
        mine = _loops(edges, lone[first:last])
        loops += mine
        rows += [int(edges.row[lone[first]])] * len(mine)
    return _grounds(Polygons.from_rings([surfaces.polygons.vertices[loop]] for loop in loops), np.array(rows, np.int64))


def _loops(edges: ShellEdges, chosen: IntArray) -> list[IntArray]:
    """Closed walks along edges, against their direction, as vertices; none where edges branch."""
    before = dict(zip(edges.end[chosen].tolist(), chosen.tolist(), strict=True))
    start_of = dict(zip(chosen.tolist(), edges.start[chosen].tolist(), strict=True))
    if len(before) < len(chosen) or len(set(start_of.values())) < len(chosen):
        return []
    loops = []
    while before:
        point, edge = before.popitem()
        walk = [edge]
        while (following := before.pop(start_of[edge], None)) is not None:
            edge = following
            walk.append(edge)
        if start_of[edge] == point and len(walk) > 2:
            loops.append(edges.following[np.array(walk)])
    return loops


def _grounds(loops: Polygons, rows: IntArray) -> list[NewGround]:
    """The flat and level loops as grounds, such as run the other way as their holes."""
    if not len(rows):
        return []
    checks = RingChecks(loops)
    upward = loops.area_vectors_m2[:, 2]
    flat = (np.abs(loops.normals[:, 2]) > _LEVEL) & (checks.bend_m <= _FLATNESS_M) & (loops.areas_m2 > _LEAST_AREA_M2)
    sound = np.zeros(len(rows), bool)
    sound[flat] = shapely.is_valid(_plans(loops.take(np.flatnonzero(flat))))
    # A loop that is unsound may be a hole of another: such a building is left as it is.
    spoilt = set(rows[~sound].tolist())
    found = []
    starts = np.append(runs(rows), len(rows))
    for first, last in itertools.pairwise(starts.tolist()):
        row = int(rows[first])
        if last - first == 1:
            if sound[first]:
                found.append(NewGround(row, loops.rings(first), float(loops.areas_m2[first])))
        elif row not in spoilt and last - first <= _MOST_LOOPS:
            found += _with_holes(row, [loops.rings(place)[0] for place in range(first, last)], upward[first:last])
    return found


def _with_holes(row: int, rings: list[FloatArray], upward: FloatArray) -> list[NewGround]:
    """Grounds of a building whose walls end in several loops."""
    main = np.sign(upward[np.abs(upward).argmax()])
    shapes = _plans(Polygons.from_rings([ring] for ring in rings))
    outer = [place for place, area in enumerate(upward) if area * main > 0]
    holes = [place for place, area in enumerate(upward) if area * main <= 0]
    homes = {hole: [place for place in outer if shapes[place].contains_properly(shapes[hole])] for hole in holes}
    if any(len(places) != 1 for places in homes.values()):
        return []
    found = []
    for place in outer:
        candidate = Polygons.from_rings([[rings[place], *(rings[hole] for hole in holes if homes[hole] == [place])]])
        if float(RingChecks(candidate).bend_m[0]) > _FLATNESS_M or not shapely.is_valid(_plans(candidate)).all():
            return []
        found.append(NewGround(row, candidate.rings(0), float(candidate.areas_m2[0])))
    return found


def _plans(polygons: Polygons) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    lengths = np.diff(polygons.ring_start)
    rings = shapely.linearrings(polygons.vertices[:, :2], indices=np.repeat(np.arange(len(lengths)), lengths))
    shapes: np.ndarray[tuple[int], np.dtype[np.object_]] = shapely.polygons(
        rings, indices=np.repeat(np.arange(len(polygons)), np.diff(polygons.polygon_start))
    )
    return shapes
