"""Time series of the Energy ADE as they stand in the file."""

import re
from collections.abc import Callable
from typing import Any

from citytwin_desktop.formats.citygml.energy.index import EnergyIndex, label
from citytwin_desktop.formats.citygml.energy.schedules import series_numbers
from citytwin_desktop.formats.citygml.energy.units import finite
from citytwin_desktop.formats.citygml.plain_tree import PlainNode

_SECONDS = {
    "second": 1.0, "seconds": 1.0, "s": 1.0, "sec": 1.0, "minute": 60.0, "minutes": 60.0, "min": 60.0,
    "hour": 3600.0, "hours": 3600.0, "h": 3600.0, "day": 86400.0, "days": 86400.0, "d": 86400.0,
    "week": 604800.0, "month": 2628000.0, "months": 2628000.0, "year": 31536000.0, "years": 31536000.0, "a": 31536000.0,
}  # fmt: skip
"""Seconds of a unit of time; a month counts as a twelfth of a year of 365 days."""

_VARIABLES = (
    ("heating_demand", r"space.?heating|^heating"),
    ("cooling_demand", r"space.?cooling|^cooling"),
    ("hot_water_demand", r"hot.?water|dhw"),
    ("electricity_use", r"electri|lighting|ventilation|cooking"),
)
Series = dict[str, Any]


def demand_series(demand: PlainNode, index: EnergyIndex, note: Callable[[str, str], None]) -> Series | None:
    """Series of an energy demand; None when it cannot be read."""
    amount = index.target(demand.child("energyAmount"))
    if amount is None:
        return None
    use = demand.text_at("endUse")
    variable = next((name for name, words in _VARIABLES if re.search(words, use, re.IGNORECASE)), "")
    return _series(amount, demand.text_at("name") or use or label(demand), variable, note)


def weather_series(weather: PlainNode, index: EnergyIndex, note: Callable[[str, str], None]) -> Series | None:
    """Series of weather data beside a building; None when it cannot be read."""
    values = index.target(weather.child("values"))
    kind = weather.text_at("weatherDataType") or weather.text_at("weatherData")
    variable = "temperature" if "temperature" in kind.lower() else ""
    return None if values is None else _series(values, kind or label(weather), variable, note)


def _series(node: PlainNode, name: str, variable: str, note: Callable[[str, str], None]) -> Series | None:
    if node.name != "RegularTimeSeries":
        note("energy_series_not_read", f"Time series “{name[:60]}” is a {node.name[:40]}, which is not read.")
        return None
    values_node, interval_node = node.child("values"), node.child("timeInterval")
    values = series_numbers(values_node) if values_node is not None else None
    step = finite(interval_node.text) if interval_node is not None else None
    factor = _SECONDS.get(interval_node.unit.lower()) if interval_node is not None else None
    if not values or values_node is None or step is None or step <= 0.0 or factor is None:
        message = f"Time series “{name[:60]}” lacks numbers or an interval with a known unit: it was left out."
        note("energy_series_not_read", message)
        return None
    begin = next((inner.text for inner in node.walk() if inner.name in ("beginPosition", "begin")), "")
    acquisition = next((inner.text for inner in node.walk() if inner.name == "acquisitionMethod"), "")
    return {
        "name": name,
        "variable": variable,
        "unit": values_node.unit,
        "values": values,
        "interval_s": step * factor,
        "start": begin,
        "acquisition": acquisition,
    }
