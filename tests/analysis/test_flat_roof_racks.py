"""Racks on flat roofs against geometry done by hand."""

import numpy as np
import pytest

from citytwin_desktop.analysis.collector_assumptions import PlacementAssumptions
from citytwin_desktop.analysis.flat_roof_racks import rack_rows
from citytwin_desktop.analysis.plane_irradiance import HourlySite, PlaneIrradiance


def _sun(altitude_deg: list[float], azimuth_deg: list[float], northern: bool = True) -> HourlySite:
    altitude, azimuth = np.radians(altitude_deg), np.radians(azimuth_deg)
    sun = np.stack([np.cos(altitude) * np.sin(azimuth), np.cos(altitude) * np.cos(azimuth), np.sin(altitude)], axis=1)
    return HourlySite(np.zeros(len(sun)), np.zeros(len(sun)), sun, northern)


def _roof(site: HourlySite, dni: float, dhi: float) -> PlaneIrradiance:
    cosine = np.maximum(site.sun[None, :, 2], 0.0).astype(np.float32)
    return PlaneIrradiance(cosine * np.float32(dni), np.full_like(cosine, dhi), np.zeros_like(cosine), cosine)


def test_one_row_alone_gets_the_beam_of_its_tilt_and_half_the_sky_it_turns_from() -> None:
    site = _sun([10.0, 40.0, 60.0, 30.0], [180.0, 180.0, 120.0, 0.0])
    (row,) = rack_rows(PlacementAssumptions.standard(rack_tilt_deg=30.0, rack_coverage=0.01), site)
    done = row.on_rack(_roof(site, 900.0, 100.0))
    by_hand = np.sin(np.radians([40.0, 70.0])), np.cos(np.radians(60)) * np.cos(np.radians(60)) * 0.5
    expected = 900 * np.array([*by_hand[0], by_hand[1] + np.sin(np.radians(60)) * np.cos(np.radians(30)), 0.0])
    assert done.beam[0] == pytest.approx(expected, rel=1e-5, abs=1e-3)
    assert done.sky[0] == pytest.approx(np.full(4, 100 * (1 + np.cos(np.radians(30))) / 2), rel=2e-3)


@pytest.mark.parametrize("altitude_deg", [4.0, 8.0, 12.0, 25.0])
def test_the_shade_of_the_row_in_front_follows_from_two_triangles(altitude_deg: float) -> None:
    tilt, coverage = np.radians(30.0), 0.5
    slope = np.tan(np.radians(altitude_deg))
    lift, pitch = np.sin(tilt), 1 / coverage
    shaded = (lift - slope * (pitch - np.cos(tilt))) / (lift + slope * np.cos(tilt))
    site = _sun([altitude_deg], [180.0])
    (row,) = rack_rows(PlacementAssumptions.standard(rack_tilt_deg=30.0, rack_coverage=coverage), site)
    done = row.on_rack(_roof(site, 1000.0, 0.0)).beam[0, 0]
    assert done == pytest.approx(1000 * np.sin(np.radians(altitude_deg + 30)) * (1 - np.clip(shaded, 0, 1)), rel=1e-5)


def test_closer_rows_get_less_of_sun_and_sky() -> None:
    site = _sun([10.0], [190.0])
    wide, narrow = (
        rack_rows(PlacementAssumptions.standard(rack_tilt_deg=30.0, rack_coverage=c), site)[0] for c in (0.3, 0.8)
    )
    assert narrow.beam_factor[0] < wide.beam_factor[0]
    assert narrow.diffuse_factor < wide.diffuse_factor < 1.0


def test_east_and_west_share_the_roof_and_mirror_each_other() -> None:
    site = _sun([30.0, 30.0, 60.0], [100.0, 260.0, 180.0])
    east, west = rack_rows(
        PlacementAssumptions.standard(rack_layout="east_west", rack_tilt_deg=10.0, rack_coverage=0.9), site
    )
    assert east.share + west.share == 1.0
    assert (east.azimuth_deg, west.azimuth_deg) == (90.0, 270.0)
    assert east.beam_factor[0] == pytest.approx(west.beam_factor[1], rel=1e-5)
    assert east.beam_factor[0] > 1.0 > west.beam_factor[0]
    assert (east.beam_factor[2] + west.beam_factor[2]) / 2 == pytest.approx(np.cos(np.radians(10.0)), rel=1e-5)


def test_rows_face_the_equator_of_their_hemisphere() -> None:
    for northern, azimuth in ((True, 180.0), (False, 0.0)):
        (row,) = rack_rows(PlacementAssumptions.standard(), _sun([40.0], [azimuth], northern))
        assert row.azimuth_deg == azimuth
        assert row.beam_factor[0] > 1.0


def test_flat_collectors_get_what_the_roof_gets() -> None:
    site = _sun([1.0, 5.0, 70.0, -5.0], [90.0, 90.0, 180.0, 0.0])
    (row,) = rack_rows(PlacementAssumptions.standard(rack_layout="flat"), site)
    roof = _roof(site, 800.0, 50.0)
    done = row.on_rack(roof)
    assert done.beam == pytest.approx(roof.beam, rel=1e-6)
    assert done.sky == pytest.approx(roof.sky)
    assert done.incidence_cosine == pytest.approx(roof.incidence_cosine, abs=1e-6)


def test_a_sun_on_the_horizon_makes_no_spike() -> None:
    site = _sun([0.01, 0.5, 1.9, 2.5], [180.0] * 4)
    (row,) = rack_rows(PlacementAssumptions.standard(rack_tilt_deg=40.0, rack_coverage=0.05), site)
    assert (row.beam_factor < 20.0).all()
    assert (row.on_rack(_roof(site, 1000.0, 0.0)).beam <= 1000.0).all()
