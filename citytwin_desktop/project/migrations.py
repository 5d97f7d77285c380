"""Numbered steps from older project files to today's, after a backup; each is one transaction."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, text

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.project.backup import copy_database
from citytwin_desktop.project.connection import engine_for
from citytwin_desktop.project.inspection import spatial_index_triggers
from citytwin_desktop.project.schema import ADDED_COLUMNS, ADDED_TABLES, SCHEMA_VERSION, SQL_TYPES
from citytwin_desktop.project.writing import write_meta

Version = tuple[int, int]


def _add_columns(connection: Connection, version: Version) -> None:
    """Columns of the building table and tables that a version brought, empty."""
    there = {str(row[1]) for row in connection.execute(text("PRAGMA table_info(buildings)"))}
    for name in ADDED_COLUMNS[version]:
        if name not in there:
            kind = SQL_TYPES[COLUMNS[name].kind]().compile(connection.dialect)
            connection.execute(text(f"ALTER TABLE buildings ADD COLUMN {name} {kind}"))
    for table in ADDED_TABLES.get(version, ()):
        table.create(connection, checkfirst=True)


STEPS: dict[Version, Callable[[Connection], None]] = {
    version: partial(_add_columns, version=version) for version in ADDED_COLUMNS
}
"""Step that leads *to* each version; they run in ascending order."""


def migrate(path: Path, version: Version, steps: dict[Version, Callable[[Connection], None]] | None = None) -> None:
    """Bring a file up to date.

    Parameters
    ----------
    path : Path
    version : tuple of int
        Major and minor version of the file.
    steps : dict, optional
        Other steps, for tests.
    """
    chosen = STEPS if steps is None else steps
    due = sorted(step for step in chosen if version < step <= max(SCHEMA_VERSION, *chosen))
    triggers = spatial_index_triggers(path)
    if not due and not triggers:
        return
    engine = engine_for(path, "rw")
    try:
        copy_database(engine, path.with_name(f"{path.name}.before-{version[0]}.{version[1]}.backup"))
        if triggers:
            with engine.begin() as connection:
                _drop_spatial_index(connection, triggers)
        for step in due:
            with engine.begin() as connection:
                chosen[step](connection)
                write_meta(connection, {"schema_version": f"{step[0]}.{step[1]}"})
    finally:
        engine.dispose()


def _drop_spatial_index(connection: Connection, triggers: list[str]) -> None:
    """Remove the index that QGIS made on our layer: its triggers need functions we do not have."""
    for name in triggers:
        quoted = name.replace('"', '""')
        connection.execute(text(f'DROP TRIGGER "{quoted}"'))
    connection.execute(text("DROP TABLE IF EXISTS rtree_buildings_geom"))
    if connection.execute(text("SELECT 1 FROM sqlite_schema WHERE name = 'gpkg_extensions'")).first():
        connection.execute(text("DELETE FROM gpkg_extensions WHERE table_name = 'buildings'"))
