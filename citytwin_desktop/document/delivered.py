"""Time series that came with a source, such as demands in an Energy ADE: kept beside our own results, never mixed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import VALUE_ORIGINS, Buildings
from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.project import result_store
from citytwin_desktop.project.project_file import ProjectFile
from citytwin_desktop.project.result_store import StoredResult, StoredSeries

DELIVERED = "delivered"
"""Engine of results that came with a source."""
SERIES = "time_series"
"""Key of a building's stored series among the origins of its values."""


@dataclass(frozen=True, eq=False)
class DeliveredSeries:
    """One time series of a source.

    Parameters
    ----------
    building, name : str
    variable : str
        Variable of ours that it is of, empty for none.
    unit : str
        As in the source.
    interval_s : float [s]
    start, acquisition : str
        As in the source: the first moment, and how the values were come by.
    source : str
        File name.
    values : ndarray, (n,) float64
    """

    building: str
    name: str
    variable: str
    unit: str
    interval_s: float
    start: str
    acquisition: str
    source: str
    values: NDArray[np.float64]

    def to_json(self) -> dict[str, Any]:
        """Line of what ``citytwin delivered --json`` prints."""
        return {**vars(self), "values": self.values.tolist()}


def delivered_results(city: CityModel) -> dict[str, StoredResult]:
    """Time series that came with a city as results to store, by building.

    Parameters
    ----------
    city : CityModel
        As the assembly of a source gives it.
    """
    entry = city.metadata["sources"][0]
    found = {}
    for building, series in entry.get(DELIVERED, {}).items():
        names = [f"{number} {item['name']}" for number, item in enumerate(series)]
        about = {
            name: {key: value for key, value in item.items() if key != "values"} | {"source": entry["name"]}
            for name, item in zip(names, series, strict=True)
        }
        arrays = {
            name: StoredSeries(str(item["unit"]), np.array(item["values"], np.float64))
            for name, item in zip(names, series, strict=True)
        }
        key = content_key(DELIVERED, building, about, *(item.values for item in arrays.values()))
        found[building] = StoredResult(key, DELIVERED, "", 0.0, {"series": about}, arrays)
    return found


def with_series(city: CityModel, results: Mapping[str, StoredResult]) -> CityModel:
    """Note with buildings which stored series came with them, so that undo knows it too.

    Parameters
    ----------
    city : CityModel
    results : mapping of str to StoredResult
        By building.
    """
    if not results:
        return city
    column = city.buildings.columns[VALUE_ORIGINS].copy()
    for name, result in results.items():
        row = city.buildings.row(name)
        column[row] = {**column[row], SERIES: [result.key, "came with the source"]}
    return replace(city, buildings=Buildings({**city.buildings.columns, VALUE_ORIGINS: column}))


def store_delivered(project: ProjectFile, results: Iterable[StoredResult]) -> None:
    """Store series that buildings are going to point to."""
    with project.writing() as connection:
        for result in results:
            result_store.put(connection, result)


def delivered_series(project: ProjectFile, building_ids: frozenset[str] | None = None) -> tuple[DeliveredSeries, ...]:
    """Time series that came with buildings that are there.

    Parameters
    ----------
    project : ProjectFile
    building_ids : frozenset of str, optional
        Of these only.
    """
    columns = project.district.city.buildings.columns
    keys = {
        str(name): str(noted[SERIES][0])
        for name, noted in zip(columns["id"], columns[VALUE_ORIGINS], strict=True)
        if SERIES in noted and (building_ids is None or name in building_ids)
    }
    found = []
    with project.reading() as connection:
        for building, key in keys.items():
            result = result_store.about(connection, key)
            for name, item in (result.about.get("series", {}) if result else {}).items():
                values = result_store.series(connection, key, name)
                if values is not None:
                    found.append(_series(building, item, np.asarray(values, np.float64)))
    return tuple(found)


def _series(building: str, item: Mapping[str, Any], values: NDArray[np.float64]) -> DeliveredSeries:
    texts = {key: str(item.get(key, "")) for key in ("name", "variable", "unit", "start", "acquisition", "source")}
    return DeliveredSeries(building, **texts, interval_s=float(item.get("interval_s", 0.0)), values=values)
