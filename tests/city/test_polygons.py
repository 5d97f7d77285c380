"""Areas, normals and volumes of polygons against closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citytwin_desktop.city.polygons import Polygons

LENGTH = st.floats(0.5, 500.0)
FAR = st.floats(-5e6, 5e6)


def rectangle(width: float, depth: float, x: float = 0.0, y: float = 0.0) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([[x, y, 0.0], [x + width, y, 0.0], [x + width, y + depth, 0.0], [x, y + depth, 0.0]])


@given(LENGTH, LENGTH, FAR, FAR)
def test_rectangles_anywhere(width: float, depth: float, x: float, y: float) -> None:
    polygons = Polygons.from_rings([[rectangle(width, depth, x, y)]])
    assert polygons.areas_m2[0] == pytest.approx(width * depth, rel=1e-6)
    np.testing.assert_allclose(polygons.normals[0], [0.0, 0.0, 1.0], atol=1e-6)


@given(st.floats(0.1, 3.0), st.floats(0.0, 6.28), st.floats(0.0, 6.28))
def test_area_does_not_change_by_turning(scale: float, first: float, second: float) -> None:
    ring = rectangle(3.0 * scale, 2.0 * scale)
    turn = np.array([[np.cos(first), -np.sin(first), 0], [np.sin(first), np.cos(first), 0], [0, 0, 1]])
    tilt = np.array([[1, 0, 0], [0, np.cos(second), -np.sin(second)], [0, np.sin(second), np.cos(second)]])
    assert Polygons.from_rings([[ring @ (turn @ tilt).T]]).areas_m2[0] == pytest.approx(6.0 * scale**2)


def test_holes_count_against_the_area() -> None:
    polygons = Polygons.from_rings([[rectangle(10, 10), rectangle(2, 2, 4, 4)[::-1]], [rectangle(1, 1)]])
    assert polygons.areas_m2 == pytest.approx([96.0, 1.0])


@given(st.permutations(range(4)))
def test_take_keeps_each_polygon_whole(order: list[int]) -> None:
    polygons = Polygons.from_rings([[rectangle(k + 1, 2), rectangle(0.5, 0.5)[::-1]] for k in range(4)])
    taken = polygons.take(np.array(order))
    for place, index in enumerate(order):
        for ring, expected in zip(taken.rings(place), polygons.rings(index), strict=True):
            np.testing.assert_array_equal(ring, expected)


def test_concatenate_and_take_are_inverse() -> None:
    first, second = (Polygons.from_rings([[rectangle(k, k)]]) for k in (2, 3))
    joined = Polygons.concatenate([first, second])
    np.testing.assert_array_equal(joined.take(np.array([1])).vertices, second.vertices)
    assert len(Polygons.concatenate([])) == 0


def test_degenerate_polygons_have_no_area_and_no_nan() -> None:
    line = np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0]])
    polygons = Polygons.from_rings([[line]])
    assert polygons.areas_m2[0] == 0.0
    np.testing.assert_array_equal(polygons.normals, 0.0)
