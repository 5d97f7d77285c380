"""Values gathered to one for each building, its parts among it: as means or per floor area, or as totals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.city.wholes import any_of, greatest, parts_and_wholes, summed
from citytwin_desktop.document.solar_values import SMALLEST_AREA_M2
from citytwin_desktop.document.values import SurfaceValues
from citytwin_desktop.document.variables import ENERGY, FLOW, PEAK, Variable, variable

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class RowTotals:
    """Energy of every row of the building table.

    Parameters
    ----------
    kwh : ndarray, (n_buildings,) float64 [kWh]
        nan where there is no result.
    floor_m2 : ndarray, (n_buildings,) float64 [m2]
        As simulated; nan where there is no result.
    stale, estimate : ndarray, (n_buildings,) bool
    """

    kwh: Floats
    floor_m2: Floats
    stale: Flags
    estimate: Flags


@dataclass(frozen=True, eq=False)
class RowValues:
    """One number of every row of the building table: of a building its parts are among it.

    Parameters
    ----------
    values : ndarray, (n_buildings,) float64
        nan where there is none.
    stale : ndarray, (n_buildings,) bool
        Of other inputs than today's, or not whole because a part has no result.
    estimate : ndarray, (n_buildings,) bool
    unit : str
    """

    values: Floats
    stale: Flags
    estimate: Flags
    unit: str


def energy_totals(
    document: Document, chosen: Variable, scenario_id: str = BASELINE, month: int | None = None
) -> RowTotals:
    """Energy of the year or of one month (0-11) of every building or part by itself, to be summed up.

    Parameters
    ----------
    document : Document
    chosen : Variable
        Of energy that can be summed.
    scenario_id : str
    month : int, optional
    """
    found, buildings = document.energy.summaries(chosen, scenario_id, month), document.city.buildings
    rows = buildings.rows(tuple(found))
    kwh, floor = np.full((2, len(buildings)), np.nan)
    flags = np.zeros((2, len(buildings)), bool)
    kwh[rows] = [value for value, _, _ in found.values()]
    floor[rows] = [area if np.isfinite(value) else np.nan for value, area, _ in found.values()]
    flags[0, rows] = [not shown.fresh for _, _, shown in found.values()]
    flags[1, rows] = [shown.estimate for _, _, shown in found.values()]
    return RowTotals(kwh, floor, flags[0], flags[1])


def has_totals(chosen: Variable) -> bool:
    """Whether values of a variable can be told as totals of buildings."""
    return chosen.kind in (ENERGY, FLOW) and not chosen.of_demand and chosen.unit in ("kWh", "kWp", "kWh/m²")


def belongs_to_surfaces(chosen: Variable) -> bool:
    """Whether each surface has a value of its own."""
    return not chosen.of_demand and (chosen.engine in ("solar", "collectors") or chosen.kind == FLOW)


def belongs_to_rows(chosen: Variable) -> bool:
    """Whether each building or part has a result of its own."""
    return chosen.engine == "energyplus" and chosen.kind != FLOW


def of_buildings(
    document: Document,
    found: SurfaceValues,
    scenario_id: str = BASELINE,
    month: int | None = None,
    *,
    total: bool = False,
) -> SurfaceValues:
    """One value for each building, its parts among it, on all its surfaces.

    Parameters
    ----------
    document : Document
    found : SurfaceValues
        As `Document.surface_values` gave them for the same scenario and month.
    scenario_id : str
    month : int, optional
    total : bool
        The sum of the building rather than its mean over area, which for solar counts the surfaces that can get
        light, as tables do. What has no totals stays as it is.
    """
    chosen = variable(found.variable)
    total = total and has_totals(chosen)
    if not belongs_to_surfaces(chosen) and not total:
        return found
    rows = row_values(document, found, scenario_id, month, total=total)
    whole = document.city.buildings.parent_row()[document.city.surfaces.building]
    estimate = None if found.estimate is None else rows.estimate[whole]
    return replace(
        found, unit=rows.unit, values=rows.values.astype(np.float32)[whole], stale=rows.stale[whole], estimate=estimate
    )


def row_values(
    document: Document,
    found: SurfaceValues,
    scenario_id: str = BASELINE,
    month: int | None = None,
    *,
    total: bool = False,
) -> RowValues:
    """The one number of every row, wherever one is told: a building with its parts, or a part by itself.

    Energy is summed, and told per floor area of all of it; loads are the greatest hour of the sum, hours those of the
    worst part; values of surfaces are means over area, of light over the surfaces that can get any.

    Parameters
    ----------
    document : Document
    found : SurfaceValues
        As `Document.surface_values` gave them for the same scenario and month.
    scenario_id : str
    month : int, optional
    total : bool
        Sums rather than means, for what `has_totals`.
    """
    chosen = variable(found.variable)
    if not belongs_to_rows(chosen):
        return _gathered(document, found, chosen, total)
    return energy_of_rows(document, chosen, scenario_id, month, total=total)


def energy_of_rows(
    document: Document,
    chosen: Variable,
    scenario_id: str = BASELINE,
    month: int | None = None,
    *,
    total: bool = False,
) -> RowValues:
    """As `row_values`, of what belongs to buildings: energy per floor area or as a total, loads, hours.

    Parameters
    ----------
    document : Document
    chosen : Variable
    scenario_id : str
    month : int, optional
    total : bool
        For energy.
    """
    if chosen.kind != ENERGY:
        return _of_parts(document, chosen, scenario_id)
    rows, buildings = energy_totals(document, chosen, scenario_id, month), document.city.buildings
    stale = any_of(buildings, rows.stale) | _incomplete(document, rows.kwh)
    values, unit = summed(buildings, rows.kwh), chosen.surface_unit(year=month is None)
    if total:
        return RowValues(values, stale, any_of(buildings, rows.estimate), _total_unit(unit))
    area = summed(buildings, rows.floor_m2)
    values = np.divide(values, area, out=np.full(len(values), np.nan), where=area > 0.0)
    return RowValues(values, stale, any_of(buildings, rows.estimate), unit)


def _of_parts(document: Document, chosen: Variable, scenario_id: str) -> RowValues:
    """Loads and hours: of a building with several results the greatest hour of their sum, or the worst of them."""
    buildings, summaries = document.city.buildings, document.energy.summaries(chosen, scenario_id)
    own, flags = np.full(len(buildings), np.nan), np.zeros((2, len(buildings)), bool)
    rows = buildings.rows(tuple(summaries))
    own[rows] = [value for value, _, _ in summaries.values()]
    flags[:, rows] = [
        [not shown.fresh for _, _, shown in summaries.values()], [shown.estimate for _, _, shown in summaries.values()]
    ]  # fmt: skip
    values = greatest(buildings, own)
    if chosen.kind == PEAK:
        for whole, members in _with_several(document, own):
            shown = [summaries[str(name)][2] for name in buildings.ids[members]]
            values[whole] = document.energy.coincident_peak(chosen, shown)
    stale = any_of(buildings, flags[0]) | _incomplete(document, own)
    return RowValues(values, stale, any_of(buildings, flags[1]), chosen.unit)


def _with_several(document: Document, own: Floats) -> list[tuple[int, NDArray[np.int64]]]:
    """Buildings of which more than one row has a value, and these rows."""
    known = np.flatnonzero(np.isfinite(own))
    if not len(known):
        return []
    wholes = document.city.buildings.parent_row()[known]
    order = np.argsort(wholes, kind="stable")
    found, first = np.unique(wholes[order], return_index=True)
    return [
        (whole, members)
        for whole, members in zip(found.tolist(), np.split(known[order], first[1:]), strict=True)
        if len(members) > 1
    ]


def _incomplete(document: Document, own: Floats) -> Flags:
    """(n_buildings,) bool: buildings that have a value of which a part with geometry has none."""
    city = document.city
    missing = np.zeros(len(own), bool)
    missing[city.rows_with_geometry] = np.isnan(own[city.rows_with_geometry])
    return any_of(city.buildings, missing) & any_of(city.buildings, np.isfinite(own))


def _gathered(document: Document, found: SurfaceValues, chosen: Variable, total: bool) -> RowValues:
    """Values of surfaces gathered to the rows that own them, and those of parts to their buildings as well."""
    owner, buildings = document.city.surfaces.building, document.city.buildings
    made = _by_group(document, found, chosen, total, owner)
    _, wholes = parts_and_wholes(buildings)
    if len(wholes):
        whole = _by_group(document, found, chosen, total, buildings.parent_row()[owner])
        for column, values in zip(vars(made).values(), vars(whole).values(), strict=True):
            if isinstance(column, np.ndarray):
                column[wholes] = values[wholes]
    return made


def _by_group(
    document: Document, found: SurfaceValues, chosen: Variable, total: bool, group: NDArray[np.int64]
) -> RowValues:
    city, count = document.city, len(document.city.buildings)
    known = np.isfinite(found.values)
    if chosen.engine == "solar" and known.any():
        known &= lit_surfaces(document, known, group, count)
    rows = np.flatnonzero(known)
    area = city.surfaces.polygons.areas_m2[rows]
    sums = np.bincount(group[rows], found.values[rows].astype(np.float64) * area, count)
    weight = np.bincount(group[rows], area, count)
    value = np.divide(sums, 1.0 if total else weight, out=np.full(count, np.nan), where=weight > 0.0)
    stale = np.bincount(group[rows], found.stale[rows], count) > 0
    estimate = np.zeros(len(known), bool) if found.estimate is None else found.estimate
    unit = _total_unit(found.unit) if total else found.unit
    return RowValues(value, stale, np.bincount(group[rows], estimate[rows], count) > 0, unit)


def lit_surfaces(document: Document, known: Flags, group: NDArray[np.int64], count: int) -> Flags:
    """(n_surfaces,) bool: those that see sky or anything that shines; all of a building where none does.

    Parameters
    ----------
    document : Document
    known : ndarray, (n_surfaces,) bool
        Those that have a value.
    group : ndarray, (n_surfaces,) int64
        Building of each, below ``count``.
    count : int
    """
    shown, city = document.solar.shown(), document.city
    receiver = document.solar.receivers(shown)
    seasons = document.solar.synthesis(shown.operators).operators.seasons if shown.operators else ()
    scale = np.sum([season.sky_direct.scale + season.sky_reflected.scale for season in seasons], axis=0)
    usable = known & (receiver >= 0) & (city.surfaces.polygons.areas_m2 >= SMALLEST_AREA_M2)
    lit = usable & (np.asarray(scale)[receiver] > 0.0) if np.ndim(scale) else usable
    dark = np.bincount(group[lit], minlength=count) == 0
    return np.asarray(lit | (usable & dark[group]))


def _total_unit(unit: str) -> str:
    """``kWh/m²a`` becomes ``kWh/a``, ``kWp/m²`` becomes ``kWp``."""
    name, _, per = unit.partition("/m²")
    return f"{name}/{per}" if per else name
