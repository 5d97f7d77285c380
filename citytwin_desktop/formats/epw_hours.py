"""The hours of a weather file put into the order of the calendar, whatever way they are counted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.calendar import COMMON_YEAR_HOURS, MONTH_NAMES, month_days
from citytwin_desktop.errors import KnownError

_LEAP_YEAR_HOURS = 8784
FEWEST_COLUMNS = 22
_LEAST_COLUMNS_OF_ENGINES = 29
_RECORDS = {2: "two", 3: "three", 4: "four", 6: "six", 12: "twelve"}

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class HourOrder:
    """How the rows of a file follow each other.

    Parameters
    ----------
    rows : ndarray, (hours,) int64
        Row of the file for each hour of the year.
    changes : tuple of str
        What was done, each as the second half of a sentence.
    """

    rows: IntArray
    changes: tuple[str, ...]


def hour_order(table: list[list[str]], name: str) -> HourOrder:
    """Find the hour of the year of each row.

    Hours may be counted 1-24, 0-23, or with midnight as hour 0 of the day that begins; the year may begin in any
    month. Years may differ from month to month, as they do in typical years, and do not count.

    Parameters
    ----------
    table : list of list of str
        Cells of each row: year, month, day, hour ...
    name : str
        For messages.

    Raises
    ------
    KnownError
        When hours are missing, double or out of order.
    """
    count = len(table)
    if count not in (COMMON_YEAR_HOURS, _LEAP_YEAR_HOURS):
        raise KnownError(_wrong_count(table, name))
    _check_columns(table, name)
    days = month_days(count)
    month, day, hour = (_whole(table, place, name) for place in (1, 2, 3))
    longest = np.array([0, *days])[np.clip(month, 0, 12)]
    stray = (month < 1) | (month > 12) | (day < 1) | (day > longest) | (hour < 0) | (hour > 24)
    if stray.any():
        raise KnownError(_stray(int(np.flatnonzero(stray)[0]), month, day, hour, count, name))
    start = np.cumsum([0, *days])[month - 1]
    place, changes = _places((start + day - 1) * 24, hour, count)
    following = (place[0] + np.arange(count)) % count
    wrong = np.flatnonzero(place != following)
    if len(wrong):
        line = int(wrong[0])
        msg = f"“{name}” has hour {line + 1} out of order ({_expected(int(following[line]), count)}): repair it."
        raise KnownError(msg)
    if place[0]:
        if count == _LEAP_YEAR_HOURS or place[0] % 24:
            msg = f"“{name}” begins in the middle of a year: get a file that begins on 1 January."
            raise KnownError(msg)
        first = f"{int(day[0])} {MONTH_NAMES[int(month[0]) - 1]}"
        changes = (*changes, f"the year that begins on {first} was put in the order of the calendar")
    return HourOrder(np.argsort(place, kind="stable"), changes)


def _places(day_start: IntArray, hour: IntArray, count: int) -> tuple[IntArray, tuple[str, ...]]:
    """Hour of the year of each row, by the way the file counts."""
    if not (hour == 0).any():
        return day_start + hour - 1, ()
    if hour[0] == 0:
        return day_start + hour, ("hours counted 0 to 23 were taken as the hours that begin then",)
    change = ("midnights counted as hour 0 were taken as the end of the last hour",)
    # Midnight belongs to the day that begins, or by its date to the day that ends.
    ended = (day_start + np.where(hour == 0, 24, hour) - 1) % count
    begun = (day_start + hour - 1) % count
    in_order = (np.diff(begun) % count == 1).all()
    return (begun if in_order else ended), change


def _check_columns(table: list[list[str]], name: str) -> None:
    for line, row in enumerate(table, start=1):
        if len(row) < FEWEST_COLUMNS:
            msg = f"“{name}” breaks off in hour {line} ({len(row)} columns): get an undamaged copy of it."
            raise KnownError(msg)


def _whole(table: list[list[str]], place: int, name: str) -> IntArray:
    try:
        numbers = np.array([row[place] for row in table], np.float64)
    except ValueError:
        msg = f"“{name}” has a date or hour that is no number: get an undamaged copy of it."
        raise KnownError(msg) from None
    if not (np.isfinite(numbers) & (numbers == np.round(numbers)) & (np.abs(numbers) < 1e6)).all():
        msg = f"“{name}” has a date or hour that is no whole number: get an undamaged copy of it."
        raise KnownError(msg)
    return numbers.astype(np.int64)


def _wrong_count(table: list[list[str]], name: str) -> str:
    count = len(table)
    for records, word in _RECORDS.items():
        if count in (COMMON_YEAR_HOURS * records, _LEAP_YEAR_HOURS * records):
            return f"“{name}” has {word} records in each hour ({count} rows): use a file with one."
    return f"“{name}” holds {count} hours instead of 8,760: get a complete copy of it."


def _stray(line: int, month: IntArray, day: IntArray, hour: IntArray, count: int, name: str) -> str:
    m, d, h = int(month[line]), int(day[line]), int(hour[line])
    if (m, d) == (2, 29):
        return f"“{name}” has 29 February, yet only {count} hours: one day is missing, get a complete copy of it."
    return f"“{name}” has hour {line + 1} out of order (day {d} of month {m}, hour {h}): repair it."


def _expected(hour: int, count: int) -> str:
    days = np.cumsum([0, *month_days(count)])
    day = hour // 24
    month = int(np.searchsorted(days, day, side="right"))
    return f"not day {day - int(days[month - 1]) + 1} of month {month}, hour {hour % 24 + 1}"


def few_columns(table: list[list[str]]) -> bool:
    """Whether rows are too short for engines, though they hold all that is needed."""
    return any(len(row) < _LEAST_COLUMNS_OF_ENGINES for row in table)
