"""Final energy against sums by hand, and against the published curve of heat pumps."""

from dataclasses import replace

import numpy as np
import pytest

from citytwin_desktop.analysis.final_energy import UsefulDemand, final_energy
from citytwin_desktop.analysis.heat_pump import coefficient_of_performance, source_temperature_c
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.errors import BugError

AIR_CURVE = (6.08, -0.09, 0.0005)
BOILER = EnergySpec(
    function="residential", wall_u_value_w_m2k=1.0, roof_u_value_w_m2k=1.0, floor_u_value_w_m2k=1.0,
    window_u_value_w_m2k=2.0, window_g_value=0.6, window_share=0.2, heat_capacity_kj_m2k=165.0, infiltration_ach=0.3,
    ventilation_l_s_m2=0.4, heat_recovery_efficiency=0.0, fan_power_w_per_l_s=0.0, heating_setpoint_c=20.0,
    heating_setback_c=16.0, cooling_setpoint_c=26.0, people_per_m2=0.03, lighting_w_m2=2.0, equipment_w_m2=3.0,
    hot_water_kwh_m2a=20.0, storey_height_m=3.0, heating_system="boiler", heating_carrier="natural_gas",
    heating_efficiency=0.8, heat_source="", cop_coefficients=(), supply_temperature_c=55.0, hot_water_system="boiler",
    hot_water_carrier="natural_gas", hot_water_efficiency=0.5, cooling_system="none", cooling_carrier="electricity",
    cooling_efficiency=0.0,
)  # fmt: skip
PUMP = replace(
    BOILER, heating_system="pump", heating_carrier="electricity", heating_efficiency=1.0, heat_source="air",
    cop_coefficients=AIR_CURVE, supply_temperature_c=35.0, hot_water_system="pump", hot_water_carrier="electricity",
    hot_water_efficiency=1.0,
)  # fmt: skip
GROUND_C = np.full(12, 10.0)


def demand(**series: float) -> UsefulDemand:
    given = {"heating": 0.0, "cooling": 0.0, "lighting": 0.0, "equipment": 0.0, **series}
    return UsefulDemand(**{f"{name}_kwh": np.full(8760, value) for name, value in given.items()}, floor_area_m2=100.0)


def outdoor(temperature_c: float) -> np.ndarray:
    return np.full(8760, temperature_c)


def test_a_boiler_divides_by_its_efficiency_and_water_by_its_own() -> None:
    found = final_energy(demand(heating=2.0, lighting=0.5), BOILER, outdoor(5.0), GROUND_C)
    assert found.by_use["heating", "natural_gas"].sum() == pytest.approx(8760 * 2.0 / 0.8)
    assert found.hot_water_kwh.sum() == pytest.approx(20.0 * 100.0)
    assert found.by_use["hot_water", "natural_gas"].sum() == pytest.approx(2000.0 / 0.5)
    carriers = found.by_carrier()
    assert set(carriers) == {"natural_gas", "electricity"}
    assert carriers["electricity"].sum() == pytest.approx(8760 * 0.5)
    assert carriers["natural_gas"].sum() == pytest.approx(8760 * 2.5 + 4000.0)


@pytest.mark.parametrize(("outdoor_c", "performance"), [(5.0, 6.08 - 0.09 * 30 + 0.0005 * 900), (-15.0, 2.83)])
def test_a_heat_pump_follows_its_curve(outdoor_c: float, performance: float) -> None:
    found = final_energy(demand(heating=3.0), PUMP, outdoor(outdoor_c), GROUND_C)
    assert 3.0 / found.by_use["heating", "electricity"] == pytest.approx(np.full(8760, performance), rel=1e-6)
    # Water at 50 °C asks for a higher lift, so that the same heat costs more.
    water = found.hot_water_kwh.sum() / found.by_use["hot_water", "electricity"].sum()
    assert water < performance


def test_a_curve_never_rises_with_the_lift_nor_falls_below_one() -> None:
    lifts = np.linspace(-20.0, 200.0, 500)
    found = coefficient_of_performance(AIR_CURVE, lifts, 0.85)
    assert (np.diff(found) <= 1e-12).all()
    assert found.min() >= 1.0
    assert coefficient_of_performance((1.5, -0.02, 0.0), np.array([80.0]), 0.85) == 1.0


def test_the_ground_is_a_warmer_source_in_winter() -> None:
    months = np.array([4.0, 3, 4, 6, 9, 12, 14, 15, 14, 12, 9, 6])
    found = source_temperature_c("ground", outdoor(-10.0), months)
    assert (found[0], found[-1]) == (-1.0, 1.0)
    assert source_temperature_c("ground", outdoor(8.0), np.zeros(0))[0] == 3.0
    with pytest.raises(BugError):
        source_temperature_c("sea", outdoor(8.0), months)


def test_cold_and_fans_are_electricity() -> None:
    spec = replace(
        BOILER, cooling_efficiency=4.0, cooling_system="split", fan_power_w_per_l_s=1.5, hot_water_kwh_m2a=0.0
    )
    found = final_energy(demand(cooling=2.0), spec, outdoor(25.0), GROUND_C)
    assert found.by_use["cooling", "electricity"].sum() == pytest.approx(8760 * 0.5)
    # 0.4 l/s m2 of 100 m2 at 1.5 W per l/s are 60 W, day and night in a dwelling.
    assert found.by_use["fans", "electricity"].sum() == pytest.approx(0.06 * 8760)
    assert ("hot_water", "natural_gas") not in found.by_use


def test_a_cooled_demand_without_a_system_is_not_met_from_nothing() -> None:
    found = final_energy(demand(cooling=2.0), BOILER, outdoor(25.0), GROUND_C)
    assert not any(use == "cooling" for use, _ in found.by_use)


def test_own_electricity_is_taken_off_what_is_delivered_hour_by_hour() -> None:
    made = np.where(np.arange(8760) % 24 == 12, 3.0, 0.0)
    found = final_energy(demand(lighting=1.0), BOILER, outdoor(10.0), GROUND_C, made)
    assert found.of_carrier("electricity").sum() == pytest.approx(8760.0)
    assert found.self_used_kwh.sum() == pytest.approx(365.0)
    assert found.delivered_by_carrier()["electricity"].sum() == pytest.approx(8760.0 - 365.0)
    assert found.delivered_by_carrier()["natural_gas"].sum() == pytest.approx(found.of_carrier("natural_gas").sum())


def test_series_of_other_lengths_are_a_fault_of_the_program() -> None:
    with pytest.raises(BugError):
        final_energy(demand(), BOILER, np.zeros(24), GROUND_C)


@pytest.mark.parametrize("field", ["heating_efficiency", "hot_water_efficiency"])
def test_heat_is_not_made_for_nothing(field: str) -> None:
    with pytest.raises(BugError):
        final_energy(demand(heating=1.0), replace(BOILER, **{field: 0.0}), outdoor(5.0), GROUND_C)
