"""Sky patches and the Perez sky."""

import numpy as np
import pytest

from citytwin_desktop.sim.solar.perez_coefficients import COEFFICIENTS
from citytwin_desktop.sim.solar.sky import sky_clearness, sky_patches, sky_radiance

NOON = np.array([[0.0, -0.6, 0.8]])
DAY = np.zeros(1)


@pytest.mark.parametrize(("subdivision", "count"), [(1, 145), (2, 577), (4, 2305)])
def test_patches_cover_the_hemisphere(subdivision: int, count: int) -> None:
    patches = sky_patches(subdivision)
    assert len(patches.direction) == count
    assert patches.projected_solid_angle_sr.sum() == pytest.approx(np.pi, rel=1e-12)
    np.testing.assert_array_equal(patches.patch_of(patches.direction), np.arange(count))


@pytest.mark.parametrize(
    ("beam", "diffuse"), [(0, 80), (50, 200), (300, 250), (500, 150), (800, 100), (950, 50), (0, 1)]
)
def test_sky_gives_its_diffuse_irradiance_to_the_plane(beam: float, diffuse: float) -> None:
    patches = sky_patches(1)
    radiance = sky_radiance(np.array([diffuse]), np.array([beam]), NOON, DAY, patches)
    assert (radiance >= 0).all()
    assert radiance[0] @ patches.projected_solid_angle_sr == pytest.approx(diffuse, rel=1e-9)


def test_clear_sky_is_brightest_around_the_sun_and_overcast_at_the_zenith() -> None:
    patches = sky_patches(1)
    clear = sky_radiance(np.array([80.0]), np.array([900.0]), NOON, DAY, patches)[0]
    assert clear.argmax() == patches.patch_of(NOON)[0]
    assert clear.max() > 5 * clear.min()
    darkest = patches.direction[clear.argmin()]
    assert 60 < np.degrees(np.arccos(darkest @ NOON[0])) < 120
    overcast = sky_radiance(np.array([150.0]), np.array([0.0]), NOON, DAY, patches)[0]
    # CIE overcast: the zenith is three times as bright as the horizon; Perez comes near.
    assert 1.5 < overcast[-1] / overcast[:30].mean() < 4.5


def test_clearness_of_an_overcast_sky_is_one() -> None:
    assert sky_clearness(np.array([100.0]), np.array([0.0]), np.array([1.0]))[0] == 1.0
    # (80 + 900)/80 = 12.25 and zenith 0: above the fitted range, so held at its end.
    assert sky_clearness(np.array([80.0]), np.array([900.0]), np.array([0.0]))[0] == 12.01


def test_twilight_and_night() -> None:
    patches = sky_patches(1)
    below = np.array([[0.0, 0.9, -0.43]])
    twilight = sky_radiance(np.array([4.0]), np.zeros(1), below, DAY, patches)[0]
    np.testing.assert_allclose(twilight, 4.0 / np.pi)
    assert not sky_radiance(np.zeros(1), np.zeros(1), NOON, DAY, patches).any()


def test_table_is_whole() -> None:
    assert COEFFICIENTS.shape == (8, 5, 4)
    assert COEFFICIENTS[0, 0].tolist() == [1.3525, -0.2576, -0.2690, -1.4366]
    assert COEFFICIENTS[7, 4].tolist() == [1.5, -0.6426, 1.8564, 0.5636]
