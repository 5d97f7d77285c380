"""The sun directions that rays are traced for: every hour of some days, and the place of an hour between them.

At the same hour of the clock the sun moves along a narrow loop through the year, at most 0.4 degrees a day. So the
hours of a few days, spread evenly along the loop, stand for all the others.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.settings import SolarSettings
from citytwin_desktop.sim.solar.sun import SunPath, declination_rad, equation_of_time_min, sun_path

FloatArray = NDArray[np.float64]

DAYS = 365
_LOWEST_TRACED_SINE = 0.01
_MINUTES_PER_DEGREE = 4.0
_NO_WEIGHT = 1e-5


@dataclass(frozen=True, eq=False)
class SunNodes:
    """Suns of all hours of some days.

    They depend on latitude and on the difference between solar and clock time alone, not on the weather.

    Parameters
    ----------
    day : ndarray, (k,) int32
        Days of a year of 365, ascending.
    column : ndarray, (k, 24) int32
        Number of the direction, -1 where the sun is down during the whole hour.
    direction : ndarray, (n_suns, 3) float32
        Unit vectors towards the sun; those at the horizon are lifted just above it.
    """

    day: NDArray[np.int32]
    column: NDArray[np.int32]
    direction: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SunPlan:
    """Which suns a run follows.

    Parameters
    ----------
    nodes : SunNodes
        All that visibility is known for.
    base : ndarray, (b,) int32
        Places in ``nodes.day`` of the days that are traced whole.
    reflected : SunNodes
        Days that reflected sunlight is solved for.
    reflected_column : ndarray, (n_reflected,) int32
        The same suns among those of ``nodes``.
    """

    nodes: SunNodes
    base: NDArray[np.int32]
    reflected: SunNodes
    reflected_column: NDArray[np.int32]


def sun_plan(latitude_deg: float, solar_offset_h: float, settings: SolarSettings) -> SunPlan:
    """Choose the suns of a run.

    Parameters
    ----------
    latitude_deg : float [deg]
    solar_offset_h : float [h]
        Mean solar time minus clock time.
    settings : SolarSettings

    Returns
    -------
    SunPlan
    """
    day = spread_days(np.arange(DAYS), settings.sun_days)
    base_day = spread_days(day, settings.base_days)
    reflected_day = spread_days(base_day, settings.reflected_days)
    nodes = sun_nodes(latitude_deg, solar_offset_h, tuple(day.tolist()))
    reflected = sun_nodes(latitude_deg, solar_offset_h, tuple(reflected_day.tolist()))
    among = nodes.column[np.searchsorted(day, reflected_day)]
    base = np.searchsorted(day, base_day).astype(np.int32)
    return SunPlan(nodes, base, reflected, among[reflected.column >= 0])


@lru_cache(maxsize=8)
def sun_nodes(latitude_deg: float, solar_offset_h: float, days: tuple[int, ...]) -> SunNodes:
    """Make the suns of some days; remembered.

    Parameters
    ----------
    latitude_deg : float [deg]
    solar_offset_h : float [h]
        Mean solar time minus clock time.
    days : tuple of int
        0 to 364, ascending.

    Returns
    -------
    SunNodes
    """
    path = sun_path(latitude_deg, 15.0 * solar_offset_h, 0.0, 24 * DAYS)
    day = np.array(days, np.int32)
    hour = (24 * day[:, None] + np.arange(24)).ravel()
    up = path.up[hour]
    column = np.where(up, np.cumsum(up) - 1, -1).astype(np.int32).reshape(-1, 24)
    direction = path.direction[hour[up]].copy()
    direction[:, 2] = np.maximum(direction[:, 2], _LOWEST_TRACED_SINE)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    return SunNodes(day, column, direction.astype(np.float32))


def spread_days(candidates: NDArray[np.int64] | NDArray[np.int32], count: int) -> NDArray[np.int32]:
    """Choose days that lie about evenly along the path of the sun through the year, the solstices among them.

    At the solstices the path turns back; without a day there, the days around would cut its tip off.

    Parameters
    ----------
    candidates : ndarray, (k,) int
        Days 0 to 364, ascending.
    count : int
        As many as wanted; fewer when there are no more.

    Returns
    -------
    ndarray, (at most count,) int32
        Ascending.
    """
    if count >= len(candidates):
        return candidates.astype(np.int32)
    place = _place_on_the_loop()
    length = place[-1]
    declination = declination_rad(2 * np.pi * np.arange(DAYS) / DAYS)
    lowest, highest = place[declination.argmin()], place[declination.argmax()]
    rise, fall = (highest - lowest) % length, (lowest - highest) % length
    rising = round(count * rise / length)
    wanted = np.append(
        lowest + rise * np.arange(rising) / rising, highest + fall * np.arange(count - rising) / (count - rising)
    )
    apart = np.abs(place[candidates][None, :] - wanted[:, None] % length)
    nearest = np.minimum(apart, length - apart).argmin(axis=1)
    return np.unique(candidates[nearest]).astype(np.int32)


def node_weights(nodes: SunNodes, path: SunPath) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Place of each hour's sun between the same hours of the days around it.

    Parameters
    ----------
    nodes : SunNodes
    path : SunPath
        Of a whole year.

    Returns
    -------
    columns : ndarray, (hours, 2) int32
        Suns of the earlier and the later day, 0 where unused.
    weights : ndarray, (hours, 2) float32
        They sum to one, or to zero when the sun is down.
    """
    hours = len(path.up)
    hour = np.arange(hours)
    loop = _place_on_the_loop()
    place = np.interp(hour // 24 * (24 * DAYS / hours), np.arange(DAYS + 1), loop)
    known = loop[nodes.day]
    later = np.searchsorted(known, place + 1e-9, side="right")
    around = np.stack([later - 1, later], axis=1) % len(known)
    gap = (known[around[:, 1]] - known[around[:, 0]]) % loop[-1]
    share = np.divide((place - known[around[:, 0]]) % loop[-1], gap, out=np.zeros(hours), where=gap > 0.0)
    columns = nodes.column[around, (hour % 24)[:, None]]
    weights = np.stack([1.0 - share, share], axis=1)
    # Where only one of the two days has the sun up, that one counts, however far it is.
    weights = np.where(columns >= 0, weights + 1e-6, 0.0) * path.up[:, None]
    lost = np.flatnonzero(path.up & (weights.sum(axis=1) == 0.0))
    if len(lost) and len(nodes.direction):
        columns[lost, 0] = (path.direction[lost] @ nodes.direction.T).argmax(axis=1)
        weights[lost, 0] = 1.0
    total = weights.sum(axis=1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0.0)
    # What was added above must not count where both days have the sun up.
    weights[weights < _NO_WEIGHT] = 0.0
    return np.maximum(columns, 0).astype(np.int32), weights.astype(np.float32)


@lru_cache(maxsize=1)
def _place_on_the_loop() -> FloatArray:
    """(366,) float64 [deg]: length of the sun's way at one hour of the clock, from the first of January."""
    angle = 2 * np.pi * np.arange(DAYS + 1) / DAYS
    declination, hour_angle = declination_rad(angle), equation_of_time_min(angle) / _MINUTES_PER_DEGREE
    up = np.degrees(np.diff(declination))
    along = np.diff(hour_angle) * np.cos(declination[:-1])
    return np.concatenate([[0.0], np.cumsum(np.hypot(up, along))])
