"""Hours, days and months of a simulated year."""

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def month_of_hour(hours: int = 8760) -> NDArray[np.int64]:
    """(hours,) int64: month 0-11 of each hour of a common (8,760) or leap (8,784) year."""
    days = list(MONTH_DAYS)
    days[1] += (hours - 8760) // 24
    return np.repeat(np.arange(12), np.array(days) * 24)


def hour_label(hour: int) -> str:
    """Date and time of the start of an hour of a common year, for example ``21 Jun 12:00``."""
    moment = datetime(2001, 1, 1) + timedelta(hours=int(hour))  # noqa: DTZ001 - a typical year has no zone
    # Not by strftime: a window's tool kit may have set another language for that.
    return f"{moment.day} {MONTH_NAMES[moment.month - 1][:3]} {moment:%H:%M}"


def hour_of(month: int, day: int, hour: int) -> int:
    """Hour of a common year from month (1-12), day (1-31) and hour (0-23)."""
    return (sum(MONTH_DAYS[: month - 1]) + day - 1) * 24 + hour
