"""Which buildings are closed bodies, so that they may be written as solids."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel

_STEP_M = 0.001


def closed_rows(city: CityModel) -> NDArray[np.bool_]:
    """Rows whose every edge is walked once each way, and whose volume is positive.

    Parameters
    ----------
    city : CityModel

    Returns
    -------
    ndarray, (n_buildings,) bool
    """
    surfaces, count = city.surfaces, len(city.buildings)
    result = np.zeros(count, bool)
    if not len(surfaces):
        return result
    polygons = surfaces.polygons
    grid = np.round(polygons.vertices / _STEP_M).astype(np.int64)
    _, corner = np.unique(grid, axis=0, return_inverse=True)
    corner = corner.reshape(-1)
    owner = surfaces.building[polygons.vertex_polygon]
    here, there = corner, corner[polygons.following_vertex]
    real = here != there
    low, high = np.minimum(here, there)[real], np.maximum(here, there)[real]
    forward = np.where(here < there, 1, -1)[real]
    edges = np.stack([owner[real], low, high], axis=1)
    found, place = np.unique(edges, axis=0, return_inverse=True)
    balance = np.bincount(place.reshape(-1), forward, minlength=len(found))
    result[surfaces.building] = True
    result[found[balance != 0, 0]] = False
    return result & (city.signed_volumes_m3() > 0.0)
