"""City files of every format we read, told apart by their names."""

from pathlib import Path

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.extent import Box
from citytwin_desktop.formats.cityjson.reading import read_cityjson
from citytwin_desktop.formats.files import read_bytes
from citytwin_desktop.formats.report import ImportReport

CITY_FILE_ENDINGS = (".city.json", ".city.jsonl", ".json", ".jsonl")


def read_city_file(
    path: Path, *, crs: str | None = None, lod: str | None = None, bbox: Box | None = None
) -> tuple[CityModel, ImportReport]:
    """Read a city file.

    Raises
    ------
    KnownError
        When the format is none we read, or the file is not usable.
    """
    if not path.name.lower().endswith(CITY_FILE_ENDINGS):
        endings = ", ".join(CITY_FILE_ENDINGS)
        msg = f"“{path.name}” is of no format that can be read: choose a file that ends in {endings}."
        raise KnownError(msg)
    return read_cityjson(read_bytes(path), path.name, crs=crs, lod=lod, bbox=bbox)
