"""Hourly profiles by function of a building: presence, light, appliances, heating, hot water, ventilation."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from citytwin_desktop.catalog.tables import table
from citytwin_desktop.errors import BugError, KnownError

Profile = tuple[float, ...]

QUANTITIES = ("people", "lighting", "equipment", "heated", "hot_water", "ventilated")
"""What there is a profile for, as fields of `DayProfiles`."""

_TABLE = "usage_profiles.csv"
_DAYS_OF_YEAR = np.arange(365)
# The year begins on a Monday, as the run period of our EnergyPlus models.
_WEEKEND = _DAYS_OF_YEAR % 7 >= 5


@dataclass(frozen=True)
class DayProfiles:
    """One kind of day: 24 values each, hour 0 first.

    Parameters
    ----------
    people, lighting, equipment : tuple of 24 float
        Share of the greatest number of people and of the installed power.
    heated : tuple of 24 bool
        Whether the room is kept at its set-point rather than at the set-back.
    hot_water : tuple of 24 float
        Share of a mean day's draw; the 365 days of our year together sum to 365.
    ventilated : tuple of 24 float
        Share of the outdoor air of fully used rooms.
    """

    people: Profile
    lighting: Profile
    equipment: Profile
    heated: tuple[bool, ...]
    hot_water: Profile
    ventilated: Profile


@dataclass(frozen=True)
class UsageProfiles:
    """Weekdays and weekends of one function."""

    weekday: DayProfiles
    weekend: DayProfiles


@cache
def usage_profiles(function: str) -> UsageProfiles:
    """Profiles of a function; those of ``other`` for a code that has none of its own."""
    rows = [row for row in table(_TABLE) if row["function"] == function]
    if not rows:
        return usage_profiles("other")
    week = {(row["day"], row["quantity"]): tuple(float(row[f"h{hour:02d}"]) for hour in range(24)) for row in rows}
    drawn = {day: np.array(week[day, "hot_water"]) for day in ("weekday", "weekend")}
    mean_day = (drawn["weekday"].sum() * (~_WEEKEND).sum() + drawn["weekend"].sum() * _WEEKEND.sum()) / _WEEKEND.size
    for day, shares in drawn.items():
        week[day, "hot_water"] = tuple((shares / mean_day).tolist())
    return UsageProfiles(_day(week, "weekday"), _day(week, "weekend"))


def profile_source(function: str, quantity: str) -> str:
    """Where a profile comes from, with year and licence.

    Raises
    ------
    KnownError
        When there is no such quantity.
    """
    _check(quantity)
    for code in (function, "other"):
        for row in table(_TABLE):
            if row["function"] == code and row["quantity"] == quantity:
                return f"{row['source']} ({row['source_year']}, {row['licence']})"
    msg = f"the table of usage profiles has no {quantity} for “{function}”"
    raise BugError(msg)


@cache
def profile_year(function: str, quantity: str) -> npt.NDArray[np.float64]:
    """Profile of a function over our year, which begins on a Monday and has no holidays.

    Parameters
    ----------
    function : str
        A function without profiles of its own has those of ``other``.
    quantity : str
        One of `QUANTITIES`.

    Returns
    -------
    (8760,) float64
        As the field of `DayProfiles`, dimensionless; ``heated`` as 0 and 1. Read-only.

    Raises
    ------
    KnownError
        When there is no such quantity.
    """
    _check(quantity)
    profiles = usage_profiles(function)
    days = np.array([getattr(profiles.weekday, quantity), getattr(profiles.weekend, quantity)], np.float64)
    year = days[_WEEKEND.astype(np.int64)].reshape(-1)
    year.setflags(write=False)
    return year


def _check(quantity: str) -> None:
    if quantity not in QUANTITIES:
        msg = f"There is no usage profile “{quantity}”: choose one of {', '.join(QUANTITIES)}."
        raise KnownError(msg)


def _day(week: dict[tuple[str, str], Profile], day: str) -> DayProfiles:
    return DayProfiles(
        people=week[day, "people"],
        lighting=week[day, "lighting"],
        equipment=week[day, "equipment"],
        heated=tuple(value > 0 for value in week[day, "heated"]),
        hot_water=week[day, "hot_water"],
        ventilated=week[day, "ventilated"],
    )
