"""What the inspector lists, as data: its sections, what is folded away in them, and which rows mean something."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from citytwin_desktop.city.buildings import COLUMNS

COLUMN, GEOMETRY, REFLECTANCE, SPEC, CHOICE = "column", "geometry", "reflectance", "spec", "choice"
"""Where the value of a row comes from."""


@dataclass(frozen=True)
class Row:
    """One row.

    Parameters
    ----------
    name : str
        Column of the building table, field of the energy specification, or a key of its own.
    title, unit : str
    source : str
        One of the constants above.
    editable : bool
    """

    name: str
    title: str
    unit: str = ""
    source: str = COLUMN
    editable: bool = False


def _edited(name: str) -> Row:
    return Row(name, COLUMNS[name].title, COLUMNS[name].unit, COLUMN, editable=True)


def _measured(name: str, title: str, unit: str) -> Row:
    return Row(name, title, unit, GEOMETRY)


def _reflectance(name: str) -> Row:
    return Row(name, COLUMNS[name].title, "0–1", REFLECTANCE, editable=True)


@dataclass(frozen=True)
class Group:
    """Rows that stand together.

    Parameters
    ----------
    section : str
    rows : tuple of Row
    fold : str
        Heading that folds them away; empty for those that are always seen.
    """

    section: str
    rows: tuple[Row, ...]
    fold: str = ""


GROUPS: tuple[Group, ...] = (
    Group(
        "Identity",
        (
            Row("id", "Identifier"),
            _edited("name"),
            Row("parent_id", "Part of"),
            _edited("year_built"),
            _edited("storeys"),
        ),
    ),
    Group(
        "Identity",
        (
            Row("lod", "Level of detail"),
            _measured("height", "Height", "m"),
            _measured("volume", "Volume", "m³"),
            _measured("ground", "Ground area", "m²"),
            _measured("wall", "Wall area", "m²"),
            _measured("roof", "Roof area", "m²"),
        ),
        "Geometry",
    ),
    Group(
        "Envelope",
        (
            _edited("wall_u_value_w_m2k"),
            _edited("roof_u_value_w_m2k"),
            _edited("floor_u_value_w_m2k"),
            _edited("window_u_value_w_m2k"),
            _edited("window_g_value"),
            _edited("window_share"),
            _edited("infiltration_ach"),
        ),
    ),
    Group(
        "Envelope",
        (
            _edited("heat_capacity_kj_m2k"),
            _reflectance("wall_reflectance"),
            _reflectance("roof_reflectance"),
        ),
        "Heat capacity and reflectance",
    ),
    Group(
        "Use",
        (
            Row("function", "Function", source=CHOICE),
            _edited("heating_setpoint_c"),
            _edited("cooling_setpoint_c"),
        ),
    ),
    Group(
        "Use",
        (
            _edited("heating_setback_c"),
            _edited("people_per_m2"),
            _edited("lighting_w_m2"),
            _edited("equipment_w_m2"),
            _edited("hot_water_kwh_m2a"),
            _edited("ventilation_l_s_m2"),
            _edited("window_opening_ach"),
        ),
        "Gains, hot water and fresh air",
    ),
    Group(
        "Systems",
        (
            Row("heating_system", "Heating", source=CHOICE),
            Row("cooling_system", "Cooling", source=CHOICE),
            Row("heat_recovery_efficiency", "Heat recovery", "0–1", editable=True),
            Row("photovoltaic_share", "Photovoltaics installed", "0–1", editable=True),
        ),
    ),
    Group(
        "Systems",
        (
            Row("heating_carrier", "Heat is made from", source=SPEC),
            Row("heating_efficiency", "Heating efficiency", source=SPEC),
            Row("heat_source", "Heat pump draws on", source=SPEC),
            Row("heat_pump_cop", "COP, source at 7 °C", source=SPEC),
            Row("supply_temperature_c", "Heating water", "°C", SPEC),
            Row("hot_water_carrier", "Hot water is made from", source=SPEC),
            Row("hot_water_efficiency", "Hot water efficiency", source=SPEC),
            Row("cooling_efficiency", "Cooling efficiency", source=SPEC),
            Row("fan_power_w_per_l_s", "Fan power", "W per l/s", SPEC),
        ),
        "Carriers and efficiencies",
    ),
    Group("Retrofit", (Row("package", "Package", source=CHOICE),)),
)
"""In the order in which they stand."""

SECTIONS = ("Identity", "Envelope", "Use", "Systems", "Retrofit", "Results", "Solar potential", "History")
CLOSED = ("History",)

ROWS = {row.name: row for group in GROUPS for row in group.rows}

HEAT_SOURCES = {"air": "Outdoor air", "ground": "Ground", "": "–"}


def _heated_by_pump(spec: Any) -> bool:
    """Whether the heat pump of the rooms heats the water too, by its own curve."""
    return bool(spec.heat_source) and spec.hot_water_system == spec.heating_system


_MEANS_SOMETHING: dict[str, Callable[[Any], bool]] = {
    "heat_source": lambda spec: bool(spec.heat_source),
    "heat_pump_cop": lambda spec: bool(spec.heat_source),
    "heating_efficiency": lambda spec: not spec.heat_source,
    "supply_temperature_c": lambda spec: bool(spec.heat_source),
    "hot_water_carrier": lambda spec: spec.hot_water_kwh_m2a > 0,
    "hot_water_efficiency": lambda spec: spec.hot_water_kwh_m2a > 0 and not _heated_by_pump(spec),
    "cooling_setpoint_c": lambda spec: spec.cooled,
    "cooling_efficiency": lambda spec: spec.cooled,
    "window_opening_ach": lambda spec: not spec.cooled,
    "fan_power_w_per_l_s": lambda spec: spec.fan_power_w_per_l_s > 0,
}


def means_something(name: str, specs: list[Any]) -> bool:
    """Whether a row says anything of at least one of the buildings; without archetypes every row stays."""
    says = _MEANS_SOMETHING.get(name)
    return says is None or not specs or any(says(spec) for spec in specs)
