"""A run of the estimate: what it is calibrated by, and what of it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.document.energy_results import ENERGYPLUS, ESTIMATE
from citytwin_desktop.document.keys import calibration_key
from citytwin_desktop.document.planned_run import RunPlan, no_archetype, rows_to_simulate
from citytwin_desktop.errors import BugError
from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import StoredResult, StoredSeries
from citytwin_desktop.sim.estimate.version import ESTIMATE_ENGINE_VERSION
from citytwin_desktop.sim.jobs.job import Job, JobDone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from citytwin_desktop.document.document import Document
    from citytwin_desktop.sim.estimate.engine import Baseline

CALIBRATION = "estimate calibration"
"""Engine name under which a building's calibration is stored."""
MOST_AT_ONCE = 250
"""Buildings of one job: unpacking their hours, some 44 MB, stops every other thread of the window."""
MOST_OF_AN_ARCHETYPE = 12
"""Simulated buildings that the others of their archetype are calibrated by."""


def estimate_plan(document: Document, scenario_id: str, building_ids: Iterable[str] | None) -> RunPlan:
    """Work out what an estimate will do: every building that EnergyPlus has not simulated as it is now.

    Parameters
    ----------
    document : Document
    scenario_id : str
    building_ids : iterable of str, optional
        All buildings by default.
    """
    district, weather = document.project.district, document.weather
    if weather is None:
        raise BugError("an estimate was planned without weather")
    city, scenario = district.city, district.scenario(scenario_id)
    rows = {str(city.buildings.ids[row]): row for row in rows_to_simulate(city, building_ids)}
    keys = document.energy.estimate_keys(scenario_id)
    status = document.status(ESTIMATE, scenario_id)
    bare = {name: no_archetype(name) for name in rows if not keys[name]}
    due = [name for name in rows if name not in bare and name not in status.fresh]
    inputs = _Inputs(document, scenario_id, due) if due else None

    def prepare() -> tuple[list[Job], dict[str, str]]:
        return inputs.jobs() if inputs is not None else ([], {})

    return RunPlan(
        ESTIMATE,
        f"Estimate, {scenario.name}",
        scenario.id,
        {name: keys[name] for name in due},
        requested=len(rows),
        total=len(due),
        skipped_fresh=len(rows) - len(bare) - len(due),
        prepare=prepare,
        about={"weather": weather.name, "calibrated_by": inputs.calibrated_by if inputs else {}},
        refused=bare,
    )


class _Inputs:
    """What the jobs are made of, read from the store on the document's thread."""

    def __init__(self, document: Document, scenario_id: str, due: list[str]) -> None:
        district, weather = document.project.district, document.weather
        if weather is None:
            raise BugError("an estimate was planned without weather")
        self._city, self._weather, self._due = district.city, weather, due
        self._settings, self._conditions = document.keys.energy_settings, district.solar_conditions
        self._specs = document.keys.specs(district, scenario_id)
        self._archetypes = district.city.buildings.columns["archetype_id"]
        with document.project.reading() as connection:
            simulated = result_store.keys(connection, ENERGYPLUS)
        found = document.keys.baselines(district, weather, simulated)
        self._sources = self._chosen_sources(found)
        specs = {scenario: document.keys.specs(district, scenario) for scenario, _ in found.values()}
        shown = document.solar.shown()
        sun = shown.operators if shown.fresh else ""
        self.calibrated_by = {name: calibration_key(found[name][1], sun) for name in self._sources}
        with document.project.reading() as connection:
            self._baselines = {
                name: _baseline(connection, found[name][1], specs[found[name][0]][name]) for name in self._sources
            }
            self._calibrations = _calibrations(connection, self.calibrated_by)
            operators = result_store.blob(connection, sun, "operators") if sun else None
        self._operators = operators or b""

    def _chosen_sources(self, found: dict[str, tuple[str, str]]) -> list[str]:
        """Simulated buildings that are due, and some of every archetype besides."""
        due, taken, chosen = set(self._due), dict[str, int](), []
        for name in found:
            kind = str(self._archetypes[self._city.buildings.row(name)])
            if name in due:
                chosen.append(name)
            elif taken.get(kind, 0) < MOST_OF_AN_ARCHETYPE and name in self._specs:
                taken[kind] = taken.get(kind, 0) + 1
                chosen.append(name)
        return chosen

    def jobs(self) -> tuple[list[Job], dict[str, str]]:
        """Jobs of some buildings each, and the sentence of each building that has none."""
        from citytwin_desktop.sim.energyplus.thermal_models import thermal_models
        from citytwin_desktop.sim.estimate.shapes import building_shapes

        names = list(dict.fromkeys([*self._due, *self._sources]))
        rows = [self._city.buildings.row(name) for name in names]
        made = thermal_models(self._city, rows, self._specs, self._weather, self._settings, self._conditions)
        models = {model.building_id: model for model in made.models}
        due = [name for name in self._due if name in models]
        sources = [name for name in self._sources if name in models]
        jobs = []
        for first in range(0, len(due), MOST_AT_ONCE):
            mine = due[first : first + MOST_AT_ONCE]
            together = list(dict.fromkeys([*mine, *sources]))
            shapes = building_shapes([models[name] for name in together])
            jobs.append(self._job(mine, together, shapes))
        return jobs, {name: text for name, text in made.refused.items() if name in set(self._due)}

    def _job(self, mine: list[str], together: list[str], shapes: Any) -> Job:
        from citytwin_desktop.sim.estimate.engine import EstimateJobInputs
        from citytwin_desktop.sim.estimate.solar_gains import SurfaceOwners

        surfaces = self._city.surfaces
        place = np.full(len(self._city.buildings), -1, np.int64)
        place[[self._city.buildings.row(name) for name in together]] = np.arange(len(together))
        owners = SurfaceOwners(place[surfaces.building], surfaces.kind) if self._operators else None
        inputs = EstimateJobInputs(
            shapes,
            tuple(self._specs[name] for name in together),
            self._weather,
            tuple(str(self._archetypes[self._city.buildings.row(name)]) for name in together),
            {name: item for name, item in self._baselines.items() if name in set(together)},
            self._calibrations,
            self._operators,
            owners,
        )
        title = f"Estimate of {len(mine)} buildings"
        return Job(content_key("estimate job", mine, together), ESTIMATE, title, tuple(mine), inputs)


def _baseline(connection: Any, key: str, spec: Any) -> Baseline:
    from citytwin_desktop.sim.estimate.engine import Baseline

    heating, cooling = (result_store.series(connection, key, name) for name in ("heating_demand", "cooling_demand"))
    if heating is None or cooling is None:
        raise BugError("a result of EnergyPlus has lost its hours")
    return Baseline(spec, heating, cooling)


def _calibrations(connection: Any, keys: dict[str, str]) -> dict[str, Any]:
    from citytwin_desktop.sim.estimate.calibration import Calibration

    found = {}
    for name, key in keys.items():
        stored = result_store.about(connection, key)
        if stored is not None:
            found[name] = Calibration.from_mapping(stored.about)
    return found


def estimate_results(plan: RunPlan, job: Job, event: JobDone, about: dict[str, Any]) -> Iterator[StoredResult]:
    """Results to store for one job that is done, made as they are asked for: a year of each building, calibrations."""
    outputs, mine = event.outputs, set(job.building_ids)
    sources = about["calibrated_by"]
    kept = {name: value for name, value in about.items() if name != "calibrated_by"}
    share = event.cpu_s / max(len(mine), 1)
    for place, name in enumerate(outputs.building_ids):
        if name in mine:
            yield _result(plan.keys[name], place, outputs, kept, share)
    for name, item in outputs.calibrations.items():
        if name in sources:
            yield StoredResult(sources[name], CALIBRATION, ESTIMATE_ENGINE_VERSION, 0.0, item.as_mapping())


def _result(key: str, place: int, outputs: Any, about: dict[str, Any], cpu_s: float) -> StoredResult:
    hours = {
        "heating_demand": outputs.heating_kwh[place],
        "cooling_demand": outputs.cooling_kwh[place],
        "lighting": outputs.lighting_kwh[place],
        "equipment": outputs.equipment_kwh[place],
    }
    error = outputs.error[place]
    series = {name: StoredSeries("kWh", np.asarray(values, np.float32)) for name, values in hours.items()}
    summary = {name: (float(item.values.sum(dtype="float64")), "kWh") for name, item in series.items()}
    for name in ("heating_demand", "cooling_demand"):
        summary[f"peak_{name}"] = (float(series[name].values.max()), "kW")
    summary["floor_area_m2"] = (float(outputs.floor_area_m2[place]), "m2")
    annual = float(error.annual) if np.isfinite(error.annual) else None
    expected = {"annual": annual, "monthly": float(error.monthly_cvrmse), "level": error.level, "shaded": error.shaded}
    if not np.isfinite(error.monthly_cvrmse):
        expected["monthly"] = None
    about = {**about, "expected_error": expected, "warnings": []}
    return StoredResult(key, ESTIMATE, ESTIMATE_ENGINE_VERSION, cpu_s, about, series, summary=summary)
