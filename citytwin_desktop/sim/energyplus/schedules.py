"""Hourly profiles of presence, light, appliances and heating by function of a building.

Presence and appliances of dwellings, offices, schools and shops: the standard usage profiles of
EN 16798-1:2019 Annex C (informative; also ISO 17772-1:2017 Annex C): apartment, landscaped office, classroom,
department store. Where that annex gives one profile for presence, appliances and light it serves for all three.

Ours, and to be read as assumptions: healthcare, hotel, industrial and other; appliances of empty
offices, schools and shops at a tenth (stand-by; the annex has none); the hours of heating.

Light of dwellings keeps the shape of the annex, scaled to a mean of 0.24, because the installed
power of the catalogue was derived with that mean from measured annual use.
"""

from dataclasses import dataclass

Profile = tuple[float, ...]


@dataclass(frozen=True)
class DayProfiles:
    """One kind of day: 24 fractions each, hour 0 first.

    Parameters
    ----------
    people, lighting, equipment : tuple of 24 float
        Share of the greatest number of people and of the installed power.
    heated : tuple of 24 bool
        Whether the room is kept at its set-point rather than at the set-back.
    """

    people: Profile
    lighting: Profile
    equipment: Profile
    heated: tuple[bool, ...]


@dataclass(frozen=True)
class UsageProfiles:
    """Weekdays and weekends of one function."""

    weekday: DayProfiles
    weekend: DayProfiles


def _hours(*spans: tuple[int, float]) -> Profile:
    """Profile from (until hour, fraction) spans."""
    values: list[float] = []
    for until, fraction in spans:
        values.extend([fraction] * (until - len(values)))
    return tuple(values)


def _heated(start: int, end: int) -> tuple[bool, ...]:
    return tuple(start <= hour < end for hour in range(24))


def _standby(profile: Profile) -> Profile:
    return tuple(max(value, _STANDBY) for value in profile)


_STANDBY = 0.1
_EMPTY = (0.0,) * 24
_IDLE = (_STANDBY,) * 24
_NEVER = (False,) * 24

_HOME_LIGHT = tuple(2.4 * value for value in _hours((6, 0.0), (10, 0.15), (16, 0.05), (22, 0.2), (24, 0.15)))
_HOME_EQUIPMENT = _hours((7, 0.5), (9, 0.7), (11, 0.5), (15, 0.6), (17, 0.5), (19, 0.7), (22, 0.8), (24, 0.6))
_HOME_WEEKDAY = _hours((6, 1.0), (9, 0.5), (12, 0.1), (16, 0.2), (19, 0.5), (22, 0.8), (24, 1.0))
_HOME_WEEKEND = _hours((6, 1.0), (22, 0.8), (24, 1.0))
_OFFICE = (0.0,) * 7 + (0.2, 0.6, 0.6, 0.7, 0.7, 0.4, 0.6, 0.7, 0.7, 0.6, 0.2) + (0.0,) * 6
_SCHOOL = (0.0,) * 8 + (0.6, 0.7, 0.6, 0.4, 0.3, 0.7, 0.6, 0.4, 0.2) + (0.0,) * 7
_SHOP_WEEKDAY = (0.0,) * 8 + (0.1, 0.3, 0.3, 0.7, 0.6, 0.5, 0.6, 0.6, 0.9, 0.9, 1.0, 0.9, 0.7) + (0.0,) * 3
_SHOP_WEEKEND = (0.0,) * 8 + (0.1, 0.3, 0.6, 0.9, 1.0, 0.9, 0.7, 0.5, 0.3, 0.3, 0.45, 0.45, 0.45) + (0.0,) * 3
_SHOP_OPEN = _hours((8, 0.0), (21, 1.0), (24, 0.0))
_WARD = _hours((7, 0.6), (19, 0.9), (24, 0.6))
_WARD_LIGHT = _hours((6, 0.2), (8, 0.6), (20, 0.8), (22, 0.6), (24, 0.2))
_HOTEL_LIGHT = _hours((6, 0.1), (9, 0.4), (17, 0.2), (23, 0.5), (24, 0.2))
_SHIFT = _hours((7, 0.0), (12, 1.0), (13, 0.5), (17, 1.0), (24, 0.0))

_HOME_HEATED = _heated(6, 23)
_ALWAYS = (True,) * 24
_RESIDENTIAL = UsageProfiles(
    DayProfiles(_HOME_WEEKDAY, _HOME_LIGHT, _HOME_EQUIPMENT, _HOME_HEATED),
    DayProfiles(_HOME_WEEKEND, _HOME_LIGHT, _HOME_EQUIPMENT, _HOME_HEATED),
)
_OFFICE_USE = UsageProfiles(
    DayProfiles(_OFFICE, _OFFICE, _standby(_OFFICE), _heated(5, 19)),
    DayProfiles(_EMPTY, _EMPTY, _IDLE, _NEVER),
)

USAGE: dict[str, UsageProfiles] = {
    "residential": _RESIDENTIAL,
    "office": _OFFICE_USE,
    "retail": UsageProfiles(
        DayProfiles(_SHOP_WEEKDAY, _SHOP_OPEN, _standby(_SHOP_OPEN), _heated(6, 21)),
        DayProfiles(_SHOP_WEEKEND, _SHOP_OPEN, _standby(_SHOP_OPEN), _heated(6, 21)),
    ),
    "education": UsageProfiles(
        DayProfiles(_SCHOOL, _SCHOOL, _standby(_SCHOOL), _heated(6, 18)),
        DayProfiles(_EMPTY, _EMPTY, _IDLE, _NEVER),
    ),
    "healthcare": UsageProfiles(
        DayProfiles(_WARD, _WARD_LIGHT, _WARD, _ALWAYS),
        DayProfiles(_WARD, _WARD_LIGHT, _WARD, _ALWAYS),
    ),
    "hotel": UsageProfiles(
        DayProfiles(_HOME_WEEKDAY, _HOTEL_LIGHT, _HOTEL_LIGHT, _ALWAYS),
        DayProfiles(_HOME_WEEKEND, _HOTEL_LIGHT, _HOTEL_LIGHT, _ALWAYS),
    ),
    "industrial": UsageProfiles(
        DayProfiles(_SHIFT, _SHIFT, _standby(_SHIFT), _heated(5, 18)),
        DayProfiles(_EMPTY, _EMPTY, _IDLE, _NEVER),
    ),
    "other": _OFFICE_USE,
}
"""By function code of the catalogue."""


def usage_profiles(function: str) -> UsageProfiles:
    """Profiles of a function; those of ``other`` for a code that has none of its own."""
    return USAGE.get(function, USAGE["other"])
