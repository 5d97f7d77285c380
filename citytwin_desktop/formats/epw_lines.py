"""Lines of a weather file, in any of the ways that programs and people write them."""

import csv
from dataclasses import dataclass

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.weather_file_kinds import told_apart

HEADERS = (
    "LOCATION", "DESIGN CONDITIONS", "TYPICAL/EXTREME PERIODS", "GROUND TEMPERATURES", "HOLIDAYS/DAYLIGHT SAVINGS",
    "COMMENTS 1", "COMMENTS 2", "DATA PERIODS",
)  # fmt: skip
"""First cells of the header lines in the order that engines rely on."""
NOTE = "CityTwin Desktop changed this file: "
"""Start of what we write into the second comment of a file that we wrote anew."""
_MOST_LINES_BEFORE, _MOST_HEADER_LINES = 20, 60


@dataclass(frozen=True)
class EpwLines:
    """Cells of a weather file.

    Parameters
    ----------
    headers : dict of str to list of str
        Cells of each header line by its first cell, in capitals.
    table : list of list of str
        Cells of the hours, blanks around them taken off.
    changes : tuple of str
        What engines would stumble over, each as the second half of a sentence on what was done about it.
    noted : tuple of str
        Changes that we made when we wrote this file.
    """

    headers: dict[str, list[str]]
    table: list[list[str]]
    changes: tuple[str, ...]
    noted: tuple[str, ...]


def epw_lines(data: bytes, name: str) -> EpwLines:
    """Split a weather file into cells.

    Parameters
    ----------
    data : bytes
    name : str
        For messages.

    Raises
    ------
    KnownError
        When it is no EPW file: the sentence says what it is where that can be told.
    """
    text, changes = _text(data)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    first, delimiter = _location_line(lines, data, name)
    if delimiter != ",":
        changes.append("columns were separated by commas")
    decimal_comma = delimiter == ";"
    start = next(
        (k for k in range(first, min(len(lines), first + _MOST_HEADER_LINES)) if _keyword(lines[k]) == "DATA PERIODS"),
        None,
    )
    if start is None:
        msg = f"“{name}” has no DATA PERIODS line: get an undamaged copy of it."
        raise KnownError(msg)
    head = [line for line in lines[first : start + 1] if line.strip(f" \t{delimiter}")]
    headers = {_keyword(line): _cells(line, delimiter) for line in head}
    if first or [line.split(delimiter)[0] for line in lines[: start + 1]] != list(HEADERS):
        changes.append("its header lines were put in order")
    table = [_stripped(line, delimiter) for line in lines[start + 1 :] if line.strip(f" \t{delimiter}")]
    if len(table) != len(lines) - start - 1:
        changes.append("blank lines were taken out")
    if decimal_comma:
        table = [[cell.replace(",", ".") for cell in row] for row in table]
        headers["LOCATION"] = [cell.replace(",", ".") for cell in headers["LOCATION"]]
    _check_periods(headers["DATA PERIODS"], name, changes)
    return EpwLines(headers, table, tuple(changes), _noted(headers.get("COMMENTS 2", [])))


def _text(data: bytes) -> tuple[str, list[str]]:
    changes: list[str] = []
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            # EnergyPlus 25.2.0 takes a file with such a mark for one at latitude 0 and longitude 0.
            changes.append("a byte order mark was taken out")
            return data[len(mark) :].decode(encoding, "replace"), changes
    if b"\r" in data and b"\n" not in data:
        changes.append("line ends were replaced")
    try:
        return data.decode("utf-8"), changes
    except UnicodeDecodeError:
        return data.decode("latin-1"), changes


def _location_line(lines: list[str], data: bytes, name: str) -> tuple[int, str]:
    """Place of the first header line and what separates its cells."""
    for place, line in enumerate(lines[:_MOST_LINES_BEFORE]):
        if _keyword(line) == "LOCATION":
            delimiter = max(",;\t", key=line.count)
            if line.count(delimiter) >= 9:
                return place, delimiter
            break
    if kind := told_apart(data):
        msg = f"“{name}” is {kind}."
        raise KnownError(msg)
    msg = f"“{name}” is not an EPW weather file (no LOCATION line): choose another file."
    raise KnownError(msg)


def _keyword(line: str) -> str:
    start = line[:60].lstrip(' \t"')
    for delimiter in (";", "\t"):
        start = start.replace(delimiter, ",")
    return start.split(",", 1)[0].strip(' "').upper()


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return [cell.strip() for cell in line.split(delimiter)]


def _stripped(line: str, delimiter: str) -> list[str]:
    """Cells of an hour; most files have no blanks at all, and every one is read while a project opens."""
    cells = line.split(delimiter)
    return cells if line.split() == [line] else [cell.strip() for cell in cells]


def _check_periods(row: list[str], name: str, changes: list[str]) -> None:
    periods, records = ([*row[1:3], "", ""])[:2]
    if records not in ("1", ""):
        msg = f"“{name}” has {records} records in each hour: use a file with one."
        raise KnownError(msg)
    if periods not in ("1", ""):
        msg = f"“{name}” has {periods} periods of data: use a file with one whole year."
        raise KnownError(msg)
    if not (periods and records):
        changes.append("the number of records in each hour was written down")


def _noted(cells: list[str]) -> tuple[str, ...]:
    text = ",".join(cells)
    if NOTE not in text:
        return ()
    return tuple(part.strip() for part in text.split(NOTE, 1)[1].split("|") if part.strip())
