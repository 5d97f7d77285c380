"""What an engine still has to do, and what it lacks to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.document.freshness import CITY_ENGINES, ENGINES, WHOLE_CITY, EngineStatus, status_of
from citytwin_desktop.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from citytwin_desktop.document.document import Document
    from citytwin_desktop.project.result_store import Shown


def engine_status(document: Document, engine: str, scenario_id: str) -> EngineStatus:
    """Which buildings have fresh, stale, missing or failed results of an engine.

    Raises
    ------
    KnownError
        When there is no such engine.
    """
    if engine not in ENGINES:
        msg = f"There is no engine “{engine}” in this version: choose one of {', '.join(ENGINES)}."
        raise KnownError(msg)
    if engine in CITY_ENGINES:
        return _of_city(document, engine)
    district = document.project.district
    stored, shown = document.store.keys(engine), last_runs(document, engine, scenario_id)
    simulated = document.store.keys("energyplus")
    energy = document.keys.energy(district, document.weather, scenario_id)
    if engine == "energyplus":
        return status_of(energy, stored, shown)
    found = status_of(document.energy.estimate_keys(scenario_id), stored, shown)
    # Where EnergyPlus has spoken there is nothing left to estimate.
    done = frozenset(name for name, key in energy.items() if key in simulated)
    failed = {name: text for name, text in found.failed.items() if name not in done}
    return EngineStatus(found.fresh | done, found.stale - done, found.missing - done, failed)


def last_runs(document: Document, engine: str, scenario_id: str) -> Mapping[str, Shown]:
    """Last run of each building in a scenario.

    Where a building has the package that it has in the baseline, the run there was its run too, unless the scenario
    has one of its own: the same inputs were never run twice.
    """
    own = document.store.shown(engine, scenario_id)
    if scenario_id == BASELINE:
        return own
    first, second = (document.scenario(name).assignments for name in (BASELINE, scenario_id))
    others = {name for name in (*first, *second) if first.get(name) != second.get(name)}
    if others:
        buildings = document.city.buildings
        parents = zip(buildings.ids.tolist(), buildings.column("parent_id").tolist(), strict=True)
        others |= {name for name, parent in parents if parent in others}
    base = document.store.shown(engine, BASELINE)
    return {**{name: run for name, run in base.items() if name not in others}, **own}


def _of_city(document: Document, engine: str) -> EngineStatus:
    district = document.project.district
    current = document.keys.solar if engine == "solar" else document.keys.collectors
    stored, shown = document.store.keys(engine), document.store.shown(engine, BASELINE)
    whole = status_of({WHOLE_CITY: current(district, document.weather)}, stored, shown)
    ids = frozenset(str(district.city.buildings.ids[row]) for row in district.city.rows_with_geometry)
    parts = {name: ids if getattr(whole, name) else frozenset() for name in ("fresh", "stale", "missing")}
    failed = dict.fromkeys(ids, next(iter(whole.failed.values()))) if whole.failed else {}
    return EngineStatus(parts["fresh"], parts["stale"], parts["missing"], failed)


def missing_for(document: Document, engine: str, scenario_id: str) -> str | None:
    """One sentence on what a run still needs, without its full stop, or None when it can run."""
    if not len(document.city.surfaces):
        return "No buildings: import a city file"
    if document.weather is None:
        return "No weather file: choose one"
    if document.read_only:
        return "The project is open read-only: save a copy first"
    if engine in ("energyplus", "estimate"):
        document.scenario(scenario_id)
        rows = document.city.rows_with_geometry
        if not any(document.city.buildings.columns["archetype_id"][rows]):
            return "No archetypes: run Enrich to assign them"
    if engine == "collectors" and not ((solar := document.solar.shown()).fresh and solar.exact):
        return "No solar result of today's city and weather: run solar first"
    return None
