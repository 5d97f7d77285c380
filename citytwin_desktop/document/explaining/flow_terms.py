"""Heat through surfaces explained: of one surface per area, of buildings by kind of surface."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from citytwin_desktop.city.calendar import MONTH_NAMES
from citytwin_desktop.document.explaining.inputs import column_inputs, spec_inputs
from citytwin_desktop.document.explaining.run_facts import freshness_of, run_of
from citytwin_desktop.document.explaining.subjects import (
    counted,
    kind_title,
    rows_of,
    subject_of,
    surfaces_of_rows,
    time_words,
)
from citytwin_desktop.document.explaining.weather_facts import weather_input
from citytwin_desktop.document.explanation import Explanation, Input, Question, Term
from citytwin_desktop.document.flow_values import SMALLEST_AREA_M2, monthly_flows
from citytwin_desktop.document.variables import Variable
from citytwin_desktop.errors import KnownError

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

_U_VALUES = {
    "Wall": ("wall_u_value_w_m2k", "window_u_value_w_m2k", "window_g_value", "window_share"),
    "Roof": ("roof_u_value_w_m2k",),
    "Ground": ("floor_u_value_w_m2k",),
}
_WORDS = {
    "heat_transmission": "Heat that the rooms lose through the surface, windows without the sun they let in counted; a "
    "gain is negative. EnergyPlus's hours, summed by month",
    "transmitted_solar": "Sun that the windows of the surface let into the rooms. EnergyPlus's hours, summed by month",
}


def explain_flow(document: Document, question: Question, chosen: Variable) -> Explanation:
    """Explain heat through surfaces.

    Raises
    ------
    KnownError
        When an hour is asked for: months are what is stored.
    """
    if question.hour is not None or question.hours is not None:
        raise KnownError(f"{chosen.title} is known by month: ask for a month or the year.")
    rows = rows_of(document, question)
    ids = [str(name) for name in document.city.buildings.ids[rows]]
    every = document.energy.shown(question.scenario_id)
    mine = {name: every[name] for name in ids if name in every and not every[name].estimate}
    monthly, _ = monthly_flows(document, document.energy, chosen, question.scenario_id)
    surfaces = surfaces_of_rows(document, rows) if question.surface is None else np.array([question.surface])
    surfaces = surfaces[np.isfinite(monthly[surfaces]).all(axis=1)]
    month = question.month
    energy = monthly[surfaces].sum(axis=1) if month is None else monthly[surfaces, month]
    year = "a" if month is None else ""
    kinds = [kind_title(int(kind)) for kind in np.unique(document.city.surfaces.kind[surfaces])]
    state, freshness, changes = freshness_of(document, mine, question.scenario_id)
    value, unit, terms = None, f"kWh{'/a' if year else ''}", _by_kind(document, surfaces, energy)
    area = document.city.surfaces.polygons.areas_m2[surfaces]
    if len(surfaces) and question.surface is None:
        value = math.fsum(energy)
    elif len(surfaces) and area[0] >= SMALLEST_AREA_M2:
        value, unit = float(energy[0] / area[0]), f"kWh/m²{year}"
        months = tuple(
            Term(name, float(item), "kWh") for name, item in zip(MONTH_NAMES, monthly[surfaces[0]], strict=True)
        )
        terms = (
            Term("Heat through it", float(energy[0]), "kWh", parts=months if month is None else ()),
            Term("Area of the surface", float(area[0]), "m²", "÷"),
        )
    remarks = [] if len(surfaces) else ["EnergyPlus has no such surface: a party wall, or no simulation yet."]
    if missing := len(ids) - len(mine):
        remarks.append(f"{counted(missing)} of {len(ids)} have no EnergyPlus result; estimates know no surfaces.")
    when = time_words(document, question)
    names = [name for kind in kinds for name in _U_VALUES.get(kind, ())]
    return Explanation(
        question, chosen.title if month is None else f"{chosen.title}, {when}", subject_of(document, question), value,
        unit, _WORDS[chosen.name], "q = Σ_h Q_h ÷ A" if question.surface is not None else "Q = Σ_surfaces Σ_h Q_h",
        terms if value is not None else (), beside=_per_area(value, area, unit) if question.surface is None else (),
        inputs=_inputs(document, question, rows, names),
        run=run_of(document, list(mine.values())), state=state, freshness=freshness, changes=changes,
        remarks=tuple(remarks),
    )  # fmt: skip


def _per_area(value: float | None, areas_m2: np.ndarray, unit: str) -> tuple[Term, ...]:
    """The same per area of the surfaces that have a value, as tables and charts tell it."""
    area = float(areas_m2[areas_m2 >= SMALLEST_AREA_M2].sum())
    if value is None or not area > 0.0:
        return ()
    return (Term("Per area of these surfaces", value / area, f"kWh/m²{'a' if unit.endswith('/a') else ''}", ""),)


def _by_kind(document: Document, surfaces: np.ndarray, energy: np.ndarray) -> tuple[Term, ...]:
    kind = document.city.surfaces.kind[surfaces]
    return tuple(
        Term(
            f"{kind_title(int(item))}, {counted(int((kind == item).sum()), 'surface')}",
            math.fsum(energy[kind == item]),
            "kWh",
        )
        for item in np.unique(kind)
    )


def _inputs(document: Document, question: Question, rows: np.ndarray, names: list[str]) -> tuple[Input, ...]:
    wanted = (*dict.fromkeys(names), "heating_setpoint_c")
    return (
        *spec_inputs(document, rows, question.scenario_id, wanted),
        *column_inputs(document, rows, ("storeys",)),
        weather_input(document.weather),
    )
