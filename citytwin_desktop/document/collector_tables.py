"""Tables of collector variables, and collectors in the form that views ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from citytwin_desktop.document.result_rows import MOST_NUMBERS, Floats, ResultRow, grouping
from citytwin_desktop.document.solar_potential import BuildingMatch, CollectorSurfaces, SolarPotential
from citytwin_desktop.document.variables import Variable
from citytwin_desktop.errors import KnownError

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


def collector_rows(
    document: Document, chosen: Variable, scenario_id: str, by: str, resolution: str
) -> Iterator[ResultRow]:
    """Yield the lines of a collector variable: sums over surfaces, and shares of the energy of a year.

    The shares of the city are those of its buildings' sums: neighbours do not share.

    Raises
    ------
    KnownError
        When the variable has no such grouping or resolution.
    """
    if chosen.unit != "kWh" and resolution != "year":
        msg = f"{chosen.name} is of the whole year: ask for it with the resolution year."
        raise KnownError(msg)
    if chosen.of_demand and by == "surface":
        msg = f"{chosen.name} belongs to buildings: ask for it by building or city."
        raise KnownError(msg)
    if resolution == "hour" and by == "surface":
        msg = f"Hours of {chosen.name} are known by building and city: ask for surfaces by month or year."
        raise KnownError(msg)
    potential = document.solar_potential(scenario_id)
    if potential is None:
        return
    if chosen.of_demand:
        yield from _share_rows(potential, chosen, by)
    elif resolution == "hour":
        yield from _hour_rows(document, potential, chosen, by)
    else:
        yield from _sum_rows(document, potential, chosen, by, resolution)


def surfaces_of(potential: SolarPotential, chosen: Variable) -> CollectorSurfaces:
    """The kind of collector that a variable speaks of."""
    return potential.solar_thermal if chosen.name.startswith("solar_thermal") else potential.photovoltaic


def surface_numbers(potential: SolarPotential, chosen: Variable, resolution: str) -> Floats:
    """(n_surfaces, 1 | 12) float64: peak power [kWp] or yield [kWh] of every surface."""
    found = surfaces_of(potential, chosen)
    if chosen.unit != "kWh":
        return found.size[:, None].astype(np.float64)
    return found.annual_kwh[:, None] if resolution == "year" else found.monthly_kwh.astype(np.float64)


def _sum_rows(
    document: Document, potential: SolarPotential, chosen: Variable, by: str, resolution: str
) -> Iterator[ResultRow]:
    lines, values = grouping(document, by), surface_numbers(potential, chosen, resolution)
    if lines.count * values.shape[1] > MOST_NUMBERS:
        raise KnownError("That is over 20 million numbers: ask by building, or by year.")
    known = surfaces_of(potential, chosen).known
    counted = np.bincount(lines.group[known], minlength=lines.count)
    sums = np.stack([np.bincount(lines.group, column, lines.count) for column in values.T], axis=1)
    for number, identifier, building in lines.names:
        if counted[number]:
            yield ResultRow(identifier, building, sums[number], potential.fresh)


def _hour_rows(document: Document, potential: SolarPotential, chosen: Variable, by: str) -> Iterator[ResultRow]:
    lines, found = grouping(document, by), surfaces_of(potential, chosen)
    if by == "city":
        yield ResultRow("city", "", found.city_hourly_kwh.astype(np.float64), potential.fresh)
        return
    if len(lines.names) * len(found.city_hourly_kwh) > MOST_NUMBERS:
        raise KnownError("That is over 20 million numbers: ask by city, or by month.")
    hours: dict[int, Floats] = {}
    thermal = found is potential.solar_thermal
    for batch in document.collectors.hourly():
        made = batch.solar_thermal if thermal else batch.photovoltaic
        hours |= dict(zip(batch.groups.tolist(), made.hourly_kwh.astype(np.float64), strict=True))
    dark = np.zeros(len(found.city_hourly_kwh))
    for number, identifier, building in lines.names:
        yield ResultRow(identifier, building, hours.get(number, dark), potential.fresh)


def _share_rows(potential: SolarPotential, chosen: Variable, by: str) -> Iterator[ResultRow]:
    def share(match: BuildingMatch) -> float | None:
        return match.autarky_share if chosen.name == "pv_autarky" else match.self_consumption_share

    names = [str(potential.ids[row]) for row in potential.rows()]
    matches = {name: potential.matches[name] for name in names if name in potential.matches}
    if by == "building":
        for name, match in matches.items():
            if (value := share(match)) is not None:
                yield ResultRow(name, name, np.array([value]), match.fresh)
        return
    sums = [(item.generation_kwh, item.demand_kwh, item.self_consumed_kwh) for item in matches.values()]
    missing = len(names) - len(matches)
    fresh = not missing and all(match.fresh for match in matches.values())
    together = BuildingMatch(fresh, *np.sum(sums, axis=0).tolist()) if sums else None
    if together is not None and (value := share(together)) is not None:
        yield ResultRow("city", "", np.array([value]), fresh, missing)
