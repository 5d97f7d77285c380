"""From CityJSON bytes to a city and a report on what became of each object."""

import io

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.formats.assembly import assemble
from citytwin_desktop.formats.cityjson.source import read_stream
from citytwin_desktop.formats.import_options import Box, ImportOptions
from citytwin_desktop.formats.report import ImportReport


def read_cityjson(
    data: bytes, name: str, *, crs: str | None = None, lod: str | None = None, bbox: Box | None = None
) -> tuple[CityModel, ImportReport]:
    """Read a CityJSON file or sequence that is in memory.

    Parameters
    ----------
    data : bytes
        The file, unpacked.
    name : str
        Its name, for messages and the report.
    crs, lod, bbox
        As in `ImportOptions`.

    Raises
    ------
    KnownError
        When the file is not usable: one sentence with file, object and remedy.
    """
    options, report = ImportOptions(crs=crs, lod=lod, bbox=bbox), ImportReport()
    source = read_stream(io.BytesIO(data), name, len(data), options, report)
    return assemble(source, options, report), report
