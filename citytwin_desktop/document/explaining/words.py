"""Formulas in words and symbols, and the standards behind them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from citytwin_desktop.document.explaining.subjects import counted
from citytwin_desktop.document.variables import Variable
from citytwin_desktop.project import result_store

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document
    from citytwin_desktop.document.energy_results import ShownEnergy

_WORDS = {
    "heating_demand": "Useful heat that keeps the rooms at their set-point, summed over the hours",
    "cooling_demand": "Heat taken out of the rooms to keep them at their set-point, summed over the hours",
    "hot_water_demand": "Useful heat in the water drawn: need per floor area times floor area, spread by "
    "the profile of use",
    "electricity_use": "Electricity of all uses, before own photovoltaics are counted",
    "final_energy": "Demand over what meets it, use by use and hour by hour, less own photovoltaics used in their hour",
    "peak_heating": "The greatest hour of heating in the year, of all of them together",
    "peak_cooling": "The greatest hour of cooling in the year, of all of them together",
    "overheating_hours": "Occupied hours above the upper adaptive limit of category II, in the warmest storey of the "
    "worst building; the limit rises with the running mean of the days before",
    "overheating_hours_fixed": "Occupied hours above 26 °C operative, in the warmest storey of the worst building",
    "overheating_hours_night": "Hours above 26 °C operative between 22 and 7 o'clock, in the warmest storey of "
    "the worst building",
    "unmet_hours": "Hours in which heating or cooling did not reach its set-point, whichever are more, in the worst "
    "storey of the worst building",
}
_FORMULAS = {
    "heating_demand": "Q_H = Σ_h Q_H,h",
    "cooling_demand": "Q_C = Σ_h Q_C,h",
    "hot_water_demand": "Q_W = q_W · A",
    "electricity_use": "E_el = Σ_use Q_use ÷ η_use",
    "final_energy": "E = Σ_use Q_use ÷ η_use − min(PV, E_el)",
    "peak_heating": "P = max_h Σ_buildings Q_H,h ÷ 1 h",
    "peak_cooling": "P = max_h Σ_buildings Q_C,h ÷ 1 h",
    "overheating_hours": "t = Σ_h [θ_op > 0.33 θ_rm + 18.8 + 3 K]",
    "overheating_hours_fixed": "t = Σ_h [θ_op > 26 °C]",
    "overheating_hours_night": "t = Σ_h [θ_op > 26 °C, 22–7 h]",
}
ENERGY_SOURCES: Mapping[str, tuple[str, ...]] = {
    "overheating_hours": ("EN 16798-1:2019, Annex B.2.2 and Table B.2",),
    "overheating_hours_fixed": ("CIBSE TM59:2017, clause 4.3",),
    "overheating_hours_night": ("CIBSE TM59:2017, clause 4.2",),
    "final_energy": (
        "Heat pumps: Staffell et al. 2012, Ruhnau et al. 2019, doi:10.1038/s41597-019-0199-y",
        "Carriers by gross calorific value where the source of the system does so",
    ),
    "electricity_use": ("Heat pumps: Staffell et al. 2012, Ruhnau et al. 2019, doi:10.1038/s41597-019-0199-y",),
}


def energy_formula(chosen: Variable) -> str:
    """Formula of an energy variable in symbols, empty where it has none."""
    return _FORMULAS.get(chosen.name, "")


def energy_words(
    document: Document,
    chosen: Variable,
    mine: Mapping[str, ShownEnergy],
    values: Collection[str],
    one: str = "building",
) -> str:
    """Formula of an energy variable in a sentence, with who computed it of how many."""
    words = _WORDS.get(chosen.name, chosen.title)
    if not values:
        return f"{words}. There is no result yet."
    engines = {mine[name].engine for name in values}
    who = {
        "energyplus": "EnergyPlus with ideal loads",
        "estimate": "the estimate (5R1C after EN ISO 13790, calibrated against EnergyPlus)",
    }
    by = " and ".join(who[name] for name in sorted(engines))
    if len(values) > 1:
        return f"{words}. Demand by {by}, of {counted(len(values), one)}."
    zones = _zones(document, mine[next(iter(values))].key)
    where = f", in {counted(zones, 'zone')} (one for each storey)" if zones else ""
    return f"{words}. Demand by {by}{where}."


def _zones(document: Document, key: str) -> int:
    with document.project.reading() as connection:
        found = result_store.about(connection, key)
    return int(found.about.get("zones", 0)) if found else 0
