"""Painted values gathered to one for each building: as means or per floor area, or as totals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.document.solar_values import SMALLEST_AREA_M2
from citytwin_desktop.document.values import SurfaceValues
from citytwin_desktop.document.variables import ENERGY, FLOW, Variable, variable

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
    stale, estimate : ndarray, (n_buildings,) bool
    """

    kwh: Floats
    stale: Flags
    estimate: Flags


def energy_totals(
    document: Document, chosen: Variable, scenario_id: str = BASELINE, month: int | None = None
) -> RowTotals:
    """Energy of the year or of one month (0-11) of every building or part by itself.

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
    kwh, flags = np.full(len(buildings), np.nan), np.zeros((2, len(buildings)), bool)
    kwh[rows] = [value for value, _, _ in found.values()]
    flags[0, rows] = [not shown.fresh for _, _, shown in found.values()]
    flags[1, rows] = [shown.estimate for _, _, shown in found.values()]
    return RowTotals(kwh, flags[0], flags[1])


def has_totals(chosen: Variable) -> bool:
    """Whether values of a variable can be told as totals of buildings."""
    return chosen.kind in (ENERGY, FLOW) and not chosen.of_demand and chosen.unit in ("kWh", "kWp", "kWh/m²")


def belongs_to_surfaces(chosen: Variable) -> bool:
    """Whether each surface has a value of its own."""
    return not chosen.of_demand and (chosen.engine in ("solar", "collectors") or chosen.kind == FLOW)


def of_buildings(
    document: Document,
    found: SurfaceValues,
    scenario_id: str = BASELINE,
    month: int | None = None,
    *,
    total: bool = False,
) -> SurfaceValues:
    """One value for each building on all its surfaces.

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
    if belongs_to_surfaces(chosen):
        return _gathered(document, found, chosen, total)
    if not total:
        return found
    sums, owner = energy_totals(document, chosen, scenario_id, month), document.city.surfaces.building
    kwh = sums.kwh.astype(np.float32)
    return replace(
        found, unit=_total_unit(found.unit), values=kwh[owner], stale=sums.stale[owner], estimate=sums.estimate[owner]
    )


def _gathered(document: Document, found: SurfaceValues, chosen: Variable, total: bool) -> SurfaceValues:
    city = document.city
    group, count = city.buildings.parent_row()[city.surfaces.building], len(city.buildings)
    known = np.isfinite(found.values)
    if chosen.engine == "solar":
        known &= lit_surfaces(document, known, group, count)
    rows = np.flatnonzero(known)
    area = city.surfaces.polygons.areas_m2[rows]
    sums = np.bincount(group[rows], found.values[rows].astype(np.float64) * area, count)
    weight = np.bincount(group[rows], area, count)
    value = np.divide(sums, 1.0 if total else weight, out=np.full(count, np.nan), where=weight > 0.0)
    stale = np.bincount(group[rows], found.stale[rows], count) > 0
    unit = _total_unit(found.unit) if total else found.unit
    return replace(found, unit=unit, values=value.astype(np.float32)[group], stale=stale[group], estimate=None)


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
