"""From archetype, own overrides and package to the specification that engines take."""

from collections.abc import Mapping
from typing import Any

from citytwin_desktop.catalog.archetypes import Archetype
from citytwin_desktop.catalog.measures import Measure, Package, measures
from citytwin_desktop.catalog.systems import System, hot_water_beside, system
from citytwin_desktop.city.energy_spec import EnergySpec

EDITED = "edited in this project"
_SYSTEM_KINDS = {"heating_system": "heating", "cooling_system": "cooling"}


def energy_spec(
    archetype: Archetype,
    overrides: Mapping[str, float | str] | None = None,
    package: Package | None = None,
    value_origins: Mapping[str, str] | None = None,
) -> EnergySpec:
    """Resolve one building's specification.

    An own value wins over the archetype; a package changes what is there, but never for the worse.

    Parameters
    ----------
    archetype : Archetype
    overrides : mapping of str to float or str, optional
        The building's own values by field; ``heating_system`` and ``cooling_system`` are codes of the catalogue.
    package : Package, optional
        What the scenario does to the building.
    value_origins : mapping of str to str, optional
        Where own values come from that nobody edited, by field.
    """
    values: dict[str, Any] = {name: item.value for name, item in archetype.values.items()}
    label = f"archetype {archetype.identifier}"
    origins = {
        name: f"{label}: {item.source} ({item.source_year}, {item.licence})" for name, item in archetype.values.items()
    }
    for choice in (archetype.heating, archetype.hot_water, archetype.cooling):
        _set_system(choice.system, f"{label}: {choice.reason}", values, origins)
    for name, value in (overrides or {}).items():
        origin = (value_origins or {}).get(name, EDITED)
        if name in _SYSTEM_KINDS:
            _choose_system(archetype.archetype_set, _SYSTEM_KINDS[name], str(value), origin, values, origins)
        else:
            values[name], origins[name] = value, origin
    for identifier in package.measures if package else ():
        _apply(measures()[identifier], package.name if package else "", archetype.archetype_set, values, origins)
    origins["function"] = label
    return EnergySpec(function=archetype.function, origins=origins, **values)


def _apply(measure: Measure, title: str, archetype_set: str, values: dict[str, Any], origins: dict[str, str]) -> None:
    what = f"package {title}, measure {measure.name}"
    if not measure.improves_on(values):
        for name in _touched(measure):
            origins[name] = f"{origins[name]}; {what} would not improve it and is left out"
        return
    origin = f"{what}: {measure.source}"
    for name, value in measure.changes.items():
        values[name], origins[name] = value, origin
    for name, factor in measure.factors.items():
        values[name], origins[name] = values[name] * factor, f"{origin}; {factor:g} times {values[name]:g}"
    for kind, code in measure.systems.items():
        _choose_system(archetype_set, kind, code, origin, values, origins)


def _choose_system(
    archetype_set: str, kind: str, code: str, origin: str, values: dict[str, Any], origins: dict[str, str]
) -> None:
    """Take another system; with the heating comes the hot water that goes with it."""
    _set_system(system(archetype_set, kind, code), origin, values, origins)
    if kind == "heating":
        _set_system(hot_water_beside(archetype_set, code), origin, values, origins)


def _touched(measure: Measure) -> tuple[str, ...]:
    """Fields whose origin tells that the measure was left out."""
    if measure.systems:
        return tuple(f"{kind}_system" for kind in measure.systems)
    return (*measure.changes, *measure.factors)


def _set_system(chosen: System, origin: str, values: dict[str, Any], origins: dict[str, str]) -> None:
    kind = chosen.kind
    new: dict[str, Any] = {
        f"{kind}_system": chosen.code,
        f"{kind}_carrier": chosen.carrier,
        f"{kind}_efficiency": chosen.efficiency,
    }
    if kind == "heating":
        new["heat_source"] = chosen.heat_source
        new["cop_coefficients"] = chosen.cop_coefficients
        new["supply_temperature_c"] = chosen.supply_temperature_c
    values |= new
    origins |= dict.fromkeys(new, f"{origin}; {chosen.title}: {chosen.source}")
