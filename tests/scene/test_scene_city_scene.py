from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.colour_maps import ColourScale, colour_table
from citytwin_desktop.scene.palette import DARK, LIGHT
from citytwin_desktop.scene.stale_hatch import keep_hatch

SIZE = (320, 200)


@pytest.fixture
def scene(boxes: CityModel, plotter: Any) -> CityScene:
    result = CityScene(plotter, "dark")
    result.set_city(boxes)
    result.set_camera(result.home_camera(SIZE[0] / SIZE[1]))
    return result


def picture(scene: CityScene) -> np.ndarray:
    scene.plotter.render()
    return np.asarray(scene.plotter.screenshot(return_img=True)).astype(int)


def roof_pixel(scene: CityScene, row: int) -> tuple[int, int]:
    surfaces = scene.city.surfaces
    roof = np.flatnonzero((surfaces.building == row) & (surfaces.kind == SurfaceKind.ROOF))[0]
    x, y = scene.camera.pixel(surfaces.polygons.centroids[roof], *SIZE)
    return round(x), round(y)


def test_every_roof_is_picked_where_it_is_drawn(scene: CityScene) -> None:
    for row in range(9):
        pick = scene.pick(*roof_pixel(scene, row), *SIZE)
        assert pick is not None
        assert pick.building == row
        assert scene.city.surfaces.kind[pick.surface] == SurfaceKind.ROOF


def test_ray_and_picture_agree(scene: CityScene) -> None:
    """A building that the ray names changes its colour under that very pixel when it is selected."""
    before = picture(scene)
    scene.select([4])
    changed = (np.abs(picture(scene) - before).sum(axis=2) > 60)[::2, ::2]
    hit = np.array(
        [
            [getattr(scene.pick(x, y, *SIZE), "building", -1) == 4 for x in range(0, SIZE[0], 2)]
            for y in range(0, SIZE[1], 2)
        ]
    )
    assert hit.sum() > 50
    # Edges of the selection are drawn a pixel or so beyond the faces.
    assert (changed & hit).sum() / hit.sum() > 0.97
    assert (changed & ~hit).sum() < 0.25 * hit.sum()


def test_sky_and_ground_are_no_building(scene: CityScene) -> None:
    assert scene.pick(2, 2, *SIZE) is None
    ground = scene.point_under(160, 195, *SIZE)
    assert ground is not None
    assert ground[2] == pytest.approx(0.0, abs=1e-6)


def test_picks_go_through_hidden_and_ghost_buildings(scene: CityScene) -> None:
    x, y = roof_pixel(scene, 0)
    scene.hide([0])
    assert getattr(scene.pick(x, y, *SIZE), "building", None) != 0
    scene.show_all()
    scene.isolate([8])
    assert getattr(scene.pick(x, y, *SIZE), "building", None) is None
    scene.show_all()
    assert scene.pick(x, y, *SIZE).building == 0


def test_hidden_building_is_not_drawn(scene: CityScene) -> None:
    x, y = roof_pixel(scene, 0)
    before = picture(scene)[y, x]
    scene.hide([0])
    after = picture(scene)[y, x]
    assert before.sum() > 400
    assert after.sum() < 250


def test_roofs_show_the_colours_of_the_legend(scene: CityScene) -> None:
    owner = scene.city.surfaces.building
    values = (owner / 8.0).astype(np.float32)
    scene.paint_values(values, None, ColourScale("viridis", 0.0, 1.0))
    pixels = picture(scene)
    for row in (0, 4, 8):
        x, y = roof_pixel(scene, row)
        expected = colour_table("viridis")[min(row * 32, 255)].astype(float)
        shown = pixels[y, x].astype(float)
        # Lit a little (ambient 0.72): the hue is the legend's, the brightness within a third of it.
        assert shown / shown.sum() == pytest.approx(expected / expected.sum(), abs=0.06)
        assert shown.sum() == pytest.approx(expected.sum(), rel=0.34)


def test_stale_roofs_are_hatched(scene: CityScene) -> None:
    values = np.full(len(scene.city.surfaces), 0.2, np.float32)
    x, y = roof_pixel(scene, 4)
    area = (slice(y - 6, y + 7), slice(x - 6, x + 7))
    scene.show_edges(False)
    scene.paint_values(values, None, ColourScale("viridis", 0.0, 1.0))
    plain = picture(scene)[area]
    scene.paint_values(values, np.ones(len(values), bool), ColourScale("viridis", 0.0, 1.0))
    hatched = picture(scene)[area]
    assert plain.std(axis=(0, 1)).max() < 2
    assert hatched.std(axis=(0, 1)).max() > 15


def test_the_hatch_is_as_wide_on_a_screen_of_twice_the_resolution(scene: CityScene) -> None:
    keep_hatch(scene)
    scene.show_edges(False)
    count = len(scene.city.surfaces)
    scene.paint_values(np.zeros(count, np.float32), np.ones(count, bool), ColourScale("viridis", 0.0, 1.0))

    def amber() -> np.ndarray:
        shown = picture(scene)
        return np.asarray(shown[..., 0] > shown[..., 2] + 60)

    once, usual = amber(), scene.plotter.render_window.GetDPI()
    scene.plotter.render_window.SetDPI(2 * usual)
    twice = amber()
    assert twice.sum() == pytest.approx(once.sum(), rel=0.25)
    # As much of it in lines of twice the width: half as many ends.
    assert np.diff(twice, axis=1).sum() == pytest.approx(0.5 * np.diff(once, axis=1).sum(), rel=0.25)


def test_frames_are_counted_only_when_drawn(scene: CityScene) -> None:
    picture(scene)
    before = scene.frames_drawn
    scene.select([1])
    scene.hide([2])
    assert scene.frames_drawn == before
    scene.plotter.render()
    assert scene.frames_drawn == before + 1


def test_meshes_stay_when_only_columns_change(scene: CityScene, boxes: CityModel) -> None:
    tiles = scene.tiles
    scene.set_city(replace(boxes, metadata={"title": "edited"}))
    assert scene.tiles is tiles
    scene.set_city(boxes.without_buildings(["B0"]))
    assert scene.tiles is not tiles
    assert scene.pick(*roof_pixel(scene, 0), *SIZE).building == 0
    assert scene.city.buildings.ids[0] == "B1"


def test_themes_differ_and_keep_the_selection(scene: CityScene) -> None:
    scene.select([4])
    dark = picture(scene)
    scene.set_theme("light")
    light = picture(scene)
    assert light[190, 5].mean() > dark[190, 5].mean() + 80
    x, y = roof_pixel(scene, 4)
    assert light[y, x, 2] > light[y, x, 0] + 30
    assert (DARK.selection, LIGHT.selection) == ((53, 198, 255), (0, 159, 227))


def test_context_is_drawn_and_can_be_switched_off(scene: CityScene, boxes: CityModel) -> None:
    ring = np.array([[60.0, -40.0, 0.0], [90.0, -40.0, 0.0], [90.0, 60.0, 0.0], [60.0, 60.0, 0.0]])
    water = ContextLayer("Canal", ContextKind.WATER, Polygons.from_rings([[ring]]))
    bare = picture(scene)
    scene.set_city(replace(boxes, context=(water,)))
    with_water = picture(scene)
    assert (np.abs(with_water - bare).sum(axis=2) > 8).sum() > 100
    scene.show_context("Canal", False)
    assert (np.abs(picture(scene) - bare).sum(axis=2) > 8).sum() < 20


def test_view_state_round_trip(scene: CityScene) -> None:
    scene.hide([3])
    scene.isolate([1, 2])
    scene.set_camera(scene.camera.orbited(20.0, 5.0))
    state = scene.view_state()
    camera = scene.camera
    scene.show_all()
    scene.set_camera(scene.camera.zoomed(0.5))
    scene.restore_view(state | {"hidden": ["B3", "gone"]})
    assert scene.camera == camera
    assert scene.view_state() == state


def test_empty_city_can_be_drawn(plotter: Any) -> None:
    scene = CityScene(plotter, "light")
    assert scene.pick(10, 10, *SIZE) is None
    assert picture(scene).mean() > 150


def test_edges_that_are_off_stay_off_in_another_theme(scene: CityScene) -> None:
    scene.show_edges(False)
    scene.set_theme("light")
    assert not any(lines.actor.GetVisibility() for tile in scene.tiles for lines in tile.lines)


def test_a_restored_view_shows_the_layers_that_it_does_not_hide(scene: CityScene, boxes: CityModel) -> None:
    ring = np.array([[60.0, -40.0, 0.0], [90.0, -40.0, 0.0], [90.0, 60.0, 0.0], [60.0, 60.0, 0.0]])
    polygons = Polygons.from_rings([[ring]])
    layers = (ContextLayer("Canal", ContextKind.WATER, polygons), ContextLayer("Street", ContextKind.ROAD, polygons))
    scene.set_city(replace(boxes, context=layers))
    scene.show_context("Street", False)
    scene.restore_view({"context_hidden": ["Canal"]})
    assert scene.view_state()["context_hidden"] == ["Canal"]
    assert [bool(actor.GetVisibility()) for name, actor in scene.ground.layers if name == "Street"] == [True]
