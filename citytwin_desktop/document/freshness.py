"""Which results are fresh, stale, missing or failed: keys of today held against the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from citytwin_desktop.city.buildings import REFLECTANCE_COLUMNS
from citytwin_desktop.city.district import District
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.party_walls import GAP_M
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.document import keys
from citytwin_desktop.document.collector_keys import collectors_key
from citytwin_desktop.document.scenario_keys import EstimateKeys, ScenarioKeys, ScenarioSpecs
from citytwin_desktop.document.shape_keys import ShapeKeys
from citytwin_desktop.project.result_store import Shown
from citytwin_desktop.sim.energyplus.inputs import EnergySettings
from citytwin_desktop.sim.solar.place import site_of
from citytwin_desktop.sim.solar.settings import SolarSettings

WHOLE_CITY = "*"
"""Subject of results that belong to no single building."""

ENGINES = ("solar", "energyplus", "estimate", "collectors")
CITY_ENGINES = ("solar", "collectors")
"""Engines that take the whole city at once."""


@dataclass(frozen=True)
class EngineStatus:
    """Buildings by what the store holds for them.

    Parameters
    ----------
    fresh, stale, missing : frozenset of str
        Building identifiers; stale ones have a result of other inputs than today's.
    failed : mapping of str to str
        Sentence by building whose last run with today's inputs failed.
    """

    fresh: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    failed: Mapping[str, str] = field(default_factory=dict)


@dataclass
class CurrentKeys:
    """Keys of today's inputs; remembers the last state that it was asked about, and works out what differs from it.

    Nothing that it remembers is changed in place: a copy of it may be asked on another thread.

    Parameters
    ----------
    energy_settings : EnergySettings
    solar_settings : SolarSettings
    """

    energy_settings: EnergySettings = field(default_factory=EnergySettings)
    solar_settings: SolarSettings = field(default_factory=SolarSettings)
    _shapes: ShapeKeys | None = None
    _specs: dict[str, ScenarioSpecs] = field(default_factory=dict)
    _energy: dict[str, ScenarioKeys] = field(default_factory=dict)
    _without_weather: tuple[CityModel, dict[str, str]] | None = None
    _estimates: dict[str, EstimateKeys] = field(default_factory=dict)
    _operators: str = ""
    _operators_of: tuple[Any, ...] | None = None
    _collectors: str = ""
    _collectors_of: tuple[Any, ...] | None = None
    _collectors_from: str = ""
    _context: Any = None
    _surroundings: str = ""

    def learn(self, other: CurrentKeys) -> None:
        """Remember what a copy found out on another thread; the settings stay."""
        for item in fields(self):
            value = getattr(other, item.name)
            if item.name.startswith("_"):
                setattr(self, item.name, dict(value) if isinstance(value, dict) else value)

    def shapes(self, district: District) -> ShapeKeys:
        """Hashes of the district's geometry."""
        surfaces, ids = district.city.surfaces, district.city.buildings.ids
        if self._shapes is None or not self._shapes.fits(surfaces, ids):
            self._shapes = ShapeKeys(surfaces, ids, self._shapes)
        return self._shapes

    def knows(self, district: District, weather: Weather | None, scenario_id: str) -> bool:
        """Whether the keys of a state are there already."""
        known = self._energy.get(scenario_id)
        if weather is None:
            return True
        return known is not None and self._fits(known, district, weather)

    def _fits(self, known: ScenarioKeys, district: District, weather: Weather) -> bool:
        # Districts are never changed in place, so keys hold as long as the same one is asked about.
        same = known.specs.district is district and known.weather is weather
        return same and known.settings is self.energy_settings

    def energy(self, district: District, weather: Weather | None, scenario_id: str) -> Mapping[str, str]:
        """Key of every row with geometry; empty where an input is missing."""
        if weather is None:
            return self._empty(district.city)
        known = self._energy.get(scenario_id)
        if known is None or not self._fits(known, district, weather):
            self._energy = {name: kept for name, kept in self._energy.items() if name in district.scenarios}
            self._energy[scenario_id] = known = self._energy_keys(district, weather, scenario_id, known)
        return known.keys

    def _empty(self, city: CityModel) -> dict[str, str]:
        if self._without_weather is None or self._without_weather[0] is not city:
            names = city.buildings.ids[city.rows_with_geometry].tolist()
            self._without_weather = city, dict.fromkeys(map(str, names), "")
        return self._without_weather[1]

    def _energy_keys(
        self, district: District, weather: Weather, scenario_id: str, known: ScenarioKeys | None
    ) -> ScenarioKeys:
        # A wall that shares a party wall may stand the gap farther away than the last that shades.
        shapes = self.shapes(district).surrounded(self.energy_settings.shading_radius_m + GAP_M)
        around = keys.shading_surroundings_key(
            self._surroundings_of(district.city), district.city, district.solar_conditions
        )
        specs = self._specs_of(district, scenario_id)
        if known is not None and known.weather is weather and known.settings is self.energy_settings:
            return known.of(specs, around, shapes)
        return ScenarioKeys(specs, weather, self.energy_settings, around, shapes, {}).anew()

    def estimates(
        self, district: District, weather: Weather | None, scenario_id: str, simulated: frozenset[str], solar: str
    ) -> Mapping[str, str]:
        """Key of the estimate of every row with geometry; empty where an input is missing.

        Parameters
        ----------
        district : District
        weather : Weather or None
        scenario_id : str
        simulated : frozenset of str
            Keys of all EnergyPlus results in the store.
        solar : str
            Key of the solar operators that give the gains, empty for unshaded ones.
        """
        if weather is None:
            return {}
        energy = self.energy(district, weather, scenario_id)
        base = {name: key for name, (_, key) in self.baselines(district, weather, simulated).items()}
        known = self._estimates.get(scenario_id)
        self._estimates[scenario_id] = found = EstimateKeys.of(energy, solar, base, known)
        return found.keys

    def baselines(
        self, district: District, weather: Weather | None, simulated: frozenset[str]
    ) -> dict[str, tuple[str, str]]:
        """Scenario and key of a fresh EnergyPlus result by building, the first scenario that has one."""
        found: dict[str, tuple[str, str]] = {}
        if not simulated:
            return found
        for scenario_id in district.scenarios:
            for name, key in self.energy(district, weather, scenario_id).items():
                if key in simulated:
                    found.setdefault(name, (scenario_id, key))
        return found

    def specs(self, district: District, scenario_id: str) -> Mapping[str, EnergySpec]:
        """Specification of every row with geometry and an archetype."""
        return self._specs_of(district, scenario_id).specs

    def _specs_of(self, district: District, scenario_id: str) -> ScenarioSpecs:
        known = self._specs.get(scenario_id)
        if known is None or known.district is not district:
            self._specs = {name: kept for name, kept in self._specs.items() if name in district.scenarios}
            self._specs[scenario_id] = known = ScenarioSpecs.of(district, scenario_id, known)
        return known

    def operators(self, district: District, weather: Weather) -> str:
        """Key of the solar operators."""
        city = district.city
        # Columns that have no bearing on the sun may change without the key being made again.
        columns = [city.buildings.columns[name] for name in ("id", "parent_id", *REFLECTANCE_COLUMNS)]
        asked = (city.surfaces, city.context, *columns, district.solar_conditions, weather, self.solar_settings)
        if not _the_same(self._operators_of, asked):
            self._operators = keys.operators_key(
                self.shapes(district), self._surroundings_of(city), city, district.solar_conditions, site_of(weather),
                self.solar_settings,
            )  # fmt: skip
            self._operators_of = asked
        return self._operators

    def _surroundings_of(self, city: CityModel) -> str:
        if self._context is not city.context:
            self._context, self._surroundings = city.context, keys.surroundings_key(city)
        return self._surroundings

    def solar(self, district: District, weather: Weather | None) -> str:
        """Key of the solar totals; empty without weather or buildings."""
        if weather is None or not len(district.city.surfaces):
            return ""
        return keys.solar_key(self.operators(district, weather), weather)

    def collectors(self, district: District, weather: Weather | None) -> str:
        """Key of the collectors' areas and yields; empty without weather or buildings."""
        solar, city = self.solar(district, weather), district.city
        columns = [city.buildings.columns[name] for name in ("id", "parent_id", "window_share", "archetype_id")]
        asked = (city.surfaces, *columns, district.collector_choices)
        if not _the_same(self._collectors_of, asked) or self._collectors_from != solar:
            self._collectors, self._collectors_of = collectors_key(solar, district), asked
            self._collectors_from = solar
        return self._collectors


def _the_same(known: tuple[Any, ...] | None, asked: tuple[Any, ...]) -> bool:
    return known is not None and all(a is b for a, b in zip(known, asked, strict=True))


def status_of(current: Mapping[str, str], stored: frozenset[str], shown: Mapping[str, Shown]) -> EngineStatus:
    """Sort subjects by what the store holds for their keys.

    Parameters
    ----------
    current : mapping of str to str
        Today's key by subject.
    stored : frozenset of str
        Keys of all results of the engine.
    shown : mapping of str to Shown
        Last run by subject.
    """
    fresh, stale, missing, failed = set(), set(), set(), {}
    for subject, key in current.items():
        last = shown.get(subject)
        if key and key in stored:
            fresh.add(subject)
        elif last is not None and last.failure and last.failed_key == key:
            failed[subject] = last.failure
        elif last is not None and last.key in stored:
            stale.add(subject)
        else:
            missing.add(subject)
    return EngineStatus(frozenset(fresh), frozenset(stale), frozenset(missing), failed)
