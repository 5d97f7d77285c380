"""Crowns and terrain of a city as triangles, for engines that trace rays."""

import numpy as np

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.city.triangulation import triangulate

_SMALLEST_AREA_M2 = 1e-8
"""Below this a triangle is a needle or a point, whose normal is noise."""


def crown_triangles(city: CityModel) -> FloatArray:
    """Triangles of everything that stands as a tree.

    Parameters
    ----------
    city : CityModel

    Returns
    -------
    ndarray, (t, 3, 3) float64 [m]
        Corners in local coordinates, wound like the polygons they come from; without degenerate ones.
    """
    return _triangles_of(city, ContextKind.TREE)


def terrain_triangles(city: CityModel) -> FloatArray:
    """Triangles of the terrain.

    Parameters
    ----------
    city : CityModel

    Returns
    -------
    ndarray, (t, 3, 3) float64 [m]
        Corners in local coordinates, wound like the polygons they come from; without degenerate ones.
    """
    return _triangles_of(city, ContextKind.TERRAIN)


def _triangles_of(city: CityModel, kind: ContextKind) -> FloatArray:
    polygons = Polygons.concatenate([layer.polygons for layer in city.context if layer.kind is kind])
    corners = polygons.vertices[triangulate(polygons).indices].reshape(-1, 3, 3)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return np.ascontiguousarray(corners[np.linalg.norm(normals, axis=1) > 2.0 * _SMALLEST_AREA_M2])
