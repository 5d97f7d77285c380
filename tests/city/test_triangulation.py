"""Triangulation keeps areas, holes and winding."""

import numpy as np
import pytest

from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.triangulation import triangulate

SQUARE = np.array([[0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0]], float)
HOLE = np.array([[3, 3, 0], [3, 6, 0], [6, 6, 0], [6, 3, 0]], float)
L_SHAPE = np.array([[0, 0, 0], [9, 0, 0], [9, 3, 0], [3, 3, 0], [3, 9, 0], [0, 9, 0]], float)
DART = np.array([[0, 0, 0], [4, 4, 0], [0, 1, 0], [-4, 4, 0]], float)


def triangle_vectors(polygons: Polygons) -> np.ndarray:
    triangles = triangulate(polygons)
    a, b, c = (polygons.vertices[triangles.indices[:, corner]] for corner in range(3))
    vectors = np.cross(b - a, c - a) / 2
    return np.stack([np.bincount(triangles.polygon, vectors[:, i], len(polygons)) for i in range(3)], axis=1)


def rotated(points: np.ndarray, seed: int) -> np.ndarray:
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return points @ turn.T + 1000.0 * seed


@pytest.mark.parametrize("seed", range(8))
def test_area_vectors_are_preserved_in_any_plane(seed: int) -> None:
    polygons = Polygons.from_rings(
        [
            [rotated(ring, seed) for ring in rings]
            for rings in ([SQUARE], [SQUARE, HOLE], [L_SHAPE], [DART], [SQUARE[:3]])
        ]
    )
    np.testing.assert_allclose(triangle_vectors(polygons), polygons.area_vectors_m2, atol=1e-7)


def test_hole_stays_open() -> None:
    polygons = Polygons.from_rings([[SQUARE, HOLE]])
    corners = polygons.vertices[triangulate(polygons).indices]
    middles = corners.mean(axis=1)
    assert not ((np.abs(middles[:, :2] - 4.5) < 1.5).all(axis=1)).any()
    assert np.linalg.norm(triangle_vectors(polygons)) == pytest.approx(91.0)


def test_hole_wound_like_its_outer_ring_is_still_a_hole() -> None:
    polygons = Polygons.from_rings([[SQUARE, HOLE[::-1]]])
    a, b, c = np.moveaxis(polygons.vertices[triangulate(polygons).indices], 1, 0)
    assert np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2 == pytest.approx(91.0)


def test_concave_quadrilateral_is_not_fanned_over_its_dent() -> None:
    polygons = Polygons.from_rings([[DART], [np.roll(DART, 1, axis=0)]])
    corners = polygons.vertices[triangulate(polygons).indices]
    a, b, c = np.moveaxis(corners, 1, 0)
    assert np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2 == pytest.approx(polygons.areas_m2.sum())


def test_polygon_without_area_yields_nothing_and_the_others_keep_their_number() -> None:
    line = np.array([[0, 0, 0], [5, 0, 0], [10, 0, 0]], float)
    triangles = triangulate(Polygons.from_rings([[line], [SQUARE], [], [L_SHAPE]]))
    assert set(triangles.polygon) == {1, 3}
    assert (np.diff(triangles.polygon) >= 0).all()
    assert triangles.indices.dtype == np.int64


def test_slightly_bent_quadrilateral_is_closed() -> None:
    bent = SQUARE + np.array([[0, 0, 0], [0, 0, 0.05], [0, 0, 0], [0, 0, 0]])
    polygons = Polygons.from_rings([[bent]])
    np.testing.assert_allclose(triangle_vectors(polygons), polygons.area_vectors_m2, atol=1e-9)


def test_nothing_from_nothing() -> None:
    assert len(triangulate(Polygons.empty())) == 0
