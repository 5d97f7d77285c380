"""Dialogs of the building table: one value for many, and what pasting would change."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QTableWidget, QTableWidgetItem, QWidget

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.document.commands.editing import EDITABLE_COLUMNS
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.elided_choice import ElidedChoice
from citytwin_desktop.ui.form_dialog import FormDialog
from citytwin_desktop.ui.numbers import counted
from citytwin_desktop.ui.table_edits import PastedColumn, choices

PREVIEWED = 8


class BulkEditDialog(FormDialog):
    """Sets one column of some buildings; no other column is touched.

    Parameters
    ----------
    parent : QWidget
    count : int
        Buildings that would change.
    column : str
        Chosen at first.
    mixture : callable
        Gives what a column holds now in words: one value, a range, “3 values”.
    """

    def __init__(self, parent: QWidget, count: int, column: str, mixture: Callable[[str], str]) -> None:
        intro = "Only this column changes; everything else stays as it is. One step of the history."
        super().__init__(parent, f"Set a value of {counted(count)}", intro, f"Set for {counted(count)}")
        self.setObjectName("bulkEditDialog")
        self._mixture = mixture
        self.column = ElidedChoice(objectName="bulkColumn", accessibleName=self.tr("Column"))
        for name in EDITABLE_COLUMNS:
            self.column.addItem(COLUMNS[name].title, name)
        self.column.setCurrentIndex(max(self.column.findData(column), 0))
        self.now = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.value, self.choice = QLineEdit(objectName="bulkValue"), QComboBox(objectName="bulkChoice")
        for field in (self.value, self.choice):
            field.setAccessibleName(self.tr("New value"))
        self.default = QCheckBox(self.tr("Back to the default"), objectName="bulkDefault")
        self.form.addRow(self.tr("Column"), self.column)
        self.form.addRow(self.tr("Now"), self.now)
        self.form.addRow(self.tr("New value"), self.value)
        self.form.addRow(self.tr("New value"), self.choice)
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
        self.now.setText(self._mixture(name) + (f"\u2009{unit}" if unit else ""))
        self.value.setPlaceholderText(unit)
        self.choice.clear()
        for code, title in choices(name).items():
            self.choice.addItem(title, code)
        self.form.setRowVisible(self.value, not self._chooses)
        self.form.setRowVisible(self.choice, self._chooses)
        self._enable()

    def _enable(self) -> None:
        for field in (self.value, self.choice):
            field.setEnabled(not self.default.isChecked())
        self.ok.setEnabled(self.default.isChecked() or self._chooses or bool(self.value.text().strip()))


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
