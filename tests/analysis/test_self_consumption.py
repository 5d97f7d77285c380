"""Generation against demand, hour by hour."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from citytwin_desktop.analysis.self_consumption import self_consumption
from citytwin_desktop.errors import BugError, KnownError


def test_an_example_by_hand() -> None:
    found = self_consumption(np.array([0.0, 3.0, 5.0, 0.0]), np.array([1.0, 1.0, 6.0, 2.0]))
    assert found.self_consumed_kwh == 6.0
    assert found.exported_kwh == 2.0
    assert found.imported_kwh == 4.0
    assert found.self_consumption_share == pytest.approx(0.75)
    assert found.autarky_share == pytest.approx(0.6)


@settings(max_examples=40, deadline=None)
@given(arrays.arrays(np.float64, (2, 3, 24), elements=st.floats(0.0, 1e4)))
def test_energy_is_neither_made_nor_lost(series: np.ndarray) -> None:
    generation, demand = series
    found = self_consumption(generation, demand)
    assert found.self_consumed_kwh + found.exported_kwh == pytest.approx(generation.sum(axis=1))
    assert found.self_consumed_kwh + found.imported_kwh == pytest.approx(demand.sum(axis=1))
    for share in (found.self_consumption_share, found.autarky_share):
        known = share[np.isfinite(share)]
        assert ((known >= 0.0) & (known <= 1.0 + 1e-12)).all()
    one = self_consumption(generation[1], demand[1])
    assert one.self_consumed_kwh == pytest.approx(found.self_consumed_kwh[1])


def test_a_share_of_nothing_is_not_a_number() -> None:
    found = self_consumption(np.zeros((2, 3)), np.array([[0.0, 0, 0], [1, 1, 1]]))
    assert np.isnan(found.self_consumption_share).all()
    assert np.isnan(found.autarky_share[0])
    assert found.autarky_share[1] == 0.0


def test_a_pool_of_neighbours_uses_more_than_each_alone() -> None:
    generation, demand = np.array([[4.0, 0], [0, 0]]), np.array([[1.0, 1], [2, 1]])
    alone = self_consumption(generation, demand).self_consumed_kwh.sum()
    assert alone == 1.0
    assert self_consumption(generation.sum(axis=0), demand.sum(axis=0)).self_consumed_kwh == 3.0


def test_impossible_series_are_refused() -> None:
    with pytest.raises(KnownError, match="demand"):
        self_consumption(np.ones(3), np.array([1.0, np.nan, 1.0]))
    with pytest.raises(KnownError, match="generation"):
        self_consumption(np.array([1.0, -0.1, 1.0]), np.ones(3))
    with pytest.raises(BugError):
        self_consumption(np.ones(3), np.ones(4))
