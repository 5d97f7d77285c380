"""The command that takes edits of one column back, to the source's value or to the default."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from citytwin_desktop.catalog.archetypes import archetype, archetype_id
from citytwin_desktop.city.buildings import COLUMNS, WITH_ORIGIN, Buildings
from citytwin_desktop.city.changes import Change, SetCells
from citytwin_desktop.city.district import District
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import EDITABLE_COLUMNS, counted, set_cells
from citytwin_desktop.document.delivered_values import delivered, source_default
from citytwin_desktop.errors import KnownError

_CHOOSES_ARCHETYPE = ("function", "year_built")


@register
@dataclass(frozen=True)
class RestoreValues(Command):
    """Put back what a joined table or the source gave, or else nothing, so that the default holds again."""

    id: ClassVar[str] = "restore_values"
    summary: ClassVar[str] = "Take edits of one column back to the source's value or the default"

    building_ids: tuple[str, ...]
    column: str

    def prepare(self, district: District) -> Preparation:
        """Work out the cells to set; those that were not edited stay."""
        if self.column not in EDITABLE_COLUMNS:
            msg = f"“{self.column}” cannot be edited: choose one of {', '.join(EDITABLE_COLUMNS)}."
            raise KnownError(msg)
        buildings = district.city.buildings
        rows = buildings.rows(tuple(dict.fromkeys(self.building_ids)))
        rows = rows[edited_rows(buildings, rows, self.column)]
        if not len(rows):
            msg = f"{COLUMNS[self.column].title} of these buildings is not edited: there is nothing to take back."
            raise KnownError(msg)
        ids = tuple(str(name) for name in buildings.ids[rows])
        given = [_given(buildings, int(row), self.column) for row in rows]
        changes: list[Change] = [set_cells(district, self.column, ids, given)]
        if self.column in WITH_ORIGIN:
            origins = [(Origin.MISSING if value is None else Origin.SOURCE).value for value in given]
            changes.append(set_cells(district, f"{self.column}_origin", ids, origins))
        if self.column in _CHOOSES_ARCHETYPE:
            changes.append(_archetypes(district, changes, ids))
        return Preparation(tuple(changes), f"{COLUMNS[self.column].title} of {counted(len(ids))} back to the default")


def edited_rows(buildings: Buildings, rows: Any, column: str) -> Any:
    """(k,) bool: which of some rows have a value that somebody edited.

    Parameters
    ----------
    buildings : Buildings
    rows : ndarray, (k,) int64
    column : str
        One that can be edited.
    """
    values = buildings.columns[column][rows]
    if column in WITH_ORIGIN:
        return buildings.columns[f"{column}_origin"][rows] == Origin.EDITED.value
    if column == "archetype_id":
        fitting = [_fitting(buildings.columns, int(row)) for row in rows]
        return np.array([value != "" and value != fit for value, fit in zip(values, fitting, strict=True)], bool)
    numbers = COLUMNS[column].kind == "number"
    own = np.isfinite(values.astype(np.float64)) if numbers else values.astype(bool)
    for place in np.flatnonzero(own | (column == "name")).tolist():
        row = int(rows[place])
        found = source_default(buildings, row, column)
        given = found.value if found is not None else None
        # Names were not noted in projects of earlier versions: what is unknown is not called an edit.
        told = column != "name" or bool(delivered(buildings, row))
        own[place] = told and (values[place] if own[place] else None) != given
    return own


def _given(buildings: Buildings, row: int, column: str) -> Any:
    if column == "archetype_id":
        return _fitting(buildings.columns, row)
    found = source_default(buildings, row, column)
    return None if found is None else found.value


def _archetypes(district: District, changes: list[Change], ids: tuple[str, ...]) -> SetCells:
    """Archetypes that fit functions and years as they are now."""
    after = district
    for change in changes:
        after = change.apply(after)
    columns = after.city.buildings.columns
    return set_cells(
        district, "archetype_id", ids, [_fitting(columns, int(row)) for row in after.city.buildings.rows(ids)]
    )


def _fitting(columns: Any, row: int) -> str:
    """Archetype that fits a row's function and year, in the set that it has; empty without one of these."""
    current, function, year = (columns[name][row] for name in ("archetype_id", "function", "year_built"))
    known = current and function and not np.isnan(year)
    return archetype_id(archetype(str(current)).archetype_set, str(function), float(year)) if known else ""
