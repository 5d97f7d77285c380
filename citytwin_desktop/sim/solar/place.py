"""Where the sun is looked at from."""

from dataclasses import dataclass

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError

_POLES_DEG = 90.0
_LATITUDE_STEP_DEG = 0.1
_MINUTES_PER_HOUR = 60


@dataclass(frozen=True)
class Site:
    """Latitude and solar time, which fix the way of the sun.

    Parameters
    ----------
    latitude_deg : float [deg]
        North positive.
    solar_offset_h : float [h]
        Mean solar time minus clock time: longitude / 15 minus time zone.

    Raises
    ------
    KnownError
        When there is no such place.
    """

    latitude_deg: float
    solar_offset_h: float = 0.0

    def __post_init__(self) -> None:
        if not -_POLES_DEG <= self.latitude_deg <= _POLES_DEG:
            raise KnownError(f"Latitude {self.latitude_deg:g}° does not exist; give one between -90 and 90.")


def solar_offset_h(weather: Weather) -> float:
    """Mean solar time minus clock time of a weather file [h]."""
    return weather.longitude_deg / 15.0 - weather.time_zone_h


def site_of(weather: Weather) -> Site:
    """Site that shadows are traced for, to a tenth of a degree and a minute of time.

    That is a fifth of the sun's own width, and lets weather files of one place, whose coordinates differ a little,
    share what was traced. Angles of incidence are always those of the weather file itself.

    Parameters
    ----------
    weather : Weather

    Returns
    -------
    Site
    """
    latitude = round(weather.latitude_deg / _LATITUDE_STEP_DEG) * _LATITUDE_STEP_DEG
    minutes = round(solar_offset_h(weather) * _MINUTES_PER_HOUR)
    return Site(round(min(max(latitude, -_POLES_DEG), _POLES_DEG), 1), minutes / _MINUTES_PER_HOUR)
