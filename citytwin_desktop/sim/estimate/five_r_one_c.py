"""Hourly heating and cooling of many buildings by the simple hourly method of ISO 13790:2008."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.estimate.buildings import EstimateBuildings
from citytwin_desktop.sim.estimate.climate import Climate, use_of
from citytwin_desktop.sim.estimate.solar_gains import SolarGains

FloatArray = NDArray[np.float64]
Floats = NDArray[np.float32]

SURFACE_FILM = 0.72
"""Between surfaces and air, over the value of the standard. Like `MASS_AREA`, the film constants of
`citytwin_desktop.sim.estimate.films` and the default multipliers it was fitted, all at once, to the monthly needs of
thirteen buildings in nine states by EnergyPlus, which the experiment of `validation` does not look at."""
MASS_AREA = 1.7
"""Effective mass area over that of the standard: in our models all inner surfaces are massive."""
_CAPACITY_CLASSES_KJ_M2K = (110.0, 165.0, 260.0, 370.0)
_MASS_AREA_RATIOS = (2.5, 2.5, 3.0, 3.5)
"""Effective mass area over floor area by heat capacity, ISO 13790:2008 Table 12."""


@dataclass(frozen=True)
class Multipliers:
    """Factors of calibration, all 1 without one.

    Parameters
    ----------
    window, opaque, air, ground : float
        Of the conductances of windows, of walls and roofs, of the air exchange, and to the ground.
    aperture : float
        Of the solar gains through windows.
    capacity, coupling : float
        Of the heat capacity, and of the conductance between it and the surfaces.
    """

    window: float = 1.0
    opaque: float = 1.0
    air: float = 1.0
    ground: float = 1.0
    aperture: float = 1.0
    capacity: float = 1.0
    coupling: float = 1.0

    @classmethod
    def from_array(cls, values: FloatArray) -> "Multipliers":
        """From (7,) float64 in the order of the fields."""
        return cls(*(float(value) for value in values))

    def as_array(self) -> FloatArray:
        """(7,) float64 in the order of the fields."""
        return np.array([getattr(self, name) for name in MULTIPLIER_NAMES])


MULTIPLIER_NAMES = tuple(item.name for item in fields(Multipliers))


@dataclass(frozen=True, eq=False)
class HourlyNeeds:
    """Needs of n buildings.

    Parameters
    ----------
    heating_kwh, cooling_kwh : ndarray, (n, 8760) float32 [kWh]
    air_c : ndarray, (n, 8760) float32 [°C]
        Of the rooms, at the end of the hour's balance.
    """

    heating_kwh: Floats
    cooling_kwh: Floats
    air_c: Floats


def hourly_needs(
    buildings: EstimateBuildings, climate: Climate, gains: SolarGains, multipliers: FloatArray | None = None
) -> HourlyNeeds:
    """Simulate a year.

    Parameters
    ----------
    buildings : EstimateBuildings
    climate : Climate
    gains : SolarGains
        Of the same buildings in the same order.
    multipliers : ndarray, (n, 7) float64, optional
        In the order of `Multipliers`; all 1 by default.

    Raises
    ------
    BugError
        When the numbers of buildings differ.
    """
    from citytwin_desktop.sim.estimate.kernel import simulate_years

    count, hours = len(buildings), len(climate.air_c)
    if gains.window_w_m2.shape != (count, hours):
        msg = f"there are gains of {gains.window_w_m2.shape} for {count} buildings"
        raise BugError(msg)
    factors = np.ones((count, len(MULTIPLIER_NAMES))) if multipliers is None else np.atleast_2d(multipliers)
    if factors.shape != (count, len(MULTIPLIER_NAMES)):
        msg = f"there are multipliers of {factors.shape} for {count} buildings"
        raise BugError(msg)
    heating, cooling, inside = (np.empty((count, hours), np.float32) for _ in range(3))
    place, profiles = use_of(buildings.functions)
    simulate_years(
        _values(buildings, factors), place, profiles,
        np.stack([climate.air_c, climate.air_j_m3k, climate.sky_depression_k, climate.film_swing]),
        climate.standard_air_j_m3k,
        buildings.ground_temperatures_c, climate.month, gains.window_w_m2, gains.wall_w_m2, gains.roof_w_m2,
        heating, cooling, inside,
    )  # fmt: skip
    return HourlyNeeds(heating, cooling, inside)


def _values(b: EstimateBuildings, factors: FloatArray) -> FloatArray:
    """(n, 25) float64: what the inner loop reads, calibrated."""
    window, opaque, air, ground, aperture, capacity, coupling = factors.T
    per_area = b.heat_capacity_j_k / b.floor_area_m2 / 1000.0
    return np.column_stack(
        [
            b.floor_area_m2,
            b.heat_capacity_j_k * capacity,
            np.interp(per_area, _CAPACITY_CLASSES_KJ_M2K, _MASS_AREA_RATIOS) * MASS_AREA,
            b.window_w_k * window,
            (b.wall_w_k + b.roof_w_k) * opaque,
            b.ground_w_k * ground,
            b.infiltration_m3_s * air,
            b.ventilation_m3_s * air,
            b.heat_recovery,
            b.aperture_m2 * aperture,
            b.wall_sun_m2 * opaque,
            b.roof_sun_m2 * opaque,
            b.sky_w_k * opaque,
            b.heating_setpoint_c,
            b.heating_setback_c,
            b.cooling_setpoint_c,
            b.people,
            b.lighting_w,
            b.equipment_w,
            coupling,
            np.full(len(b), SURFACE_FILM),
            b.film_swing_window_w_k * window,
            b.film_swing_opaque_w_k * opaque,
            b.opening_m3_s * air,
            b.opening_c,
        ]
    )
