"""Terrain carries the ground and hides the low sun."""

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.sim.solar.ground import GROUND_SINK_M
from citytwin_desktop.sim.solar.hours import hour_synthesis
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings
from citytwin_desktop.sim.solar.terrain import height_on_triangles_m

SOUTH, EAST, NORTH, WEST, ROOF, FLOOR = range(6)
QUICK = {"sun_days": 40, "base_days": 20, "reflected_days": 5}


def field(low, high, height) -> list[np.ndarray]:
    """Two triangles over a rectangle, at ``height(x, y)``."""
    (x0, y0), (x1, y1) = low, high
    corner = [np.array([x, y, height(x, y)], float) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
    return [np.array([corner[0], corner[1], corner[2]]), np.array([corner[0], corner[2], corner[3]])]


def fields(low, high, step: float, height) -> list[np.ndarray]:
    return [
        triangle
        for x in np.arange(low[0], high[0], step)
        for y in np.arange(low[1], high[1], step)
        for triangle in field((x, y), (x + step, y + step), height)
    ]


def test_height_on_triangles() -> None:
    slope = np.array(field((0, 0), (100, 100), lambda x, y: 0.1 * x - 0.2 * y))
    places = np.array([[10.0, 20.0], [50.0, 50.0], [99.0, 1.0], [-1.0, 5.0], [200.0, 5.0]])
    height = height_on_triangles_m(places, slope)
    np.testing.assert_allclose(height[:3], [-3.0, -5.0, 9.7], atol=1e-9)
    assert np.isnan(height[3:]).all()
    roof = np.array(field((0, 0), (100, 100), lambda _x, _y: 40.0))
    np.testing.assert_allclose(height_on_triangles_m(places[:3], np.concatenate([slope, roof])), 40.0)
    upright = np.array([[[0, 5, 0], [100, 5, 0], [50, 5, 80]]], float)
    assert np.isfinite(height_on_triangles_m(places[:2], np.concatenate([upright, slope]))).all()


def test_ground_follows_the_slope(box, city_of) -> None:
    slope = fields((-200, -200), (200, 200), 50.0, lambda x, y: 0.15 * x + 0.05 * y)
    settings = SolarSettings()
    scene = solar_scene(city_of(box(0, (0, 0, 0), (10, 10, 10)), terrain=slope), settings, SolarConditions())
    ground = scene.triangles_m[(scene.triangle_row >= scene.surface_count) & (scene.triangle_row < scene.row_count)]
    ground = ground.reshape(-1, 3) + scene.middle_m
    assert len(ground) > 300
    expected = 0.15 * ground[:, 0] + 0.05 * ground[:, 1] - GROUND_SINK_M
    np.testing.assert_allclose(ground[:, 2], expected, atol=1e-3)
    normals = scene.normals[scene.surface_count :]
    np.testing.assert_allclose(normals, normals[:1].repeat(len(normals), axis=0), atol=1e-3)
    assert normals[0, 2] == pytest.approx(1 / np.sqrt(1 + 0.15**2 + 0.05**2), abs=1e-4)


def test_terrain_lies_once_under_the_city(box, city_of) -> None:
    # Where ground cells lie, the terrain itself is gone; beyond, it stays.
    flat = fields((-500, -500), (500, 500), 50.0, lambda _x, _y: 0.0)
    scene = solar_scene(city_of(box(0, (0, 0, 0), (10, 10, 10)), terrain=flat), SolarSettings())
    beyond = scene.triangles_m[scene.triangle_row == scene.row_count] + scene.middle_m
    assert 700 < len(beyond) < 800
    assert np.linalg.norm(beyond.mean(axis=1)[:, :2] - 5, axis=1).min() > 50


def test_flat_terrain_changes_next_to_nothing(box, operators_of, clear_weather) -> None:
    faces = box(0, (0, 0, 0), (10, 10, 10))
    flat = fields((-400, -400), (400, 400), 20.0, lambda _x, _y: 0.0)
    year = [
        hour_synthesis(operators_of(faces, terrain=terrain, rays=512, **QUICK), clear_weather(51.5))
        .monthly_irradiation()
        .sum(axis=1)
        for terrain in ((), flat)
    ]
    np.testing.assert_allclose(year[1], year[0], rtol=0.02)


@pytest.mark.parametrize(("distance", "rise"), [(100.0, 100.0), (400.0, 90.0), (1500.0, 600.0)])
def test_ridge_beyond_the_margin_hides_the_low_sun(box, operators_of, clear_weather, distance, rise) -> None:
    # An upright ridge to the south, six kilometres long: the sun is hidden where its altitude, seen along the north,
    # is below the ridge's.
    roof = (0, SurfaceKind.ROOF, [np.array([[-1, -1, 10], [1, -1, 10], [1, 1, 10], [-1, 1, 10]], float)])
    top = 10.0 + rise
    ridge = np.array([[3e3, -distance, 0], [-3e3, -distance, 0], [-3e3, -distance, top], [3e3, -distance, top]])
    flat = fields((-60, -60), (60, 60), 20.0, lambda _x, _y: 0.0)
    faces = [roof, *box(1, (20, 20, 0), (21, 21, 1))]
    operators = operators_of(faces, terrain=[ridge, *flat], rays=2048, sun_days=365)
    sun = operators.suns.direction.astype(float)
    # Where the ray to the sun passes the plane of the ridge.
    south = -sun[:, 1] > 1e-3
    way = distance / np.maximum(-sun[:, 1], 1e-3)
    across, above = way * sun[:, 0], way * sun[:, 2] - rise
    hidden = south & (np.abs(across) < 2990) & (above < 0)
    # Within a tenth of a degree of its edges anything goes.
    edge = south & ((np.abs(above) < 0.004 * way) | (np.abs(np.abs(across) - 3e3) < 0.004 * way))
    seen = operators.seasons[0].sun_visibility[:, 0]
    assert (seen[hidden & ~edge] == 0).all()
    assert (seen[~hidden & ~edge] == 255).all()
    assert (hidden & ~edge).sum() > 100
    half_angle = np.arctan(rise / distance)
    assert operators.sky_view_factor[0] == pytest.approx(1 - (1 - np.cos(half_angle)) / 2, abs=0.012)
    # Behind 45 degrees of ridge no beam at a winter noon.
    if rise == distance:
        assert hour_synthesis(operators, clear_weather(51.5)).parts(24 * 355 + 12).beam[0] == 0.0


def test_buildings_sunk_into_the_terrain(box, operators_of, clear_weather) -> None:
    flat = fields((-200, -200), (200, 200), 20.0, lambda _x, _y: 0.0)
    weather = clear_weather(51.5)
    sunk = operators_of(box(0, (0, 0, -5), (10, 10, 5)), terrain=flat, cell_size_m=2.5, **QUICK)
    standing = operators_of(box(0, (0, 0, 0), (10, 10, 5)), terrain=flat, cell_size_m=2.5, **QUICK)
    year, whole = (hour_synthesis(each, weather).monthly_irradiation().sum(axis=1) for each in (sunk, standing))
    assert np.isfinite(year).all()
    # Half of every wall is in the soil, dark; the other half is as of the house that stands.
    np.testing.assert_allclose(year[:4], whole[:4] / 2, rtol=0.05)
    assert year[ROOF] == pytest.approx(whole[ROOF], rel=0.01)


def test_building_wholly_in_the_soil_is_dark(box, operators_of, clear_weather) -> None:
    flat = fields((-200, -200), (200, 200), 20.0, lambda _x, _y: 0.0)
    faces = [*box(0, (0, 0, -15), (10, 10, -5)), *box(1, (30, 0, 0), (40, 10, 8))]
    year = hour_synthesis(operators_of(faces, terrain=flat, **QUICK), clear_weather(51.5)).monthly_irradiation()
    assert np.isfinite(year).all()
    assert year[:6].sum() < 1e-3
    assert (year[6 : 6 + FLOOR].sum(axis=1) > 100).all()


@pytest.mark.parametrize("kind_of_floor", [SurfaceKind.OUTER_FLOOR, SurfaceKind.GROUND])
def test_building_above_the_terrain(box, operators_of, clear_weather, kind_of_floor: SurfaceKind) -> None:
    # On stilts: its underside looks down, and gets what the ground reflects, even where the file calls it ground.
    flat = fields((-200, -200), (200, 200), 20.0, lambda _x, _y: 0.0)
    faces = [
        (owner, kind_of_floor if kind == SurfaceKind.GROUND else kind, rings)
        for owner, kind, rings in box(0, (0, 0, 6), (10, 10, 16))
    ]
    operators = operators_of(faces, terrain=flat, **QUICK)
    year = hour_synthesis(operators, clear_weather(51.5)).monthly_irradiation().sum(axis=1)
    assert np.isfinite(year).all()
    np.testing.assert_allclose(operators.sky_view_factor[:4], 0.5, atol=0.02)
    # Less than the open ground reflects (0.2 of it), for the floor shades what it looks at; but not nothing.
    assert 0.05 * year[ROOF] < year[FLOOR] < 0.2 * year[ROOF]
    assert operators.sky_view_factor[FLOOR] == 0.0


def test_building_across_a_step_in_the_terrain(box, operators_of, clear_weather) -> None:
    steps = [*field((-200, -200), (5, 200), lambda _x, _y: 0.0), *field((5, -200), (200, 200), lambda _x, _y: 8.0)]
    operators = operators_of(box(0, (0, 0, 0), (10, 10, 12)), terrain=steps, cell_size_m=2.0, **QUICK)
    year = hour_synthesis(operators, clear_weather(51.5)).monthly_irradiation().sum(axis=1)
    assert np.isfinite(year).all()
    assert (year[:5] > 50).all()
    assert year[EAST] < 0.6 * year[WEST]


def test_terrain_with_a_hole_is_filled_by_the_buildings(box, city_of) -> None:
    ring = [t for t in fields((-200, -200), (200, 200), 20.0, lambda _x, _y: 3.0) if np.abs(t[:, :2]).max() > 45]
    scene = solar_scene(city_of(box(0, (0, 0, 3), (10, 10, 13)), terrain=ring), SolarSettings())
    ground = scene.triangles_m[(scene.triangle_row >= scene.surface_count)] + scene.middle_m
    assert np.isfinite(ground).all()
    np.testing.assert_allclose(ground[..., 2], 3.0, atol=0.03)


def test_terrain_of_another_place_does_no_harm(box, operators_of) -> None:
    far = field((9e4, 9e4), (9.1e4, 9.1e4), lambda _x, _y: 500.0)
    operators = operators_of(box(0, (0, 0, 0), (10, 10, 10)), terrain=far, **QUICK)
    np.testing.assert_allclose(operators.sky_view_factor[:4], 0.5, atol=0.02)
