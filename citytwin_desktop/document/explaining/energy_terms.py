"""Energy of buildings explained: demands, final energy, loads, hours too warm."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from citytwin_desktop.city.calendar import MONTH_NAMES, hour_label
from citytwin_desktop.document.energy_indicators import MOST_FOR_LOADS
from citytwin_desktop.document.explaining.final_terms import final_terms, hot_water_terms
from citytwin_desktop.document.explaining.inputs import SYSTEMS, THERMAL, column_inputs, spec_inputs
from citytwin_desktop.document.explaining.run_facts import freshness_of, run_of
from citytwin_desktop.document.explaining.subjects import MOST_NAMED, counted, members, rows_of, subject_of, time_words
from citytwin_desktop.document.explaining.weather_facts import weather_input
from citytwin_desktop.document.explaining.words import ENERGY_SOURCES, energy_formula, energy_words
from citytwin_desktop.document.explanation import Explanation, Question, Term, till
from citytwin_desktop.document.variables import ENERGY, FINAL_ENERGY, HOURS, PEAK, Variable
from citytwin_desktop.errors import KnownError

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document
    from citytwin_desktop.document.energy_results import ShownEnergy

Shown = Mapping[str, "ShownEnergy"]


def explain_energy(document: Document, question: Question, chosen: Variable) -> Explanation:
    """Explain an energy variable of buildings; on a surface, as it is painted there.

    Raises
    ------
    KnownError
        When the variable has no such time.
    """
    if chosen.kind != ENERGY and (question.month is not None or question.hour is not None):
        raise KnownError(f"{chosen.title} is of the whole year: ask without a month or an hour.")
    if question.hours is not None:
        raise KnownError(f"{chosen.title} is explained for an hour, a month or the year: choose one of these.")
    rows = rows_of(document, question)
    ids = [str(name) for name in document.city.buildings.ids[rows]]
    every = document.energy.shown_of(chosen, question.scenario_id)
    mine = {name: every[name] for name in ids if name in every}
    made = _kinds[chosen.kind](document, question, chosen, mine)
    state, freshness, changes = freshness_of(document, mine, question.scenario_id)
    demand = THERMAL if not chosen.derived else (*THERMAL, *SYSTEMS)
    inputs = (
        *column_inputs(document, rows, ("function", "year_built", "storeys", "archetype_id")),
        *spec_inputs(document, rows, question.scenario_id, demand),
        weather_input(document.weather),
    )
    remarks, one = list(made.remarks), members(question, ids)
    if missing := len(ids) - len(mine):
        remarks.append(f"{counted(missing, one)} of {len(ids)} have no result and are not in it.")
    if any(item.estimate for item in mine.values()):
        count = sum(item.estimate for item in mine.values())
        remarks.append(f"{counted(count, one)} of {len(mine)}: an estimate, not a simulation.")
    return replace(
        made, run=run_of(document, list(mine.values())), state=state, freshness=freshness, changes=changes,
        inputs=inputs, remarks=tuple(remarks), sources=ENERGY_SOURCES.get(chosen.name, ()),
    )  # fmt: skip


def _of_energy(document: Document, question: Question, chosen: Variable, mine: Shown) -> Explanation:
    scenario = question.scenario_id
    summaries = document.energy.summaries(chosen, scenario, question.month)
    values = {name: _value(document, question, chosen, name, mine[name], summaries) for name in mine}
    values = {name: value for name, value in values.items() if math.isfinite(value)}
    area = math.fsum(summaries[name][1] for name in values if math.isfinite(summaries[name][1]))
    total = math.fsum(values.values()) if values else None
    if len(values) == 1:
        name = next(iter(values))
        terms = _of_one(document, question, chosen, name, mine[name])
    else:
        terms = largest(values, chosen.unit)
    period = "/a" if _is_year(question) else ""
    unit = chosen.unit + period
    made = Explanation(
        question, _title(document, question, chosen), subject_of(document, question), total, unit,
        energy_words(document, chosen, mine, values, members(question, mine)), energy_formula(chosen), terms,
    )  # fmt: skip
    if total is None or not area > 0:
        return made
    per_area = Term("Per floor area", total / area, f"kWh/m²{'a' if period else ''}", "")
    floor = Term("Floor area as simulated", area, "m²", "÷")
    if question.surface is None:
        return replace(made, beside=(per_area, replace(floor, operation="")))
    whole = Term(f"{chosen.title} of the building", total, unit, parts=terms)
    return replace(
        made,
        value=total / area,
        unit=per_area.unit,
        terms=(whole, floor),
        beside=(replace(whole, operation="", parts=()),),
    )


def _is_year(question: Question) -> bool:
    return question.month is None and question.hour is None


def _value(
    document: Document, question: Question, chosen: Variable, name: str, shown: ShownEnergy,
    summaries: Mapping[str, tuple[float, float, ShownEnergy]],
) -> float:  # fmt: skip
    if question.column:
        return till(final_terms(document, question, name, shown))
    if question.hour is None:
        return summaries[name][0]
    hours = document.energy.hours(chosen, shown, name, question.scenario_id)
    return float("nan") if hours is None else float(hours[question.hour])


def _of_one(
    document: Document, question: Question, chosen: Variable, name: str, shown: ShownEnergy
) -> tuple[Term, ...]:
    """Arithmetic of one building's value."""
    if chosen.name in (FINAL_ENERGY, "electricity_use"):
        asked = question if chosen.name == FINAL_ENERGY else replace(question, column="electricity")
        return final_terms(document, asked, name, shown, delivered=chosen.name == FINAL_ENERGY)
    if chosen.name == "hot_water_demand":
        return hot_water_terms(document, question, name, shown)
    hours = document.energy.hours(chosen, shown, name, question.scenario_id)
    if hours is None:
        return ()
    if question.hour is not None:
        when = hour_label(question.hour, len(hours))
        return (Term(f"The hour of {when}", float(hours[question.hour]), chosen.unit),)
    months = document.energy.months(chosen, shown, name, question.scenario_id)
    if question.month is not None:
        return (Term(MONTH_NAMES[question.month], float(months[question.month]), chosen.unit, note="sum of its hours"),)
    return tuple(Term(month, float(value), chosen.unit) for month, value in zip(MONTH_NAMES, months, strict=True))


def largest(values: Mapping[str, float], unit: str) -> tuple[Term, ...]:
    """The buildings with most, one line each, and all others in one line."""
    order = sorted(values, key=lambda name: -abs(values[name]))
    named, rest = order[:MOST_NAMED], order[MOST_NAMED:]
    terms = [Term(name, values[name], unit, building=name) for name in named]
    if rest:
        terms.append(Term(f"{counted(len(rest), 'other')}", math.fsum(values[name] for name in rest), unit))
    return tuple(terms)


def _of_peak(document: Document, question: Question, chosen: Variable, mine: Shown) -> Explanation:
    """The greatest hour of all of them together; of many buildings only each one's own is known at once."""
    made = Explanation(
        question, chosen.title, subject_of(document, question), None, chosen.unit,
        energy_words(document, chosen, mine, mine, members(question, mine)), energy_formula(chosen),
    )  # fmt: skip
    if len(mine) > MOST_FOR_LOADS:
        found = document.energy.summaries(chosen, question.scenario_id)
        own = {name: found[name][0] for name in mine if math.isfinite(found[name][0])}
        note = f"Of more than {MOST_FOR_LOADS} buildings the hours are not summed: the lines are each one's own load."
        return replace(made, terms=largest(own, chosen.unit), combine="", remarks=(note,))
    read = {name: document.energy.hours(chosen, shown, name, question.scenario_id) for name, shown in mine.items()}
    hours = {name: values for name, values in read.items() if values is not None}
    if not hours:
        return made
    together = np.sum([values.astype(np.float64) for values in hours.values()], axis=0)
    at = int(together.argmax())
    terms = largest({name: float(values[at]) for name, values in hours.items()}, chosen.unit)
    when = f"The hour is {hour_label(at, len(together))}; kWh in an hour are kW."
    return replace(made, value=float(together[at]), terms=terms, remarks=(when,))


def _of_hours(document: Document, question: Question, chosen: Variable, mine: Shown) -> Explanation:
    found = document.energy.summaries(chosen, question.scenario_id)
    values = {name: found[name][0] for name in mine if name in found and math.isfinite(found[name][0])}
    order = sorted(values, key=lambda name: -values[name])[:MOST_NAMED]
    terms = tuple(Term(name, values[name], chosen.unit, building=name) for name in order)
    estimated = sum(item.estimate for item in mine.values())
    told = (f"Estimates have no such hours: {counted(estimated)} not in it.",) if estimated else ()
    return Explanation(
        question, chosen.title, subject_of(document, question), values[order[0]] if order else None, chosen.unit,
        energy_words(document, chosen, mine, values, members(question, mine)), energy_formula(chosen), terms, "max",
        remarks=told,
    )  # fmt: skip


def _title(document: Document, question: Question, chosen: Variable) -> str:
    when = time_words(document, question)
    what = f"{chosen.title}, {question.column.replace('_', ' ')}" if question.column else chosen.title
    return what if when == "year" else f"{what}, {when}"


_kinds = {ENERGY: _of_energy, PEAK: _of_peak, HOURS: _of_hours}
