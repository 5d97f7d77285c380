"""Energy specifications of all rows at once: what is simulated, worked out once for each different building."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from citytwin_desktop.city.buildings import OVERRIDE_COLUMNS, SYSTEM_COLUMNS, Buildings
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.document.querying.text_column import TextColumn
from citytwin_desktop.document.specifications import specification

if TYPE_CHECKING:
    from citytwin_desktop.city.district import District
    from citytwin_desktop.city.energy_spec import EnergySpec
    from citytwin_desktop.city.scenario import Scenario


class ResolvedSpecs:
    """Specifications of every row of a district in a scenario.

    Rows with the same archetype, package and own values share one: in a city of 100,000 there are some hundreds.

    Parameters
    ----------
    district : District
    scenario : Scenario
    """

    def __init__(self, district: District, scenario: Scenario) -> None:
        self.buildings = district.city.buildings
        first, self.group = _groups(self.buildings, packages_of(self.buildings, scenario))
        self.specs: list[EnergySpec | None] = [specification(district, row, scenario) for row in first.tolist()]

    def numbers(self, name: str) -> FloatArray:
        """(n_buildings,) float64: a field of numbers, nan without an archetype."""
        values = [np.nan if spec is None else float(getattr(spec, name)) for spec in self.specs]
        return np.array(values, np.float64)[self.group] if values else np.zeros(0)

    def texts(self, name: str) -> list[str]:
        """A field of texts of each row, empty without an archetype."""
        values = np.array(["" if spec is None else str(getattr(spec, name)) for spec in self.specs], object)
        return list(values[self.group].tolist()) if len(values) else []

    def spec(self, row: int) -> EnergySpec | None:
        """Specification of a row, None without an archetype; notes on where values come from may be another's."""
        return self.specs[int(self.group[row])]


def packages_of(buildings: Buildings, scenario: Scenario) -> list[str]:
    """Package of each row: its own, or that of the building it is a part of; empty for none."""
    assigned = scenario.assignments
    if not assigned:
        return [""] * len(buildings)
    pairs = zip(buildings.ids.tolist(), buildings.columns["parent_id"].tolist(), strict=True)
    return [assigned.get(own) or assigned.get(parent) or "" for own, parent in pairs]


def _groups(buildings: Buildings, packages: list[str]) -> tuple[IntArray, IntArray]:
    """First row of each group of rows with the same specification, and the group of each row."""
    columns = buildings.columns
    texts: list[Any] = [columns["archetype_id"].tolist(), packages]
    texts += [columns[name].tolist() for name in SYSTEM_COLUMNS]
    own = np.stack([columns[name] for name in OVERRIDE_COLUMNS], axis=1) if len(buildings) else np.zeros((0, 1))
    values: list[bytes] = [b""] * len(buildings)
    for row in np.flatnonzero(~np.isnan(own).all(axis=1)).tolist():
        values[row] = own[row].tobytes()
    keys = list(zip(*texts, values, strict=True))
    places: dict[Any, int] = {}
    group = np.fromiter((places.setdefault(key, len(places)) for key in keys), np.int64, len(keys))
    first = np.full(len(places), len(keys), np.int64)
    np.minimum.at(first, group, np.arange(len(keys)))
    return first, group


def package_column(buildings: Buildings, scenario: Scenario) -> TextColumn:
    """Package of each row as a column."""
    return TextColumn(packages_of(buildings, scenario))
