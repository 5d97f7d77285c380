"""Reading of results for views and tables: per surface, per building, with what is stale marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.document.collector_values import building_hours, collector_months, painted_values
from citytwin_desktop.document.energy_results import BuildingResult, MonthlySums
from citytwin_desktop.document.energy_values import EnergyReader
from citytwin_desktop.document.flow_values import flow_values
from citytwin_desktop.document.solar_values import SolarReader, SolarTime
from citytwin_desktop.document.variables import ENERGY, FLOW, Variable, variable
from citytwin_desktop.errors import KnownError

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SurfaceValues:
    """A variable on every surface of the city.

    Parameters
    ----------
    variable, unit : str
    values : ndarray, (n_surfaces,) float32
        nan where there is no result.
    stale : ndarray, (n_surfaces,) bool
        Whether the value is of other inputs than today's.
    estimate : ndarray, (n_surfaces,) bool, or None
        Whether it is an estimate; None where there are none of the variable.
    """

    variable: str
    unit: str
    values: Floats
    stale: NDArray[np.bool_]
    estimate: NDArray[np.bool_] | None = None


class ResultReader:
    """Reads a document's results; keeps what the time slider needs in memory.

    Parameters
    ----------
    document : Document
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self.solar = SolarReader(document)
        self.energy = EnergyReader(document)

    def surface_values(
        self,
        name: str,
        scenario_id: str = BASELINE,
        hour: int | None = None,
        month: int | None = None,
        hours: tuple[int, int] | None = None,
    ) -> SurfaceValues:
        """Value of a variable on every surface.

        Parameters
        ----------
        name : str
            ``solar_irradiation`` (year, one month, or a span of hours), another solar variable (one hour or its
            day), a variable of collectors (year, or one month) per area of the surface, heat through surfaces per
            area of each, or a variable of buildings (year, or one month) on all surfaces of each: energy per floor
            area, loads and hours as they are.
        scenario_id : str
        hour : int, optional
            Hour of the year; that of the document by default.
        month : int, optional
            0-11.
        hours : tuple of int, optional
            First hour of a span, and the one after its last.

        Raises
        ------
        KnownError
            When there is no such variable.
        """
        chosen = variable(name)
        if chosen.engine == "solar":
            time = SolarTime(self._document.hour if hour is None else hour, month, hours)
            unit = chosen.surface_unit(year=month is None and hours is None)
            return SurfaceValues(chosen.name, unit, *self.solar.values(chosen, time))
        if chosen.engine == "collectors":
            return SurfaceValues(chosen.name, *painted_values(self._document, chosen, scenario_id, month))
        if chosen.kind == FLOW:
            return self._flows(chosen, scenario_id, month)
        return self._of_buildings(chosen, scenario_id, month)

    def building_result(self, name: str, building_id: str, scenario_id: str = BASELINE) -> BuildingResult | None:
        """Hourly result of one building, None when there is none."""
        chosen = variable(name)
        if chosen.engine == "collectors":
            return building_hours(self._document, chosen, building_id, scenario_id)
        self._require_building(chosen)
        return self.energy.building_result(chosen, building_id, scenario_id)

    def monthly_sums(self, name: str, building_ids: Iterable[str], scenario_id: str = BASELINE) -> MonthlySums | None:
        """Months of a variable summed over buildings; None when none of them has a result."""
        chosen = variable(name)
        if chosen.engine == "collectors":
            return collector_months(self._document, chosen, building_ids, scenario_id)
        self._require_building(chosen)
        return self.energy.monthly_sums(chosen, building_ids, scenario_id)

    def _require_building(self, chosen: Variable) -> None:
        if chosen.engine != "energyplus" or chosen.kind == FLOW:
            raise KnownError(f"{chosen.title} belongs to surfaces: ask for it by surface.")

    def _of_buildings(self, chosen: Variable, scenario_id: str, month: int | None) -> SurfaceValues:
        """Energy per floor area, all else as it is, on all surfaces of each building."""
        city, per_area = self._document.city, chosen.kind == ENERGY
        values, stale = np.full(len(city.buildings), np.nan, np.float32), np.zeros(len(city.buildings), bool)
        estimate = np.zeros(len(city.buildings), bool)
        for identifier, (total, area, shown) in self.energy.summaries(chosen, scenario_id, month).items():
            row = city.buildings.row(identifier)
            values[row] = total if not per_area else total / area if area > 0 else np.nan
            stale[row], estimate[row] = not shown.fresh, shown.estimate
        owner = city.surfaces.building
        unit = chosen.surface_unit(year=month is None)
        return SurfaceValues(chosen.name, unit, values[owner], stale[owner], estimate[owner])

    def _flows(self, chosen: Variable, scenario_id: str, month: int | None) -> SurfaceValues:
        unit = chosen.surface_unit(year=month is None)
        return SurfaceValues(chosen.name, unit, *flow_values(self._document, self.energy, chosen, scenario_id, month))
