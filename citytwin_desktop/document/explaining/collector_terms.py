"""Photovoltaics and solar thermal explained: area, power, yield, and what of it is used on the spot."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from citytwin_desktop.analysis.usable_area import Placement
from citytwin_desktop.city.calendar import MONTH_NAMES
from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.document.collector_tables import surfaces_of
from citytwin_desktop.document.explaining.run_facts import facts_of, since_run
from citytwin_desktop.document.explaining.subjects import IntArray, counted, rows_of, subject_of
from citytwin_desktop.document.explaining.weather_facts import weather_input
from citytwin_desktop.document.explanation import Explanation, Input, Question, Term
from citytwin_desktop.document.solar_potential import BuildingMatch, CollectorSurfaces, SolarPotential
from citytwin_desktop.document.variables import Variable
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import result_store

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

_WORDS = {
    "pv_capacity": "Power of the modules that fit, at 1,000 W/m² and 25 °C: usable area times the module's efficiency",
    "pv_yield": "Alternating current of the modules that fit: irradiance of each hour on their plane, less "
    "reflection, heat of the cells, and the losses of modules, wiring and inverter",
    "pv_self_consumption": "Generation that the building uses in the hour it is made, over all its generation",
    "pv_autarky": "Generation that the building uses in the hour it is made, over its demand of electricity",
    "solar_thermal_yield": "Useful heat of the collectors that fit, by their test after EN ISO 9806, from the "
    "irradiance of each hour and the difference between fluid and air",
}
_FORMULAS = {
    "pv_capacity": "P = A · η",
    "pv_yield": "E = Σ_placements P · y",
    "pv_self_consumption": "s = Σ_h min(PV, demand) ÷ Σ_h PV",
    "pv_autarky": "a = Σ_h min(PV, demand) ÷ Σ_h demand",
    "solar_thermal_yield": "Q = Σ_placements A · q",
}
_SOURCES = {
    "pv": (
        "Losses: Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641, doi:10.2172/1158421",
        "Cell temperature: Sandia model (SAPM), coefficients in the catalogue",
    ),
    "solar_thermal": ("EN ISO 9806, coefficients of the collector in the catalogue",),
}
_UNITS = (
    ("_kwh_m2", "kWh/m²a"), ("_m2", "m²"), ("_m", "m"), ("_percent", "%"), ("_deg", "°"), ("_temperature_c", "°C"),
)  # fmt: skip
_STALE = "Stale: inputs have changed since"
_MODULE_FIELDS = ("module", "inverter", "dc_ac_ratio")
_THERMAL_FIELDS = ("collector", "mean_fluid_temperature_c")


def explain_collectors(document: Document, question: Question, chosen: Variable) -> Explanation:
    """Explain a variable of solar collectors.

    Raises
    ------
    KnownError
        When an hour is asked for, or a month of what is of the whole year.
    """
    if question.hour is not None or question.hours is not None:
        raise KnownError(f"{chosen.title} is explained for a month or the year: choose one of these.")
    if question.month is not None and chosen.unit != "kWh":
        raise KnownError(f"{chosen.title} is of the whole year: ask without a month.")
    kind = "pv" if chosen.name.startswith("pv") else "solar_thermal"
    when = f", {MONTH_NAMES[question.month]}" if question.month is not None else ""
    made = Explanation(
        question, f"{chosen.title}{when}", subject_of(document, question), None,
        chosen.unit.replace("–", "") + ("/a" if chosen.unit == "kWh" and not when else ""),
        _WORDS[chosen.name], _FORMULAS[chosen.name], inputs=_inputs(document, kind), sources=_SOURCES[kind],
    )  # fmt: skip
    potential = document.solar_potential(question.scenario_id)
    if potential is None:
        return replace(made, freshness="No result: run solar, then collectors")
    made = _with_run(document, made, potential)
    if chosen.of_demand:
        return _share(document, made, chosen, potential)
    return _sum(document, made, chosen, potential)


def _inputs(document: Document, kind: str) -> tuple[Input, ...]:
    assumptions = document.collectors.assumptions
    values, origins = assumptions.values(), assumptions.origins()
    prefix = "photovoltaic_" if kind == "pv" else "solar_thermal_"
    wanted = _MODULE_FIELDS if kind == "pv" else _THERMAL_FIELDS
    names = [name for name in values if name in wanted or name.startswith(prefix)]
    if kind == "pv":
        names += [name for name in values if name.endswith("_loss_percent")]
    found = []
    for name in names:
        title, unit = _title(name.removeprefix(prefix))
        value, origin = values[name], origins.get(name, "")
        shown = value if isinstance(value, float) else str(value).replace("_", " ")
        found.append(Input(title, shown, unit, origin, "edited" if origin.startswith("edited") else ""))
    return (*found, weather_input(document.weather))


def _title(name: str) -> tuple[str, str]:
    """Title and unit of an assumption, from its name: ``roof_set_back_m`` is “Roof set back” in m."""
    ending, unit = next(((ending, unit) for ending, unit in _UNITS if name.endswith(ending)), ("", ""))
    return name.removesuffix(ending).replace("_", " ").capitalize(), unit


def _with_run(document: Document, made: Explanation, potential: SolarPotential) -> Explanation:
    with document.project.reading() as connection:
        found = result_store.about(connection, potential.key)
    # Placement and conversion stand among the inputs with their origins.
    facts = replace(facts_of(found), settings=()) if found else None
    changes = () if potential.fresh else since_run(document, found, (), BASELINE, solar=True)
    return replace(
        made, run=facts, state="fresh" if potential.fresh else "stale", changes=changes,
        freshness="Fresh: of today's inputs" if potential.fresh else f"{_STALE}; run collectors again",
    )  # fmt: skip


def _surfaces(document: Document, made: Explanation, known: CollectorSurfaces) -> IntArray:
    question = made.question
    if question.surface is not None:
        return np.array([question.surface], np.int64)
    # Its own surfaces alone: those of its siblings belong to the whole.
    return np.flatnonzero(np.isin(document.city.surfaces.building, rows_of(document, question)) & known.known)


def _sum(document: Document, made: Explanation, chosen: Variable, potential: SolarPotential) -> Explanation:
    found, month = surfaces_of(potential, chosen), made.question.month
    mine = _surfaces(document, made, found)
    if not len(mine) or not found.known[mine].all():
        return replace(made, remarks=(*made.remarks, "No value here: the surface was not in the run."))
    used = mine[found.size[mine] > 0]
    terms = tuple(_placement(found, chosen, used, int(place), month) for place in np.unique(found.placement[used]))
    value = math.fsum(_numbers(found, chosen, used, month))
    remarks = list(made.remarks)
    if made.question.surface is not None:
        if not len(used):
            remarks.append(f"No collectors here: {found.why_none(int(mine[0]))}.")
        area = float(document.city.surfaces.polygons.areas_m2[mine[0]])
        whole = Term(chosen.title, value, made.unit, parts=terms)
        unit = made.unit.replace("/a", "") + ("/m²a" if made.unit.endswith("/a") else "/m²")
        terms = (whole, Term("Area of the surface", area, "m²", "÷")) if area > 0 else ()
        return replace(made, value=value / area if area > 0 else None, unit=unit, terms=terms, remarks=tuple(remarks))
    bare = len(mine) - len(used)
    remarks.append(f"{counted(len(used), 'surface')} carry collectors, {bare} carry none.")
    return replace(made, value=value, terms=terms, remarks=tuple(remarks))


def _numbers(found: CollectorSurfaces, chosen: Variable, mine: IntArray, month: int | None) -> np.ndarray:
    if chosen.unit != "kWh":
        return found.size[mine].astype(np.float64)
    return found.annual_kwh[mine] if month is None else found.monthly_kwh[mine, month].astype(np.float64)


def _placement(found: CollectorSurfaces, chosen: Variable, used: IntArray, place: int, month: int | None) -> Term:
    mine = used[found.placement[used] == place]
    size, value = float(found.size[mine].sum(dtype=np.float64)), math.fsum(_numbers(found, chosen, mine, month))
    area = float(found.area_m2[mine].sum(dtype=np.float64))
    name = f"{Placement(place).name.replace('_', ' ').capitalize()}, {counted(len(mine), 'surface')}"
    if chosen.name.startswith("solar_thermal"):
        unit = "kWh/m²a" if month is None else "kWh/m²"
        parts = (Term("Collector area", area, "m²"), Term("Yield per area", value / area, unit, "×"))
        return Term(name, value, "kWh", parts=parts)
    peak = (Term("Area of modules", area, "m²"), Term("Efficiency of the module", size / area, "", "×"))
    if chosen.name == "pv_capacity":
        return Term(name, value, "kWp", parts=peak)
    power = Term("Peak power", size, "kWp", parts=peak)
    return Term(name, value, "kWh", parts=(power, Term("Specific yield", value / size, "kWh/kWp", "×")))


def _share(document: Document, made: Explanation, chosen: Variable, potential: SolarPotential) -> Explanation:
    asked = rows_of(document, made.question)
    owners = np.unique(document.city.buildings.parent_row()[asked])
    names = [str(potential.ids[row]) for row in owners]
    matches = [potential.matches[name] for name in names if name in potential.matches]
    remarks = [*made.remarks, *_of_whole(document, asked, owners)]
    if missing := len(names) - len(matches):
        remarks.append(f"The demand of {counted(missing)} is not known: run EnergyPlus, then collectors.")
    if not matches:
        return replace(made, remarks=tuple(remarks))
    sums = [(item.generation_kwh, item.demand_kwh, item.self_consumed_kwh) for item in matches]
    generation, demand, used = np.sum(sums, axis=0).tolist()
    both = BuildingMatch(all(item.fresh for item in matches), generation, demand, used)
    autarky = chosen.name == "pv_autarky"
    over = ("Demand of electricity", demand) if autarky else ("Generation", generation)
    terms = (Term("Used in the hour it is made", used, "kWh"), Term(over[0], over[1], "kWh", "÷"))
    told = replace(
        made, terms=terms, remarks=tuple(remarks), value=both.autarky_share if autarky else both.self_consumption_share
    )
    if both.fresh or made.state == "stale":
        return told
    return replace(told, state="stale", freshness="Stale: the demand has changed since; run collectors again")


def _of_whole(document: Document, asked: IntArray, owners: IntArray) -> list[str]:
    """A sentence where only some parts of a building are asked about: it has one connection to the grid."""
    city = document.city
    every = city.rows_with_geometry
    if np.isin(every, asked)[np.isin(city.buildings.parent_row()[every], owners)].all():
        return []
    wholes = ", ".join(f"“{name}”" for name in city.buildings.ids[owners][:3])
    return [f"Of the whole building {wholes} with all its parts, which share one connection."]
