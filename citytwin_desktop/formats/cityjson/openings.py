"""Windows and doors that lie on a wall without an opening for them: cut out, so that no area counts twice."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.formats.report import ImportReport

_OPENING_KINDS = (SurfaceKind.WINDOW, SurfaceKind.DOOR)
_FARTHEST_FROM_PLANE_M = 0.02
_SAME_DIRECTION = 0.995
_WITHIN, _BESIDE = 0.99, 0.02
"""Share of an opening's area on a wall from which it lies in it, and below which it lies beside it."""


def cut_openings(
    polygons: Polygons, kind: NDArray[np.uint8], owner: IntArray, names: Sequence[str], report: ImportReport
) -> Polygons:
    """Surfaces with holes where windows and doors lie on closed walls or roofs.

    A wall that has its hole already stays as it is, as does one that an opening only partly overlaps, which is
    reported. The hole's corners are those of the opening.

    Parameters
    ----------
    polygons : Polygons
    kind : ndarray, (n_surfaces,) uint8
    owner : ndarray, (n_surfaces,) int64
        Ascending place in ``names``.
    names : sequence of str
        Identifiers of the buildings.
    report : ImportReport
    """
    openings = np.flatnonzero(np.isin(kind, _OPENING_KINDS))
    if not len(openings):
        return polygons
    holes: dict[int, list[FloatArray]] = {}
    for building in np.unique(owner[openings]).tolist():
        first, last = np.searchsorted(owner, [building, building + 1])
        mine = np.arange(first, last)
        is_opening = np.isin(kind[mine], _OPENING_KINDS)
        found = _Walls(polygons, mine[~is_opening]).holes_for(mine[is_opening])
        for wall, ring in found.rings:
            holes.setdefault(wall, []).append(ring)
        if found.rings:
            message = f"{len(found.rings)} windows or doors were cut out of the walls they lie on, to count area once."
            report.add(names[building], "opening_cut_out", message, "repaired")
        if found.across:
            message = f"{found.across} windows or doors reach beyond the wall they lie on: their area counts twice."
            report.add(names[building], "opening_overlaps", message)
    return _with_holes(polygons, holes) if holes else polygons


class _Found:
    def __init__(self) -> None:
        self.rings: list[tuple[int, FloatArray]] = []
        self.across = 0


class _Walls:
    """Surfaces of one building that openings may lie on."""

    def __init__(self, polygons: Polygons, places: IntArray) -> None:
        self._all, self._places = polygons, places
        self._normals = polygons.normals[places]
        self._anchors = polygons.vertices[polygons.first_vertex[places]]

    def holes_for(self, openings: IntArray) -> _Found:
        found = _Found()
        for opening in openings.tolist():
            ring, normal = self._all.rings(opening)[0], self._all.normals[opening]
            for wall in self._places[self._in_plane(ring, normal)].tolist():
                share = self._share_on(ring, normal, wall)
                if share > _WITHIN:
                    same = float(normal @ self._all.normals[wall]) > 0.0
                    found.rings.append((wall, ring[::-1] if same else ring))
                    break
                found.across += share > _BESIDE
        return found

    def _in_plane(self, ring: FloatArray, normal: FloatArray) -> NDArray[np.bool_]:
        """Which walls lie in the plane of an opening."""
        parallel = np.abs(self._normals @ normal) > _SAME_DIRECTION
        offsets = np.einsum("wij,wj->wi", ring[None] - self._anchors[:, None], self._normals)
        return np.asarray(parallel & (np.abs(offsets).max(axis=1, initial=0.0) < _FARTHEST_FROM_PLANE_M))

    def _share_on(self, ring: FloatArray, normal: FloatArray, wall: int) -> float:
        """Share of an opening's area that lies on a wall, its holes not counted as wall."""
        axes = np.delete(np.arange(3), np.argmax(np.abs(normal)))
        outer, *inner = (part[:, axes] for part in self._all.rings(wall))
        pane = shapely.make_valid(shapely.Polygon(ring[:, axes]))
        area = float(pane.area)
        if area <= 0.0:
            return 0.0
        ground = shapely.make_valid(shapely.Polygon(outer, inner))
        return float(shapely.intersection(ground, pane).area) / area


def _with_holes(polygons: Polygons, holes: dict[int, list[FloatArray]]) -> Polygons:
    changed = sorted(holes)
    cut = Polygons.from_rings([*polygons.rings(place), *holes[place]] for place in changed)
    place = np.arange(len(polygons))
    place[changed] = len(polygons) + np.arange(len(changed))
    return Polygons.concatenate([polygons, cut]).take(place)
