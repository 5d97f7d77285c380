"""Time series that came with a source, such as demands in an Energy ADE: kept beside our own results, never mixed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.scenario import BASELINE
from citytwin_desktop.project import result_store
from citytwin_desktop.project.project_file import ProjectFile
from citytwin_desktop.project.result_store import StoredResult, StoredSeries

DELIVERED = "delivered"
"""Engine of results that came with a source."""


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


def store_delivered(project: ProjectFile, results: Mapping[str, StoredResult]) -> None:
    """Store series of buildings in place of those of an earlier delivery.

    Parameters
    ----------
    project : ProjectFile
    results : mapping of str to StoredResult
        By building.
    """
    with project.writing() as connection:
        for result in results.values():
            result_store.put(connection, result)
        rows = [(building, result.key, "") for building, result in results.items()]
        result_store.show(connection, DELIVERED, BASELINE, rows)


def delivered_series(project: ProjectFile, building_ids: frozenset[str] | None = None) -> tuple[DeliveredSeries, ...]:
    """Time series that came with buildings that are there.

    Parameters
    ----------
    project : ProjectFile
    building_ids : frozenset of str, optional
        Of these only.
    """
    found = []
    with project.reading() as connection:
        for building, shown in result_store.shown(connection, DELIVERED, BASELINE).items():
            wanted = building_ids is None or building in building_ids
            result = result_store.about(connection, shown.key) if wanted else None
            if result is None or building not in project.district.city.buildings:
                continue
            for name, item in result.about.get("series", {}).items():
                values = result_store.series(connection, shown.key, name)
                if values is not None:
                    texts = {
                        key: str(item.get(key, "")) for key in ("name", "variable", "unit", "start", "acquisition")
                    }
                    interval = float(item.get("interval_s", 0.0))
                    series = np.asarray(values, np.float64)
                    found.append(
                        DeliveredSeries(
                            building, **texts, interval_s=interval, source=str(item.get("source", "")), values=series
                        )
                    )
    return tuple(found)
