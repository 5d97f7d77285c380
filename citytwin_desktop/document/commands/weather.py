"""The command that sets the weather file."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from citytwin_desktop.city.changes import SetWeather
from citytwin_desktop.city.district import District
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.formats.epw import read_epw
from citytwin_desktop.formats.files import read_bytes


@register
@dataclass(frozen=True)
class SetWeatherFile(Command):
    """Take the weather from an EPW file, which is copied into the project."""

    id: ClassVar[str] = "set_weather"
    summary: ClassVar[str] = "Take the weather from an EPW file"

    path: str

    def prepare(self, district: District) -> Preparation:
        """Read and check the file."""
        path = Path(self.path)
        weather = read_epw(read_bytes(path), path.name)
        change = SetWeather(district.weather_hash, weather.content_hash)
        return Preparation((change,), f"Weather of {weather.name}", weather=weather, logged={"path": path.name})
