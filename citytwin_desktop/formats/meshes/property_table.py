"""Values of buildings inside a glTF file: a table of OGC's EXT_structural_metadata, which 3D Tiles 1.1 share."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import COLUMNS

CLASS = "building"
NO_NUMBER = float(np.finfo(np.float32).min)
NO_TRUTH = 255
_ALLOWED = re.compile(r"[^A-Za-z0-9_]")

AddView = Callable[[bytes], int]
"""Puts bytes into the buffer, aligned to eight, and gives the number of their buffer view."""


def property_table(columns: Mapping[str, Sequence[Any]], count: int, add_view: AddView) -> dict[str, Any]:
    """Content of the extension for a table of buildings.

    Parameters
    ----------
    columns : mapping of str to sequence
        Texts, numbers or truth values, None or nan where unknown; columns without any value are left out.
    count : int
        Rows of each column.
    add_view : callable

    Returns
    -------
    dict
        ``schema`` and ``propertyTables``; unknown values are `NO_NUMBER`, `NO_TRUTH` and the empty text.
    """
    properties: dict[str, Any] = {}
    views: dict[str, Any] = {}
    for name, column in columns.items():
        known = [value for value in column if not _unknown(value)]
        if not known:
            continue
        key = _identifier(name, properties)
        properties[key], views[key] = _written(column, known, add_view)
        title = COLUMNS.get(name)
        if title is not None:
            properties[key]["description"] = f"{title.title} [{title.unit}]" if title.unit else title.title
    schema = {"id": "citytwin", "classes": {CLASS: {"name": "Building", "properties": properties}}}
    return {
        "schema": schema,
        "propertyTables": [{"name": "Buildings", "class": CLASS, "count": count, "properties": views}],
    }


def _unknown(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and np.isnan(value))


def _identifier(name: str, taken: Mapping[str, Any]) -> str:
    """Name of a property: letters, digits and underscores, no digit first."""
    key = _ALLOWED.sub("_", name)
    key = f"_{key}" if key[:1].isdigit() or not key else key
    while key in taken:
        key += "_"
    return key


def _written(column: Sequence[Any], known: list[Any], add_view: AddView) -> tuple[dict[str, Any], dict[str, Any]]:
    """Definition and values of one column."""
    if all(isinstance(value, bool | np.bool_) for value in known):
        truths = np.array([NO_TRUTH if _unknown(value) else bool(value) for value in column], np.uint8)
        definition = {"type": "SCALAR", "componentType": "UINT8", "noData": NO_TRUTH}
        return definition, {"values": add_view(truths.tobytes())}
    if all(isinstance(value, int | float | np.number) for value in known):
        definition = {"type": "SCALAR", "componentType": "FLOAT32", "noData": NO_NUMBER}
        return definition, {"values": add_view(_numbers(column).tobytes())}
    texts = ["" if _unknown(value) else str(value) for value in column]
    encoded = [text.encode("utf-8", "replace") for text in texts]
    offsets = np.cumsum([0, *(len(text) for text in encoded)]).astype("<u4")
    # A buffer view may not be empty.
    values = add_view(b"".join(encoded) or b"\x00")
    return {"type": "STRING", "noData": ""}, {"values": values, "stringOffsets": add_view(offsets.tobytes())}


def _numbers(column: Sequence[Any]) -> NDArray[np.float32]:
    """(n,) float32; beyond what single precision holds is unknown as well."""
    values = np.array([np.nan if _unknown(value) else float(value) for value in column])
    values[~(np.abs(values) < -NO_NUMBER)] = NO_NUMBER
    return values.astype("<f4")
