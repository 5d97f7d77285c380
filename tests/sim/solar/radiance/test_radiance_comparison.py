"""Measures of difference, grouping of sources, choice of hours: numbers that can be checked by hand."""

import numpy as np
import pytest

from citytwin_desktop.sim.solar.radiance.annual_reference import gathered
from citytwin_desktop.sim.solar.radiance.comparison import differences
from citytwin_desktop.sim.solar.radiance.daylight import daylight, patch_directions
from citytwin_desktop.sim.solar.radiance.hourly_reference import choose_hours
from citytwin_desktop.sim.solar.sky import sky_patches


def test_differences_by_hand() -> None:
    found = differences(np.array([110.0, 180.0, 1.5]), np.array([100.0, 200.0, 1.0]))
    assert found.mbe == pytest.approx(-9.5 / 301.0)
    assert found.rrmse == pytest.approx(np.sqrt((100 + 400 + 0.25) / 3) / (301.0 / 3))
    # 1.0 is under 2 % of 200: it counts in the sums and not in the relative errors, of +10 % and -10 %.
    assert (found.count, found.small) == (3, 1)
    assert (found.median, found.largest) == (pytest.approx(0.1), pytest.approx(0.1))
    assert found.mean_relative == pytest.approx(0.0)
    assert found.rms_relative == pytest.approx(0.1)


def test_gathering_keeps_the_light_on_the_ground() -> None:
    random = np.random.default_rng(1)
    direction = random.normal(size=(500, 3))
    direction[:, 2] = np.abs(direction[:, 2]) + 0.05
    direction /= np.linalg.norm(direction, axis=1)[:, None]
    beam = random.uniform(0.1, 1.0, 500)
    towards, strength = gathered(direction, beam, 1)
    assert len(strength) < 146
    np.testing.assert_allclose(np.linalg.norm(towards, axis=1), 1.0)
    assert strength @ towards[:, 2] == pytest.approx(beam @ direction[:, 2])
    assert strength @ towards[:, 0] == pytest.approx(beam @ direction[:, 0])


def test_patches_are_half_a_patch_apart() -> None:
    theirs, ours = patch_directions(1), sky_patches(1).direction
    np.testing.assert_allclose(theirs[0, :2] / np.linalg.norm(theirs[0, :2]), [0.0, 1.0], atol=1e-12)
    angle = np.degrees(np.arctan2(ours[0, 0], ours[0, 1]) - np.arctan2(theirs[0, 0], theirs[0, 1]))
    assert angle == pytest.approx(6.0)
    np.testing.assert_allclose(theirs[:, 2], ours[:, 2])


def test_hours_of_all_seasons_sunny_and_cloudy(weather_of) -> None:
    random = np.random.default_rng(3)
    cloudy = np.repeat(random.random(365) < 0.4, 24)
    light = daylight(weather_of(45.0, np.where(cloudy, 0.0, 700.0), 150.0))
    places = choose_hours(light, 9)
    chosen = light.take(places)
    assert len(places) == 9
    assert (np.diff(chosen.hour) > 0).all()
    assert (chosen.beam_w_m2 == 0.0).sum() == 3
    assert (chosen.direction[chosen.beam_w_m2 > 0, 0] > 0).sum() == 3
    assert {(hour // 24 * 12 // 365 + 1) % 12 // 3 for hour in chosen.hour} == {0, 1, 2, 3}
    np.testing.assert_array_equal(places, choose_hours(light, 9))


def test_no_light_is_lost_between_the_hours(weather_of) -> None:
    weather = weather_of(60.0, 300.0, 100.0)
    light = daylight(weather)
    assert light.diffuse_w_m2.sum() + light.dark_diffuse_wh_m2 == pytest.approx(8760 * 100.0)
    assert ((light.clock_h > light.hour % 24) & (light.clock_h < light.hour % 24 + 1)).all()
