"""A table file opened safely, whatever it is packed in."""

from pathlib import Path

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.joined_tables.delimited_text import read_delimited
from citytwin_desktop.formats.joined_tables.table import JoinedTable
from citytwin_desktop.formats.joined_tables.workbook import read_workbook
from citytwin_desktop.formats.opened_source import OpenedSource, open_sources
from citytwin_desktop.formats.report import ImportReport

TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_LARGEST_BYTES = 1 << 30
_MAGICS = {
    b"\xd0\xcf\x11\xe0": "an old XLS workbook: save it as XLSX or CSV",
    b"PAR1": "a Parquet file: save it as CSV or XLSX",
    b"%PDF": "a PDF document: get the table as CSV or XLSX",
    b"SQLi": "a database: export the table as CSV",
}


def read_table(path: Path, report: ImportReport, *, sheet: str = "", encoding: str = "") -> JoinedTable:
    """Read a table.

    Parameters
    ----------
    path : Path
        CSV or XLSX; CSV also packed as gzip, bzip2 or in a zip that holds one.
    report : ImportReport
        Told of rows that were left out and what was assumed.
    sheet, encoding : str
        Stated by the user, empty to find out.

    Raises
    ------
    KnownError
        When it cannot be read, or is no table.
    """
    opened = _chosen(open_sources(path), path.name)
    with opened.stream() as stream:
        data = stream.read(_LARGEST_BYTES + 1)
    if len(data) > _LARGEST_BYTES:
        msg = f"“{opened.name}” is larger than {_LARGEST_BYTES >> 30} GB: split it first."
        raise KnownError(msg)
    name = Path(opened.name).name
    if not data.strip():
        msg = f"“{name}” is empty: get a complete copy of it."
        raise KnownError(msg)
    if kind := _MAGICS.get(data[:4]):
        msg = f"“{name}” is {kind}."
        raise KnownError(msg)
    if data[:4] == b"PK\x03\x04":
        return read_workbook(data, name, report, sheet)
    if sheet:
        msg = f"“{name}” is no workbook and has no sheets: leave the sheet out."
        raise KnownError(msg)
    return read_delimited(data, name, report, encoding)


def _chosen(opened: list[OpenedSource], name: str) -> OpenedSource:
    if len(opened) == 1 and opened[0].packing != "zip":
        return opened[0]
    found = [item for item in opened if item.name.lower().endswith(TABLE_ENDINGS) and "__MACOSX" not in item.name]
    # A workbook is an archive of its own and may come with any ending.
    if not found and any(item.name == "xl/workbook.xml" for item in opened):
        return OpenedSource(opened[0].path, name)
    if len(found) != 1:
        shown = ", ".join(Path(item.name).name for item in found[:5]) or "no CSV or XLSX file"
        msg = f"“{name}” holds {shown}: unpack it and choose one table."
        raise KnownError(msg)
    return found[0]
