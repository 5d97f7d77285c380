"""Reading of energy results: demand as it was simulated, and what today's systems make of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from citytwin_desktop.analysis.final_energy import ELECTRICITY, FinalEnergy, UsefulDemand, final_energy
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.document.energy_results import (
    ENERGYPLUS,
    ESTIMATE,
    BuildingResult,
    Floats,
    MonthlySums,
    MonthlyUses,
    ShownEnergy,
    by_month,
    derived_hours,
)
from citytwin_desktop.document.engine_status import last_runs
from citytwin_desktop.document.own_generation import OwnPhotovoltaics, own_generation, own_photovoltaics
from citytwin_desktop.document.variables import ENERGY, FINAL_ENERGY, PEAK, Variable
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import Shown

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

DEMANDS = ("heating_demand", "cooling_demand", "lighting", "equipment")
_MONTHS_KEPT = 200_000
YEARS_H = (8760, 8784)


class EnergyReader:
    """Reads a document's energy results; remembers the months of each.

    Parameters
    ----------
    document : Document
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._months = lru_cache(_MONTHS_KEPT)(self._load_months)
        self._uses = lru_cache(_MONTHS_KEPT)(self._load_uses)
        self._peaks = lru_cache(_MONTHS_KEPT)(self._load_peak)
        self._shown: dict[str, tuple[tuple[Any, ...], dict[str, ShownEnergy]]] = {}

    def shown(self, scenario_id: str = BASELINE) -> dict[str, ShownEnergy]:
        """Result to show of each building that has one: today's, or else today's estimate, or else the last."""
        document = self._document
        stored = {engine: document.store.keys(engine) for engine in (ENERGYPLUS, ESTIMATE)}
        runs = [
            document.store.shown(engine, name) for engine in (ENERGYPLUS, ESTIMATE) for name in (scenario_id, BASELINE)
        ]
        if not any((*stored.values(), *runs)):
            # Where nothing was run nothing is shown: no need for keys, which take long the first time.
            return {}
        current = document.keys.energy(document.project.district, document.weather, scenario_id)
        estimates = self.estimate_keys(scenario_id, stored[ENERGYPLUS])
        asked = (current, estimates, *stored.values(), *runs)
        known = self._shown.get(scenario_id)
        if known is None or any(a is not b for a, b in zip(known[0], asked, strict=True)):
            last = {engine: last_runs(document, engine, scenario_id) for engine in (ENERGYPLUS, ESTIMATE)}
            self._shown[scenario_id] = known = asked, _choose(current, estimates, stored, last)
        # A copy: what is shown may be marked further by whoever asks.
        return dict(known[1])

    def shown_of(self, chosen: Variable, scenario_id: str = BASELINE) -> dict[str, ShownEnergy]:
        """As `shown`; final energy counts as stale while it lacks own photovoltaics, whose hours are unknown then."""
        found = self.shown(scenario_id)
        if chosen.name == FINAL_ENERGY:
            for name in self.lacking_generation(found, scenario_id):
                found[name] = replace(found[name], fresh=False)
        return found

    def lacking_generation(self, building_ids: Iterable[str], scenario_id: str) -> list[str]:
        """Those buildings that have photovoltaics whose hours are unknown today."""
        document = self._document
        specs = document.keys.specs(document.project.district, scenario_id)
        owns = {
            name: own_photovoltaics(document, specs[name], name, scenario_id) for name in building_ids if name in specs
        }
        return [name for name, own in owns.items() if own is not None and not own.known]

    def estimate_keys(self, scenario_id: str, simulated: frozenset[str] | None = None) -> Mapping[str, str]:
        """Key of today's estimate of every row with geometry; empty where an input is missing."""
        document = self._document
        shown = document.solar.shown()
        if simulated is None:
            simulated = document.store.keys(ENERGYPLUS)
        # The operators and not the totals: those of the first map give other gains than the exact ones.
        sun = shown.operators if shown.fresh else ""
        return document.keys.estimates(document.project.district, document.weather, scenario_id, simulated, sun)

    def final(self, shown: ShownEnergy, building_id: str, scenario_id: str) -> FinalEnergy | None:
        """Final energy of one result by use and carrier, met by today's systems; None without an archetype."""
        document = self._document
        spec = document.keys.specs(document.project.district, scenario_id).get(building_id)
        if spec is None:
            return None
        own = own_photovoltaics(document, spec, building_id, scenario_id)
        return self._final(shown.key, spec, own, building_id)

    def hours(self, chosen: Variable, shown: ShownEnergy, building_id: str, scenario_id: str) -> Floats | None:
        """(hours,) float32 [kWh] of one result; None where a part of it is missing."""
        if chosen.derived:
            final = self.final(shown, building_id, scenario_id)
            return None if final is None else np.asarray(derived_hours(chosen, final), np.float32)
        return self._stored(shown.key, chosen.series)

    def coincident_peak(self, chosen: Variable, shown: Iterable[ShownEnergy]) -> float:
        """Greatest hour [kW] of several results together; nan where a part of one is missing."""
        return self._peaks(chosen.series, tuple(item.key for item in shown))

    def building_result(self, chosen: Variable, building_id: str, scenario_id: str) -> BuildingResult | None:
        """Hours of one building, None when there is no result."""
        if chosen.kind not in (ENERGY, PEAK):
            raise KnownError(f"{chosen.title} has no hours: ask for the whole year.")
        shown = self.shown_of(chosen, scenario_id).get(building_id)
        values = self.hours(chosen, shown, building_id, scenario_id) if shown else None
        if shown is None or values is None:
            return None
        with self._document.project.reading() as connection:
            found = result_store.about(connection, shown.key)
        if found is None:
            return None
        area = found.summary.get("floor_area_m2", (float("nan"), ""))[0]
        annual = float(values.max() if chosen.kind == PEAK else values.sum(dtype=np.float64))
        return BuildingResult(
            values, annual, shown.fresh, found.engine, found.engine_version, found.at, area, dict(found.about),
            shown.estimate,
        )  # fmt: skip

    def summaries(
        self, chosen: Variable, scenario_id: str, month: int | None = None
    ) -> dict[str, tuple[float, float, ShownEnergy]]:
        """Value of the year or of one month (0-11), floor area [m2] and what is shown, of buildings with a result."""
        if month is not None and chosen.kind != ENERGY:
            raise KnownError(f"{chosen.title} is of the whole year: choose the year.")
        names = (f"peak_{chosen.series[0]}",) if chosen.kind == PEAK else chosen.series
        with self._document.project.reading() as connection:
            values = [result_store.summaries(connection, name) for name in names]
            areas = result_store.summaries(connection, "floor_area_m2")
        found = {}
        for identifier, shown in self.shown_of(chosen, scenario_id).items():
            if chosen.derived or month is not None:
                months = self.months(chosen, shown, identifier, scenario_id)
                value = float(months.sum() if month is None else months[month])
            else:
                value = float(sum(item.get(shown.key, np.nan) for item in values))
            found[identifier] = (value, areas.get(shown.key, np.nan), shown)
        return found

    def months(self, chosen: Variable, shown: ShownEnergy, building_id: str, scenario_id: str) -> NDArray[np.float64]:
        """(12,) float64 [kWh] of one result; nan where a part of it is missing."""
        if not chosen.derived:
            return self._months(chosen, shown.key)
        uses = self.uses(shown, building_id, scenario_id)
        return np.full(12, np.nan) if uses is None else uses.of(chosen)

    def uses(self, shown: ShownEnergy, building_id: str, scenario_id: str) -> MonthlyUses | None:
        """Months of what today's systems make of one result; None without an archetype or a part of the result."""
        document = self._document
        spec = document.keys.specs(document.project.district, scenario_id).get(building_id)
        if spec is None:
            return None
        weather = document.weather.content_hash if document.weather else ""
        own = own_photovoltaics(document, spec, building_id, scenario_id)
        return self._uses(shown.key, spec, weather, own, building_id if own is not None else "")

    def monthly_sums(self, chosen: Variable, building_ids: Iterable[str], scenario_id: str) -> MonthlySums | None:
        """Months of a variable summed over buildings; None when none of them has a result, or it has no months."""
        if chosen.kind != ENERGY:
            return None
        every = self.shown_of(chosen, scenario_id)
        mine = [(name, every[name]) for name in building_ids if name in every]
        months = [(shown, self.months(chosen, shown, name, scenario_id)) for name, shown in mine]
        whole = [(shown, values) for shown, values in months if np.isfinite(values).all()]
        if not whole:
            return None
        with self._document.project.reading() as connection:
            first = result_store.about(connection, whole[0][0].key)
        engine, version, at = (first.engine, first.engine_version, first.at) if first else ("", "", "")
        return MonthlySums(
            np.sum([values for _, values in whole], axis=0), len(whole), all(shown.fresh for shown, _ in whole),
            engine, version, at, any(shown.estimate for shown, _ in whole),
        )  # fmt: skip

    def _load_months(self, chosen: Variable, key: str) -> NDArray[np.float64]:
        values = self._stored(key, chosen.series)
        return np.full(12, np.nan) if values is None else by_month(values)

    def _load_peak(self, names: tuple[str, ...], keys: tuple[str, ...]) -> float:
        """Remembered, for it is of many hours: tables ask for it again whenever anything has arrived."""
        with self._document.project.reading() as connection:
            years = [_year(connection, key, name) for key in keys for name in names]
        known = [year for year in years if year is not None]
        if len(known) < len(years) or len({len(year) for year in known}) != 1:
            return math.nan
        return float(np.sum(known, axis=0, dtype=np.float64).max())

    def _load_uses(
        self, key: str, spec: EnergySpec, _weather: str, own: OwnPhotovoltaics | None, building_id: str
    ) -> MonthlyUses | None:
        """Months of one result; all that it depends on is given, so that it can be remembered."""
        final = self._final(key, spec, own, building_id)
        if final is None:
            return None
        carriers = {carrier: by_month(values) for carrier, values in final.delivered_by_carrier().items()}
        return MonthlyUses(
            by_month(final.hot_water_kwh), by_month(final.of_carrier(ELECTRICITY)), carriers,
            by_month(final.generation_kwh), by_month(final.self_used_kwh),
        )  # fmt: skip

    def _final(self, key: str, spec: EnergySpec, own: OwnPhotovoltaics | None, building_id: str) -> FinalEnergy | None:
        weather = self._document.weather
        with self._document.project.reading() as connection:
            parts = [_year(connection, key, name) for name in DEMANDS]
            found = result_store.about(connection, key)
        if weather is None or found is None or any(part is None or len(part) != weather.hours for part in parts):
            return None
        if "floor_area_m2" not in found.summary:
            return None
        area = found.summary["floor_area_m2"][0]
        heating, cooling, lighting, equipment = (np.asarray(part) for part in parts)
        demand = UsefulDemand(heating, cooling, lighting, equipment, area)
        generation = own_generation(self._document, own, building_id) if own is not None and own.known else None
        return final_energy(demand, spec, weather.dry_bulb_c, weather.ground_temperatures_c, generation)

    def _stored(self, key: str, names: tuple[str, ...]) -> Floats | None:
        with self._document.project.reading() as connection:
            parts = [_year(connection, key, name) for name in names]
        arrays = [part for part in parts if part is not None]
        return np.asarray(np.sum(arrays, axis=0), np.float32) if len(arrays) == len(parts) else None


def _choose(
    current: Mapping[str, str],
    estimates: Mapping[str, str],
    stored: Mapping[str, frozenset[str]],
    last: Mapping[str, Mapping[str, Shown]],
) -> dict[str, ShownEnergy]:
    """Result of each building: today's, or else today's estimate, or else the last."""
    found = {}
    for identifier, key in current.items():
        candidates = [(ENERGYPLUS, key, True), (ESTIMATE, estimates.get(identifier, ""), True)]
        candidates += [(engine, last[engine][identifier].key, False) for engine in last if identifier in last[engine]]
        for engine, candidate, fresh in candidates:
            if candidate and candidate in stored[engine]:
                found[identifier] = ShownEnergy(candidate, engine, fresh)
                break
    return found


def _year(connection: Connection, key: str, name: str) -> NDArray[Any] | None:
    """A year of hours of a result; refuses one that cannot be what an engine has stored."""
    values = result_store.series(connection, key, name)
    if values is not None and (len(values) not in YEARS_H or not np.isfinite(values).all()):
        msg = f"The stored result “{name}” is no whole year of numbers: restore the project file from a backup."
        raise KnownError(msg)
    return values
