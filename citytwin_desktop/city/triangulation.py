"""Triangles of many polygons with holes, for drawing and for tracing rays."""

from dataclasses import dataclass

import mapbox_earcut
import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.star_polygons import NONE, seeing_corners

_FANNED_CORNERS = 4
_SMALLEST_DOUBLE_AREA_M2 = 1e-12
_COUNTABLE = 1 << 16
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

    Triangles, convex polygons and those that one corner sees as a whole are fanned at once; the rest goes through
    earcut one by one, projected along the largest component of the normal, so slightly bent polygons work too. A
    polygon without area yields no triangle. A self-intersecting one yields what earcut makes of it.

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
    starry = np.flatnonzero(cut & (ring_counts == 1))
    seeing = seeing_corners(plane, first[starry], corners[starry])
    starry, seeing = starry[seeing != NONE], seeing[seeing != NONE]
    cut[starry] = False
    parts = [
        (first[threes, None] + np.array([0, 1, 2]), threes),
        (first[convex, None] + np.array([0, 1, 2]), convex),
        (first[convex, None] + np.array([0, 2, 3]), convex),
        _fans(first[rounded], corners[rounded], rounded),
        _fans(first[starry], corners[starry], starry, seeing),
        _earcut(polygons, plane, np.flatnonzero(cut)),
    ]
    indices = np.concatenate([part[0] for part in parts])
    owner = np.concatenate([part[1] for part in parts])
    indices, kept = _wound_like_polygon(plane, indices)
    # Short numbers are sorted by counting, which takes a tenth of the time.
    short = owner[kept].astype(np.uint16) if len(polygons) <= _COUNTABLE else owner[kept]
    order = np.argsort(short, kind="stable")
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
    rows = np.arange(0, 3 * len(local), 3)
    plane = np.empty((len(local), 2))
    for place, along in enumerate((u_axis, v_axis)):
        plane[:, place] = local.reshape(-1)[rows + along[owner]]
    return plane


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
    dot = here[:, 0] * there[:, 0] + here[:, 1] * there[:, 1]
    lengths = np.hypot(here[:, 0], here[:, 1]) * np.hypot(there[:, 0], there[:, 1])
    bent_right = np.bincount(group, (cross < -_STRAIGHT * lengths) | (lengths == 0.0), minlength=len(chosen)) > 0
    turns = np.bincount(group, np.arctan2(cross, dot), minlength=len(chosen))
    return np.asarray(~bent_right & (np.abs(turns - 2.0 * np.pi) < 0.1))


def _fans(
    first: IntArray, corners: IntArray, chosen: IntArray, apex: IntArray | None = None
) -> tuple[IntArray, IntArray]:
    """Triangles of polygons, all from their first corner or from another one."""
    counts = corners - 2
    owner = np.repeat(np.arange(len(chosen)), counts)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    begin = np.zeros(len(chosen), np.int64) if apex is None else apex
    fan = (begin[owner, None] + np.stack([np.zeros_like(step), step + 1, step + 2], axis=1)) % corners[owner, None]
    return (first[owner, None] + fan).reshape(-1, 3), chosen[owner]


def _earcut(polygons: Polygons, plane: FloatArray, chosen: IntArray) -> tuple[IntArray, IntArray]:
    if not len(chosen):
        return np.zeros((0, 3), np.int64), chosen
    first_ring, last_ring = polygons.polygon_start[chosen].tolist(), polygons.polygon_start[chosen + 1].tolist()
    first = polygons.ring_start[first_ring]
    ends = polygons.ring_start[1:].astype(np.uint32)
    pieces = [
        mapbox_earcut.triangulate_float64(plane[start : ends[stop - 1]], ends[begin:stop] - np.uint32(start))
        for start, begin, stop in zip(first.tolist(), first_ring, last_ring, strict=True)
    ]
    corners = np.fromiter(map(len, pieces), np.int64, len(pieces))
    flat = np.concatenate(pieces).astype(np.int64) + np.repeat(first, corners)
    return flat.reshape(-1, 3), np.repeat(chosen, corners // 3)


def _wound_like_polygon(plane: FloatArray, indices: IntArray) -> tuple[IntArray, IntArray]:
    """Turn every triangle counter-clockwise in its plane; drop the flat ones, tell which stayed."""
    corners = np.ascontiguousarray(plane).view(np.complex128)[:, 0][indices]  # pairs move together
    b, c = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    double_area = b.real * c.imag - b.imag * c.real
    if (backwards := double_area < 0.0).any():
        indices = np.where(backwards[:, None], indices[:, [0, 2, 1]], indices)
    kept = np.flatnonzero(np.abs(double_area) > _SMALLEST_DOUBLE_AREA_M2)
    return (indices if len(kept) == len(indices) else indices[kept]), kept
