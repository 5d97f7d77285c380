"""Weather and use of rooms, hour by hour, as the simple hourly method wants them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.catalog.usage_profiles import profile_year
from citytwin_desktop.city.calendar import COMMON_YEAR_HOURS, month_of_hour
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.estimate.films import outer_film_m2k_w
from citytwin_desktop.sim.estimate.sky_temperature import sky_depression_k

FloatArray = NDArray[np.float64]

_GAS_CONSTANT_DRY_AIR_J_KGK = 287.05
_HEAT_CAPACITY_AIR_J_KGK = 1017.0
"""Of air with 6 g of vapour in each kilogram."""
_KELVIN = 273.15
_STANDARD_TEMPERATURE_C = 20.0
FILM_HEIGHT_M = 5.0
"""Whose hourly films stand for those of all heights."""
_WINDS_M_S = np.linspace(0.0, 30.0, 601)
_PROFILES = ("people", "lighting", "equipment", "heated", "ventilated")


@dataclass(frozen=True, eq=False)
class Climate:
    """Air outside.

    Parameters
    ----------
    air_c : ndarray, (8760,) float64 [°C]
    air_j_m3k : ndarray, (8760,) float64 [J/m3K]
        Heat capacity of outdoor air.
    standard_air_j_m3k : float [J/m3K]
        At 20 °C and the mean pressure of the place; fans are rated by it.
    sky_depression_k : ndarray, (8760,) float64 [K]
        Air temperature less sky temperature.
    film_swing : ndarray, (8760,) float64
        Resistance of the outer film in a town by the hour over its mean of the year, less one.
    wind_m_s : float [m/s]
        Wind 10 m above open ground that gives the mean film.
    month : ndarray, (8760,) int64
    """

    air_c: FloatArray
    air_j_m3k: FloatArray
    standard_air_j_m3k: float
    sky_depression_k: FloatArray
    film_swing: FloatArray
    wind_m_s: float
    month: NDArray[np.int64]


def climate_of(weather: Weather) -> Climate:
    """Climate of a weather file.

    Raises
    ------
    KnownError
        When it is of a leap year.
    """
    if weather.hours != COMMON_YEAR_HOURS:
        msg = f"The weather “{weather.name}” has {weather.hours} hours: choose one of a common year (8,760)."
        raise KnownError(msg)
    density = weather.pressure_pa / (_GAS_CONSTANT_DRY_AIR_J_KGK * (weather.dry_bulb_c + _KELVIN))
    standard = weather.pressure_pa.mean() / (_GAS_CONSTANT_DRY_AIR_J_KGK * (_STANDARD_TEMPERATURE_C + _KELVIN))
    film = outer_film_m2k_w(weather.wind_speed_m_s, np.array(FILM_HEIGHT_M))
    wind = np.interp(-film.mean(), -outer_film_m2k_w(_WINDS_M_S, np.array(FILM_HEIGHT_M)), _WINDS_M_S)
    swing = film / film.mean() - 1.0
    return Climate(
        np.asarray(weather.dry_bulb_c, np.float64),
        density * _HEAT_CAPACITY_AIR_J_KGK,
        float(standard) * _HEAT_CAPACITY_AIR_J_KGK,
        sky_depression_k(weather),
        swing,
        float(wind),
        month_of_hour(),
    )


def use_of(functions: Sequence[str]) -> tuple[NDArray[np.int64], FloatArray]:
    """Profiles of the functions that occur.

    Returns
    -------
    place : ndarray, (n,) int64
        Of each building among the profiles.
    profiles : ndarray, (k, 8760, 5) float64
        Shares of people, light, appliances; whether heated; share of ventilation.
    """
    different = sorted(set(functions))
    place = np.array([different.index(function) for function in functions], np.int64)
    profiles = [np.stack([profile_year(function, name) for name in _PROFILES], axis=1) for function in different]
    return place, np.ascontiguousarray(profiles) if profiles else np.zeros((0, COMMON_YEAR_HOURS, len(_PROFILES)))
