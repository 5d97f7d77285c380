"""Usage profiles: whole weeks, a year that begins on a Monday, hot water that sums to its days."""

import numpy as np
import pytest

from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.catalog.usage_profiles import QUANTITIES, profile_source, profile_year, usage_profiles
from citytwin_desktop.errors import KnownError


@pytest.mark.parametrize("function", FUNCTIONS)
def test_profiles_are_fractions_of_24_hours(function: str) -> None:
    for day in (usage_profiles(function).weekday, usage_profiles(function).weekend):
        for name in QUANTITIES:
            values = np.array(getattr(day, name), float)
            assert values.shape == (24,)
            assert values.min() >= 0
            assert name == "hot_water" or values.max() <= 1
    assert usage_profiles(function).weekday.heated.count(True) >= 12


@pytest.mark.parametrize("function", FUNCTIONS)
def test_hot_water_of_a_year_is_that_of_365_mean_days(function: str) -> None:
    assert profile_year(function, "hot_water").sum() == pytest.approx(365.0, abs=1e-9)


def test_the_year_begins_on_a_monday() -> None:
    people = profile_year("office", "people").reshape(365, 24)
    at_work = people.max(axis=1) > 0
    assert at_work[:7].tolist() == [True] * 5 + [False] * 2
    assert at_work.sum() == 261
    assert people[0].tolist() == list(usage_profiles("office").weekday.people)
    assert people[5].tolist() == list(usage_profiles("office").weekend.people)


def test_ventilation_runs_always_at_home_and_by_the_hour_at_work() -> None:
    assert (profile_year("residential", "ventilated") == 1).all()
    weekday = usage_profiles("office").weekday
    assert [hour for hour in range(24) if weekday.ventilated[hour] == 1] == list(range(6, 18))
    assert all(weekday.ventilated[hour] == 1 for hour in range(24) if weekday.people[hour] > 0)
    assert set(usage_profiles("office").weekend.ventilated) == {0.15}


def test_published_values() -> None:
    # EN 16798-1:2019 Annex C, landscaped office: 0.7 at ten, 0.4 at noon.
    assert usage_profiles("office").weekday.people[10] == 0.7
    assert usage_profiles("office").weekday.people[12] == 0.4
    assert np.mean(usage_profiles("residential").weekday.lighting) == pytest.approx(0.24)
    # The tapping cycle draws most between seven and eight and between nine and ten in the evening.
    draw = np.array(usage_profiles("residential").weekday.hot_water)
    assert set(np.argsort(draw)[-2:]) == {7, 21}
    assert draw.sum() == pytest.approx(1.0)


def test_a_year_cannot_be_changed_by_who_reads_it() -> None:
    with pytest.raises(ValueError, match="read-only"):
        profile_year("office", "people")[0] = 1


def test_an_unknown_function_is_used_as_other_and_an_unknown_quantity_refused() -> None:
    assert usage_profiles("castle") == usage_profiles("other")
    assert "EN 13203-2" in profile_source("residential", "hot_water")
    with pytest.raises(KnownError, match="no usage profile “noise”"):
        profile_year("office", "noise")
