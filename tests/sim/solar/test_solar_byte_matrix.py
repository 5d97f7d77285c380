"""Matrices in bytes: what rounding may cost, and what not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from citytwin_desktop.sim.solar.operators import FINE_STEPS, byte_matrix

MATRICES = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 6), st.integers(1, 200)),
    elements=st.just(0.0) | st.floats(2.0**-60, 1000.0, width=32),
)


@given(MATRICES)
@settings(max_examples=60, deadline=None)
def test_every_value_is_within_half_a_step(values) -> None:
    matrix = byte_matrix(values, FINE_STEPS, keep_sums=False)
    assert matrix.step.dtype == np.uint8
    assert matrix.scale.dtype == np.float32
    apart = np.abs(matrix.values().astype(float) - values)
    assert (apart <= (0.501 * matrix.scale + 1e-30)[:, None]).all()


@given(MATRICES)
@settings(max_examples=60, deadline=None)
def test_sums_of_rows_are_kept_and_values_are_within_a_step(values) -> None:
    matrix = byte_matrix(values, FINE_STEPS, keep_sums=True)
    kept = matrix.values().astype(float)
    assert (np.abs(kept.sum(axis=1) - values.sum(axis=1, dtype=float)) <= 1.001 * matrix.scale + 1e-30).all()
    assert (np.abs(kept - values) <= (1.001 * matrix.scale + 1e-30)[:, None]).all()


def test_many_small_values_beside_a_large_one_are_not_rounded_away() -> None:
    values = np.full((1, 146), 0.1, np.float32)
    values[0, 70] = 100.0
    assert byte_matrix(values, FINE_STEPS, keep_sums=False).values().sum() == pytest.approx(100.0)
    assert byte_matrix(values, FINE_STEPS, keep_sums=True).values().sum() == pytest.approx(values.sum(), abs=0.4)


def test_rows_of_nothing_stay_nothing() -> None:
    values = np.zeros((3, 5), np.float32)
    values[1] = [0, 1, 2, 3, 4]
    for keep in (False, True):
        matrix = byte_matrix(values, FINE_STEPS, keep_sums=keep)
        assert np.isfinite(matrix.scale).all()
        assert not matrix.values()[[0, 2]].any()
        np.testing.assert_allclose(matrix.values()[1], values[1], atol=0.02)


@pytest.mark.parametrize("shape", [(0, 5), (4, 0), (0, 0)])
def test_empty_matrices(shape) -> None:
    matrix = byte_matrix(np.zeros(shape, np.float32), FINE_STEPS, keep_sums=True)
    assert matrix.values().shape == shape


def test_rounding_again_changes_nothing() -> None:
    values = np.random.default_rng(3).random((20, 146)).astype(np.float32)
    once = byte_matrix(values, FINE_STEPS, keep_sums=False)
    again = byte_matrix(once.values(), FINE_STEPS, keep_sums=False)
    np.testing.assert_array_equal(again.step, once.step)
    np.testing.assert_allclose(again.scale, once.scale, rtol=1e-6)


def test_tiny_and_huge_rows_side_by_side() -> None:
    values = np.array([[1e-30, 5e-31], [1e30, 5e29]], np.float32)
    np.testing.assert_allclose(byte_matrix(values, FINE_STEPS, keep_sums=False).values(), values, rtol=0.01)
