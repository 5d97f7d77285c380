"""Names for project files, and which files are some."""

import sqlite3
from contextlib import closing
from pathlib import Path


def free_project_path(source: str) -> Path:
    """A project file beside a city file that is not there yet."""
    path = Path(source)
    stem = path.name.split(".")[0]
    for number in range(1, 1000):
        candidate = path.parent / f"{stem}{'' if number == 1 else f'-{number}'}.citytwin.gpkg"
        if not candidate.exists():
            return candidate
    return path.parent / f"{stem}.citytwin.gpkg"


def is_project(path: Path) -> bool:
    """Whether a GeoPackage is a project of ours rather than somebody's layers.

    One that cannot be read counts as a project by its name, so that opening it says what is wrong.
    """
    if path.name.lower().endswith(".citytwin.gpkg"):
        return True
    try:
        with closing(sqlite3.connect(f"file:{path.resolve().as_posix()}?mode=ro&immutable=1", uri=True)) as file:
            found = file.execute("select 1 from sqlite_master where type = 'table' and name = 'ct_meta'").fetchone()
    except sqlite3.Error:
        return False
    return found is not None
