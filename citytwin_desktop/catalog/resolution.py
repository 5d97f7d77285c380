"""From archetype, own overrides and package to the specification that engines take."""

from collections.abc import Mapping
from typing import Any

from citytwin_desktop.catalog.archetypes import Archetype, HeatingSystem
from citytwin_desktop.catalog.measures import Package, measures
from citytwin_desktop.city.energy_spec import EnergySpec


def energy_spec(
    archetype: Archetype, overrides: Mapping[str, float] | None = None, package: Package | None = None
) -> EnergySpec:
    """Resolve one building's specification.

    A package wins over an own value, an own value over the archetype.

    Parameters
    ----------
    archetype : Archetype
    overrides : mapping of str to float, optional
        The building's own values by field.
    package : Package, optional
        What the scenario does to the building.
    """
    values: dict[str, Any] = {name: item.value for name, item in archetype.values.items()}
    origins = {
        name: f"archetype {archetype.identifier}: {item.source} ({item.source_year}, {item.licence})"
        for name, item in archetype.values.items()
    }
    _set_system(next(iter(archetype.systems.values())), f"archetype {archetype.identifier}", values, origins)
    for name, value in (overrides or {}).items():
        values[name], origins[name] = value, "edited in this project"
    for identifier in package.measures if package else ():
        _apply(identifier, package.name if package else "", archetype, values, origins)
    origins["function"] = f"archetype {archetype.identifier}"
    return EnergySpec(function=archetype.function, origins=origins, **values)


def _apply(identifier: str, title: str, archetype: Archetype, values: dict[str, Any], origins: dict[str, str]) -> None:
    measure = measures()[identifier]
    for name, value in measure.changes.items():
        origin = f"package {title}, measure {measure.name}: {measure.source}"
        if name == "heating_system":
            _set_system(archetype.systems[value], origin, values, origins)
        else:
            values[name], origins[name] = value, origin


def _set_system(system: HeatingSystem, origin: str, values: dict[str, Any], origins: dict[str, str]) -> None:
    values |= {
        "heating_system": system.name,
        "heating_carrier": system.carrier,
        "heating_efficiency": system.heating_efficiency,
        "heat_source": "",
        "cop_coefficients": (),
        "supply_temperature_c": 55.0,
        "hot_water_system": system.name,
        "hot_water_carrier": system.carrier,
        "hot_water_efficiency": system.heating_efficiency,
        "cooling_system": "chiller",
        "cooling_carrier": "electricity",
        "cooling_efficiency": system.cooling_efficiency,
    }
    for name in ("heating_system", "heating_carrier", "heating_efficiency", "cooling_efficiency"):
        origins[name] = f"{origin}; {system.source}"
