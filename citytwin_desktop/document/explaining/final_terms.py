"""Final energy in numbers: each use's demand, what meets it, and own photovoltaics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.final_energy import ELECTRICITY, HOT_WATER_TEMPERATURE_C, FinalEnergy
from citytwin_desktop.catalog.carriers import carrier_title
from citytwin_desktop.catalog.systems import systems
from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.numbers import number_text
from citytwin_desktop.document.explanation import Question, Term
from citytwin_desktop.document.variables import VARIABLES
from citytwin_desktop.project import result_store

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document
    from citytwin_desktop.document.energy_results import ShownEnergy

_USES = {
    "heating": "Space heating", "hot_water": "Hot water", "cooling": "Cooling", "lighting": "Lighting",
    "equipment": "Equipment", "fans": "Fans",
}  # fmt: skip
_DEMANDS = {"heating": "heating_demand", "cooling": "cooling_demand"}


def final_terms(
    document: Document, question: Question, name: str, shown: ShownEnergy, *, delivered: bool = True
) -> tuple[Term, ...]:
    """Lines of the final energy of one building, of one carrier where the question's column names one.

    Parameters
    ----------
    document : Document
    question : Question
    name : str
        Of the building.
    shown : ShownEnergy
    delivered : bool
        Less what the building makes and uses itself.
    """
    final = document.energy.final(shown, name, question.scenario_id)
    spec = document.keys.specs(document.project.district, question.scenario_id).get(name)
    if final is None or spec is None:
        return ()
    chosen = hours_of(question, len(final.hot_water_kwh))
    area = _floor_area_m2(document, shown.key)
    terms = []
    for (use, carrier), hours in final.by_use.items():
        if question.column in ("", carrier):
            value = float(hours[chosen].sum())
            parts = _parts(document, question, name, shown, spec, final, use, value, area)
            terms.append(Term(_USES[use], value, "kWh", note=carrier_title(carrier), parts=parts))
    if delivered and question.column in ("", ELECTRICITY) and final.generation_kwh.any():
        used, made = (float(item[chosen].sum()) for item in (final.self_used_kwh, final.generation_kwh))
        note = f"own photovoltaics made {number_text(made)} kWh; what is not used in its hour is exported"
        terms.append(Term("Own photovoltaics used", used, "kWh", "−", note))
    return tuple(terms)


def hours_of(question: Question, count: int) -> NDArray[Any]:
    """Hours of the year that a question is about, as an index."""
    if question.hour is not None:
        return np.array([question.hour])
    if question.month is not None:
        return np.flatnonzero(month_of_hour(count) == question.month)
    return np.arange(count)


def hot_water_terms(document: Document, question: Question, name: str, shown: ShownEnergy) -> tuple[Term, ...]:
    """Lines of the useful heat in the water drawn."""
    final = document.energy.final(shown, name, question.scenario_id)
    spec = document.keys.specs(document.project.district, question.scenario_id).get(name)
    if final is None or spec is None:
        return ()
    value = float(final.hot_water_kwh[hours_of(question, len(final.hot_water_kwh))].sum())
    area = _floor_area_m2(document, shown.key)
    year = spec.hot_water_kwh_m2a * area
    terms = [
        Term("Hot water", spec.hot_water_kwh_m2a, "kWh/m²a", note=spec.origins.get("hot_water_kwh_m2a", "")),
        Term("Floor area as simulated", area, "m²", "×"),
    ]
    if (question.month is not None or question.hour is not None) and year > 0:
        terms.append(Term("Share of the year by the profile of use", value / year, "", "×"))
    return tuple(terms)


def _parts(
    document: Document, question: Question, name: str, shown: ShownEnergy, spec: EnergySpec, final: FinalEnergy,
    use: str, value: float, area: float,
) -> tuple[Term, ...]:  # fmt: skip
    """Demand and what it is divided by, for uses that a system meets."""
    chosen = hours_of(question, len(final.hot_water_kwh))
    if use == "hot_water":
        demand = float(final.hot_water_kwh[chosen].sum())
        own_curve = bool(spec.heat_source) and spec.hot_water_system == spec.heating_system
        return _met(
            "hot_water",
            spec,
            demand,
            value,
            pump=own_curve,
            parts=hot_water_terms(document, question, name, shown),
        )
    if use in _DEMANDS:
        hours = document.energy.hours(VARIABLES[_DEMANDS[use]], shown, name, question.scenario_id)
        demand = float("nan") if hours is None else float(hours[chosen].sum(dtype=np.float64))
        return _met(use, spec, demand, value, pump=use == "heating" and bool(spec.heat_source))
    if use == "fans" and question.month is None and question.hour is None and spec.ventilation_l_s_m2 * area > 0:
        power_kw = spec.ventilation_l_s_m2 * area * spec.fan_power_w_per_l_s / 1000.0
        return (
            Term("Outdoor air", spec.ventilation_l_s_m2, "l/s m²", note=spec.origins.get("ventilation_l_s_m2", "")),
            Term("Floor area as simulated", area, "m²", "×"),
            Term(
                "Fan power",
                spec.fan_power_w_per_l_s / 1000.0,
                "kW per l/s",
                "×",
                spec.origins.get("fan_power_w_per_l_s", ""),
            ),
            Term("Hours of full ventilation in the year", value / power_kw, "h", "×", "profile of use"),
        )
    return ()


def _met(
    kind: str, spec: EnergySpec, demand: float, value: float, *, pump: bool,
    parts: tuple[Term, ...] = (),
) -> tuple[Term, ...]:  # fmt: skip
    efficiency = float(getattr(spec, f"{kind}_efficiency"))
    origin = spec.origins.get(f"{kind}_efficiency", "")
    title = _system_title(kind, str(getattr(spec, f"{kind}_system")))
    useful = Term("Useful demand", demand, "kWh", parts=parts)
    if not pump:
        return useful, Term(f"Efficiency: {title}", efficiency, "", "÷", origin)
    supply = HOT_WATER_TEMPERATURE_C if kind == "hot_water" else spec.supply_temperature_c
    curve = ", ".join(f"{item:g}" for item in spec.cop_coefficients)
    note = (
        f"mean over the hours of max(1, {efficiency:g} · (a + b ΔT + c ΔT²)), ΔT from {spec.heat_source} to "
        f"{supply:g} °C, a, b, c = {curve}; {origin}"
    )
    return useful, Term(f"COP: {title}", demand / value if value else np.nan, "", "÷", note)


def _system_title(kind: str, code: str) -> str:
    known = systems("", kind)
    return known[code].title if code in known else code.replace("_", " ")


def _floor_area_m2(document: Document, key: str) -> float:
    with document.project.reading() as connection:
        found = result_store.about(connection, key)
    return float(found.summary.get("floor_area_m2", (np.nan, ""))[0]) if found else float("nan")
