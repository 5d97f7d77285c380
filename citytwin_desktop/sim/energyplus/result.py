"""A simulated year of one building, as it is stored."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SurfaceFlows:
    """Heat through the real surfaces of a building, month by month, positive into the rooms.

    Parameters
    ----------
    surface : ndarray, (k,) int32
        Index among the building's own surfaces.
    transmission_kwh : ndarray, (k, 12) float32 [kWh]
        Through walls, roofs and floors, and through windows without the sun they let in.
    transmitted_solar_kwh : ndarray, (k, 12) float32 [kWh]
        Sun let in by the windows of a wall.
    """

    surface: NDArray[np.int32]
    transmission_kwh: Series
    transmitted_solar_kwh: Series


@dataclass(frozen=True, eq=False)
class EnergyResult:
    """A simulated year of one building.

    Heating and cooling are useful demand: what the rooms need, before any system.

    Parameters
    ----------
    heating_kwh, cooling_kwh, lighting_kwh, equipment_kwh : ndarray, (8760,) float32 [kWh]
    operative_temperature_c : ndarray, (8760,) float32 [°C]
        Of the storey that overheats most.
    overheating_adaptive_h, overheating_fixed_h, overheating_night_h : float [h]
        Of that storey, see `citytwin_desktop.analysis.overheating`.
    heating_unmet_h, cooling_unmet_h : float [h]
        Hours in which the worst storey missed its set-point.
    flows : SurfaceFlows
    floor_area_m2, volume_m3 : float
    zones : int
    warnings : tuple of str
        Ours first, then those of EnergyPlus.
    severe_count : int
        Always 0 in an accepted result.
    """

    heating_kwh: Series
    cooling_kwh: Series
    lighting_kwh: Series
    equipment_kwh: Series
    operative_temperature_c: Series
    overheating_adaptive_h: float
    overheating_fixed_h: float
    overheating_night_h: float
    heating_unmet_h: float
    cooling_unmet_h: float
    flows: SurfaceFlows
    floor_area_m2: float
    volume_m3: float
    zones: int
    warnings: tuple[str, ...]
    severe_count: int
