"""CSV in all its dialects: encoding, delimiter and decimal sign told from the text itself."""

import contextlib
import csv
import io
import itertools
import re
from collections import Counter

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.joined_tables.table import MOST_COLUMNS, MOST_ROWS, JoinedTable, unique_header
from citytwin_desktop.formats.report import ImportReport

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 200, 200_000
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_DECIMAL_POINT = re.compile(r"[+-]?\d+\.\d+")
_LONGEST_CELL = 100_000


def read_delimited(data: bytes, name: str, report: ImportReport, encoding: str = "") -> JoinedTable:
    """Read a CSV file.

    Parameters
    ----------
    data : bytes
    name : str
        For messages.
    report : ImportReport
        Told of rows that do not fit the header, and how the text was understood.
    encoding : str
        Stated by the user; told from the bytes when empty.

    Raises
    ------
    KnownError
        When it is no table of text.
    """
    text = _decoded(data, name, encoding, report)
    sample = text[:_SAMPLE_CHARACTERS]
    delimiter = _delimiter(sample, name)
    header, rows, first_line = _rows(text, delimiter, name)
    names = unique_header(header, name, report)
    kept = _fitting(rows, len(names), name, first_line, report)
    if not kept:
        msg = f"“{name}” has a header and no rows: get a complete copy of it."
        raise KnownError(msg)
    return JoinedTable(name, names, kept, first_line, _decimal(kept, delimiter))


def _decoded(data: bytes, name: str, encoding: str, report: ImportReport) -> str:
    if encoding:
        try:
            return data.decode(encoding).lstrip("\ufeff")
        except LookupError:
            msg = f"There is no encoding “{encoding[:40]}”: state one such as utf-8, cp1252 or shift_jis."
        except UnicodeDecodeError:
            msg = f"“{name}” is not written in {encoding[:40]}: state another encoding or none."
        raise KnownError(msg)
    for mark, known in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(known, "replace")
    if b"\x00" in data:
        msg = f"“{name}” holds zero bytes, so it is no text: choose a CSV or XLSX file."
        raise KnownError(msg)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        report.add(name, "encoding_assumed", "Its text is not UTF-8 and was read as Windows-1252: check its accents.")
        return data.decode("cp1252", "replace")


def _delimiter(sample: str, name: str) -> str:
    """Delimiter that cuts most lines into the same number of cells, the more the better."""
    best, best_score = "", 0.0
    for delimiter in _DELIMITERS:
        if delimiter not in sample:
            continue
        widths = Counter(map(len, _sampled(sample, delimiter)))
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        score = count / sum(widths.values()) * min(width, 1_000) ** 0.5 if width > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    if not best:
        msg = f"“{name}” has no two columns that commas, semicolons or tabs part: choose a CSV or XLSX file."
        raise KnownError(msg)
    return best


def _sampled(sample: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        rows.extend(row for row in itertools.islice(reader, _SAMPLE_LINES) if row)
    return rows[:-1] if len(rows) > 2 and len(sample) == _SAMPLE_CHARACTERS else rows


def _rows(text: str, delimiter: str, name: str) -> tuple[list[str], list[list[str]], int]:
    """Header, rows that are not blank, and the line of the first row."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    first_line = 2
    try:
        for row in reader:
            if not any(map(str.strip, row)):
                continue
            if not header:
                header, first_line = row, reader.line_num + 1
                if len(header) > MOST_COLUMNS:
                    break
                continue
            rows.append([cell.strip() for cell in row])
            if len(rows) > MOST_ROWS:
                msg = f"“{name}” has more than {MOST_ROWS:,} rows: split it first."
                raise KnownError(msg)
    except csv.Error as error:
        msg = f"“{name}” has a damaged row near line {reader.line_num + 1} ({error}): repair its quotation marks."
        raise KnownError(msg) from None
    return header, rows, first_line


def _fitting(rows: list[list[str]], width: int, name: str, first_line: int, report: ImportReport) -> list[list[str]]:
    """Rows as wide as the header: short ones filled up, those with cells too many left out."""
    kept = []
    for number, row in enumerate(rows):
        while len(row) > width and not row[-1]:
            row.pop()
        if len(row) > width or any(len(cell) > _LONGEST_CELL for cell in row):
            message = f"It has {len(row)} cells under {width} names, so it is not known which is which: repair it."
            report.add(f"{name}, row {number + first_line}", "row_does_not_fit", message, "skipped")
            continue
        kept.append(row + [""] * (width - len(row)))
    return kept


def _decimal(rows: list[list[str]], delimiter: str) -> str:
    """Decimal sign: the comma where numbers have it and none has a point; never in a file that commas part."""
    if delimiter == ",":
        # Quoted cells may still hold decimal commas, where no cell has a point.
        commas, points = _counts(rows)
        return "," if commas and not points else "."
    commas, points = _counts(rows)
    return "," if commas > points else "."


def _counts(rows: list[list[str]]) -> tuple[int, int]:
    cells = [cell for row in rows[:_SAMPLE_LINES] for cell in row]
    return sum(bool(_DECIMAL_COMMA.fullmatch(c)) for c in cells), sum(bool(_DECIMAL_POINT.fullmatch(c)) for c in cells)
