"""Degrees to metres around a place and back, for what is easier measured than reckoned on a globe."""

import numpy as np

from citytwin_desktop.city.polygons import FloatArray

_SEMI_MAJOR_M = 6_378_137.0
_ECCENTRICITY_SQUARED = 0.00669437999014
"""Of the ellipsoid WGS 84 (EPSG:7030)."""


def metres_per_degree(latitude_deg: FloatArray) -> FloatArray:
    """(n, 2) float64 [m/deg]: lengths of a degree east and a degree north.

    Parameters
    ----------
    latitude_deg : ndarray, (n,) float64

    Notes
    -----
    Radii of curvature in the prime vertical and the meridian; over a building's size the plane is good to 1e-6.
    """
    sine = np.sin(np.radians(latitude_deg))
    bend = 1.0 - _ECCENTRICITY_SQUARED * sine**2
    east = _SEMI_MAJOR_M / np.sqrt(bend) * np.cos(np.radians(latitude_deg))
    north = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / bend**1.5
    return np.asarray(np.radians(np.column_stack([np.maximum(east, 1.0), north])))
