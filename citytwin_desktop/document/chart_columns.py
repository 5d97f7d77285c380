"""One number for each building: columns of the table, geometry and yearly results, for histograms and scatters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS
from citytwin_desktop.city.measured import geometry_column, measured_quantity
from citytwin_desktop.city.wholes import summed
from citytwin_desktop.document.building_values import belongs_to_rows, energy_of_rows, row_values
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


def column_values(
    document: Document, name: str, scenario_id: str, painted: Painted | None = None, *, total: bool = False
) -> ColumnValues:
    """Numbers of one column.

    Of a building its parts are among it, see `building_values.row_values`; yields and powers are sums. Envelope and
    use are those that are simulated, defaults and packages included.

    Parameters
    ----------
    document : Document
    name : str
        Of `chart_columns`.
    scenario_id : str
    painted : Painted, optional
        In place of the year that the name stands for.
    total : bool
        Energy as the sum of the building rather than per floor area.

    Raises
    ------
    KnownError
        When there is no such column.
    """
    column = next((item for item in chart_columns() if item.name == name), None)
    if painted is not None and painted.name in VARIABLES:
        return _of_results(document, painted, scenario_id)
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
    return _of_results(document, Painted(name), scenario_id, total=total)


def _of_table(document: Document, name: str, scenario_id: str) -> Floats:
    if name in OVERRIDE_COLUMNS:
        return ResolvedSpecs(document.project.district, document.scenario(scenario_id)).numbers(name)
    return np.asarray(document.city.buildings.columns[name], np.float64)


def _of_geometry(city: CityModel, name: str) -> Floats:
    return geometry_column(city.buildings, name, lambda found: measured_quantity(city, found))


def _of_results(document: Document, painted: Painted, scenario_id: str, *, total: bool = False) -> ColumnValues:
    chosen = VARIABLES[painted.name]
    if belongs_to_rows(chosen):
        rows = energy_of_rows(document, chosen, scenario_id, painted.month, total=total)
    else:
        found = document.surface_values(
            painted.name, scenario_id, hour=painted.hour, month=painted.month, hours=painted.hours
        )
        rows = row_values(document, found, scenario_id, painted.month, total=total)
    column = ChartColumn(chosen.name, chosen.title, rows.unit.replace("–", ""), RESULT)
    return ColumnValues(column, scenario_id, rows.values, rows.stale, rows.estimate)


def _of_collectors(document: Document, column: ChartColumn, scenario_id: str) -> ColumnValues:
    """Sums over the surfaces of each row and its parts."""
    count, nothing = len(document.city.buildings), np.zeros(len(document.city.buildings), bool)
    potential = document.solar_potential(scenario_id)
    if potential is None:
        return ColumnValues(column, "", np.full(count, np.nan), nothing, nothing)
    owner = document.city.surfaces.building
    numbers = surface_numbers(potential, VARIABLES[column.name], "year")[:, 0]
    own = np.full(count, np.nan)
    own[np.unique(owner)] = np.bincount(owner, numbers, count)[np.unique(owner)]
    values = summed(document.city.buildings, own)
    return ColumnValues(column, "", values, np.isfinite(values) & (not potential.fresh), nothing)
