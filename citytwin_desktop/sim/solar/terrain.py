"""Heights on a triangulated terrain."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.ray_tree import ray_tree

FloatArray = NDArray[np.float64]

_ABOVE_M = 10.0
_LEVEL = 1e-6


def height_on_triangles_m(places_m: FloatArray, triangles_m: FloatArray) -> FloatArray:
    """Height of the uppermost triangle over each place.

    Parameters
    ----------
    places_m : ndarray, (k, 2) float64 [m]
    triangles_m : ndarray, (t, 3, 3) float64 [m]

    Returns
    -------
    ndarray, (k,) float64 [m]
        nan where there is none.

    Raises
    ------
    KnownError
        When the ray tracing library is missing.
    """
    top = triangles_m[..., 2].max() + _ABOVE_M
    origins = np.column_stack([places_m, np.full(len(places_m), top)]).astype(np.float32)
    down = np.tile(np.array([0, 0, -1], np.float32), (len(origins), 1))
    tree = ray_tree(np.ascontiguousarray(triangles_m, np.float32))
    hit = np.asarray(tree.run(origins, down, query="INTERSECT"), np.int64)
    height = np.full(len(places_m), np.nan)
    found = np.flatnonzero(hit >= 0)
    corner = triangles_m[hit[found]]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    slanted = np.abs(normal[:, 2]) > _LEVEL * np.linalg.norm(normal, axis=1)
    found, corner, normal = found[slanted], corner[slanted], normal[slanted]
    offset = places_m[found] - corner[:, 0, :2]
    height[found] = corner[:, 0, 2] - (normal[:, :2] * offset).sum(axis=1) / normal[:, 2]
    return height
