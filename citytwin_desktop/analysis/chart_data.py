"""What charts are drawn from: a year of hours as duration curve, day, carpet and months; values as a histogram."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.calendar import month_days, month_of_hour

Floats = NDArray[np.float64]

HOURS_OF_A_DAY = 24
RANGES = ("day", "week", "month", "year")
_BAND = (10.0, 90.0)
_FEWEST_BINS, _MOST_BINS = 10, 40
_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, eq=False)
class DailyProfile:
    """A year as one day.

    Parameters
    ----------
    mean : ndarray, (24,) float64
        Mean over all days of the year, hour by hour; nan where no day has a value.
    low, high : ndarray, (24,) float64
        Tenth and ninetieth percentile of the days.
    """

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Histogram:
    """Values counted in classes of equal width.

    Parameters
    ----------
    edges : ndarray, (n + 1,) float64
    counts : ndarray, (n,) int64
        A value on an edge is counted above it, one on the last edge below.
    unknown : int
        Values that are none.
    """

    edges: Floats
    counts: NDArray[np.int64]
    unknown: int


def load_duration(hours: Floats) -> Floats:
    """Hours of a year, the greatest first.

    Parameters
    ----------
    hours : ndarray, (n,) float64
        Any unit per hour; hours that are nan are left out.

    Returns
    -------
    ndarray, (m,) float64
        With one hour each, the area under it is the sum of the year.
    """
    return np.sort(hours[np.isfinite(hours)])[::-1]


def carpet(hours: Floats) -> Floats:
    """(24, days) float64: a year with a column for each day.

    Parameters
    ----------
    hours : ndarray, (8760,) or (8784,) float64
    """
    return np.asarray(hours.reshape(-1, HOURS_OF_A_DAY).T)


def daily_profile(hours: Floats) -> DailyProfile:
    """The mean day of a year and the band in which four fifths of the days lie.

    Parameters
    ----------
    hours : ndarray, (8760,) or (8784,) float64
        nan where nothing is known.
    """
    rows = carpet(hours)
    mean, low, high = (np.full(HOURS_OF_A_DAY, np.nan) for _ in range(3))
    for place, row in enumerate(rows):
        known = row[np.isfinite(row)]
        if len(known):
            mean[place] = known.mean()
            low[place], high[place] = np.percentile(known, _BAND)
    return DailyProfile(mean, low, high)


def monthly_totals(hours: Floats) -> Floats:
    """(12,) float64: sums of the months; nan where an hour of the month is unknown.

    Parameters
    ----------
    hours : ndarray, (8760,) or (8784,) float64
    """
    return np.bincount(month_of_hour(len(hours)), hours, minlength=12).astype(np.float64)


def range_about(hour: int, name: str, hours: int) -> tuple[int, int]:
    """First hour, and the one after the last, of the day, week, month or year about an hour.

    Parameters
    ----------
    hour : int
        Hour of the year from 0.
    name : str
        One of `RANGES`; a week has the hour's day in its middle, as far as the year allows.
    hours : int
        Of the year.
    """
    if name == "year":
        return 0, hours
    if name == "month":
        ends = np.cumsum(month_days(hours)) * HOURS_OF_A_DAY
        month = int(np.searchsorted(ends, hour, side="right"))
        return int(ends[month]) - month_days(hours)[month] * HOURS_OF_A_DAY, int(ends[month])
    days = 1 if name == "day" else 7
    first = hour // HOURS_OF_A_DAY - days // 2
    first = min(max(first, 0), hours // HOURS_OF_A_DAY - days)
    return first * HOURS_OF_A_DAY, (first + days) * HOURS_OF_A_DAY


def class_edges(values: Floats) -> Floats:
    """Round edges of classes of equal width over the values that are known.

    The width follows Freedman and Diaconis (1981, doi:10.1007/BF01025868), rounded up to 1, 2 or 5 times a power
    of ten, between 5 and 40 classes.

    Parameters
    ----------
    values : ndarray, (n,) float64

    Returns
    -------
    ndarray, (k + 1,) float64
        Without any value, one class from 0 to 1.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return np.array([0.0, 1.0])
    low, high = float(known.min()), float(known.max())
    # Numbers that differ by less than they can be written with are one number.
    if high - low <= 1e-9 * max(abs(low), abs(high), 1e-300):
        half = 0.5 * _round_up(max(abs(low) / 100.0, 1e-6))
        return np.array([low - half, low + half])
    quartiles = np.percentile(known, [25.0, 75.0])
    width = 2.0 * float(quartiles[1] - quartiles[0]) / len(known) ** (1 / 3)
    width = _round_up(min(max(width, (high - low) / _MOST_BINS), (high - low) / _FEWEST_BINS))
    first, last = np.floor(low / width), np.floor(high / width) + 1.0
    return np.asarray(np.arange(first, last + 0.5) * width)


def histogram(values: Floats, edges: Floats) -> Histogram:
    """Count values in classes.

    Parameters
    ----------
    values : ndarray, (n,) float64
    edges : ndarray, (k + 1,) float64
        As of `class_edges`, which hold every value.
    """
    place = class_of(values, edges)
    known = place >= 0
    counts = np.bincount(place[known], minlength=len(edges) - 1).astype(np.int64)
    return Histogram(edges, counts, int(len(values) - known.sum()))


def class_of(values: Floats, edges: Floats) -> NDArray[np.int64]:
    """(n,) int64: class that each value is counted in; -1 for values that are none or lie outside."""
    known = np.isfinite(values) & (values >= edges[0]) & (values <= edges[-1])
    place = np.searchsorted(edges, np.where(known, values, edges[0]), side="right") - 1
    return np.where(known, np.minimum(place, len(edges) - 2), -1).astype(np.int64)


def nearest_point(x: Floats, y: Floats, at: tuple[float, float], unit: tuple[float, float]) -> tuple[int, float]:
    """Point that is nearest to a place, and how far away it is.

    Parameters
    ----------
    x, y : ndarray, (n,) float64
        Points that are nan are passed over.
    at : tuple of float
        The place.
    unit : tuple of float
        Lengths along x and y that count as one, such as a pixel's.

    Returns
    -------
    tuple of (int, float)
        -1 and infinity when there is none.
    """
    away = np.hypot((x - at[0]) / unit[0], (y - at[1]) / unit[1])
    away[~np.isfinite(away)] = np.inf
    if not len(away) or not np.isfinite(away.min()):
        return -1, float("inf")
    place = int(away.argmin())
    return place, float(away[place])


def inside(x: Floats, y: Floats, outline: Floats) -> NDArray[np.bool_]:
    """(n,) bool: whether points lie in a polygon or on its edge; those that are nan do not.

    Parameters
    ----------
    x, y : ndarray, (n,) float64
    outline : ndarray, (k, 2) float64
        Corners; fewer than three hold nothing.
    """
    found = np.zeros(len(x), bool)
    if len(outline) < 3:
        return found
    from shapely import Polygon, intersects_xy, make_valid, prepare

    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    # A lasso may cross itself.
    area = make_valid(Polygon(outline))
    prepare(area)
    found[known] = intersects_xy(area, x[known], y[known])
    return found


def _round_up(width: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(step * power for step in _STEPS if step * power >= width * (1.0 - 1e-9)))
