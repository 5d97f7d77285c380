"""The sky behind the city: the colour of the direction that a pixel looks in, wherever the eye is."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.palette import DARK, LIGHT
from citytwin_desktop.scene.sky import STEPS, palette_at
from citytwin_desktop.scene.sky_dome import HEIGHTS, sky_colours

SIZE = (320, 200)


def drawn(scene: CityScene) -> np.ndarray:
    scene.plotter.render()
    return np.asarray(scene.plotter.screenshot(return_img=True)).astype(int)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_pixel_shows_the_colour_of_its_direction(plotter: Any, theme: str) -> None:
    scene = CityScene(plotter, theme)
    for elevation in (-60.0, -12.0, 0.0, 3.0, 25.0, 60.0, 90.0):
        for angle in (30.0, 100.0):
            camera = OrbitCamera((400.0, -90.0, 5.0), 800.0, 37.0, elevation, angle)
            scene.set_camera(camera)
            picture = drawn(scene)
            for y in range(3, SIZE[1], 24):
                for x in (2, 95, 160, 317):
                    expected = sky_colours(np.array(camera.ray(x, y, *SIZE)[1][2]), scene.palette).astype(int)
                    assert np.abs(picture[y, x] - expected).max() <= 2, (elevation, angle, x, y)


def test_between_two_rings_the_colour_runs_straight() -> None:
    heights = np.linspace(-1.0, 1.0, 4001)
    for palette in (palette_at(theme, step) for theme in (DARK, LIGHT) for step in range(len(STEPS))):
        rings = sky_colours(HEIGHTS, palette).astype(float)
        shown = np.stack([np.interp(heights, HEIGHTS, rings[:, channel]) for channel in range(3)], axis=1)
        assert np.abs(shown - sky_colours(heights, palette)).max() <= 3.0


def test_a_parallel_view_has_one_colour_behind_it(plotter: Any, boxes: CityModel) -> None:
    scene = CityScene(plotter)
    scene.set_city(boxes)
    home = replace(scene.home_camera(1.6), parallel=True)
    for elevation in (35.0, 2.0, -30.0):
        camera = home.seen_from(10, elevation)
        scene.set_camera(camera)
        picture = drawn(scene)
        expected = sky_colours(np.array(-camera.axes[2, 2]), scene.palette).astype(int)
        assert np.abs(picture[[2, 2], [2, 317]] - expected).max() <= 1
    scene.set_camera(replace(camera, parallel=False))
    assert np.ptp(drawn(scene)[:, 2].sum(axis=1)) > 10


def test_the_sky_takes_no_part_in_framing(plotter: Any, boxes: CityModel) -> None:
    scene = CityScene(plotter)
    scene.set_city(boxes)
    near, far = scene.renderer.GetActiveCamera().GetClippingRange()
    assert far < 5000.0
    assert near > 0.5
    assert np.abs(scene.renderer.ComputeVisiblePropBounds()).max() < 1000.0
