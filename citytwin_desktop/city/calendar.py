"""Hours, days and months of a simulated year."""

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

COMMON_YEAR_HOURS = 8760
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def month_of_hour(hours: int = COMMON_YEAR_HOURS) -> NDArray[np.int64]:
    """(hours,) int64: month 0-11 of each hour of a common (8,760) or leap (8,784) year."""
    return np.repeat(np.arange(12), np.array(month_days(hours)) * 24)


def month_days(hours: int = COMMON_YEAR_HOURS) -> tuple[int, ...]:
    """Days of each month of a common (8,760 hours) or leap (8,784) year."""
    return (MONTH_DAYS[0], MONTH_DAYS[1] + (hours - COMMON_YEAR_HOURS) // 24, *MONTH_DAYS[2:])


def year_start(hours: int = COMMON_YEAR_HOURS) -> datetime:
    """Start of a year of so many hours, to count dates from."""
    return datetime(2001 if hours == COMMON_YEAR_HOURS else 2000, 1, 1)  # noqa: DTZ001 - a typical year has no zone


def hour_label(hour: int, hours: int = COMMON_YEAR_HOURS) -> str:
    """Date and time of the start of an hour of a year of so many hours, for example ``21 Jun 12:00``."""
    moment = year_start(hours) + timedelta(hours=int(hour))
    # Not by strftime: a window's tool kit may have set another language for that.
    return f"{moment.day} {MONTH_NAMES[moment.month - 1][:3]} {moment:%H:%M}"


def hour_of(month: int, day: int, hour: int, hours: int = COMMON_YEAR_HOURS) -> int:
    """Hour of a year of so many hours from month (1-12), day (1-31) and hour (0-23)."""
    return (sum(month_days(hours)[: month - 1]) + day - 1) * 24 + hour
