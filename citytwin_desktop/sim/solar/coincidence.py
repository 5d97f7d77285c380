"""Geometry that lies exactly on other geometry: shared walls and repeated triangles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.point_hash import point_hash
from citytwin_desktop.city.polygons import FloatArray, Polygons

_SURFACE_ROUNDING_M = 0.01
_TRIANGLE_ROUNDING_M = 0.001
_SAME_LINE = 0.99


@dataclass(frozen=True, eq=False)
class Coincidence:
    """Surfaces that have the very corners of another one.

    Parameters
    ----------
    shared : ndarray, (n,) bool
        Those of which another one faces the other way: both sides of a fully shared wall, or a floor on a roof. They
        see nothing. Partly shared ones are not among them, the rays find out.
    twin : ndarray, (n,) int64
        First surface with the same corners that faces the same way; the surface itself where it is the first.
    """

    shared: NDArray[np.bool_]
    twin: NDArray[np.int64]


def coincidence(polygons: Polygons, normals: FloatArray) -> Coincidence:
    """Find surfaces that lie on each other corner by corner, wherever their rings begin.

    Parameters
    ----------
    polygons : Polygons
    normals : ndarray, (n, 3) float64

    Returns
    -------
    Coincidence
    """
    shared, twin = np.zeros(len(polygons), bool), np.arange(len(polygons))
    counts = np.bincount(polygons.vertex_polygon, minlength=len(polygons))
    filled = np.flatnonzero(counts)
    starts = np.concatenate([[0], np.cumsum(counts)])[filled]
    mark = np.add.reduceat(point_hash(polygons.vertices, _SURFACE_ROUNDING_M), starts) + counts[filled].astype(
        np.uint64
    )
    _, first, group = np.unique(mark, return_index=True, return_inverse=True)
    # The same corners lie in the same plane, so each normal agrees with the first of its group or opposes it.
    agreement = np.einsum("ij,ij->i", normals[filled], normals[filled[first]][group])
    with_first = np.bincount(group, agreement > _SAME_LINE)
    against_first = np.bincount(group, agreement < -_SAME_LINE)
    shared[filled] = (np.abs(agreement) > _SAME_LINE) & (with_first > 0)[group] & (against_first > 0)[group]
    alike = (agreement > _SAME_LINE) & (against_first == 0)[group]
    twin[filled[alike]] = filled[first][group[alike]]
    return Coincidence(shared, twin)


def first_of_each(corners: NDArray[np.float32]) -> NDArray[np.int64]:
    """Find the triangles that are left when repeated ones go; heaps of them ruin the ray tree.

    Parameters
    ----------
    corners : ndarray, (t, 3, 3) float32 [m]

    Returns
    -------
    ndarray, (k,) int64
        Ascending.
    """
    mark = point_hash(corners.reshape(-1, 3).astype(np.float64), _TRIANGLE_ROUNDING_M).reshape(-1, 3).sum(axis=1)
    _, first = np.unique(mark, return_index=True)
    return np.sort(first)
