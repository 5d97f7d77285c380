"""Energy specifications of a document's buildings in a scenario."""

import numpy as np

from citytwin_desktop.catalog.archetypes import archetype
from citytwin_desktop.catalog.measures import package
from citytwin_desktop.catalog.resolution import energy_spec
from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS, SYSTEM_COLUMNS, VALUE_ORIGINS, Buildings
from citytwin_desktop.city.district import District
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.city.scenario import Scenario
from citytwin_desktop.errors import KnownError


def package_id_of(district: District, row: int, scenario: Scenario) -> str | None:
    """Package that a scenario gives a row: its own, or that of the building it is a part of."""
    columns = district.city.buildings.columns
    assigned = scenario.assignments
    return assigned.get(str(columns["id"][row])) or assigned.get(str(columns["parent_id"][row]))


def packages_of(buildings: Buildings, scenario: Scenario, rows: IntArray | None = None) -> list[str]:
    """Package of each row, or of some, as `package_id_of` gives it one by one; empty for none.

    Parameters
    ----------
    buildings : Buildings
    scenario : Scenario
    rows : ndarray, (k,) int64, optional
    """
    assigned, chosen = scenario.assignments, slice(None) if rows is None else rows
    own, parents = buildings.ids[chosen], buildings.columns["parent_id"][chosen]
    if not assigned:
        return [""] * len(own)
    pairs = zip(own.tolist(), parents.tolist(), strict=True)
    return [assigned.get(name) or assigned.get(parent) or "" for name, parent in pairs]


def specification(district: District, row: int, scenario: Scenario) -> EnergySpec | None:
    """Specification of one row, None for one without an archetype.

    Parameters
    ----------
    district : District
    row : int
    scenario : Scenario
    """
    columns = district.city.buildings.columns
    identifier = str(columns["archetype_id"][row])
    if not identifier:
        return None
    overrides: dict[str, float | str] = {
        name: float(columns[name][row]) for name in OVERRIDE_COLUMNS if not np.isnan(columns[name][row])
    }
    overrides |= {name: str(columns[name][row]) for name in SYSTEM_COLUMNS if columns[name][row]}
    chosen = package_id_of(district, row, scenario)
    origins = standing_origins(district.city.buildings, row)
    return energy_spec(archetype(identifier), overrides, package(chosen) if chosen else None, origins)


def standing_origins(buildings: Buildings, row: int) -> dict[str, str]:
    """Where own values of a row come from, by column; a value that was edited since has none.

    Parameters
    ----------
    buildings : Buildings
    row : int
    """
    columns = buildings.columns
    noted = columns[VALUE_ORIGINS][row].items()
    return {name: str(origin) for name, (value, origin) in noted if name in COLUMNS and columns[name][row] == value}


def required_specification(district: District, identifier: str, scenario: Scenario) -> EnergySpec:
    """Specification of one building.

    Raises
    ------
    KnownError
        When the building has no archetype yet.
    """
    spec = specification(district, district.city.buildings.row(identifier), scenario)
    if spec is None:
        msg = f"Building “{identifier}” has no archetype: run enrich, or edit its function and year."
        raise KnownError(msg)
    return spec
