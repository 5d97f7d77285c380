"""Photovoltaic power against closed forms and against pvlib's own model chain."""

import numpy as np
import pytest

from citytwin_desktop.analysis.collector_assumptions import PhotovoltaicAssumptions
from citytwin_desktop.analysis.incidence import beam_modifier, diffuse_modifier
from citytwin_desktop.analysis.photovoltaics import (
    cell_temperature_c,
    inverted_w_kwp,
    loss_share,
    peak_power_kwp,
    photovoltaic_power,
)
from citytwin_desktop.analysis.plane_irradiance import HourlySite, PlaneIrradiance, incidence_cosine, tilts_deg
from citytwin_desktop.analysis.usable_area import Placement
from citytwin_desktop.catalog.collectors import mountings
from citytwin_desktop.errors import BugError, KnownError

STANDARD = PhotovoltaicAssumptions.standard()
NO_LOSS = dict.fromkeys([name for name in STANDARD.as_mapping() if name.endswith("_loss_percent")], 0.0)


def _site(hours: int, air_c: float = 20.0, wind_m_s: float = 3.0) -> HourlySite:
    sun = np.tile([0.0, -0.6, 0.8], (hours, 1))
    return HourlySite(np.full(hours, air_c), np.full(hours, wind_m_s), sun, northern=True)


def _plane(
    beam: float, sky: float, reflected: float, cosine: float, shape: tuple[int, int] = (1, 1)
) -> PlaneIrradiance:
    return PlaneIrradiance(*(np.full(shape, value, np.float32) for value in (beam, sky, reflected, cosine)))


def _power(plane: PlaneIrradiance, site: HourlySite, assumptions: PhotovoltaicAssumptions = STANDARD, place: int = 2):
    count = len(plane.beam)
    return photovoltaic_power(plane, np.full(count, 30.0), np.full(count, place, np.uint8), site, assumptions)


def test_the_standard_losses_are_those_of_pvwatts_without_shade() -> None:
    # The manual's 14.08 % with 3 % of shading; the product of the others by hand.
    by_hand = 1 - 0.98 * 0.98 * 0.98 * 0.995 * 0.985 * 0.99 * 0.97
    assert loss_share(STANDARD) == pytest.approx(by_hand, rel=1e-12)
    with_shading = PhotovoltaicAssumptions.standard(shading_loss_percent=3.0)
    assert loss_share(with_shading) == pytest.approx(0.1408, abs=5e-5)


@pytest.mark.parametrize("place", [Placement.FLAT_ROOF, Placement.PITCHED_ROOF, Placement.FACADE])
def test_power_at_normal_incidence_in_closed_form(place: Placement) -> None:
    fixed = mountings()[place.name.lower()]
    done = _power(_plane(800.0, 0.0, 0.0, 1.0), _site(1), PhotovoltaicAssumptions.standard(**NO_LOSS), place)
    cell_c = 20.0 + 800.0 * np.exp(fixed.sapm_a + fixed.sapm_b_s_m * 3.0) + 0.8 * fixed.cell_above_back_k
    assert done.dc_w_kwp[0, 0] == pytest.approx(800.0 * (1 - 0.00378 * (cell_c - 25.0)), rel=1e-5)
    zeta = done.dc_w_kwp[0, 0] / (1000 / 1.1 / 0.9742)
    efficiency = 0.9742 / 0.9637 * (-0.0162 * zeta - 0.0059 / zeta + 0.9858)
    assert done.ac_w_kwp[0, 0] == pytest.approx(done.dc_w_kwp[0, 0] * efficiency, rel=1e-5)


def test_the_cell_temperature_of_sandias_report() -> None:
    # Open rack, glass and glass, 900 W/m2, 20 °C, 5 m/s: 43.509 °C, the value pvlib is itself tested with.
    found = cell_temperature_c(np.full((1, 1), 900.0, np.float32), _site(1, 20.0, 5.0), mountings()["flat_roof"])
    assert found[0, 0] == pytest.approx(43.509, abs=2e-3)


def test_the_inverter_clips_at_its_rated_power() -> None:
    ratio_two = PhotovoltaicAssumptions.standard(dc_ac_ratio=2.0)
    power = inverted_w_kwp(np.array([0.0, 1.0, 400.0, 700.0, 1200.0], np.float32), ratio_two)
    assert power[0] == 0.0
    assert power[1] == 0.0, "below its own consumption an inverter gives nothing"
    assert 370.0 < power[2] < 400.0
    assert power[3:] == pytest.approx([500.0, 500.0])


def test_power_falls_with_temperature_and_rises_with_wind() -> None:
    plane = _plane(600.0, 100.0, 20.0, 0.9)
    by_air = [_power(plane, _site(1, air)).ac_w_kwp[0, 0] for air in (-20.0, 0.0, 20.0, 40.0)]
    by_wind = [_power(plane, _site(1, 20.0, wind)).ac_w_kwp[0, 0] for wind in (0.0, 2.0, 8.0)]
    assert (np.diff(by_air) < 0.0).all()
    assert (np.diff(by_wind) > 0.0).all()


def test_nothing_at_night_and_never_less_than_nothing() -> None:
    dark = _power(_plane(0.0, 0.0, 0.0, 0.0, (3, 4)), _site(4, -15.0))
    assert (dark.dc_w_kwp == 0.0).all()
    assert (dark.ac_w_kwp == 0.0).all()
    rng = np.random.default_rng(3)
    parts = (rng.uniform(0.0, 1.0, (40, 50)).astype(np.float32) for _ in range(4))
    beam, sky, reflected, cosine = parts
    done = _power(PlaneIrradiance(beam * 1000, sky * 500, reflected * 1e-3, cosine), _site(50, 60.0, 0.0))
    assert np.isfinite(done.ac_w_kwp).all()
    assert (done.ac_w_kwp >= 0.0).all()
    assert (done.ac_w_kwp <= done.dc_w_kwp).all()
    assert done.ac_w_kwp.dtype == np.float32


def test_the_beam_table_is_pvlibs_curve() -> None:
    from pvlib import iam

    angle = np.linspace(0.0, 90.0, 1801)
    cosine = np.cos(np.radians(angle)).astype(np.float32)
    assert beam_modifier(np.clip(cosine, 0, 1), 1.526) == pytest.approx(iam.physical(angle), abs=5e-4)
    below_80 = angle < 80.0
    assert beam_modifier(cosine[below_80], 1.526) == pytest.approx(iam.physical(angle[below_80]), abs=2e-4)
    assert beam_modifier(np.array([1.0, 0.0], np.float32), 1.526) == pytest.approx([1.0, 0.0])


def test_diffuse_light_loses_about_a_twentieth() -> None:
    # Marion (2017), figure of uncoated glass: about 0.95 to 0.96 at usual tilts.
    found = diffuse_modifier(np.array([0.0, 30.0, 90.0]), 1.526)
    assert found == pytest.approx([0.95, 0.955, 0.955], abs=0.012)


def test_other_shapes_and_places_are_a_bug() -> None:
    plane = _plane(1.0, 1.0, 1.0, 1.0, (2, 3))
    with pytest.raises(BugError):
        _power(plane, _site(4))
    with pytest.raises(BugError):
        _power(plane, _site(3), place=Placement.NONE)
    with pytest.raises(BugError):
        PlaneIrradiance(plane.beam, plane.sky, plane.reflected, plane.incidence_cosine[:1])
    with pytest.raises(KnownError, match="weather"):
        HourlySite(np.array([np.nan]), np.zeros(1), np.zeros((1, 3)), northern=True)


def test_peak_power_is_area_times_efficiency() -> None:
    assert peak_power_kwp(np.array([10.0]), STANDARD)[0] == pytest.approx(1.994)


def _chain(pandas_times, poa_direct, poa_diffuse, tilt, azimuth, air, wind):
    """pvlib's own chain, with its own sun."""
    import pandas as pd
    from pvlib import location, modelchain, pvsystem

    inverter_w = 1000.0 / 1.1 / 0.9742
    array = pvsystem.Array(
        pvsystem.FixedMount(tilt, azimuth),
        module_parameters={"pdc0": 1000.0, "gamma_pdc": -0.00378, "n": 1.526, "K": 4.0, "L": 0.002},
        temperature_model_parameters={"a": -2.98, "b": -0.0471, "deltaT": 1},
    )
    system = pvsystem.PVSystem(
        arrays=[array],
        inverter_parameters={"pdc0": inverter_w, "eta_inv_nom": 0.9742},
        losses_parameters={"shading": 0},
    )
    chain = modelchain.ModelChain(
        system, location.Location(45.0, 0.0), dc_model="pvwatts", ac_model="pvwatts", aoi_model="physical",
        spectral_model="no_loss", temperature_model="sapm", losses_model="pvwatts",
    )  # fmt: skip
    data = {
        "poa_global": poa_direct + poa_diffuse, "poa_direct": poa_direct, "poa_diffuse": poa_diffuse,
        "temp_air": air, "wind_speed": wind,
    }  # fmt: skip
    chain.run_model_from_poa(pd.DataFrame(data, index=pandas_times))
    return np.asarray(chain.results.ac), chain.results.solar_position


def test_a_year_of_an_open_plane_against_pvlibs_model_chain() -> None:
    import pandas as pd
    from pvlib import clearsky, solarposition

    times = pd.date_range("2025-01-01 00:30", periods=8760, freq="h", tz="UTC")
    position = solarposition.get_solarposition(times, 45.0, 0.0)
    zenith, azimuth = (np.radians(position[name].to_numpy()) for name in ("zenith", "azimuth"))
    sun = np.stack([np.sin(zenith) * np.sin(azimuth), np.sin(zenith) * np.cos(azimuth), np.cos(zenith)], axis=1)
    dni = np.where(sun[:, 2] > 0.02, clearsky.haurwitz(position["apparent_zenith"])["ghi"].to_numpy() * 0.8, 0.0)
    tilt, facing = np.radians(35.0), np.radians(200.0)
    normal = np.array([[np.sin(tilt) * np.sin(facing), np.sin(tilt) * np.cos(facing), np.cos(tilt)]])
    hour = np.arange(8760)
    air, wind = 12.0 - 10.0 * np.cos(hour / 8760 * 2 * np.pi), 2.0 + np.sin(hour / 24) ** 2
    cosine = incidence_cosine(normal, sun)
    site = HourlySite(air, wind, sun, northern=True)
    beam, none = (cosine * dni).astype(np.float32), np.zeros_like(cosine)
    ours = photovoltaic_power(
        PlaneIrradiance(beam, none, none, cosine), tilts_deg(normal), np.array([2], np.uint8), site, STANDARD
    )
    theirs, _ = _chain(times, beam[0].astype(float), np.zeros(8760), 35.0, 200.0, air, wind)
    assert ours.ac_w_kwp.sum() > 8e5
    assert ours.ac_w_kwp.sum() == pytest.approx(theirs.sum(), rel=1e-3)
    assert np.abs(ours.ac_w_kwp[0] - theirs).max() < 1.5

    # The chain lets all diffuse light in; with some of it ours is lower by what the glass turns back.
    sky = np.where(sun[:, 2] > 0.02, 100.0, 0.0).astype(np.float32)[None]
    ours = photovoltaic_power(
        PlaneIrradiance(beam, sky, none, cosine), tilts_deg(normal), np.array([2], np.uint8), site, STANDARD
    )
    theirs, _ = _chain(times, beam[0].astype(float), sky[0].astype(float), 35.0, 200.0, air, wind)
    assert 0.95 < ours.ac_w_kwp.sum() / theirs.sum() < 0.999
