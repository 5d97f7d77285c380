"""A second scene of the same city shares all that is no colour, and draws what the first draws."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import pyvista

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene import tiles
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.twin_scene import TwinScene


@pytest.fixture
def pair(plotter: Any, boxes: CityModel, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[CityScene, TwinScene]]:
    monkeypatch.setattr("citytwin_desktop.scene.tile_set.build_tiles", lambda city: tiles.build_tiles(city, 2))
    fids = np.arange(1.0, 1.0 + len(boxes.buildings))
    first = CityScene(plotter)
    first.set_city(replace(boxes, buildings=Buildings({**boxes.buildings.columns, "fid": fids})))
    beside = pyvista.Plotter(off_screen=True, window_size=[320, 200])
    beside.ren_win.SetMultiSamples(0)
    yield first, TwinScene(beside, first)
    beside.close()


def differing(*scenes: CityScene) -> float:
    """Share of pixels; the order in which lines are drawn decides some on edges."""
    pictures = []
    for scene in scenes:
        scene.set_camera(scenes[0].home_camera(1.6))
        scene.plotter.render()
        pictures.append(np.asarray(scene.plotter.screenshot(return_img=True)).astype(int))
    assert all((np.ptp(picture, axis=(0, 1)) > 40).all() for picture in pictures)
    return float((np.abs(pictures[0] - pictures[1]).max(axis=2) > 8).mean())


def moved(city: CityModel, row: int, shift_m: float) -> CityModel:
    surfaces = city.at_rows(np.array([row])).surfaces
    polygons = surfaces.polygons.moved(np.array([shift_m, 0.0, 0.0]))
    return city.with_surfaces(np.array([row]), replace(surfaces, polygons=polygons))


def test_a_twin_draws_what_the_first_draws_and_holds_nothing_twice(pair: tuple[CityScene, TwinScene]) -> None:
    first, twin = pair
    assert differing(first, twin) < 0.002
    for theirs, mine in zip(first.tiles, twin.tiles, strict=True):
        assert mine.mesh is theirs.mesh
        assert mine.surface_data.GetPoints() is theirs.surface_data.GetPoints()
        assert mine.surface_data.GetPolys() is theirs.surface_data.GetPolys()
    assert twin.picker is first.picker
    values = np.linspace(0.0, 1.0, len(first.city.surfaces)).astype(np.float32)
    twin.paint_values(values, None, ColourScale("viridis", 0.0, 1.0))
    assert differing(first, twin) > 0.05, "its colours are its own"
    first.paint_values(values, None, ColourScale("viridis", 0.0, 1.0))
    assert differing(first, twin) < 0.002


def test_a_twin_follows_edits_and_themes(pair: tuple[CityScene, TwinScene]) -> None:
    first, twin = pair
    city = moved(first.city, 4, 4.0)
    stay = [id(tile.mesh) for tile in twin.tiles]
    first.follow_edit(city, ["B4"])
    twin.follow_edit(city, ["B4"])
    assert len(set(stay) & {id(tile.mesh) for tile in twin.tiles}) == len(stay) - 1
    assert twin.ground._shadow.GetTexture().GetInput() is first.ground.shadow.actor.GetTexture().GetInput()
    assert differing(first, twin) < 0.002
    for scene in pair:
        scene.set_theme("light")
    assert differing(first, twin) < 0.002
    city = city.without_buildings(["B4"])
    for scene in pair:
        scene.follow_edit(city, ["B4"])
    assert differing(first, twin) < 0.002
