"""Sheets of XLSX workbooks: what formulas came to when the file was saved, never the formulas."""

import io
import zipfile
import zlib
from datetime import date, datetime
from typing import Any

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.joined_tables.table import MOST_COLUMNS, MOST_ROWS, JoinedTable, unique_header
from citytwin_desktop.formats.report import ImportReport

_MOST_UNPACKED_BYTES = 1 << 30
_MOST_RATIO, _FREE_BYTES = 200, 64 << 20
_MOST_MEMBERS = 5_000
_MOST_BLANK_ROWS = 10_000
_HEAD_BYTES = 4_096


def read_workbook(data: bytes, name: str, report: ImportReport, sheet: str = "") -> JoinedTable:
    """Read a sheet of a workbook.

    Parameters
    ----------
    data : bytes
    name : str
        For messages.
    report : ImportReport
    sheet : str
        Its name; the first that holds something when empty.

    Raises
    ------
    KnownError
        When it is no sound workbook, has no such sheet, or the sheet is no table.
    """
    _check_archive(data, name)
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            return _table(book, name, report, sheet)
        finally:
            book.close()
    except KnownError:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl lets every kind of error out of damaged files
        msg = f"“{name}” is a damaged workbook ({type(error).__name__}): save it anew as XLSX or CSV."
        raise KnownError(msg) from None


def _check_archive(data: bytes, name: str) -> None:
    """Refuse archives that unpack to more than is reasonable, and XML that defines entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            total = sum(info.file_size for info in infos)
            if len(infos) > _MOST_MEMBERS or total > min(
                _MOST_UNPACKED_BYTES, max(len(data) * _MOST_RATIO, _FREE_BYTES)
            ):
                msg = f"“{name}” unpacks to {total >> 20} MB, far more than it is: save the sheet as CSV."
                raise KnownError(msg)
            for info in infos:
                if info.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(info) as member:
                        head = member.read(_HEAD_BYTES)
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        msg = f"“{name}” defines entities in its XML, which no spreadsheet does: save it anew."
                        raise KnownError(msg)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        msg = f"“{name}” is a damaged workbook ({str(error)[:60]}): save it anew as XLSX or CSV."
        raise KnownError(msg) from None


def _table(book: Any, name: str, report: ImportReport, wanted: str) -> JoinedTable:
    titles = [sheet.title for sheet in book.worksheets]
    if wanted and wanted not in titles:
        msg = f"“{name}” has no sheet “{wanted[:60]}”: choose one of {', '.join(titles[:20])}."
        raise KnownError(msg)
    for sheet in book.worksheets:
        if wanted and sheet.title != wanted:
            continue
        lines = _lines(sheet, name)
        if not lines:
            continue
        (first, header), body = lines[0], lines[1:]
        label = f"{name}, sheet {sheet.title}"
        while header and not header[-1]:
            header.pop()
        names = unique_header(header, label, report)
        rows = [_padded(row, len(names), f"{label}, row {number}", report) for number, row in body]
        kept = [row for row in rows if row is not None]
        if not kept:
            msg = f"“{label}” has a header and no rows: choose another sheet."
            raise KnownError(msg)
        return JoinedTable(label, names, kept, first + 1)
    msg = f"“{name}” holds nothing in its {'sheet' if wanted else 'sheets'}: choose another."
    raise KnownError(msg)


def _lines(sheet: Any, name: str) -> list[tuple[int, list[str]]]:
    """Rows that hold something, with their numbers."""
    # A sheet may claim any size of itself; what counts is what is in it.
    sheet.reset_dimensions()
    lines: list[tuple[int, list[str]]] = []
    blank = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1):
        cells = [_text(value) for value in row]
        blank = 0 if any(cells) else blank + 1
        if blank > _MOST_BLANK_ROWS:
            break
        if not blank:
            lines.append((number, cells))
        if len(lines) > MOST_ROWS:
            msg = f"“{name}” has more than {MOST_ROWS:,} rows: split it first."
            raise KnownError(msg)
    return lines


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _padded(row: list[str], width: int, where: str, report: ImportReport) -> list[str] | None:
    while len(row) > width and not row[-1]:
        row.pop()
    if len(row) > width:
        message = f"It has {len(row)} cells under {width} names, so it is not known which is which: repair it."
        report.add(where, "row_does_not_fit", message, "skipped")
        return None
    return row + [""] * (width - len(row))
