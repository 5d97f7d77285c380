"""Convex polygons are fanned at once, and cover what earcut would."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.triangulation import _convex_rings, project_to_plane, triangulate


def area_of(ring: np.ndarray) -> tuple[float, int]:  # type: ignore[type-arg]
    polygons = Polygons.from_rings([[ring]])
    found = triangulate(polygons)
    a, b, c = (polygons.vertices[found.indices[:, corner]] for corner in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2.0), len(found)


@given(st.integers(5, 40), st.floats(1.0, 100.0), st.floats(0.0, 1.4))
def test_a_convex_polygon_is_covered_exactly(count: int, radius: float, tilt: float) -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
    flat = np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.zeros(count)])
    turn = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    area, triangles = area_of(flat @ turn.T)
    assert area == pytest.approx(count * radius**2 * np.sin(2.0 * np.pi / count) / 2.0)
    assert triangles == count - 2


def test_corners_on_a_straight_edge_are_no_hindrance() -> None:
    ring = np.array([[0, 0, 0], [5, 0, 0], [10, 0, 0], [10, 4, 0], [10, 8, 0], [0, 8, 0.0]])
    assert area_of(ring)[0] == pytest.approx(80.0)
    assert area_of(np.roll(ring, 2, axis=0))[0] == pytest.approx(80.0)


def test_a_star_that_turns_left_twice_round_is_not_taken_for_convex() -> None:
    angle = np.arange(5) * 4.0 * np.pi / 5.0
    star = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(5)])
    polygons = Polygons.from_rings([[star]])
    assert not _convex_rings(polygons, project_to_plane(polygons), np.array([0]))[0]


def test_an_l_shape_is_covered_and_a_hole_still_goes_through_earcut() -> None:
    shape = np.array([[0, 0, 0], [10, 0, 0], [10, 4, 0], [4, 4, 0], [4, 10, 0], [0, 10, 0.0]])
    assert area_of(shape)[0] == pytest.approx(64.0)
    square = np.array([[0, 0, 0], [10, 0, 0], [10, 10, 0], [5, 12, 0], [0, 10, 0.0]])
    hole = np.array([[2, 2, 0], [2, 4, 0], [4, 4, 0], [4, 2, 0.0]])
    polygons = Polygons.from_rings([[square, hole]])
    found = triangulate(polygons)
    a, b, c = (polygons.vertices[found.indices[:, corner]] for corner in range(3))
    assert np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2.0 == pytest.approx(110.0 - 4.0)
