from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.preview import MOST_GHOST_SURFACES, CityPreview, boxes, last_frame_s


@pytest.fixture
def scene(plotter: Any, boxes: CityModel) -> CityScene:
    result = CityScene(plotter)
    result.set_city(boxes)
    result.set_camera(result.home_camera(1.6))
    return result


def picture(plotter: Any) -> np.ndarray:
    plotter.render()
    return np.asarray(plotter.screenshot(None, return_img=True)).astype(int)


def test_a_ghost_is_drawn_moved_and_gone_while_the_tiles_stay_as_they_are(plotter: Any, scene: CityScene) -> None:
    plotter.show(auto_close=False)
    before, tiles = picture(plotter), [tile.surface_data.GetMTime() for tile in scene.tiles]
    preview = CityPreview(scene)
    preview.show_buildings(np.array([4]))
    preview.place(np.array([0.0, 0.0, 12.0]))
    with_ghost = picture(plotter)
    assert (np.abs(with_ghost - before).sum(axis=2) > 40).sum() > 100
    preview.place(np.array([25.0, 0.0, 12.0]))
    assert (np.abs(picture(plotter) - with_ghost).sum(axis=2) > 40).sum() > 100
    preview.show(False)
    # A pixel here and there: the far plane of the camera still makes room for the ghost.
    assert (np.abs(picture(plotter) - before).sum(axis=2) > 40).sum() < 10
    preview.show(True)
    preview.clear()
    assert np.abs(picture(plotter) - before).max() <= 2
    assert [tile.surface_data.GetMTime() for tile in scene.tiles] == tiles
    assert last_frame_s(scene) > 0.0


def test_a_ghost_survives_a_scene_that_is_made_anew(plotter: Any, scene: CityScene) -> None:
    preview = CityPreview(scene)
    preview.show_buildings(np.array([0]))
    scene.set_theme("light")
    assert not any(actor is preview._body for actor in scene.renderer.GetActors())
    preview.enter()
    assert any(actor is preview._body for actor in scene.renderer.GetActors())


def test_place_turns_about_a_place_and_then_moves(scene: CityScene) -> None:
    preview = CityPreview(scene)
    preview.show_buildings(np.array([4]))  # stands between (25, 25) and (35, 35)
    preview.place(np.array([100.0, 0.0, 5.0]), 90.0, np.array([25.0, 25.0]))
    corners = preview.polygons.vertices
    assert corners.min(axis=0) == pytest.approx([115.0, 25.0, 5.0])
    assert corners.max(axis=0) == pytest.approx([125.0, 35.0, 15.0])
    assert preview.edges_m.reshape(-1, 3).min(axis=0) == pytest.approx([115.0, 25.0, 5.0])


def test_of_a_huge_selection_only_boxes_are_drawn(
    scene: CityScene, boxes: CityModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_GHOST_SURFACES > 10_000
    monkeypatch.setattr("citytwin_desktop.scene.preview.MOST_GHOST_SURFACES", 3)
    preview = CityPreview(scene)
    preview.show_buildings(np.arange(9))
    assert len(preview.polygons) == 9 * 5
    _, high = boxes.bounds_m
    assert preview.polygons.vertices.max(axis=0) == pytest.approx(high.max(axis=0))


def test_boxes_look_outward_and_leave_out_rows_without_geometry() -> None:
    low, high = np.array([[0.0, 0, 0], [np.nan] * 3]), np.array([[2.0, 3, 4], [np.nan] * 3])
    made = boxes(low, high)
    assert made.area_vectors_m2.tolist() == [[0, -8, 0], [12, 0, 0], [0, 8, 0], [-12, 0, 0], [0, 0, 6]]
    assert len(boxes(low[1:], high[1:])) == 0
