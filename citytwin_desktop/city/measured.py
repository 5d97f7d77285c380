"""What is measured of each row's geometry: height, volume and areas."""

from collections.abc import Callable

import numpy as np

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.wholes import greatest, summed

OWN_GROUND = "own_ground_area_m2"
"""Ground under a row by itself, for floor areas: parts have storeys of their own."""
_AREAS = {
    OWN_GROUND: SurfaceKind.GROUND,
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
    """(n_buildings,) float64: one quantity of each building with its parts, or of a part; nan without surfaces.

    Parameters
    ----------
    city : CityModel
    name : str
        Of `MEASURED`: height over the lowest point [m], volume [m³], or areas of ground, walls or roofs [m²].
    """
    if name == "measured_height_m":
        low, high = (_of_rows(city, bound[:, 2]) for bound in city.bounds_m)
        return greatest(city.buildings, high) + greatest(city.buildings, -low)
    if name == "volume_m3":
        return summed(city.buildings, _of_rows(city, city.volumes_m3()))
    own = _of_rows(city, city.surfaces.building_area_m2(_AREAS[name], len(city.buildings)))
    return own if name == OWN_GROUND else summed(city.buildings, own)


def _of_rows(city: CityModel, values: FloatArray) -> FloatArray:
    """(n_buildings,) float64: the same, nan for rows without surfaces."""
    made, rows = np.full(len(city.buildings), np.nan), city.rows_with_geometry
    made[rows] = values[rows]
    return made


def geometry_column(buildings: Buildings, name: str, measure: Callable[[str], FloatArray]) -> FloatArray:
    """(n_buildings,) float64: a quantity as tables, charts and conditions show it.

    Parameters
    ----------
    buildings : Buildings
    name : str
        Of `MEASURED`; or ``height_m``, as noted and else as measured; or ``floor_area_m2``, ground area times storeys
        of each part by itself, of those whose storeys are known.
    measure : callable
        Gives what is measured by its name.
    """
    if name == "height_m":
        noted = buildings.columns[name]
        return np.where(np.isnan(noted), measure("measured_height_m"), noted)
    if name == "floor_area_m2":
        return summed(buildings, measure(OWN_GROUND) * buildings.columns["storeys"])
    return measure(name)
