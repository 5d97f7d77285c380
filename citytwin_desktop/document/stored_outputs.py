"""From what engines return to what the project stores."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from citytwin_desktop.document.collector_plan import collector_results
from citytwin_desktop.document.estimate_plan import estimate_results
from citytwin_desktop.document.flow_values import FLOW_SURFACE, TRANSMISSION, TRANSMITTED
from citytwin_desktop.document.planned_run import RunPlan
from citytwin_desktop.document.run_plan import FIRST
from citytwin_desktop.project.result_store import StoredResult, StoredSeries
from citytwin_desktop.sim.energyplus.inputs import ENGINE_VERSION
from citytwin_desktop.sim.jobs.job import Job, JobDone
from citytwin_desktop.sim.solar.engine import FIRST_OPERATORS, FIRST_TOTALS
from citytwin_desktop.sim.solar.settings import SOLAR_ENGINE_VERSION

_ENERGY_SERIES = {
    "heating_demand": "heating_kwh",
    "cooling_demand": "cooling_kwh",
    "lighting": "lighting_kwh",
    "equipment": "equipment_kwh",
}
_HOUR_COUNTS = {
    "overheating_adaptive": "overheating_adaptive_h",
    "overheating_fixed": "overheating_fixed_h",
    "overheating_night": "overheating_night_h",
}


def stored_results(plan: RunPlan, job: Job, event: JobDone) -> Iterable[StoredResult]:
    """Results to store for one job that is done."""
    about = {**plan.about, "wall_s": event.wall_s}
    if plan.engine == "solar":
        return _solar(job, event, about)
    if plan.engine == "estimate":
        return estimate_results(plan, job, event, about)
    if plan.engine == "collectors":
        return collector_results(job, event, about)
    return (_energy(job, event, about),)


def _energy(job: Job, event: JobDone, about: dict[str, Any]) -> StoredResult:
    outputs = event.outputs
    series = {name: StoredSeries("kWh", getattr(outputs, field)) for name, field in _ENERGY_SERIES.items()}
    summary = {name: (float(item.values.sum(dtype="float64")), "kWh") for name, item in series.items()}
    for name in ("heating_demand", "cooling_demand"):
        summary[f"peak_{name}"] = (float(series[name].values.max()), "kW")
    summary |= {name: (float(getattr(outputs, field)), "h") for name, field in _HOUR_COUNTS.items()}
    summary["unmet"] = (float(max(outputs.heating_unmet_h, outputs.cooling_unmet_h)), "h")
    summary["floor_area_m2"] = (float(outputs.floor_area_m2), "m2")
    series["operative_temperature"] = StoredSeries("C", outputs.operative_temperature_c)
    series[FLOW_SURFACE] = StoredSeries("", outputs.flows.surface)
    series[TRANSMISSION] = StoredSeries("kWh", outputs.flows.transmission_kwh)
    series[TRANSMITTED] = StoredSeries("kWh", outputs.flows.transmitted_solar_kwh)
    about = {**about, "warnings": list(outputs.warnings), "zones": outputs.zones, "volume_m3": outputs.volume_m3}
    return StoredResult(job.key, "energyplus", ENGINE_VERSION, event.cpu_s, about, series, summary=summary)


def first_map(plan: RunPlan, job: Job, parts: dict[str, bytes]) -> tuple[StoredResult, ...]:
    """Results to store for the first map of a solar job; empty while a part of it is missing."""
    if not {FIRST_OPERATORS, FIRST_TOTALS} <= set(parts):
        return ()
    operators = first_operators(str(plan.about["operators"]))
    about = {**plan.about, "operators": operators, "quality": FIRST}
    months = np.frombuffer(parts[FIRST_TOTALS], "<f4").reshape(-1, 12)
    return _totals_and_operators(job.key, 0.0, about, months, parts[FIRST_OPERATORS])


def first_operators(operators: str) -> str:
    """Key of the operators of the first map, given that of the exact ones."""
    return f"{operators}-{FIRST}"


def is_first(operators: str) -> bool:
    """Whether a key is one of operators of a first map."""
    return operators.endswith(f"-{FIRST}")


def _solar(job: Job, event: JobDone, about: dict[str, Any]) -> tuple[StoredResult, ...]:
    outputs = event.outputs
    # What was given and used is in the store already.
    operators = b"" if outputs.operators == job.inputs.operators else outputs.operators
    about = {**about, "traced_share": round(outputs.traced_share, 4)}
    return _totals_and_operators(job.key, event.cpu_s, about, outputs.monthly_irradiation_kwh_m2, operators)


def _totals_and_operators(
    key: str, cpu_s: float, about: dict[str, Any], months: Any, operators: bytes
) -> tuple[StoredResult, ...]:
    monthly = {"monthly_irradiation": StoredSeries("kWh/m2", months)}
    totals = StoredResult(key, "solar", SOLAR_ENGINE_VERSION, cpu_s, about, monthly)
    if not operators:
        return (totals,)
    kept, blobs = {"settings": about["settings"]}, {"operators": operators}
    made = StoredResult(str(about["operators"]), "solar operators", SOLAR_ENGINE_VERSION, cpu_s, kept, blobs=blobs)
    return totals, made
