"""Which columns the table shows: a list with ticks, by group, with a field to find one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from citytwin_desktop.document.querying.fields import ENVELOPE, FIELDS
from citytwin_desktop.ui.form_dialog import FormDialog
from citytwin_desktop.ui.table_columns import OFFERED, column_title, is_difference

_ENVELOPE_WORDS = "Envelope, use and systems"


class ColumnsDialog(FormDialog):
    """Ticks apply at once.

    Signals
    -------
    changed
    """

    changed = Signal()

    def __init__(self, parent: QWidget, shown: Sequence[str], differences: bool = False) -> None:
        super().__init__(parent, "Columns of the table", "Columns appear as they are ticked.", "Close")
        self.setObjectName("columnsDialog")
        self.find = QLineEdit(objectName="columnFind", placeholderText=self.tr("Find a column"))
        self.find.setAccessibleName(self.tr("Find a column"))
        self.find.setClearButtonEnabled(True)
        self.tree = QTreeWidget(objectName="columnTree", accessibleName=self.tr("Columns"))
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(12)
        self.tree.setUniformRowHeights(True)
        self.tree.setMinimumHeight(320)
        self.items: dict[str, QTreeWidgetItem] = {}
        self._fill(shown, [name for name in OFFERED if differences or not is_difference(name)])
        self.body.addWidget(self.find)
        self.body.addWidget(self.tree)
        self.cancel.hide()
        self.submitted.connect(self.accept)
        self.find.textChanged.connect(self._filter)
        self.tree.itemChanged.connect(lambda *_: self.changed.emit())

    @property
    def ticked(self) -> tuple[str, ...]:
        """Names of the columns to show, in the order in which they are listed."""
        return tuple(name for name, item in self.items.items() if item.checkState(0) == Qt.CheckState.Checked)

    def _fill(self, shown: Sequence[str], offered: Sequence[str]) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for name in offered:
            group = FIELDS[name].group if name in FIELDS else "Building"
            if group not in groups:
                words = _ENVELOPE_WORDS if group == ENVELOPE else group
                groups[group] = QTreeWidgetItem(self.tree, [self.tr(words)])
                groups[group].setFlags(Qt.ItemFlag.ItemIsEnabled)
                groups[group].setExpanded(True)
            item = QTreeWidgetItem(groups[group], [column_title(name)])
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(0, Qt.CheckState.Checked if name in shown else Qt.CheckState.Unchecked)
            self.items[name] = item

    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for name, item in self.items.items():
            item.setHidden(wanted not in item.text(0).casefold() and wanted not in name)
        for place in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(place)
            group.setHidden(all(group.child(row).isHidden() for row in range(group.childCount())))
