"""Buildings, weather and gains for the tests of the estimate."""

from dataclasses import replace
from functools import cache

import numpy as np

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.formats.epw import read_epw
from citytwin_desktop.sim.energyplus.inputs import Face, Storey, ThermalModel
from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path
from citytwin_desktop.sim.energyplus.thermal_models import thermal_models
from citytwin_desktop.sim.estimate.climate import Climate
from citytwin_desktop.sim.estimate.solar_gains import SolarGains
from citytwin_desktop.sim.solar.radiance.district import synthetic_district

SPEC = EnergySpec(
    function="office",
    wall_u_value_w_m2k=0.5,
    roof_u_value_w_m2k=0.3,
    floor_u_value_w_m2k=0.4,
    window_u_value_w_m2k=2.0,
    window_g_value=0.6,
    window_share=0.3,
    heat_capacity_kj_m2k=165.0,
    infiltration_ach=0.3,
    ventilation_l_s_m2=0.8,
    heat_recovery_efficiency=0.0,
    fan_power_w_per_l_s=0.0,
    heating_setpoint_c=20.0,
    heating_setback_c=16.0,
    cooling_setpoint_c=26.0,
    people_per_m2=0.04,
    lighting_w_m2=8.0,
    equipment_w_m2=7.0,
    hot_water_kwh_m2a=10.0,
    storey_height_m=3.0,
    heating_system="boiler",
    heating_carrier="natural_gas",
    heating_efficiency=0.9,
    heat_source="",
    cop_coefficients=(),
    supply_temperature_c=55.0,
    hot_water_system="boiler",
    hot_water_carrier="natural_gas",
    hot_water_efficiency=0.8,
    cooling_system="chiller",
    cooling_carrier="electricity",
    cooling_efficiency=3.0,
)
EMPTY = replace(SPEC, people_per_m2=0.0, lighting_w_m2=0.0, equipment_w_m2=0.0, heating_setback_c=20.0)
"""Without inner gains and set-back."""


def spec(**changes) -> EnergySpec:
    return replace(SPEC, **changes)


def box(
    width: float = 10.0, depth: float = 8.0, height: float = 3.0, *, party: bool = False, spec=SPEC
) -> ThermalModel:
    """One storey; with a party wall to the south."""
    x, y, z = width, depth, height
    low, top = [(0, 0), (x, 0), (x, y), (0, y)], []
    for number, (a, b) in enumerate(zip(low, low[1:] + low[:1], strict=True)):
        corners = np.array([(*a, z), (*a, 0), (*b, 0), (*b, z)], float)
        top.append(Face(f"Wall 1.{number}", "wall", "adiabatic" if party and number == 0 else "outdoors", corners))
    roof = Face("Roof 1.1", "roof", "outdoors", np.array([(*corner, z) for corner in low], float))
    floor = Face("Floor 1.1", "floor", "ground", np.array([(*corner, 0) for corner in low[::-1]], float))
    storey = Storey(0.0, x * y, x * y * z, (*top, roof, floor))
    return ThermalModel(
        "Box", (0.0, 0.0, 0.0), (storey,), x * y, np.zeros((0, 4, 3)), spec, (10.0,) * 12, 1.0
    )  # fmt: skip


@cache
def chicago() -> Weather:
    path = chicago_weather_path()
    return read_epw(path.read_bytes(), path.name)


@cache
def district(count: int = 3, seed: int = 3) -> tuple[CityModel, tuple[ThermalModel, ...]]:
    """A synthetic district of low houses and the models of all its buildings."""
    city = synthetic_district(count, seed, height_power=8.0, pairs_are_two=True)
    made = thermal_models(city, range(len(city.buildings)), dict.fromkeys(city.buildings.ids, SPEC), chicago())
    return city, tuple(made.models)


def steady_climate(air_c: float = 0.0) -> Climate:
    """No wind swing, no cold sky, one temperature."""
    hours = np.zeros(8760)
    months = np.repeat(np.arange(12), 730)
    return Climate(hours + air_c, hours + 1200.0, 1200.0, hours, hours, 3.0, months)


def dark(count: int = 1) -> SolarGains:
    nothing = np.zeros((count, 8760), np.float32)
    return SolarGains(nothing, nothing, nothing, np.ones(count, bool))
