"""Temperatures and coefficient of performance of heat pumps, hour by hour."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.errors import BugError

Floats = NDArray[np.float64]

AIR, GROUND = "air", "ground"
_LEAST_LIFT_K = 15.0
"""Below this the curves, fitted to tests between 15 and 60 K, do not hold; Staffell et al. 2012."""
_GROUND_EXCHANGER_K = 5.0
"""The brine is colder than the ground by so much; Ruhnau et al. 2019, doi:10.1038/s41597-019-0199-y."""


def source_temperature_c(heat_source: str, outdoor_c: Floats, ground_c: NDArray[np.floating]) -> Floats:
    """Temperature of what a heat pump takes its heat from, in each hour [°C].

    Parameters
    ----------
    heat_source : str
        ``air``, ``ground`` or empty.
    outdoor_c : ndarray, (hours,) [°C]
    ground_c : ndarray, (12,) [°C]
        By month; empty when unknown: then the mean of the year outdoors stands for it.

    Raises
    ------
    BugError
        When there is no such source.
    """
    if heat_source in ("", AIR):
        return np.asarray(outdoor_c, np.float64)
    if heat_source != GROUND:
        msg = f"there is no heat source “{heat_source}”"
        raise BugError(msg)
    if len(ground_c) != 12:
        return np.full(len(outdoor_c), outdoor_c.mean() - _GROUND_EXCHANGER_K)
    return np.asarray(ground_c, np.float64)[month_of_hour(len(outdoor_c))] - _GROUND_EXCHANGER_K


def coefficient_of_performance(coefficients: Sequence[float], lift_k: Floats, factor: float) -> Floats:
    """Heat over electricity in each hour.

    Parameters
    ----------
    coefficients : sequence of 3 float
        a, b, c of a + b dT + c dT².
    lift_k : ndarray, (hours,) [K]
        From source to supply; at least 15 K are taken.
    factor : float
        Between the curve and what is met in use.

    Returns
    -------
    ndarray, (hours,) float64
        At least 1: an electric rod takes over.

    Raises
    ------
    BugError
        When there are not three coefficients.
    """
    if len(coefficients) != 3:
        raise BugError("a heat pump has no curve of its coefficient of performance")
    constant, linear, square = coefficients
    # Past its lowest point a parabola would rise again, which no heat pump does.
    turn = -linear / (2.0 * square) if square > 0 else np.inf
    lift = np.minimum(np.maximum(lift_k, _LEAST_LIFT_K), turn)
    return np.maximum(factor * (constant + linear * lift + square * lift * lift), 1.0)
