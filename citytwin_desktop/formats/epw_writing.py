"""A weather file written as engines want it: eight headers in order, hours 1 to 24, every cell a number."""

import math
from collections.abc import Mapping

from citytwin_desktop.formats.epw_lines import HEADERS, NOTE, EpwLines
from citytwin_desktop.formats.epw_values import FIELDS, EpwValues

_COLUMNS = 35
_FIRST_NUMBER = 6
_FIRST_UNUSED, _FIRST_IGNORED = 10, 29
"""Between these are the columns that we do not need and engines read."""
# Codes for missing values, after the EnergyPlus Auxiliary Programs reference, chapter 2, by column.
_MISSING = {
    10: "9999", 11: "9999", 12: "9999", 16: "999999", 17: "999999", 18: "999999", 19: "9999", 20: "999", 22: "99",
    23: "99", 24: "9999", 25: "99999", 26: "9", 27: "999999999", 28: "999", 29: ".999", 30: "999", 31: "99", 32: "999",
    33: "999", 34: "99",
}  # fmt: skip
_DEFAULTS: Mapping[str, list[str]] = {
    "DESIGN CONDITIONS": ["0"],
    "TYPICAL/EXTREME PERIODS": ["0"],
    "GROUND TEMPERATURES": ["0"],
    "HOLIDAYS/DAYLIGHT SAVINGS": ["No", "0", "0", "0"],
}
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_FLAGS = "?9?9?9?9E0?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9*9*9?9?9?9"


def unfit_cells(table: list[list[str]]) -> int:
    """Cells of columns that we do not need, yet engines read, which hold no number."""
    count = 0
    for row in table:
        cells = row[_FIRST_UNUSED:_FIRST_IGNORED]
        if not _all_numbers(cells):
            count += sum(not _is_number(cell) for column, cell in enumerate(cells, _FIRST_UNUSED) if column in _MISSING)
    return count


def written_epw(lines: EpwLines, rows: list[list[str]], clean: EpwValues, changes: tuple[str, ...]) -> bytes:
    """Bytes of the file anew.

    Parameters
    ----------
    lines : EpwLines
    rows : list of list of str
        In the order of the calendar.
    clean : EpwValues
    changes : tuple of str
        What was done to the file, written into its second comment.
    """
    head = [_header(keyword, lines.headers.get(keyword, []), changes) for keyword in HEADERS]
    numbers = {field.column: clean.values[field.name] for field in FIELDS}
    replaced = {field.column: clean.changed[field.name].tolist() for field in FIELDS if field.name in clean.changed}
    decimals = {field.column: field.decimals for field in FIELDS}
    body = []
    for hour, row in enumerate(rows):
        year = row[0] if row[0].isdigit() else "2001"
        cells = [year, str(int(float(row[1]))), str(int(float(row[2]))), str(hour % 24 + 1), "60", _flags(row[5])]
        given = row[_FIRST_NUMBER:_COLUMNS]
        if len(given) < _COLUMNS - _FIRST_NUMBER or not _all_numbers(given):
            given += [""] * (_COLUMNS - _FIRST_NUMBER - len(given))
            given = [
                cell if column in numbers or _is_number(cell) else _MISSING[column]
                for column, cell in enumerate(given, _FIRST_NUMBER)
            ]
        for column, mask in replaced.items():
            if mask[hour]:
                given[column - _FIRST_NUMBER] = f"{numbers[column][hour]:.{decimals[column]}f}"
        body.append(",".join([*cells, *given]))
    return ("\n".join([*head, *body]) + "\n").encode("utf-8")


def _header(keyword: str, cells: list[str], changes: tuple[str, ...]) -> str:
    given = [cell.replace(",", " ").replace('"', "'") for cell in cells[1:]]
    if keyword == "COMMENTS 2":
        comment = ",".join(given).split(NOTE, 1)[0].strip(" |,")
        note = NOTE + " | ".join(change.replace(",", ";") for change in changes)
        return f"{keyword},{comment} | {note}" if comment else f"{keyword},{note}"
    if keyword == "DATA PERIODS":
        day = next((cell.title() for cell in given if cell.title() in _DAYS), _DAYS[0])
        return f"{keyword},1,1,Data,{day}, 1/ 1,12/31"
    if keyword in _DEFAULTS and not any(given):
        given = list(_DEFAULTS[keyword])
    return ",".join([keyword, *given])


def _flags(cell: str) -> str:
    return cell if cell and '"' not in cell else _FLAGS


def _all_numbers(cells: list[str]) -> bool:
    try:
        return math.isfinite(sum(map(float, cells)))
    except ValueError:
        return False


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
