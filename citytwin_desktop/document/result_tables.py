"""Results as tables: by building, surface or city; by hour, month or year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.document.document import Document
from citytwin_desktop.document.variables import Variable, variable
from citytwin_desktop.errors import KnownError

BY = ("building", "surface", "city")
RESOLUTIONS = ("hour", "month", "year")
_MOST_NUMBERS = 20_000_000
_HOURS = 8760
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ResultRow:
    """One line of a table.

    Parameters
    ----------
    id : str
        Of the building, the surface, or ``city``.
    building : str
    values : ndarray, (1,), (12,) or (8760,) float64
    fresh : bool
        Whether every part of the sum is there and of today's inputs.
    missing : int
        Buildings and parts that belong to the sum but have no result.
    """

    id: str
    building: str
    values: Floats
    fresh: bool
    missing: int = 0


@dataclass(frozen=True, eq=False)
class ResultTable:
    """A variable at one resolution; `to_json` is what ``citytwin results`` prints."""

    variable: str
    unit: str
    scenario: str
    by: str
    resolution: str
    rows: tuple[ResultRow, ...]

    def flat(self) -> tuple[list[str], list[list[Any]]]:
        """Header and rows with one column for each value."""
        count = len(self.rows[0].values) if self.rows else 0
        names = [f"{self.variable} {self.unit}"] if count == 1 else [f"{self.resolution} {k + 1}" for k in range(count)]
        rows = [[row.id, row.building, row.fresh, *row.values.tolist()] for row in self.rows]
        return ["id", "building", "fresh", *names], rows

    def to_json(self) -> dict[str, Any]:
        """Table as plain values."""
        head = {name: getattr(self, name) for name in ("variable", "unit", "scenario", "by", "resolution")}
        rows = [{**vars(row), "values": row.values.tolist(), "estimate": False} for row in self.rows]
        return {**head, "rows": rows}


def result_table(document: Document, name: str, scenario_id: str, by: str, resolution: str) -> ResultTable:
    """Table of a variable.

    Parameters
    ----------
    document : Document
    name : str
        Of the variable.
    scenario_id : str
    by : str
        ``building``, ``surface`` (solar only) or ``city``. Irradiation of buildings and of the city is the mean
        over the area of their surfaces that look at sky or ground; energy is the sum.
    resolution : str
        ``hour``, ``month`` or ``year``.

    Raises
    ------
    KnownError
        When there is no such variable, no result, or more than 20 million numbers.
    """
    chosen, scenario = variable(name), document.scenario(scenario_id)
    for value, options, what in ((by, BY, "grouping"), (resolution, RESOLUTIONS, "resolution")):
        if value not in options:
            msg = f"There is no {what} “{value}”: choose one of {', '.join(options)}."
            raise KnownError(msg)
    make = _solar_rows if chosen.engine == "solar" else _energy_rows
    rows = tuple(make(document, chosen, scenario.id, by, resolution))
    if not rows:
        where = f"of {name} in scenario “{scenario.name}”"
        msg = f"There are no results {where}: run simulate --engine {chosen.engine} first."
        raise KnownError(msg)
    unit = chosen.unit.replace("²", "2")
    return ResultTable(name, unit, scenario.id, by, resolution, rows)


def _energy_rows(
    document: Document, chosen: Variable, scenario_id: str, by: str, resolution: str
) -> Iterator[ResultRow]:
    if by == "surface":
        msg = f"{chosen.name} belongs to buildings: ask for it by building or city."
        raise KnownError(msg)
    buildings = document.city.buildings
    parents = buildings.parent_row()
    sums: dict[int, tuple[Floats, bool]] = {}
    missing: Counter[int] = Counter()
    for row in document.city.rows_with_geometry:
        found = document.building_result(chosen.name, str(buildings.ids[row]), scenario_id)
        owner = int(parents[row]) if by == "building" else -1
        if found is None:
            missing[owner] += 1
        else:
            values, fresh = sums.get(owner, (np.zeros(_HOURS), True))
            sums[owner] = values + found.values, fresh and found.fresh
    for owner, (values, fresh) in sums.items():
        identifier = str(buildings.ids[owner]) if owner >= 0 else "city"
        whole = fresh and not missing[owner]
        yield ResultRow(
            identifier, identifier if owner >= 0 else "", _energy_by(values, resolution), whole, missing[owner]
        )


def _energy_by(values: Floats, resolution: str) -> Floats:
    if resolution == "hour":
        return values
    if resolution == "month":
        return np.bincount(month_of_hour(), values, minlength=12).astype(np.float64)
    return np.array([values.sum()])


def _solar_rows(
    document: Document, chosen: Variable, scenario_id: str, by: str, resolution: str
) -> Iterator[ResultRow]:
    columns = _Solar(document, chosen, scenario_id, by).columns(resolution)
    city, first = document.city, document.surface_values("solar_irradiation", scenario_id)
    if np.isnan(first.values).all():
        return
    fresh = not first.stale.any()
    if by == "city":
        yield ResultRow("city", "", columns[0], fresh)
        return
    buildings = city.buildings
    if by == "building":
        for row in np.unique(buildings.parent_row()[city.rows_with_geometry]):
            yield ResultRow(str(buildings.ids[row]), str(buildings.ids[row]), columns[row], fresh)
        return
    for surface in np.flatnonzero(~np.isnan(first.values)):
        owner = str(buildings.ids[city.surfaces.building[surface]])
        yield ResultRow(str(city.surfaces.source_id[surface]), owner, columns[surface], fresh)


class _Solar:
    """Values of surfaces, gathered to groups by their area."""

    def __init__(self, document: Document, chosen: Variable, scenario_id: str, by: str) -> None:
        self._document, self._chosen, self._scenario = document, chosen, scenario_id
        city = document.city
        owner = {"surface": np.arange(len(city.surfaces)), "city": np.zeros(len(city.surfaces), np.int64)}
        parent = city.buildings.parent_row()[city.surfaces.building] if len(city.surfaces) else owner["city"]
        self._group = owner.get(by, parent)
        self._count = {"surface": len(city.surfaces), "city": 1}.get(by, len(city.buildings))
        self._area = city.surfaces.polygons.areas_m2

    def columns(self, resolution: str) -> Floats:
        """(n_groups, 1 | 12 | 8760) float64: irradiation [kWh/m2] or mean irradiance [W/m2]."""
        if self._count * {"hour": _HOURS, "month": 12, "year": 1}[resolution] > _MOST_NUMBERS:
            raise KnownError("That is over 20 million numbers: ask by building, or by month.")
        per_hour = self._chosen.name == "solar_irradiance"
        if resolution == "hour":
            scale = 1.0 if per_hour else 1e-3
            return np.stack([self._gather("solar_irradiance", hour=hour) * scale for hour in range(_HOURS)], axis=1)
        months = np.stack([self._gather("solar_irradiation", month=month) for month in range(12)], axis=1)
        weather = self._document.weather
        hours = np.bincount(month_of_hour(weather.hours if weather else _HOURS), minlength=12).astype(np.float64)
        if resolution == "month":
            return np.asarray(months * 1000.0 / hours if per_hour else months)
        year = months.sum(axis=1, keepdims=True)
        return np.asarray(year * 1000.0 / hours.sum() if per_hour else year)

    def _gather(self, name: str, hour: int | None = None, month: int | None = None) -> Floats:
        values = self._document.surface_values(name, self._scenario, hour, month).values.astype(np.float64)
        known = ~np.isnan(values)
        group, area = self._group[known], self._area[known]
        total = np.bincount(group, values[known] * area, minlength=self._count)
        weight = np.bincount(group, area, minlength=self._count)
        return np.asarray(np.divide(total, weight, out=np.full(self._count, np.nan), where=weight > 0))
