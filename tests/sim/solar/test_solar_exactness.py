"""Shadows of every hour against rays to every sun, one by one."""

import numpy as np
import pytest

from citytwin_desktop.sim.solar.build import Course, Site, build_operators, prepare
from citytwin_desktop.sim.solar.hours import HourSynthesis
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings
from citytwin_desktop.sim.solar.sun_nodes import sun_plan

LATITUDE = 51.5


def six_boxes(box):
    places = [(0, 0, 12), (18, 2, 20), (40, 0, 8), (0, 22, 16), (20, 24, 9), (38, 20, 26)]
    faces = []
    for number, (x, y, height) in enumerate(places):
        faces += box(number, (x, y, 0), (x + 10, y + 12, height))
    return faces


def brute_force(ready, plan) -> np.ndarray:
    """Visible share (n_suns, surfaces), a ray from every cell to every sun."""
    cells, sun = ready.cells, plan.nodes.direction
    own = np.flatnonzero(cells.row < ready.scene.surface_count)
    origins = cells.lifted(ready.rays.offset_m)
    share = np.zeros((len(sun), ready.scene.surface_count))
    for cell in own:
        facing = np.flatnonzero(sun @ cells.normal[cell] > 0.0)
        rays = np.repeat(origins[cell][None], len(facing), axis=0), np.ascontiguousarray(sun[facing])
        free, _ = ready.rays.free(*rays)
        share[facing[free], cells.row[cell]] += cells.weight[cell]
    return share


@pytest.fixture(scope="module")
def run(box, city_of):
    """Operators, first map and what brute force finds, cells as they are by default."""
    settings = SolarSettings()
    scene = solar_scene(city_of(six_boxes(box)), settings)
    first = []
    operators = build_operators(scene, Site(LATITUDE), settings, course=Course(), first_map=first.append)
    truth = brute_force(prepare(scene, settings), sun_plan(LATITUDE, 0.0, settings))
    return operators, first[0], truth


def test_all_days_are_exact(run) -> None:
    operators, first, _ = run
    assert operators.exact
    assert not first.exact
    assert len(operators.suns.direction) > 4400


def test_every_hour_has_the_shadow_of_that_hour(run) -> None:
    operators, _, truth = run
    found = operators.seasons[0].sun_visibility / 255
    daylit = truth.max(axis=0) > 0
    # Weighted with the area of the cells that differ: hours between two base days that a cell sees alike.
    apart = np.abs(found - truth)[:, daylit]
    assert apart.mean() < 0.0005
    assert (apart > 0.02).mean() < 0.001


def test_one_cell_to_a_surface_is_lit_or_not_as_its_ray_says(box, city_of) -> None:
    settings = SolarSettings(cell_size_m=100.0)
    scene = solar_scene(city_of(six_boxes(box)), settings)
    operators = build_operators(scene, Site(LATITUDE), settings)
    truth = brute_force(prepare(scene, settings), sun_plan(LATITUDE, 0.0, settings))
    seen = operators.seasons[0].sun_visibility
    assert set(np.unique(seen)) == {0, 255}
    facing = (operators.suns.direction @ operators.normals.T > 0)[:, truth.max(axis=0) > 0]
    wrong = ((seen > 0) != (truth > 0))[:, truth.max(axis=0) > 0]
    assert wrong.sum() / facing.sum() < 0.001


@pytest.mark.parametrize(("which", "surface_rel", "city_rel"), [(0, 0.002, 0.0005), (1, 0.04, 0.001)])
def test_beam_of_the_year(run, clear_weather, which: int, surface_rel: float, city_rel: float) -> None:
    operators, truth = run[which], run[2]
    weather = clear_weather(LATITUDE)
    synthesis = HourSynthesis(operators, weather)
    path, beam = synthesis.year.path, synthesis.year.beam_w_m2
    cosine = np.maximum(path.direction[path.up] @ run[0].normals.T.astype(float), 0.0)
    expected = (truth * cosine * beam[path.up, None]).sum(axis=0) / 1000
    # Beam alone: the same weather without a sky, no reflection.
    found = sum(synthesis.parts(hour).beam.astype(float) for hour in np.flatnonzero(path.up)) / 1000
    area = operators.areas_m2
    assert (found * area).sum() == pytest.approx((expected * area).sum(), rel=city_rel)
    lit = expected > 0.02 * expected.max()
    np.testing.assert_allclose(found[lit], expected[lit], rtol=surface_rel)


def test_base_days_all_traced_are_the_rays_themselves(box, city_of) -> None:
    settings = SolarSettings(base_days=365, cell_size_m=100.0)
    scene = solar_scene(city_of(six_boxes(box)[:12]), settings)
    operators = build_operators(scene, Site(LATITUDE), settings)
    truth = brute_force(prepare(scene, settings), sun_plan(LATITUDE, 0.0, settings))
    np.testing.assert_array_equal(operators.seasons[0].sun_visibility, np.rint(truth * 255))


@pytest.mark.parametrize("latitude", [-66.0, 0.0, 69.0])
def test_exact_in_other_places_too(box, city_of, latitude: float) -> None:
    settings = SolarSettings(cell_size_m=6.0)
    scene = solar_scene(city_of(six_boxes(box)), settings)
    operators = build_operators(scene, Site(latitude, -0.4), settings)
    truth = brute_force(prepare(scene, settings), sun_plan(latitude, -0.4, settings))
    apart = np.abs(operators.seasons[0].sun_visibility / 255 - truth)[:, truth.max(axis=0) > 0]
    assert apart.mean() < 0.0005
