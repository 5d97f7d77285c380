"""Which results are fresh, stale, missing or failed: keys of today held against the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from citytwin_desktop.city.district import District
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.party_walls import GAP_M
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.document import keys
from citytwin_desktop.document.collector_keys import collectors_key
from citytwin_desktop.document.specifications import specification
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
    """Keys of today's inputs; remembers the geometry's hashes, which are the slow part.

    Parameters
    ----------
    energy_settings : EnergySettings
    solar_settings : SolarSettings
    """

    energy_settings: EnergySettings = field(default_factory=EnergySettings)
    solar_settings: SolarSettings = field(default_factory=SolarSettings)
    _shapes: keys.ShapeKeys | None = None
    _energy: dict[str, dict[str, str]] = field(default_factory=dict)
    _specs: dict[str, dict[str, EnergySpec]] = field(default_factory=dict)
    _specs_of: District | None = None
    _energy_of: tuple[District, Weather, EnergySettings] | None = None
    _estimates: dict[str, str] = field(default_factory=dict)
    _estimates_of: tuple[dict[str, str], tuple[Any, ...]] | None = None
    _operators: str = ""
    _operators_of: tuple[Any, ...] | None = None
    _collectors: str = ""
    _collectors_of: tuple[District, str] | None = None
    _context: Any = None
    _surroundings: str = ""

    def shapes(self, district: District) -> keys.ShapeKeys:
        """Hashes of the district's geometry."""
        if self._shapes is None or not self._shapes.fits(district.city):
            self._shapes = keys.ShapeKeys(district.city.surfaces, district.city.buildings.ids)
        return self._shapes

    def energy(self, district: District, weather: Weather | None, scenario_id: str) -> dict[str, str]:
        """Key of every row with geometry; empty where an input is missing."""
        if weather is None:
            return {str(district.city.buildings.ids[row]): "" for row in district.city.rows_with_geometry}
        # Districts are never changed in place, so keys hold as long as the same one is asked about.
        asked = (district, weather, self.energy_settings)
        if self._energy_of is None or any(a is not b for a, b in zip(self._energy_of, asked, strict=True)):
            self._energy, self._energy_of = {}, asked
        if scenario_id not in self._energy:
            self._energy[scenario_id] = self._energy_keys(district, weather, scenario_id)
        return self._energy[scenario_id]

    def _energy_keys(self, district: District, weather: Weather, scenario_id: str) -> dict[str, str]:
        columns = district.city.buildings.columns
        rows = district.city.rows_with_geometry
        ids = [str(columns["id"][row]) for row in rows]
        # A wall that shares a party wall may stand the gap farther away than the last that shades.
        shapes = self.shapes(district).surrounded(self.energy_settings.shading_radius_m + GAP_M)
        around = keys.shading_surroundings_key(
            self._surroundings_of(district.city), district.city, district.solar_conditions
        )
        specs, found = self.specs(district, scenario_id), {}
        for identifier, row in zip(ids, rows, strict=True):
            spec, storeys = specs.get(identifier), float(columns["storeys"][row])
            key = keys.energy_key(shapes[row], around, storeys, spec, weather, self.energy_settings) if spec else ""
            found[identifier] = key
        return found

    def estimates(
        self, district: District, weather: Weather | None, scenario_id: str, simulated: frozenset[str], solar: str
    ) -> dict[str, str]:
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
        # What `energy` returns is the same object as long as district and weather are.
        asked = (scenario_id, simulated, solar)
        if self._estimates_of is None or self._estimates_of[0] is not energy or self._estimates_of[1] != asked:
            found = self.baselines(district, weather, simulated)
            base = {name: key for name, (_, key) in found.items()}
            self._estimates = {
                name: keys.estimate_key(key, solar, base.get(name, "")) if key else "" for name, key in energy.items()
            }
            self._estimates_of = energy, asked
        return self._estimates

    def baselines(
        self, district: District, weather: Weather | None, simulated: frozenset[str]
    ) -> dict[str, tuple[str, str]]:
        """Scenario and key of a fresh EnergyPlus result by building, the first scenario that has one."""
        found: dict[str, tuple[str, str]] = {}
        for scenario_id in district.scenarios:
            for name, key in self.energy(district, weather, scenario_id).items():
                if key in simulated:
                    found.setdefault(name, (scenario_id, key))
        return found

    def specs(self, district: District, scenario_id: str) -> dict[str, EnergySpec]:
        """Specification of every row with geometry and an archetype."""
        if self._specs_of is not district:
            self._specs, self._specs_of = {}, district
        if scenario_id not in self._specs:
            scenario, ids = district.scenario(scenario_id), district.city.buildings.ids
            found = {
                str(ids[row]): specification(district, int(row), scenario) for row in district.city.rows_with_geometry
            }
            self._specs[scenario_id] = {name: spec for name, spec in found.items() if spec is not None}
        return self._specs[scenario_id]

    def operators(self, district: District, weather: Weather) -> str:
        """Key of the solar operators."""
        # Districts are never changed in place, so the key holds as long as the same parts are asked about.
        asked = (district.city, district.solar_conditions, weather, self.solar_settings)
        if self._operators_of is None or any(a is not b for a, b in zip(self._operators_of, asked, strict=True)):
            city = district.city
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
        solar = self.solar(district, weather)
        if self._collectors_of is None or self._collectors_of[0] is not district or self._collectors_of[1] != solar:
            self._collectors, self._collectors_of = collectors_key(solar, district), (district, solar)
        return self._collectors


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
