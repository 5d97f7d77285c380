"""What a file is, before anything in it is trusted."""

import re
import sqlite3
from pathlib import Path
from urllib.parse import quote

from citytwin_desktop.errors import KnownError
from citytwin_desktop.project.connection import known_error
from citytwin_desktop.project.schema import APPLICATION_ID, SCHEMA_VERSION

_GDAL_PREFIXES = ("rtree_buildings_geom_",)


def inspect(path: Path) -> tuple[int, int]:
    """Schema version of a project file, after it passed every check.

    Returns
    -------
    tuple of int
        Major and minor.

    Raises
    ------
    KnownError
        When the file is missing, empty, truncated, foreign, newer or carries foreign triggers or views.
    """
    _check_outside(path)
    try:
        connection = sqlite3.connect(_uri(path), uri=True, timeout=5.0)
    except sqlite3.Error as error:
        raise _sentence(error, path) from None
    try:
        return _check_inside(connection, path)
    except sqlite3.Error as error:
        raise _sentence(error, path) from None
    finally:
        connection.close()


def _uri(path: Path) -> str:
    return f"file:{quote(str(path.resolve()))}?mode=ro" + ("" if has_journal(path) else "&immutable=1")


def has_journal(path: Path) -> bool:
    """Whether a journal stands beside the file: somebody writes it, or ended in the middle."""
    return any(path.with_name(path.name + suffix).exists() for suffix in ("-wal", "-journal"))


def _check_outside(path: Path) -> None:
    if not path.exists():
        msg = f"“{path}” does not exist: check the name."
        raise KnownError(msg)
    if path.is_dir():
        msg = f"“{path}” is a folder: choose a project file that ends in .citytwin.gpkg."
        raise KnownError(msg)
    try:
        with path.open("rb") as file:
            start = file.read(100)
    except OSError as error:
        msg = f"“{path.name}” cannot be read ({error.strerror}): check its permissions."
        raise KnownError(msg) from None
    if not start and not has_journal(path):
        msg = f"“{path.name}” is empty: restore it from a backup."
        raise KnownError(msg)
    if start and not start.startswith(b"SQLite format 3\0"):
        msg = f"“{path.name}” is not a CityTwin project: choose a file that ends in .citytwin.gpkg."
        raise KnownError(msg)
    _check_length(path, start)


def _check_length(path: Path, start: bytes) -> None:
    """Compare the length with the page count in the header, which a truncated copy falls short of."""
    page = int.from_bytes(start[16:18], "big") or 1
    size = 65536 if page == 1 else page
    pages = int.from_bytes(start[28:32], "big")
    if not has_journal(path) and path.stat().st_size < pages * size:
        length = f"{path.stat().st_size} of {pages * size} bytes"
        msg = f"“{path.name}” is cut short ({length}): copy it again or restore a backup."
        raise KnownError(msg)


def _check_inside(connection: sqlite3.Connection, path: Path) -> tuple[int, int]:
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID or "ct_meta" not in tables:
        msg = f"“{path.name}” is a database of another program: import it, or choose a CityTwin project."
        raise KnownError(msg)
    row = connection.execute("SELECT value FROM ct_meta WHERE key = 'schema_version'").fetchone()
    match = re.fullmatch(r"(\d{1,4})\.(\d{1,4})", str(row[0])) if row else None
    if match is None:
        msg = f"“{path.name}” does not say which format it has: restore it from a backup."
        raise KnownError(msg)
    major, minor = int(match[1]), int(match[2])
    if major > SCHEMA_VERSION[0]:
        msg = f"“{path.name}” was made by a newer CityTwin Desktop (format {major}.{minor}): update the program."
        raise KnownError(msg)
    foreign = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view')")
        if not str(name).startswith(_GDAL_PREFIXES)
    ]
    if foreign:
        msg = f"“{path.name}” carries a foreign trigger or view “{foreign[0]}” that could change it: remove it first."
        raise KnownError(msg)
    if (verdict := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        msg = f"“{path.name}” is damaged ({verdict}): restore it from a backup."
        raise KnownError(msg)
    return major, minor


def spatial_index_triggers(path: Path) -> list[str]:
    """Triggers that GDAL or QGIS put on our layer for a spatial index; they break plain updates."""
    connection = sqlite3.connect(_uri(path), uri=True)
    try:
        rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    finally:
        connection.close()
    return [str(name) for (name,) in rows if str(name).startswith(_GDAL_PREFIXES)]


def _sentence(error: sqlite3.Error, path: Path) -> KnownError:
    return known_error(error, path) or KnownError(f"“{path.name}” cannot be read ({error}): restore it from a backup.")
