"""The command that sets the weather file."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from citytwin_desktop.city.changes import SetWeather
from citytwin_desktop.city.district import District
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.formats.epw import read_weather_file


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
        return Preparation((change,), title, weather=weather, report=report, logged={"path": path.name})
