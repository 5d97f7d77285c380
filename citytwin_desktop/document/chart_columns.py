"""One number for each building: columns of the table, geometry and yearly results, for histograms and scatters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS
from citytwin_desktop.city.measured import geometry_column, measured_quantity
from citytwin_desktop.document.building_values import lit_surfaces
from citytwin_desktop.document.collector_tables import surface_numbers
from citytwin_desktop.document.querying.fields import BUILDING, FIELDS, GEOMETRY, RESULT
from citytwin_desktop.document.querying.resolved import ResolvedSpecs
from citytwin_desktop.document.variables import HOURLY_SOLAR, VARIABLES
from citytwin_desktop.errors import KnownError

if TYPE_CHECKING:
    from citytwin_desktop.city.model import CityModel
    from citytwin_desktop.document.document import Document

Floats = NDArray[np.float64]

_HIDDEN = frozenset({"fid", "height_m"})


@dataclass(frozen=True)
class ChartColumn:
    """A number that every building may have.

    Parameters
    ----------
    name, title, unit : str
    group : str
        `BUILDING`, `GEOMETRY` or `RESULT`.
    """

    name: str
    title: str
    unit: str
    group: str


@dataclass(frozen=True)
class Painted:
    """What is painted now: a variable and its time, as `Document.surface_values` takes them.

    Parameters
    ----------
    name : str
    hour, month : int, optional
    hours : tuple of int, optional
    """

    name: str
    hour: int | None = None
    month: int | None = None
    hours: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False)
class ColumnValues:
    """A column of numbers.

    Parameters
    ----------
    column : ChartColumn
    scenario : str
        Of results and of specifications; empty for what belongs to none.
    values : ndarray, (n_buildings,) float64
        nan where unknown.
    stale, estimate : ndarray, (n_buildings,) bool
    """

    column: ChartColumn
    scenario: str
    values: Floats
    stale: NDArray[np.bool_]
    estimate: NDArray[np.bool_]


def chart_columns() -> tuple[ChartColumn, ...]:
    """Every column of numbers: of the table, from the geometry, and results of the year."""
    table = [
        ChartColumn(item.name, item.title, item.unit, BUILDING)
        for item in COLUMNS.values()
        if item.kind == "number" and item.name not in _HIDDEN
    ]
    geometry = [
        ChartColumn(item.name, item.title.partition(":")[0], item.unit, GEOMETRY)
        for item in FIELDS.values()
        if item.group == GEOMETRY
    ]
    results = [
        ChartColumn(item.name, item.title, item.year_unit, RESULT)
        for item in VARIABLES.values()
        if item.name not in HOURLY_SOLAR and item.name != "direct_sunlight"
    ]
    return (*table, *geometry, *results)


def column_values(document: Document, name: str, scenario_id: str, painted: Painted | None = None) -> ColumnValues:
    """Numbers of one column.

    Values of surfaces are means over their area, of light over those that can get any; yields and powers are sums
    over each building. Envelope and use are those that are simulated, defaults and packages included.

    Parameters
    ----------
    document : Document
    name : str
        Of `chart_columns`.
    scenario_id : str
    painted : Painted, optional
        In place of the year that the name stands for.

    Raises
    ------
    KnownError
        When there is no such column.
    """
    column = next((item for item in chart_columns() if item.name == name), None)
    if painted is not None and painted.name in VARIABLES:
        return _of_surfaces(document, painted, scenario_id)
    if column is None:
        raise KnownError(f"There is no column “{name}” to draw.")
    nothing = np.zeros(len(document.city.buildings), bool)
    if column.group == GEOMETRY:
        return ColumnValues(column, "", _of_geometry(document.city, name), nothing, nothing)
    if column.group == BUILDING:
        scenario = scenario_id if name in OVERRIDE_COLUMNS else ""
        return ColumnValues(column, scenario, _of_table(document, name, scenario_id), nothing, nothing)
    if VARIABLES[name].engine == "collectors" and not VARIABLES[name].of_demand:
        return _of_collectors(document, column, scenario_id)
    return _of_surfaces(document, Painted(name), scenario_id)


def _of_table(document: Document, name: str, scenario_id: str) -> Floats:
    if name in OVERRIDE_COLUMNS:
        return ResolvedSpecs(document.project.district, document.scenario(scenario_id)).numbers(name)
    return np.asarray(document.city.buildings.columns[name], np.float64)


def _of_geometry(city: CityModel, name: str) -> Floats:
    return geometry_column(city.buildings, name, lambda found: measured_quantity(city, found))


def _of_surfaces(document: Document, painted: Painted, scenario_id: str) -> ColumnValues:
    """Means over the area of each row's surfaces that have a value, of light, as in tables, that can get any."""
    found = document.surface_values(
        painted.name, scenario_id, hour=painted.hour, month=painted.month, hours=painted.hours
    )
    city = document.city
    count, known = len(city.buildings), np.isfinite(found.values)
    if VARIABLES[painted.name].engine == "solar" and known.any():
        known &= lit_surfaces(document, known, city.surfaces.building, count)
    owner, area = city.surfaces.building[known], city.surfaces.polygons.areas_m2[known]
    weight = np.bincount(owner, area, count)
    sums = np.bincount(owner, area * found.values[known].astype(np.float64), count)
    values = np.divide(sums, weight, out=np.full(count, np.nan), where=weight > 0.0)
    stale = np.bincount(owner, found.stale[known], count) > 0
    estimate = np.zeros(len(known), bool) if found.estimate is None else found.estimate
    unit = found.unit.replace("–", "")
    whole_year = painted.hour is None and painted.month is None and painted.hours is None
    if whole_year and unit == "kWh/m²":
        unit = "kWh/m²a"
    column = ChartColumn(found.variable, VARIABLES[found.variable].title, unit, RESULT)
    return ColumnValues(column, scenario_id, values, stale, np.bincount(owner, estimate[known], count) > 0)


def _of_collectors(document: Document, column: ChartColumn, scenario_id: str) -> ColumnValues:
    """Sums over each row's own surfaces."""
    count, nothing = len(document.city.buildings), np.zeros(len(document.city.buildings), bool)
    potential = document.solar_potential(scenario_id)
    if potential is None:
        return ColumnValues(column, "", np.full(count, np.nan), nothing, nothing)
    owner = document.city.surfaces.building
    numbers = surface_numbers(potential, VARIABLES[column.name], "year")[:, 0]
    values = np.full(count, np.nan)
    values[np.unique(owner)] = np.bincount(owner, numbers, count)[np.unique(owner)]
    return ColumnValues(column, "", values, np.isfinite(values) & (not potential.fresh), nothing)
