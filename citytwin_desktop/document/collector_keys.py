"""Keys of collector results, and the demand that generation is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.collector_set import CollectorAssumptions
from citytwin_desktop.analysis.wall_windows import wall_window_share
from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.city.district import District
from citytwin_desktop.document.variables import variable
from citytwin_desktop.project import result_store
from citytwin_desktop.sim.collectors.engine import COLLECTORS_VERSION

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

MATCHING = "self-consumption"
"""Engine name under which generation held against demand is stored."""

DEMAND_VARIABLE = "electricity_use"
DEMAND_WORDS = "lighting and equipment, as simulated by EnergyPlus"


def collectors_key(solar: str, district: District) -> str:
    """Key of areas and yields; empty without a key of the solar totals.

    Parameters
    ----------
    solar : str
        Key of the solar totals: geometry, surroundings, weather.
    district : District
    """
    if not solar:
        return ""
    assumptions = CollectorAssumptions.of(district.collector_choices).as_mapping()
    shares = wall_window_share(district.city)
    return content_key("collectors", COLLECTORS_VERSION, solar, assumptions, shares, buildings_of_surfaces(district))


def buildings_of_surfaces(district: District) -> NDArray[np.int64]:
    """(n_surfaces,) int64: row of the building that each surface belongs to, through its part."""
    city = district.city
    return city.buildings.parent_row()[city.surfaces.building] if len(city.surfaces) else np.zeros(0, np.int64)


@dataclass(frozen=True)
class Demands:
    """Buildings whose demand of electricity is fresh, all their parts included.

    Parameters
    ----------
    keys : dict of int to tuple of str
        Keys of the results that make up a building's demand, by its row.
    """

    keys: dict[int, tuple[str, ...]]

    def key(self, row: int) -> str:
        """One key for the demand of a building."""
        return content_key(list(self.keys[row]))

    def series(self, document: Document) -> dict[int, NDArray[np.float32]]:
        """Demand of each building, (hours,) float32 [kWh]."""
        names = variable(DEMAND_VARIABLE).series
        found: dict[int, NDArray[np.float32]] = {}
        with document.project.reading() as connection:
            for row, stored in self.keys.items():
                parts = [result_store.series(connection, key, name) for key in stored for name in names]
                known = [part for part in parts if part is not None]
                if len(known) == len(parts):
                    found[row] = np.asarray(np.sum(known, axis=0), np.float32)
        return found


def fresh_demands(document: Document, scenario_id: str) -> Demands:
    """Demands of a scenario that are of today's inputs."""
    district = document.project.district
    current = document.keys.energy(district, document.weather, scenario_id)
    with document.project.reading() as connection:
        stored = result_store.keys(connection, "energyplus")
    city = district.city
    parents = city.buildings.parent_row()
    keys: dict[int, list[str]] = {}
    for row in city.rows_with_geometry:
        keys.setdefault(int(parents[row]), []).append(current[str(city.buildings.ids[row])])
    return Demands({row: tuple(items) for row, items in keys.items() if all(item in stored for item in items)})


def matching_key(collectors: str, document: Document, demands: Demands) -> str:
    """Key of the generation of all buildings held against their demand; empty when there is nothing to match."""
    if not collectors or not demands.keys:
        return ""
    ids = document.city.buildings.ids
    return content_key(MATCHING, collectors, [[str(ids[row]), demands.key(row)] for row in demands.keys])
