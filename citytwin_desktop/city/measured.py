"""What is measured of each row's geometry: height, volume and areas."""

from collections.abc import Callable

import numpy as np

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray

_AREAS = {
    "footprint_area_m2": SurfaceKind.GROUND,
    "wall_area_m2": SurfaceKind.WALL,
    "roof_area_m2": SurfaceKind.ROOF,
}
MEASURED = ("measured_height_m", "volume_m3", *_AREAS)
"""Names of all quantities; together they take about a second for 100,000 buildings."""


def measured(city: CityModel) -> dict[str, FloatArray]:
    """Every quantity by name; touches nothing else, so it may be done on another thread.

    Parameters
    ----------
    city : CityModel
    """
    return {name: measured_quantity(city, name) for name in MEASURED}


def measured_quantity(city: CityModel, name: str) -> FloatArray:
    """(n_buildings,) float64: one quantity of each building or part by itself, nan for rows without surfaces.

    Parameters
    ----------
    city : CityModel
    name : str
        Of `MEASURED`: height over the lowest point [m], volume [m³], or areas of ground, walls or roofs [m²].
    """
    values, rows = np.full(len(city.buildings), np.nan), city.rows_with_geometry
    if name == "measured_height_m":
        low, high = city.bounds_m
        values[rows] = (high - low)[rows, 2]
    elif name == "volume_m3":
        values[rows] = city.volumes_m3()[rows]
    else:
        values[rows] = city.surfaces.building_area_m2(_AREAS[name], len(city.buildings))[rows]
    return values


def geometry_column(buildings: Buildings, name: str, measure: Callable[[str], FloatArray]) -> FloatArray:
    """(n_buildings,) float64: a quantity as tables, charts and conditions show it.

    Parameters
    ----------
    buildings : Buildings
    name : str
        Of `MEASURED`; or ``height_m``, as noted and else as measured; or ``floor_area_m2``, ground area times storeys.
    measure : callable
        Gives what is measured by its name.
    """
    if name == "height_m":
        noted = buildings.columns[name]
        return np.where(np.isnan(noted), measure("measured_height_m"), noted)
    if name == "floor_area_m2":
        return measure("footprint_area_m2") * buildings.columns["storeys"]
    return measure(name)
