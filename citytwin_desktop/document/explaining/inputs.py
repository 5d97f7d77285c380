"""Inputs of results with their origins: specification, columns, settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.catalog.carriers import carrier_title
from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS, SYSTEM_COLUMNS
from citytwin_desktop.city.numbers import range_text
from citytwin_desktop.document.explaining.origins import column_origin
from citytwin_desktop.document.explanation import Input, Value

if TYPE_CHECKING:
    from citytwin_desktop.city.energy_spec import EnergySpec
    from citytwin_desktop.document.document import Document

MOST_LOOKED_AT = 500
"""Inputs of more buildings are not gathered while somebody waits."""

ENVELOPE = (
    "wall_u_value_w_m2k", "roof_u_value_w_m2k", "floor_u_value_w_m2k", "window_u_value_w_m2k", "window_g_value",
    "window_share", "heat_capacity_kj_m2k", "infiltration_ach",
)  # fmt: skip
USE = (
    "heating_setpoint_c", "heating_setback_c", "cooling_setpoint_c", "people_per_m2", "lighting_w_m2",
    "equipment_w_m2", "ventilation_l_s_m2", "heat_recovery_efficiency", "window_opening_ach",
)  # fmt: skip
SYSTEMS = (
    "heating_system", "heating_carrier", "heating_efficiency", "hot_water_system", "hot_water_carrier",
    "hot_water_efficiency", "cooling_system", "cooling_carrier", "cooling_efficiency", "fan_power_w_per_l_s",
    "hot_water_kwh_m2a", "photovoltaic_share",
)  # fmt: skip
THERMAL = (*ENVELOPE, *USE)

TITLES: Mapping[str, tuple[str, str]] = {
    "heating_carrier": ("Heat is made from", ""),
    "heating_efficiency": ("Heating efficiency", ""),
    "heat_source": ("Heat pump draws on", ""),
    "heat_pump_cop": ("COP, source at 7 °C", ""),
    "cop_coefficients": ("Heat pump curve a, b, c", ""),
    "supply_temperature_c": ("Heating water", "°C"),
    "hot_water_system": ("Hot water system", ""),
    "hot_water_carrier": ("Hot water is made from", ""),
    "hot_water_efficiency": ("Hot water efficiency", ""),
    "cooling_carrier": ("Cold is made from", ""),
    "cooling_efficiency": ("Cooling efficiency", ""),
    "fan_power_w_per_l_s": ("Fan power", "W per l/s"),
    "storey_height_m": ("Usual storey height", "m"),
}
"""Titles and units of fields of the energy specification that are no columns."""


def title_of(name: str) -> tuple[str, str]:
    """Title and unit of a column or of a field of the energy specification."""
    if name in COLUMNS:
        return COLUMNS[name].title, COLUMNS[name].unit
    return TITLES.get(name, (name.replace("_", " ").capitalize(), ""))


def origin_kind(sentence: str) -> str:
    """Kind of origin that a sentence of an energy specification tells of; empty for sources."""
    first = sentence.partition(" ")[0].rstrip(":")
    return first if first in ("package", "edited", "assumed", "archetype") else ""


def field_value(spec: EnergySpec, name: str) -> Value:
    """Field of a specification as it is shown."""
    value: Any = getattr(spec, name)
    if name.endswith("_carrier"):
        return carrier_title(value) if value else "none"
    if isinstance(value, tuple):
        return ", ".join(f"{item:g}" for item in value) or "none"
    return value.replace("_", " ") if isinstance(value, str) else float(value)


def means_something(spec: EnergySpec, name: str) -> bool:
    """Whether a field says anything of a building."""
    if name.startswith("cooling_") and name != "cooling_system":
        return spec.cooled
    if name == "fan_power_w_per_l_s":
        return spec.fan_power_w_per_l_s > 0
    if name in ("hot_water_carrier", "hot_water_efficiency", "hot_water_system"):
        return spec.hot_water_kwh_m2a > 0
    return name != "photovoltaic_share" or spec.photovoltaic_share > 0


def spec_inputs(
    document: Document, rows: NDArray[np.int64], scenario_id: str, names: Iterable[str]
) -> tuple[Input, ...]:
    """Fields of the energy specification of some rows, each with its origin; ranges where they differ.

    Parameters
    ----------
    document : Document
    rows : ndarray, (k,) int64
    scenario_id : str
    names : iterable of str
        Fields of `EnergySpec`.
    """
    if len(rows) > MOST_LOOKED_AT:
        return (Input("Envelope, use and systems", "differ by building", "", "Choose fewer buildings to see them"),)
    every = document.keys.specs(document.project.district, scenario_id)
    ids = [str(name) for name in document.city.buildings.ids[rows]]
    specs = [every[name] for name in ids if name in every]
    if not specs:
        return (Input("Archetype", None, "", "None yet: assign archetypes", column="archetype_id"),)
    found = [_field(specs, name) for name in names if any(means_something(spec, name) for spec in specs)]
    if len(specs) < len(ids):
        found.append(Input("Without archetype", float(len(ids) - len(specs)), "", "Of the buildings that are meant"))
    return tuple(found)


def _field(specs: list[EnergySpec], name: str) -> Input:
    title, unit = title_of(name)
    origins = list(dict.fromkeys(spec.origins.get(name, "") for spec in specs))
    origin = origins[0] if len(origins) == 1 else f"{len(origins)} origins"
    column = name if name in (*OVERRIDE_COLUMNS, *SYSTEM_COLUMNS) else ""
    kinds = {origin_kind(sentence) for sentence in origins}
    value = together([field_value(spec, name) for spec in specs])
    return Input(title, value, unit, origin or "Origin unknown", kinds.pop() if len(kinds) == 1 else "", column)


def together(values: list[Value]) -> Value:
    """One value, a range of numbers, or how many different texts."""
    numbers = [value for value in values if isinstance(value, float) and np.isfinite(value)]
    if numbers and len(numbers) == len(values):
        return numbers[0] if min(numbers) == max(numbers) else range_text(numbers)
    known = list(dict.fromkeys(value for value in values if value not in (None, "")))
    if not known:
        return None
    return known[0] if len(known) == 1 and len(known) == len(dict.fromkeys(values)) else f"{len(set(values))} values"


def column_inputs(document: Document, rows: NDArray[np.int64], names: Iterable[str]) -> tuple[Input, ...]:
    """Columns of some rows, each with its origin."""
    if len(rows) > MOST_LOOKED_AT:
        return ()
    columns, found = document.city.buildings.columns, []
    for name in names:
        title, unit = title_of(name)
        values = [_plain(columns[name][row]) for row in rows]
        origins = list(dict.fromkeys(column_origin(document, int(row), name) for row in rows))
        kind, sentence = origins[0] if len(origins) == 1 else ("", f"{len(origins)} origins")
        found.append(Input(title, together(values), unit, sentence, kind, name))
    return tuple(found)


def _plain(value: Any) -> Value:
    if isinstance(value, str):
        return value.replace("_", " ") or None
    return float(value) if np.isfinite(value) else None


def settings_rows(settings: Any) -> tuple[tuple[str, str], ...]:
    """Settings of a run as noted with it, flat, for people."""
    if not isinstance(settings, Mapping):
        return ()
    rows: list[tuple[str, str]] = []
    for name, value in settings.items():
        if isinstance(value, Mapping):
            rows += [(f"{name}: {inner}", text) for inner, text in settings_rows(value)]
        else:
            shown = f"{value:g}" if isinstance(value, float) else str(value)
            rows.append((name.replace("_", " "), shown))
    return tuple(rows)
