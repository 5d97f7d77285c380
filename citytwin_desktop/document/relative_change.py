"""A number that becomes another one in proportion or by an amount, and what that makes of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS
from citytwin_desktop.city.numbers import THIN_SPACE, number_text
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.scenario import Scenario
from citytwin_desktop.document.querying.resolved import ResolvedSpecs

if TYPE_CHECKING:
    from citytwin_desktop.city.district import District

WHOLE = ("year_built", "storeys")
"""Columns of whole numbers."""

_DIGITS = 10


@dataclass(frozen=True)
class RelativeChange:
    """First times a factor, then plus an amount.

    Parameters
    ----------
    factor : float
    amount : float
        In the unit of what is changed.
    """

    factor: float = 1.0
    amount: float = 0.0

    def of(self, values: FloatArray, column: str = "") -> FloatArray:
        """(n,) float64: what some values become; whole where the column holds whole numbers."""
        with np.errstate(over="ignore", invalid="ignore"):  # three hundred digits were typed: infinite, and refused
            after = np.asarray(values * self.factor + self.amount, np.float64)
            return np.round(after) if column in WHOLE else np.round(after, _DIGITS)

    @property
    def nothing(self) -> bool:
        """Whether everything stays as it is."""
        return self.factor == 1.0 and self.amount == 0.0

    def words(self, unit: str = "") -> str:
        """``+3 m``, ``× 1.2``, or both."""
        parts = [f"×{THIN_SPACE}{number_text(self.factor, 6)}"] if self.factor != 1.0 else []
        if self.amount:
            sign = "+" if self.amount > 0.0 else ""
            parts.append(f"{sign}{number_text(self.amount, 6)}{THIN_SPACE + unit if unit else ''}")
        return " ".join(parts)


def own_numbers(district: District, column: str, rows: IntArray) -> FloatArray:
    """(k,) float64: what a column is of some rows without packages: own values, else those of archetypes; nan for none.

    Parameters
    ----------
    district : District
    column : str
        Of numbers.
    rows : ndarray, (k,) int64
    """
    if column in OVERRIDE_COLUMNS:
        return np.asarray(ResolvedSpecs(district, Scenario("", "")).numbers(column)[rows])
    return np.asarray(district.city.buildings.columns[column], np.float64)[rows]


def beyond(values: FloatArray, column: str) -> IntArray:
    """(k,) int64: places of values that a column does not take; unknown ones are not among them."""
    definition = COLUMNS[column]
    return np.flatnonzero((values < definition.low) | (values > definition.high))
