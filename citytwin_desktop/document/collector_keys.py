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
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.document.variables import variable
from citytwin_desktop.sim.collectors.engine import COLLECTORS_VERSION

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document
    from citytwin_desktop.document.energy_results import ShownEnergy

MATCHING = "self-consumption"
"""Engine name under which generation held against demand is stored."""

DEMAND_VARIABLE = "electricity_use"
DEMAND_WORDS = "all uses of electricity, as EnergyPlus and the systems give them"


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
    parts : dict of int to tuple of (str, ShownEnergy, EnergySpec)
        Identifier, result and specification of what makes up a building's demand, by its row.
    scenario_id : str
    """

    parts: dict[int, tuple[tuple[str, ShownEnergy, EnergySpec], ...]]
    scenario_id: str

    def key(self, row: int) -> str:
        """One key for the demand of a building: what was simulated, and the systems that meet it."""
        return content_key([[shown.key, spec.values()] for _, shown, spec in self.parts[row]])

    def series(self, document: Document) -> dict[int, NDArray[np.float32]]:
        """Demand of each building, (hours,) float32 [kWh]."""
        chosen = variable(DEMAND_VARIABLE)
        found: dict[int, NDArray[np.float32]] = {}
        for row, parts in self.parts.items():
            hours = [document.energy.hours(chosen, shown, name, self.scenario_id) for name, shown, _ in parts]
            known = [values for values in hours if values is not None]
            if len(known) == len(parts):
                found[row] = np.asarray(np.sum(known, axis=0), np.float32)
        return found


def fresh_demands(document: Document, scenario_id: str) -> Demands:
    """Demands of a scenario that EnergyPlus found of today's inputs."""
    district = document.project.district
    specs = document.keys.specs(district, scenario_id)
    shown = {
        name: item for name, item in document.energy.shown(scenario_id).items() if item.fresh and not item.estimate
    }
    city = district.city
    parents = city.buildings.parent_row()
    names: dict[int, list[str]] = {}
    for row in city.rows_with_geometry:
        names.setdefault(int(parents[row]), []).append(str(city.buildings.ids[row]))
    whole = {row: items for row, items in names.items() if all(item in shown for item in items)}
    return Demands(
        {row: tuple((name, shown[name], specs[name]) for name in items) for row, items in whole.items()}, scenario_id
    )


def matching_key(collectors: str, document: Document, demands: Demands) -> str:
    """Key of the generation of all buildings held against their demand; empty when there is nothing to match."""
    if not collectors or not demands.parts:
        return ""
    ids = document.city.buildings.ids
    return content_key(MATCHING, collectors, [[str(ids[row]), demands.key(row)] for row in demands.parts])
