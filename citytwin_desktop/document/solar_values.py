"""Reading of solar results: what is stored, and values of any variable and time from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.document.freshness import WHOLE_CITY
from citytwin_desktop.document.run_plan import EXACT
from citytwin_desktop.document.variables import HOURLY_SOLAR, Variable
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import result_store
from citytwin_desktop.sim.solar.hours import HourSynthesis

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

Floats = NDArray[np.float32]

_KEPT = 2
_HOURS_OF_A_DAY = 24
SMALLEST_AREA_M2 = 1e-6
_PARTS = {"beam": "beam", "diffuse": "sky", "reflected": "reflected"}


@dataclass(frozen=True)
class SolarShown:
    """Which solar result is shown.

    Parameters
    ----------
    key : str
        Of the totals; empty when there is no result at all.
    operators : str
        Key of the operators behind them.
    fresh : bool
        Whether it is of today's inputs.
    exact : bool
        Whether all hours are exact; else it is the first map.
    """

    key: str = ""
    operators: str = ""
    fresh: bool = False
    exact: bool = False


@dataclass(frozen=True)
class SolarTime:
    """When a solar value is wanted.

    Parameters
    ----------
    hour : int
        Hour of the year, for variables of an hour or of its day.
    month : int, optional
        0 to 11, for irradiation of a month.
    hours : tuple of int, optional
        First hour and the one after the last, for irradiation of a span.
    """

    hour: int = 0
    month: int | None = None
    hours: tuple[int, int] | None = None


def solar_values(synthesis: HourSynthesis, name: str, time: SolarTime) -> Floats:
    """Values of a solar variable of all receivers, (n,) float32.

    Parameters
    ----------
    synthesis : HourSynthesis
    name : str
        Of the variable.
    time : SolarTime

    Raises
    ------
    KnownError
        When an hour is not in the year.
    """
    if name == "solar_irradiance":
        return synthesis.irradiance(time.hour)
    if name in HOURLY_SOLAR:
        part: Floats = getattr(synthesis.parts(time.hour), _PARTS[name.rpartition("_")[2]])
        return part
    if name == "sky_view_factor":
        return synthesis.operators.sky_view_factor
    if name == "direct_sunlight":
        return synthesis.sunlit_hours(time.hour // _HOURS_OF_A_DAY)
    if time.hours is not None:
        return synthesis.irradiation(*time.hours)
    monthly = synthesis.monthly_irradiation()
    return np.asarray(monthly.sum(axis=1) if time.month is None else monthly[:, time.month], np.float32)


class SolarReader:
    """Reads a document's solar results; keeps what the time slider needs in memory.

    Parameters
    ----------
    document : Document
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._synthesis = lru_cache(_KEPT)(self._load_synthesis)
        self._monthly = lru_cache(_KEPT)(self._load_monthly)

    def shown(self) -> SolarShown:
        """Result to show: today's, else the last one."""
        document = self._document
        key = document.keys.solar(document.project.district, document.weather)
        with document.project.reading() as connection:
            found, fresh = (result_store.about(connection, key) if key else None), True
            if found is None:
                fresh = False
                last = result_store.last_shown(connection, "solar", BASELINE, WHOLE_CITY)
                found = result_store.about(connection, last.key) if last else None
        if found is None:
            return SolarShown()
        return SolarShown(found.key, str(found.about["operators"]), fresh, found.about.get("quality") == EXACT)

    def values(self, chosen: Variable, time: SolarTime) -> tuple[Floats, NDArray[np.bool_]]:
        """Value on every surface of today's city, nan where there is none, and whether it is stale."""
        document, shown = self._document, self.shown()
        count = len(document.city.surfaces)
        if not shown.key:
            return np.full(count, np.nan, np.float32), np.zeros(count, bool)
        if chosen.name == "solar_irradiation" and time.hours is None:
            monthly = self._monthly(shown.key, shown.operators)
            values = monthly.sum(axis=1) if time.month is None else monthly[:, time.month]
        else:
            values = solar_values(self.synthesis(shown.operators), chosen.name, time)
        placed = self._placed(values, shown)
        placed[document.city.surfaces.polygons.areas_m2 < SMALLEST_AREA_M2] = np.nan
        return placed, np.full(count, not shown.fresh) & ~np.isnan(placed)

    def synthesis(self, operators: str) -> HourSynthesis:
        """Hour synthesis of stored operators under today's weather."""
        weather = self._document.weather
        if weather is None:
            raise KnownError("No weather file: choose one.")
        return self._synthesis(operators, weather.content_hash)

    def _load_synthesis(self, operators: str, _weather_hash: str) -> HourSynthesis:
        from citytwin_desktop.sim.solar.serialisation import operators_from_bytes

        with self._document.project.reading() as connection:
            data = result_store.blob(connection, operators, "operators")
        if data is None or self._document.weather is None:
            raise KnownError("The stored solar result is incomplete: run solar again.")
        return HourSynthesis(operators_from_bytes(data), self._document.weather)

    def _load_monthly(self, key: str, _operators: str) -> Floats:
        with self._document.project.reading() as connection:
            values = result_store.series(connection, key, "monthly_irradiation")
        if values is None:
            raise KnownError("The stored solar result is incomplete: run solar again.")
        return np.asarray(values, np.float32)

    def monthly(self, shown: SolarShown) -> Floats:
        """(receivers, 12) float32 [kWh/m2]: stored totals of a result."""
        return self._monthly(shown.key, shown.operators)

    def receivers(self, shown: SolarShown) -> NDArray[np.int64]:
        """(n_surfaces,) int64: number that each surface of today's city has in a result, -1 where it has none."""
        city = self._document.city
        if shown.fresh:
            return np.arange(len(city.surfaces))
        with self._document.project.reading() as connection:
            found = result_store.about(connection, shown.key)
        return places_of(city, found.about["buildings"] if found else ())

    def _placed(self, values: Floats, shown: SolarShown) -> Floats:
        """Put values of the city that was simulated on the surfaces of the city as it is now."""
        receiver = self.receivers(shown)
        return np.where(receiver >= 0, np.asarray(values, np.float32)[receiver], np.float32(np.nan))


def places_of(city: CityModel, buildings: Iterable[tuple[str, int]]) -> NDArray[np.int64]:
    """(n_surfaces,) int64: number of each surface in a result that lists its buildings with counts of surfaces.

    -1 where the building is new, or has another number of surfaces than it had.
    """
    place = np.full(len(city.surfaces), -1)
    start = 0
    for identifier, count in buildings:
        if identifier in city.buildings:
            owned = city.surfaces.of_building(city.buildings.row(identifier))
            if owned.stop - owned.start == count:
                place[owned] = np.arange(start, start + count)
        start += count
    return place
