"""A year of hours as charts need it, and values in classes."""

import numpy as np
import pytest

from citytwin_desktop.analysis import chart_data
from citytwin_desktop.city.calendar import month_of_hour

YEARS = (8760, 8784)


def year(hours: int) -> np.ndarray:
    return np.random.default_rng(7).gamma(2.0, 3.0, hours)


@pytest.mark.parametrize("hours", YEARS)
def test_every_view_of_a_year_holds_all_of_it(hours: int) -> None:
    values = year(hours)
    duration = chart_data.load_duration(values)
    assert len(duration) == hours
    assert (np.diff(duration) <= 0).all()
    assert duration.sum() == pytest.approx(values.sum(), rel=1e-12)
    days = chart_data.carpet(values)
    assert days.shape == (24, hours // 24)
    assert days[5, 40] == values[40 * 24 + 5]
    profile = chart_data.daily_profile(values)
    assert profile.mean == pytest.approx(values.reshape(-1, 24).mean(axis=0))
    assert profile.mean.sum() * (hours // 24) == pytest.approx(values.sum())
    assert (profile.low < profile.mean).all()
    assert (profile.mean < profile.high).all()
    months = chart_data.monthly_totals(values)
    assert months.sum() == pytest.approx(values.sum())
    assert months[1] == pytest.approx(values[month_of_hour(hours) == 1].sum())


def test_unknown_hours_stay_unknown() -> None:
    values = year(8760)
    values[[5, 29]] = np.nan
    assert len(chart_data.load_duration(values)) == 8758
    months = chart_data.monthly_totals(values)
    assert np.isnan(months[0])
    assert np.isfinite(months[1:]).all()
    profile = chart_data.daily_profile(values)
    assert profile.mean[5] == pytest.approx(values[53::24].mean())
    assert np.isnan(chart_data.daily_profile(np.full(8760, np.nan)).mean).all()


@pytest.mark.parametrize(
    ("hour", "name", "hours", "found"),
    [
        (30, "day", 8760, (24, 48)),
        (0, "week", 8760, (0, 168)),
        (24 * 100 + 5, "week", 8760, (97 * 24, 104 * 24)),
        (8759, "week", 8760, (8760 - 168, 8760)),
        (31 * 24, "month", 8760, (31 * 24, 59 * 24)),
        (59 * 24, "month", 8784, (31 * 24, 60 * 24)),
        (8783, "month", 8784, (8784 - 31 * 24, 8784)),
        (100, "year", 8784, (0, 8784)),
    ],
)
def test_ranges_about_an_hour(hour: int, name: str, hours: int, found: tuple[int, int]) -> None:
    assert chart_data.range_about(hour, name, hours) == found


def test_classes_are_round_and_lose_nothing() -> None:
    values = np.r_[np.random.default_rng(1).normal(150.0, 40.0, 853), np.nan, np.inf]
    edges = chart_data.class_edges(values)
    assert 6 <= len(edges) - 1 <= 41
    width = np.diff(edges)[0]
    assert width in (5.0, 10.0, 20.0)
    assert np.diff(edges) == pytest.approx(np.full(len(edges) - 1, width))
    found = chart_data.histogram(values, edges)
    assert found.counts.sum() == 853
    assert found.unknown == 2
    place = chart_data.class_of(values, edges)
    assert (np.bincount(place[place >= 0], minlength=len(edges) - 1) == found.counts).all()
    assert (values[:853] >= edges[place[:853]]).all()


@pytest.mark.parametrize("values", [[], [np.nan], [7.0], [0.0, 0.0], [-3.0, -3.0], [1965.0, 1966.0], [1e-9, 2e-9]])
def test_odd_values_still_have_classes(values: list[float]) -> None:
    array = np.array(values, float)
    edges = chart_data.class_edges(array)
    found = chart_data.histogram(array, edges)
    assert (np.diff(edges) > 0).all()
    assert found.counts.sum() == np.isfinite(array).sum()
    assert len(edges) - 1 <= 41


def test_points_are_found_by_nearness_and_by_outline() -> None:
    x, y = np.array([0.0, 10.0, np.nan, 4.0]), np.array([0.0, 1000.0, 0.0, 500.0])
    assert chart_data.nearest_point(x, y, (9.0, 900.0), (1.0, 100.0)) == (1, pytest.approx(np.sqrt(2)))
    assert chart_data.nearest_point(x[2:3], y[2:3], (0.0, 0.0), (1.0, 1.0)) == (-1, np.inf)
    square = np.array([[-1.0, -1.0], [5.0, -1.0], [5.0, 600.0], [-1.0, 600.0]])
    assert chart_data.inside(x, y, square).tolist() == [True, False, False, True]
    bow = np.array([[-1.0, -1.0], [20.0, 1100.0], [20.0, -1.0], [-1.0, 1100.0]])
    assert chart_data.inside(x, y, bow).tolist() == [False, False, False, True]
    assert not chart_data.inside(x, y, square[:2]).any()
