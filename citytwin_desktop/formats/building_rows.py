"""From the rows that readers make to the table of buildings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson

from citytwin_desktop.city.buildings import COLUMNS, WITH_ORIGIN, Buildings, Column, ColumnDefinition, blank_column
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.formats.report import ImportReport

_DEEPEST, _LARGEST = 64, 1 << 63


def table_of(rows: Sequence[Mapping[str, Any]], report: ImportReport) -> Buildings:
    """Columns of the building table from rows.

    A value outside what its column can hold is left out and reported; values of columns that keep an origin are
    marked as the source's own where the row does not say otherwise.

    Parameters
    ----------
    rows : sequence of mapping
        See `SourceCity.rows`; other keys are ignored.
    report : ImportReport
    """
    used = {key for row in rows for key in row} & set(COLUMNS)
    columns = {name: _column(rows, COLUMNS[name], report) for name in used}
    for name in WITH_ORIGIN:
        if name in columns:
            columns[f"{name}_origin"] = _origins(rows, columns[name], COLUMNS[name], f"{name}_origin")
    return Buildings(columns)


def unique_names(rows: Sequence[dict[str, Any]], report: ImportReport) -> None:
    """Give rows that share an identifier names of their own, counting from the second on."""
    counts = Counter(row["id"] for row in rows)
    taken = set(counts)
    seen: Counter[str] = Counter()
    for row in rows:
        identifier = row["id"]
        if counts[identifier] == 1:
            continue
        seen[identifier] += 1
        if (number := seen[identifier]) == 1:
            continue
        name = f"{identifier}~{number}"
        while name in taken:
            number += 1
            name = f"{identifier}~{number}"
        taken.add(name)
        message = f"Its identifier is used {counts[identifier]} times in the file: this one is called “{name}”."
        report.add(identifier, "duplicate_identifier", message, "repaired")
        row["id"] = name


def _column(rows: Sequence[Mapping[str, Any]], definition: ColumnDefinition, report: ImportReport) -> Column:
    column = blank_column(definition, len(rows))
    for place, row in enumerate(rows):
        value = row.get(definition.name)
        if value is None or value == "":
            continue
        if definition.kind != "number":
            column[place] = str(value) if definition.kind == "text" else storable(value)
        elif definition.low <= value <= definition.high:
            column[place] = float(value)
        elif value == value:
            message = f"Its {definition.title.lower()} of {value:g} is impossible and was left out."
            report.add(str(row["id"]), "value_impossible", message, "repaired")
    return column


def storable(value: Any) -> Any:
    """JSON that a project can hold: whole numbers beyond 64 bits become texts, what is no JSON becomes text."""
    try:
        orjson.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return _as_stored(value, _DEEPEST)
    return value


def _as_stored(value: Any, depth: int) -> Any:
    if depth == 0:
        return "…"
    if isinstance(value, dict):
        return {str(name): _as_stored(item, depth - 1) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_stored(item, depth - 1) for item in value]
    plain = value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < _LARGEST)
    return value if plain else str(value).encode("utf-8", "replace").decode()


def _origins(rows: Sequence[Mapping[str, Any]], values: Column, definition: ColumnDefinition, name: str) -> Column:
    known = ~np.isnan(values) if definition.kind == "number" else np.array([bool(value) for value in values], bool)
    column = np.empty(len(rows), object)
    column[:] = [
        str(row.get(name) or Origin.SOURCE.value) if there else ""
        for row, there in zip(rows, known.tolist(), strict=True)
    ]
    return column
