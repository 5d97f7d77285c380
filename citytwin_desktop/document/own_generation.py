"""Electricity that a building makes itself, from the solar engine's collectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.project import result_store

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


@dataclass(frozen=True)
class OwnPhotovoltaics:
    """Photovoltaics of one row.

    Parameters
    ----------
    collectors : str
        Key of the collectors' result that gives their hours; empty while they are unknown, because today's is missing
        or because a part of the same building has no result to share the modules by.
    share : float
        Of the potential of the building that the row belongs to.
    """

    collectors: str
    share: float

    @property
    def known(self) -> bool:
        """Whether their hours can be told."""
        return bool(self.collectors)


def own_photovoltaics(
    document: Document, spec: EnergySpec, building_id: str, scenario_id: str
) -> OwnPhotovoltaics | None:
    """Photovoltaics of one row: by floor area its share of those of the building; None when nothing is installed.

    Parameters
    ----------
    document : Document
    spec : EnergySpec
        Says what share of the potential is installed.
    building_id : str
        Of a building, or of a part.
    scenario_id : str
    """
    if not spec.photovoltaic_share > 0:
        return None
    share = _share_of_building(document, building_id, scenario_id)
    if share is None:
        return OwnPhotovoltaics("", 0.0)
    return OwnPhotovoltaics(document.collectors.fresh_key, spec.photovoltaic_share * share)


def own_generation(document: Document, own: OwnPhotovoltaics, building_id: str) -> NDArray[np.float64]:
    """(hours,) float64 [kWh]: generation of photovoltaics that are known."""
    buildings = document.city.buildings
    row = buildings.parent_row()[buildings.row(building_id)]
    hours = np.zeros(document.year_hours)
    for batch in document.collectors.hourly(np.array([row], np.int64)):
        hours += batch.photovoltaic.hourly_kwh[0]
    return hours * own.share


def _share_of_building(document: Document, building_id: str, scenario_id: str) -> float | None:
    """Share of one row in the floor area of the building that it is a part of; None where a part has no result."""
    buildings = document.city.buildings
    parents, row = buildings.parent_row(), buildings.row(building_id)
    with_geometry = document.city.rows_with_geometry
    names = [str(buildings.ids[part]) for part in with_geometry[parents[with_geometry] == parents[row]]]
    if names == [building_id]:
        return 1.0
    shown = document.energy.shown(scenario_id)
    with document.project.reading() as connection:
        areas = result_store.summaries(connection, "floor_area_m2")
    area = {name: areas.get(shown[name].key, 0.0) if name in shown else 0.0 for name in names}
    return area[building_id] / sum(area.values()) if all(value > 0 for value in area.values()) else None
