"""The ground below a building: its temperature through the year and its resistance."""

import numpy as np

from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.city.weather import Weather

SOIL_CONDUCTIVITY_W_MK = 2.0
"""Sand or gravel, ISO 13370:2017 Table 7, the value for unknown soil."""
SOIL_HEAT_CAPACITY_J_M3K = 2.0e6
SOIL_DEPTH_M = 0.5
"""Soil that takes part in the simulation, ISO 13370:2017 Annex F."""
_WALL_THICKNESS_M = 0.3
_SURFACE_RESISTANCE_M2K_W = 0.17
_OUTER_SURFACE_RESISTANCE_M2K_W = 0.04
_YEAR_S = 365.0 * 86400.0


def ground_temperatures_c(weather: Weather) -> tuple[tuple[float, ...], str]:
    """Monthly temperatures of the undisturbed ground half a metre down.

    Those of the weather file as they stand, at its shallowest depth: the correction for the building above is made
    by the soil and the virtual layer of `ground_resistance_m2k_w`, not by changing temperatures. When
    the file has none they follow from its air temperatures: the annual mean, and its yearly wave
    damped and delayed by half a metre of soil (Kusuda & Achenbach 1965, ASHRAE Trans. 71(1)).

    Returns
    -------
    tuple of 12 float [°C]
    str
        A note for the log, empty when the file has them.
    """
    given = weather.ground_temperatures_c
    if len(given) == 12:
        return tuple(float(value) for value in given), ""
    months = month_of_hour(weather.hours)
    air = np.bincount(months, weather.dry_bulb_c) / np.bincount(months)
    angle = 2.0 * np.pi * (np.arange(12) + 0.5) / 12.0
    mean = air.mean()
    wave = np.mean((air - mean) * np.exp(1j * angle)) * 2.0
    decay = SOIL_DEPTH_M * np.sqrt(np.pi * SOIL_HEAT_CAPACITY_J_M3K / (SOIL_CONDUCTIVITY_W_MK * _YEAR_S))
    ground = mean + np.real(wave * np.exp(-decay) * np.exp(-1j * (angle - decay)))
    note = "The weather file has no ground temperatures: they were derived from its air temperatures."
    return tuple(float(value) for value in ground), note


def ground_resistance_m2k_w(area_m2: float, exposed_perimeter_m: float, floor_u_value_w_m2k: float) -> float:
    """Resistance of the virtual layer under half a metre of soil below a slab on ground.

    The layer makes up the difference between the steady heat flow of ISO 13370:2017 (6.3 and 7.1,
    from the characteristic dimension) and that of floor and soil alone (Annex F, the method for
    hourly simulation).

    Parameters
    ----------
    area_m2 : float [m2]
    exposed_perimeter_m : float [m]
        Party walls do not count.
    floor_u_value_w_m2k : float [W/m2K]
        Of the floor construction itself, without the ground.

    Returns
    -------
    float [m2K/W]
        Not negative.
    """
    floor = max(1.0 / floor_u_value_w_m2k - _SURFACE_RESISTANCE_M2K_W, 0.0)
    # A building with hardly any exposed edge still loses some heat: at least a tenth of a square's edge.
    perimeter = max(exposed_perimeter_m, 0.4 * np.sqrt(area_m2))
    dimension = area_m2 / (0.5 * perimeter)
    resistance = _SURFACE_RESISTANCE_M2K_W + floor + _OUTER_SURFACE_RESISTANCE_M2K_W
    thickness = _WALL_THICKNESS_M + SOIL_CONDUCTIVITY_W_MK * resistance
    if thickness < dimension:
        logarithm = np.log(np.pi * dimension / thickness + 1.0)
        u_value = 2.0 * SOIL_CONDUCTIVITY_W_MK / (np.pi * dimension + thickness) * logarithm
    else:
        u_value = SOIL_CONDUCTIVITY_W_MK / (0.457 * dimension + thickness)
    soil = SOIL_DEPTH_M / SOIL_CONDUCTIVITY_W_MK
    return max(float(1.0 / u_value) - _SURFACE_RESISTANCE_M2K_W - floor - soil, 0.0)
