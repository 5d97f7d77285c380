"""Energy specifications of all rows at once: what is simulated, worked out once for each different building."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.document.querying.text_column import TextColumn
from citytwin_desktop.document.shared_specifications import alike
from citytwin_desktop.document.specifications import packages_of, specification

if TYPE_CHECKING:
    from citytwin_desktop.city.buildings import Buildings
    from citytwin_desktop.city.district import District
    from citytwin_desktop.city.energy_spec import EnergySpec
    from citytwin_desktop.city.scenario import Scenario


class ResolvedSpecs:
    """Specifications of every row of a district in a scenario.

    Rows with the same archetype, package and own values share one: in a city of 100,000 there are some hundreds.
    Notes on where values come from are those of the first of them.

    Parameters
    ----------
    district : District
    scenario : Scenario
    """

    def __init__(self, district: District, scenario: Scenario) -> None:
        every = np.arange(len(district.city.buildings))
        numbers = alike(district, scenario, every, notes=False) if len(every) else every
        _, first, self.group = np.unique(numbers, return_index=True, return_inverse=True)
        self.specs: list[EnergySpec | None] = [specification(district, row, scenario) for row in first.tolist()]

    def numbers(self, name: str) -> FloatArray:
        """(n_buildings,) float64: a field of numbers, nan without an archetype."""
        values = [np.nan if spec is None else float(getattr(spec, name)) for spec in self.specs]
        return np.array(values, np.float64)[self.group] if values else np.zeros(0)

    def texts(self, name: str) -> list[str]:
        """A field of texts of each row, empty without an archetype."""
        values = np.array(["" if spec is None else str(getattr(spec, name)) for spec in self.specs], object)
        return list(values[self.group].tolist()) if len(values) else []


def package_column(buildings: Buildings, scenario: Scenario) -> TextColumn:
    """Package of each row as a column."""
    return TextColumn(packages_of(buildings, scenario))
