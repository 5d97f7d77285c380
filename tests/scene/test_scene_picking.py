"""Picks against rays that are tried on every triangle."""

from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.triangulation import triangulate
from citytwin_desktop.scene import tiles
from citytwin_desktop.scene.city_scene import CityScene

WIDTH, HEIGHT = 320, 200


def first_surface(city: CityModel, origin: np.ndarray, direction: np.ndarray) -> int:
    """Surface that a ray meets first (Möller and Trumbore 1997, doi:10.1080/10867651.1997.10487468); -1 for none."""
    found = triangulate(city.surfaces.polygons)
    a, b, c = (city.surfaces.polygons.vertices[found.indices[:, corner]] for corner in range(3))
    across = np.cross(direction, c - a)
    scale = ((b - a) * across).sum(axis=1)
    flat = np.abs(scale) < 1e-12
    share = 1.0 / np.where(flat, 1.0, scale)
    u = share * ((origin - a) * across).sum(axis=1)
    turned = np.cross(origin - a, b - a)
    v, reach = share * (turned @ direction), share * ((c - a) * turned).sum(axis=1)
    met = ~flat & (u >= 0) & (v >= 0) & (u + v <= 1) & (reach > 0)
    return int(found.polygon[np.where(met, reach, np.inf).argmin()]) if met.any() else -1


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_pick_is_the_first_surface_also_in_the_sides_of_a_tile(
    limit: int, boxes: CityModel, plotter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("citytwin_desktop.scene.tile_set.build_tiles", lambda city: tiles.build_tiles(city, limit))
    scene = CityScene(plotter)
    scene.set_city(boxes)
    scene.set_camera(scene.home_camera(WIDTH / HEIGHT))
    chance, seen = np.random.default_rng(0), 0
    for x, y in chance.uniform(0, 1, (400, 2)) * (WIDTH, HEIGHT):
        pick = scene.pick(x, y, WIDTH, HEIGHT)
        assert (-1 if pick is None else pick.surface) == first_surface(boxes, *scene.camera.ray(x, y, WIDTH, HEIGHT))
        seen += pick is not None
    assert seen > 50
