"""Tables of energy variables: of buildings with all their parts, of surfaces, of the city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.document.energy_results import ShownEnergy
from citytwin_desktop.document.energy_values import EnergyReader
from citytwin_desktop.document.flow_values import SMALLEST_AREA_M2, monthly_flows
from citytwin_desktop.document.result_rows import Floats, ResultRow
from citytwin_desktop.document.variables import FINAL_ENERGY, FLOW, HOURS, PEAK, Variable
from citytwin_desktop.errors import KnownError

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


def energy_rows(
    document: Document, chosen: Variable, scenario_id: str, by: str, resolution: str
) -> Iterator[ResultRow]:
    """Yield the lines of an energy variable.

    Energy of a building is the sum of its parts, loads are the greatest hour of that sum, hours are those of the
    worst part. Heat through surfaces is the sum of its surfaces.

    Raises
    ------
    KnownError
        When the variable has no such grouping or resolution.
    """
    reader = document.energy
    if chosen.kind == FLOW:
        yield from _flow_rows(document, reader, chosen, scenario_id, by, resolution)
        return
    if by == "surface":
        msg = f"{chosen.name} belongs to buildings: ask for it by building or city."
        raise KnownError(msg)
    if chosen.kind in (PEAK, HOURS) and resolution != "year":
        raise KnownError(f"{chosen.title} is of the whole year: ask for it with the resolution year.")
    if chosen.kind == HOURS:
        yield from _worst_rows(document, reader, chosen, scenario_id, by)
        return
    table = _Sums(document, by)
    shown = reader.shown_of(chosen, scenario_id)
    for row in document.city.rows_with_geometry:
        identifier = str(document.city.buildings.ids[row])
        table.take(
            int(row), shown.get(identifier), _parts(reader, chosen, shown.get(identifier), identifier, scenario_id)
        )
    for line in table.lines():
        values = np.array([line.values.max()]) if chosen.kind == PEAK else _by(line.values, resolution)
        yield ResultRow(line.id, line.building, values, line.fresh, line.missing, line.estimate, line.carrier)


def _parts(
    reader: EnergyReader, chosen: Variable, shown: ShownEnergy | None, identifier: str, scenario_id: str
) -> dict[str, Floats]:
    """Hours by carrier, or under no name where there are no carriers; empty without a result."""
    if shown is None:
        return {}
    if chosen.name == FINAL_ENERGY:
        final = reader.final(shown, identifier, scenario_id)
        return final.delivered_by_carrier() if final is not None else {}
    values = reader.hours(chosen, shown, identifier, scenario_id)
    return {} if values is None else {"": values.astype(np.float64)}


class _Sums:
    """Hourly sums of buildings over their parts, or of the city over all buildings."""

    def __init__(self, document: Document, by: str) -> None:
        self._ids = document.city.buildings.ids
        self._parents, self._city = document.city.buildings.parent_row(), by == "city"
        self._values: dict[tuple[int, str], Floats] = {}
        self._fresh: dict[int, bool] = {}
        self._estimate: dict[int, bool] = {}
        self._missing: Counter[int] = Counter()

    def take(self, row: int, shown: ShownEnergy | None, parts: dict[str, Floats]) -> None:
        """Add the hours of one row, by carrier."""
        owner = -1 if self._city else int(self._parents[row])
        if shown is None or not parts:
            self._missing[owner] += 1
            return
        self._fresh[owner] = self._fresh.get(owner, True) and shown.fresh
        self._estimate[owner] = self._estimate.get(owner, False) or shown.estimate
        for carrier, values in parts.items():
            place = owner, carrier
            self._values[place] = self._values[place] + values if place in self._values else values

    def lines(self) -> Iterator[ResultRow]:
        """One line, still of hours, for each building or the city and each carrier."""
        for owner, carrier in sorted(self._values):
            name = str(self._ids[owner]) if owner >= 0 else "city"
            fresh, missing = self._fresh[owner] and not self._missing[owner], self._missing[owner]
            values = self._values[owner, carrier]
            yield ResultRow(name, name if owner >= 0 else "", values, fresh, missing, self._estimate[owner], carrier)


def _worst_rows(
    document: Document, reader: EnergyReader, chosen: Variable, scenario_id: str, by: str
) -> Iterator[ResultRow]:
    """The greatest number of hours among the parts of each building, or among all buildings."""
    buildings = document.city.buildings
    parents, found = buildings.parent_row(), reader.summaries(chosen, scenario_id)
    lines: dict[int, list[tuple[float, bool, bool]]] = {}
    missing: Counter[int] = Counter()
    for row in document.city.rows_with_geometry:
        owner = int(parents[row]) if by == "building" else -1
        value, _, shown = found.get(str(buildings.ids[row]), (np.nan, np.nan, None))
        if shown is None or np.isnan(value):
            missing[owner] += 1
        else:
            lines.setdefault(owner, []).append((value, shown.fresh, shown.estimate))
    for owner, items in lines.items():
        name = str(buildings.ids[owner]) if owner >= 0 else "city"
        fresh = all(item[1] for item in items) and not missing[owner]
        worst = np.array([max(item[0] for item in items)])
        building = name if owner >= 0 else ""
        yield ResultRow(name, building, worst, fresh, missing[owner], any(item[2] for item in items))


def _flow_rows(
    document: Document, reader: EnergyReader, chosen: Variable, scenario_id: str, by: str, resolution: str
) -> Iterator[ResultRow]:
    if by != "surface" or resolution == "hour":
        raise KnownError(f"{chosen.title} is known by surface, and by month or year: ask for it so.")
    monthly, stale = monthly_flows(document, reader, chosen, scenario_id)
    monthly[document.city.surfaces.polygons.areas_m2 < SMALLEST_AREA_M2] = np.nan
    surfaces, ids = document.city.surfaces, document.city.buildings.ids
    for place in np.flatnonzero(np.isfinite(monthly).all(axis=1)):
        values = monthly[place] if resolution == "month" else monthly[place].sum(keepdims=True)
        area = surfaces.polygons.areas_m2[place]
        building = str(ids[surfaces.building[place]])
        yield ResultRow(str(surfaces.source_id[place]), building, values / area, not stale[place])


def _by(values: Floats, resolution: str) -> Floats:
    if resolution == "hour":
        return values
    if resolution == "month":
        return np.bincount(month_of_hour(len(values)), values, minlength=12).astype(np.float64)
    return np.array([values.sum()])
