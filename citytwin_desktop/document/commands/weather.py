"""The command that sets the weather file."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from citytwin_desktop.city.changes import SetWeather
from citytwin_desktop.city.coordinates import latitude_longitude_deg
from citytwin_desktop.city.district import District
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.formats.epw import read_weather_file

FAR_KM = 150.0
"""A weather station this far away is said to be: its weather may be of another climate."""

_EARTH_RADIUS_KM = 6371.0


@register
@dataclass(frozen=True)
class SetWeatherFile(Command):
    """Take the weather from an EPW file, also a packed one, which is copied into the project."""

    id: ClassVar[str] = "set_weather"
    summary: ClassVar[str] = "Take the weather from an EPW file"

    path: str

    def prepare(self, district: District) -> Preparation:
        """Read and check the file."""
        path = Path(self.path)
        weather = read_weather_file(path)
        change = SetWeather(district.weather_hash, weather.content_hash)
        title = f"Weather of {weather.name}" + (" (with remarks)" if weather.remarks else "")
        report = {"name": weather.name, "hours": weather.hours, "remarks": list(weather.remarks)}
        away_km = _distance_km(district.city, weather.latitude_deg, weather.longitude_deg)
        if away_km > FAR_KM:
            title += f", {away_km:.0f} km from the city"
            report["distance_km"] = round(away_km, 1)
        return Preparation((change,), title, weather=weather, report=report, logged={"path": path.name})


def _distance_km(city: CityModel, latitude_deg: float, longitude_deg: float) -> float:
    """Along a great circle (haversine) from a city's origin to a place; 0 where the city's place is not known."""
    if not city.epsg:
        return 0.0
    place = latitude_longitude_deg(city)
    if not all(map(math.isfinite, place)):
        return 0.0
    (lat, lon), (other_lat, other_lon) = (map(math.radians, pair) for pair in (place, (latitude_deg, longitude_deg)))
    share = math.sin((other_lat - lat) / 2) ** 2
    share += math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2.0 * _EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(share)))
