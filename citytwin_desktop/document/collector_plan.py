"""A run of the collector engine: what it needs, and what of it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from citytwin_desktop.analysis.collector_set import TECHNOLOGIES, CollectorAssumptions
from citytwin_desktop.analysis.wall_windows import wall_window_share
from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.document.collector_keys import (
    DEMAND_WORDS,
    MATCHING,
    buildings_of_surfaces,
    fresh_demands,
    matching_key,
)
from citytwin_desktop.document.freshness import WHOLE_CITY
from citytwin_desktop.document.planned_run import RunPlan
from citytwin_desktop.errors import BugError
from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import StoredResult, StoredSeries
from citytwin_desktop.sim.collectors.engine import COLLECTORS_VERSION, CollectorJobInputs
from citytwin_desktop.sim.jobs.job import Job, JobDone

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

_UNITS = {"photovoltaic": "kWp", "solar_thermal": "m2"}


def collector_plan(document: Document, scenario_id: str) -> RunPlan:
    """Work out what a run of the collector engine will do.

    The whole city is one job. It runs when its yields are not in the store, or when demands of the scenario have
    become known or changed since they were last held against the generation.

    Parameters
    ----------
    document : Document
        With a fresh solar result.
    scenario_id : str
        Whose demand of electricity the generation is held against.
    """
    district, weather = document.project.district, document.weather
    if weather is None:
        raise BugError("a run was planned without weather")
    city, key, shown = district.city, document.keys.collectors(district, weather), document.solar.shown()
    demands = fresh_demands(document, scenario_id)
    matching = matching_key(key, document, demands)
    with document.project.reading() as connection:
        fresh = key in result_store.keys(connection, "collectors")
        fresh &= not matching or matching in result_store.keys(connection, MATCHING)
        operators = b"" if fresh else result_store.blob(connection, shown.operators, "operators")
    demand_kwh = {} if fresh else demands.series(document)
    assumptions = CollectorAssumptions.of(district.collector_choices)
    monthly = None if fresh else document.solar.monthly(shown)
    ids = tuple(str(city.buildings.ids[row]) for row in city.rows_with_geometry)

    def prepare() -> tuple[list[Job], dict[str, str]]:
        if operators is None or monthly is None:
            raise BugError("a run of collectors was planned without solar operators")
        surfaces = city.surfaces
        inputs = CollectorJobInputs(
            surfaces.polygons, surfaces.kind, surfaces.building, buildings_of_surfaces(district),
            wall_window_share(city), monthly.sum(axis=1, dtype=np.float64), operators, weather, assumptions, demand_kwh,
        )  # fmt: skip
        return [Job(key, "collectors", "Solar collectors", ids, inputs)], {}

    counts = np.diff(np.searchsorted(city.surfaces.building, np.append(city.rows_with_geometry, len(city.buildings))))
    about: dict[str, Any] = {
        "settings": assumptions.as_mapping(),
        "origins": assumptions.origins(),
        "weather": weather.name,
        "solar": shown.key,
        "operators": shown.operators,
        "buildings": [[name, int(count)] for name, count in zip(ids, counts, strict=True)],
    }
    matched = {
        "key": matching,
        "scenario": scenario_id,
        "demand": DEMAND_WORDS,
        "buildings": {row: (str(city.buildings.ids[row]), demands.key(row)) for row in demand_kwh},
    }
    total = 0 if fresh else 1
    skipped = len(ids) if fresh else 0
    plan_about = {**about, "matching": matched}
    return RunPlan(
        "collectors", "Solar collectors", BASELINE, {WHOLE_CITY: key}, len(ids), total, skipped, prepare, plan_about
    )


def collector_results(job: Job, event: JobDone, about: dict[str, Any]) -> tuple[StoredResult, ...]:
    """Results to store for a job that is done: areas and yields, and the matching with demand if there is any."""
    outputs, matching = event.outputs, about["matching"]
    kept = {name: value for name, value in about.items() if name != "matching"}
    series: dict[str, StoredSeries] = {}
    summary: dict[str, tuple[float, str]] = {}
    for technology in TECHNOLOGIES:
        found, unit = getattr(outputs, technology), _UNITS[technology]
        series |= {
            f"{technology}_size": StoredSeries(unit, found.size),
            f"{technology}_area": StoredSeries("m2", found.area_m2),
            f"{technology}_placement": StoredSeries("", found.placement),
            f"{technology}_verdict": StoredSeries("", found.verdict),
            f"{technology}_monthly": StoredSeries("kWh", found.monthly_kwh),
            f"{technology}_city_hourly": StoredSeries("kWh", found.city_hourly_kwh),
        }
        summary[f"{technology}_size"] = (float(found.size.sum(dtype="float64")), unit)
        summary[f"{technology}_yield"] = (float(found.monthly_kwh.sum(dtype="float64")), "kWh")
    made = StoredResult(job.key, "collectors", COLLECTORS_VERSION, event.cpu_s, kept, series, summary=summary)
    if not matching["key"]:
        return (made,)
    rows = list(outputs.matched_kwh)
    named = [matching["buildings"][row] for row in rows]
    content = {
        "collectors": job.key,
        "scenario": matching["scenario"],
        "demand": matching["demand"],
        "buildings": [name for name, _ in named],
        "demand_keys": [key for _, key in named],
    }
    values = np.array([outputs.matched_kwh[row] for row in rows], np.float32).reshape(-1, 3)
    matched = {"generation_demand_self_consumed": StoredSeries("kWh", values)}
    return made, StoredResult(matching["key"], MATCHING, COLLECTORS_VERSION, 0.0, content, matched)
