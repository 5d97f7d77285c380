"""A number that tells whether the surfaces of a building are still those that it came with."""

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray

GEOMETRY = "geometry"
"""Key of `geometry_marks` among the origins of a building's values."""

_WEIGHTS = np.array([1.0, np.sqrt(2.0), np.sqrt(3.0)])


def geometry_marks(city: CityModel) -> FloatArray:
    """Give each row a number that any change of its corners, rings or kinds of surfaces changes.

    Parameters
    ----------
    city : CityModel

    Returns
    -------
    ndarray, (n_buildings,) float64
        The same for the same arrays, to the last bit; 0 for a row without surfaces.
    """
    count, surfaces = len(city.buildings), city.surfaces
    if not len(surfaces):
        return np.zeros(count)
    polygons = surfaces.polygons
    row = surfaces.building[polygons.vertex_polygon]
    ring = np.repeat(np.arange(len(polygons.ring_start) - 1), np.diff(polygons.ring_start))
    # Counted from the first of its building, so that what happens to other buildings does not matter.
    first_vertex = np.searchsorted(row, np.arange(count))
    first_ring = ring[np.minimum(first_vertex, len(ring) - 1)]
    first_surface = np.searchsorted(surfaces.building, np.arange(count))
    place = np.arange(len(row)) - first_vertex[row]
    local_ring = ring - first_ring[row]
    local_surface = polygons.vertex_polygon - first_surface[row]
    kinds = surfaces.kind[polygons.vertex_polygon].astype(np.float64)
    factor = np.cos(place + 1.0) + 0.1 * np.sin(local_ring + 0.5) + 0.1 * np.sin(local_surface + kinds * 7.0)
    return np.asarray(np.bincount(row, (polygons.vertices @ _WEIGHTS + 1.0) * factor, minlength=count), np.float64)
