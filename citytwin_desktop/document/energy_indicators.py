"""Numbers of the year that sum up some buildings: final energy by carrier, loads, hours too warm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from citytwin_desktop.catalog.carriers import carrier_title
from citytwin_desktop.document.variables import HOURS, PEAK, VARIABLES, Variable

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document
    from citytwin_desktop.document.energy_results import ShownEnergy

MOST_FOR_LOADS = 100
"""Loads of more buildings are not summed hour by hour while somebody waits."""


@dataclass(frozen=True)
class Indicator:
    """One number of some buildings.

    Parameters
    ----------
    title : str
    value : float
    unit : str
    stale, estimate : bool
        Whether any result behind it is.
    explanation : str
    """

    title: str
    value: float
    unit: str
    stale: bool
    estimate: bool
    explanation: str


def indicators(document: Document, building_ids: Iterable[str], scenario_id: str) -> list[Indicator]:
    """Final energy by carrier, coincident loads and hours of the worst building; empty without results.

    Parameters
    ----------
    document : Document
    building_ids : iterable of str
        Rows with geometry: buildings without parts, or parts.
    scenario_id : str
    """
    every = document.energy.shown(scenario_id)
    mine = {name: every[name] for name in building_ids if name in every}
    if not mine:
        return []
    found = _carriers(document, mine, scenario_id)
    for chosen in VARIABLES.values():
        if chosen.kind == PEAK and len(mine) <= MOST_FOR_LOADS:
            found.append(_load(document, chosen, mine, scenario_id))
        elif chosen.kind == HOURS:
            found.append(_worst(document, chosen, mine, scenario_id))
    return [item for item in found if np.isfinite(item.value)]


def _carriers(document: Document, mine: dict[str, ShownEnergy], scenario_id: str) -> list[Indicator]:
    sums: dict[str, float] = {}
    own, exported = 0.0, 0.0
    for name, shown in mine.items():
        uses = document.energy.uses(shown, name, scenario_id)
        if uses is None:
            continue
        own += float(uses.self_used_kwh.sum())
        exported += float((uses.generation_kwh - uses.self_used_kwh).sum())
        for carrier, months in uses.by_carrier_kwh.items():
            sums[carrier] = sums.get(carrier, 0.0) + float(months.sum())
    words = "Delivered: demand over the efficiency of the systems, all uses together, less own photovoltaics"
    dated = mine
    if lacking := document.energy.lacking_generation(mine, scenario_id):
        words += f"; unknown today for {len(lacking)} of the buildings that have any: run solar, then collectors"
        dated = mine | {name: replace(mine[name], fresh=False) for name in lacking}
    found = [_indicator(carrier_title(carrier), value, "kWh", dated, words) for carrier, value in sorted(sums.items())]
    if own > 0:
        found.append(_indicator("Own photovoltaics used", own, "kWh", mine, "Used in the hour in which it is made"))
        found.append(_indicator("Photovoltaics exported", exported, "kWh", mine, "Generation that nobody uses there"))
    return found


def _load(document: Document, chosen: Variable, mine: dict[str, ShownEnergy], scenario_id: str) -> Indicator:
    hours = [document.energy.hours(chosen, shown, name, scenario_id) for name, shown in mine.items()]
    known = [values for values in hours if values is not None]
    value = float(np.sum(known, axis=0).max()) if known else float("nan")
    return _indicator(chosen.title, value, chosen.unit, mine, "Greatest hour of the year, of all of them together")


def _worst(document: Document, chosen: Variable, mine: dict[str, ShownEnergy], scenario_id: str) -> Indicator:
    found = document.energy.summaries(chosen, scenario_id)
    values = [found[name][0] for name in mine if name in found and np.isfinite(found[name][0])]
    words = "Hours of the year in the warmest storey of the worst building"
    return _indicator(chosen.title, max(values, default=float("nan")), chosen.unit, mine, words)


def _indicator(title: str, value: float, unit: str, mine: dict[str, ShownEnergy], words: str) -> Indicator:
    shown = mine.values()
    return Indicator(title, value, unit, not all(item.fresh for item in shown), any(i.estimate for i in shown), words)
