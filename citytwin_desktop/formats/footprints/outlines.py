"""Rows of a table as buildings: one outline or several, with the height that an attribute gives."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.formats.footprints.attribute_values import is_range, lengths_m, numbers, text_of, years
from citytwin_desktop.formats.footprints.column_choice import known_function, plain_name, unit_m
from citytwin_desktop.formats.footprints.column_names import CHANGING_NAMES
from citytwin_desktop.formats.footprints.feature_table import FeatureTable
from citytwin_desktop.formats.report import ImportReport

_HIGHEST_M = 1000.0
_MOST_STOREYS = 200.0
_SPECIAL = ("height_m", "storeys", "year_built")
_WHAT = {"height_m": "height", "storeys": "number of storeys", "year_built": "year"}

Row = dict[str, Any]


def building_rows(
    table: FeatureTable, chosen: IntArray, columns: Mapping[str, str], report: ImportReport
) -> tuple[list[Row], IntArray, IntArray]:
    """Building rows of the chosen features.

    Parameters
    ----------
    table : FeatureTable
    chosen : ndarray, (k,) int64
        Features that are buildings and have a polygon; ascending.
    columns : mapping of str to str
        Attribute by column.
    report : ImportReport

    Returns
    -------
    tuple of list of dict, ndarray, ndarray
        Rows; polygons in the order of their rows, (n,) int64; row of each of these polygons, (n,) int64.
    """
    records = [table.attributes[place] for place in chosen]
    rows = filled_rows(records, columns, _ids(table, chosen, columns), report)
    position = np.full(len(table.attributes), -1, np.int64)
    position[chosen] = np.arange(len(chosen))
    polygons = np.flatnonzero(position[table.feature] >= 0)
    owner = position[table.feature[polygons]]
    rows, new_owner = _joined(rows, columns, report)
    owner = new_owner[owner]
    order = np.argsort(owner, kind="stable")
    return rows, polygons[order], owner[order]


def _ids(table: FeatureTable, chosen: IntArray, columns: Mapping[str, str]) -> list[str]:
    own = [table.ids[place] for place in chosen]
    name = columns.get("id")
    if name is None:
        return own
    return [text_of(table.attributes[place].get(name)) or f"row {table.ids[place]}" for place in chosen]


def filled_rows(records: list[Row], columns: Mapping[str, str], ids: list[str], report: ImportReport) -> list[Row]:
    """Rows with all columns that the attributes fill.

    Parameters
    ----------
    records : list of dict
        Attributes of each building.
    columns : mapping of str to str
        Attribute by column.
    ids : list of str
    report : ImportReport
        Told of values without sense.
    """
    rows: list[Row] = [{"id": identifier, "parent_id": "", "lod": "0"} for identifier in ids]
    for row, record in zip(rows, records, strict=True):
        row["attributes"] = record
    for column in _SPECIAL:
        if column in columns:
            _fill(rows, column, columns[column], _column(column, columns[column], records), report)
    _fill_levels(rows, records, columns)
    if name := columns.get("name"):
        for row, record in zip(rows, records, strict=True):
            if word := text_of(record.get(name)):
                row["name"] = word
    if name := columns.get("function"):
        for row, record in zip(rows, records, strict=True):
            if (word := text_of(record.get(name))) and (function := known_function(name, word)):
                row["function"] = function
    return rows


def _column(column: str, name: str, records: list[Row]) -> FloatArray:
    values = [record.get(name) for record in records]
    if column == "year_built":
        return years(values)
    if column == "storeys":
        return numbers(values)
    names = list(dict.fromkeys(key for record in records[:100] for key in record))
    return lengths_m(values, unit_m(name, names))


def _fill(rows: list[Row], column: str, name: str, values: FloatArray, report: ImportReport) -> None:
    """Put plausible values in, report the rest."""
    key = "measured_height_m" if column == "height_m" else column
    high = {"height_m": _HIGHEST_M, "storeys": _MOST_STOREYS, "year_built": 2100.0}[column]
    good = (values > 0.0) & (values <= high)
    if column == "storeys":
        values = np.floor(values + 0.5)
        good &= values >= 1.0
    for row, fits, value in zip(rows, good.tolist(), values.tolist(), strict=True):
        given = row["attributes"].get(name)
        if fits:
            row[key] = value
            if isinstance(given, str) and is_range(given):
                message = f"Its {_WHAT[column]} “{given}” is a span: the middle, {value:g}, was taken."
                report.add(row["id"], "middle_of_span", message)
        elif text_of(given):
            message = f"Its {_WHAT[column]} “{text_of(given)[:30]}” ({name}) makes no sense and was left out: edit it."
            report.add(row["id"], "value_without_sense", message)


def _fill_levels(rows: list[Row], records: list[Row], columns: Mapping[str, str]) -> None:
    """Elevation of the ground, and heights that follow from elevations."""
    levels = {
        column: _column(column, columns[column], records)
        for column in ("ground_elevation_m", "top_elevation_m", "base_height_m")
        if column in columns
    }
    ground = levels.get("ground_elevation_m")
    top, base = levels.get("top_elevation_m"), levels.get("base_height_m")
    if ground is not None:
        for row, value in zip(rows, ground.tolist(), strict=True):
            if np.isfinite(value):
                row["ground_elevation_m"] = value
        if top is not None:
            for row, value in zip(rows, (top - ground).tolist(), strict=True):
                if "measured_height_m" not in row and 0.0 < value <= _HIGHEST_M:
                    row["measured_height_m"] = value
    if base is not None:
        for row, value in zip(rows, base.tolist(), strict=True):
            height = row.get("measured_height_m")
            if height is not None and 0.0 < value < height:
                row["measured_height_m"] = height - value
                row["ground_elevation_m"] = row.get("ground_elevation_m", 0.0) + value


def _joined(rows: list[Row], columns: Mapping[str, str], report: ImportReport) -> tuple[list[Row], IntArray]:
    """Rows with one identifier become one building, or parts of one where they say different things."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        places[row["id"]].append(place)
    if len(places) == len(rows):
        return rows, np.arange(len(rows))
    ignored = {columns.get("id")}
    joined: list[Row] = []
    new = np.empty(len(rows), np.int64)
    taken = set(places)
    for identifier, group in places.items():
        if len(group) == 1 or _same(rows, group, ignored):
            new[group] = len(joined)
            joined.append(rows[group[0]])
            if len(group) > 1:
                report.add(identifier, "rows_joined", f"{len(group)} rows with one identifier are one building.")
        else:
            joined.append(_parent(rows, group))
            for number, place in enumerate(group, 1):
                new[place] = len(joined)
                joined.append({**rows[place], "id": _free(f"{identifier}-{number}", taken), "parent_id": identifier})
            message = f"{len(group)} rows with one identifier and different attributes are parts of one building."
            report.add(identifier, "rows_are_parts", message)
    return joined, new


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "'"
    taken.add(name)
    return name


def _same(rows: list[Row], group: Sequence[int], ignored: set[str | None]) -> bool:
    first = _telling(rows[group[0]], ignored)
    return all(_telling(rows[place], ignored) == first for place in group[1:])


def _telling(row: Row, ignored: set[str | None]) -> Row:
    attributes = row["attributes"]
    return {
        key: value for key, value in attributes.items() if key not in ignored and plain_name(key) not in CHANGING_NAMES
    }


def _parent(rows: list[Row], group: Sequence[int]) -> Row:
    """A building without a body of its own, with what all its parts agree on."""
    first = rows[group[0]]
    common: Row = {
        key: value
        for key, value in first["attributes"].items()
        if all(rows[place]["attributes"].get(key) == value for place in group)
    }
    kept: Row = {
        key: first[key]
        for key in ("name", "function", "year_built")
        if key in first and all(rows[place].get(key) == first[key] for place in group)
    }
    return {"id": first["id"], "parent_id": "", "lod": "0", "attributes": common, **kept}
