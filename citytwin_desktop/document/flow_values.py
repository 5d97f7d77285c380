"""Heat through real surfaces, as EnergyPlus found it, for painting and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.document.variables import Variable
from citytwin_desktop.project import result_store

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document
    from citytwin_desktop.document.energy_values import EnergyReader

Floats = NDArray[np.float32]
FLOW_SURFACE, TRANSMISSION, TRANSMITTED = "flow_surface", "transmission", "transmitted_solar"
SMALLEST_AREA_M2 = 0.05


def flow_values(
    document: Document, reader: EnergyReader, chosen: Variable, scenario_id: str, month: int | None
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Heat through each surface, or sun through its windows, per m2 of the surface.

    Parameters
    ----------
    document : Document
    reader : EnergyReader
    chosen : Variable
        ``heat_transmission``, positive for what the rooms lose, or ``transmitted_solar``.
    scenario_id : str
    month : int or None
        0-11; None for the year.

    Returns
    -------
    values : ndarray, (n_surfaces,) float32 [kWh/m2]
        nan where EnergyPlus has no such surface.
    stale, estimate : ndarray, (n_surfaces,) bool
        Nothing is estimated.
    """
    monthly, stale = monthly_flows(document, reader, chosen, scenario_id)
    area = document.city.surfaces.polygons.areas_m2
    energy = monthly.sum(axis=1) if month is None else monthly[:, month]
    values = np.divide(energy, area, out=np.full(len(area), np.nan), where=area >= SMALLEST_AREA_M2)
    return values.astype(np.float32), stale, np.zeros(len(area), bool)


def monthly_flows(
    document: Document, reader: EnergyReader, chosen: Variable, scenario_id: str
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(n_surfaces, 12) float64 [kWh], nan where there is none, and (n_surfaces,) bool whether it is stale."""
    surfaces, buildings = document.city.surfaces, document.city.buildings
    values, stale = np.full((len(surfaces), 12), np.nan), np.zeros(len(surfaces), bool)
    name, sign = (TRANSMITTED, 1.0) if chosen.name == "transmitted_solar" else (TRANSMISSION, -1.0)
    every = reader.shown(scenario_id)
    with document.project.reading() as connection:
        for identifier, shown in every.items():
            own = surfaces.of_building(buildings.row(identifier))
            place = result_store.series(connection, shown.key, FLOW_SURFACE)
            flows = result_store.series(connection, shown.key, name)
            # A stale result may be of other surfaces than today's.
            if place is None or flows is None or flows.shape != (len(place), 12):
                continue
            if len(place) and not 0 <= place.min() <= place.max() < own.stop - own.start:
                continue
            values[own.start + place.astype(np.int64)] = sign * flows
            stale[own] = not shown.fresh
    return values, stale
