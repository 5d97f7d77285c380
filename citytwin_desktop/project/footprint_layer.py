"""Footprints of building rows for the GeoPackage layer, that QGIS shows."""

from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.footprints import plan_polygons
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
    ground = np.flatnonzero(city.surfaces.kind == SurfaceKind.GROUND)
    plans = plan_polygons(city.surfaces.polygons.take(ground).moved(np.array(origin)))
    first = np.searchsorted(city.surfaces.building[ground], np.arange(len(city.buildings) + 1))
    return [_multi(plans[start:end]) for start, end in pairwise(first)]


def _multi(plans: NDArray[np.object_]) -> shapely.MultiPolygon:
    """All polygons among some shapes; making a shape valid may have left it lines."""
    pieces = shapely.get_parts(shapely.get_parts(plans))
    return shapely.MultiPolygon([piece for piece in pieces if piece.geom_type == "Polygon" and not piece.is_empty])
