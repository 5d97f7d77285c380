"""Sun position and sun grid against the almanac and geometry."""

from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.city.calendar import hour_of
from citytwin_desktop.sim.solar.sun import (
    day_angle_rad,
    declination_rad,
    direction_towards_sun,
    equation_of_time_min,
    sun_path,
    sunset_hour_angle_deg,
)
from citytwin_desktop.sim.solar.sun_grid import grid_weights, sun_grid


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


@pytest.mark.parametrize("latitude", [-78.0, -33.9, 0.0, 40.0, 51.5, 65.0, 78.0, 90.0])
def test_grid_reaches_every_daylit_hour(latitude: float) -> None:
    grid = sun_grid(latitude, 13, 49)
    path = sun_path(latitude, 0.0, 0.0, 8760)
    columns, weights = grid_weights(grid, path)
    high = path.up & (path.sine_altitude > 0.06)
    np.testing.assert_allclose(weights[high].sum(axis=1), 1.0, atol=1e-6)
    assert weights[~path.up].sum() == 0.0
    between = np.einsum("hk,hkx->hx", weights, grid.direction[columns])[high]
    cosine = (between * path.direction[high]).sum(axis=1) / np.linalg.norm(between, axis=1)
    assert np.degrees(np.arccos(np.clip(cosine.min(), -1, 1))) < 0.5


def test_grid_stops_at_the_longest_day() -> None:
    grid = sun_grid(39.8, 13, 49)
    assert grid.hour_angle_deg[-1] == pytest.approx(115.0)
    assert np.diff(grid.hour_angle_deg) == pytest.approx(5.0)
    assert sun_grid(65.0, 13, 49).hour_angle_deg[-1] == pytest.approx(160.0)
    assert len(grid.direction) == grid.column.max() + 1
    assert len(grid.direction) == 475
    np.testing.assert_allclose(np.linalg.norm(grid.direction, axis=1), 1.0, atol=1e-6)
    assert (grid.direction[:, 2] > 0).all()


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
