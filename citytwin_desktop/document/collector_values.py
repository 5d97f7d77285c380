"""Collector variables in the form that views ask for: on surfaces, of one building, by month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.document.collector_tables import surface_numbers, surfaces_of
from citytwin_desktop.document.energy_results import BuildingResult, MonthlySums
from citytwin_desktop.document.solar_values import SMALLEST_AREA_M2
from citytwin_desktop.document.variables import Variable
from citytwin_desktop.errors import KnownError

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document
    from citytwin_desktop.document.solar_potential import SolarPotential

Floats = NDArray[np.float32]


def painted_values(
    document: Document, chosen: Variable, scenario_id: str, month: int | None
) -> tuple[str, Floats, NDArray[np.bool_]]:
    """Unit, value on every surface, and whether it is stale.

    Peak power and yields are given for each m2 of the surface itself, shares of a building on all its surfaces; nan
    where there is no result.

    Raises
    ------
    KnownError
        When a month is asked of what is of the whole year.
    """
    if month is not None and chosen.unit != "kWh":
        raise KnownError(f"{chosen.title} is of the whole year: choose the year.")
    count, potential = len(document.city.surfaces), document.solar_potential(scenario_id)
    unit = chosen.unit if chosen.of_demand else f"{chosen.unit}/m²"
    if chosen.unit == "kWh" and month is None:
        unit += "a"
    if potential is None:
        return unit, np.full(count, np.nan, np.float32), np.zeros(count, bool)
    if chosen.of_demand:
        return unit, *_shares(potential, chosen)
    numbers = surface_numbers(potential, chosen, "year" if month is None else "month")[:, month or 0]
    area = document.city.surfaces.polygons.areas_m2
    known = surfaces_of(potential, chosen).known & (area >= SMALLEST_AREA_M2)
    values = np.divide(numbers, area, out=np.full(count, np.nan), where=known).astype(np.float32)
    return unit, values, known & (not potential.fresh)


def _shares(potential: SolarPotential, chosen: Variable) -> tuple[Floats, NDArray[np.bool_]]:
    values = np.full(len(potential.ids), np.nan, np.float32)
    stale = np.zeros(len(potential.ids), bool)
    for row in potential.rows():
        match = potential.matches.get(str(potential.ids[row]))
        if match is None:
            continue
        share = match.autarky_share if chosen.name == "pv_autarky" else match.self_consumption_share
        if share is not None:
            values[row], stale[row] = share, not match.fresh
    return values[potential.building], stale[potential.building]


def _require_energy(chosen: Variable) -> None:
    if chosen.unit != "kWh":
        raise KnownError(f"{chosen.title} has no hours or months: ask for the whole year.")


def _owners(document: Document, building_ids: Iterable[str]) -> NDArray[np.int64]:
    """Rows of buildings, each once; of a part, that of the building it belongs to, which has the collectors."""
    buildings = document.city.buildings
    return np.unique(buildings.parent_row()[buildings.rows(tuple(building_ids))])


def building_hours(document: Document, chosen: Variable, building_id: str, scenario_id: str) -> BuildingResult | None:
    """Hours of one building's collectors, None when there is no result or it is not of today's inputs.

    Zeros of a building that carries none; of a part, those of the building it belongs to.

    Raises
    ------
    KnownError
        When the variable has no hours.
    """
    _require_energy(chosen)
    potential, rows = document.solar_potential(scenario_id), _owners(document, (building_id,))
    if potential is None or not potential.fresh:
        return None
    found = surfaces_of(potential, chosen)
    values = np.zeros(len(found.city_hourly_kwh), np.float32)
    for batch in document.collectors.hourly(rows):
        made = batch.solar_thermal if found is potential.solar_thermal else batch.photovoltaic
        values += made.hourly_kwh[0]
    annual = float(values.sum(dtype=np.float64))
    return BuildingResult(
        values, annual, True, "collectors", potential.version, potential.at, float("nan"), dict(potential.about)
    )


def collector_months(
    document: Document, chosen: Variable, building_ids: Iterable[str], scenario_id: str
) -> MonthlySums | None:
    """Months of some buildings' collectors together; None when there is no result of any of them.

    A part stands for the building it belongs to, which counts once.

    Raises
    ------
    KnownError
        When the variable has no months.
    """
    _require_energy(chosen)
    potential = document.solar_potential(scenario_id)
    if potential is None:
        return None
    found = surfaces_of(potential, chosen)
    mine = np.isin(potential.building, _owners(document, building_ids)) & found.known
    if not mine.any():
        return None
    months = found.monthly_kwh[mine].sum(axis=0, dtype=np.float64)
    count = len(np.unique(potential.building[mine]))
    return MonthlySums(months, count, potential.fresh, "collectors", potential.version, potential.at)
