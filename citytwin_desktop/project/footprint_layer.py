"""Footprints of building rows for the GeoPackage layer, that QGIS shows."""

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.footprints import plan_polygons
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel

_POLYGON = shapely.GeometryType.POLYGON


def footprint_shapes(city: CityModel, origin: tuple[float, float, float]) -> NDArray[np.object_]:
    """One multi-polygon in world coordinates for each row; empty where nothing lies on the ground.

    Parameters
    ----------
    city : CityModel
        Local coordinates.
    origin : tuple of float [m]
        World coordinates of the local origin.

    Returns
    -------
    ndarray, (n_buildings,) object of shapely.MultiPolygon
    """
    ground = np.flatnonzero(city.surfaces.kind == SurfaceKind.GROUND)
    plans = plan_polygons(city.surfaces.polygons.take(ground).moved(np.array(origin)))
    # Making a shape valid may have left it several pieces, nested, and lines among them.
    pieces, plan = shapely.get_parts(plans, return_index=True)
    pieces, piece = shapely.get_parts(pieces, return_index=True)
    row = city.surfaces.building[ground][plan[piece]]
    kept = (shapely.get_type_id(pieces) == _POLYGON) & ~shapely.is_empty(pieces)
    shapes = np.empty(len(city.buildings), object)
    shapes[:] = shapely.MultiPolygon()
    if kept.any():
        rows = row[kept]
        shapes[np.unique(rows)] = shapely.multipolygons(pieces[kept], indices=np.unique(rows, return_inverse=True)[1])
    return shapes
