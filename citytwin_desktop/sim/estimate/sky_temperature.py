"""How much colder than the air the sky is, hour by hour."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.weather import Weather

FloatArray = NDArray[np.float64]

STEFAN_BOLTZMANN_W_M2K4 = 5.670374e-8
MEAN_DEPRESSION_K = 11.0
"""ISO 13790:2008 11.4.6, for intermediate zones."""
_KELVIN = 273.15
_HEADER_LINES, _INFRARED_COLUMN = 8, 12
_LEAST_W_M2, _MOST_W_M2 = 50.0, 700.0


def sky_depression_k(weather: Weather) -> FloatArray:
    """Air temperature less sky temperature, (hours,) float64 [K].

    From the infrared radiation of the sky on the horizontal that weather files give; 11 K where a file has none.

    Parameters
    ----------
    weather : Weather
    """
    infrared = _infrared_w_m2(weather)
    known = (infrared >= _LEAST_W_M2) & (infrared <= _MOST_W_M2)
    sky = (np.where(known, infrared, 1.0) / STEFAN_BOLTZMANN_W_M2K4) ** 0.25 - _KELVIN
    return np.asarray(np.where(known, weather.dry_bulb_c - sky, MEAN_DEPRESSION_K))


def _infrared_w_m2(weather: Weather) -> FloatArray:
    """(hours,) float64 [W/m2]; 0 where the file has no number."""
    values = np.zeros(weather.hours)
    lines = weather.raw.decode("latin-1").split("\n")[_HEADER_LINES : _HEADER_LINES + weather.hours]
    for hour, line in enumerate(lines):
        fields = line.split(",", _INFRARED_COLUMN + 1)
        try:
            values[hour] = float(fields[_INFRARED_COLUMN])
        except (IndexError, ValueError):
            continue
    return values
