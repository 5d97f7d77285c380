"""Windows and doors of a building that is drawn anew: those stay whose wall is still there."""

from dataclasses import dataclass

import numpy as np
import shapely

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.city.surfaces import Surfaces

OPENINGS = (SurfaceKind.WINDOW, SurfaceKind.DOOR)
_IN_PLANE_M = 0.01
_PARALLEL = 0.999


@dataclass(frozen=True, eq=False)
class KeptOpenings:
    """A body with the openings that fit into it.

    Parameters
    ----------
    surfaces : Surfaces
    kept, dropped : tuple of str
        Names of openings.
    """

    surfaces: Surfaces
    kept: tuple[str, ...]
    dropped: tuple[str, ...]


def with_openings_kept(before: Surfaces, after: Surfaces) -> KeptOpenings:
    """Put the openings of a body into a new one, where they lie in one of its walls.

    Parameters
    ----------
    before, after : Surfaces
        Of one row. A wall of the new body that lies in the plane of an opening and reaches all around it is cut out
        for it, with the opening's own corners, so that the body stays closed.
    """
    openings = np.flatnonzero(np.isin(before.kind, OPENINGS))
    if not len(openings):
        return KeptOpenings(after, (), ())
    walls = _Walls(after)
    kept = [place for place in openings.tolist() if walls.take(before.polygons.rings(place)[0])]
    dropped = [place for place in openings.tolist() if place not in set(kept)]
    names = before.source_id.tolist()
    if kept:
        mine = before.take(np.array(kept, np.int64))
        after = Surfaces.concatenate([walls.cut(), _named_apart(mine, after)])
    return KeptOpenings(after, tuple(names[place] for place in kept), tuple(names[place] for place in dropped))


class _Walls:
    """Walls of a new body, and the holes that are cut into them."""

    def __init__(self, surfaces: Surfaces) -> None:
        self._surfaces = surfaces
        self._rings = [surfaces.polygons.rings(place) for place in range(len(surfaces))]
        self._walls = np.flatnonzero(surfaces.kind == SurfaceKind.WALL).tolist()
        self._plans = {place: _flat(self._rings[place], self._normal(place)) for place in self._walls}

    def take(self, ring: FloatArray) -> bool:
        """Whether a wall holds an opening; it has a hole for it then."""
        facing = Polygons.from_rings([[ring]]).normals[0]
        for place in self._walls:
            normal, outer = self._normal(place), self._rings[place][0]
            if abs(float(normal @ facing)) < _PARALLEL or np.abs((ring - outer[0]) @ normal).max() > _IN_PLANE_M:
                continue
            hole = _flat([ring], normal)
            if hole.is_valid and self._plans[place].covers(hole):
                # A hole runs the other way round than its wall.
                turned = ring if float(facing @ normal) < 0.0 else ring[::-1]
                self._rings[place] = [*self._rings[place], turned.copy()]
                self._plans[place] = self._plans[place].difference(hole)
                return True
        return False

    def cut(self) -> Surfaces:
        """All surfaces, with their holes."""
        old = self._surfaces
        return Surfaces(Polygons.from_rings(self._rings), old.kind, old.building, old.source_id)

    def _normal(self, place: int) -> FloatArray:
        normal: FloatArray = self._surfaces.polygons.normals[place]
        return normal


def _flat(rings: list[FloatArray], normal: FloatArray) -> shapely.Geometry:
    """Rings in the plane of a wall: along it and upwards."""
    along = np.cross([0.0, 0.0, 1.0], normal)
    along = along / max(float(np.linalg.norm(along)), 1e-12)
    axes = np.column_stack([along, np.cross(normal, along)])
    outer, *holes = (ring @ axes for ring in rings)
    return shapely.Polygon(outer, holes)


def _named_apart(openings: Surfaces, others: Surfaces) -> Surfaces:
    """Openings of the new body's row, with names that none of its surfaces has."""
    taken, names = set(others.source_id.tolist()), openings.source_id.copy()
    for place, name in enumerate(openings.source_id.tolist()):
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name}~{number}"
        taken.add(free)
        names[place] = free
    owner = np.full(len(openings), int(others.building[0]) if len(others) else 0, np.int64)
    return Surfaces(openings.polygons, openings.kind, owner, names)
