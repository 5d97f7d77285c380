"""The reference itself against closed forms, and the whole comparison, which has to find a broken engine."""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.sim.solar.radiance.annual_reference import AnnualEffort
from citytwin_desktop.sim.solar.radiance.comparison import differences
from citytwin_desktop.sim.solar.radiance.daylight import average_sky, daylight, patch_directions, sun_difference_deg
from citytwin_desktop.sim.solar.radiance.district import synthetic_district
from citytwin_desktop.sim.solar.radiance.engine_values import EngineValues, engine_values
from citytwin_desktop.sim.solar.radiance.programs import Programs
from citytwin_desktop.sim.solar.radiance.radiance_scene import city_text, suns_text, write_sky
from citytwin_desktop.sim.solar.radiance.reference import SolarReference, ValidationPlan, radiance_reference
from citytwin_desktop.sim.solar.radiance.report import report
from citytwin_desktop.sim.solar.radiance.sensors import Sensors, sensors
from citytwin_desktop.sim.solar.radiance.tracing import Effort, irradiance, octree
from citytwin_desktop.sim.solar.settings import SolarSettings
from citytwin_desktop.sim.solar.sky import sky_patches

NORMALS = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]], float)
PLAN = ValidationPlan(3, 3, AnnualEffort(256, 2, 1), Effort(5, 64))


def five_faces(height_m: float = 1.0) -> Sensors:
    position = np.tile([0.0, 0.0, height_m], (5, 1))
    return Sensors(position, NORMALS, np.arange(5), np.ones(5), 5, np.zeros(3), 0.0)


def test_district_is_closed_and_has_hidden_walls() -> None:
    city = synthetic_district(25)
    polygons, surfaces = city.surfaces.polygons, city.surfaces
    assert len(city.buildings) == 25
    closed = [polygons.area_vectors_m2[surfaces.building == b].sum(axis=0) for b in range(25)]
    np.testing.assert_allclose(closed, 0.0, atol=1e-9)
    roofs = surfaces.kind == SurfaceKind.ROOF
    assert 5.0 <= polygons.centroids[roofs, 2].min() < 15.0
    assert 50.0 < polygons.centroids[roofs, 2].max() <= 60.0
    assert len(np.unique(surfaces.building[roofs])) < roofs.sum(), "no attached pair"


def test_sky_lands_where_it_belongs(programs: Programs) -> None:
    patches, direction = sky_patches(4), patch_directions(4)
    solid_angle = patches.projected_solid_angle_sr / direction[:, 2]
    # Brightest in the south-east, lest a mirrored sky passes.
    radiance = 1.0 + 5.0 * np.exp(-3.0 * np.arccos(np.clip(direction @ direction[880], -1.0, 1.0)))
    tree = octree(programs, "open", [write_sky(programs, "open_sky", radiance, 4)])
    found = irradiance(programs, tree, five_faces(), Effort(1, 16384))
    wanted = np.maximum(NORMALS @ direction.T, 0.0) @ (solid_angle * radiance)
    np.testing.assert_allclose(found, wanted, rtol=0.01)


def test_sun_is_exact(programs: Programs) -> None:
    direction = np.array([[0.48, -0.6, 0.64], [-0.6, 0.0, 0.8]])
    text = suns_text(direction, np.array([800.0, 100.0]))
    tree = octree(programs, "sunny", [programs.write("sunny.rad", text)])
    found = irradiance(programs, tree, five_faces(), Effort(0, 1), pieces=2)
    wanted = np.maximum(NORMALS @ direction.T, 0.0) @ [800.0, 100.0]
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=0.01)


def test_ground_reflects_to_walls(programs: Programs) -> None:
    """A wall over endless ground gets half of what the ground throws back: rho E / 2."""
    city, conditions = synthetic_district(1), SolarConditions(ground_reflectance=0.4)
    # The one building stands far away.
    scene = programs.write("far.rad", city_text(city, conditions, np.array([5000.0, 0.0, 0.0]), 0.0))
    sun = programs.write("noon.rad", suns_text(np.array([[0.0, 0.0, 1.0]]), np.array([1000.0])))
    found = irradiance(programs, octree(programs, "noon", [scene, sun]), five_faces(), Effort(2, 4096))
    np.testing.assert_allclose(found[1:], 200.0, rtol=0.01)
    assert found[0] == pytest.approx(1000.0, rel=1e-4)


def test_gendaymtx_gives_all_the_diffuse_light(programs: Programs, clear_weather) -> None:
    weather = clear_weather(42.0)
    light = daylight(weather)
    radiance = average_sky(programs, weather, light) * len(light.hour)
    horizontal = radiance @ sky_patches(4).projected_solid_angle_sr
    assert horizontal == pytest.approx(light.diffuse_w_m2.sum(), rel=0.005)
    # The sky around the sun is bright: the south lies brighter than the north.
    weight = radiance * sky_patches(4).projected_solid_angle_sr
    assert weight @ patch_directions(4)[:, 1] < -0.1 * horizontal
    assert sun_difference_deg(programs, weather, light) < 1.5


def test_sensors_are_refused_off_the_polygons(monkeypatch: pytest.MonkeyPatch) -> None:
    from citytwin_desktop.sim.solar.radiance import sensors as module

    def shifted(scene: object, settings: SolarSettings) -> object:
        ready = original(scene, settings)
        return replace(ready, cells=replace(ready.cells, position=ready.cells.position + np.float32(0.5)))

    original = module.prepare
    monkeypatch.setattr(module, "prepare", shifted)
    with pytest.raises(BugError, match="polygons"):
        sensors(synthetic_district(2), SolarSettings())


def test_plans_are_checked() -> None:
    with pytest.raises(KnownError, match="2 to 200 buildings"):
        ValidationPlan(buildings=1)
    with pytest.raises(KnownError, match="1 to 100 hours"):
        ValidationPlan(hours=0)


@pytest.fixture(scope="module")
def weather(clear_weather) -> Weather:
    return clear_weather(42.0)


@pytest.fixture(scope="module")
def reference(weather: Weather) -> SolarReference:
    if find_spec("pyradiance") is None:
        pytest.skip("pyradiance is not installed (extra “validation”)")
    return radiance_reference(synthetic_district(3), weather, SolarSettings(), PLAN, lambda _text: None)


@pytest.fixture(scope="module")
def ours(weather: Weather, reference: SolarReference) -> EngineValues:
    return engine_values(synthetic_district(3), weather, SolarSettings(), reference.hours)


def test_our_engine_agrees(reference: SolarReference, ours: EngineValues) -> None:
    document = report(synthetic_district(3), reference, ours)
    assert document["check"] == "solar"
    assert abs(document["annual"]["mbe"]) < 0.02
    assert document["annual"]["rrmse"] < 0.02
    assert document["annual_by_part"]["beam"]["rrmse"] < 0.005
    assert document["hourly"]["refined"]["rrmse"] < 0.05
    assert document["reference"]["rrmse"] < 0.01
    assert sum(document["annual_by_part"][name]["share"] for name in ("beam", "sky", "reflected")) == pytest.approx(
        1.0, abs=1e-3
    )
    assert document["pass"] == all(goal["pass"] for goal in document["goals"].values())


def test_an_engine_without_reflections_is_found_out(weather: Weather, reference: SolarReference) -> None:
    broken = engine_values(synthetic_district(3), weather, SolarSettings(reflections=0), reference.hours)
    document = report(synthetic_district(3), reference, broken)
    assert document["annual"]["mbe"] < -0.01
    assert not document["pass"]


def test_an_engine_turned_by_a_degree_is_found_out(reference: SolarReference, ours: EngineValues) -> None:
    """The walls of one side get what the next side should: the direct part differs at once."""
    walls = np.flatnonzero(synthetic_district(3).surfaces.kind == SurfaceKind.WALL)
    turned = ours.beam_kwh_m2.copy()
    turned[walls] = np.roll(turned[walls], 1)
    assert differences(turned, reference.beam).rrmse > 0.1
    assert differences(ours.beam_kwh_m2, reference.beam).rrmse < 0.005


def test_a_dark_weather_is_refused(reference: SolarReference, ours: EngineValues) -> None:
    dark = replace(reference, hourly=np.zeros_like(reference.hourly))
    with pytest.raises(KnownError, match="no light"):
        report(synthetic_district(3), dark, ours)
