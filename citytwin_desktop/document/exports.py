"""A document in other formats, chosen by the ending of the file."""

from pathlib import Path
from typing import Any

import numpy as np

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.idf_files import export_idf
from citytwin_desktop.document.variables import FLOW, VARIABLES
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.writing import write_cityjson
from citytwin_desktop.formats.files import write_bytes
from citytwin_desktop.formats.tables import write_table

_TABLES = {".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}


def export_document(document: Document, out: Path, scenario_id: str) -> str:
    """Write a document to a file and say what was written.

    Raises
    ------
    KnownError
        When the ending is none that is written, or the file cannot be.
    """
    ending = out.suffix.lower()
    document.scenario(scenario_id)
    if ending == ".gpkg":
        if out.resolve() == document.path.resolve():
            raise KnownError("The copy would replace the project itself: choose another name.")
        document.project.save_copy(out)
        return f"Copy written to “{out}”."
    if ending in _TABLES:
        header, rows = building_table(document, scenario_id)
        write_table(out, header, rows, _TABLES[ending], dict)
        return f"{len(rows)} buildings written to “{out}”."
    if out.name.lower().endswith(".city.json"):
        write_bytes(out, write_cityjson(document.city))
        return f"{len(document.city.buildings)} buildings written to “{out}”."
    if ending == ".idf":
        return export_idf(document, out, scenario_id)
    msg = f"“{out.name}” is of no format that is written: choose .gpkg, .city.json, .idf, .csv, .xlsx or .parquet."
    raise KnownError(msg)


_COLLECTOR_COLUMNS = {
    "pv_capacity_kwp": "photovoltaic_kwp",
    "pv_yield_kwh": "photovoltaic_kwh",
    "pv_self_consumption_share": "self_consumption_share",
    "pv_autarky_share": "autarky_share",
    "solar_thermal_area_m2": "solar_thermal_m2",
    "solar_thermal_yield_kwh": "solar_thermal_kwh",
}
"""Columns of the building table by field of `BuildingPotential`; a part's collectors stand with its building."""


def _collector_columns(document: Document, scenario_id: str) -> dict[str, list[Any]]:
    potential = document.solar_potential(scenario_id)
    count = len(document.city.buildings)
    columns: dict[str, list[Any]] = {name: [None] * count for name in _COLLECTOR_COLUMNS}
    if potential is None:
        return columns
    for row in potential.rows():
        found = potential.of_row(int(row))
        for name, field in _COLLECTOR_COLUMNS.items():
            columns[name][row] = getattr(found, field)
    return columns


def building_table(document: Document, scenario_id: str) -> tuple[list[str], list[list[Any]]]:
    """All buildings with their columns, areas and annual results.

    Returns
    -------
    header : list of str
    rows : list of list
    """
    city = document.city
    names = [item.name for item in COLUMNS.values() if item.kind != "json" and item.name != "fid"]
    columns: dict[str, list[Any]] = {name: city.buildings.columns[name].tolist() for name in names}
    for kind in (SurfaceKind.WALL, SurfaceKind.ROOF, SurfaceKind.GROUND):
        columns[f"{kind.label}_area_m2"] = city.surfaces.building_area_m2(kind, len(city.buildings)).tolist()
    columns["volume_m3"] = city.volumes_m3().tolist()
    for item in VARIABLES.values():
        if item.engine == "energyplus" and item.kind != FLOW:
            found = document.energy.summaries(item, scenario_id)
            columns[f"{item.name}_{item.unit.lower()}"] = [
                found.get(str(name), (np.nan,))[0] for name in city.buildings.ids
            ]
    columns |= _collector_columns(document, scenario_id)
    blank = [
        [None if isinstance(value, float) and np.isnan(value) else value for value in column]
        for column in columns.values()
    ]
    return list(columns), [list(row) for row in zip(*blank, strict=True)]
