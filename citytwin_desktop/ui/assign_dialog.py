"""Which package, and which buildings get it: the selection, those that fulfil a condition, or all."""

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from citytwin_desktop.document.queries import matching_ids_of
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.form_dialog import FormDialog
from citytwin_desktop.ui.numbers import counted

COUNT_AFTER_MS = 250
SELECTED, QUERY, ALL = "selected", "query", "all"


class AssignDialog(FormDialog):
    """Counts while a condition is typed; one command whatever is chosen.

    Parameters
    ----------
    parent : QWidget
    session : Session
    """

    def __init__(self, parent: QWidget, session: Any) -> None:
        document = session.document
        name = document.scenario(document.active_scenario).name
        super().__init__(
            parent, "Assign package", f"In scenario “{name}”. One step, taken back by undo.", "Assign package"
        )
        self.setObjectName("assignDialog")
        self.session, self.found = session, list[str]()
        self.packages, self.which = QComboBox(objectName="assignPackage"), QComboBox(objectName="assignWhich")
        for package in document.packages():
            self.packages.addItem(package.name, package.id)
        self.packages.addItem(self.tr("None: as it is"), None)
        if document.selection:
            selected = self.tr("Selection ({})").format(number_text(len(document.selection), 9))
            self.which.addItem(selected, SELECTED)
        self.which.addItem(self.tr("Those that fulfil a condition"), QUERY)
        self.which.addItem(self.tr("All buildings"), ALL)
        self.condition = QLineEdit(objectName="assignCondition", accessibleName=self.tr("Condition"))
        self.condition.setPlaceholderText("year < 1965 and heating_demand > 150")
        self.form.addRow("Package", self.packages)
        self.form.addRow("Buildings", self.which)
        self.form.addRow("Condition", self.condition)
        self._count = QTimer(self, singleShot=True, interval=COUNT_AFTER_MS)
        self._count.timeout.connect(self.count)
        self.condition.textEdited.connect(lambda _: self._count.start())
        self.which.currentIndexChanged.connect(lambda _: self.count())
        self.submitted.connect(self.assign)
        self.count()

    def count(self) -> None:
        """Find the buildings, and name the button by how many there are."""
        self._count.stop()
        wanted = self.which.currentData()
        self.form.setRowVisible(self.condition, wanted == QUERY)
        sentence = ""
        try:
            self.found = self._buildings(wanted)
        except KnownError as error:
            self.found, sentence = [], str(error)
        self.ok.setText(self.tr("Assign to {}").format(counted(len(self.found))))
        self.ok.setEnabled(bool(self.found))
        self.refuse(sentence)

    def assign(self) -> None:
        """Do it, and close when it is done."""
        self.count()
        if self.found and self.session.assign_package(self.found, self.packages.currentData()) is not None:
            self.accept()

    def _buildings(self, wanted: str) -> list[str]:
        document = self.session.document
        if wanted == SELECTED:
            return list(document.selection)
        if wanted == ALL:
            return [str(name) for name in document.city.buildings.ids[document.city.rows_with_geometry]]
        text = self.condition.text().strip()
        return matching_ids_of(document, text, document.active_scenario) if text else []
