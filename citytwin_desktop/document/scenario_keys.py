"""Specifications of a scenario and keys of its EnergyPlus results, followed from edit to edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.district import District
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.city.scenario import Scenario
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.document import keys
from citytwin_desktop.document.shared_specifications import (
    SPECIFICATION_COLUMNS,
    changed_rows,
    shared_specifications,
)
from citytwin_desktop.sim.energyplus.inputs import EnergySettings

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ScenarioSpecs:
    """Specifications of one scenario in one state of the district.

    Parameters
    ----------
    district : District
    scenario : Scenario
    rows : ndarray, (k,) int64
        Rows with geometry.
    names : list of str
        Their identifiers.
    specs : mapping of str to EnergySpec
        Of those that have an archetype.
    """

    district: District
    scenario: Scenario
    rows: IntArray
    names: list[str]
    specs: Mapping[str, EnergySpec]

    @classmethod
    def of(cls, district: District, scenario_id: str, before: ScenarioSpecs | None) -> ScenarioSpecs:
        """Specifications of a district; those of rows that are as they were are taken from an earlier state."""
        scenario = district.scenario(scenario_id)
        if before is None or not same_rows(before.district, district):
            return cls._anew(district, scenario)
        changed = changed_rows(before.district, district, SPECIFICATION_COLUMNS) if before.district is not district \
            else np.zeros(len(district.city.buildings), bool)  # fmt: skip
        if before.scenario is not scenario:
            changed |= _assigned_otherwise(before.scenario, scenario, district)
        places = np.flatnonzero(changed[before.rows])
        specs = dict(before.specs) if len(places) else before.specs
        fresh = shared_specifications(district, scenario, before.rows[places])
        for place, spec in zip(places.tolist(), fresh, strict=True):
            name = before.names[place]
            if spec is not None:
                specs[name] = spec  # type: ignore[index]
            else:
                specs.pop(name, None)  # type: ignore[attr-defined]
        if len(specs) != len(before.specs):
            specs = {name: specs[name] for name in before.names if name in specs}
        return cls(district, scenario, before.rows, before.names, specs)

    @classmethod
    def _anew(cls, district: District, scenario: Scenario) -> ScenarioSpecs:
        rows = district.city.rows_with_geometry
        names = [str(name) for name in district.city.buildings.ids[rows].tolist()]
        found = zip(names, shared_specifications(district, scenario, rows), strict=True)
        return cls(district, scenario, rows, names, {name: spec for name, spec in found if spec is not None})


def same_rows(before: District, after: District) -> bool:
    """Whether two states have the same buildings in the same order, and the same of them with geometry."""
    if before is after:
        return True
    old, new = before.city, after.city
    if old.buildings.ids is not new.buildings.ids and not np.array_equal(old.buildings.ids, new.buildings.ids):
        return False
    return old.surfaces is new.surfaces or np.array_equal(old.rows_with_geometry, new.rows_with_geometry)


def _assigned_otherwise(before: Scenario, after: Scenario, district: District) -> Flags:
    """Rows whose package is another, or that of the building they are a part of."""
    buildings = district.city.buildings
    names = {
        name
        for name in before.assignments.keys() | after.assignments.keys()
        if before.assignments.get(name) != after.assignments.get(name)
    }
    found = np.zeros(len(buildings), bool)
    found[buildings.rows([name for name in names if name in buildings])] = True
    if names:
        parents = buildings.columns["parent_id"].tolist()
        found |= np.fromiter((parent in names for parent in parents), bool, len(parents))
    return found


@dataclass(frozen=True, eq=False)
class ScenarioKeys:
    """Keys of one scenario's EnergyPlus results in one state.

    Parameters
    ----------
    specs : ScenarioSpecs
    weather : Weather
    settings : EnergySettings
    around : str
        Hash of trees and terrain as they shade rooms.
    shapes : list of str
        Hash of each row of the city and of what stands around it.
    keys : mapping of str to str
        Of every row with geometry; empty where an input is missing.
    """

    specs: ScenarioSpecs
    weather: Weather
    settings: EnergySettings
    around: str
    shapes: list[str]
    keys: Mapping[str, str]

    def of(self, specs: ScenarioSpecs, around: str, shapes: list[str]) -> ScenarioKeys:
        """Keys in another state under the same weather and settings."""
        made = replace(self, specs=specs, around=around, shapes=shapes)
        if specs.names is not self.specs.names or around != self.around:
            return made.anew()
        changed = np.zeros(len(specs.rows), bool)
        if specs.specs is not self.specs.specs:
            old, new = self.specs.specs, specs.specs
            changed |= np.fromiter((old.get(n) is not new.get(n) for n in specs.names), bool, len(changed))
        if shapes is not self.shapes:
            rows = specs.rows.tolist()
            changed |= np.fromiter((self.shapes[row] != shapes[row] for row in rows), bool, len(changed))
        if specs.district is not self.specs.district:
            changed |= changed_rows(self.specs.district, specs.district, ("storeys",))[specs.rows]
        places = np.flatnonzero(changed)
        if not len(places):
            return made
        return replace(made, keys={**self.keys, **made._at(places.tolist())})  # noqa: SLF001 - of its kind

    def anew(self) -> ScenarioKeys:
        """All keys from the start."""
        return replace(self, keys=self._at(range(len(self.specs.names))))

    def _at(self, places: Any) -> dict[str, str]:
        specs, storeys = self.specs, self.specs.district.city.buildings.columns["storeys"].tolist()
        found = dict.fromkeys([specs.names[place] for place in places], "")
        known = [place for place in places if specs.names[place] in specs.specs]
        rows = specs.rows[np.array(known, np.int64)].tolist()
        made = keys.energy_keys(
            [self.shapes[row] for row in rows],
            self.around,
            [storeys[row] for row in rows],
            [specs.specs[specs.names[place]] for place in known],
            self.weather,
            self.settings,
        )
        found.update(zip([specs.names[place] for place in known], made, strict=True))
        return found


@dataclass(frozen=True, eq=False)
class EstimateKeys:
    """Keys of the estimates of one scenario, and what they were made of.

    Parameters
    ----------
    energy : mapping of str to str
        Key of the EnergyPlus result that each stands in for.
    solar : str
        Of the operators that give the gains.
    base : mapping of str to str
        Key of the result that each is calibrated by, where there is one.
    keys : mapping of str to str
        Empty where an input is missing.
    """

    energy: Mapping[str, str]
    solar: str
    base: Mapping[str, str]
    keys: Mapping[str, str]

    @classmethod
    def of(cls, energy: Mapping[str, str], solar: str, base: Mapping[str, str], known: EstimateKeys | None) -> Self:
        """Keys of today; those that are known already are not made again."""
        old = known if known is not None and known.solar == solar else cls({}, solar, {}, {})
        if old.energy is energy and old.base == base:
            return cls(energy, solar, base, old.keys)
        before, calibrated = old.energy.get, old.base.get
        found = {name: "" for name, key in energy.items() if not key}
        found |= {
            name: old.keys[name]
            for name, key in energy.items()
            if key and before(name) == key and calibrated(name) == base.get(name)
        }
        due = [name for name in energy if name not in found]
        made = keys.estimate_keys([energy[name] for name in due], solar, [base.get(name, "") for name in due])
        return cls(energy, solar, base, found | dict(zip(due, made, strict=True)))
