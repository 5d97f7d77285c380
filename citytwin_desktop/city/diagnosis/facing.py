"""Which surfaces face the wrong way: found only where turning them closes the body."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from citytwin_desktop.city.diagnosis.by_group import count_by, largest_by, least_by, sum_by
from citytwin_desktop.city.diagnosis.shell_edges import ShellEdges, edge_waves, row_totals, slack_m
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.surfaces import Surfaces

BoolArray = NDArray[np.bool_]

_CLEARLY = 0.5
"""Share of a body's cones that must face inwards for an open body to count as inside out."""
_LEAST_SURFACES = 3
_LEAST_VOLUME_M3 = 1e-6
_MOST_PATCHES = 60
_LEVEL = 0.17


@dataclass(frozen=True, eq=False)
class Facing:
    """What faces the wrong way.

    Parameters
    ----------
    single : ndarray, (n_surfaces,) bool
        Surfaces to turn so that their body closes.
    whole : ndarray, (n_rows,) bool
        Bodies that, after that, are inside out as a whole.
    open_rows : ndarray, (n_rows,) bool
        Bodies that are open even then.
    """

    single: BoolArray
    whole: BoolArray
    open_rows: BoolArray

    def turned(self, surfaces: Surfaces) -> BoolArray:
        """(n_surfaces,) bool: surfaces to turn altogether."""
        return self.single ^ self.whole[surfaces.building]

    def inverted(self, surfaces: Surfaces) -> BoolArray:
        """(n_rows,) bool: bodies all of whose surfaces are to be turned."""
        count = len(self.whole)
        turned = count_by(surfaces.building[self.turned(surfaces)], count)
        return np.asarray((turned > 0) & (turned == count_by(surfaces.building, count)))


def facing_of(surfaces: Surfaces, edges: ShellEdges, row_count: int) -> Facing:
    """Find what faces the wrong way.

    A surface is only said to face the wrong way where turning it, with others, closes the whole body; a body only
    where it encloses a negative volume or, if it is open, where nearly all of it faces its middle.

    Parameters
    ----------
    surfaces : Surfaces
    edges : ShellEdges
        Of the same.
    row_count : int
    """
    count = len(surfaces)
    single = np.zeros(count, bool)
    loose = edges.unpaired
    waves = edge_waves(surfaces, edges, loose)
    total = row_totals(edges.row[loose], waves, row_count)
    slack = slack_m(surfaces, edges, row_count)
    is_open = np.linalg.norm(total, axis=1) > slack
    suspects = is_open & _suspects(surfaces, edges, row_count)
    if suspects.any():
        by_surface = row_totals(edges.polygon[loose], waves, count)
        single = _turned_to_close(surfaces, edges, by_surface, suspects, slack)
        is_open = is_open.copy()
        is_open[np.unique(surfaces.building[single])] = False
    return Facing(single, _inside_out(surfaces, single, is_open, edges, row_count), is_open)


def _suspects(surfaces: Surfaces, edges: ShellEdges, row_count: int) -> BoolArray:
    """(n_rows,) bool: bodies in which something runs the wrong way, or that have a roof or a floor twice over."""
    agree = edges.groups_by_row((edges.count == 2) & (edges.forward != 1), row_count) > 0
    upward = surfaces.polygons.area_vectors_m2[:, 2]
    level = np.abs(surfaces.polygons.normals[:, 2]) > _LEVEL
    up = sum_by(surfaces.building, np.where(level, np.maximum(upward, 0.0), 0.0), row_count)
    down = sum_by(surfaces.building, np.where(level, np.maximum(-upward, 0.0), 0.0), row_count)
    flat_count = count_by(surfaces.building[level], row_count)
    one_sided = (np.minimum(up, down) < 0.01 * np.maximum(up, down)) & (flat_count > 1)
    return agree | one_sided


def _turned_to_close(
    surfaces: Surfaces, edges: ShellEdges, by_surface: FloatArray, suspects: BoolArray, slack: FloatArray
) -> BoolArray:
    """(n_surfaces,) bool: surfaces to turn, of those bodies that close by it."""
    count = len(surfaces)
    one, other, agree = edges.pairs
    mine = suspects[surfaces.building[one]]
    one, other, agree = one[mine], other[mine], agree[mine]
    # Two copies of each surface, as it is and turned; an edge ties copies that go together.
    ends = (
        np.concatenate([one, one + count]),
        np.concatenate([np.where(agree, other + count, other), np.where(agree, other, other + count)]),
    )
    links = coo_array((np.ones(len(ends[0]), bool), ends), shape=(2 * count, 2 * count))
    label = connected_components(links, directed=False)[1]
    straight, turned = label[:count], label[count:]
    patch = np.minimum(straight, turned)
    flip = straight > turned
    flip[straight == turned] = False
    result = np.zeros(count, bool)
    rows = np.flatnonzero(suspects)
    first = np.searchsorted(surfaces.building, rows)
    last = np.searchsorted(surfaces.building, rows, side="right")
    for row, begin, end in zip(rows, first, last, strict=True):
        body = slice(int(begin), int(end))
        sign = np.where(flip[body], -1.0, 1.0)
        turned_more = _patches_to_turn(by_surface[body] * sign[:, None], patch[body], float(slack[row]))
        if turned_more is not None:
            result[body] = flip[body] ^ turned_more
    return result


def _patches_to_turn(waves: FloatArray, patch: IntArray, slack: float) -> BoolArray | None:
    """Which surfaces to turn besides, patch by patch, so that the integrals vanish; None when that cannot be."""
    _, place = np.unique(patch, return_inverse=True)
    count = int(place.max()) + 1 if len(place) else 0
    if count > _MOST_PATCHES:
        return None
    parts = row_totals(place, waves, count)
    total = parts.sum(axis=0)
    turned = np.zeros(count, bool)
    for _ in range(count):
        if np.linalg.norm(total) <= slack:
            return np.asarray(turned[place])
        signed = np.where(turned[:, None], -parts, parts)
        rest = np.linalg.norm(total - 2.0 * signed, axis=1)
        best = int(rest.argmin())
        if rest[best] >= np.linalg.norm(total):
            return None
        total = total - 2.0 * signed[best]
        turned[best] = not turned[best]
    return np.asarray(turned[place]) if np.linalg.norm(total) <= slack else None


def _inside_out(
    surfaces: Surfaces, single: BoolArray, is_open: BoolArray, edges: ShellEdges, row_count: int
) -> BoolArray:
    """(n_rows,) bool: bodies that enclose less than nothing, or, if open, face their middle."""
    polygons, owner = surfaces.polygons, surfaces.building
    vertex_row = owner[polygons.vertex_polygon]
    low = least_by(vertex_row, polygons.vertices, row_count, 0.0)
    high = largest_by(vertex_row, polygons.vertices, row_count, 0.0)
    anchors = polygons.vertices[polygons.first_vertex] - ((low + high) / 2.0)[owner] if len(owner) else np.zeros((0, 3))
    cones = np.einsum("ij,ij->i", anchors, polygons.area_vectors_m2) * np.where(single, -1.0, 1.0)
    total, size = sum_by(owner, cones, row_count), sum_by(owner, np.abs(cones), row_count)
    crooked = edges.groups_by_row((edges.count == 2) & (edges.forward != 1), row_count) > 0
    enough = count_by(owner, row_count) >= _LEAST_SURFACES
    clearly = ~crooked & (total < -_CLEARLY * size)
    negative = np.where(is_open, clearly, total < -1e-6 * size)
    return np.asarray(negative & enough & (total < -_LEAST_VOLUME_M3))
