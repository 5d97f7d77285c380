"""What can be done in the building table: copy, paste, set for many, explain, choose columns."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QFileDialog

from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.document.chart_lines import ChartTable
from citytwin_desktop.document.explanation import Question
from citytwin_desktop.document.querying.fields import FIELDS
from citytwin_desktop.formats.files import write_bytes
from citytwin_desktop.ui.background import Background
from citytwin_desktop.ui.bulk_preview import HEIGHT, BulkValues, bulk_columns
from citytwin_desktop.ui.city_light import CAN_BE_SIMULATED
from citytwin_desktop.ui.numbers import range_text
from citytwin_desktop.ui.select_modes import select_rows, selected_rows
from citytwin_desktop.ui.table_columns import column_title, is_difference, is_editable
from citytwin_desktop.ui.table_edits import clipboard_values, pasted_column, typed_value


class TableCommands(QObject):
    """Acts on the table's lines.

    Parameters
    ----------
    session : Session
    model : BuildingModel
    view : TableView

    Signals
    -------
    columns_changed
    """

    columns_changed = Signal()

    def __init__(self, session: Any, model: Any, view: Any) -> None:
        super().__init__(view)
        self.session, self.model, self.view = session, model, view

    def copy(self) -> None:
        """Copy the selected lines with their titles, columns apart by tabs."""
        table = self._table(self.model.rows[self.model.fields.selected[self.model.rows]])()
        lines = ["\t".join(_one_line(str(cell)) for cell in line) for line in (table.header, *table.rows)]
        QApplication.clipboard().setText("\n".join(lines))

    def save(self, path: Path) -> None:
        """Write all lines that are shown to a file, in their order, with all digits; told when it is done."""
        table = self._table(self.model.rows.copy())
        work = Background(self, lambda: write_bytes(path, table().to_csv()))
        told = self.tr("Table written to “{}”").format(path.name)
        work.done.connect(lambda _: self.session.notice.emit(told))
        work.failed.connect(self.session.problem)

    def ask_save(self) -> None:
        """Ask for a file."""
        title, kind = self.tr("Save the table"), self.tr("Table (*.csv)")
        chosen = QFileDialog.getSaveFileName(self.view.window(), title, "buildings.csv", kind)[0]
        if chosen:
            path = Path(chosen)
            self.save(path if path.suffix else path.with_suffix(".csv"))

    def _table(self, rows: IntArray) -> Callable[[], ChartTable]:
        """What makes a table of some buildings in the columns as they are seen now; may be called on any thread."""
        document, model = self.session.document, self.model
        names = [name for name in self._visible() if name != CAN_BE_SIMULATED]
        columns = [model.store.cells(name) for name in names]
        about = [self.tr("CityTwin Desktop, table of buildings: {}").format(len(rows))]
        about.append(self.tr("scenario: {}").format(document.scenario(document.active_scenario).name))
        if any(is_difference(name) for name in names):
            first, second = (document.scenario(item).name for item in self.session.comparison.pair)
            about.append(self.tr("A − B: {} − {}, shares of {}").format(first, second, second))

        def made() -> ChartTable:
            # A second for a hundred thousand lines.
            lines = [[cells.plain_value(row) for cells in columns] for row in rows.tolist()]
            return ChartTable(tuple(about), tuple(cells.title for cells in columns), lines)

        return made

    def paste(self) -> None:
        """Show what the clipboard would change in the current column of the selected lines."""
        from citytwin_desktop.ui.table_dialogs import PasteDialog

        column = self._current()
        if not is_editable(column):
            self.session.problem.emit(f"“{column_title(column)}” cannot be edited: paste into another column.")
            return
        rows = self.model.rows[self.model.fields.selected[self.model.rows]].tolist()
        ids = self.session.document.city.buildings.ids
        cells = self.model.store.cells(column)
        texts = clipboard_values(QApplication.clipboard().text())
        if len(texts) == len(rows) + 1 and texts[0] == cells.title:
            texts = texts[1:]
        found = pasted_column(
            column, [str(ids[row]) for row in rows], [cells.text(row) for row in rows],
            [cells.exact(row) for row in rows], texts,
        )  # fmt: skip
        if found.problem or not found.ids:
            words = found.problem or "All of them have these values already: nothing to paste."
            self.session.problem.emit(words)
            return
        form = PasteDialog(self.view.window(), found)
        form.submitted.connect(lambda: self._paste(form, found))
        form.open()

    def _paste(self, form: Any, found: Any) -> None:
        texts = ["" if value is None else repr(value) if isinstance(value, float) else value for value in found.values]
        done = self.session.execute("edit_values", building_ids=list(found.ids), column=found.column, values=texts)
        if done is not None:
            form.accept()

    def ask_bulk_edit(self, column: str = "") -> None:
        """Ask for one value for all selected buildings."""
        from citytwin_desktop.ui.table_dialogs import BulkEditDialog

        ids = list(self.session.document.selection)
        if not ids:
            return
        wanted = column or self._current()
        wanted = wanted if wanted in bulk_columns() else "function"
        values = BulkValues(self.session.document, selected_rows(self.session.document))
        form = BulkEditDialog(self.view.window(), len(ids), wanted, self.mixture, values)
        form.submitted.connect(lambda: self._bulk_edit(form, ids))
        form.open()

    def _bulk_edit(self, form: Any, ids: list[str]) -> None:
        column, change, execute = form.column.currentData(), form.change, self.session.execute
        value = (None,) if change is not None else self.session.guarded(typed_value, column, form.text)
        if value is None:
            return
        if change is not None and column == HEIGHT:
            done = execute("change_height", building_ids=ids, factor=change.factor, amount_m=change.amount)
        elif change is not None:
            done = execute("change_values", building_ids=ids, column=column, factor=change.factor, amount=change.amount)
        elif column == HEIGHT:
            done = execute("set_height", building_ids=ids, height_m=value[0])
        else:
            done = execute("edit_buildings", building_ids=ids, column=column, value=value[0])
        if done is not None:
            form.accept()

    def mixture(self, column: str) -> str:
        """What the selected buildings have in a column, in words."""
        rows, cells = selected_rows(self.session.document), self.model.store.cells(column)
        if cells.texts is not None:
            different = [cells.texts.different[code] for code in np.unique(cells.texts.codes[rows]).tolist()]
            return (different[0] or "–") if len(different) == 1 else self.tr("{} values").format(len(different))
        values = cells.numbers[rows]
        values = values[np.isfinite(values)]
        if cells.plain and len(values):
            low, high = int(values.min()), int(values.max())
            return str(low) if low == high else f"{low}–{high}"
        return range_text([float(values.min()), float(values.max())] if len(values) else [])

    def explain(self, name: str, row: int) -> None:
        """Ask where a cell's value comes from."""
        building = (str(self.session.document.city.buildings.ids[row]),)
        scenario = self.session.document.active_scenario
        item = FIELDS.get(name)
        if item is not None and item.variable:
            question = Question(item.variable, scenario_id=scenario, building_ids=building)
        else:
            question = Question(scenario_id=scenario, building_ids=building, column=name)
        self.session.explain_wanted.emit(question)

    def select_same(self, name: str, row: int) -> None:
        """Select the buildings that have the same value as one."""
        from citytwin_desktop.ui.selection_commands import same_rows

        if name in FIELDS:
            select_rows(self.session.document, same_rows(self.model.fields.reader, name, np.array([row])))

    def ask_columns(self) -> None:
        """Ask which columns to show."""
        from citytwin_desktop.ui.table_columns_menu import ColumnsDialog

        form = ColumnsDialog(self.view.window(), self.model.columns, self.model.compared)
        form.changed.connect(lambda: self.show_columns(form.ticked))
        form.open()

    def show_columns(self, names: tuple[str, ...]) -> None:
        """Show columns: those that stay keep their order, new ones come behind."""
        kept = tuple(name for name in self.model.columns if name in names)
        wanted = (*kept, *(name for name in names if name not in kept)) or ("id",)
        if wanted != self.model.columns:
            self.model.choose_columns(wanted)
            self.columns_changed.emit()

    def _current(self) -> str:
        place = self.view.currentIndex().column()
        columns = self.model.columns
        return str(columns[place]) if 0 <= place < len(columns) else "function"

    def _visible(self) -> list[str]:
        header = self.view.horizontalHeader()
        return [self.model.columns[header.logicalIndex(place)] for place in range(header.count())]


def _one_line(text: str) -> str:
    return " ".join(text.split())
