"""Complete copies of a database, also while it is open."""

import os
import secrets
import sqlite3
from pathlib import Path

from sqlalchemy import Engine

from citytwin_desktop.errors import KnownError
from citytwin_desktop.project.connection import known_error


def copy_database(engine: Engine, target: Path) -> None:
    """Copy an open database with SQLite's backup interface, then put it in place at once.

    Copying the file itself would miss what is still in the journal beside it.
    """
    raw = engine.raw_connection()
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        copy = sqlite3.connect(draft)
        try:
            raw.driver_connection.backup(copy, pages=256)  # type: ignore[union-attr]
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
        os.replace(draft, target)
    except (sqlite3.Error, OSError) as error:
        draft.unlink(missing_ok=True)
        shut = getattr(error, "sqlite_errorname", "") == "SQLITE_CANTOPEN"
        cannot = KnownError(f"“{target}” cannot be written: choose another place.")
        raise (None if shut else known_error(error, target)) or cannot from None
    finally:
        raw.close()
