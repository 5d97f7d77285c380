"""Working out what a run will do: which buildings, under which keys, and how their jobs are made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from citytwin_desktop.city.buildings import REFLECTANCE_COLUMNS, Buildings
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.document.collector_plan import collector_plan
from citytwin_desktop.document.estimate_plan import estimate_plan
from citytwin_desktop.document.freshness import ENGINES, WHOLE_CITY
from citytwin_desktop.document.planned_run import Prepared, RunPlan, blocked_by_geometry, no_archetype, rows_to_simulate
from citytwin_desktop.document.solar_traces import trace_file
from citytwin_desktop.document.specifications import specification
from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.project import result_store
from citytwin_desktop.sim.jobs.job import Job

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

EXACT, FIRST = "exact", "first"
"""Quality of a solar result: every hour exact, or the first map, interpolated between some days."""

_TITLES_OF_CITY = {"solar": "Solar radiation", "collectors": "Solar collectors"}
_TITLES_OF_SCENARIO = {"energyplus": "EnergyPlus", "estimate": "Estimate"}


def plan_run(
    document: Document, engine: str, scenario_id: str, building_ids: Iterable[str] | None, cores: int = 1
) -> RunPlan:
    """Work out what a run will do.

    Parameters
    ----------
    document : Document
    engine, scenario_id : str
    building_ids : iterable of str, optional
        All buildings by default; solar and collectors always take the whole city.
    cores : int
        That the run may use: solar's one job takes them all, of the others each takes one.

    Raises
    ------
    KnownError
        When a building is unknown or the engine does not exist.
    """
    if engine == "solar":
        return _solar_plan(document, cores)
    if engine == "energyplus":
        return _energy_plan(document, scenario_id, building_ids)
    if engine == "estimate":
        return estimate_plan(document, scenario_id, building_ids)
    if engine == "collectors":
        return collector_plan(document, scenario_id)
    msg = f"There is no engine “{engine}” in this version: choose one of {', '.join(ENGINES)}."
    raise KnownError(msg)


def title_of(document: Document, engine: str, scenario_id: str) -> str:
    """What people read of a run.

    Raises
    ------
    KnownError
        When there is no such engine or scenario.
    """
    if engine in _TITLES_OF_CITY:
        return _TITLES_OF_CITY[engine]
    if engine not in _TITLES_OF_SCENARIO:
        msg = f"There is no engine “{engine}” in this version: choose one of {', '.join(ENGINES)}."
        raise KnownError(msg)
    return f"{_TITLES_OF_SCENARIO[engine]}, {document.scenario(scenario_id).name}"


def _energy_plan(document: Document, scenario_id: str, building_ids: Iterable[str] | None) -> RunPlan:
    district, weather, settings = document.project.district, document.weather, document.keys.energy_settings
    if weather is None:
        raise BugError("a run was planned without weather")
    city, scenario = district.city, district.scenario(scenario_id)
    rows = rows_to_simulate(city, building_ids)
    current = document.keys.energy(district, weather, scenario_id)
    with document.project.reading() as connection:
        stored = result_store.keys(connection, "energyplus")
    named = {str(city.buildings.ids[row]): row for row in rows}
    bare = {name: no_archetype(name) for name in named if not current[name]}
    due = {name: row for name, row in named.items() if name not in bare and current[name] not in stored}
    specs = {name: spec for name, row in due.items() if (spec := specification(district, row, scenario)) is not None}
    keep = str(document.path.with_name(document.path.name.removesuffix(".citytwin.gpkg") + "-failed-runs"))

    def prepare() -> Prepared:
        from citytwin_desktop.sim.energyplus.inputs import EnergyJobInputs
        from citytwin_desktop.sim.energyplus.thermal_models import thermal_models

        refused = blocked_by_geometry(city, due)
        sound = [row for name, row in due.items() if name not in refused]
        made = thermal_models(city, sound, specs, weather, settings, district.solar_conditions)
        first_surface = {name: city.surfaces.of_building(row).start for name, row in due.items()}
        # Buildings that coincide, as a source may hold one twice, have one key and one result.
        twins: dict[str, list[str]] = {}
        for model in made.models:
            twins.setdefault(current[model.building_id], []).append(model.building_id)
        jobs = [
            Job(
                current[model.building_id],
                "energyplus",
                f"EnergyPlus {model.building_id}",
                tuple(twins[current[model.building_id]]),
                EnergyJobInputs(model, weather.raw, settings, keep, first_surface[model.building_id]),
                timeout_s=settings.timeout_s,
            )
            for model in made.models
            if twins[current[model.building_id]][0] == model.building_id
        ]
        return jobs, refused | made.refused

    return RunPlan(
        "energyplus",
        f"EnergyPlus, {scenario.name}",
        scenario.id,
        {name: current[name] for name in due},
        requested=len(named),
        total=len(due),
        skipped_fresh=len(named) - len(bare) - len(due),
        prepare=prepare,
        about={"settings": settings.content(), "weather": weather.name},
        refused=bare,
    )


def _sound(operators: bytes) -> bool:
    """Whether stored operators can be read; damaged ones are made again."""
    from citytwin_desktop.sim.solar.serialisation import operators_from_bytes

    try:
        operators_from_bytes(operators)
    except KnownError:
        return False
    return True


def city_for_rays(city: CityModel) -> CityModel:
    """Only the columns, surfaces, trees and terrain that matter to rays; the others need not travel."""
    columns = {name: city.buildings.columns[name] for name in ("id", "parent_id", *REFLECTANCE_COLUMNS)}
    context = tuple(layer for layer in city.context if layer.kind in (ContextKind.TREE, ContextKind.TERRAIN))
    return CityModel(city.epsg, city.origin, Buildings(columns), city.surfaces, context)


def _solar_plan(document: Document, cores: int) -> RunPlan:
    from citytwin_desktop.sim.solar.engine import SolarJobInputs

    district, weather, settings = document.project.district, document.weather, document.keys.solar_settings
    if weather is None:
        raise BugError("a run was planned without weather")
    city = district.city
    key, operators = document.keys.solar(district, weather), document.keys.operators(district, weather)
    with document.project.reading() as connection:
        known = result_store.blob(connection, operators, "operators") or b""
        # Totals without their operators cannot show an hour, and a first map waits for its exact hours.
        stored = result_store.about(connection, key) if known else None
        fresh = stored is not None and stored.about.get("quality") == EXACT and _sound(known)
    ids = tuple(str(city.buildings.ids[row]) for row in city.rows_with_geometry)
    conditions = district.solar_conditions

    def prepare() -> Prepared:
        inputs = SolarJobInputs(
            city_for_rays(city), weather, settings, conditions, known, str(trace_file(document.path))
        )
        return [Job(key, "solar", "Solar radiation", ids, inputs, threads=cores)], {}

    counts = np.diff(np.searchsorted(city.surfaces.building, np.append(city.rows_with_geometry, len(city.buildings))))
    about = {
        "settings": settings.as_mapping(),
        "weather": weather.name,
        "operators": operators,
        "quality": EXACT,
        "conditions": dict(conditions.as_mapping()),
        "buildings": [[name, int(count)] for name, count in zip(ids, counts, strict=True)],
    }
    title = "Solar radiation"
    total = 0 if fresh else 1
    skipped = len(ids) if fresh else 0
    return RunPlan("solar", title, BASELINE, {WHOLE_CITY: key}, len(ids), total, skipped, prepare, about)
