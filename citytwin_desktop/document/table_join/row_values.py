"""What the cells of a row fill: values of building columns, each with where it comes from, and raw attributes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from citytwin_desktop.catalog.functions import FUNCTIONS, function_from_text
from citytwin_desktop.catalog.systems import systems
from citytwin_desktop.city.buildings import COLUMNS, SYSTEM_COLUMNS
from citytwin_desktop.document.table_join.request import ATTRIBUTES, FILLABLE, JoinRequest
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.joined_tables.epc import LAYOUT, EpcLayout, Values, raw_cells
from citytwin_desktop.formats.joined_tables.table import JoinedTable, cell_number, cell_year, is_nothing
from citytwin_desktop.formats.known_attributes import guessed_columns
from citytwin_desktop.formats.report import ImportReport

EPC_ATTRIBUTE = "epc"
_WHOLE = ("year_built", "storeys")


@dataclass
class RowValues:
    """What one row of the table gives.

    Parameters
    ----------
    values : dict of str to (object, str)
        By building column, each with a few words on where it comes from.
    attributes : dict
        To be kept with the building.
    certificate : dict of str to str
        All cells of an energy performance certificate.
    """

    values: Values = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    certificate: dict[str, str] = field(default_factory=dict)


class CellReader:
    """Reads rows of one table.

    Parameters
    ----------
    table : JoinedTable
    request : JoinRequest
    archetype_set : str
        For checking codes of energy systems, empty for none yet.
    report : ImportReport
        Told of cells that cannot be used, and how columns were found.

    Raises
    ------
    KnownError
        When a column does not exist, or none is known and none was stated.
    """

    def __init__(self, table: JoinedTable, request: JoinRequest, archetype_set: str, report: ImportReport) -> None:
        self._table, self._report = table, report
        self.layout = EpcLayout.of(table)
        self._systems = {name: systems(archetype_set, name.removesuffix("_system")) for name in SYSTEM_COLUMNS}
        self.pairs = tuple((table.place(column), target) for column, target in request.columns) or self._guessed()
        if self.layout is not None:
            report.add(table.name, "layout_known", f"Its columns are those of the {LAYOUT}.")

    def columns(self) -> dict[str, str]:
        """Building column or ``attributes`` that each column of the table fills, without those of a known layout."""
        return {self._table.header[place]: target for place, target in self.pairs}

    def read(self, number: int) -> RowValues:
        """Read a row."""
        row = self._table.rows[number]
        found = RowValues()
        if self.layout is not None:
            found.values.update(self.layout.values(row))
            found.certificate = dict(raw_cells(self._table.header, row))
        for place, target in self.pairs:
            cell, column = row[place], self._table.header[place]
            if is_nothing(cell):
                continue
            if target == ATTRIBUTES:
                found.attributes[column] = self._attribute(cell)
            elif (value := self._value(target, cell)) is not None:
                found.values[target] = (value, f"column {column} of {self._table.name}")
            else:
                message = f"“{cell[:60]}” in column {column} is no usable {COLUMNS[target].title.lower()}: repair it."
                where = f"{self._table.name}, row {number + self._table.first_line}"
                self._report.add(where, "value_unusable", message, "skipped")
        return found

    def _guessed(self) -> tuple[tuple[int, str], ...]:
        if self.layout is not None:
            return ()
        header = self._table.header
        known = {name.lower(): name for name in FILLABLE}
        pairs = {known[name.lower()]: place for place, name in enumerate(header) if name.lower() in known}
        for target, name in guessed_columns(header).items():
            if target in FILLABLE and target not in pairs:
                pairs[target] = header.index(name)
        if not pairs:
            known_none = f"“{self._table.name}” has no column whose meaning is known"
            msg = f"{known_none}: state them as TABLE_COLUMN=BUILDING_COLUMN."
            raise KnownError(msg)
        shown = ", ".join(f"{header[place]} fills {target}" for target, place in pairs.items())
        self._report.add(self._table.name, "columns_guessed", f"Columns were told by their names: {shown}.")
        return tuple((place, target) for target, place in pairs.items())

    def _value(self, target: str, cell: str) -> Any:
        """Value of a cell as a building column holds it, None where it says nothing that is plausible."""
        definition = COLUMNS[target]
        if target == "name":
            return cell
        if target == "function":
            return cell if cell in FUNCTIONS else function_from_text(cell) or None
        if target in SYSTEM_COLUMNS:
            return cell if cell in self._systems[target] else None
        number = cell_year(cell, self._table.decimal) if target == "year_built" else self._number(cell)
        if number is None or not definition.low <= number <= definition.high:
            return None
        return None if target in _WHOLE and number != round(number) else number

    def _number(self, cell: str) -> float | None:
        return cell_number(cell, self._table.decimal)

    def _attribute(self, cell: str) -> Any:
        """Cell as JSON: a number where it is plainly one, never an identifier with leading zeros."""
        number = self._number(cell)
        if number is None or (
            len(cell) > 1 and cell.lstrip("+-").startswith("0") and not cell.startswith(("0.", "0,"))
        ):
            return cell
        return (
            (int(number) if number.is_integer() and "e" not in cell.lower() and "." not in cell else number)
            if abs(number) < 1e15
            else cell
        )


def merged(rows: Sequence[RowValues]) -> RowValues:
    """What several rows on one building give together: the median of numbers, the most frequent of texts.

    Parameters
    ----------
    rows : sequence of RowValues
        At least one.
    """
    if len(rows) == 1:
        return rows[0]
    together = RowValues()
    for name in dict.fromkeys(name for row in rows for name in row.values):
        given = [row.values[name] for row in rows if name in row.values]
        together.values[name] = _agreed(name, given)
    for row in rows:
        together.attributes.update(row.attributes)
    return together


def _agreed(name: str, given: Sequence[tuple[Any, str]]) -> tuple[Any, str]:
    values = [value for value, _ in given]
    if len(set(values)) == 1:
        more = f" (and {len(given) - 1} more)" if len(given) > 1 else ""
        return values[0], given[0][1] + more
    if COLUMNS[name].kind == "number":
        ordered = sorted(values)
        middle = ordered[(len(ordered) - 1) // 2]
        return middle, f"median of {len(given)} rows: {given[values.index(middle)][1]}"
    best = max(dict.fromkeys(values), key=values.count)
    return best, f"most frequent of {len(given)} rows: {given[values.index(best)][1]}"
