"""Dialogs of the building table: one value for many, and what pasting would change."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QTableWidget, QTableWidgetItem, QWidget

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.document.relative_change import RelativeChange
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.bulk_preview import HEIGHT, BulkPreview, BulkValues, bulk_columns, holds_numbers
from citytwin_desktop.ui.elided_choice import ElidedChoice
from citytwin_desktop.ui.form_dialog import FormDialog
from citytwin_desktop.ui.numbers import counted
from citytwin_desktop.ui.relative_text import examples, relative_change
from citytwin_desktop.ui.table_edits import PastedColumn, choices, typed_value

PREVIEWED = 8


class BulkEditDialog(FormDialog):
    """Sets or changes one column of some buildings; no other column is touched.

    Parameters
    ----------
    parent : QWidget
    count : int
        Buildings that would change.
    column : str
        Chosen at first.
    mixture : callable
        Gives what a column holds now in words: one value, a range, “3 values”.
    values : BulkValues
        Of those buildings.
    """

    def __init__(
        self, parent: QWidget, count: int, column: str, mixture: Callable[[str], str], values: BulkValues
    ) -> None:
        intro = "Only this column changes; everything else stays as it is. One step of the history."
        super().__init__(parent, f"Set a value of {counted(count)}", intro, f"Set for {counted(count)}")
        self.setObjectName("bulkEditDialog")
        self._mixture, self._values = mixture, values
        self.change: RelativeChange | None = None
        self.column = ElidedChoice(objectName="bulkColumn", accessibleName=self.tr("Column"))
        for name in bulk_columns():
            self.column.addItem(COLUMNS[name].title, name)
        self.column.setCurrentIndex(max(self.column.findData(column), 0))
        self.now, self.then = (QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True) for _ in range(2))
        self.value, self.choice = QLineEdit(objectName="bulkValue"), ElidedChoice(objectName="bulkChoice")
        for field in (self.value, self.choice):
            field.setAccessibleName(self.tr("New value"))
        self.value.setToolTip(
            self.tr("The value itself, or a change of each building's own: +3, −10 %, ×1.2. Packages are left alone")
        )
        self.default = QCheckBox(self.tr("Back to the default"), objectName="bulkDefault")
        self.form.addRow(self.tr("Column"), self.column)
        self.form.addRow(self.tr("Now"), self.now)
        self.form.addRow(self.tr("New value"), self.value)
        self.form.addRow(self.tr("New value"), self.choice)
        self.form.addRow(self.tr("Then"), self.then)
        self.form.addRow("", self.default)
        self.column.currentIndexChanged.connect(lambda _: self._show())
        self.value.textChanged.connect(lambda _: self._enable())
        self.default.toggled.connect(lambda _: self._enable())
        self._show()
        (self.choice if self._chooses else self.value).setFocus()

    @property
    def text(self) -> str:
        """What was typed or chosen; empty is back to the default."""
        if self.default.isChecked():
            return ""
        return str(self.choice.currentData()) if self._chooses else self.value.text().strip()

    @property
    def _chooses(self) -> bool:
        return bool(choices(self.column.currentData()))

    def _show(self) -> None:
        name = self.column.currentData()
        unit = COLUMNS[name].unit
        # The height that is set is the geometry's, with that of the parts, not the one that the file has noted.
        words = self._values.words(name) if name == HEIGHT else self._mixture(name)
        self.now.setText(words + (f"\u2009{unit}" if unit else ""))
        self.value.setPlaceholderText(examples(unit) if holds_numbers(name) else unit)
        self.choice.clear()
        for code, title in choices(name).items():
            self.choice.addItem(title, code)
        self.form.setRowVisible(self.value, not self._chooses)
        self.form.setRowVisible(self.choice, self._chooses)
        self.form.setRowVisible(self.then, holds_numbers(name))
        self.form.setRowVisible(self.default, name != HEIGHT)
        if name == HEIGHT:
            self.default.setChecked(False)
        self._enable()

    def _enable(self) -> None:
        for field in (self.value, self.choice):
            field.setEnabled(not self.default.isChecked())
        found = self._preview()
        self.then.setText(found.words or "–")
        self.refuse(found.problem)
        whole = self.default.isChecked() or self._chooses or bool(self.value.text().strip())
        self.ok.setEnabled(whole and not found.problem)

    def _preview(self) -> BulkPreview:
        """What would be, as far as it can be told of what is typed."""
        self.change = None
        name = self.column.currentData()
        if not holds_numbers(name) or not self.text:
            return BulkPreview()
        try:
            self.change = relative_change(self.text, COLUMNS[name].unit)
            wanted = self.change if self.change is not None else typed_value(name, self.text)[0]
        except KnownError as error:
            return BulkPreview(problem=str(error))
        return self._values.preview(name, wanted)


class PasteDialog(FormDialog):
    """Shows the first of what would change, and how many do."""

    def __init__(self, parent: QWidget, found: PastedColumn) -> None:
        count = len(found.ids)
        title = COLUMNS[found.column].title
        intro = f"{counted(count)} change, {number_text(found.same, 9)} have the value already."
        super().__init__(parent, f"Paste into “{title}”", intro, f"Change {counted(count)}")
        self.setObjectName("pasteDialog")
        rows = min(count, PREVIEWED)
        table = QTableWidget(rows, 3, objectName="pastePreview")
        table.setAccessibleName(self.tr("What would change"))
        table.setHorizontalHeaderLabels([self.tr("Building"), self.tr("Now"), self.tr("Pasted")])
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(24)
        table.horizontalHeader().setStretchLastSection(True)
        table.setShowGrid(False)
        for row in range(rows):
            cells = (found.ids[row], found.before[row] or "–", shown_value(found.values[row]))
            for place, text in enumerate(cells):
                table.setItem(row, place, QTableWidgetItem(text))
        table.setFixedHeight((rows + 1) * 24 + 12)
        self.body.addWidget(table)
        if count > rows:
            more = QLabel(self.tr("and {} more").format(number_text(count - rows, 9)))
            more.setObjectName("muted")
            self.body.addWidget(more)


def shown_value(value: Any) -> str:
    """A value to be set, in words."""
    if value is None:
        return "default"
    return f"{value:g}" if isinstance(value, float) else str(value)
