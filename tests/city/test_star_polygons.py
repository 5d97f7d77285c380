"""Polygons that one corner sees as a whole are fanned from it, and nothing else is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citytwin_desktop.city import polygons as polygons_module
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.star_polygons import NONE, seeing_corners
from citytwin_desktop.city.triangulation import triangulate

L_SHAPE = [[0, 0], [10, 0], [10, 4], [4, 4], [4, 10], [0, 10]]
DART = [[0, 0], [10, -3], [3, 0], [10, 3]]
T_SHAPE = [[0, 6], [0, 4], [4, 4], [4, 0], [6, 0], [6, 4], [10, 4], [10, 6]]
U_SHAPE = [[0, 0], [9, 0], [9, 9], [6, 9], [6, 3], [3, 3], [3, 9], [0, 9]]
PENTAGRAM = [[np.cos(turn), np.sin(turn)] for turn in np.arange(5) * 4 * np.pi / 5]


@pytest.mark.parametrize(
    ("ring", "seeing"),
    [(L_SHAPE, [[0, 0], [4, 4]]), (DART, [[0, 0], [3, 0]]), (T_SHAPE, []), (U_SHAPE, []), (PENTAGRAM, [])],
)
def test_only_a_corner_that_sees_all_is_found(ring: list[list[float]], seeing: list[list[float]]) -> None:
    for first in range(len(ring)):
        turned = np.array(ring[first:] + ring[:first], float)
        found = int(seeing_corners(turned, np.array([0]), np.array([len(ring)]))[0])
        assert turned[found].tolist() in seeing if seeing else found == NONE


@pytest.mark.parametrize(("ring", "area"), [(L_SHAPE, 64.0), (T_SHAPE, 28.0), (U_SHAPE, 63.0)])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_every_triangle_lies_in_the_polygon(ring: list[list[float]], area: float, axis: int) -> None:
    upright = np.insert(np.array(ring, float), axis, 0.0, axis=1)
    polygons = Polygons.from_rings([[upright]])
    found = triangulate(polygons)
    a, b, c = (polygons.vertices[found.indices[:, corner]] for corner in range(3))
    vectors = np.cross(b - a, c - a) / 2.0
    # Alike in direction and together as large: none lies outside, none over another.
    assert (vectors @ polygons.normals[0] > 0.0).all()
    assert np.linalg.norm(vectors, axis=1).sum() == pytest.approx(area)
    assert len(found) == len(ring) - 2


@given(st.lists(st.tuples(st.floats(1.0, 9.0), st.floats(0.2, 1.0)), min_size=4, max_size=12), st.integers(0, 11))
def test_a_polygon_that_goes_round_its_corner_is_seen_from_it(steps: list[tuple[float, float]], shift: int) -> None:
    turns = np.cumsum([share for _, share in steps])
    turns = turns / turns[-1] * 1.4 * np.pi
    around = [[radius * np.cos(turn), radius * np.sin(turn)] for (radius, _), turn in zip(steps, turns, strict=True)]
    ring = np.array([[0.0, 0.0], *around])
    ring = np.roll(ring, shift, axis=0)
    polygons = Polygons.from_rings([[np.column_stack([ring, np.zeros(len(ring))])]])
    found = triangulate(polygons)
    a, b, c = (polygons.vertices[found.indices[:, corner], :2] for corner in range(3))
    doubled = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    assert doubled.sum() / 2.0 == pytest.approx(polygons.areas_m2[0], rel=1e-6)
    if len(ring) <= 12:
        assert seeing_corners(ring, np.array([0]), np.array([len(ring)]))[0] != NONE


def test_area_vectors_of_many_polygons_are_those_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(2)
    rings = [[chance.normal(size=(chance.integers(3, 7), 3)) * 5 + 1e5] for _ in range(7)]
    rings[3] = []
    whole = Polygons.from_rings(rings).area_vectors_m2
    monkeypatch.setattr(polygons_module, "_AT_ONCE", 2)
    np.testing.assert_array_equal(Polygons.from_rings(rings).area_vectors_m2, whole)
