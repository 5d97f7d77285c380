"""Keeps an export from taking the place of somebody's project."""

import sqlite3
from contextlib import closing
from pathlib import Path

from citytwin_desktop.errors import KnownError


def refuse_project(path: Path) -> None:
    """Refuse a name under which a project stands, of whatever version.

    Raises
    ------
    KnownError
    """
    if path.is_file() and _holds_project(path):
        msg = f"“{path}” is a project, which layers would replace: choose another name."
        raise KnownError(msg)


def _holds_project(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5.0)) as connection:
            found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'ct_meta'").fetchone()
    except sqlite3.Error:
        return False
    return found is not None
