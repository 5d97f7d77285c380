"""What a weather file says about itself: place, kind of data, years of its months."""

from __future__ import annotations

from functools import lru_cache

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.document.explanation import Input

_YEAR_DIGITS = 4


@lru_cache(maxsize=4)
def weather_sentence(weather: Weather) -> str:
    """Place, source and years of a weather file, as its own lines tell them.

    Parameters
    ----------
    weather : Weather
    """
    lines = weather.raw.decode("utf-8", errors="replace").splitlines()
    cells = [cell.strip() for cell in lines[0].split(",")] if lines else []
    north, east = weather.latitude_deg, weather.longitude_deg
    place = f"{abs(north):.2f}° {'N' if north >= 0 else 'S'}, {abs(east):.2f}° {'E' if east >= 0 else 'W'}"
    told = [f"{place}, {weather.elevation_m:g} m"]
    if len(cells) > 5 and cells[0].upper().endswith("LOCATION"):
        told.append(f"source {cells[4]}" if cells[4] else "source not named in the file")
        told += [f"WMO {cells[5]}"] if cells[5] else []
    told.append(_years(lines))
    return "; ".join(told)


def _years(lines: list[str]) -> str:
    heads = {line[: line.find(",")].strip() for line in lines}
    years = sorted(int(head) for head in heads if len(head) == _YEAR_DIGITS and head.isdigit())
    if not years:
        return "years of its months not told"
    if len(years) == 1:
        return f"year {years[0]}"
    return f"months of {len(years)} years from {years[0]} to {years[-1]}"


def weather_input(weather: Weather | None) -> Input:
    """The district's weather as an input."""
    if weather is None:
        return Input("Weather", None, "", "No weather file is chosen")
    return Input("Weather", weather.name, "", weather_sentence(weather))
