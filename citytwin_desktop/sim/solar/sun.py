"""Where the sun stands in every hour.

Directions point towards the sun as (east, north, up).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_HALF_HOUR_DEG = 7.5


@dataclass(frozen=True, eq=False)
class SunPath:
    """The sun in the middle of the daylit part of every hour.

    Parameters
    ----------
    direction : ndarray, (hours, 3) float64
        Unit vectors towards the sun.
    up : ndarray, (hours,) bool
        Whether the sun is above the horizon during any part of the hour.
    declination_deg, hour_angle_deg : ndarray, (hours,) float64 [deg]
    daylit_share : ndarray, (hours,) float64
        Share of the hour in which the sun is up.
    """

    direction: FloatArray
    up: NDArray[np.bool_]
    declination_deg: FloatArray
    hour_angle_deg: FloatArray
    daylit_share: FloatArray

    @property
    def sine_altitude(self) -> FloatArray:
        """(hours,) float64: sine of the sun's altitude."""
        return self.direction[:, 2]


def day_angle_rad(hours: int) -> FloatArray:
    """Compute 2 pi (day of year - 1) / days in the year in the middle of each hour, noon being the whole day.

    Parameters
    ----------
    hours : int
        8,760 or 8,784.

    Returns
    -------
    ndarray, (hours,) float64 [rad]
    """
    return np.asarray(2 * np.pi / hours * (np.arange(hours) + 0.5 - 12.0), np.float64)


def declination_rad(angle_rad: FloatArray) -> FloatArray:
    """Declination by the Fourier series of Spencer (1971), Search 2(5) 172.

    Parameters
    ----------
    angle_rad : ndarray, float64 [rad]
        From `day_angle_rad`.

    Returns
    -------
    ndarray, float64 [rad]
    """
    g = angle_rad
    return np.asarray(
        0.006918
        - 0.399912 * np.cos(g)
        + 0.070257 * np.sin(g)
        - 0.006758 * np.cos(2 * g)
        + 0.000907 * np.sin(2 * g)
        - 0.002697 * np.cos(3 * g)
        + 0.00148 * np.sin(3 * g)
    )


def equation_of_time_min(angle_rad: FloatArray) -> FloatArray:
    """Apparent minus mean solar time by Spencer (1971).

    Parameters
    ----------
    angle_rad : ndarray, float64 [rad]

    Returns
    -------
    ndarray, float64 [min]
    """
    g = angle_rad
    series = 0.000075 + 0.001868 * np.cos(g) - 0.032077 * np.sin(g) - 0.014615 * np.cos(2 * g) - 0.04089 * np.sin(2 * g)
    return np.asarray(229.2 * series)


def direction_towards_sun(latitude_deg: float, declination_deg: FloatArray, hour_angle_deg: FloatArray) -> FloatArray:
    """Compute unit vectors (east, north, up) towards the sun.

    Parameters
    ----------
    latitude_deg : float [deg]
    declination_deg, hour_angle_deg : ndarray, (k,) float64 [deg]
        Hour angle 0 at solar noon, positive in the afternoon.

    Returns
    -------
    ndarray, (k, 3) float64
    """
    latitude, declination, hour_angle = (np.radians(x) for x in (latitude_deg, declination_deg, hour_angle_deg))
    east = -np.cos(declination) * np.sin(hour_angle)
    north = np.cos(latitude) * np.sin(declination) - np.sin(latitude) * np.cos(declination) * np.cos(hour_angle)
    up = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(hour_angle)
    return np.stack([east, north, up], axis=-1)


def sunset_hour_angle_deg(latitude_deg: float, declination_deg: FloatArray) -> FloatArray:
    """Hour angle at sunset: 0 in the polar night, 180 in the polar day.

    Parameters
    ----------
    latitude_deg : float [deg]
    declination_deg : ndarray, float64 [deg]

    Returns
    -------
    ndarray, float64 [deg]
    """
    cosine = -np.tan(np.radians(latitude_deg)) * np.tan(np.radians(declination_deg))
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def sun_path(latitude_deg: float, longitude_deg: float, time_zone_h: float, hours: int) -> SunPath:
    """Follow the sun through a year; hour k runs from k:00 to k + 1:00 local standard time.

    The middle of the daylit part of the hour counts, so that the hours of sunrise and sunset keep their beam.

    Parameters
    ----------
    latitude_deg, longitude_deg : float [deg]
    time_zone_h : float [h]
    hours : int
        8,760 or 8,784.

    Returns
    -------
    SunPath
    """
    hour = np.arange(hours)
    day_angle = day_angle_rad(hours)
    clock = hour % 24 + 0.5
    solar_time = clock + 4 / 60 * (longitude_deg - 15 * time_zone_h) + equation_of_time_min(day_angle) / 60
    middle = (15 * (solar_time - 12) + 180) % 360 - 180
    declination = np.degrees(declination_rad(day_angle))
    sunset = sunset_hour_angle_deg(latitude_deg, declination)
    begin, end = np.maximum(middle - _HALF_HOUR_DEG, -sunset), np.minimum(middle + _HALF_HOUR_DEG, sunset)
    up = end > begin
    hour_angle = np.where(up, (begin + end) / 2, middle)
    direction = direction_towards_sun(latitude_deg, declination, hour_angle)
    return SunPath(direction, up, declination, hour_angle, np.maximum(end - begin, 0.0) / (2 * _HALF_HOUR_DEG))
