"""Times of a year as people write them, and which of them a variable has."""

import re
from dataclasses import dataclass

from citytwin_desktop.city.calendar import COMMON_YEAR_HOURS, hour_label, hour_of, month_days
from citytwin_desktop.document.variables import HOURLY_SOLAR
from citytwin_desktop.errors import KnownError

_MOMENT = re.compile(r"(\d{2})-(\d{2})T(\d{2})(?::\d{2})?")
_DAY = re.compile(r"(\d{2})-(\d{2})")
_TIMES = "an hour of the year (0–{}), MM-DDTHH, a day MM-DD, a month as 01 to 12, or a span MM-DDTHH..MM-DDTHH"


@dataclass(frozen=True)
class Moment:
    """What of the year a text means; all empty for the year.

    Parameters
    ----------
    hour : int, optional
        Hour of the year; of a day, its first.
    month : int, optional
        0 to 11.
    hours : tuple of int, optional
        First hour of a span, and the one after its last.
    whole_day : bool
        Whether the day of the hour is meant.
    """

    hour: int | None = None
    month: int | None = None
    hours: tuple[int, int] | None = None
    whole_day: bool = False

    def words(self, year_hours: int) -> str:
        """The time for people; empty for the year."""
        if self.hours is not None:
            closing = hour_label(self.hours[1] - 1, year_hours).rpartition(" ")[0]
            return f"{hour_label(self.hours[0], year_hours)} – {closing} {(self.hours[1] - 1) % 24 + 1:02d}:00"
        if self.hour is not None:
            label = hour_label(self.hour, year_hours)
            return label.rpartition(" ")[0] if self.whole_day else label
        return f"month {self.month + 1}" if self.month is not None else ""


def moment_of(variable: str, time: str | None, shown_hour: int, year_hours: int) -> Moment:
    """When a variable is asked for, with what it takes by default.

    Parameters
    ----------
    variable : str
    time : str, optional
        As `parse_time` takes it.
    shown_hour : int
        Hour that views show, for variables of an hour.
    year_hours : int

    Raises
    ------
    KnownError
        When the variable has no such times.
    """
    moment = parse_time(time, year_hours) if time is not None else Moment()
    if variable == "solar_irradiation":
        if moment.hour is not None and not moment.whole_day:
            msg = "solar_irradiation is of a day, a month, a span or the year: use solar_irradiance for an hour."
            raise KnownError(msg)
        return Moment(hours=(moment.hour, moment.hour + 24)) if moment.hour is not None else moment
    if variable in HOURLY_SOLAR or variable == "direct_sunlight":
        of_day = variable == "direct_sunlight"
        if moment.month is not None or moment.hours is not None or (moment.whole_day and not of_day):
            raise _no_such_time(variable, "a day" if of_day else "an hour")
        return Moment(shown_hour if moment.hour is None else moment.hour, whole_day=of_day)
    if variable == "sky_view_factor" and moment != Moment():
        raise _no_such_time(variable, "the year")
    if moment.hour is not None or moment.hours is not None:
        raise _no_such_time(variable, "a month or the year")
    return moment


def _no_such_time(variable: str, times: str) -> KnownError:
    return KnownError(f"{variable} is of {times}: give another --time, or none.")


def parse_time(text: str, year_hours: int = COMMON_YEAR_HOURS) -> Moment:
    """What of a year of so many hours a text means: an hour, a day, a month, or a span of hours.

    Raises
    ------
    KnownError
        When it means none of them.
    """
    first, dots, last = text.partition("..")
    if dots:
        span = _hour(first, year_hours), _hour(last, year_hours, end=True)
        if span[0] is not None and span[1] is not None and span[0] < span[1]:
            return Moment(hours=(span[0], span[1]))
    elif (hour := _hour(text, year_hours)) is not None:
        return Moment(hour)
    elif (match := _DAY.fullmatch(text)) is not None and _is_day(int(match[1]), int(match[2]), year_hours):
        return Moment(hour_of(int(match[1]), int(match[2]), 0, year_hours), whole_day=True)
    elif re.fullmatch(r"0[1-9]|1[0-2]", text):
        return Moment(month=int(text) - 1)
    elif text.isascii() and text.isdigit() and int(text) < year_hours:
        return Moment(int(text))
    msg = f"“{text}” is no time: give {_TIMES.format(year_hours - 1)}."
    raise KnownError(msg)


def _hour(text: str, year_hours: int, *, end: bool = False) -> int | None:
    """Hour of the year; at the end of a span, 24 ends a day."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    month, day, hour = (int(part) for part in match.groups())
    return hour_of(month, day, hour, year_hours) if _is_day(month, day, year_hours) and hour < 24 + end else None


def _is_day(month: int, day: int, year_hours: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= month_days(year_hours)[month - 1]
