"""Values of layers as the writers of geographic files take them: arrays without objects of unknown kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

Column = Sequence[Any] | NDArray[Any]

RESERVED = frozenset({"fid", "geom", "ogc_fid", "rowid"})
"""Names that a GeoPackage keeps for itself."""


@dataclass(frozen=True, eq=False)
class LayerColumn:
    """One column with what is unknown in it.

    Parameters
    ----------
    values : ndarray, (n,) float64, bool or object of str
    unknown : ndarray, (n,) bool
    """

    values: NDArray[Any]
    unknown: NDArray[np.bool_]


def is_unknown(value: Any) -> bool:
    """Whether a value says nothing: None, nan, the empty text, an empty object."""
    return value is None or (isinstance(value, float | np.floating) and not np.isfinite(value)) or value in ("", {})


def layer_columns(columns: Mapping[str, Column]) -> dict[str, LayerColumn]:
    """Columns with one type each; a mixed one becomes text, objects become JSON.

    Parameters
    ----------
    columns : mapping of str to sequence
        Texts, numbers, truth values or JSON objects, None, nan or empty where unknown.

    Returns
    -------
    dict of str to LayerColumn
        Names that differ in case alone, or that the format keeps, get an underscore.
    """
    found: dict[str, LayerColumn] = {}
    taken = set(RESERVED)
    for name, column in columns.items():
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        found[name] = _column(column)
    return found


def _column(column: Column) -> LayerColumn:
    if isinstance(column, np.ndarray) and column.dtype.kind in "fiu":
        values = column.astype(np.float64)
        return LayerColumn(np.where(np.isfinite(values), values, np.nan), ~np.isfinite(values))
    if isinstance(column, np.ndarray) and column.dtype.kind == "b":
        return LayerColumn(column, np.zeros(len(column), bool))
    unknown = np.fromiter((is_unknown(value) for value in column), bool, len(column))
    known = [value for value, none in zip(column, unknown, strict=True) if not none]
    if known and all(isinstance(value, bool | np.bool_) for value in known):
        return LayerColumn(np.array([bool(value) for value in column], bool), unknown)
    if known and all(isinstance(value, int | float | np.number) for value in known):
        pairs = zip(column, unknown, strict=True)
        return LayerColumn(np.array([np.nan if none else float(value) for value, none in pairs]), unknown)
    texts = np.empty(len(column), object)
    texts[:] = [None if none else _text(value) for value, none in zip(column, unknown, strict=True)]
    return LayerColumn(texts, unknown)


def _text(value: Any) -> str:
    """Text as SQLite takes it: no lone surrogates, and nothing after a zero byte that would be cut off."""
    text = value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
