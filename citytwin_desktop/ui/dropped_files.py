"""What files dropped on the window mean together, and the sentence when they mean nothing."""

from dataclasses import dataclass
from pathlib import Path

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.city_formats import CITY_FILE_ENDINGS, PACKED_ENDINGS
from citytwin_desktop.ui.project_names import is_project

PROJECT_SUFFIX, WEATHER_SUFFIX = ".gpkg", ".epw"
TABLE_SUFFIXES = (".csv", ".tsv", ".xlsx")
SIDE_FILES = (".dbf", ".shx", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".qix", ".tfw", ".aux.xml", ".shp.xml", ".qmd")
"""Files that belong to a Shapefile or a grid beside them and are read with it."""


@dataclass(frozen=True)
class Dropped:
    """Files by what they are for.

    Parameters
    ----------
    project, weather, table : Path, optional
    cities : tuple of Path
        Imported together.
    """

    project: Path | None = None
    weather: Path | None = None
    cities: tuple[Path, ...] = ()
    table: Path | None = None


def kind_of(path: Path) -> str:
    """What a file is for by its name: ``project``, ``weather``, ``table``, ``side``, ``city`` or nothing.

    A packed file is for what the ending within its name says, ``x.csv.gz`` a table.
    """
    name = path.name.lower()
    if name.endswith(PACKED_ENDINGS):
        inner = kind_of(path.with_suffix(""))
        return inner if inner in ("weather", "table") else "city"
    if name.endswith(PROJECT_SUFFIX):
        return "project" if is_project(path) else "city"
    if name.endswith(WEATHER_SUFFIX):
        return "weather"
    if name.endswith(TABLE_SUFFIXES):
        return "table"
    if name.endswith(SIDE_FILES):
        return "side"
    return "city" if name.endswith(CITY_FILE_ENDINGS) else ""


def weather_filter() -> str:
    """Filter of file dialogs for weather files, packed ones too."""
    return f"EnergyPlus weather ({' '.join(f'*{ending}' for ending in (WEATHER_SUFFIX, *PACKED_ENDINGS))})"


def city_filter() -> str:
    """Filter of file dialogs for everything that can be imported as a city or its ground."""
    endings = dict.fromkeys(f".{ending.rsplit('.', 1)[-1]}" for ending in (*CITY_FILE_ENDINGS, *PACKED_ENDINGS))
    return f"City files ({' '.join(f'*{ending}' for ending in endings)});;All files (*)"


def sorted_out(paths: list[Path]) -> Dropped:
    """Sort dropped files.

    Raises
    ------
    KnownError
        When one of them cannot be opened here, or they do not go together.
    """
    by_kind: dict[str, list[Path]] = {}
    for path in paths:
        if path.is_dir():
            msg = f"“{path.name}” is a folder: drop the city files in it instead."
            raise KnownError(msg)
        if not (kind := kind_of(path)):
            msg = (
                f"“{path.name}” cannot be opened: drop a city file (CityJSON, CityGML, GeoJSON, GeoPackage, Shapefile, "
                "OpenStreetMap), a terrain grid, a table, a .citytwin.gpkg project or an .epw file."
            )
            raise KnownError(msg)
        by_kind.setdefault(kind, []).append(path)
    projects, weathers, tables = (by_kind.get(kind, []) for kind in ("project", "weather", "table"))
    if max(len(projects), len(weathers), len(tables)) > 1 or (projects and len(paths) > 1):
        msg = "Several projects, weather files or tables were dropped: drop one at a time."
        raise KnownError(msg)
    cities = tuple(by_kind.get("city", ()))
    if "side" in by_kind and not cities:
        msg = f"“{by_kind['side'][0].name}” belongs to another file: drop the .shp or the grid beside it too."
        raise KnownError(msg)
    if tables and cities:
        msg = f"“{tables[0].name}” is joined to buildings that are there: drop the city first, then the table."
        raise KnownError(msg)
    first = {"project": projects, "weather": weathers, "table": tables}
    return Dropped(cities=cities, **{name: found[0] for name, found in first.items() if found})
