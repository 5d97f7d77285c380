"""A plane cut into faces by lines: noding, neighbours across edges, dissolving by label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray

GRID_M = 0.01
"""Corners are snapped to this grid, so that neighbours share them exactly."""

Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class HalfEdges:
    """Edges of faces, each in the direction that keeps its own face on the left.

    Parameters
    ----------
    start, end : ndarray, (m, 2) float64 [m]
    face : ndarray, (m,) int64
        Face on the left.
    other : ndarray, (m,) int64
        Face on the right, -1 for none.
    """

    start: FloatArray
    end: FloatArray
    face: IntArray
    other: IntArray

    @property
    def length_m(self) -> FloatArray:
        """(m,) float64 [m]."""
        return np.asarray(np.hypot(*(self.end - self.start).T))


def cut_faces(lines: Sequence[Any]) -> Shapes:
    """Faces that lines enclose, between all of them.

    Parameters
    ----------
    lines : sequence of shapely geometries
        Lines or rings; they may cross and overlap.

    Returns
    -------
    ndarray of shapely.Polygon
        Without overlap, outer rings counter-clockwise; corners on the grid, and neighbours share all of them.
    """
    return _polygons(shapely.union_all(np.array(lines, object), grid_size=GRID_M))


def half_edges(faces: Shapes) -> HalfEdges:
    """Edges of faces that share their corners."""
    rings, owner = shapely.get_rings(faces, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    start, end, face = points[:-1][same], points[1:][same], owner[ring[:-1][same]]
    keys = np.round(np.hstack([start, end]) * 1000.0).astype(np.int64).tolist()
    owners = {tuple(key): place for key, place in zip(keys, face.tolist(), strict=True)}
    other = [owners.get((key[2], key[3], key[0], key[1]), -1) for key in keys]
    return HalfEdges(start, end, face.astype(np.int64), np.array(other, np.int64))


def dissolved(faces: Shapes, label: IntArray, tolerance_m: float) -> tuple[Shapes, IntArray]:
    """Join neighbours of equal label, and straighten the lines between labels.

    Parameters
    ----------
    faces : ndarray, (n,) of shapely.Polygon
        As `cut_faces` makes them.
    label : ndarray, (n,) int64
        Not negative.
    tolerance_m : float [m]
        How far a corner between two labels may lie off the straight line for being left out.

    Returns
    -------
    faces : ndarray, (m,) of shapely.Polygon
    label : ndarray, (m,) int64
    """
    edges = half_edges(faces)
    beyond = np.where(edges.other >= 0, label[edges.other], -1)
    border = label[edges.face] > beyond
    segments = shapely.linestrings(np.stack([edges.start[border], edges.end[border]], axis=1))
    arcs = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(segments)))
    joined = _polygons(shapely.simplify(arcs, tolerance_m))
    inside, place = shapely.STRtree(faces).query(shapely.point_on_surface(joined), predicate="intersects")
    found = np.full(len(joined), -1, np.int64)
    found[inside] = label[place]
    kept = found >= 0
    return joined[kept], found[kept]


def _polygons(lines: Any) -> Shapes:
    parts: Shapes = shapely.get_parts(shapely.polygonize(np.atleast_1d(np.array(lines, object))))
    return np.asarray(shapely.orient_polygons(parts), object)
