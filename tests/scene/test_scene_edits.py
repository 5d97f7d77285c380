"""A scene that follows edits draws what a scene made from the edited city draws, and leaves the other tiles alone."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene import mesh_actors, selection_outlines, tiles
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.tile_set import TileSet

WIDTH, HEIGHT = 320, 200


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles of two buildings."""
    monkeypatch.setattr("citytwin_desktop.scene.tile_set.build_tiles", lambda city: tiles.build_tiles(city, 2))


def raised(city: CityModel, row: int, by_m: float) -> CityModel:
    """One box higher."""
    surfaces = city.at_rows(np.array([row])).surfaces
    vertices = surfaces.polygons.vertices.copy()
    vertices[vertices[:, 2] > 1.0, 2] += by_m
    changed = replace(surfaces, polygons=replace(surfaces.polygons, vertices=vertices))
    return city.with_surfaces(np.array([row]), changed)


def named(city: CityModel, row: int, name: str, shift_m: tuple[float, float]) -> CityModel:
    """A copy of one box under another name, elsewhere, as a fragment."""
    one = city.at_rows(np.array([row]))
    polygons = one.surfaces.polygons.moved(np.array([*shift_m, 0.0]))
    columns = {**one.buildings.columns, "id": np.array([name], object), "fid": np.array([99.0])}
    return replace(one, buildings=Buildings(columns), surfaces=replace(one.surfaces, polygons=polygons))


def picture(scene: CityScene) -> np.ndarray:
    scene.set_camera(scene.home_camera(WIDTH / HEIGHT))
    scene.plotter.render()
    return np.asarray(scene.plotter.screenshot(return_img=True)).astype(int)


def differing(one: np.ndarray, other: np.ndarray) -> float:
    """Share of pixels; the order in which lines are drawn decides some on edges, and the soft shadow is not exact."""
    return float((np.abs(one - other).max(axis=2) > 16).mean())


def fresh(plotter: Any, city: CityModel) -> CityScene:
    scene = CityScene(plotter)
    scene.set_city(city)
    return scene


def anew(scene: CityScene, city: CityModel) -> CityScene:
    """The same scene with everything made from the city as it is."""
    scene.set_city(CityModel())
    scene.set_city(city)
    return scene


def scaled(city: CityModel) -> CityModel:
    fids = np.arange(1.0, 1.0 + len(city.buildings))
    return replace(city, buildings=Buildings({**city.buildings.columns, "fid": fids}))


@pytest.mark.parametrize("edit", ["raise", "remove", "add", "exchange"])
def test_an_edit_draws_what_a_new_scene_draws(edit: str, boxes: CityModel, plotter: Any) -> None:
    city = scaled(boxes)
    scene = fresh(plotter, city)
    scene.select([4, 7])
    before = list(scene.tiles)
    after, ids = {
        "raise": lambda: (raised(city, 4, 9.0), {"B4"}),
        "remove": lambda: (city.without_buildings(["B0", "B4"]), {"B0", "B4"}),
        "add": lambda: (city.with_buildings(named(city, 3, "N", (80.0, 0.0))), {"N"}),
        "exchange": lambda: (
            city.without_buildings(["B8"]).with_buildings(named(city, 8, "B8", (30.0, 5.0))),
            {"B8"},
        ),
    }[edit]()
    scene.follow_edit(after, ids)
    assert 0 < len([tile for tile in scene.tiles if tile in before]) < len(before), "only some tiles are made anew"
    followed = picture(scene)
    points = [(x, y) for x in range(20, WIDTH, 30) for y in range(20, HEIGHT, 20)]
    picks = [scene.pick(x, y, WIDTH, HEIGHT) for x, y in points]
    again = anew(scene, after)
    again.select([after.buildings.row(name) for name in ("B4", "B7") if name in after.buildings])
    assert differing(picture(again), followed) < 0.004
    for (x, y), pick in zip(points, picks, strict=True):
        other = again.pick(x, y, WIDTH, HEIGHT)
        assert (pick is None) == (other is None)
        if pick is not None and other is not None:
            assert pick.building == other.building
            assert pick.point == pytest.approx(other.point, abs=1e-4)
            assert after.surfaces.building[pick.surface] == pick.building


def test_values_after_an_edit_reach_their_surfaces(boxes: CityModel, plotter: Any) -> None:
    scene = fresh(plotter, scaled(boxes))
    after = scaled(boxes).without_buildings(["B0"])
    scene.follow_edit(after, {"B0"})
    values = after.surfaces.building.astype(np.float32)
    scene.paint_values(values, None, ColourScale("viridis", 0.0, 7.0))
    followed = picture(scene)
    again = anew(scene, after)
    again.paint_values(values, None, ColourScale("viridis", 0.0, 7.0))
    assert differing(picture(again), followed) < 0.004


def test_hidden_and_isolated_buildings_stay_so(boxes: CityModel, plotter: Any) -> None:
    scene = fresh(plotter, scaled(boxes))
    scene.hide([5])
    scene.isolate([6, 7])
    after = scaled(boxes).without_buildings(["B0"])
    scene.follow_edit(after, {"B0"})
    assert scene.view_state()["hidden"] == ["B5"]
    assert scene.view_state()["isolated"] == ["B6", "B7"]


def test_every_row_is_in_one_tile_after_many_edits(boxes: CityModel) -> None:
    from citytwin_desktop.scene.palette import PALETTES
    from citytwin_desktop.scene.tile_set import row_mapping

    city = scaled(boxes)
    held = TileSet(city, PALETTES["dark"])
    for number, name in enumerate(["B3", "B8", "B0", "B1"]):
        after = city.without_buildings([name])
        if number % 2:
            after = after.with_buildings(named(city, city.buildings.row("B4"), f"N{number}", (9.0 * number, 90.0)))
        touched = np.array([str(name).startswith("N") and str(name) == f"N{number}" for name in after.buildings.ids])
        held.follow(after, row_mapping(city, after), touched)
        city = after
        rows = np.sort(np.concatenate([tile.mesh.rows for tile in held.tiles]))
        assert rows.tolist() == city.rows_with_geometry.tolist()
        surfaces = np.sort(np.concatenate([tile.mesh.surfaces for tile in held.tiles]))
        assert surfaces.tolist() == list(range(len(city.surfaces)))


def test_only_tiles_with_other_colours_are_written(
    boxes: CityModel, plotter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = CityScene(plotter)
    scene.set_city(boxes)
    wrote: list[set[int]] = []
    write = mesh_actors.TileActors.write_surfaces

    def watched(tile: Any, *colours: Any) -> None:
        wrote.append(set(tile.mesh.rows.tolist()))
        write(tile, *colours)

    monkeypatch.setattr(mesh_actors.TileActors, "write_surfaces", watched)
    scene.paint_model()
    assert wrote == []
    scene.select([4])
    assert len(wrote) == 1
    assert 4 in wrote.pop()
    scene.select([4])
    assert wrote == []
    scene.follow_edit(raised(boxes, 4, 2.0), ["B4"])
    assert [4 in rows for rows in wrote] == [True]
    wrote.clear()
    # Values lie otherwise than the model's colours everywhere.
    values = np.linspace(0.0, 1.0, len(boxes.surfaces)).astype(np.float32)
    scene.paint_values(values, None, ColourScale("viridis", 0.0, 1.0, 0))
    assert set().union(*wrote) == set(range(9))


def test_a_crowd_is_outlined_only_where_edges_are_shown(
    boxes: CityModel, plotter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection_outlines, "MOST_OUTLINED", 2)
    scene = CityScene(plotter)
    scene.set_city(boxes)
    near = scene.home_camera(WIDTH / HEIGHT)
    scene.set_camera(near.zoomed(1000.0))
    lines = scene.highlight_actors[1]
    scene.select(range(9))
    assert not lines.GetVisibility()
    scene.set_camera(near)
    assert lines.GetVisibility()
    every = lines.GetMapper().GetInput().GetNumberOfLines()
    assert every == sum(len(tile.mesh.edges) for tile in scene.tiles)
    scene.set_camera(near.zoomed(1000.0))
    scene.select([1, 2])
    assert lines.GetMapper().GetInput().GetNumberOfLines() * 9 == every * 2
