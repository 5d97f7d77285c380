"""Buildings as the simple hourly method sees them: conductances, capacities, gains, set-points."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.energyplus.air_change import OPENING_TEMPERATURE_C
from citytwin_desktop.sim.energyplus.inputs import ThermalModel
from citytwin_desktop.sim.estimate import films
from citytwin_desktop.sim.estimate.climate import Climate
from citytwin_desktop.sim.estimate.films import met_u_value, outer_film_m2k_w
from citytwin_desktop.sim.estimate.shapes import BuildingShapes, building_shapes
from citytwin_desktop.sim.estimate.window_glass import single_glass_factor

FloatArray = NDArray[np.float64]

SOLAR_ABSORPTANCE = 0.64
"""Of walls and roofs; fitted. The default of EnergyPlus, which our constructions keep, is 0.7."""
_FLOOR_FILM_M2K_W = 0.17
SKY_W_M2K = 2.0
"""Long-wave exchange with the sky; fitted."""
WALL_SKY_SHARE = 0.35
"""Half of what a wall sees is sky, and that near the horizon is warm: 0.5 to the power of 1.5, as in EnergyPlus."""
_M3_PER_L = 0.001


@dataclass(frozen=True, eq=False)
class EstimateBuildings:
    """n buildings, one zone each.

    Parameters
    ----------
    building_ids, functions : tuple of str
    floor_area_m2 : ndarray, (n,) float64 [m2]
    window_w_k, wall_w_k, roof_w_k, ground_w_k : ndarray, (n,) float64 [W/K]
        Conductances, to the outside and to the ground.
    infiltration_m3_s, ventilation_m3_s : ndarray, (n,) float64 [m3/s]
        Ventilation of fully used rooms.
    heat_recovery : ndarray, (n,) float64
    opening_m3_s : ndarray, (n,) float64 [m3/s]
        Through windows that are opened, 0 in a cooled building.
    opening_c : ndarray, (n,) float64 [°C]
        Room temperature above which they are.
    heat_capacity_j_k : ndarray, (n,) float64 [J/K]
    aperture_m2 : ndarray, (n,) float64 [m2]
        Window area times g-value.
    wall_sun_m2, roof_sun_m2 : ndarray, (n,) float64 [m2]
        Heat that reaches the rooms for one W/m2 on opaque walls and on the roof.
    sky_w_k : ndarray, (n,) float64 [W/K]
        Heat lost to the sky, besides that to the air, for each kelvin that it is colder.
    film_swing_opaque_w_k, film_swing_window_w_k : ndarray, (n,) float64 [W/K]
        Fall of the conductance where the outer film is twice its mean.
    heating_setpoint_c, heating_setback_c, cooling_setpoint_c : ndarray, (n,) float64 [°C]
        The cooling set-point is infinite for a building without cooling.
    people, lighting_w, equipment_w : ndarray, (n,) float64
        Greatest number of people, installed power [W].
    ground_temperatures_c : ndarray, (n, 12) float64 [°C]
    """

    building_ids: tuple[str, ...]
    functions: tuple[str, ...]
    floor_area_m2: FloatArray
    window_w_k: FloatArray
    wall_w_k: FloatArray
    roof_w_k: FloatArray
    ground_w_k: FloatArray
    infiltration_m3_s: FloatArray
    ventilation_m3_s: FloatArray
    heat_recovery: FloatArray
    opening_m3_s: FloatArray
    opening_c: FloatArray
    heat_capacity_j_k: FloatArray
    aperture_m2: FloatArray
    wall_sun_m2: FloatArray
    roof_sun_m2: FloatArray
    sky_w_k: FloatArray
    film_swing_opaque_w_k: FloatArray
    film_swing_window_w_k: FloatArray
    heating_setpoint_c: FloatArray
    heating_setback_c: FloatArray
    cooling_setpoint_c: FloatArray
    people: FloatArray
    lighting_w: FloatArray
    equipment_w: FloatArray
    ground_temperatures_c: FloatArray

    def __len__(self) -> int:
        return len(self.building_ids)

    def take(self, rows: Sequence[int]) -> "EstimateBuildings":
        """Some of the buildings."""
        chosen = [int(row) for row in rows]
        values = {
            item.name: getattr(self, item.name)[chosen]
            for item in fields(self)
            if item.name not in ("building_ids", "functions")
        }
        ids, functions = (tuple(column[row] for row in chosen) for column in (self.building_ids, self.functions))
        return EstimateBuildings(ids, functions, **values)


def estimate_buildings(models: Sequence[ThermalModel], climate: Climate) -> EstimateBuildings:
    """Buildings from thermal models, each with its own specification."""
    return buildings_of(building_shapes(models), [model.spec for model in models], climate)


def buildings_of(shapes: BuildingShapes, specs: Sequence[EnergySpec], climate: Climate) -> EstimateBuildings:
    """Buildings from shapes and specifications; a scenario changes the latter alone.

    Parameters
    ----------
    shapes : BuildingShapes
    specs : sequence of EnergySpec
        In the order of the shapes.

    Raises
    ------
    BugError
        When there is not one specification for each shape.
    """
    if len(specs) != len(shapes):
        msg = f"there are {len(specs)} specifications for {len(shapes)} shapes"
        raise BugError(msg)
    floor, outer = shapes.floor_area_m2, shapes.wall_area_m2.sum(axis=1)
    window = outer * _column(specs, "window_share")
    wall_film = outer_film_m2k_w(climate.wind_m_s, shapes.height_m / 2.0)
    roof_film = outer_film_m2k_w(climate.wind_m_s, shapes.height_m)
    wall_u = met_u_value(_column(specs, "wall_u_value_w_m2k"), wall_film, films.WALL_INSIDE_M2K_W)
    roof_u = met_u_value(_column(specs, "roof_u_value_w_m2k"), roof_film, films.ROOF_INSIDE_M2K_W)
    window_u = met_u_value(_column(specs, "window_u_value_w_m2k"), wall_film)
    wall_w_k, roof_w_k, window_w_k = (outer - window) * wall_u, shapes.roof_area_m2 * roof_u, window * window_u
    below = np.maximum(1.0 / _column(specs, "floor_u_value_w_m2k"), _FLOOR_FILM_M2K_W) + shapes.ground_resistance_m2k_w
    heating = _column(specs, "heating_setpoint_c")
    cooled = np.array([spec.cooled for spec in specs], bool)
    return EstimateBuildings(
        building_ids=shapes.building_ids,
        functions=tuple(spec.function for spec in specs),
        floor_area_m2=floor,
        window_w_k=window_w_k,
        wall_w_k=wall_w_k,
        roof_w_k=roof_w_k,
        ground_w_k=shapes.ground_area_m2 / below,
        infiltration_m3_s=shapes.volume_m3 * _column(specs, "infiltration_ach") / 3600.0,
        ventilation_m3_s=floor * _column(specs, "ventilation_l_s_m2") * _M3_PER_L,
        heat_recovery=_column(specs, "heat_recovery_efficiency"),
        opening_m3_s=np.where(cooled, 0.0, shapes.volume_m3 * _column(specs, "window_opening_ach") / 3600.0),
        opening_c=np.maximum(OPENING_TEMPERATURE_C, heating + 1.0),
        heat_capacity_j_k=floor * _column(specs, "heat_capacity_kj_m2k") * 1000.0,
        aperture_m2=window
        * _column(specs, "window_g_value")
        * single_glass_factor(_column(specs, "window_u_value_w_m2k")),
        wall_sun_m2=wall_w_k * SOLAR_ABSORPTANCE * wall_film,
        roof_sun_m2=roof_w_k * SOLAR_ABSORPTANCE * roof_film,
        sky_w_k=SKY_W_M2K * (WALL_SKY_SHARE * wall_film * (wall_w_k + window_w_k) + roof_film * roof_w_k),
        film_swing_opaque_w_k=wall_film * wall_w_k * wall_u + roof_film * roof_w_k * roof_u,
        film_swing_window_w_k=wall_film * window_w_k * window_u,
        heating_setpoint_c=heating,
        heating_setback_c=np.minimum(_column(specs, "heating_setback_c"), heating),
        cooling_setpoint_c=np.where(cooled, _column(specs, "cooling_setpoint_c"), np.inf),
        people=floor * _column(specs, "people_per_m2"),
        lighting_w=floor * _column(specs, "lighting_w_m2"),
        equipment_w=floor * _column(specs, "equipment_w_m2"),
        ground_temperatures_c=shapes.ground_temperatures_c,
    )


def _column(specs: Sequence[EnergySpec], name: str) -> FloatArray:
    return np.array([getattr(spec, name) for spec in specs], np.float64)
