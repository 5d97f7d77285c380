"""Reading of collector results: areas, yields, and the generation held against the demand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.collector_set import TECHNOLOGIES, CollectorAssumptions
from citytwin_desktop.analysis.usable_area import UsableArea
from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.document.collector_keys import MATCHING, buildings_of_surfaces, fresh_demands, matching_key
from citytwin_desktop.document.freshness import WHOLE_CITY
from citytwin_desktop.document.solar_potential import BuildingMatch, CollectorSurfaces, SolarPotential
from citytwin_desktop.document.solar_values import places_of
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import StoredResult

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document
    from citytwin_desktop.sim.collectors.generation import CollectorBatch

_KEPT = 2
_SERIES = ("size", "area", "placement", "verdict", "monthly", "city_hourly")


class CollectorReader:
    """Reads a document's collector results; keeps the last ones in memory.

    Parameters
    ----------
    document : Document
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._arrays = lru_cache(_KEPT)(self._load_arrays)

    @property
    def assumptions(self) -> CollectorAssumptions:
        """The catalogue's assumptions with those of the project over them."""
        return CollectorAssumptions.of(self._document.project.district.collector_choices)

    def potential(self, scenario_id: str = BASELINE) -> SolarPotential | None:
        """Potential of the whole city, today's or else the last one; None when there never was a run.

        Parameters
        ----------
        scenario_id : str
            Whose demand of electricity the generation is held against.
        """
        found, fresh = self._shown()
        if found is None:
            return None
        document = self._document
        city, place = document.city, None
        if not fresh:
            place = places_of(city, found.about["buildings"])
        surfaces = [self._surfaces(technology, found.key, place) for technology in TECHNOLOGIES]
        return SolarPotential(
            found.key, fresh, found.engine_version, found.at, found.about, surfaces[0], surfaces[1],
            city.buildings.ids, buildings_of_surfaces(document.project.district),
            self._matches(scenario_id),
        )  # fmt: skip

    def hourly(self, rows: NDArray[np.int64] | None = None) -> Iterator[CollectorBatch]:
        """Yield the hours of today's collectors, worked out anew; a building takes some milliseconds.

        Parameters
        ----------
        rows : ndarray, (g,) int64, optional
            Rows of buildings (not parts); all by default.

        Raises
        ------
        KnownError
            When the result is missing or of other inputs than today's.
        """
        from citytwin_desktop.sim.collectors.generation import generate

        found, fresh = self._shown()
        if found is None or not fresh:
            raise KnownError("Hours of collectors need today's result: run simulate --engine collectors first.")
        areas = tuple(self._stored_area(technology, found.key) for technology in TECHNOLOGIES)
        synthesis = self._document.solar.synthesis(str(found.about["operators"]))
        group = buildings_of_surfaces(self._document.project.district)
        yield from generate(synthesis, (areas[0], areas[1]), self.assumptions, group, rows)

    @property
    def fresh_key(self) -> str:
        """Key of today's result; empty while there is none."""
        document = self._document
        key = document.keys.collectors(document.project.district, document.weather)
        with document.project.reading() as connection:
            return key if key and key in result_store.keys(connection, "collectors") else ""

    def _shown(self) -> tuple[StoredResult | None, bool]:
        """Result to show, and whether it is of today's inputs."""
        document, key = self._document, self.fresh_key
        with document.project.reading() as connection:
            if key:
                return result_store.about(connection, key), True
            last = result_store.last_shown(connection, "collectors", BASELINE, WHOLE_CITY)
            if last is None or last.key not in result_store.keys(connection, "collectors"):
                return None, False
            return result_store.about(connection, last.key), False

    def _load_arrays(self, key: str) -> dict[str, NDArray[Any]]:
        names = [f"{technology}_{name}" for technology in TECHNOLOGIES for name in _SERIES]
        with self._document.project.reading() as connection:
            found = {name: result_store.series(connection, key, name) for name in names}
        whole = {name: values for name, values in found.items() if values is not None}
        if len(whole) < len(names):
            raise KnownError("The stored result of the collectors is incomplete: run collectors again.")
        return whole

    def _surfaces(self, technology: str, key: str, place: NDArray[np.int64] | None) -> CollectorSurfaces:
        size, area, placement, verdict, monthly, hourly = (
            self._arrays(key)[f"{technology}_{name}"] for name in _SERIES
        )
        if place is None:
            return CollectorSurfaces(size, area, placement, verdict, monthly, hourly, np.ones(len(size), bool))
        known = place >= 0
        parts = [_moved(values, place, known) for values in (size, area, placement, verdict, monthly)]
        return CollectorSurfaces(parts[0], parts[1], parts[2], parts[3], parts[4], hourly, known)

    def _stored_area(self, technology: str, key: str) -> UsableArea:
        arrays = self._arrays(key)
        area = arrays[f"{technology}_area"].astype(np.float64)
        return UsableArea(area, area, arrays[f"{technology}_placement"], arrays[f"{technology}_verdict"])

    def _matches(self, scenario_id: str) -> dict[str, BuildingMatch]:
        """Generation and demand by building; fresh where both are of today's inputs."""
        document = self._document
        demands = fresh_demands(document, scenario_id)
        ids = document.city.buildings.ids
        today = document.keys.collectors(document.project.district, document.weather)
        wanted = matching_key(today, document, demands)
        with document.project.reading() as connection:
            found = result_store.about(connection, wanted) if wanted else None
            if found is None:
                last = result_store.last_shown(connection, MATCHING, scenario_id, WHOLE_CITY)
                found = result_store.about(connection, last.key) if last else None
            if found is None:
                return {}
            values = result_store.series(connection, found.key, "generation_demand_self_consumed")
        if values is None:
            return {}
        current = {str(ids[row]): demands.key(row) for row in demands.parts}
        same = found.about["collectors"] == today
        named = zip(found.about["buildings"], found.about["demand_keys"], values.astype(np.float64), strict=True)
        return {
            name: BuildingMatch(same and current.get(name) == demand, *(float(item) for item in parts))
            for name, demand, parts in named
            if name in document.city.buildings
        }


def _moved(values: NDArray[Any], place: NDArray[np.int64], known: NDArray[np.bool_]) -> NDArray[Any]:
    """Values on the surfaces of today's city, 0 where it has none."""
    moved = np.zeros((len(place), *values.shape[1:]), values.dtype)
    moved[known] = values[place[known]]
    return moved
