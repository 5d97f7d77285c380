"""What files dropped on the window mean together, and the sentence when they mean nothing."""

from dataclasses import dataclass
from pathlib import Path

from citytwin_desktop.errors import KnownError

CITY_SUFFIXES = (".json", ".jsonl")
PROJECT_SUFFIX, WEATHER_SUFFIX = ".gpkg", ".epw"


@dataclass(frozen=True)
class Dropped:
    """Files by what they are for.

    Parameters
    ----------
    project, weather : Path, optional
    cities : tuple of Path
        Imported together.
    """

    project: Path | None = None
    weather: Path | None = None
    cities: tuple[Path, ...] = ()


def sorted_out(paths: list[Path]) -> Dropped:
    """Sort dropped files.

    Raises
    ------
    KnownError
        When one of them cannot be opened here, or they do not go together.
    """
    for path in paths:
        if path.is_dir():
            msg = f"“{path.name}” is a folder: drop the city files in it instead."
            raise KnownError(msg)
        if path.suffix.lower() not in (*CITY_SUFFIXES, PROJECT_SUFFIX, WEATHER_SUFFIX):
            msg = f"“{path.name}” cannot be opened: drop a CityJSON file, a .citytwin.gpkg project or an .epw file."
            raise KnownError(msg)
    kinds = {suffix: [path for path in paths if path.suffix.lower() == suffix] for suffix in (PROJECT_SUFFIX, ".epw")}
    projects, weathers = kinds[PROJECT_SUFFIX], kinds[WEATHER_SUFFIX]
    if len(projects) > 1 or len(weathers) > 1 or (projects and len(paths) > 1):
        msg = "Several projects or weather files were dropped: drop one at a time."
        raise KnownError(msg)
    cities = tuple(path for path in paths if path.suffix.lower() in CITY_SUFFIXES)
    return Dropped(projects[0] if projects else None, weathers[0] if weathers else None, cities)
