"""Hours in which occupied rooms are too warm: by the adaptive limit of EN 16798-1 and by a fixed one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import BugError

Floats = NDArray[np.float64]

_ALPHA = 0.8
"""Weight of the days before in the running mean, EN 16798-1:2019 Annex B.2.2."""
_SLOPE, _NEUTRAL_C, _CATEGORY_II_K = 0.33, 18.8, 3.0
_LOWEST_C, _HIGHEST_C = 10.0, 30.0
"""Upper limit of category II and where it holds, EN 16798-1:2019 Figure B.1 and Table B.2."""
FIXED_LIMIT_C = 26.0
"""CIBSE TM59:2017 clause 4.2 (bedrooms at night) and 4.3 (rooms that rely on fans)."""
_NIGHT_FROM, _NIGHT_UNTIL = 22, 7


@dataclass(frozen=True)
class Overheating:
    """Hours of a year in which a room was too warm.

    Parameters
    ----------
    adaptive_h : float [h]
        Occupied and above the upper adaptive limit of category II, EN 16798-1:2019.
    fixed_h : float [h]
        Occupied and above 26 °C, as CIBSE TM59 judges rooms that rely on fans (at most 3 % of occupied hours).
    night_h : float [h]
        Above 26 °C between 22 and 7 o'clock, as CIBSE TM59 judges bedrooms (at most 32 h).
    """

    adaptive_h: float
    fixed_h: float
    night_h: float


def running_mean_c(outdoor_c: NDArray[np.floating]) -> Floats:
    """Exponentially weighted running mean of the days before [°C].

    Parameters
    ----------
    outdoor_c : ndarray, (hours,) [°C]
        A whole year; it is taken to repeat, so that the first days have a past.

    Returns
    -------
    ndarray, (days,) float64 [°C]
        EN 16798-1:2019 equation B.1.
    """
    days = _days(outdoor_c).mean(axis=1)
    mean = float(days[-7:].mean())
    found = np.empty(len(days))
    for day in range(len(days)):
        mean = (1.0 - _ALPHA) * float(days[day - 1]) + _ALPHA * mean
        found[day] = mean
    return found


def adaptive_limit_c(outdoor_c: NDArray[np.floating]) -> Floats:
    """Upper adaptive limit of category II in each hour [°C]; outside 10 to 30 °C that of the nearest end."""
    mean = np.clip(running_mean_c(outdoor_c), _LOWEST_C, _HIGHEST_C)
    return np.repeat(_SLOPE * mean + _NEUTRAL_C + _CATEGORY_II_K, 24)


def overheating(
    operative_c: NDArray[np.floating], outdoor_c: NDArray[np.floating], occupied: NDArray[np.bool_]
) -> Overheating:
    """Count the hours in which a room is too warm.

    Parameters
    ----------
    operative_c, outdoor_c : ndarray, (hours,) [°C]
        From midnight of the first of January.
    occupied : ndarray, (hours,) bool

    Raises
    ------
    BugError
        When the three are not of one length, in whole days.
    """
    if not len(operative_c) == len(outdoor_c) == len(occupied):
        raise BugError("temperatures and presence are not of the same hours")
    hour = np.arange(len(operative_c)) % 24
    night = (hour >= _NIGHT_FROM) | (hour < _NIGHT_UNTIL)
    warm = operative_c > FIXED_LIMIT_C
    above = operative_c > adaptive_limit_c(outdoor_c)
    return Overheating(float((above & occupied).sum()), float((warm & occupied).sum()), float((warm & night).sum()))


def _days(hourly: NDArray[np.floating]) -> Floats:
    if not len(hourly) or len(hourly) % 24:
        raise BugError("a series is not of whole days")
    return np.asarray(hourly, np.float64).reshape(-1, 24)
