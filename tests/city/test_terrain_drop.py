"""Heights of the ground, and buildings set down on it, against planes known in closed form."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.city.terrain_drop import TerrainDrop, TerrainSurface, building_groups, moved_up

SLOPE = (0.1, -0.05, 10.0)


def plane(xy: Any) -> Any:
    return SLOPE[0] * xy[..., 0] + SLOPE[1] * xy[..., 1] + SLOPE[2]


def terrain(side_m: float = 100.0, cells: int = 10) -> ContextLayer:
    ticks = np.linspace(0.0, side_m, cells + 1)
    triangles = []
    for x0, x1 in pairwise(ticks):
        for y0, y1 in pairwise(ticks):
            corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
            points = np.column_stack([corners, plane(corners)])
            triangles += [[points[[0, 1, 2]]], [points[[0, 2, 3]]]]
    return ContextLayer("Terrain", ContextKind.TERRAIN, Polygons.from_rings(triangles))


def city(boxes: list[tuple[str, str, float, float, float]], context: tuple[ContextLayer, ...]) -> CityModel:
    """Floors and roofs of 10 m × 8 m, from id, parent, x, y and base."""
    rings, kinds, owners = [], [], []
    for row, (_, _, x, y, z) in enumerate(boxes):
        ring = np.array([[x, y, z], [x + 10, y, z], [x + 10, y + 8, z], [x, y + 8, z]])
        rings += [[ring[::-1]], [ring + np.array([0.0, 0.0, 6.0])]]
        kinds += [SurfaceKind.GROUND, SurfaceKind.ROOF]
        owners += [row, row]
    names = np.array([f"s{k}" for k in range(len(kinds))], object)
    surfaces = Surfaces(Polygons.from_rings(rings), np.array(kinds, np.uint8), np.array(owners, np.int64), names)
    ids, parents = (np.array([box[k] for box in boxes], object) for k in (0, 1))
    return CityModel(28992, (0, 0, 0), Buildings({"id": ids, "parent_id": parents}), surfaces, context)


def test_heights_are_those_of_the_plane_and_nan_outside() -> None:
    surface = TerrainSurface.of(city([("A", "", 0, 0, 0)], (terrain(),)))
    assert surface is not None
    xy = np.random.default_rng(5).uniform(0.0, 100.0, (2_000, 2))
    assert surface.height_at(xy) == pytest.approx(plane(xy), abs=1e-9)
    assert np.isnan(surface.height_at(np.array([[-1.0, 5.0], [50.0, 100.1]]))).all()
    assert surface.height_at(np.zeros((0, 2))).shape == (0,)


def test_the_highest_of_two_layers_counts_and_upright_triangles_do_not() -> None:
    upper = Polygons.from_rings([[np.array([[0, 0, 90.0], [50, 0, 90.0], [0, 50, 90.0]])]])
    wall = Polygons.from_rings([[np.array([[60, 60, 0.0], [70, 60, 0.0], [70, 60, 500.0]])]])
    layers = (terrain(), ContextLayer("x", ContextKind.TERRAIN, Polygons.concatenate([upper, wall])))
    surface = TerrainSurface.of(city([("A", "", 0, 0, 0)], layers))
    assert surface is not None
    found = surface.height_at(np.array([[10.0, 10.0], [65.0, 60.0]]))
    assert found == pytest.approx([90.0, plane(np.array([65.0, 60.0]))])


def test_a_building_comes_to_the_lowest_ground_under_its_outline() -> None:
    boxes = [("A", "", 20.0, 30.0, 0.0), ("B", "", 50.0, 60.0, 40.0), ("C", "", 200.0, 0.0, 7.0)]
    made = city(boxes, (terrain(),))
    drop = TerrainDrop.of(made)
    lowest = [plane(np.array([box[2], box[3] + 8.0])) for box in boxes]
    assert drop.offsets_m == pytest.approx([lowest[0], lowest[1] - 40.0, 0.0])
    assert drop.off_terrain.tolist() == [False, False, True]
    moved = moved_up(made, drop.offsets_m)
    assert moved.bounds_m[0][:2, 2] == pytest.approx(lowest[:2])
    assert (moved.bounds_m[1] - moved.bounds_m[0])[:, 2] == pytest.approx(6.0)
    assert moved.surfaces.polygons.vertices[:, :2].tobytes() == made.surfaces.polygons.vertices[:, :2].tobytes()
    assert np.abs(TerrainDrop.of(moved).offsets_m).max() < 1e-9, "what stands on the ground stays"


def test_parts_move_together() -> None:
    boxes = [
        ("A", "", 20.0, 30.0, 5.0),
        ("A1", "A", 30.0, 30.0, 8.0),
        ("A2", "A1", 40.0, 30.0, 9.0),
        ("B", "", 70.0, 70.0, 0.0),
    ]
    made = city(boxes, (terrain(),))
    assert building_groups(made).tolist() == [0, 0, 0, 3]
    offsets = TerrainDrop.of(made, np.array([2])).offsets_m
    assert offsets[:3] == pytest.approx(plane(np.array([20.0, 38.0])) - 5.0)
    assert offsets[3] == 0.0, "it was not asked for"


def test_a_dip_between_corners_counts() -> None:
    edge = np.array([[0, 0, 5.0], [0, 100, 5.0], [55, 50, 0.0], [110, 0, 5.0], [110, 100, 5.0]])
    rings = [[edge[[0, 2, 1]]], [edge[[0, 3, 2]]], [edge[[3, 4, 2]]], [edge[[1, 2, 4]]]]
    layer = ContextLayer("t", ContextKind.TERRAIN, Polygons.from_rings(rings))
    made = city([("A", "", 50.0, 50.0, 0.0)], (layer,))
    assert TerrainDrop.of(made).offsets_m == pytest.approx([0.0], abs=1e-9)
    assert TerrainSurface.of(city([("A", "", 0, 0, 0)], ())) is None
    assert TerrainDrop.of(city([("A", "", 0, 0, 0)], ())).offsets_m.tolist() == [0.0]


def test_what_floats_above_a_flat_map_goes_on_floating_above_the_ground() -> None:
    made = city([("A", "", 20.0, 30.0, 4.0), ("B", "", 50.0, 60.0, 0.0), ("C", "", 200.0, 0.0, 4.0)], (terrain(),))
    drop = TerrainDrop.of(made, base_m=0.0)
    lowest = [plane(np.array([x, y + 8.0])) for x, y in ((20.0, 30.0), (50.0, 60.0))]
    assert drop.offsets_m == pytest.approx([*lowest, 0.0])
    assert drop.off_terrain.tolist() == [False, False, True]
    assert moved_up(made, drop.offsets_m).bounds_m[0][:2, 2] == pytest.approx([lowest[0] + 4.0, lowest[1]])
