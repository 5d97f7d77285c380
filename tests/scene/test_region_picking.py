"""What a box or a lasso takes, against rays through every pixel."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene import row_raster
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.region_picking import rows_in_polygon
from citytwin_desktop.scene.section_plane import Cut, CutPlane

WIDTH, HEIGHT = 64, 40


@pytest.fixture
def scene(plotter: Any, boxes: CityModel) -> CityScene:
    scene = CityScene(plotter)
    scene.set_city(boxes)
    scene.set_camera(scene.home_camera(WIDTH / HEIGHT))
    return scene


def polygon(*corners: tuple[float, float]) -> np.ndarray:
    return np.array(corners, float)


WHOLE = polygon((0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT))


def picked(scene: CityScene, low: tuple[int, int], high: tuple[int, int]) -> Counter[int]:
    """Pixels by building, from one ray for each."""
    hits = (scene.pick(x, y, WIDTH, HEIGHT) for x in range(low[0], high[0] + 1) for y in range(low[1], high[1] + 1))
    return Counter(hit.building for hit in hits if hit is not None)


def agree(scene: CityScene, low: tuple[int, int], high: tuple[int, int]) -> set[int]:
    """The rows that the region gives; they are those that rays find, but for single pixels at the rim."""
    box = polygon(low, (high[0], low[1]), high, (low[0], high[1]))
    found = set(rows_in_polygon(scene, box, WIDTH, HEIGHT).tolist())
    inner = picked(scene, low, high)
    outer = picked(scene, (low[0] - 1, low[1] - 1), (high[0] + 1, high[1] + 1))
    assert {row for row, count in inner.items() if count > 2} <= found <= set(outer)
    return found


def test_a_region_takes_what_rays_find(scene: CityScene) -> None:
    random = np.random.default_rng(3)
    home, rows = scene.camera, set()
    cameras = [home, home.zoomed(0.3), home.seen_from(150, 4).zoomed(0.25), home.seen_from(20, 90)]
    for camera in [*cameras, replace(home, parallel=True), replace(cameras[2], parallel=True)]:
        scene.set_camera(camera)
        for _ in range(2):
            low = random.integers((2, 2), (WIDTH - 30, HEIGHT - 18))
            rows |= agree(scene, tuple(low.tolist()), tuple((low + random.integers(4, 26, 2) * (1, 0.6)).astype(int)))
    assert len(rows) > 5


def test_inside_a_building_what_is_behind_the_eye_is_not_taken(scene: CityScene) -> None:
    looking = scene.camera.seen_from(180, 2).focused(np.array([5.0, 40.0, 3.0]))
    scene.set_camera(replace(looking, distance_m=36.0))
    agree(scene, (4, 4), (60, 36))


def test_covered_hidden_faint_and_cut_buildings(scene: CityScene) -> None:
    scene.set_camera(replace(scene.camera.seen_from(0, 2), parallel=True))  # the highest stand in front
    through = rows_in_polygon(scene, WHOLE, WIDTH, HEIGHT, visible_only=False).tolist()
    seen = rows_in_polygon(scene, WHOLE, WIDTH, HEIGHT).tolist()
    assert through == list(range(9))
    assert set(seen) == {6, 7, 8}
    scene.hide([0, 1])
    scene.isolate([1, 2, 3, 4])
    assert rows_in_polygon(scene, WHOLE, WIDTH, HEIGHT, visible_only=False).tolist() == [2, 3, 4]
    assert set(agree(scene, (2, 2), (60, 38))) == {2, 3, 4}
    scene.show_all()
    middle = scene.city.bounds_m[0][4]
    scene.cut = Cut((CutPlane.upright(middle, 0.0),))
    assert rows_in_polygon(scene, WHOLE, WIDTH, HEIGHT, visible_only=False).tolist() == [3, 4, 5, 6, 7, 8]
    agree(scene, (2, 2), (60, 38))


def test_a_city_too_small_for_pixels_is_taken_by_its_middle(scene: CityScene) -> None:
    scene.set_camera(scene.camera.zoomed(60.0))
    assert len(rows_in_polygon(scene, WHOLE, WIDTH, HEIGHT)) == 9
    x, y = WIDTH / 2, HEIGHT / 2
    assert not len(rows_in_polygon(scene, polygon((0, 0), (x - 9, 0), (x - 9, y - 9), (0, y - 9)), WIDTH, HEIGHT))


def test_regions_that_are_none(scene: CityScene) -> None:
    for corners in ([], [(3, 3)], [(3, 3), (9, 9)], [(-9, -9), (-2, -9), (-2, -2)], [(99, 9), (99, 12), (120, 12)]):
        assert not len(rows_in_polygon(scene, polygon(*corners), WIDTH, HEIGHT))
    beyond = polygon((-50, -50), (500, -50), (500, 500), (-50, 500))
    assert len(rows_in_polygon(scene, beyond, WIDTH, HEIGHT, visible_only=False)) == 9


def test_the_short_way_through_the_triangles_takes_the_same(scene: CityScene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most triangles are drawn from points that were projected once, or not at all; here each is cut and projected."""
    straight = row_raster.project

    def as_if_all_were_cut(*arguments: Any) -> None:
        straight(*arguments)
        arguments[9][:] = False

    random, home, sizes = np.random.default_rng(11), scene.camera, set()
    for number in range(24):
        camera = home.seen_from(random.uniform(0, 360), random.choice([-10, 2, 35, 80])).zoomed(
            random.choice([0.1, 0.5, 3])
        )
        scene.set_camera(replace(camera, parallel=number % 3 == 0))
        scene.cut = (
            Cut((CutPlane.upright(scene.city.bounds_m[0][4], float(number * 20)),)) if number % 4 == 1 else Cut()
        )
        region = random.uniform(-0.2, 1.2, (random.integers(3, 7), 2)) * (400, 250)
        for visible in (True, False):
            found = rows_in_polygon(scene, region, 400, 250, visible).tolist()
            with monkeypatch.context() as patch:
                patch.setattr(row_raster, "project", as_if_all_were_cut)
                assert rows_in_polygon(scene, region, 400, 250, visible).tolist() == found
            sizes.add(len(found))
    assert len(sizes) > 3
