"""Where the scene's sun stands at an hour of the weather file."""

from functools import lru_cache

import numpy as np

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.sim.solar.sun import SunPath, sun_path


def sun_direction(weather: Weather, hour: int) -> tuple[float, float]:
    """Azimuth from north over east and altitude of the sun [deg]."""
    path = _path(weather.latitude_deg, weather.longitude_deg, weather.time_zone_h, weather.hours)
    east, north, up = path.direction[min(hour, weather.hours - 1)]
    return float(np.degrees(np.arctan2(east, north))) % 360.0, float(np.degrees(np.arcsin(np.clip(up, -1.0, 1.0))))


@lru_cache(maxsize=4)
def _path(latitude_deg: float, longitude_deg: float, time_zone_h: float, hours: int) -> SunPath:
    return sun_path(latitude_deg, longitude_deg, time_zone_h, hours)
