"""Cells: every point of a surface reads its own cell, and a pattern that is known appears where it should."""

from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.cell_atlas import NOTHING, CellAtlas, packed_rectangles
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.sim.solar.cell_maps import CellLayout

CELL_M = 2.5
MIDDLE_M = np.array([20.0, 15.0, 3.0])
WIDTH, HEIGHT = 320, 200
GROUND_M = 10.0
SCALE = ColourScale("viridis", 0.0, 1.0)


def frame_of(normal: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Axes, lower corner and extent of a plane, worked out apart from the engine."""
    level = np.array([1.0, 0.0, 0.0]) if abs(normal[2]) > 0.99 else np.cross([0.0, 0.0, 1.0], normal)
    level /= np.linalg.norm(level)
    up = np.cross(normal, level)
    along = np.stack([points @ level, points @ up], axis=1)
    return np.concatenate([level, up, along.min(axis=0)]), np.ptp(along, axis=0)


def layout_of(city: CityModel) -> CellLayout:
    """Cells of 2.5 m on all surfaces, and four squares of ground south of the boxes; floors have none."""
    polygons, frames, grids = city.surfaces.polygons, [], []
    for number in range(len(city.surfaces)):
        points = polygons.rings(number)[0] - MIDDLE_M
        frame, extent = frame_of(polygons.normals[number], points)
        grid = np.maximum(np.ceil(extent / CELL_M - 1e-6), 1)
        frames.append([*frame, *(grid / extent)])
        grids.append(grid)
    corners = []
    for number in range(4):
        x, y = GROUND_M * number, -2 * GROUND_M
        square = [(x, y), (x + GROUND_M, y), (x + GROUND_M, y + GROUND_M), (x, y + GROUND_M)]
        corners.append([(a - MIDDLE_M[0], b - MIDDLE_M[1], -0.02 - MIDDLE_M[2]) for a, b in square])
        frames.append([1, 0, 0, 0, 1, 0, *corners[-1][0][:2], 2 / GROUND_M, 2 / GROUND_M])
        grids.append([2, 2])
    grid = np.array(grids, np.int32)
    count = grid.prod(axis=1)
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    at = np.arange(count.sum(), dtype=np.int32)
    for number in np.flatnonzero(city.surfaces.kind == SurfaceKind.GROUND):
        at[start[number] : start[number] + count[number]] = -1
    at[start[-1] : start[-1] + 4] = -1
    return CellLayout(
        np.array(frames, np.float32), grid, start.astype(np.int32), at, MIDDLE_M, len(city.surfaces),
        np.array(corners, np.float32),
    )  # fmt: skip


@pytest.fixture(scope="module")
def layout(boxes: CityModel) -> CellLayout:
    return layout_of(boxes)


@pytest.fixture
def scene(boxes: CityModel, plotter: Any) -> CityScene:
    plotter.show(auto_close=False)
    result = CityScene(plotter, "dark")
    result.set_city(boxes)
    return result


def picture(scene: CityScene) -> np.ndarray:
    scene.plotter.ren_win.Render()
    return np.asarray(scene.plotter.screenshot(return_img=True))[..., :3].astype(int)


def wall_facing_south(city: CityModel, row: int) -> int:
    mine = (city.surfaces.building == row) & (city.surfaces.kind == SurfaceKind.WALL)
    return next(int(k) for k in np.flatnonzero(mine) if city.surfaces.polygons.normals[k][1] < -0.99)


def look_at(scene: CityScene, point: np.ndarray, azimuth: float, elevation: float, distance: float) -> None:
    scene.set_camera(OrbitCamera(tuple(float(x) for x in point), distance, azimuth, elevation))


def cell_values(layout: CellLayout, lit: Any) -> np.ndarray:
    """1 where ``lit(row, across, up, grid)`` holds, else 0."""
    values = np.zeros(len(layout.at), np.float32)
    for row, (wide, high) in enumerate(layout.grid):
        for up in range(high):
            for across in range(wide):
                values[layout.start[row] + up * wide + across] = float(lit(row, across, up, (wide, high)))
    return values


def test_every_point_reads_its_own_cell(boxes: CityModel, layout: CellLayout) -> None:
    atlas, chance = CellAtlas(layout), np.random.default_rng(3)
    for row in range(len(boxes.surfaces)):
        ring = boxes.surfaces.polygons.rings(row)[0]
        weights = chance.dirichlet(np.ones(len(ring)), 40)
        points = weights @ ring
        place = (atlas.coordinates(np.full(40, row), points) * (atlas.width, atlas.height)).astype(int)
        texel = place[:, 1] * atlas.width + place[:, 0]
        assert (atlas.row_of_texel[texel] == row).all()
        about, frame = points - MIDDLE_M, layout.frame[row].astype(float)
        across = ((about @ frame[:3] - frame[6]) * frame[8]).astype(int).clip(0, layout.grid[row, 0] - 1)
        up = ((about @ frame[3:6] - frame[7]) * frame[9]).astype(int).clip(0, layout.grid[row, 1] - 1)
        wanted = layout.at[layout.start[row] + up * layout.grid[row, 0] + across]
        assert (np.where(wanted < 0, -2, wanted) == atlas.cell_of_texel[texel]).all()
        assert [atlas.cell_at(row, point) for point in points] == wanted.tolist()


def test_smoothed_edges_read_the_rim_of_their_own_surface(boxes: CityModel, layout: CellLayout) -> None:
    atlas, row = CellAtlas(layout), wall_facing_south(boxes, 4)
    ring = boxes.surfaces.polygons.rings(row)[0]
    middle = ring.mean(axis=0)
    outside = middle + (ring - middle) * (1.0 + 0.8 * CELL_M / 20.0)
    raw = (atlas._along(np.full(4, row), outside) + atlas._corner[row]).astype(int)
    assert (atlas.row_of_texel[raw[:, 1] * atlas.width + raw[:, 0]] == row).all()


def test_rectangles_do_not_overlap_and_fill_most_of_the_picture() -> None:
    size = np.random.default_rng(1).integers(1, 30, (3000, 2))
    corner, width, height = packed_rectangles(size)
    used = np.zeros((height, width), int)
    for (x, y), (wide, high) in zip(corner, size, strict=True):
        used[y : y + high, x : x + wide] += 1
    assert used.max() == 1
    assert used.sum() == size.prod(axis=1).sum()
    assert used.mean() > 0.9


def test_a_picture_too_large_for_a_graphics_card_is_refused() -> None:
    with pytest.raises(KnownError, match="choose larger cells"):
        packed_rectangles(np.array([[20_000, 3]]))


def test_a_shadow_on_a_wall_lies_where_it_was_computed(boxes: CityModel, layout: CellLayout, scene: CityScene) -> None:
    wall = wall_facing_south(boxes, 1)
    values = cell_values(layout, lambda row, across, up, grid: up >= grid[1] / 2 or across == 0)
    scene.paint_cells(layout, values, SCALE)
    middle = boxes.surfaces.polygons.centroids[wall]
    look_at(scene, middle, 180.0, 2.0, 30.0)
    seen, frame = picture(scene), layout.frame[wall].astype(float)
    wide, high = layout.grid[wall]
    assert high >= 2
    for up in range(high):
        for across in range(wide):
            along = (np.array([across, up]) + 0.5) / frame[8:10] + frame[6:8]
            level, rise = frame[:3], frame[3:6]
            inward = np.array([0.0, 1.0, 0.0])
            depth = (middle - MIDDLE_M) @ inward
            point = level * along[0] + rise * along[1] + inward * depth + MIDDLE_M
            x, y = scene.camera.pixel(point, WIDTH, HEIGHT)
            red, green, blue = seen[round(y), round(x)]
            lit = up >= high / 2 or across == 0
            assert (red > 150 and blue < 90) == lit, (across, up, red, green, blue)


def test_the_ground_shows_its_pattern_and_has_holes_where_there_are_no_cells(
    layout: CellLayout, scene: CityScene
) -> None:
    values = cell_values(layout, lambda row, across, up, grid: across == 0)
    scene.paint_cells(layout, values, SCALE)
    look_at(scene, np.array([20.0, -15.0, 0.0]), 180.0, 89.0, 100.0)
    seen = picture(scene)
    for square in range(4):
        for across in (0, 1):
            point = np.array([GROUND_M * (square + 0.25 + across / 2), -2 * GROUND_M + 2.5, 0.0])
            x, y = scene.camera.pixel(point, WIDTH, HEIGHT)
            colour = seen[round(y), round(x)]
            if square == 3:
                assert np.ptp(colour) < 30, "the plain ground of the theme"
            else:
                assert (colour[0] > 150) == (across == 0), colour
                assert np.ptp(colour) > 40


def test_the_cell_under_the_pointer(boxes: CityModel, layout: CellLayout, scene: CityScene) -> None:
    assert scene.pick_cell(10, 10, WIDTH, HEIGHT) is None
    scene.paint_cells(layout, np.zeros(len(layout.at), np.float32), SCALE)
    look_at(scene, np.array([20.0, -15.0, 0.0]), 180.0, 89.0, 100.0)
    x, y = scene.camera.pixel(np.array([12.0, -11.0, 0.0]), WIDTH, HEIGHT)
    found = scene.pick_cell(x, y, WIDTH, HEIGHT)
    assert found is not None
    assert found.surface == -1
    assert found.cell == layout.at[layout.start[len(boxes.surfaces) + 1] + 2]
    x, y = scene.camera.pixel(np.array([38.0, -11.0, 0.0]), WIDTH, HEIGHT)
    assert scene.pick_cell(x, y, WIDTH, HEIGHT) is None
    wall = wall_facing_south(boxes, 1)
    look_at(scene, boxes.surfaces.polygons.centroids[wall], 180.0, 2.0, 30.0)
    found = scene.pick_cell(WIDTH / 2, HEIGHT / 2, WIDTH, HEIGHT)
    assert found is not None
    assert found.surface == wall
    assert found.cell == CellAtlas(layout).cell_at(wall, boxes.surfaces.polygons.centroids[wall])


def test_another_hour_touches_no_mesh(layout: CellLayout, scene: CityScene) -> None:
    scene.paint_cells(layout, np.zeros(len(layout.at), np.float32), SCALE)
    scene.set_camera(scene.home_camera(WIDTH / HEIGHT))
    tile, ground = scene.tiles[0], scene._cells
    before, dark = tile.surface_data.GetMTime(), picture(scene)
    scene.paint_cells(layout, np.ones(len(layout.at), np.float32), SCALE)
    assert tile.surface_data.GetMTime() == before
    assert scene._cells is ground
    assert np.abs(picture(scene) - dark).mean() > 5


def test_surfaces_come_back_as_they_were(boxes: CityModel, layout: CellLayout, scene: CityScene) -> None:
    values = np.linspace(0, 1, len(boxes.surfaces)).astype(np.float32)
    scene.set_camera(scene.home_camera(WIDTH / HEIGHT))
    scene.paint_values(values, None, SCALE)
    before = picture(scene)
    scene.paint_cells(layout, np.ones(len(layout.at), np.float32), SCALE)
    assert scene.shows_cells
    assert (picture(scene) != before).any()
    scene.paint_values(values, None, SCALE)
    assert not scene.shows_cells
    assert (picture(scene) == before).all()


def test_themes_hiding_and_selection_reach_the_cells(boxes: CityModel, layout: CellLayout, scene: CityScene) -> None:
    scene.set_camera(scene.home_camera(WIDTH / HEIGHT))
    scene.paint_cells(layout, np.ones(len(layout.at), np.float32), SCALE)
    place = scene.camera.pixel(boxes.surfaces.polygons.centroids[wall_facing_south(boxes, 0)], WIDTH, HEIGHT)
    x, y = (round(value) for value in place)
    plain = picture(scene)[y, x]
    scene.select([0])
    selected = picture(scene)[y, x]
    assert selected[2] > plain[2] + 20
    scene.select([])
    scene.hide([0])
    assert np.abs(picture(scene)[y, x] - plain).sum() > 60
    scene.show_all()
    scene.set_theme("light")
    assert scene.shows_cells
    assert np.abs(picture(scene)[y, x] - plain).max() < 12


def test_stale_cells_are_hatched(layout: CellLayout, scene: CityScene) -> None:
    scene.set_camera(scene.home_camera(WIDTH / HEIGHT))
    scene.paint_cells(layout, np.zeros(len(layout.at), np.float32), SCALE)
    fresh = picture(scene)
    scene.paint_cells(layout, np.zeros(len(layout.at), np.float32), SCALE, stale=True)
    amber = np.abs(picture(scene) - np.array(scene.palette.stale)).sum(axis=2) < 60
    assert 0.02 < amber.mean() < 0.25
    assert (np.abs(fresh - np.array(scene.palette.stale)).sum(axis=2) < 60).mean() < 0.005


def test_no_row_is_lost_in_the_atlas(layout: CellLayout) -> None:
    atlas = CellAtlas(layout)
    assert set(atlas.row_of_texel.tolist()) - {-1} == set(range(len(layout.grid)))
    shown = atlas.cell_of_texel[atlas.cell_of_texel >= 0]
    assert set(shown.tolist()) == set(layout.at[layout.at >= 0].tolist())
    assert (atlas.cell_of_texel[atlas.row_of_texel == len(layout.grid) - 1] == NOTHING).all()
