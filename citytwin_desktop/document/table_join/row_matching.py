"""Rows of a table brought together with buildings, by the key that was asked for."""

import re
from collections.abc import Sequence

import numpy as np

from citytwin_desktop.analysis.table_matching.by_address import match_addresses
from citytwin_desktop.analysis.table_matching.by_identifier import match_identifiers
from citytwin_desktop.analysis.table_matching.by_place import match_places
from citytwin_desktop.analysis.table_matching.matches import FloatArray, IntArray, Matches
from citytwin_desktop.city.footprints import footprints
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.document.table_join.request import JoinRequest
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.joined_tables.address_columns import (
    address_columns,
    building_addresses,
    table_addresses,
)
from citytwin_desktop.formats.joined_tables.table import JoinedTable, cell_number
from citytwin_desktop.formats.reference_names import NamedSystem, named_system
from citytwin_desktop.formats.report import ImportReport

_IDENTIFIERS = (
    "id", "building_id", "buildingid", "gml_id", "gmlid", "egid", "uprn", "identificatie", "pand_id", "bag_id",
    "osm_id", "batiment_groupe_id", "rnb_id", "id_rnb", "objectid", "fid", "bin", "gebaeude_id", "oid",
)  # fmt: skip
_AXES = (
    ("longitude", "latitude"), ("lon", "lat"), ("lng", "lat"), ("long", "lat"), ("x", "y"), ("easting", "northing"),
    ("eastings", "northings"), ("e", "n"), ("x_coordinate", "y_coordinate"), ("xcoord", "ycoord"),
    ("coord_x", "coord_y"),
    ("gkode", "gkodn"), ("rechtswert", "hochwert"), ("x_lambert", "y_lambert"),
)  # fmt: skip
_DEGREES = 4
"""Of `_AXES` the first ones, whose names say that they are degrees."""
_LEAST_SHARE = 0.5
_SAMPLE_ROWS = 5_000


def matched_rows(
    table: JoinedTable, city: CityModel, group: IntArray, request: JoinRequest, report: ImportReport
) -> Matches:
    """Find the building of each row.

    Parameters
    ----------
    table : JoinedTable
    city : CityModel
    group : ndarray, (n_buildings,) int64
        Row of the outermost building of each row.
    request : JoinRequest
    report : ImportReport
        Told which columns were taken.

    Raises
    ------
    KnownError
        When the table or the buildings have no such key.
    """
    if request.key == "address":
        return _by_address(table, city, group, request.key_columns, report)
    if request.key == "point":
        return _by_point(table, city, group, request, report)
    names = _building_names(city, request.key)
    column = request.key_columns[0] if request.key_columns else _identifier_column(table, names, group, request.key)
    report.add(table.name, "join_key", f"Its column “{column}” was compared with “{request.key}” of the buildings.")
    return match_identifiers(table.column(column), names, group)


def _building_names(city: CityModel, key: str) -> list[str]:
    if key == "id":
        return [str(name) for name in city.buildings.ids]
    wanted = key.lower()
    names = [""] * len(city.buildings)
    for row, attributes in enumerate(city.buildings.columns["attributes"]):
        value = next((value for name, value in attributes.items() if name.lower() == wanted), None)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            names[row] = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if not any(names):
        msg = f"No building has an attribute “{key[:60]}”: join by id, address, point or another attribute."
        raise KnownError(msg)
    return names


def _identifier_column(table: JoinedTable, names: list[str], group: IntArray, key: str) -> str:
    """Column of the table: that of the key's name, else of a usual one, else the one that fits most buildings."""
    usual = [key, *(name for name in _IDENTIFIERS if key == "id")]
    candidates = [name for name in usual if table.has(name)]
    if key != "id" and candidates:
        return table.header[table.place(candidates[0])]
    best, share = "", 0.0
    for name in dict.fromkeys([*(table.header[table.place(item)] for item in candidates), *table.header]):
        cells = [cell for cell in table.column(name)[:_SAMPLE_ROWS] if cell]
        if not cells:
            continue
        found = float((match_identifiers(cells, names, group).building >= 0).mean())
        if found > share:
            best, share = name, found
        if share > _LEAST_SHARE and name in candidates:
            break
    if share >= _LEAST_SHARE or (best and best.lower() in _IDENTIFIERS):
        return best
    if candidates:
        return table.header[table.place(candidates[0])]
    msg = f"“{table.name}” has no column that fits “{key}” of the buildings: state it as key column."
    raise KnownError(msg)


def _by_address(
    table: JoinedTable, city: CityModel, group: IntArray, columns: Sequence[str], report: ImportReport
) -> Matches:
    known = [
        (row, address)
        for row, attributes in enumerate(city.buildings.columns["attributes"])
        for address in building_addresses(attributes)
    ]
    if not known:
        raise KnownError("No building has an address among its attributes: join by id or point.")
    taken = tuple(columns) or address_columns(table)
    if not taken:
        msg = f"“{table.name}” has no column named like an address: state them as key columns."
        raise KnownError(msg)
    report.add(table.name, "join_key", f"The address was taken from its columns {', '.join(taken)}.")
    rows = np.array([row for row, _ in known], np.int64)
    found = match_addresses(table_addresses(table, columns), [address for _, address in known], group[rows])
    building = np.where(found.building >= 0, group[rows[found.building]], -1)
    return Matches(building, found.confidence, found.ambiguous, found.reasons)


def _by_point(
    table: JoinedTable, city: CityModel, group: IntArray, request: JoinRequest, report: ImportReport
) -> Matches:
    x_name, y_name, degrees = _axes(table, request.key_columns)
    system = _system(table, request.crs, x_name, degrees, report)
    xy = np.array(
        [
            [
                np.nan if number is None else number
                for number in (cell_number(x, table.decimal), cell_number(y, table.decimal))
            ]
            for x, y in zip(table.column(x_name), table.column(y_name), strict=True)
        ],
        np.float64,
    ).reshape(-1, 2)
    label = f"EPSG:{system.epsg}" if system.epsg else str(system.crs.name)
    report.add(table.name, "join_key", f"Points were taken from its columns {x_name} and {y_name} in {label}.")
    local = _local(xy, system, city)
    plans = [(row, print_.geometry) for row, print_ in footprints(city).items()]
    return match_places(
        local, [plan for _, plan in plans], np.array([row for row, _ in plans], np.int64), group, request.reach_m
    )


def _axes(table: JoinedTable, chosen: Sequence[str]) -> tuple[str, str, bool]:
    if chosen:
        if len(chosen) != 2:
            raise KnownError("A point needs two key columns: give x and y, or longitude and latitude.")
        x_name, y_name = (table.header[table.place(name)] for name in chosen)
        return x_name, y_name, bool(re.fullmatch(r"lon(g|gitude)?|lng", x_name.lower()))
    for place, (x_name, y_name) in enumerate(_AXES):
        if table.has(x_name) and table.has(y_name):
            return table.header[table.place(x_name)], table.header[table.place(y_name)], place < _DEGREES
    msg = f"“{table.name}” has no columns such as x and y or longitude and latitude: state them as key columns."
    raise KnownError(msg)


def _system(table: JoinedTable, crs: str, x_name: str, degrees: bool, report: ImportReport) -> NamedSystem:
    if not crs and not degrees:
        msg = f"The system of the points in “{table.name}” is not known: state it, for example EPSG:27700."
        raise KnownError(msg)
    if not crs:
        message = (
            f"Its column “{x_name}” was taken for degrees of WGS 84 (EPSG:4326): state another system if it is not."
        )
        report.add(table.name, "crs_assumed", message)
    system = named_system(crs or "EPSG:4326")
    if system is None:
        msg = f"“{crs[:60]}” is no coordinate reference system: state one as EPSG:N, for example EPSG:27700."
        raise KnownError(msg)
    return system


def _local(xy: FloatArray, system: NamedSystem, city: CityModel) -> FloatArray:
    """Points in the city's local coordinates; nan for those that cannot be brought there."""
    import pyproj

    if system.epsg != city.epsg:
        transformer = pyproj.Transformer.from_crs(system.crs, city.epsg, always_xy=True)
        x, y = transformer.transform(xy[:, 0], xy[:, 1])
        xy = np.column_stack([x, y])
    local = np.asarray(xy - np.array(city.origin[:2]), np.float64)
    local[~np.isfinite(local).all(axis=1)] = np.nan
    return local
