"""From what engines return to what the project stores."""

from typing import Any

from citytwin_desktop.document.run_plan import RunPlan
from citytwin_desktop.project.result_store import StoredResult, StoredSeries
from citytwin_desktop.sim.energyplus.inputs import ENGINE_VERSION
from citytwin_desktop.sim.jobs.job import Job, JobDone
from citytwin_desktop.sim.solar.settings import SOLAR_ENGINE_VERSION

_ENERGY_SERIES = {
    "heating_demand": "heating_kwh",
    "cooling_demand": "cooling_kwh",
    "lighting": "lighting_kwh",
    "equipment": "equipment_kwh",
}


def stored_results(plan: RunPlan, job: Job, event: JobDone) -> tuple[StoredResult, ...]:
    """Results to store for one job that is done."""
    about = {**plan.about, "wall_s": event.wall_s}
    if plan.engine == "solar":
        return _solar(job, event, about)
    return (_energy(job, event, about),)


def _energy(job: Job, event: JobDone, about: dict[str, Any]) -> StoredResult:
    outputs = event.outputs
    series = {name: StoredSeries("kWh", getattr(outputs, field)) for name, field in _ENERGY_SERIES.items()}
    summary = {name: (float(item.values.sum(dtype="float64")), "kWh") for name, item in series.items()}
    summary["floor_area_m2"] = (float(outputs.floor_area_m2), "m2")
    about = {**about, "warnings": list(outputs.warnings)}
    return StoredResult(job.key, "energyplus", ENGINE_VERSION, event.cpu_s, about, series, summary=summary)


def _solar(job: Job, event: JobDone, about: dict[str, Any]) -> tuple[StoredResult, ...]:
    outputs, operators = event.outputs, str(about["operators"])
    monthly = {"monthly_irradiation": StoredSeries("kWh/m2", outputs.monthly_irradiation_kwh_m2)}
    totals = StoredResult(job.key, "solar", SOLAR_ENGINE_VERSION, event.cpu_s, about, monthly)
    if not outputs.traced:
        return (totals,)
    blobs = {"operators": outputs.operators}
    kept = {"settings": about["settings"]}
    return totals, StoredResult(operators, "solar operators", SOLAR_ENGINE_VERSION, event.cpu_s, kept, blobs=blobs)
