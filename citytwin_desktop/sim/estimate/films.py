"""Resistance of the air films of a building in a town, which standard U-values take for an open, windy place."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

WALL_INSIDE_M2K_W, ROOF_INSIDE_M2K_W = 0.02, -0.03
"""Inner film beyond what a U-value contains; below a roof warm air rises. Fitted."""
STANDARD_OUTER_M2K_W = 0.04
"""ISO 6946:2017 Table 7."""
CALM_W_M2K = 6.5
"""Long-wave exchange and natural convection together."""
WIND_W_M2K, WIND_EXPONENT = 2.3, 0.75
"""Forced convection at 1 m/s. All three were fitted to EnergyPlus runs of thirteen buildings in nine states, see
`citytwin_desktop.sim.estimate.five_r_one_c`."""
_STATION_LAYER_M, _STATION_EXPONENT, _STATION_M = 270.0, 0.14, 10.0
_CITY_LAYER_M, _CITY_EXPONENT = 460.0, 0.33
"""Wind profiles of open country and of a city, ASHRAE Handbook of Fundamentals 2021, chapter 24, table 1."""


def local_wind_m_s(station_m_s: FloatArray | float, height_m: FloatArray) -> FloatArray:
    """Wind at a height in a city from that of the weather station.

    Parameters
    ----------
    station_m_s : ndarray or float, float64 [m/s]
        10 m above open ground.
    height_m : ndarray, float64 [m]
    """
    above = station_m_s * (_STATION_LAYER_M / _STATION_M) ** _STATION_EXPONENT
    return np.asarray(above * (np.maximum(height_m, 0.5) / _CITY_LAYER_M) ** _CITY_EXPONENT)


def outer_film_m2k_w(station_m_s: FloatArray | float, height_m: FloatArray) -> FloatArray:
    """Resistance of the outer film at a height, ndarray float64 [m2K/W]."""
    wind = local_wind_m_s(station_m_s, height_m)
    return np.asarray(1.0 / (CALM_W_M2K + WIND_W_M2K * wind**WIND_EXPONENT))


def met_u_value(u_value_w_m2k: FloatArray, outer_m2k_w: FloatArray, inside_m2k_w: float = 0.0) -> FloatArray:
    """U-value with the films that the building really has.

    Parameters
    ----------
    u_value_w_m2k : ndarray, float64 [W/m2K]
        By the standard films.
    outer_m2k_w : ndarray, float64 [m2K/W]
        From `outer_film_m2k_w`.
    inside_m2k_w : float [m2K/W]
        Of the inner film, beyond the standard.
    """
    return np.asarray(1.0 / (1.0 / u_value_w_m2k + outer_m2k_w - STANDARD_OUTER_M2K_W + inside_m2k_w))
