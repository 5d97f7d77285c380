"""Attributes of the source as columns: whatever a file says about its buildings."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.document.querying.text_column import TextColumn


@dataclass(frozen=True, eq=False)
class AttributeColumn:
    """One attribute of every row, as text and, where it is one, as number.

    Parameters
    ----------
    texts : TextColumn
    """

    texts: TextColumn

    @cached_property
    def numbers(self) -> FloatArray:
        """(n_buildings,) float64: nan where there is no number."""
        values = np.array([_number(value) for value in self.texts.different], np.float64)
        return values[self.texts.codes] if len(values) else np.zeros(0)

    @cached_property
    def numeric(self) -> bool:
        """Whether every known value is a number."""
        return all(np.isfinite(_number(value)) for value in self.texts.different if value)


def attribute_names(column: NDArray[Any]) -> list[str]:
    """Names that any row has, in alphabetical order regardless of case."""
    found: dict[str, None] = {}
    for attributes in column.tolist():
        found.update(dict.fromkeys(attributes))
    return sorted(found, key=str.casefold)


def attribute_column(column: NDArray[Any], name: str) -> AttributeColumn:
    """One attribute of all rows; lists and tables count as texts."""
    return AttributeColumn(TextColumn(_text(attributes.get(name)) for attributes in column.tolist()))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}" if np.isfinite(value) else ""
    return str(value)


def _number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        return np.nan
    return number if np.isfinite(number) else np.nan
