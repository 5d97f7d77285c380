"""Which values of a building stay when a newer delivery comes: those that are not what the last one gave."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citytwin_desktop.city.buildings import (
    COLUMNS,
    OVERRIDE_COLUMNS,
    REFLECTANCE_COLUMNS,
    SYSTEM_COLUMNS,
    VALUE_ORIGINS,
    WITH_ORIGIN,
    Column,
)
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.document.delivered_values import DELIVERED
from citytwin_desktop.formats.report import ImportReport

JOINED = "joined"
"""Key among the origins of a building's values: which attributes a table brought."""
MERGED = "merged"
"""Key among them: identifiers of the buildings that were merged into it in the project."""

_FOLLOWED = ("name", *WITH_ORIGIN, *OVERRIDE_COLUMNS, *SYSTEM_COLUMNS, *REFLECTANCE_COLUMNS)
_UNSURE = (Origin.ASSUMED.value, Origin.DERIVED.value)

Columns = Mapping[str, Column]


def delivered_values(columns: Columns) -> list[dict[str, Any]]:
    """Values of each row as a source gave them, by column; what it did not give is left out."""
    given: list[dict[str, Any]] = [{} for _ in columns["id"]]
    for name in _FOLLOWED:
        column = columns[name]
        number = COLUMNS[name].kind == "number"
        known = np.flatnonzero(~np.isnan(column.astype(np.float64)) if number else column.astype(bool))
        for row, value in zip(known.tolist(), column[known].tolist(), strict=True):
            given[row][name] = value
    return given


def merged_row(row: int, before: Columns, columns: dict[str, Column], report: ImportReport) -> None:
    """Put back into a delivered row what was edited or joined in the project.

    Parameters
    ----------
    row : int
        Of both tables.
    before : mapping
        The building as it is.
    columns : dict
        The building as delivered; changed in place.
    report : ImportReport
        Told of every value about which the two disagree.
    """
    noted = before[VALUE_ORIGINS][row]
    base = noted.get(DELIVERED, [None])[0]
    kept: dict[str, Any] = {}
    for column in _FOLLOWED:
        if not _follows(column, row, before, columns, base):
            _keep(column, row, before, columns, report)
            if column in noted:
                kept[column] = noted[column]
    _keep_joined(row, before, columns, noted, kept)
    if MERGED in noted:
        kept[MERGED] = noted[MERGED]
    columns[VALUE_ORIGINS][row] = {**columns[VALUE_ORIGINS][row], **kept}
    _keep_archetype(row, before, columns, report)


def _follows(column: str, row: int, before: Columns, columns: Columns, base: dict[str, Any] | None) -> bool:
    """Whether a value is still what the last delivery gave, or only an assumption that the new one does away with."""
    current = _known(before[column][row])
    if column in WITH_ORIGIN and before[f"{column}_origin"][row] in _UNSURE:
        return _known(columns[column][row]) is not None
    if base is not None:
        return bool(current == base.get(column))
    # Of projects from before deliveries were noted: what has an origin in the source, or is empty.
    edited = column in WITH_ORIGIN and before[f"{column}_origin"][row] == Origin.EDITED
    return current is None or (column in ("name", *WITH_ORIGIN) and not edited)


def _keep(column: str, row: int, before: Columns, columns: Columns, report: ImportReport) -> None:
    value, delivered = _known(before[column][row]), _known(columns[column][row])
    if delivered is not None and delivered != value:
        mine = "was emptied" if value is None else f"was set to {value}"
        message = f"{COLUMNS[column].title} {mine} in the project and stays so; the delivery says {delivered}."
        report.add(str(before["id"][row]), "conflict_kept_edit", message)
    columns[column][row] = before[column][row]
    if column in WITH_ORIGIN:
        columns[f"{column}_origin"][row] = before[f"{column}_origin"][row]


def _keep_joined(row: int, before: Columns, columns: Columns, noted: dict[str, Any], kept: dict[str, Any]) -> None:
    """Carry over attributes that a table brought."""
    names = [name for name in noted.get(JOINED, [[]])[0] if name in before["attributes"][row]]
    if names:
        own = before["attributes"][row]
        columns["attributes"][row] = {**columns["attributes"][row], **{name: own[name] for name in names}}
        kept[JOINED] = noted[JOINED]


def _keep_archetype(row: int, before: Columns, columns: Columns, report: ImportReport) -> None:
    """Keep the archetype unless function or year, which it was chosen by, are others now."""
    identifier = before["archetype_id"][row]
    if not identifier:
        return
    same = all(_known(columns[name][row]) == _known(before[name][row]) for name in ("function", "year_built"))
    if same:
        columns["archetype_id"][row] = identifier
    else:
        message = "Its function or year built changed with the delivery: assign archetypes again."
        report.add(str(before["id"][row]), "archetype_cleared", message, "repaired")


def _known(value: Any) -> Any:
    """Give a cell's value, None where it is unknown."""
    return None if value == "" or value != value else value
