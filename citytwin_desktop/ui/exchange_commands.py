"""What the actions of the window do: tables joined, buildings set on the terrain, exports."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

TABLE_FILTER = "Tables (*.csv *.tsv *.xlsx);;All files (*)"


class ExchangeCommands:
    """Methods that the table of actions names; mixed into the main window."""

    def ask_join(self) -> None:
        """Choose a table to join to the buildings."""
        path = QFileDialog.getOpenFileName(self, self.tr("Join table"), "", TABLE_FILTER)[0]
        if path:
            self.show_join(Path(path))

    def show_join(self, path: Path) -> None:
        """Ask how a table is joined."""
        self.say(self.tr("Tables cannot be joined yet."))

    def drop_to_terrain(self) -> None:
        """Set the selected buildings, or all, on the terrain."""

    def ask_export(self) -> None:
        """Ask for a format and a file."""
