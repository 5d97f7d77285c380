"""What the actions of the window do: tables joined, buildings set on the terrain, exports."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.export_dialog import ExportDialog
from citytwin_desktop.ui.join_dialog import JoinDialog
from citytwin_desktop.ui.numbers import counted

TABLE_FILTER = "Tables (*.csv *.tsv *.xlsx *.gz *.zip);;All files (*)"
ROWS_LOOKED_AT = 500
"""Buildings whose attributes are offered as keys of a join."""


class ExchangeCommands:
    """Methods that the table of actions names; mixed into the main window."""

    def ask_join(self) -> None:
        """Choose a table to join to the buildings."""
        path = QFileDialog.getOpenFileName(self, self.tr("Join table"), "", TABLE_FILTER)[0]
        if path:
            self.show_join(Path(path))

    def show_join(self, path: Path) -> JoinDialog | None:
        """Ask how a table is joined."""
        document = self.session.document
        if document is None or not len(document.city.buildings):
            self.say(self.tr("A table is joined to buildings: import a city first, then join “{}”.").format(path.name))
            return None
        if document.read_only:
            self.say(self.tr("The project is open read-only: save a copy to join a table to it."))
            return None
        dialog = JoinDialog(self, path, document.project.district, _attribute_names(document.city))
        dialog.submitted.connect(lambda: self._submit_join(dialog))
        dialog.open()
        return dialog

    def drop_to_terrain(self) -> None:
        """Set the selected buildings, or all where none is selected, on the terrain."""
        document = self.session.document
        with self.busy():
            entry = self.session.execute("drop_to_terrain", building_ids=list(document.selection))
        if entry is None:
            return
        report = document.last_report
        text = self.tr("{} set on the terrain").format(counted(report["moved"]))
        if away := len(report["off_terrain"]):
            text += self.tr("; no ground is known under {}").format(counted(away))
        self.toast.say(text, "done", self.tr("Undo"), self.undo)

    def ask_export(self) -> ExportDialog:
        """Ask for format and file."""
        document = self.session.document
        scenarios = {scenario.id: scenario.name for scenario in document.scenarios}
        dialog = ExportDialog(self, document.path, scenarios, document.active_scenario, self.session.variable)
        dialog.submitted.connect(lambda: self._submit_export(dialog))
        dialog.open()
        return dialog

    def _submit_join(self, dialog: JoinDialog) -> None:
        if dialog.matching:
            return
        document = self.session.document
        try:
            with self.busy():
                document.execute("join_table", **dialog.parameters())
        except KnownError as error:
            dialog.refuse(str(error))
            return
        dialog.accept()
        report = document.last_report
        text = self.tr("{} filled from “{}”").format(counted(report["buildings_matched"]), dialog.path.name)
        self.toast.say(text, "done", self.tr("Undo"), self.undo)

    def _submit_export(self, dialog: ExportDialog) -> None:
        from citytwin_desktop.document.exports import export_document

        try:
            with self.busy():
                words = export_document(self.session.document, **dialog.parameters())
        except KnownError as error:
            dialog.refuse(str(error))
            return
        dialog.accept()
        self.toast.say(words, "done")


def _attribute_names(city: Any) -> list[str]:
    """Attributes that buildings have, those of simple values; from the first buildings of the table."""
    found: dict[str, None] = {}
    for attributes in city.buildings.columns["attributes"][:ROWS_LOOKED_AT]:
        found.update({name: None for name, value in (attributes or {}).items() if isinstance(value, str | int)})
    return sorted(found, key=str.lower)
