"""Dates of common and leap years."""

import numpy as np
import pytest

from citytwin_desktop.city.calendar import hour_label, hour_of, month_days, month_of_hour


@pytest.mark.parametrize(("hours", "day"), [(8760, 365), (8784, 366)])
def test_every_date_comes_back(hours: int, day: int) -> None:
    assert sum(month_days(hours)) == day
    month = month_of_hour(hours)
    assert len(month) == hours
    hour = 0
    for number, days in enumerate(month_days(hours), 1):
        for date in range(1, days + 1):
            assert hour_of(number, date, 0, hours) == hour
            assert hour_label(hour, hours).startswith(f"{date} ")
            assert (month[hour : hour + 24] == number - 1).all()
            hour += 24


def test_known_dates() -> None:
    assert hour_label(4116) == "21 Jun 12:00"
    assert hour_label(4140, 8784) == "21 Jun 12:00"
    assert hour_label(1416, 8784) == "29 Feb 00:00"
    assert hour_label(8783, 8784) == "31 Dec 23:00"
    assert hour_of(6, 21, 12) == 4116
    assert hour_of(2, 29, 0, 8784) == 1416
    assert np.bincount(month_of_hour(8784))[1] == 29 * 24
