"""The test room of the standard as a building of our own: a city of one box, taken through the whole product."""

from dataclasses import replace

import numpy as np

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.energyplus.bestest import cases
from citytwin_desktop.sim.energyplus.document import IdfDocument
from citytwin_desktop.sim.energyplus.idf import build_idf
from citytwin_desktop.sim.energyplus.inputs import EnergySettings
from citytwin_desktop.sim.energyplus.thermal_models import thermal_models

SETTINGS = EnergySettings(
    timesteps_per_hour=6, solar_distribution="FullInteriorAndExterior", terrain="Country", ground_coupling="direct"
)
"""The standard's site is open country, its room convex, its ground temperature lies against the floor."""

_NAME = "Test room"

_SPEC = EnergySpec(
    function="residential",
    # U-values and windows of ours give way to the layers of the standard.
    wall_u_value_w_m2k=0.5,
    roof_u_value_w_m2k=0.3,
    floor_u_value_w_m2k=0.04,
    window_u_value_w_m2k=2.0,
    window_g_value=0.7,
    window_share=0.0,
    heat_capacity_kj_m2k=165.0,
    infiltration_ach=cases.INFILTRATION_ACH,
    ventilation_l_s_m2=0.0,
    heat_recovery_efficiency=0.0,
    fan_power_w_per_l_s=0.0,
    heating_setpoint_c=cases.HEATING_SETPOINT_C,
    heating_setback_c=cases.HEATING_SETPOINT_C,
    cooling_setpoint_c=cases.COOLING_SETPOINT_C,
    people_per_m2=0.0,
    lighting_w_m2=0.0,
    equipment_w_m2=0.0,
    hot_water_kwh_m2a=0.0,
    storey_height_m=cases.HEIGHT_M,
    heating_system="boiler",
    heating_carrier="natural_gas",
    heating_efficiency=1.0,
    heat_source="",
    cop_coefficients=(),
    supply_temperature_c=55.0,
    hot_water_system="boiler",
    hot_water_carrier="natural_gas",
    hot_water_efficiency=1.0,
    cooling_system="chiller",
    cooling_carrier="electricity",
    cooling_efficiency=1.0,
)


def room_document(weather: Weather) -> IdfDocument:
    """The room as the product writes it: walls without windows, no gains, our own layers.

    Parameters
    ----------
    weather : Weather
        Its ground temperatures are not used; the standard has its own.

    Returns
    -------
    IdfDocument
        Controls, zone, surfaces, air change, thermostat, ideal loads and outputs are final.
    """
    steady_ground = replace(weather, ground_temperatures_c=np.full(12, cases.GROUND_C))
    found = thermal_models(_city(), [0], {_NAME: _SPEC}, steady_ground, SETTINGS)
    if not found.models:
        raise BugError(f"the test room was refused: {found.refused}")
    return build_idf(found.models[0], SETTINGS)


def _city() -> CityModel:
    ring = np.array([(0.0, 0.0), (cases.WIDTH_M, 0.0), (cases.WIDTH_M, cases.DEPTH_M), (0.0, cases.DEPTH_M)])
    low, high = (np.column_stack([ring, np.full(4, z)]) for z in (0.0, cases.HEIGHT_M))
    faces = [low[::-1], high, *(np.array([low[i], low[i - 3], high[i - 3], high[i]]) for i in range(4))]
    kinds = [SurfaceKind.GROUND, SurfaceKind.ROOF, *[SurfaceKind.WALL] * 4]
    surfaces = Surfaces(
        Polygons.from_rings([[face] for face in faces]),
        np.array(kinds, np.uint8),
        np.zeros(6, np.int64),
        np.array([f"{_NAME} {number}" for number in range(6)], object),
    )
    buildings = Buildings({"id": np.array([_NAME], object), "storeys": np.ones(1)})
    # Any projected system: nothing in the room depends on it.
    return CityModel(epsg=32613, buildings=buildings, surfaces=surfaces)
