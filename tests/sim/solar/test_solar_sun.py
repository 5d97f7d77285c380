"""Sun position and the suns that are traced, against the almanac and geometry."""

from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.city.calendar import hour_of
from citytwin_desktop.sim.solar.settings import SolarSettings
from citytwin_desktop.sim.solar.sun import (
    day_angle_rad,
    declination_rad,
    direction_towards_sun,
    equation_of_time_min,
    sun_path,
    sunset_hour_angle_deg,
)
from citytwin_desktop.sim.solar.sun_nodes import DAYS, node_weights, spread_days, sun_nodes, sun_plan


def test_declination_at_solstices_and_equinox() -> None:
    declination = np.degrees(declination_rad(day_angle_rad(8760)))
    assert declination[hour_of(6, 21, 12)] == pytest.approx(23.44, abs=0.05)
    assert declination[hour_of(12, 21, 12)] == pytest.approx(-23.44, abs=0.05)
    assert declination[hour_of(3, 21, 12)] == pytest.approx(0.0, abs=0.5)


def test_equation_of_time_extremes() -> None:
    minutes = equation_of_time_min(day_angle_rad(8760))
    assert minutes.min() == pytest.approx(-14.3, abs=0.3)
    assert minutes.max() == pytest.approx(16.4, abs=0.3)


@pytest.mark.parametrize(
    ("latitude", "month", "expected_deg"), [(51.5, 6, 61.94), (51.5, 12, 15.06), (-33.9, 12, 79.5)]
)
def test_noon_altitude(latitude: float, month: int, expected_deg: float) -> None:
    path = sun_path(latitude, 0.0, 0.0, 8760)
    day = slice(hour_of(month, 21, 0), hour_of(month, 21, 0) + 24)
    exact = direction_towards_sun(latitude, path.declination_deg[day][:1], np.zeros(1))
    assert np.degrees(np.arcsin(exact[0, 2])) == pytest.approx(expected_deg, abs=0.1)
    assert path.sine_altitude[day].max() == pytest.approx(exact[0, 2], abs=0.01)


def test_odd_time_zone_shifts_the_sun() -> None:
    # Kathmandu: 85.32 E, 5.75 h east of UTC, so the clock is 3.7 min behind local mean time.
    kathmandu = sun_path(27.7, 85.32, 5.75, 8760)
    greenwich = sun_path(27.7, 0.0, 0.0, 8760)
    shift = np.median(
        (kathmandu.hour_angle_deg - greenwich.hour_angle_deg)[greenwich.up & (abs(greenwich.hour_angle_deg) < 60)]
    )
    assert shift == pytest.approx(85.32 - 15 * 5.75, abs=1e-9)


def test_sunrise_hour_uses_its_daylit_part() -> None:
    path = sun_path(51.5, 0.0, 0.0, 8760)
    assert (path.sine_altitude[path.up] > 0).all()
    whole = np.zeros(365) + path.up.reshape(365, 24).sum(axis=1)
    daylight = 2 * sunset_hour_angle_deg(51.5, path.declination_deg[::24]) / 15
    assert (whole >= daylight - 1e-6).all()
    assert (whole <= daylight + 2).all()


def test_polar_day_and_night() -> None:
    path = sun_path(78.0, 15.0, 1.0, 8760)
    assert path.up[hour_of(6, 21, 0) : hour_of(6, 21, 0) + 24].all()
    assert not path.up[hour_of(12, 21, 0) : hour_of(12, 21, 0) + 24].any()


LATITUDES = [-90.0, -78.0, -66.5, -33.9, 0.0, 23.4, 40.0, 51.5, 65.0, 66.56, 78.0, 90.0]
# Longitude and time zone: Greenwich, Newfoundland, Nepal, the Chatham Islands, western China on the time of Beijing.
PLACES = [(0.0, 0.0), (-52.7, -3.5), (85.32, 5.75), (-176.5, 12.75), (76.0, 8.0)]


@pytest.mark.parametrize("latitude", LATITUDES)
@pytest.mark.parametrize(("longitude", "zone"), PLACES)
def test_every_daylit_hour_has_suns_whose_weights_sum_to_one(latitude: float, longitude: float, zone: float) -> None:
    for days in (4, 16, 46, 80, DAYS):
        chosen = tuple(spread_days(np.arange(DAYS), days).tolist())
        nodes = sun_nodes(latitude, longitude / 15 - zone, chosen)
        for hours in (8760, 8784):
            path = sun_path(latitude, longitude, zone, hours)
            columns, weights = node_weights(nodes, path)
            total = weights.sum(axis=1)
            np.testing.assert_allclose(total[path.up], 1.0, atol=1e-6)
            assert not total[~path.up].any()
            assert weights.min() >= 0.0
            assert columns.min() >= 0
            assert columns.max() < len(nodes.direction)


@pytest.mark.parametrize("latitude", LATITUDES)
def test_all_days_are_the_hours_themselves(latitude: float) -> None:
    nodes, path = sun_nodes(latitude, 0.0, tuple(range(DAYS))), sun_path(latitude, 0.0, 0.0, 8760)
    columns, weights = node_weights(nodes, path)
    assert weights[path.up, 0].min() > 0.99999
    used = nodes.direction[columns[path.up, 0]]
    apart = np.linalg.norm(used - path.direction[path.up], axis=1)
    # Only the sun at the horizon is lifted, to an altitude whose sine is 0.01.
    assert apart[path.sine_altitude[path.up] > 0.01].max() < 1e-6
    assert apart.max() < 0.0101


@pytest.mark.parametrize("latitude", [-78.0, -33.9, 0.0, 40.0, 51.5, 65.0, 78.0, 90.0])
@pytest.mark.parametrize(("days", "apart_deg"), [(16, 2.5), (46, 0.7), (80, 0.3)])
def test_between_two_days_the_sun_is_where_it_should_be(latitude: float, days: int, apart_deg: float) -> None:
    nodes = sun_nodes(latitude, 0.0, tuple(spread_days(np.arange(DAYS), days).tolist()))
    path = sun_path(latitude, 0.0, 0.0, 8760)
    columns, weights = node_weights(nodes, path)
    high = path.up & (path.sine_altitude > 0.06)
    between = np.einsum("hk,hkx->hx", weights, nodes.direction[columns])[high]
    cosine = (between * path.direction[high]).sum(axis=1) / np.linalg.norm(between, axis=1)
    assert np.degrees(np.arccos(np.clip(cosine.min(), -1, 1))) < apart_deg


@pytest.mark.parametrize("latitude", [-33.9, 0.0, 40.0, 51.5])
@pytest.mark.parametrize(("days", "apart_deg"), [(16, 0.9), (46, 0.3), (80, 0.18)])
def test_nearly_all_hours_have_a_closer_sun(latitude: float, days: int, apart_deg: float) -> None:
    nodes = sun_nodes(latitude, 0.0, tuple(spread_days(np.arange(DAYS), days).tolist()))
    path = sun_path(latitude, 0.0, 0.0, 8760)
    columns, weights = node_weights(nodes, path)
    between = np.einsum("hk,hkx->hx", weights, nodes.direction[columns])[path.up]
    cosine = (between * path.direction[path.up]).sum(axis=1) / np.linalg.norm(between, axis=1)
    high = path.sine_altitude[path.up] > 0.06
    assert np.degrees(np.arccos(np.clip(np.percentile(cosine[high], 1), -1, 1))) < apart_deg


def test_days_lie_evenly_along_the_way_of_the_sun() -> None:
    nodes = sun_nodes(40.0, 0.0, tuple(spread_days(np.arange(DAYS), 46).tolist()))
    assert len(nodes.day) == 46
    noon = nodes.direction[nodes.column[:, 12]].astype(float)
    step = np.degrees(np.arccos(np.clip((noon * np.roll(noon, -1, axis=0)).sum(axis=1), -1, 1)))
    # On average 2.1 degrees along the way; days are whole, 0.4 degrees at the equinoxes.
    assert step.max() < 2.6
    assert step.min() > 1.6


@pytest.mark.parametrize("days", [4, 5, 10, 16, 20, 46, 80])
def test_days_hold_the_solstices_where_the_way_turns_back(days: int) -> None:
    chosen = spread_days(np.arange(DAYS), days)
    assert len(chosen) == days
    noon = np.degrees(declination_rad(2 * np.pi * chosen / DAYS))
    assert noon.max() == pytest.approx(23.44, abs=0.02)
    assert noon.min() == pytest.approx(-23.44, abs=0.02)
    # Chosen among those chosen already, they are kept.
    assert set(spread_days(chosen, 4)) <= set(chosen)
    assert spread_days(chosen, 4).tolist() == sorted(set(spread_days(chosen, 4)))


def test_traced_suns_are_unit_vectors_above_the_horizon() -> None:
    for latitude in LATITUDES:
        direction = sun_nodes(latitude, 0.0, tuple(range(0, DAYS, 7))).direction
        np.testing.assert_allclose(np.linalg.norm(direction, axis=1), 1.0, atol=1e-6)
        assert (direction[:, 2] > 0.0099).all()


def test_plan_nests_its_days() -> None:
    plan = sun_plan(51.5, 0.25, SolarSettings())
    assert plan.nodes.day.tolist() == list(range(DAYS))
    base = plan.nodes.day[plan.base]
    assert len(base) == SolarSettings().base_days
    assert set(plan.reflected.day) < set(base)
    np.testing.assert_array_equal(plan.nodes.direction[plan.reflected_column], plan.reflected.direction)


@pytest.mark.parametrize(
    ("name", "annual", "hourly"),
    [("epw/CAN_PQ_Montreal.Intl.AP.716270_CWEC.epw", 0.001, 0.005), ("bestest/725650TYCST.epw", 0.003, 0.01)],
)
def test_sun_of_real_weather_files_closes_their_radiation_balance(name: str, annual: float, hourly: float) -> None:
    # In these files global = diffuse + beam x sine of the altitude, so half an hour off shows at once.
    path = Path(__file__).parents[4] / "shared" / "data" / name
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the repository")
    lines = path.read_text("latin-1").splitlines()
    latitude, longitude, zone = (float(text) for text in lines[0].split(",")[6:9])
    table = np.array([[float(text) for text in line.split(",")[13:16]] for line in lines[8:8768]])
    sun = sun_path(latitude, longitude, zone, 8760)
    closed = table[:, 2] + table[:, 1] * np.where(sun.up, sun.sine_altitude, 0.0)
    assert closed.sum() == pytest.approx(table[:, 0].sum(), rel=annual)
    assert np.sqrt(np.mean((closed - table[:, 0]) ** 2)) < hourly * table[:, 0].mean()
