"""Where the sun stands, and the grid of sun directions that rays are traced for.

Directions point towards the sun as (east, north, up).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

MAX_DECLINATION_DEG = 23.47
"""Slightly above the obliquity of the ecliptic, the largest value of Spencer's series."""

_GRID_SPAN_DEG = 240.0
_LOWEST_GRID_SINE = -0.02
_LOWEST_TRACED_SINE = 0.01
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
    """

    direction: FloatArray
    up: NDArray[np.bool_]
    declination_deg: FloatArray
    hour_angle_deg: FloatArray

    @property
    def sine_altitude(self) -> FloatArray:
        """(hours,) float64: sine of the sun's altitude."""
        return self.direction[:, 2]


def day_angle_rad(hours: int) -> FloatArray:
    """Compute 2 pi (day of year - 1) / days in the year of each hour.

    Parameters
    ----------
    hours : int
        8,760 or 8,784.

    Returns
    -------
    ndarray, (hours,) float64 [rad]
    """
    return np.asarray(2 * np.pi * 24 / hours * (np.arange(hours) // 24), np.float64)


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
    return SunPath(direction_towards_sun(latitude_deg, declination, hour_angle), up, declination, hour_angle)


@dataclass(frozen=True, eq=False)
class SunGrid:
    """Sun directions on a regular grid of declination and hour angle.

    It depends on the latitude alone: other weather or another longitude needs no new rays.

    Parameters
    ----------
    declination_deg : ndarray, (nd,) float64 [deg]
    hour_angle_deg : ndarray, (nh,) float64 [deg]
    column : ndarray, (nd, nh) int32
        Number of the direction, -1 where the sun is below the horizon.
    direction : ndarray, (n_suns, 3) float32
        Unit vectors towards the sun; those at or below the horizon are lifted just above it.
    """

    declination_deg: FloatArray
    hour_angle_deg: FloatArray
    column: NDArray[np.int32]
    direction: NDArray[np.float32]


def sun_grid(latitude_deg: float, declinations: int, hour_angles: int) -> SunGrid:
    """Make the grid for a latitude.

    Parameters
    ----------
    latitude_deg : float [deg]
    declinations : int
        Steps between the solstices, both included.
    hour_angles : int
        Steps over 240 degrees; the grid widens at the same step until the longest day fits.

    Returns
    -------
    SunGrid
    """
    step = _GRID_SPAN_DEG / (hour_angles - 1)
    longest = max(
        float(sunset_hour_angle_deg(latitude_deg, np.array(d))) for d in (-MAX_DECLINATION_DEG, MAX_DECLINATION_DEG)
    )
    reach = min(np.ceil(longest / step) * step, 180.0)
    hour_angle = np.linspace(-reach, reach, 2 * int(np.ceil(reach / step)) + 1)
    declination = np.linspace(-MAX_DECLINATION_DEG, MAX_DECLINATION_DEG, declinations)
    grid_declination, grid_hour_angle = np.meshgrid(declination, hour_angle, indexing="ij")
    direction = direction_towards_sun(latitude_deg, grid_declination, grid_hour_angle)
    above = direction[..., 2] > _LOWEST_GRID_SINE
    column = np.where(above, np.cumsum(above).reshape(above.shape) - 1, -1).astype(np.int32)
    chosen = direction[above]
    chosen[:, 2] = np.maximum(chosen[:, 2], _LOWEST_TRACED_SINE)
    chosen /= np.linalg.norm(chosen, axis=1, keepdims=True)
    return SunGrid(declination, hour_angle, column, chosen.astype(np.float32))


def grid_weights(grid: SunGrid, path: SunPath) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Bilinear place of each hour's sun in the grid.

    Parameters
    ----------
    grid : SunGrid
    path : SunPath

    Returns
    -------
    columns : ndarray, (hours, 4) int32
        Directions of the grid around the sun, 0 where unused.
    weights : ndarray, (hours, 4) float32
        They sum to one, or to zero when the sun is down.
    """
    row, row_share = _bracket(grid.declination_deg, path.declination_deg)
    place, place_share = _bracket(grid.hour_angle_deg, path.hour_angle_deg)
    columns = np.stack([grid.column[row + i, place + j] for i in (0, 1) for j in (0, 1)], axis=1)
    shares = [(1 - row_share, row_share), (1 - place_share, place_share)]
    weights = np.stack([shares[0][i] * shares[1][j] for i in (0, 1) for j in (0, 1)], axis=1)
    weights = np.where((columns >= 0) & path.up[:, None], weights, 0.0)
    total = weights.sum(axis=1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return np.maximum(columns, 0).astype(np.int32), weights.astype(np.float32)


def _bracket(axis: FloatArray, value: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    """Lower neighbour on a regular axis and the share of the upper one."""
    position = np.clip((value - axis[0]) / (axis[1] - axis[0]), 0.0, len(axis) - 1.0)
    lower = np.minimum(position.astype(np.int64), len(axis) - 2)
    return lower, position - lower
