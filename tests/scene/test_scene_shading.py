"""Light on faces and the soft shadow on the ground, in numbers."""

from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.ground_shadow import FAINTEST, SQUARES, GroundShadow, _dark_squares
from citytwin_desktop.scene.lighting import HEADLIGHT_STRENGTH, SUN_STRENGTH
from citytwin_desktop.scene.mesh_actors import AMBIENT_MODEL
from citytwin_desktop.scene.palette import DARK

SIZE = (320, 200)


def test_faces_have_the_light_of_sun_and_headlight(plotter: Any, boxes: CityModel) -> None:
    scene = CityScene(plotter)
    scene.set_city(boxes)
    scene.show_edges(False)
    surfaces = boxes.surfaces
    place = np.array(scene.lighting.sun.GetPosition())
    sun = (place / np.linalg.norm(place), scene.lighting.sun.GetDiffuseColor(), SUN_STRENGTH)
    seen = 0
    for azimuth in (200.0, 100.0):
        scene.set_camera(scene.home_camera(1.6).seen_from(azimuth, 30.0))
        plotter.render()
        picture = np.asarray(plotter.screenshot(return_img=True)).astype(float)
        head = (scene.camera.axes[2], scene.lighting.headlight.GetDiffuseColor(), HEADLIGHT_STRENGTH)
        for surface in range(len(surfaces)):
            x, y = (round(place) for place in scene.camera.pixel(surfaces.polygons.centroids[surface], *SIZE))
            if not (0 <= x < SIZE[0] and 0 <= y < SIZE[1]):
                continue
            if getattr(scene.pick(x, y, *SIZE), "surface", -1) != surface:
                continue
            normal, lit = surfaces.polygons.normals[surface], np.zeros(3)
            for way, colour, strength in (sun, head):
                lit += max(float(normal @ way), 0.0) * np.array(colour) * strength
            share = AMBIENT_MODEL + (1.0 - AMBIENT_MODEL) * lit
            expected = np.minimum(np.array(DARK.model[SurfaceKind(surfaces.kind[surface])]) * share, 255.0)
            assert picture[y, x] == pytest.approx(expected, abs=2.0)
            seen += 1
    assert seen > 20


def test_the_sheet_of_the_soft_shadow_holds_all_that_is_seen_of_it(boxes: CityModel) -> None:
    shadow = GroundShadow(boxes, DARK)
    alpha = shadow._pixels[..., 1].copy()
    alpha[: len(alpha) // 2] = 0
    chosen = _dark_squares(alpha)[:, 0]
    row, column = chosen // (SQUARES + 1), chosen % (SQUARES + 1)
    covered = np.zeros((SQUARES, SQUARES), bool)
    covered[row, column] = True
    y, x = np.nonzero(alpha > FAINTEST)
    height, width = alpha.shape
    assert covered[((y + 0.5) * SQUARES / height).astype(int), ((x + 0.5) * SQUARES / width).astype(int)].all()
    assert 0 < covered.sum() < SQUARES * SQUARES / 2 + SQUARES


def test_the_sheet_follows_an_edit(boxes: CityModel) -> None:
    shadow = GroundShadow(boxes, DARK)
    before = shadow.actor.GetMapper().GetInput().GetNumberOfPolys()
    assert before > 20
    gone = boxes.without_buildings([f"B{row}" for row in range(3, 9)])
    shadow.follow(gone, boxes.bounds_m[0][:, :2].min(axis=0), boxes.bounds_m[1][:, :2].max(axis=0))
    assert shadow.actor.GetMapper().GetInput().GetNumberOfPolys() < 0.8 * before
