"""The table of buildings as it leaves the program: own columns, areas, annual results, and whether these are fresh."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.wholes import summed
from citytwin_desktop.document.building_values import energy_of_rows
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.energy_results import ENERGYPLUS, ESTIMATE
from citytwin_desktop.document.solar_tables import solar_rows
from citytwin_desktop.document.variables import FINAL_ENERGY, FLOW, VARIABLES, Variable

Columns = dict[str, list[Any]]

ENERGY_FRESH, FINAL_ENERGY_FRESH = "energy_fresh", "final_energy_fresh"
SOLAR_FRESH, COLLECTORS_FRESH, SHARES_FRESH = "solar_fresh", "collectors_fresh", "pv_shares_fresh"
ENERGY_ENGINE = "energy_engine"
_TELLING_FRESH = {"heating_demand": ENERGY_FRESH, FINAL_ENERGY: FINAL_ENERGY_FRESH}
"""Variables that tell for all others of an engine whether a line is of today's inputs."""

_SOLAR_COLUMN = "solar_irradiation_kwh_m2"
_COLLECTOR_COLUMNS = {
    "pv_capacity_kwp": "photovoltaic_kwp",
    "pv_yield_kwh": "photovoltaic_kwh",
    "pv_self_consumption_share": "self_consumption_share",
    "pv_autarky_share": "autarky_share",
    "solar_thermal_area_m2": "solar_thermal_m2",
    "solar_thermal_yield_kwh": "solar_thermal_kwh",
}
"""Columns of the building table by field of `BuildingPotential`; a part's collectors stand with its building."""


def _energy_variables() -> list[Variable]:
    return [item for item in VARIABLES.values() if item.engine == "energyplus" and item.kind != FLOW]


def _energy_column(item: Variable) -> str:
    return f"{item.name}_{item.unit.lower()}"


@dataclass(frozen=True)
class ResultColumn:
    """A column of results: the one that says whether it is fresh, and its unit."""

    fresh: str
    unit: str


RESULT_COLUMNS: dict[str, ResultColumn] = {
    **{
        _energy_column(item): ResultColumn(FINAL_ENERGY_FRESH if item.name == FINAL_ENERGY else ENERGY_FRESH, item.unit)
        for item in _energy_variables()
    },
    _SOLAR_COLUMN: ResultColumn(SOLAR_FRESH, "kWh/m2"),
    "pv_capacity_kwp": ResultColumn(COLLECTORS_FRESH, "kWp"),
    "pv_yield_kwh": ResultColumn(COLLECTORS_FRESH, "kWh"),
    "pv_self_consumption_share": ResultColumn(SHARES_FRESH, "1"),
    "pv_autarky_share": ResultColumn(SHARES_FRESH, "1"),
    "solar_thermal_area_m2": ResultColumn(COLLECTORS_FRESH, "m2"),
    "solar_thermal_yield_kwh": ResultColumn(COLLECTORS_FRESH, "kWh"),
}
"""Columns of annual results in the table of buildings."""


def building_table(document: Document, scenario_id: str) -> tuple[list[str], list[list[Any]]]:
    """All buildings with their columns, areas and annual results.

    Returns
    -------
    header : list of str
    rows : list of list
    """
    columns = building_columns(document, scenario_id)
    return list(columns), [list(row) for row in zip(*columns.values(), strict=True)]


def building_columns(document: Document, scenario_id: str) -> Columns:
    """Columns of the table of buildings, None where a value is unknown.

    Of a building its parts are among it, so that lines whose ``parent_id`` is empty add up to the city. Energy and
    solar results stand beside columns ``…_fresh``, false for a result of other inputs than today's, and
    ``energy_engine``, which is ``estimate`` for what is none of EnergyPlus. Collectors and the mean irradiation of all
    surfaces that see light stand with the building, not with its parts.
    """
    city = document.city
    names = [item.name for item in COLUMNS.values() if item.kind != "json" and item.name != "fid"]
    columns: Columns = {name: city.buildings.columns[name].tolist() for name in names}
    for kind in (SurfaceKind.WALL, SurfaceKind.ROOF, SurfaceKind.GROUND):
        own = city.surfaces.building_area_m2(kind, len(city.buildings))
        columns[f"{kind.label}_area_m2"] = summed(city.buildings, own).tolist()
    columns["volume_m3"] = summed(city.buildings, city.volumes_m3()).tolist()
    columns |= _energy_columns(document, scenario_id)
    columns |= _solar_columns(document)
    columns |= _collector_columns(document, scenario_id)
    return {
        name: [None if isinstance(value, float) and np.isnan(value) else value for value in column]
        for name, column in columns.items()
    }


def _energy_columns(document: Document, scenario_id: str) -> Columns:
    columns: Columns = {}
    fresh: dict[str, list[Any]] = {}
    engines: list[Any] = []
    for item in _energy_variables():
        rows = energy_of_rows(document, item, scenario_id, total=True)
        known = np.isfinite(rows.values).tolist()
        columns[_energy_column(item)] = rows.values.tolist()
        if item.name in _TELLING_FRESH:
            flags = zip(rows.stale.tolist(), known, strict=True)
            fresh[_TELLING_FRESH[item.name]] = [not stale if there else None for stale, there in flags]
        if item.name == "heating_demand":
            flags = zip(rows.estimate.tolist(), known, strict=True)
            engines = [(ESTIMATE if estimate else ENERGYPLUS) if there else None for estimate, there in flags]
    return {**columns, ENERGY_ENGINE: engines, **fresh}


def _solar_columns(document: Document) -> Columns:
    count = len(document.city.buildings)
    columns: Columns = {_SOLAR_COLUMN: [None] * count, SOLAR_FRESH: [None] * count}
    if document.weather is None:
        return columns
    for line in solar_rows(document, VARIABLES["solar_irradiation"], "building", "year"):
        row = document.city.buildings.row(line.id)
        columns[_SOLAR_COLUMN][row] = float(line.values[0])
        columns[SOLAR_FRESH][row] = line.fresh
    return columns


def _collector_columns(document: Document, scenario_id: str) -> Columns:
    potential = document.solar_potential(scenario_id)
    count = len(document.city.buildings)
    columns: Columns = {name: [None] * count for name in (COLLECTORS_FRESH, SHARES_FRESH, *_COLLECTOR_COLUMNS)}
    if potential is None:
        return columns
    for row in potential.rows():
        found = potential.of_row(int(row))
        match = potential.matches.get(str(potential.ids[row]))
        columns[COLLECTORS_FRESH][row] = potential.fresh
        columns[SHARES_FRESH][row] = None if match is None else match.fresh
        for name, field in _COLLECTOR_COLUMNS.items():
            columns[name][row] = getattr(found, field)
    return columns
