"""Reflectance of every surface: the building's own value, or the default of its kind."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.errors import KnownError

OVERRIDDEN_KINDS = {SurfaceKind.WALL: "wall_reflectance", SurfaceKind.ROOF: "roof_reflectance"}
"""Column of the building table that has the last word on surfaces of a kind."""


def surface_reflectance(city: CityModel, conditions: SolarConditions) -> NDArray[np.float32]:
    """Short-wave reflectance of every surface.

    A building part without a value of its own has that of the building it belongs to, and where that has none
    either, the default of the kind. Ground surfaces are black.

    Parameters
    ----------
    city : CityModel
    conditions : SolarConditions

    Returns
    -------
    ndarray, (n_surfaces,) float32 [-]

    Raises
    ------
    KnownError
        When a building has a value that no edit would have let through.
    """
    by_kind = np.array([conditions.kind_reflectance(kind) for kind in SurfaceKind])
    values = by_kind[city.surfaces.kind]
    for kind, column in OVERRIDDEN_KINDS.items():
        own = _own_or_parents(city, column)[city.surfaces.building]
        chosen = (city.surfaces.kind == kind) & ~np.isnan(own)
        values[chosen] = own[chosen]
    return values.astype(np.float32)


def _own_or_parents(city: CityModel, column: str) -> FloatArray:
    """(n_buildings,) float64 [-]: the row's value, else that of the building it is a part of, else nan."""
    buildings, definition = city.buildings, COLUMNS[column]
    own = buildings.columns[column].astype(np.float64)
    wrong = np.flatnonzero(~np.isnan(own) & ~((own >= definition.low) & (own <= definition.high)))
    if len(wrong):
        row = int(wrong[0])
        span = f"{definition.low:g} to {definition.high:g}"
        msg = f"{definition.title} of building “{buildings.ids[row]}” is {own[row]:g}: edit it to a value from {span}."
        raise KnownError(msg)
    if not np.isfinite(own).any():
        return own
    return np.where(np.isnan(own), own[buildings.parent_row()], own)
