"""Outlines of buildings in any coordinate reference system."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.footprints import footprints
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import KnownError


@dataclass(frozen=True, eq=False)
class Outlines:
    """Outline and heights of every row of the building table.

    Parameters
    ----------
    shapes : ndarray, (n_buildings,) object of shapely.MultiPolygon
        World coordinates; outer rings counter-clockwise. None for a row without surfaces.
    columns : dict of str to ndarray, (n_buildings,) float64
        ``footprint_area_m2``, ``ground_elevation_m``, ``eave_height_m``, ``ridge_height_m`` and ``mean_height_m``
        (of the flat-roofed body of the same volume); heights above the ground, nan where unknown.
    """

    shapes: NDArray[np.object_]
    columns: dict[str, FloatArray]


def outlines(city: CityModel) -> Outlines:
    """Outlines of all buildings.

    Raises
    ------
    KnownError
        When the city is empty.
    """
    if not len(city.surfaces):
        raise KnownError("The project has no buildings to write: import a city first.")
    found = footprints(city)
    shapes = np.full(len(city.buildings), None, object)
    names = ("footprint_area_m2", "ground_elevation_m", "eave_height_m", "ridge_height_m", "mean_height_m")
    table = np.full((len(city.buildings), len(names)), np.nan)
    rows = np.fromiter(found, np.int64, len(found))
    for row, plan in found.items():
        base = plan.base_z_m
        shapes[row] = plan.geometry
        table[row] = (
            plan.area_m2,
            base + city.origin[2],
            plan.eave_z_m - base,
            plan.ridge_z_m - base,
            plan.mean_height_m,
        )
    offset = np.array(city.origin[:2])
    shapes[rows] = shapely.transform(shapes[rows], lambda corners: corners + offset)
    return Outlines(shapes, {name: table[:, place] for place, name in enumerate(names)})


def with_heights(city: CityModel, plans: Outlines) -> FloatArray:
    """(n_buildings,) float64 [m]: height column of the table, the ridge's height above ground where it is unknown."""
    known = city.buildings.columns["height_m"].astype(np.float64)
    return np.where(np.isfinite(known), known, plans.columns["ridge_height_m"])


def projected(shapes: NDArray[np.object_], epsg: int, target: int) -> NDArray[np.object_]:
    """Shapes in another system, east first; heights stay as they are.

    Raises
    ------
    KnownError
        When there is no such system, or a place lies outside it.
    """
    import pyproj

    if not epsg:
        raise KnownError("The project has no coordinate reference system: import a city first.")
    try:
        transformer = pyproj.Transformer.from_crs(epsg, target, always_xy=True)
    except pyproj.exceptions.CRSError:
        msg = f"EPSG:{target} is unknown: state a coordinate reference system as EPSG:N."
        raise KnownError(msg) from None

    def moved(corners: FloatArray) -> FloatArray:
        x, y = transformer.transform(corners[:, 0], corners[:, 1])
        result = np.column_stack([x, y, *corners.T[2:]])
        if not np.isfinite(result).all():
            msg = f"The city lies outside EPSG:{target}: choose another system for the file."
            raise KnownError(msg)
        return result

    return np.asarray(shapely.transform(shapes, moved, include_z=bool(shapely.has_z(shapes).any())), object)
