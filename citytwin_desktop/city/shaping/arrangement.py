"""Faces between many lines: corners are shared exactly, slivers belong to a neighbour."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from citytwin_desktop.city.polygons import FloatArray, IntArray

_SAME_M = 5e-4
"""Half a millimetre, as real plans miss each other by; what is drawn exactly meets to a nanometre."""
_THIN_M = 5e-3
_STRAIGHT_M = 1e-6

Shapes = NDArray[np.object_]


def faces_between(lines: Sequence[Any]) -> Shapes:
    """Faces that lines enclose; corners nearer than a hair are one.

    Parameters
    ----------
    lines : sequence of shapely geometries

    Returns
    -------
    ndarray of shapely.Polygon
        Counter-clockwise; neighbours share all corners bit by bit.
    """
    noded = shapely.get_parts(shapely.union_all(np.array(lines, object)))
    points, line = shapely.get_coordinates(noded, return_index=True)
    near = cKDTree(points).query_pairs(_SAME_M, output_type="ndarray")
    links = coo_array((np.ones(len(near), bool), (near[:, 0], near[:, 1])), shape=(len(points), len(points)))
    label = connected_components(links, directed=False)[1]
    first = np.full(int(label.max(initial=-1)) + 1, len(points))
    np.minimum.at(first, label, np.arange(len(points)))
    same = line[1:] == line[:-1]
    pairs = np.sort(np.column_stack([first[label[:-1]], first[label[1:]]])[same], axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    faces: Shapes = shapely.get_parts(shapely.polygonize(shapely.linestrings(points[pairs])))
    return np.asarray(shapely.orient_polygons(faces), object)


def without_slivers(faces: Shapes, label: IntArray) -> IntArray:
    """(n,) int64: labels, those of faces thinner than 5 mm taken over from the neighbour with the longest border."""
    width = 2.0 * shapely.area(faces) / np.maximum(shapely.length(faces), 1e-9)
    thin, thick = np.flatnonzero(width < _THIN_M), np.flatnonzero(width >= _THIN_M)
    if not len(thin) or not len(thick):
        return label
    found = label.copy()
    tree = shapely.STRtree(faces[thick])
    for place in thin.tolist():
        near = thick[tree.query(faces[place], predicate="intersects")]
        if len(near):
            border = shapely.length(shapely.intersection(faces[near].astype(object), shapely.boundary(faces[place])))
            found[place] = label[near[int(np.argmax(border))]]
    return found


def dissolved(faces: Shapes, label: IntArray) -> tuple[list[shapely.Polygon], IntArray]:
    """Neighbours of one label joined; all corners stay shared.

    Parameters
    ----------
    faces : ndarray of shapely.Polygon
        As `faces_between` gives them.
    label : ndarray, (n,) int64

    Returns
    -------
    faces : list of shapely.Polygon
        Counter-clockwise.
    label : ndarray, (m,) int64
    """
    found: list[shapely.Polygon] = []
    labels: list[int] = []
    for one in np.unique(label).tolist():
        parts = shapely.orient_polygons(shapely.get_parts(shapely.coverage_union_all(faces[label == one])))
        found += parts.tolist()
        labels += [one] * len(parts)
    return found, np.array(labels, np.int64)


def outline_of(faces: Sequence[shapely.Polygon]) -> shapely.Polygon | None:
    """Outline of faces that share their corners, with those corners only where it turns; None for several pieces."""
    union = shapely.coverage_union_all(np.array(faces, object))
    if union.geom_type != "Polygon":
        return None
    rings = [_turning(shapely.get_coordinates(ring)[:-1]) for ring in shapely.get_rings(union)]
    return shapely.orient_polygons(shapely.Polygon(rings[0], rings[1:]))


def _turning(ring: FloatArray) -> FloatArray:
    """Corners that are not on the line between their neighbours, to a micrometre."""
    points = ring
    while len(points) > 3:
        before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
        chord, way = after - before, points - before
        off = np.abs(chord[:, 0] * way[:, 1] - chord[:, 1] * way[:, 0]) / np.maximum(np.hypot(*chord.T), 1e-9)
        idle = np.flatnonzero(off <= _STRAIGHT_M)
        if not len(idle):
            break
        points = np.delete(points, idle[0], axis=0)
    return points
