"""Changes written as rows, inside the caller's transaction."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import Connection, Table, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.city.changes import (
    Change,
    DeleteBuildings,
    InsertBuildings,
    ReplaceSurfaces,
    SetAssignments,
    SetCells,
    SetCollectorChoices,
    SetFrame,
    SetNamed,
    SetScenario,
    SetSolarConditions,
    SetWeather,
)
from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.city.district import District
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.scenario import Scenario
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import BugError
from citytwin_desktop.project import schema
from citytwin_desktop.project.city_packing import pack_layer, pack_surfaces
from citytwin_desktop.project.footprint_layer import footprint_shapes
from citytwin_desktop.project.geopackage import geometry_blobs, set_reference_system, update_extent

_GEOMETRY = ("fid", "key", "data")
_MOST_KEPT = 5_000
"""Rows of no more buildings are kept in memory for undo."""


def write_changes(connection: Connection, changes: tuple[Change, ...], after: District) -> None:
    """Write the rows of some changes.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    changes : tuple of Change
    after : District
        The district once they are applied.
    """
    for change in changes:
        _write(connection, change, after)
    if any(isinstance(change, InsertBuildings | DeleteBuildings | ReplaceSurfaces | SetFrame) for change in changes):
        update_extent(connection, after.city)


def _write(connection: Connection, change: Change, after: District) -> None:
    match change:
        case SetCells():
            _write_cells(connection, change)
        case InsertBuildings(fragment):
            _insert_buildings(connection, fragment, after.city)
        case DeleteBuildings(fragment):
            _delete_buildings(connection, fragment)
        case ReplaceSurfaces():
            _replace_surfaces(connection, change, after.city)
        case SetNamed():
            _write_named(connection, change)
        case SetFrame():
            _write_frame(connection, after.city)
        case SetScenario():
            _write_scenario(connection, change)
        case SetAssignments():
            _write_assignments(connection, change.scenario_id, zip(change.ids, change.after, strict=True))
        case _:
            write_meta(connection, _meta_of(change))


def _meta_of(change: Change) -> dict[str, str]:
    """Entries of ``ct_meta`` that a change of the whole district sets."""
    match change:
        case SetWeather():
            return {"weather_hash": change.after}
        case SetSolarConditions():
            return {"solar_conditions": orjson.dumps(change.after.as_mapping()).decode()}
        case SetCollectorChoices():
            return {"collector_assumptions": orjson.dumps(change.after.as_mapping()).decode()}
        case _:
            msg = f"no way to write a {type(change).__name__}"
            raise BugError(msg)


def write_meta(connection: Connection, values: dict[str, str]) -> None:
    """Write entries of ``ct_meta``."""
    statement = insert(schema.meta)
    statement = statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value})
    connection.execute(statement, [{"key": key, "value": value} for key, value in values.items()])


def _sql_value(value: Any, kind: str) -> Any:
    if kind == "json":
        return orjson.dumps(value).decode() if value else None
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    return float(value) if kind == "number" else str(value)


def _write_cells(connection: Connection, change: SetCells) -> None:
    table, kind = schema.buildings, COLUMNS[change.column].kind
    statement = table.update().where(table.c.id == bindparam("key")).values({change.column: bindparam("value")})
    rows = [
        {"key": identifier, "value": _sql_value(value, kind)}
        for identifier, value in zip(change.ids, change.after, strict=True)
    ]
    if rows:
        connection.execute(statement, rows)


@dataclass(frozen=True)
class _Taken:
    """What stood in the file for buildings that were taken out: the same bytes go back when they do."""

    footprints: list[Any]
    geometry: list[tuple[Any, ...]]


_taken: "WeakKeyDictionary[CityModel, _Taken]" = WeakKeyDictionary()
"""By the fragment, as long as somebody keeps it for undo; of others rows are made anew, which takes as long again."""


def _insert_buildings(connection: Connection, fragment: CityModel, city: CityModel) -> None:
    columns = {name: _sql_column(column, COLUMNS[name].kind) for name, column in fragment.buildings.columns.items()}
    columns["fid"] = fragment.buildings.columns["fid"].astype(np.int64).tolist()
    columns["id"] = [str(name) for name in fragment.buildings.ids]
    taken = _taken.pop(fragment, None)
    if taken is None:
        columns["geom"] = geometry_blobs(footprint_shapes(fragment, city.origin), city.epsg)
    else:
        columns["geom"] = taken.footprints
    _insert_many(connection, schema.buildings, tuple(columns), list(zip(*columns.values(), strict=True)))
    if taken is None:
        _insert_surfaces(connection, columns["fid"], fragment.surfaces)
    else:
        _insert_many(connection, schema.geometry, _GEOMETRY, taken.geometry)


def _insert_surfaces(connection: Connection, fids: list[int], surfaces: Surfaces) -> None:
    """Insert the geometry of some rows; ``surfaces.building`` counts along them."""
    blobs = []
    edges = np.searchsorted(surfaces.building, np.arange(len(fids) + 1)).tolist()
    for fid, first, last in zip(fids, edges, edges[1:], strict=False):
        if last > first:
            data = pack_surfaces(surfaces.stretch(slice(first, last)))
            blobs.append((fid, content_key(data), data))
    _insert_many(connection, schema.geometry, _GEOMETRY, blobs)


def _replace_surfaces(connection: Connection, change: ReplaceSurfaces, city: CityModel) -> None:
    rows = city.buildings.rows(change.ids)
    fids = city.buildings.columns["fid"][rows].astype(np.int64).tolist()
    gone = delete(schema.geometry).where(schema.geometry.c.fid == bindparam("key"))
    connection.execute(gone, [{"key": fid} for fid in fids])
    _insert_surfaces(connection, fids, change.after)
    fragment = CityModel(buildings=city.buildings.take(rows), surfaces=change.after)
    blobs = geometry_blobs(footprint_shapes(fragment, city.origin), city.epsg)
    table = schema.buildings
    moved = table.update().where(table.c.fid == bindparam("key")).values(geom=bindparam("blob"))
    connection.execute(moved, [{"key": fid, "blob": blob} for fid, blob in zip(fids, blobs, strict=True)])


def _write_named(connection: Connection, change: SetNamed) -> None:
    table = schema.named
    connection.execute(delete(table).where(table.c.kind == change.kind, table.c.name == change.name))
    if change.after is not None:
        content = orjson.dumps(dict(change.after)).decode()
        connection.execute(table.insert(), {"kind": change.kind, "name": change.name, "content": content})


def _insert_many(connection: Connection, table: Table, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Insert rows as the driver takes them; going through compiled parameters costs as much as all the rest."""
    columns, marks = ", ".join(table.c[name].name for name in names), ", ".join("?" * len(names))
    if rows:
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", rows)  # noqa: S608


def _sql_column(column: NDArray[Any], kind: str) -> list[Any]:
    """Values of a whole column as SQL takes them."""
    if kind == "number":
        return [None if value != value else value for value in column.tolist()]
    if kind == "text":
        return [str(value) if value else None for value in column]
    return [orjson.dumps(value).decode() if value else None for value in column]


def _delete_buildings(connection: Connection, fragment: CityModel) -> None:
    rows = [{"key": int(fid)} for fid in fragment.buildings.columns["fid"]]
    if len(rows) <= _MOST_KEPT:
        _taken[fragment] = _read_rows(connection, [row["key"] for row in rows])
    for table in (schema.geometry, schema.buildings):
        connection.execute(delete(table).where(table.c.fid == bindparam("key")), rows)


def _read_rows(connection: Connection, fids: list[int]) -> _Taken:
    buildings, geometry = schema.buildings, schema.geometry
    shapes = connection.execute(select(buildings.c.fid, buildings.c.geom).where(buildings.c.fid.in_(fids)))
    by_fid = {row.fid: row.geom for row in shapes}
    columns = (geometry.c[name] for name in _GEOMETRY)
    kept = connection.execute(select(*columns).where(geometry.c.fid.in_(fids)).order_by(geometry.c.fid))
    return _Taken([by_fid.get(fid) for fid in fids], [tuple(row) for row in kept])


def _write_frame(connection: Connection, city: CityModel) -> None:
    values = {"epsg": str(city.epsg), "origin": list(city.origin), "city_metadata": dict(city.metadata)}
    write_meta(connection, {k: v if isinstance(v, str) else orjson.dumps(v).decode() for k, v in values.items()})
    set_reference_system(connection, city.epsg)
    connection.execute(delete(schema.context))
    if city.context:
        connection.execute(schema.context.insert(), [{"data": pack_layer(layer)} for layer in city.context])


def _write_scenario(connection: Connection, change: SetScenario) -> None:
    if (old := change.before) is not None:
        connection.execute(delete(schema.scenarios).where(schema.scenarios.c.id == old.id))
        connection.execute(delete(schema.assignments).where(schema.assignments.c.scenario_id == old.id))
    if change.after is not None:
        write_scenario(connection, change.after)


def write_scenario(connection: Connection, scenario: Scenario) -> None:
    """Insert a scenario with its assignments."""
    row = {"id": scenario.id, "name": scenario.name, "parent_id": scenario.parent_id}
    connection.execute(schema.scenarios.insert(), row)
    names = ("scenario_id", "building_id", "package_id")
    _insert_many(connection, schema.assignments, names, [(scenario.id, *pair) for pair in scenario.assignments.items()])


def _write_assignments(connection: Connection, scenario_id: str, pairs: Iterable[tuple[str, str | None]]) -> None:
    table = schema.assignments
    rows = [{"key": building, "package": package} for building, package in pairs]
    if not rows:
        return
    gone = delete(table).where(table.c.scenario_id == scenario_id, table.c.building_id == bindparam("key"))
    connection.execute(gone, rows)
    new = [
        {"scenario_id": scenario_id, "building_id": row["key"], "package_id": row["package"]}
        for row in rows
        if row["package"] is not None
    ]
    if new:
        connection.execute(table.insert(), new)
