"""Synthetic districts whose EnergyPlus models are known: equal boxes on a grid, and varied buildings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.formats.epw import read_epw
from citytwin_desktop.sim.energyplus.inputs import EnergySettings, ThermalModel
from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path
from citytwin_desktop.sim.energyplus.thermal_models import thermal_models

SETTINGS = EnergySettings()
GRID_M = (32.0, 27.0)
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
    ventilation_l_s_m2=0.0,
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

Ring = NDArray[np.float64]


@dataclass(frozen=True)
class Block:
    """A flat-roofed building: outline (n, 2) [m], counter-clockwise, height [m], storeys, energy data."""

    outline: Ring
    height_m: float
    storeys: int
    spec: EnergySpec = SPEC

    def walls(self) -> list[Ring]:
        """(4, 3) quads, counter-clockwise from outside."""
        ends = zip(self.outline, np.roll(self.outline, -1, axis=0), strict=True)
        return [np.array([[*a, self.height_m], [*a, 0.0], [*b, 0.0], [*b, self.height_m]]) for a, b in ends]


def chicago() -> Weather:
    """Weather that EnergyPlus brings along."""
    path = chicago_weather_path()
    return read_epw(path.read_bytes(), path.name)


def boxes(heights_m: Sequence[float], storeys: Sequence[int]) -> list[Block]:
    """Boxes of 20 x 15 m on a grid of 32 x 27 m."""
    side = int(np.ceil(np.sqrt(len(heights_m))))
    rectangle = np.array([(0.0, 0.0), (20.0, 0.0), (20.0, 15.0), (0.0, 15.0)])
    return [
        Block(rectangle + np.array([GRID_M[0] * (row % side), GRID_M[1] * (row // side)]), height, floors)
        for row, (height, floors) in enumerate(zip(heights_m, storeys, strict=True))
    ]


def plain(count: int) -> list[Block]:
    """Boxes three to five storeys high."""
    storeys = [3 + row % 3 for row in range(count)]
    return boxes([3.0 * floors for floors in storeys], storeys)


def varied(count: int) -> list[Block]:
    """Rectangles, L and T shapes, turned, one to seven storeys, homes, offices and shops, leaky and tight."""
    random = np.random.default_rng(140)
    side, found = int(np.ceil(np.sqrt(count))), []
    for row in range(count):
        width, depth = random.uniform(9.0, 24.0), random.uniform(8.0, 14.0)
        outline = _outline(row % 3, width, depth) - (width / 2.0, depth / 2.0)
        angle = random.uniform(0.0, np.pi)
        turned = outline @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        floors = int(random.integers(1, 8))
        place = np.array([34.0 * (row % side), 34.0 * (row // side)])
        found.append(Block(turned + place, 3.0 * floors, floors, _spec(row, random)))
    return found


def city_of(blocks: Sequence[Block]) -> CityModel:
    """A city of these buildings, B0, B1 and so on."""
    polygons, kinds, owners = [], [], []
    for row, block in enumerate(blocks):
        level = np.zeros((len(block.outline), 1))
        low, high = (np.hstack([block.outline, level + z]) for z in (0.0, block.height_m))
        faces = [(SurfaceKind.GROUND, low[::-1]), (SurfaceKind.ROOF, high)]
        faces += [(SurfaceKind.WALL, wall) for wall in block.walls()]
        for kind, corners in faces:
            polygons.append([corners])
            kinds.append(kind)
            owners.append(row)
    names = np.array([""] * len(kinds), object)
    surfaces = Surfaces(Polygons.from_rings(polygons), np.array(kinds, np.uint8), np.array(owners), names)
    columns = {
        "id": np.array([f"B{row}" for row in range(len(blocks))], object),
        "storeys": np.array([float(block.storeys) for block in blocks]),
    }
    return CityModel(epsg=26916, buildings=Buildings(columns), surfaces=surfaces)


def models_of(
    blocks: Sequence[Block], weather: Weather, rows: Sequence[int] | None = None, settings: EnergySettings = SETTINGS
) -> list[ThermalModel]:
    """Their models, as the product makes them; all of them or the chosen rows."""
    specs = {f"B{row}": block.spec for row, block in enumerate(blocks)}
    found = thermal_models(city_of(blocks), range(len(blocks)) if rows is None else rows, specs, weather, settings)
    if found.refused:
        raise SystemExit(f"buildings of the benchmark were refused: {found.refused}")
    return found.models


def _outline(shape: int, width: float, depth: float) -> Ring:
    rectangle = [(0.0, 0.0), (width, 0.0), (width, depth), (0.0, depth)]
    wing = [(0.0, 0.0), (width, 0.0), (width, depth / 2), (width / 2, depth / 2), (width / 2, depth), (0.0, depth)]
    first, second, south = width / 3.0, width / 1.5, -depth / 2.0
    stem = [(first, 0.0), (first, south), (second, south), (second, 0.0)]
    tee = [(0.0, 0.0), *stem, (width, 0.0), (width, depth), (0.0, depth)]
    return np.array((rectangle, wing, tee)[shape])


def _spec(row: int, random: np.random.Generator) -> EnergySpec:
    old = random.uniform()
    return replace(
        SPEC,
        function=("residential", "office", "retail", "education")[row % 4],
        wall_u_value_w_m2k=0.2 + 1.5 * old,
        roof_u_value_w_m2k=0.15 + 1.2 * old,
        floor_u_value_w_m2k=0.2 + 1.0 * old,
        window_u_value_w_m2k=1.0 + 2.5 * old,
        window_g_value=0.5 + 0.25 * old,
        window_share=float(random.uniform(0.1, 0.5)),
        heat_capacity_kj_m2k=float(random.choice([80.0, 110.0, 165.0, 260.0])),
        infiltration_ach=0.1 + 0.6 * old,
        ventilation_l_s_m2=float(random.choice([0.0, 0.4, 1.0])),
        people_per_m2=float(random.uniform(0.02, 0.1)),
        lighting_w_m2=float(random.uniform(3.0, 10.0)),
        equipment_w_m2=float(random.uniform(3.0, 10.0)),
    )
