"""Round crowns for many trees at once."""

import numpy as np

from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.formats.cityjson.derived_plants import unit_crown
from citytwin_desktop.formats.osm.local_metres import metres_per_degree


def crowns(places_deg: FloatArray, sizes_m: FloatArray) -> Polygons:
    """Crowns as the plants of CityJSON have them that state their size.

    Parameters
    ----------
    places_deg : ndarray, (n, 2) float64 [deg]
        Longitude and latitude.
    sizes_m : ndarray, (n, 2) float64 [m]
        Height and diameter of the crown.

    Returns
    -------
    Polygons
        Triangles, in degrees and metres above the ground.
    """
    ball = unit_crown()
    half = np.column_stack([sizes_m[:, 1], sizes_m[:, 1], np.minimum(sizes_m[:, 1], sizes_m[:, 0])]) / 2.0
    scale = np.column_stack([metres_per_degree(places_deg[:, 1]), np.ones(len(places_deg))])
    middle = np.column_stack([places_deg, sizes_m[:, 0] - half[:, 2]])
    vertices = (ball[None] * (half / scale)[:, None] + middle[:, None]).reshape(-1, 3)
    count = len(vertices) // 3
    return Polygons(vertices, np.arange(count + 1) * 3, np.arange(count + 1))
