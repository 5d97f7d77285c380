"""City files of every format we read: looked at, and read into a city."""

from dataclasses import dataclass, replace
from pathlib import Path

from citytwin_desktop.city.diagnosis.examination import examine
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.assembly import assemble
from citytwin_desktop.formats.city_formats import CITY_FILE_ENDINGS, TERRAIN, CityFormat, format_of
from citytwin_desktop.formats.collection_pause import collection_paused
from citytwin_desktop.formats.doctor_remarks import tell_findings
from citytwin_desktop.formats.import_options import Box, ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource, open_sources
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_scan import SourceScan

Sorted = tuple[list[tuple[OpenedSource, CityFormat]], list[tuple[str, KnownError]]]


def city_sources(path: Path) -> Sorted:
    """City files that a file holds: itself, or the members of an archive that are some.

    Parameters
    ----------
    path : Path

    Returns
    -------
    found : list of (OpenedSource, CityFormat)
        Terrain first, for what comes without heights is set on it.
    refused : list of (str, KnownError)
        Members of an archive that cannot be read, and why.

    Raises
    ------
    KnownError
        When there is none, or it cannot be opened.
    """
    opened = open_sources(path)
    packed = len(opened) > 1 or (opened and opened[0].packing == "zip")
    found, refused = [], []
    for item in opened:
        if packed and not item.name.lower().endswith(CITY_FILE_ENDINGS):
            continue
        try:
            kind = format_of(item)
        except KnownError as error:
            refused.append((item.name, error))
            continue
        if kind is not None:
            found.append((item, kind))
    if refused and not found:
        raise refused[0][1]
    if not found:
        msg = (
            f"“{path.name}” is of no format that can be read: choose CityJSON, CityGML, GeoJSON, GeoPackage, "
            "Shapefile, OpenStreetMap, gbXML, IFC or a terrain grid."
        )
        raise KnownError(msg)
    return sorted(found, key=lambda item: item[1] is not TERRAIN), refused


def scan_city_file(path: Path) -> tuple[SourceScan, ...]:
    """Look at a file before loading it, one scan for each city file in it.

    Parameters
    ----------
    path : Path

    Raises
    ------
    KnownError
        When it is of no format that is read.
    """
    scans: list[SourceScan] = []
    found, refused = city_sources(path)
    for opened, kind in found:
        try:
            scans.append(kind.load().scan(opened))
        except KnownError as error:
            refused.append((opened.name, error))
    if not scans:
        raise refused[0][1]
    remarks = tuple(str(error) for _, error in refused)
    return (replace(scans[0], remarks=scans[0].remarks + remarks), *scans[1:])


@dataclass(frozen=True, eq=False)
class ReadSource:
    """A city file that was read.

    Parameters
    ----------
    opened : OpenedSource
    kind : CityFormat
    city : CityModel
    report : ImportReport
    """

    opened: OpenedSource
    kind: CityFormat
    city: CityModel
    report: ImportReport


def read_sources(path: Path, options: ImportOptions, *, examined: bool = True) -> list[ReadSource]:
    """Read every city file in a file.

    Parameters
    ----------
    path : Path
    options : ImportOptions
        The system of the first source holds for the others.
    examined : bool
        Whether the doctor looks at what was read; without, the reports tell of reading and repairs only.

    Returns
    -------
    list of ReadSource

    Raises
    ------
    KnownError
        When none is usable.
    """
    found: list[ReadSource] = []
    sources, refused = city_sources(path)
    for opened, kind in sources:
        report = ImportReport(source=opened.name)
        try:
            with collection_paused():
                city = assemble(kind.load().read(opened, options, report), options, report)
            if examined:
                tell_findings(examine(city), city, report)
        except KnownError as error:
            # Of an archive the other members may well be what is wanted.
            refused.append((opened.name, error))
            continue
        options = replace(options, project_epsg=options.project_epsg or city.epsg)
        found.append(ReadSource(opened, kind, city, report))
    if not found:
        raise refused[0][1]
    for name, reason in refused:
        found[0].report.add(name, "member_not_read", str(reason), "skipped")
    return found


def read_city_files(
    path: Path, options: ImportOptions, *, examined: bool = True
) -> list[tuple[CityModel, ImportReport]]:
    """Cities and reports of `read_sources`."""
    return [(read.city, read.report) for read in read_sources(path, options, examined=examined)]


def read_city_file(
    path: Path, *, crs: str | None = None, lod: str | None = None, bbox: Box | None = None
) -> tuple[CityModel, ImportReport]:
    """Read a file that holds one city file.

    Raises
    ------
    KnownError
        When the format is none we read, or the file is not usable.
    """
    return read_city_files(path, ImportOptions(crs=crs, lod=lod, bbox=bbox))[0]
