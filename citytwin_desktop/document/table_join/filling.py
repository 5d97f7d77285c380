"""Cells of the building table that joined rows fill, under the policy that was asked for."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from citytwin_desktop.catalog.archetypes import archetype, archetype_id
from citytwin_desktop.city.buildings import COLUMNS, VALUE_ORIGINS, WITH_ORIGIN, Buildings
from citytwin_desktop.city.changes import Change, SetCells
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.document.commands.kept_edits import JOINED
from citytwin_desktop.document.specifications import standing_origins
from citytwin_desktop.document.table_join.row_values import EPC_ATTRIBUTE, RowValues

_OWN_OF_A_PART = ("name", "storeys")
"""What holds for the building alone that was matched, and not for each of its parts."""
_UNSURE = (Origin.ASSUMED.value, Origin.DERIVED.value, Origin.ARCHETYPE.value)


@dataclass
class Fillings:
    """New cells by column and row, and how many were filled and kept as they were.

    Parameters
    ----------
    buildings : Buildings
    group : ndarray, (n_buildings,) int64
        Row of the outermost building of each row.
    overwrite : str
        See `JoinRequest`.
    """

    buildings: Buildings
    group: IntArray
    overwrite: str
    cells: dict[str, dict[int, Any]] = field(default_factory=dict)
    filled: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._members: dict[int, list[int]] = {}
        for row, outer in enumerate(self.group.tolist()):
            self._members.setdefault(outer, []).append(row)

    def take(self, row: int, found: RowValues, certificates: list[dict[str, str]]) -> None:
        """Fill what one building was given."""
        parts = self._members[row] if int(self.group[row]) == row else [row]
        for column, (value, origin) in found.values.items():
            for place in parts:
                if place == row or column not in _OWN_OF_A_PART:
                    self._fill(place, column, value, origin, counted=place == row)
        self._attributes(row, found.attributes, certificates)

    def changes(self) -> tuple[Change, ...]:
        """Changes of the cells, with the archetypes that follow from functions and years."""
        self._archetypes()
        changes: list[Change] = []
        for column, cells in self.cells.items():
            rows = sorted(cells)
            before = tuple(_plain(self.buildings.columns[column][row]) for row in rows)
            after = tuple(cells[row] for row in rows)
            if before != after:
                ids = tuple(str(self.buildings.ids[row]) for row in rows)
                changes.append(SetCells(column, ids, before, after))
        return tuple(changes)

    def _fill(self, row: int, column: str, value: Any, origin: str, *, counted: bool) -> None:
        if not self._may_fill(row, column):
            self.kept[column] += counted
            return
        self.filled[column] += counted
        self._set(column, row, value)
        if column in WITH_ORIGIN:
            self._set(f"{column}_origin", row, Origin.SOURCE.value)
        if column != "name":
            self._set(VALUE_ORIGINS, row, {**self._now(VALUE_ORIGINS, row), column: [value, origin]})

    def _may_fill(self, row: int, column: str) -> bool:
        if self.overwrite == "all":
            return True
        value = self.buildings.columns[column][row]
        origin = str(self.buildings.columns[f"{column}_origin"][row]) if column in WITH_ORIGIN else ""
        if (not value if isinstance(value, str) else bool(np.isnan(value))) or origin in _UNSURE:
            return True
        if self.overwrite == "empty":
            return False
        if column in WITH_ORIGIN:
            return origin != Origin.EDITED
        # Of the other columns what has no origin of its own was put there by an edit.
        return column == "name" or column in standing_origins(self.buildings, row)

    def _attributes(self, row: int, given: Mapping[str, Any], certificates: list[dict[str, str]]) -> None:
        own = self._now("attributes", row)
        added = {
            name: value for name, value in given.items() if self.overwrite != "empty" or own.get(name) in (None, "")
        }
        if certificates and (self.overwrite != "empty" or EPC_ATTRIBUTE not in own):
            added[EPC_ATTRIBUTE] = certificates
        self.kept["attributes"] += len(given) + bool(certificates) - len(added)
        if added:
            self.filled["attributes"] += len(added)
            self._set("attributes", row, {**own, **added})
            noted = self._now(VALUE_ORIGINS, row)
            names = sorted({*noted.get(JOINED, [[]])[0], *added})
            self._set(VALUE_ORIGINS, row, {**noted, JOINED: [names, "joined from a table"]})

    def _archetypes(self) -> None:
        """Give each building whose function or year changed the archetype that fits, in the set that it has."""
        changed = set(self.cells.get("function", {})) | set(self.cells.get("year_built", {}))
        for row in sorted(changed):
            current = str(self.buildings.columns["archetype_id"][row])
            function, year = str(self._now("function", row)), float(self._now("year_built", row))
            if current and function and not np.isnan(year):
                self._set("archetype_id", row, archetype_id(archetype(current).archetype_set, function, year))

    def _now(self, column: str, row: int) -> Any:
        cells = self.cells.get(column, {})
        return cells[row] if row in cells else self.buildings.columns[column][row]

    def _set(self, column: str, row: int, value: Any) -> None:
        if column in COLUMNS:
            self.cells.setdefault(column, {})[row] = value


def _plain(value: Any) -> Any:
    """Value of a cell as a change holds it."""
    if isinstance(value, str | dict):
        return value
    return None if np.isnan(value) else float(value)
