"""What a value for many buildings would make of theirs: how many change, from which range to which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.shaping.selected_rows import families_of
from citytwin_desktop.document.commands.editing import EDITABLE_COLUMNS
from citytwin_desktop.document.commands.shaping import HIGHEST_M, LOWEST_M
from citytwin_desktop.document.relative_change import RelativeChange, beyond, own_numbers
from citytwin_desktop.scene.numbers import THIN_SPACE, number_text
from citytwin_desktop.ui.numbers import counted, range_text

HEIGHT = "height_m"
"""The geometry's own height: set by shaping, not a cell of the table."""


def bulk_columns() -> tuple[str, ...]:
    """Columns that can be set for many, the height after the storeys."""
    place = EDITABLE_COLUMNS.index("storeys") + 1
    return (*EDITABLE_COLUMNS[:place], HEIGHT, *EDITABLE_COLUMNS[place:])


def holds_numbers(column: str) -> bool:
    """Whether a column can be changed in proportion or by an amount."""
    return COLUMNS[column].kind == "number"


@dataclass(frozen=True)
class BulkPreview:
    """What would be.

    Parameters
    ----------
    words : str
    problem : str
        Why it cannot be, empty when it can.
    """

    words: str = ""
    problem: str = ""


class BulkValues:
    """Numbers of chosen buildings as they are now, each column read once.

    Parameters
    ----------
    document : Document
    rows : ndarray, (k,) int64
    """

    def __init__(self, document: Any, rows: IntArray) -> None:
        self.document, self.rows = document, rows
        self._kept: dict[str, FloatArray] = {}

    def now(self, column: str) -> FloatArray:
        """(k,) float64: nan where unknown; of heights one for each building with its parts."""
        if column not in self._kept:
            district = self.document.project.district
            heights = column == HEIGHT
            self._kept[column] = (
                _heights_m(district.city, self.rows) if heights else own_numbers(district, column, self.rows)
            )
        return self._kept[column]

    def words(self, column: str) -> str:
        """What they are now, without a unit."""
        return _range(self.now(column), column)

    def preview(self, column: str, change: RelativeChange | float) -> BulkPreview:
        """What a change, or one value for all, would make of a column."""
        before = self.now(column)
        relative = isinstance(change, RelativeChange)
        after = change.of(before, column) if isinstance(change, RelativeChange) else np.full(len(before), change)
        if relative and not np.isfinite(before).any():
            return BulkPreview(problem="None of them has a value to start from: type the value itself.")
        unit = f"{THIN_SPACE}{COLUMNS[column].unit}" if COLUMNS[column].unit else ""
        outside, span = _outside(after, column)
        if len(outside):
            with np.errstate(over="ignore", invalid="ignore"):
                farthest = after[outside[int(np.argmax(np.abs(after[outside] - np.nanmean(after))))]]
            told = f"one at {number_text(float(farthest), 4)}{unit}"
            return BulkPreview(problem=f"{counted(len(outside))} would leave {span}{unit}, {told}: change them less.")
        nothing = isinstance(change, RelativeChange) and change.nothing
        changed = 0 if nothing else int(np.count_nonzero(np.isfinite(after) & (after != before)))
        words = f"{_range(before, column)} → {_range(after, column)}{unit}"
        if changed < len(before):
            words += f"; {number_text(changed, 9)} of {counted(len(before))} change"
        missing = int(np.count_nonzero(~np.isfinite(before)))
        if relative and missing:
            words += f", {number_text(missing, 9)} without a value stay"
        return BulkPreview(words, "" if changed else "All of them have this value already.")


def _outside(after: FloatArray, column: str) -> tuple[IntArray, str]:
    if column == HEIGHT:
        return np.flatnonzero((after < LOWEST_M) | (after > HIGHEST_M)), f"{LOWEST_M:g} to {HIGHEST_M:g}"
    return beyond(after, column), f"{COLUMNS[column].low:g} to {COLUMNS[column].high:g}"


def _range(values: FloatArray, column: str) -> str:
    """The ends of some values: years with all their digits."""
    known = values[np.isfinite(values)]
    ends = [float(known.min()), float(known.max())] if len(known) else []
    if column != "year_built" or not ends:
        return range_text(ends)
    return "–".join(dict.fromkeys(str(round(end)) for end in ends))


def _heights_m(city: Any, rows: IntArray) -> FloatArray:
    """Highest over lowest corner of each building with its parts [m]."""
    families = families_of(city.buildings, rows)
    low, high = city.bounds_m
    leaders, group = np.unique(families.leader, return_inverse=True)
    lowest, highest = np.full(len(leaders), np.inf), np.full(len(leaders), -np.inf)
    known = np.isfinite(low[families.row, 2])
    np.minimum.at(lowest, group[known], low[families.row[known], 2])
    np.maximum.at(highest, group[known], high[families.row[known], 2])
    tall = highest - lowest
    return np.asarray(np.where(np.isfinite(tall), tall, np.nan), np.float64)
