"""Columns of the building table: which there are, and their cells for all buildings at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import VALUE_ORIGINS
from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.document.commands.editing import EDITABLE_COLUMNS
from citytwin_desktop.document.querying.fields import DIFFERENCE, ENVELOPE, FIELDS, NUMBER, RESULT, STATE, Field
from citytwin_desktop.document.querying.reading import FieldReader
from citytwin_desktop.document.querying.text_column import TextColumn
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.city_light import CAN_BE_SIMULATED, WORDS
from citytwin_desktop.ui.numbers import energy_unit
from citytwin_desktop.ui.row_extras import MARKS

PLAIN = frozenset({"year_built", "fid"})
"""Whole numbers without thin spaces."""

_ORIGINS = {"function": "function_origin", "year_built": "year_built_origin", "storeys": "storeys_origin"}
OFFERED: tuple[str, ...] = (
    *(name for name, item in FIELDS.items() if item.group != STATE and not name.endswith("_origin") and name != "fid"),
    CAN_BE_SIMULATED,
)
"""Names of all columns that the table can show, differences of two scenarios among them."""

USUAL_DIFFERENCE = "heating_demand"


@dataclass(eq=False)
class Cells:
    """One column for all rows of the building table.

    Parameters
    ----------
    title : str
        With its unit.
    numbers : ndarray, (n_buildings,) float64, optional
    texts : TextColumn, optional
    stale, estimate : ndarray, (n_buildings,) bool, optional
    marks : ndarray, (n_buildings,) str, optional
        Where each value comes from: a, e, p, d, or nothing.
    divisor : float
        Of numbers, for the unit in the title.
    plain, signed : bool
        Whole numbers without thin spaces; a plus before what is above zero.
    """

    title: str
    numbers: FloatArray | None = None
    texts: TextColumn | None = None
    stale: NDArray[np.bool_] | None = None
    estimate: NDArray[np.bool_] | None = None
    marks: NDArray[np.str_] | None = None
    divisor: float = 1.0
    plain: bool = False
    signed: bool = False
    _ranks: IntArray | None = field(default=None)

    def text(self, row: int) -> str:
        """What a cell shows."""
        if self.texts is not None:
            return self.texts.different[int(self.texts.codes[row])]
        value = self.value(row)
        if not np.isfinite(value):
            return ""
        if self.plain:
            return str(int(value))
        return f"{'+' if self.signed and value > 0.0 else ''}{number_text(value / self.divisor)}"

    def value(self, row: int) -> float:
        """Number of a cell in its own unit, nan where unknown."""
        return float(self.numbers[row]) if self.numbers is not None else float("nan")

    def exact(self, row: int) -> str:
        """A cell for the clipboard: all digits, in the title's unit."""
        if self.texts is not None:
            return self.text(row)
        value = self.value(row)
        return f"{value / self.divisor:.12g}" if np.isfinite(value) else ""

    def plain_value(self, row: int) -> float | int | str:
        """A cell for a file: what `exact` tells, numbers as numbers."""
        text = self.exact(row)
        if self.texts is not None or not text:
            return text
        return int(text) if text.lstrip("-").isdigit() else float(text)

    def order(self, rows: IntArray, *, downwards: bool) -> IntArray:
        """The rows sorted by this column; equal ones keep their order, unknown ones come last both ways."""
        if self.texts is not None:
            if self._ranks is None:
                self._ranks = self.texts.ranks()
            keys = np.where(self._ranks[rows] < 0, np.nan, self._ranks[rows].astype(np.float64))
        else:
            keys = np.full(len(rows), np.nan) if self.numbers is None else self.numbers[rows].astype(np.float64)
        return rows[np.argsort(-keys if downwards else keys, kind="stable")]


def column_title(name: str) -> str:
    """Title and unit of a column."""
    if name == CAN_BE_SIMULATED:
        return "Can be simulated"
    item = FIELDS[name]
    short = item.title.partition(":")[0]
    return f"{short} [{item.unit}]" if item.unit else short


def is_number(name: str) -> bool:
    """Whether a column holds numbers."""
    return name != CAN_BE_SIMULATED and FIELDS[name].kind == NUMBER


def is_editable(name: str) -> bool:
    """Whether a column can be edited."""
    return name in EDITABLE_COLUMNS


def is_result(name: str) -> bool:
    """Whether a column holds results."""
    return name != CAN_BE_SIMULATED and FIELDS[name].group in (RESULT, DIFFERENCE)


def is_difference(name: str) -> bool:
    """Whether a column holds what one scenario has more of than another."""
    return name != CAN_BE_SIMULATED and FIELDS[name].group == DIFFERENCE


def columns_shown(chosen: Sequence[str], variable: str, *, compared: bool, by_hand: bool) -> tuple[str, ...]:
    """Chosen columns as far as they mean anything now.

    Parameters
    ----------
    chosen : sequence of str
    variable : str
        That is painted.
    compared : bool
        Whether the active scenario is held against another one; differences mean nothing otherwise.
    by_hand : bool
        Whether the user chose columns while it was: otherwise the difference of what is painted comes by itself.
    """
    if not compared:
        return tuple(name for name in chosen if not is_difference(name))
    if by_hand or any(is_difference(name) for name in chosen):
        return tuple(chosen)
    base = variable if f"{variable}_difference" in FIELDS else USUAL_DIFFERENCE
    place = chosen.index(base) + 1 if base in chosen else len(chosen)
    own = () if base in chosen else (base,)
    return (*chosen[:place], *own, f"{base}_difference", f"{base}_change", *chosen[place:])


class ColumnStore:
    """Cells of the columns that were looked at, until something changes.

    Parameters
    ----------
    reader : callable
        Gives the reader of today.
    light : callable
        Gives the light of every building, or None.
    """

    def __init__(self, reader: Callable[[], FieldReader], light: Callable[[], Any]) -> None:
        self._reader, self._light = reader, light
        self._kept: dict[str, Cells] = {}
        self._of: tuple[Any, ...] = (None, -1, "")

    def forget(self) -> None:
        """Values changed."""
        self._kept.clear()

    def cells(self, name: str) -> Cells:
        """One column, read anew after any change even before the table is told of it."""
        reader = self._reader()
        now = reader.buildings, reader.revision, reader.compared_id
        if now[0] is not self._of[0] or now[1:] != self._of[1:]:
            self._kept.clear()
            self._of = now
        if name not in self._kept:
            self._kept[name] = self._read(name)
        return self._kept[name]

    def title(self, name: str, *, read: bool) -> str:
        """Title and unit; only totals must be read for it, to know their unit."""
        kept = self._kept.get(name)
        if kept is None and read and is_result(name) and FIELDS[name].total:
            kept = self.cells(name)
        return column_title(name) if kept is None else kept.title

    def _read(self, name: str) -> Cells:
        reader, title = self._reader(), column_title(name)
        if name == CAN_BE_SIMULATED:
            return self._of_light(title, len(reader.buildings))
        item = FIELDS[name]
        if item.kind != NUMBER:
            return Cells(title, texts=reader.texts(item), marks=_marks(reader, item))
        if item.group in (RESULT, DIFFERENCE):
            return _of_result(reader, item, title)
        return Cells(title, reader.numbers(item), marks=_marks(reader, item), plain=name in PLAIN)

    def _of_light(self, title: str, count: int) -> Cells:
        state = self._light()
        levels = np.full(count, np.nan) if state is None else state.level.astype(np.float64)
        return Cells(title, levels)


def light_word(value: float) -> str:
    """Word for a level of the light."""
    return WORDS[int(value)] if np.isfinite(value) else ""


def _of_result(reader: FieldReader, item: Field, title: str) -> Cells:
    found = reader.result(item)
    divisor = 1.0
    if item.total:
        divisor, unit = energy_unit(found.values[np.isfinite(found.values)].tolist()[:20_000])
        title = f"{item.title} [{unit}/a]"
    signed = item.group == DIFFERENCE
    return Cells(title, found.values, stale=found.stale, estimate=found.estimate, divisor=divisor, signed=signed)


def _marks(reader: FieldReader, item: Field) -> NDArray[np.str_] | None:
    columns = reader.buildings.columns
    if item.name in _ORIGINS:
        letters = {Origin.ASSUMED: "a", Origin.EDITED: "e", Origin.DERIVED: "d"}
        origins = TextColumn(map(str, columns[_ORIGINS[item.name]].tolist()))
        table = np.array([letters.get(value, "") for value in origins.different], "<U1")  # type: ignore[call-overload]
        return np.asarray(table[origins.codes]) if len(table) else None
    if item.group != ENVELOPE:
        return None
    specs = reader.specs()
    packaged = [
        MARKS["package"] if spec is not None and "package" in spec.origins.get(item.name, "") else MARKS["archetype"]
        for spec in specs.specs
    ]
    marks = np.array(packaged, "<U1")[specs.group] if packaged else np.zeros(len(reader.buildings), "<U1")
    own = columns[item.name]
    rows = np.flatnonzero(~np.isnan(own) if item.kind == NUMBER else own.astype(bool))
    noted = columns[VALUE_ORIGINS]
    for row in rows.tolist():
        if marks[row] != MARKS["package"]:
            marks[row] = "" if item.name in noted[row] else MARKS["edited"]
    return np.asarray(marks)
