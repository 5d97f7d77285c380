"""Solar collectors: photovoltaic modules, inverters, mountings, thermal collectors, and how they are placed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import TypeVar

from citytwin_desktop.catalog.tables import CatalogValue, catalog_value, table
from citytwin_desktop.errors import KnownError


@dataclass(frozen=True)
class PhotovoltaicModule:
    """A type of module at standard test conditions.

    Parameters
    ----------
    id, title : str
    efficiency : float
        Power over module area at 1,000 W/m2 and 25 °C.
    temperature_coefficient_1_k : float [1/K]
        Relative change of the power with the cell temperature; negative.
    source : str
    """

    id: str
    title: str
    efficiency: float
    temperature_coefficient_1_k: float
    source: str


@dataclass(frozen=True)
class Inverter:
    """A type of inverter with its efficiency at full power."""

    id: str
    title: str
    efficiency: float
    source: str


@dataclass(frozen=True)
class Mounting:
    """How modules are fixed, as far as it warms them.

    Parameters
    ----------
    id, title : str
    sapm_a : float
    sapm_b_s_m : float [s/m]
        Module temperature = irradiance · exp(a + b · wind) + air temperature.
    cell_above_back_k : float [K]
        Cell above the module's back at 1,000 W/m2.
    source : str
    """

    id: str
    title: str
    sapm_a: float
    sapm_b_s_m: float
    cell_above_back_k: float
    source: str


@dataclass(frozen=True)
class ThermalCollector:
    """A type of solar thermal collector by its test after EN ISO 9806.

    Parameters
    ----------
    id, title : str
    zero_loss_efficiency : float
        eta0, of the aperture, at normal incidence.
    heat_loss_a1_w_m2k : float [W/m2K]
    heat_loss_a2_w_m2k2 : float [W/m2K2]
        Of the aperture, with the difference of mean fluid and air temperature.
    aperture_share : float
        Aperture over gross area.
    diffuse_modifier : float
        Incidence angle modifier of diffuse light.
    incidence_b0 : float
        Of the beam: 1 - b0 (1/cos - 1).
    source : str
    """

    id: str
    title: str
    zero_loss_efficiency: float
    heat_loss_a1_w_m2k: float
    heat_loss_a2_w_m2k2: float
    aperture_share: float
    diffuse_modifier: float
    incidence_b0: float
    source: str


_Item = TypeVar("_Item", PhotovoltaicModule, Inverter, Mounting, ThermalCollector)


def _items(item_type: type[_Item], kind: str) -> Mapping[str, _Item]:
    rows: dict[str, list[dict[str, str]]] = {}
    for row in table("solar_collectors.csv"):
        if row["kind"] == kind:
            rows.setdefault(row["item"], []).append(row)
    return {identifier: _item(item_type, identifier, group) for identifier, group in rows.items()}


def _item(item_type: type[_Item], identifier: str, rows: list[dict[str, str]]) -> _Item:
    values = {row["field"]: catalog_value(row) for row in rows}
    numbers = {field.name: values[field.name].value for field in fields(item_type) if field.name in values}
    sources = dict.fromkeys(f"{item.source} ({item.source_year}, {item.licence})" for item in values.values())
    return item_type(id=identifier, title=rows[0]["title"], source="; ".join(sources), **numbers)


def _look_up(items: Mapping[str, _Item], identifier: str, what: str) -> _Item:
    if identifier not in items:
        msg = f"There is no {what} “{identifier}”: choose one of {', '.join(items)}."
        raise KnownError(msg)
    return items[identifier]


@cache
def photovoltaic_modules() -> Mapping[str, PhotovoltaicModule]:
    """All types of module; the first is the default."""
    return _items(PhotovoltaicModule, "photovoltaic_module")


@cache
def inverters() -> Mapping[str, Inverter]:
    """All types of inverter; the first is the default."""
    return _items(Inverter, "inverter")


@cache
def mountings() -> Mapping[str, Mounting]:
    """The mountings: ``flat_roof``, ``pitched_roof`` and ``facade``."""
    return _items(Mounting, "mounting")


@cache
def thermal_collectors() -> Mapping[str, ThermalCollector]:
    """All types of solar thermal collector; the first is the default."""
    return _items(ThermalCollector, "thermal_collector")


def photovoltaic_module(identifier: str) -> PhotovoltaicModule:
    """Look up a type of module.

    Raises
    ------
    KnownError
        When there is none of this name.
    """
    return _look_up(photovoltaic_modules(), identifier, "photovoltaic module")


def inverter(identifier: str) -> Inverter:
    """Look up a type of inverter.

    Raises
    ------
    KnownError
        When there is none of this name.
    """
    return _look_up(inverters(), identifier, "inverter")


def thermal_collector(identifier: str) -> ThermalCollector:
    """Look up a type of solar thermal collector.

    Raises
    ------
    KnownError
        When there is none of this name.
    """
    return _look_up(thermal_collectors(), identifier, "solar thermal collector")


@cache
def collector_assumptions(group: str) -> Mapping[str, CatalogValue]:
    """Standard assumptions of a group by field, each with its source.

    Parameters
    ----------
    group : str
        ``photovoltaic_placement``, ``solar_thermal_placement``, ``photovoltaic`` or ``solar_thermal``.
    """
    return {row["field"]: catalog_value(row) for row in table("solar_assumptions.csv") if row["group"] == group}
