"""Collector heat against the efficiency curve of EN ISO 9806."""

import numpy as np
import pytest

from citytwin_desktop.analysis.collector_assumptions import SolarThermalAssumptions
from citytwin_desktop.analysis.plane_irradiance import HourlySite, PlaneIrradiance
from citytwin_desktop.analysis.solar_thermal import collector_beam_modifier, thermal_power_w_m2
from citytwin_desktop.catalog.collectors import thermal_collector, thermal_collectors
from citytwin_desktop.errors import BugError


def _plane(beam: float, sky: float, reflected: float, cosine: float, hours: int = 1) -> PlaneIrradiance:
    return PlaneIrradiance(*(np.full((1, hours), value, np.float32) for value in (beam, sky, reflected, cosine)))


def _heat(plane: PlaneIrradiance, air_c: float, **changes: object) -> float:
    hours = plane.beam.shape[1]
    site = HourlySite(np.full(hours, air_c), np.zeros(hours), np.tile([0, 0, 1.0], (hours, 1)), northern=True)
    return float(thermal_power_w_m2(plane, site, SolarThermalAssumptions.standard(**changes))[0, 0])


@pytest.mark.parametrize("name", ["flat_plate", "evacuated_tube"])
def test_without_a_difference_to_the_air_the_zero_loss_efficiency_counts(name: str) -> None:
    kind = thermal_collector(name)
    gross = kind.zero_loss_efficiency * kind.aperture_share
    assert _heat(_plane(800.0, 0.0, 0.0, 1.0), 50.0, collector=name) == pytest.approx(800 * gross, rel=1e-6)
    slanting = 1 - kind.incidence_b0 * (1 / 0.5 - 1)
    assert _heat(_plane(400.0, 0.0, 0.0, 0.5), 50.0, collector=name) == pytest.approx(400 * gross * slanting, rel=1e-6)
    diffuse = _heat(_plane(0.0, 100.0, 60.0, 0.0), 50.0, collector=name)
    assert diffuse == pytest.approx(160 * gross * kind.diffuse_modifier, rel=1e-6)


def test_a_point_of_the_efficiency_curve() -> None:
    # Flat plate, 1,000 W/m2, 40 K: 0.775 - 3.91 * 0.04 - 0.0081 * 1.6 = 0.60564 of the aperture.
    assert _heat(_plane(1000.0, 0.0, 0.0, 1.0), 10.0) == pytest.approx(605.64 * 0.888, rel=1e-5)


def test_losses_never_make_heat_negative_and_warm_air_gives_none() -> None:
    assert _heat(_plane(100.0, 0.0, 0.0, 1.0), -10.0) == 0.0
    assert _heat(_plane(0.0, 0.0, 0.0, 0.0), 45.0, mean_fluid_temperature_c=20.0) == 0.0
    warm = [_heat(_plane(500.0, 50.0, 0.0, 0.8), 10.0, mean_fluid_temperature_c=t) for t in (10.0, 40.0, 80.0)]
    assert (np.diff(warm) < 0.0).all()


def test_tubes_beat_plates_when_hot_and_plates_beat_tubes_when_cool() -> None:
    def heat(name: str, fluid: float) -> float:
        return _heat(_plane(700.0, 100.0, 0.0, 1.0), 10.0, collector=name, mean_fluid_temperature_c=fluid)

    assert heat("flat_plate", 25.0) > heat("evacuated_tube", 25.0)
    assert heat("evacuated_tube", 110.0) > heat("flat_plate", 110.0)


def test_the_beam_modifier_at_50_degrees_is_that_of_the_standard() -> None:
    at_50 = np.array([np.cos(np.radians(50.0))], np.float32)
    expected = {"flat_plate": 0.94, "evacuated_tube": 0.97}
    for name, kind in thermal_collectors().items():
        assert collector_beam_modifier(at_50, kind)[0] == pytest.approx(expected[name], abs=1e-3)
        assert collector_beam_modifier(np.array([0.0, 1.0], np.float32), kind) == pytest.approx([0.0, 1.0])


def test_other_hours_are_a_bug() -> None:
    site = HourlySite(np.zeros(2), np.zeros(2), np.zeros((2, 3)), northern=True)
    with pytest.raises(BugError):
        thermal_power_w_m2(_plane(1.0, 1.0, 1.0, 1.0), site, SolarThermalAssumptions.standard())
