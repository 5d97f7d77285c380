"""Triangles of many polygons with holes, for drawing and for tracing rays."""

from dataclasses import dataclass
from typing import Any

import mapbox_earcut
import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons

_FANNED_CORNERS = 4
_SMALLEST_DOUBLE_AREA_M2 = 1e-12
_STRAIGHT = 1e-9
"""Sine of a turn to the right that is only noise."""


@dataclass(frozen=True, eq=False)
class Triangles:
    """Triangles over the vertices of the polygons that they came from.

    Parameters
    ----------
    indices : ndarray, (t, 3) int64
        Rows of ``polygons.vertices``; wound like the polygon.
    polygon : ndarray, (t,) int64
        Polygon of each triangle; ascending.
    """

    indices: IntArray
    polygon: IntArray

    def __len__(self) -> int:
        return len(self.polygon)


def triangulate(polygons: Polygons) -> Triangles:
    """Cut polygons into triangles, holes left open.

    Triangles and convex polygons are fanned at once; the rest goes through earcut one by one,
    projected along the largest component of the normal, so slightly bent polygons work too. A polygon without
    area yields no triangle. A self-intersecting one yields what earcut makes of it.

    Parameters
    ----------
    polygons : Polygons

    Returns
    -------
    Triangles
    """
    if not len(polygons):
        return Triangles(np.zeros((0, 3), np.int64), np.zeros(0, np.int64))
    plane = project_to_plane(polygons)
    ring_counts = np.diff(polygons.polygon_start)
    first = polygons.ring_start[polygons.polygon_start[:-1]]
    corners = polygons.ring_start[polygons.polygon_start[1:]] - first
    solid = polygons.areas_m2 > 0.0
    threes = np.flatnonzero(solid & (ring_counts == 1) & (corners == _FANNED_CORNERS - 1))
    quads = np.flatnonzero(solid & (ring_counts == 1) & (corners == _FANNED_CORNERS))
    convex = quads[_convex(plane, first[quads])]
    cut = solid & (corners >= _FANNED_CORNERS)
    cut[convex] = False
    rounded = np.flatnonzero(cut & (ring_counts == 1))
    rounded = rounded[_convex_rings(polygons, plane, rounded)]
    cut[rounded] = False
    parts = [
        (first[threes, None] + np.array([0, 1, 2]), threes),
        (first[convex, None] + np.array([0, 1, 2]), convex),
        (first[convex, None] + np.array([0, 2, 3]), convex),
        _fans(first[rounded], corners[rounded], rounded),
        _earcut(polygons, plane, np.flatnonzero(cut)),
    ]
    indices = np.concatenate([part[0] for part in parts])
    owner = np.concatenate([part[1] for part in parts])
    indices, kept = _wound_like_polygon(plane, indices)
    order = np.argsort(owner[kept], kind="stable")
    return Triangles(indices[order], owner[kept][order])


def project_to_plane(polygons: Polygons) -> FloatArray:
    """Drop from each vertex the axis that its polygon's normal follows most.

    Parameters
    ----------
    polygons : Polygons

    Returns
    -------
    ndarray, (n_vertices, 2) float64 [m]
        Relative to the polygon's first vertex; outer rings run counter-clockwise. Areas are foreshortened.
    """
    vectors = polygons.area_vectors_m2
    axis = np.argmax(np.abs(vectors), axis=1)
    backwards = np.take_along_axis(vectors, axis[:, None], axis=1)[:, 0] < 0.0
    u_axis, v_axis = (axis + 1) % 3, (axis + 2) % 3
    u_axis, v_axis = np.where(backwards, v_axis, u_axis), np.where(backwards, u_axis, v_axis)
    owner = polygons.vertex_polygon
    local = polygons.vertices - polygons.vertices[polygons.first_vertex[owner]]
    rows = np.arange(len(local))
    return np.column_stack([local[rows, u_axis[owner]], local[rows, v_axis[owner]]])


def _convex(plane: FloatArray, first: IntArray) -> NDArray[np.bool_]:
    """Whether every corner of each quadrilateral turns left."""
    ring = plane[first[:, None] + np.arange(_FANNED_CORNERS)]
    edges = np.roll(ring, -1, axis=1) - ring
    following = np.roll(edges, -1, axis=1)
    turn = edges[..., 0] * following[..., 1] - edges[..., 1] * following[..., 0]
    return np.asarray((turn > 0.0).all(axis=1))


def _convex_rings(polygons: Polygons, plane: FloatArray, chosen: IntArray) -> NDArray[np.bool_]:
    """Whether each polygon of one ring turns left, or goes straight on, at every corner, and turns round once only."""
    if not len(chosen):
        return np.zeros(0, bool)
    start = polygons.ring_start[polygons.polygon_start[chosen]]
    count = polygons.ring_start[polygons.polygon_start[chosen] + 1] - start
    group = np.repeat(np.arange(len(chosen)), count)
    rows = np.arange(len(group)) + np.repeat(start - (np.cumsum(count) - count), count)
    following = polygons.following_vertex
    edge = plane[following] - plane
    here, there = edge[rows], edge[following[rows]]
    cross = here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0]
    dot = (here * there).sum(axis=1)
    lengths = np.sqrt((here**2).sum(axis=1) * (there**2).sum(axis=1))
    bent_right = np.bincount(group, (cross < -_STRAIGHT * lengths) | (lengths == 0.0), minlength=len(chosen)) > 0
    turns = np.bincount(group, np.arctan2(cross, dot), minlength=len(chosen))
    return np.asarray(~bent_right & (np.abs(turns - 2.0 * np.pi) < 0.1))


def _fans(first: IntArray, corners: IntArray, chosen: IntArray) -> tuple[IntArray, IntArray]:
    """Triangles of convex polygons, all from their first corner."""
    counts = corners - 2
    owner = np.repeat(np.arange(len(chosen)), counts)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    apex = first[owner]
    return np.stack([apex, apex + step + 1, apex + step + 2], axis=1).reshape(-1, 3), chosen[owner]


def _earcut(polygons: Polygons, plane: FloatArray, chosen: IntArray) -> tuple[IntArray, IntArray]:
    if not len(chosen):
        return np.zeros((0, 3), np.int64), chosen
    first_ring, last_ring = polygons.polygon_start[chosen], polygons.polygon_start[chosen + 1]
    first, last = polygons.ring_start[first_ring], polygons.ring_start[last_ring]
    ends: list[Any] = np.split(last - first, np.arange(1, len(chosen)))
    for place in np.flatnonzero(last_ring - first_ring > 1).tolist():
        ends[place] = polygons.ring_start[first_ring[place] + 1 : last_ring[place] + 1] - first[place]
    pieces = [
        mapbox_earcut.triangulate_float64(plane[start:stop], np.asarray(end, np.uint32))
        for start, stop, end in zip(first.tolist(), last.tolist(), ends, strict=True)
    ]
    corners = np.fromiter(map(len, pieces), np.int64, len(pieces))
    flat = np.concatenate(pieces).astype(np.int64) + np.repeat(first, corners)
    return flat.reshape(-1, 3), np.repeat(chosen, corners // 3)


def _wound_like_polygon(plane: FloatArray, indices: IntArray) -> tuple[IntArray, IntArray]:
    """Turn every triangle counter-clockwise in its plane; drop the flat ones, tell which stayed."""
    a, b, c = (plane[indices[:, corner]] for corner in range(3))
    double_area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    turned = np.where((double_area < 0.0)[:, None], indices[:, [0, 2, 1]], indices)
    kept = np.flatnonzero(np.abs(double_area) > _SMALLEST_DOUBLE_AREA_M2)
    return turned[kept], kept
