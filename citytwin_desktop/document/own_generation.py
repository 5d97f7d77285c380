"""Electricity that a building makes itself, from the solar engine's collectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.document.collector_values import building_hours
from citytwin_desktop.document.variables import variable
from citytwin_desktop.project import result_store

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


def own_generation(
    document: Document, spec: EnergySpec, building_id: str, scenario_id: str
) -> NDArray[np.float64] | None:
    """Hours of the photovoltaics of one row, its share by floor area of those of the building.

    Parameters
    ----------
    document : Document
    spec : EnergySpec
        Says what share of the potential is installed.
    building_id : str
        Of a building, or of a part.
    scenario_id : str

    Returns
    -------
    ndarray, (hours,) float64 [kWh], or None
        None when nothing is installed, or the collectors' result is missing or stale.
    """
    if not spec.photovoltaic_share > 0:
        return None
    potential = document.solar_potential(scenario_id)
    if potential is None or not potential.fresh:
        return None
    found = building_hours(document, variable("pv_yield"), building_id, scenario_id)
    if found is None:
        return None
    share = spec.photovoltaic_share * _share_of_building(document, building_id, scenario_id)
    return np.asarray(found.values * share, np.float64)


def _share_of_building(document: Document, building_id: str, scenario_id: str) -> float:
    """Share of one row in the floor area of the building that it is a part of."""
    buildings = document.city.buildings
    parents, row = buildings.parent_row(), buildings.row(building_id)
    names = [str(buildings.ids[part]) for part in np.flatnonzero(parents == parents[row])]
    shown = document.energy.shown(scenario_id)
    with document.project.reading() as connection:
        areas = result_store.summaries(connection, "floor_area_m2")
    area = {name: areas.get(shown[name].key, 0.0) for name in names if name in shown}
    total = sum(area.values())
    return area.get(building_id, 0.0) / total if total > 0 else 0.0
