"""After an edit only what it can affect is traced again, and the answer is that of a whole trace."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.sim.solar.build import Course, Prepared, SunTrace, prepare, trace_rows
from citytwin_desktop.sim.solar.fingerprint import fingerprint, same_rows
from citytwin_desktop.sim.solar.place import Site
from citytwin_desktop.sim.solar.radiance.district import synthetic_district
from citytwin_desktop.sim.solar.retrace import OldTrace, Retraced, retrace
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings
from citytwin_desktop.sim.solar.sky_trace import SkyTrace
from citytwin_desktop.sim.solar.sun_nodes import sun_plan
from citytwin_desktop.sim.solar.trace_file import TraceOf, read_trace, write_trace

SETTINGS = SolarSettings(rays=32, rays_per_surface=64, sun_days=60, base_days=16, reflected_days=6)
SITE, CONDITIONS = Site(52.0), SolarConditions()
PLAN = sun_plan(52.0, 0.0, SETTINGS)
MADE_FOR = TraceOf(SETTINGS, (1.0,), SITE)


def whole(city: CityModel) -> tuple[Prepared, SkyTrace, SunTrace]:
    ready = prepare(solar_scene(city, SETTINGS), SETTINGS)
    return ready, *trace_rows(ready, SITE, SETTINGS, CONDITIONS, Course())


def changed(city: CityModel, building: int, kind: str) -> CityModel:
    """Raise, move or remove one building."""
    if kind == "removed":
        return city.without_buildings([str(city.buildings.ids[building])])
    polygons = city.surfaces.polygons
    own = city.surfaces.building[polygons.vertex_polygon] == building
    vertices = polygons.vertices.copy()
    if kind == "raised":
        vertices[own & (vertices[:, 2] > 1.0), 2] += 9.0
    else:
        vertices[own] += [4.0, 2.0, 0.0]
    return replace(city, surfaces=replace(city.surfaces, polygons=replace(polygons, vertices=vertices)))


def again(city: CityModel, old: OldTrace) -> tuple[Prepared, Retraced | None]:
    ready = prepare(solar_scene(city, SETTINGS), SETTINGS)
    return ready, retrace(old, fingerprint(ready), ready, PLAN, SETTINGS, CONDITIONS, Course())


@pytest.fixture(scope="module")
def city() -> CityModel:
    return synthetic_district(200, height_power=3.0)


@pytest.fixture(scope="module")
def old(city: CityModel) -> OldTrace:
    ready, sky, sun = whole(city)
    return OldTrace(fingerprint(ready), sky, sun)


@pytest.mark.parametrize("kind", ["raised", "moved", "removed"])
def test_an_edited_building_gives_what_a_whole_trace_gives(city: CityModel, old: OldTrace, kind: str) -> None:
    edited = changed(city, 95, kind)
    _, found = again(edited, old)
    assert found is not None
    assert 0.0 < found.share < 0.4
    _, sky, sun = whole(edited)
    np.testing.assert_array_equal(found.sun.surfaces, sun.surfaces)
    np.testing.assert_array_equal(found.sun.reflected, sun.reflected)
    np.testing.assert_allclose(found.sky.sky, sky.sky, atol=1e-6)
    assert abs(found.sky.view[0] - sky.view[0]).max() < 1e-6


def test_nothing_changed_traces_nothing(city: CityModel, old: OldTrace) -> None:
    _, found = again(city, old)
    assert found is not None
    assert found.share == 0.0
    np.testing.assert_array_equal(found.sky.sky, old.sky.sky)


def test_another_city_is_traced_whole(old: OldTrace) -> None:
    assert again(synthetic_district(200, seed=8, height_power=3.0), old)[1] is None


def test_rows_that_occur_twice_are_nobodys() -> None:
    old, new = np.array([5, 6, 6, 7], np.uint64), np.array([6, 7, 5, 5, 9], np.uint64)
    assert same_rows(old, new).tolist() == [-1, 3, -1, -1, -1]
    assert same_rows(np.zeros(0, np.uint64), new).tolist() == [-1] * 5


def test_a_kept_trace_comes_back(old: OldTrace, tmp_path: Path) -> None:
    path = tmp_path / "cache" / "a.trace"
    write_trace(path, MADE_FOR, old)
    found = read_trace(path, MADE_FOR, PLAN)
    assert found is not None
    trace, same_sun = found
    assert same_sun
    np.testing.assert_array_equal(trace.sky.sky, old.sky.sky)
    np.testing.assert_array_equal(trace.sun.surfaces, old.sun.surfaces)
    assert abs(trace.sky.view[0] - old.sky.view[0]).max() == 0.0
    assert [entry.name for entry in path.parent.iterdir()] == ["a.trace"]


def test_a_trace_of_another_place_keeps_its_sky_alone(old: OldTrace, tmp_path: Path) -> None:
    path = tmp_path / "a.trace"
    write_trace(path, MADE_FOR, old)
    elsewhere = Site(41.0)
    found = read_trace(path, replace(MADE_FOR, site=elsewhere), sun_plan(41.0, 0.0, SETTINGS))
    assert found is not None
    assert not found[1]
    assert read_trace(path, replace(MADE_FOR, settings=replace(SETTINGS, rays=64)), PLAN) is None


def test_damage_is_as_good_as_no_file(old: OldTrace, tmp_path: Path) -> None:
    path = tmp_path / "a.trace"
    assert read_trace(path, MADE_FOR, PLAN) is None
    write_trace(path, MADE_FOR, old)
    data = path.read_bytes()
    for place in np.random.default_rng(2).integers(0, len(data), 12):
        broken = bytearray(data)
        broken[place] ^= 0x5A
        path.write_bytes(bytes(broken))
        assert read_trace(path, MADE_FOR, PLAN) is None
    for cut in (0, 5, 9, 200, len(data) // 2, len(data) - 100):
        path.write_bytes(data[:cut])
        assert read_trace(path, MADE_FOR, PLAN) is None


def test_a_place_that_cannot_be_written_does_no_harm(old: OldTrace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    write_trace(tmp_path / "file" / "a.trace", MADE_FOR, old)
    assert (tmp_path / "file").read_text() == "in the way"
