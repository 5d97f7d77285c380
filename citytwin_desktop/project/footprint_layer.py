"""Footprints of building rows for the GeoPackage layer, that QGIS shows."""

import numpy as np
import shapely

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel


def footprint_shapes(city: CityModel, origin: tuple[float, float, float]) -> list[shapely.MultiPolygon]:
    """One multi-polygon in world coordinates for each row; empty where nothing lies on the ground.

    Parameters
    ----------
    city : CityModel
        Local coordinates.
    origin : tuple of float [m]
        World coordinates of the local origin.
    """
    shift = np.array(origin[:2])
    shapes = []
    for row in range(len(city.buildings)):
        owned = city.surfaces.of_building(row)
        grounds = np.flatnonzero(city.surfaces.kind[owned] == SurfaceKind.GROUND) + owned.start
        parts = []
        for index in grounds:
            rings = [ring[:, :2] + shift for ring in city.surfaces.polygons.rings(index)]
            polygon = shapely.Polygon(rings[0], rings[1:])
            parts.append(polygon if polygon.is_valid else shapely.make_valid(polygon))
        shapes.append(_multi(parts))
    return shapes


def _multi(parts: list[shapely.Geometry]) -> shapely.MultiPolygon:
    polygons = [
        piece
        for part in parts
        for piece in shapely.get_parts(part)
        if piece.geom_type == "Polygon" and not piece.is_empty
    ]
    return shapely.MultiPolygon(polygons)
