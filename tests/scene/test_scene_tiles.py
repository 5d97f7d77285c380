import numpy as np
import pytest

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.scene.tiles import build_tiles, split_buildings


def test_split_puts_every_row_in_one_group() -> None:
    centres = np.random.default_rng(3).uniform(0, 1000, (2500, 2))
    groups = split_buildings(centres, 300)
    assert max(len(group) for group in groups) <= 300
    assert sorted(np.concatenate(groups)) == list(range(2500))


def test_neighbours_share_a_group() -> None:
    centres = np.column_stack([np.arange(8.0), np.zeros(8)])
    assert [sorted(group) for group in split_buildings(centres, 4)] == [[0, 1, 2, 3], [4, 5, 6, 7]]


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_tiles_hold_every_surface_once(boxes: CityModel, limit: int) -> None:
    areas = np.zeros(len(boxes.surfaces))
    for tile in build_tiles(boxes, limit):
        a, b, c = (tile.points[tile.triangles[:, corner]].astype(float) for corner in range(3))
        np.add.at(areas, tile.triangle_surface, np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2.0)
    assert areas == pytest.approx(boxes.surfaces.polygons.areas_m2, rel=1e-6)


def test_a_box_has_twelve_edges(boxes: CityModel) -> None:
    tiles = build_tiles(boxes, 4)
    owners = np.concatenate([tile.edge_building for tile in tiles])
    assert np.bincount(owners).tolist() == [12] * 9


def test_a_box_stands_on_four_of_them(boxes: CityModel) -> None:
    for tile in build_tiles(boxes, 4):
        heights, first_foot = tile.points[tile.edges][:, :, 2], tile.features.first_foot
        assert (heights[first_foot:] == 0.0).all()
        assert (heights[:first_foot] > 0.0).any(axis=1).all()
        assert np.bincount(tile.features.place[first_foot:]).tolist() == [4] * len(tile.rows)
        assert tile.closed.all()


def test_edges_are_found_when_they_are_asked_for(boxes: CityModel) -> None:
    here = build_tiles(boxes, 4)[1]
    assert not here.features.found
    expected = build_tiles(boxes, 4)[1].edges
    # The city before them lost its first row; the tile never looks into it again.
    shorter = boxes.without_buildings([str(boxes.buildings.ids[0])])
    assert 0 not in here.rows
    moved = here.renumbered(here.rows - 1, shorter.surfaces)
    assert not moved.features.found
    np.testing.assert_array_equal(moved.edges, expected)
    assert moved.features.found
    assert (moved.edge_building >= 0).all()


def test_empty_city_has_no_tiles() -> None:
    assert build_tiles(CityModel()) == []
