"""A table as it was read: a header, rows of texts, and how its numbers and dates are to be understood."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.report import ImportReport

MOST_COLUMNS = 2_000
MOST_ROWS = 5_000_000
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[,.'’\u00a0\u202f ]\d{3})+(?:[.,]\d*)?", re.ASCII)
_DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\b"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b"), (3, 2, 1)),
    (re.compile(r"(\d{4})(\d{2})(\d{2})$"), (1, 2, 3)),
)
_NOTHING = frozenset(
    {"", "na", "n/a", "nan", "null", "none", "-", "--", "#n/a", "no data!", "not recorded", "invalid!"}
)


@dataclass(frozen=True)
class JoinedTable:
    """A table of texts.

    Parameters
    ----------
    name : str
        File name, with the sheet's where there is one.
    header : tuple of str
        Unique; a name that occurs again has its number behind it, as in ``COST (2)``.
    rows : sequence of sequences of str
        As many cells as the header has names; empty for nothing.
    first_line : int
        Line of the file that the first row stands on, for messages.
    decimal : str
        ``.`` or ``,``.
    """

    name: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    first_line: int = 2
    decimal: str = "."

    def place(self, column: str) -> int:
        """Place of a column, whatever its case.

        Raises
        ------
        KnownError
            When there is none of this name.
        """
        wanted = column.strip().lower()
        for place, name in enumerate(self.header):
            if name.lower() == wanted:
                return place
        shown = ", ".join(self.header[:12]) + (" …" if len(self.header) > 12 else "")
        msg = f"“{self.name}” has no column “{column[:60]}”: choose one of {shown}."
        raise KnownError(msg)

    def has(self, column: str) -> bool:
        """Whether there is a column of this name, whatever its case."""
        wanted = column.strip().lower()
        return any(name.lower() == wanted for name in self.header)

    def column(self, name: str) -> list[str]:
        """Cells of a column."""
        place = self.place(name)
        return [row[place] for row in self.rows]


def unique_header(cells: Sequence[str], name: str, report: ImportReport) -> tuple[str, ...]:
    """Names of columns, told apart where they repeat.

    Parameters
    ----------
    cells : sequence of str
    name : str
        Of the table, for messages.
    report : ImportReport
        Told of names that repeat or are missing.

    Raises
    ------
    KnownError
        When there are far too many, or only one.
    """
    if len(cells) > MOST_COLUMNS:
        msg = f"“{name}” has {len(cells):,} columns, no table of buildings has: choose another file."
        raise KnownError(msg)
    names: list[str] = []
    seen: dict[str, int] = {}
    for place, cell in enumerate(cells, start=1):
        plain = " ".join(cell.split())[:200] or f"column {place}"
        key = plain.lower()
        seen[key] = seen.get(key, 0) + 1
        unique = plain if seen[key] == 1 else f"{plain} ({seen[key]})"
        while unique.lower() in seen and seen[key] > 1:
            seen[key] += 1
            unique = f"{plain} ({seen[key]})"
        seen.setdefault(unique.lower(), 1)
        names.append(unique)
    if repeated := sorted(
        {plain for plain in names if plain.endswith(")") and seen.get(plain[: plain.rfind(" (")].lower(), 0) > 1}
    ):
        shown = ", ".join(repeated[:5])
        report.add(name, "column_repeated", f"Columns whose names repeat were numbered: {shown}.")
    if len(names) < 2 or not any(cell.strip() for cell in cells):
        msg = f"“{name}” has no two columns with a header: choose a table with a header line."
        raise KnownError(msg)
    return tuple(names)


def is_nothing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return cell.strip().lower() in _NOTHING


def cell_number(cell: str, decimal: str = ".") -> float | None:
    """Number in a cell, None where there is none.

    Parameters
    ----------
    cell : str
        Such as ``1234.5``, ``1'234.5``, ``1.234,5`` (with a decimal comma) or ``12 345``.
    decimal : str
    """
    text = cell.strip()
    if _GROUPED.fullmatch(text):
        other = "," if decimal == "." else "."
        text = re.sub(rf"['’\u00a0\u202f {re.escape(other)}]", "", text)
    if decimal == ",":
        text = text.replace(",", ".") if "." not in text else text
    if len(text) > 40 or not _NUMBER.fullmatch(text):
        return None
    return float(text)


def cell_year(cell: str, decimal: str = ".") -> float | None:
    """Year in a cell: a number, or the year of a date such as ``31/12/1998`` or ``1998-12-31``."""
    for pattern, (year, _, _) in _DATES:
        if match := pattern.match(cell.strip()):
            return float(match.group(year))
    return cell_number(cell, decimal)


def cell_date(cell: str) -> tuple[int, int, int]:
    """Year, month and day of a date with the day before the month, zeros for none; to be put in order."""
    for pattern, (year, month, day) in _DATES:
        if match := pattern.match(cell.strip()):
            return int(match.group(year)), int(match.group(month)), int(match.group(day))
    return 0, 0, 0
