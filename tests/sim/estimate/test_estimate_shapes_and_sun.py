"""Areas of thermal models, and irradiance of buildings against that of their surfaces."""

import numpy as np
import pytest
from estimate_samples import box, chicago, district, spec

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.estimate.buildings import buildings_of
from citytwin_desktop.sim.estimate.climate import climate_of
from citytwin_desktop.sim.estimate.shapes import BuildingShapes, building_shapes
from citytwin_desktop.sim.estimate.sky_temperature import sky_depression_k
from citytwin_desktop.sim.estimate.solar_gains import SolarGains, SurfaceOwners, shaded_gains, unshaded_gains
from citytwin_desktop.sim.estimate.window_glass import angular_share, angular_table, diffuse_share, single_glass_factor
from citytwin_desktop.sim.solar.build import build_operators
from citytwin_desktop.sim.solar.hours import HourSynthesis
from citytwin_desktop.sim.solar.operators import SolarOperators
from citytwin_desktop.sim.solar.place import site_of
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings


@pytest.fixture(scope="module")
def operators() -> SolarOperators:
    settings, conditions = SolarSettings(sun_days=16, base_days=8, reflected_days=4), SolarConditions()
    return build_operators(solar_scene(district()[0], settings), site_of(chicago()), settings, conditions)


def owners_of(city) -> SurfaceOwners:
    return SurfaceOwners(city.surfaces.building.astype(np.int64), city.surfaces.kind)


def test_a_box_has_its_areas_and_a_party_wall_loses_nothing() -> None:
    free, terraced = (building_shapes([box(party=party)]) for party in (False, True))
    assert free.floor_area_m2[0] == 80.0
    assert free.volume_m3[0] == 240.0
    assert free.ground_area_m2[0] == free.roof_area_m2[0] == pytest.approx(80.0)
    assert free.height_m[0] == pytest.approx(3.0)
    # Directions count from north by sixteenths: south is 8, east 4.
    assert free.wall_area_m2[0, [0, 4, 8, 12]] == pytest.approx([30.0, 24.0, 30.0, 24.0])
    assert free.wall_area_m2[0].sum() == pytest.approx(108.0)
    assert terraced.wall_area_m2[0, 8] == 0.0
    assert terraced.wall_area_m2[0].sum() == pytest.approx(78.0)


def test_conductances_are_areas_times_u_values() -> None:
    climate = climate_of(chicago())
    shapes = building_shapes([box()] * 2)
    b = buildings_of(shapes, [spec(), spec(wall_u_value_w_m2k=0.25)], climate)
    assert b.wall_w_k[0] == pytest.approx(0.7 * 108.0 * 0.5, rel=0.06)
    assert b.wall_w_k[0] < 0.7 * 108.0 * 0.5
    assert b.wall_w_k[1] / b.wall_w_k[0] == pytest.approx(0.5, abs=0.03)
    assert b.ground_w_k[0] == pytest.approx(80.0 / (1 / 0.4 + 1.0 + 0.25))
    assert b.infiltration_m3_s[0] == pytest.approx(240.0 * 0.3 / 3600.0)
    assert b.aperture_m2[0] == pytest.approx(0.3 * 108.0 * 0.6)
    with pytest.raises(BugError, match="specifications"):
        buildings_of(shapes, [spec()], climate)


def test_shapes_and_gains_can_be_joined_and_taken() -> None:
    shapes = building_shapes([box(), box(20.0, 8.0)])
    joined = BuildingShapes.concatenate([shapes, shapes.take([1])])
    assert joined.floor_area_m2.tolist() == [80.0, 160.0, 160.0]
    gains = unshaded_gains(chicago(), joined)
    again = SolarGains.concatenate([gains.take([0]), gains.take([1, 2])])
    np.testing.assert_array_equal(again.window_w_m2, gains.window_w_m2)
    assert not len(building_shapes([]))


def test_irradiance_of_a_building_is_the_mean_of_its_surfaces(operators: SolarOperators) -> None:
    city, models = district()
    shapes = building_shapes(models)
    gains = shaded_gains(operators, chicago(), owners_of(city), shapes)
    synthesis = HourSynthesis(operators, chicago())
    assert gains.shaded.all()
    for hour in (12, 4116, 4120, 6000, 8300):
        watts = synthesis.irradiance(hour) * operators.areas_m2
        for kind, found in ((SurfaceKind.WALL, gains.wall_w_m2), (SurfaceKind.ROOF, gains.roof_w_m2)):
            chosen = city.surfaces.kind == kind
            sums = np.bincount(city.surfaces.building[chosen], watts[chosen], minlength=len(models))
            areas = shapes.wall_area_m2.sum(axis=1) if kind == SurfaceKind.WALL else np.bincount(
                city.surfaces.building[chosen], operators.areas_m2[chosen], minlength=len(models)
            )  # fmt: skip
            np.testing.assert_allclose(found[:, hour], sums / areas, rtol=2e-3, atol=0.05)
    assert (gains.window_w_m2 <= gains.wall_w_m2 + 1e-3).all()


def test_unshaded_irradiance_is_that_of_a_building_alone() -> None:
    from estimate_samples import district as make

    city, models = make(1, 5)
    settings = SolarSettings(sun_days=16, base_days=8, reflected_days=4)
    lone = build_operators(solar_scene(city, settings), site_of(chicago()), settings, SolarConditions())
    shapes = building_shapes(models)
    traced = shaded_gains(lone, chicago(), owners_of(city), shapes)
    plain = unshaded_gains(chicago(), shapes)
    assert not plain.shaded.any()
    for name, tolerance in (("wall_w_m2", 0.08), ("roof_w_m2", 0.02), ("window_w_m2", 0.08)):
        assert getattr(traced, name).sum() == pytest.approx(getattr(plain, name).sum(), rel=tolerance)
    # On a roof it is the weather file's own global radiation.
    assert plain.roof_w_m2[0].sum() == pytest.approx(chicago().global_horizontal_wh_m2.sum(), rel=0.02)


def test_a_building_without_surfaces_in_the_solar_run_is_marked_unshaded(operators: SolarOperators) -> None:
    city, models = district()
    owners = owners_of(city)
    lost = SurfaceOwners(np.where(owners.building == 1, -1, owners.building), owners.kind)
    shapes = building_shapes(models)
    gains, plain = shaded_gains(operators, chicago(), lost, shapes), unshaded_gains(chicago(), shapes)
    assert gains.shaded.tolist() == [place != 1 for place in range(len(models))]
    np.testing.assert_array_equal(gains.wall_w_m2[1], plain.wall_w_m2[1])
    with pytest.raises(BugError, match="owners"):
        shaded_gains(operators, chicago(), SurfaceOwners(owners.building[1:], owners.kind[1:]), shapes)


def test_glass_lets_slanting_light_through_less() -> None:
    assert angular_share(np.array([1.0]))[0] == pytest.approx(1.0, abs=0.01)
    assert angular_share(np.array([0.0]))[0] == 0.0
    assert angular_share(np.cos(np.radians([60.0])))[0] == pytest.approx(0.82, abs=0.02)
    assert (np.diff(angular_table()) > -1e-6).all()
    assert diffuse_share() == pytest.approx(0.86, abs=0.01)
    factor = single_glass_factor(np.array([1.0, 3.4, 4.5, 5.8]))
    assert factor[:2].tolist() == [1.0, 1.0]
    assert factor[2] == factor[3] == pytest.approx(1.056, abs=0.005)


def test_sky_is_colder_than_air_and_a_file_without_infrared_gets_the_mean() -> None:
    from dataclasses import replace

    depression = sky_depression_k(chicago())
    assert 5.0 < depression.mean() < 25.0
    np.testing.assert_array_equal(sky_depression_k(replace(chicago(), raw=b"")), np.full(8760, 11.0))
