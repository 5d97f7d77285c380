"""A year of a small city: totals, hours by building, and what is refused."""

import numpy as np
import pytest

from citytwin_desktop.analysis import collector_potential
from citytwin_desktop.analysis.collector_assumptions import (
    PhotovoltaicAssumptions,
    PlacementAssumptions,
    SolarThermalAssumptions,
)
from citytwin_desktop.analysis.collector_potential import (
    CollectorPotential,
    photovoltaic_potential,
    solar_thermal_potential,
)
from citytwin_desktop.analysis.plane_irradiance import HourlySite, PlaneIrradiance, incidence_cosine
from citytwin_desktop.analysis.usable_area import Placement, UsableArea, Verdict
from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.errors import BugError, KnownError

_STEEP = np.radians(35.0)
NORMALS = np.array(
    [[0, 0, 1], [0, -np.sin(_STEEP), np.cos(_STEEP)], [0, np.sin(_STEEP), np.cos(_STEEP)], [0, -1, 0], [1, 0, 0.0]]
)
PLACEMENT = np.array([1, 2, 2, 3, 3], np.uint8)
GROUP = np.array([0, 0, 1, 1, -1])


def _area(collector_m2: tuple[float, ...] = (50.0, 40.0, 40.0, 30.0, 20.0)) -> UsableArea:
    size = np.array(collector_m2)
    return UsableArea(size, size * 2, PLACEMENT, np.full(5, Verdict.USABLE, np.uint8))


def _site(latitude_deg: float = 51.5, hours: int = 8760) -> HourlySite:
    hour = np.arange(hours)
    declination = np.radians(23.45) * np.sin(2 * np.pi * (hour / 24 - 81) / 365)
    angle, latitude = np.radians(15 * (hour % 24 + 0.5 - 12)), np.radians(latitude_deg)
    east = -np.cos(declination) * np.sin(angle)
    north = np.cos(latitude) * np.sin(declination) - np.sin(latitude) * np.cos(declination) * np.cos(angle)
    up = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(angle)
    air = 11.0 - 8.0 * np.cos(2 * np.pi * hour / hours)
    return HourlySite(air, np.full(hours, 3.0), np.stack([east, north, up], axis=1), northern=latitude_deg >= 0)


class _OpenField:
    """Irradiance of unobstructed planes under an even sky; remembers what it was asked for."""

    def __init__(self, site: HourlySite) -> None:
        self.site, self.asked = site, []

    def __call__(self, rows: np.ndarray, hours: np.ndarray) -> PlaneIrradiance:
        self.asked.extend(rows.tolist())
        sun = self.site.sun[hours]
        cosine = incidence_cosine(NORMALS[rows], sun)
        sun_up = sun[:, 2] > 0.0
        assert sun_up.all(), "the dark hours need not be asked for"
        direct = np.where(sun_up, 350.0 * np.clip(sun[:, 2], 0, 1) ** 0.3, 0.0).astype(np.float32)
        sky = np.where(sun_up, 90.0, 0.0).astype(np.float32) * (1 + NORMALS[rows, 2:3].astype(np.float32)) / 2
        return PlaneIrradiance(cosine * direct, sky, np.zeros_like(sky), cosine)


def _photovoltaic(site: HourlySite, area: UsableArea | None = None, **placing: object) -> CollectorPotential:
    return photovoltaic_potential(
        area or _area(), NORMALS, _OpenField(site), site, PlacementAssumptions.standard(**placing),
        PhotovoltaicAssumptions.standard(), GROUP, 2,
    )  # fmt: skip


def test_hours_months_and_years_tell_the_same_energy() -> None:
    found = _photovoltaic(_site())
    assert found.size == pytest.approx(np.array([50, 40, 40, 30, 20]) * 0.1994)
    assert found.monthly_kwh.shape == (5, 12)
    assert found.hourly_kwh.shape == (2, 8760)
    for building, surfaces in ((0, [0, 1]), (1, [2, 3])):
        months = np.bincount(month_of_hour(), found.hourly_kwh[building], minlength=12)
        assert months == pytest.approx(found.monthly_kwh[surfaces].sum(axis=0), rel=1e-4)
    assert found.annual_kwh[4] > 0.0, "a surface without a group counts in its own row"
    assert np.isfinite(found.hourly_kwh).all()
    assert (found.hourly_kwh >= 0.0).all()


def test_the_yield_of_each_orientation_is_in_order() -> None:
    racks, south, north, south_wall, east_wall = _photovoltaic(_site()).specific_kwh
    assert south > racks > north
    assert south > south_wall > east_wall
    assert 600 < south < 1300


def test_generation_comes_with_the_sun_in_its_hour() -> None:
    site = _site()
    found = _photovoltaic(site)
    assert (found.hourly_kwh[:, site.sun[:, 2] <= 0.0] == 0.0).all()
    day = found.hourly_kwh[0, 171 * 24 : 172 * 24]
    # Symmetric about noon between the hours 11 and 12; air temperature barely shifts it.
    assert day[11] == pytest.approx(day[12], rel=1e-3)
    assert day.argmax() in {11, 12}


def test_only_usable_surfaces_are_asked_for_and_chunks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    site = _site()
    whole = _photovoltaic(site)
    source = _OpenField(site)
    monkeypatch.setattr(collector_potential, "CHUNK", 2)
    parts = photovoltaic_potential(
        _area((50.0, 0.0, 40.0, 30.0, 20.0)), NORMALS, source, site, PlacementAssumptions.standard(),
        PhotovoltaicAssumptions.standard(), GROUP, 2,
    )  # fmt: skip
    assert source.asked == [0, 2, 3, 4]
    others = [0, 2, 3, 4]
    assert parts.monthly_kwh[others] == pytest.approx(whole.monthly_kwh[others], rel=1e-6)
    assert parts.annual_kwh[1] == 0.0
    assert np.isnan(parts.specific_kwh[1])
    assert parts.hourly_kwh[1] == pytest.approx(whole.hourly_kwh[1], rel=1e-6)


def test_racks_make_more_of_a_square_metre_of_module_than_lying_flat() -> None:
    site = _site()
    tilted = _photovoltaic(site, rack_tilt_deg=25.0, rack_coverage=0.4).specific_kwh[0]
    flat = _photovoltaic(site, rack_layout="flat").specific_kwh[0]
    east_west = _photovoltaic(site, rack_layout="east_west", rack_tilt_deg=10.0, rack_coverage=0.8).specific_kwh[0]
    assert tilted > 1.05 * flat
    assert 0.93 * flat < east_west < 1.01 * flat


def test_heat_of_a_year() -> None:
    site = _site()
    source = _OpenField(site)
    found = solar_thermal_potential(
        _area(), NORMALS, source, site, PlacementAssumptions.standard("solar_thermal"),
        SolarThermalAssumptions.standard(), GROUP, 2,
    )  # fmt: skip
    assert found.size == pytest.approx([50, 40, 40, 30, 20])
    irradiation = source(np.array([1]), np.flatnonzero(site.sun[:, 2] > 0)).total().sum() / 1000
    assert 0.15 * irradiation < found.specific_kwh[1] < 0.775 * 0.888 * irradiation
    assert found.hourly_kwh.sum() == pytest.approx(found.annual_kwh[:4].sum(), rel=1e-4)
    assert found.specific_kwh[1] > found.specific_kwh[2]


def test_polar_night_and_leap_year() -> None:
    polar = _photovoltaic(_site(75.0))
    assert (polar.monthly_kwh[:, [0, 11]] == 0.0).all()
    assert (polar.monthly_kwh[:, 5] > 0.0).all()
    leap = _photovoltaic(_site(hours=8784))
    assert leap.hourly_kwh.shape == (2, 8784)
    assert leap.annual_kwh.sum() == pytest.approx(_photovoltaic(_site()).annual_kwh.sum(), rel=0.01)


def test_impossible_input_is_refused() -> None:
    site = _site()
    arguments = (PlacementAssumptions.standard(), PhotovoltaicAssumptions.standard(), GROUP, 2)

    def missing(rows: np.ndarray, hours: np.ndarray) -> PlaneIrradiance:
        plane = _OpenField(site)(rows, hours)
        plane.sky[0, 2000] = np.nan
        return plane

    with pytest.raises(KnownError, match="run solar again"):
        photovoltaic_potential(_area(), NORMALS, missing, site, *arguments)
    with pytest.raises(BugError, match="shape"):
        photovoltaic_potential(
            _area(), NORMALS, lambda rows, hours: _OpenField(site)(rows[:1], hours), site, *arguments
        )
    with pytest.raises(BugError, match="length"):
        photovoltaic_potential(_area(), NORMALS[:4], _OpenField(site), site, *arguments)
    with pytest.raises(KnownError, match="8,760"):
        photovoltaic_potential(_area(), NORMALS, _OpenField(site), site.hours(slice(0, 100)), *arguments)
    assert Placement(PLACEMENT[0]) is Placement.FLAT_ROOF
