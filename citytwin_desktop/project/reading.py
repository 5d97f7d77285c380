"""From the rows of a project file to a district in memory."""

from typing import Any

import numpy as np
import orjson
from sqlalchemy import Connection, LargeBinary, cast, select

from citytwin_desktop.analysis.collector_set import CollectorAssumptions, assumption_names
from citytwin_desktop.city.buildings import COLUMNS, Buildings, Column, ColumnDefinition
from citytwin_desktop.city.collector_choices import CollectorChoices
from citytwin_desktop.city.district import District
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.named import KINDS, REMOVED, SELECTION
from citytwin_desktop.city.scenario import BASELINE, Scenario
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import schema
from citytwin_desktop.project.city_packing import unpack_layer
from citytwin_desktop.project.geometry_reading import read_surfaces


def read_district(connection: Connection, left_out: list[str] | None = None) -> District:
    """Everything that edits can change.

    Parameters
    ----------
    connection : Connection
    left_out : list of str, optional
        Gets what was damaged and is not in the district: kept views and selections, on which nothing else depends.

    Raises
    ------
    KnownError
        When a stored part is damaged.
    """
    meta = read_meta(connection)
    buildings = _buildings(connection, meta.get("schema_version", ""))
    layers = connection.execute(select(schema.context.c.data).order_by(schema.context.c.id)).scalars()
    origin = orjson.loads(meta.get("origin", "[0, 0, 0]"))
    city = CityModel(
        epsg=int(meta.get("epsg", "0")),
        origin=(float(origin[0]), float(origin[1]), float(origin[2])),
        buildings=buildings,
        surfaces=read_surfaces(connection, buildings.columns["fid"], buildings.ids),
        context=tuple(unpack_layer(data) for data in layers),
        metadata=orjson.loads(meta.get("city_metadata", "{}")),
    )
    return District(
        city,
        _scenarios(connection),
        meta.get("weather_hash", ""),
        _solar_conditions(meta),
        _collector_choices(meta),
        _named(connection, meta.get("schema_version", ""), [] if left_out is None else left_out),
    )


def read_meta(connection: Connection) -> dict[str, str]:
    """All entries of ``ct_meta``."""
    return {row.key: row.value for row in connection.execute(select(schema.meta))}


def _solar_conditions(meta: dict[str, str]) -> SolarConditions:
    """Stored conditions; a project that never set any has the defaults."""
    values = orjson.loads(meta.get("solar_conditions", "{}"))
    if _version(meta.get("schema_version", "")) > schema.SCHEMA_VERSION:
        # A newer minor version, opened read-only, may know more conditions than we do.
        values = {name: value for name, value in values.items() if name in SolarConditions().as_mapping()}
    try:
        return SolarConditions.from_mapping(values)
    except KnownError as error:
        # Nobody typed this value just now: the file is at fault, and the caller says so.
        raise ValueError(str(error).partition(":")[0]) from None


def _collector_choices(meta: dict[str, str]) -> CollectorChoices:
    """Stored assumptions about collectors; a project that never set any has those of the catalogue."""
    values = orjson.loads(meta.get("collector_assumptions", "{}"))
    if _version(meta.get("schema_version", "")) > schema.SCHEMA_VERSION:
        values = {name: value for name, value in values.items() if name in assumption_names()}
    try:
        choices = CollectorChoices.from_mapping(values)
        CollectorAssumptions.of(choices)
    except KnownError as error:
        raise ValueError(str(error).partition(":")[0]) from None
    return choices


def _buildings(connection: Connection, version: str) -> Buildings:
    stored = _stored_columns(version)
    driver: Any = connection.connection.driver_connection
    # The driver's own rows, and of them only columns that anything stands in: most buildings override nothing.
    filled = _filled(driver, list(stored))
    if not filled:
        return Buildings()
    rows = driver.execute(f"SELECT {', '.join(filled)} FROM buildings ORDER BY fid").fetchall()  # noqa: S608
    by_name = zip(filled, zip(*rows, strict=True), strict=True)
    columns = {name: _column(stored[name], values) for name, values in by_name}
    # A parent that is not there would be followed in vain; `citytwin check` reports it from the table.
    if "parent_id" in columns:
        known = set(columns["id"])
        columns["parent_id"][:] = [parent if parent in known else "" for parent in columns["parent_id"]]
    return Buildings(columns)


def _filled(driver: Any, names: list[str]) -> list[str]:
    """Those of some columns in which any building has something, in their order; none without buildings."""
    empty = set(names)
    # Of a row that has something, all it has counts: a city has a handful of different rows.
    while left := [name for name in names if name in empty]:
        anything = f"coalesce({', '.join(left)}, NULL)"
        row = driver.execute(f"SELECT {', '.join(left)} FROM buildings WHERE {anything} IS NOT NULL LIMIT 1").fetchone()  # noqa: S608
        if row is None:
            break
        empty -= {name for name, value in zip(left, row, strict=True) if value is not None}
    return [name for name in names if name not in empty]


def _column(definition: ColumnDefinition, values: tuple[Any, ...]) -> Column:
    if definition.kind == "number":
        return np.array(values, np.float64)  # None becomes nan
    column = np.empty(len(values), object)
    if definition.kind == "text":
        # Each cell comes as a text of its own; one object for all that are alike keeps memory small.
        alike: dict[Any, Any] = {None: ""}
        column[:] = list(map(alike.setdefault, values, values))
    else:
        column[:] = _tables(values)
    return column


def _tables(values: tuple[Any, ...]) -> list[Any]:
    """Contents of cells of JSON; an empty one holds an empty table."""
    try:
        # One list of JSON, for a hundred thousand small ones take twice as long.
        together: list[Any] = orjson.loads(f"[{','.join([value or '{}' for value in values])}]")
    except (TypeError, ValueError):
        together = []
    if len(together) == len(values):
        return together
    return [orjson.loads(value) if value else {} for value in values]


def _named(connection: Connection, version: str, left_out: list[str]) -> dict[str, dict[str, Any]]:
    """What the project keeps under names; older files, opened read-only, have no table for it.

    A damaged one stays in the file and is left out: a lost view is no reason to keep a whole city closed.
    """
    if _version(version) < (1, 4):
        return {}
    found: dict[str, dict[str, Any]] = {}
    table = schema.named
    raw = [cast(table.c[name], LargeBinary).label(name) for name in ("kind", "name", "content")]
    for row in connection.execute(select(*raw).order_by(table.c.kind, table.c.name)):
        kind, name = (bytes(item or b"").decode("utf-8", "replace") for item in row[:2])
        content = _kept_content(kind, bytes(row.content or b""))
        if content is None:
            left_out.append(f"{KINDS.get(kind, 'entry')} “{name}”")
        else:
            found.setdefault(kind, {})[name] = content
    return found


def _kept_content(kind: str, data: bytes) -> dict[str, Any] | None:
    """Content of a view or a selection; None where it is damaged."""
    try:
        content = orjson.loads(data)
    except ValueError:
        return None
    if not isinstance(content, dict):
        return None
    ids = content.get("building_ids") if kind == SELECTION else []
    if not isinstance(ids, list) or not all(isinstance(name, str) for name in ids):
        return None
    if kind == REMOVED and not isinstance(content.get("buildings"), dict):
        return None
    return content


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _stored_columns(version: str) -> dict[str, ColumnDefinition]:
    """Columns that a file of a version has: all but those that came later."""
    own = _version(version)
    later = {name for step, names in schema.ADDED_COLUMNS.items() if own < step for name in names}
    return {name: definition for name, definition in COLUMNS.items() if name not in later}


def _scenarios(connection: Connection) -> dict[str, Scenario]:
    assigned: dict[str, dict[str, str]] = {}
    table = schema.assignments
    for row in connection.execute(select(table).order_by(table.c.scenario_id, table.c.building_id)):
        assigned.setdefault(row.scenario_id, {})[row.building_id] = row.package_id
    found = {
        row.id: Scenario(row.id, row.name, row.parent_id, assigned.get(row.id, {}))
        for row in connection.execute(select(schema.scenarios))
    }
    return dict(sorted(found.items(), key=lambda item: (item[0] != BASELINE, item[0])))
