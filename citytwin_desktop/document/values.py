"""Reading of results for views and tables: per surface, per building, with what is stale marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.document.collector_values import building_hours, collector_months, painted_values
from citytwin_desktop.document.solar_values import SolarReader, SolarTime
from citytwin_desktop.document.variables import Variable, variable
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import result_store

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

Floats = NDArray[np.float32]
_MONTHS_KEPT = 200_000


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
    """

    variable: str
    unit: str
    values: Floats
    stale: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class BuildingResult:
    """A variable of one building through the year.

    Parameters
    ----------
    values : ndarray, (hours,) float32 [kWh]
    annual_kwh : float [kWh]
    fresh : bool
    engine, version, at : str
        Who computed it, and when (UTC).
    floor_area_m2 : float [m2]
        Of all storeys, as simulated.
    about : dict
        Settings and warnings of the run.
    """

    values: Floats
    annual_kwh: float
    fresh: bool
    engine: str
    version: str
    at: str
    floor_area_m2: float
    about: dict[str, Any]


@dataclass(frozen=True, eq=False)
class MonthlySums:
    """A variable summed over some buildings, month by month.

    Parameters
    ----------
    monthly_kwh : ndarray, (12,) float64 [kWh]
    buildings : int
        How many of them have a result.
    fresh : bool
        Whether all of those results are of today's inputs.
    engine, version, at : str
        Who computed the first of them, and when (UTC).
    """

    monthly_kwh: NDArray[np.float64]
    buildings: int
    fresh: bool
    engine: str
    version: str
    at: str


class ResultReader:
    """Reads a document's results; keeps what the time slider needs in memory.

    Parameters
    ----------
    document : Document
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self.solar = SolarReader(document)
        self._months = lru_cache(_MONTHS_KEPT)(self._load_months)

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
            day), a variable of collectors (year, or one month) per area of the surface, or a variable of buildings
            (year, or one month), given per floor area on all surfaces of each.
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
            return SurfaceValues(chosen.name, chosen.unit, *self.solar.values(chosen, time))
        if chosen.engine == "collectors":
            return SurfaceValues(chosen.name, *painted_values(self._document, chosen, scenario_id, month))
        return self._per_floor_area(chosen, scenario_id, month)

    def building_result(self, name: str, building_id: str, scenario_id: str = BASELINE) -> BuildingResult | None:
        """Hourly result of one building, None when there is none."""
        chosen, document = variable(name), self._document
        if chosen.engine == "collectors":
            return building_hours(document, chosen, building_id, scenario_id)
        if chosen.engine != "energyplus":
            raise KnownError(f"{chosen.title} belongs to surfaces: ask for it by surface.")
        current = document.keys.energy(document.project.district, document.weather, scenario_id).get(building_id, "")
        with document.project.reading() as connection:
            fresh = bool(current) and result_store.about(connection, current) is not None
            last = result_store.last_shown(connection, "energyplus", scenario_id, building_id)
            key = current if fresh else (last.key if last else "")
            found = result_store.about(connection, key) if key else None
            values = _sum_series(connection, key, chosen) if found else None
        if found is None or values is None:
            return None
        area = found.summary.get("floor_area_m2", (float("nan"), ""))[0]
        about = dict(found.about)
        return BuildingResult(
            values,
            float(values.sum(dtype=np.float64)),
            fresh,
            found.engine,
            found.engine_version,
            found.at,
            area,
            about,
        )

    def building_summaries(
        self, name: str, scenario_id: str, month: int | None = None
    ) -> dict[str, tuple[float, float, bool]]:
        """Sum of the year or of one month (0-11) [kWh], floor area [m2] and freshness of buildings with a result."""
        chosen = variable(name)
        with self._document.project.reading() as connection:
            sums = [result_store.summaries(connection, item) for item in chosen.series]
            areas = result_store.summaries(connection, "floor_area_m2")
        found = {}
        for identifier, (key, fresh) in self._shown_keys(scenario_id).items():
            total = sum(values.get(key, np.nan) for values in sums)
            if month is not None:
                total = float(self._months(key, chosen)[month])
            found[identifier] = (float(total), areas.get(key, np.nan), fresh)
        return found

    def monthly_sums(self, name: str, building_ids: Iterable[str], scenario_id: str = BASELINE) -> MonthlySums | None:
        """Months of a variable summed over buildings; None when none of them has a result."""
        chosen = variable(name)
        if chosen.engine == "collectors":
            return collector_months(self._document, chosen, building_ids, scenario_id)
        if chosen.engine != "energyplus":
            raise KnownError(f"{chosen.title} belongs to surfaces: ask for it by surface.")
        shown = self._shown_keys(scenario_id)
        mine = [shown[identifier] for identifier in building_ids if identifier in shown]
        months = [self._months(key, chosen) for key, _ in mine]
        whole = [place for place, values in enumerate(months) if np.isfinite(values).all()]
        if not whole:
            return None
        with self._document.project.reading() as connection:
            first = result_store.about(connection, mine[whole[0]][0])
        engine, version, at = (first.engine, first.engine_version, first.at) if first else ("", "", "")
        total = np.sum([months[place] for place in whole], axis=0)
        return MonthlySums(total, len(whole), all(mine[place][1] for place in whole), engine, version, at)

    def _shown_keys(self, scenario_id: str) -> dict[str, tuple[str, bool]]:
        """Key of the result to show, and whether it is fresh, of each building that has one."""
        document = self._document
        current = document.keys.energy(document.project.district, document.weather, scenario_id)
        with document.project.reading() as connection:
            stored = result_store.keys(connection, "energyplus")
            last = result_store.shown(connection, "energyplus", scenario_id)
        found = {}
        for identifier, key in current.items():
            shown = key if key in stored else (last[identifier].key if identifier in last else "")
            if shown in stored:
                found[identifier] = (shown, shown == key)
        return found

    def _load_months(self, key: str, chosen: Variable) -> NDArray[np.float64]:
        """Sums of the twelve months [kWh] of one building's result."""
        with self._document.project.reading() as connection:
            values = _sum_series(connection, key, chosen)
        if values is None:
            return np.full(12, np.nan)
        return np.bincount(month_of_hour(len(values)), values.astype(np.float64), minlength=12).astype(np.float64)

    def _per_floor_area(self, chosen: Variable, scenario_id: str, month: int | None) -> SurfaceValues:
        city = self._document.city
        values, stale = np.full(len(city.buildings), np.nan, np.float32), np.zeros(len(city.buildings), bool)
        for identifier, (total, area, fresh) in self.building_summaries(chosen.name, scenario_id, month).items():
            row = city.buildings.row(identifier)
            values[row] = total / area if area > 0 else np.nan
            stale[row] = not fresh
        owner = city.surfaces.building
        return SurfaceValues(
            chosen.name, f"{chosen.unit}/m²{'a' if month is None else ''}", values[owner], stale[owner]
        )


def _sum_series(connection: Connection, key: str, chosen: Variable) -> Floats | None:
    parts = [result_store.series(connection, key, name) for name in chosen.series]
    arrays = [part for part in parts if part is not None]
    return np.asarray(np.sum(arrays, axis=0), np.float32) if len(arrays) == len(parts) else None
