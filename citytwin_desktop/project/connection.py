"""SQLite connections with the safety settings that every project file gets."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from citytwin_desktop.errors import KnownError

_REASONS = {
    "SQLITE_BUSY": "is in use by another program: close it there and try again",
    "SQLITE_READONLY": "cannot be written: copy it to a folder of your own",
    "SQLITE_IOERR": "cannot be read or written (a disk error): check the disk and copy the file to another",
    "SQLITE_CORRUPT": "is damaged: restore it from a backup",
    "SQLITE_FULL": "cannot grow because the disk is full: free some space",
    "SQLITE_CANTOPEN": "cannot be opened: check that it exists and that you may read it",
    "SQLITE_PROTOCOL": "is locked in a way this disk does not support: copy it to a local disk",
    "SQLITE_NOTADB": "is not a CityTwin project: choose a file that ends in .citytwin.gpkg",
    "SQLITE_PERM": "may not be opened by you: check its permissions",
}

_ONLY_READS = "citytwin_only_reads"


def known_error(error: BaseException, path: Path) -> KnownError | None:
    """Sentence for a database error that is the environment's fault, or None when it is ours."""
    cause = getattr(error, "orig", error)
    name = str(getattr(cause, "sqlite_errorname", ""))
    for code, reason in _REASONS.items():
        if name.startswith(code):
            return KnownError(f"“{path.name}” {reason}.")
    if name == "SQLITE_ERROR" and str(cause).startswith("no such"):
        return KnownError(f"“{path.name}” lacks a part of its format ({cause}): restore it from a backup.")
    return None


def engine_for(path: Path, mode: str) -> Engine:
    """Engine with one connection to a file.

    Parameters
    ----------
    path : Path
    mode : str
        ``rw``, ``rwc`` (create), ``ro`` or ``immutable``.
    """
    options = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    uri = f"file:{quote(str(path.resolve()))}?{options}"
    # One connection for good: the project belongs to the main thread, and SQLite's locks to connections.
    engine = create_engine("sqlite://", creator=lambda: _connect(uri), poolclass=StaticPool)
    event.listen(engine, "begin", _begin_immediate if mode in ("rw", "rwc") else _begin)
    return engine


def for_reading(engine: Engine) -> Engine:
    """Give the same connection for transactions that only read: they neither wait for a writer nor keep one out."""
    return engine.execution_options(**{_ONLY_READS: True})


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=5.0, isolation_level=None, check_same_thread=False)
    for pragma in ("foreign_keys=ON", "trusted_schema=OFF", "synchronous=FULL", "cell_size_check=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_authorizer(_authorize)
    return connection


def _authorize(action: int, first: str | None, *_: object) -> int:
    if action == sqlite3.SQLITE_ATTACH or (action == sqlite3.SQLITE_PRAGMA and first == "writable_schema"):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _begin_immediate(connection: Connection) -> None:
    if connection.get_execution_options().get(_ONLY_READS):
        _begin(connection)
        return
    # A deferred transaction that writes late fails with BUSY_SNAPSHOT, which no timeout retries.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def pragma(engine: Engine, statement: str) -> str:
    """Run a pragma outside any transaction and give its first value as text."""
    raw = engine.raw_connection()
    row = raw.driver_connection.execute(f"PRAGMA {statement}").fetchone()  # type: ignore[union-attr]
    raw.close()
    return str(row[0]) if row else ""
