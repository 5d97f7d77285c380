"""The edits that touched the selected buildings, looked for in the log a few entries at a time."""

from html import escape
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from citytwin_desktop.document.touching import TouchingSearch
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project.edit_log import HistoryEntry
from citytwin_desktop.ui.history_model import moment

ENTRIES_AT_ONCE = 12
MOST_SHOWN = 40


class BuildingHistory(QWidget):
    """Newest first; searched only while it is unfolded."""

    def __init__(self) -> None:
        super().__init__()
        self.text = QLabel(wordWrap=True)
        self.text.setObjectName("muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)
        self._search: TouchingSearch | None = None
        self._asked: tuple[Any, list[str]] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._look_on)

    def show_buildings(self, document: Any, ids: list[str]) -> None:
        """Look for the edits of some buildings; of the whole project without any."""
        self._timer.stop()
        self._search, self._asked = None, None
        if document is None:
            self.text.setText("")
            return
        self._asked = document, ids
        if self.isVisible():
            self._begin()

    def showEvent(self, event: Any) -> None:
        """Begin to look when somebody does."""
        super().showEvent(event)
        if self._search is None and self._asked is not None:
            self._begin()

    def _begin(self) -> None:
        document, ids = self._asked
        self._search = TouchingSearch(document, ids, MOST_SHOWN)
        self.text.setText(self.tr("Looking through the history…"))
        self._timer.start()

    def _look_on(self) -> None:
        search = self._search
        if search is None:
            self._timer.stop()
            return
        try:
            more = search.look_on(ENTRIES_AT_ONCE)
        except KnownError as error:
            self._timer.stop()
            self.text.setText(escape(str(error)))
            return
        if not more:
            self._timer.stop()
            self._show(search.found)

    def _show(self, found: list[HistoryEntry]) -> None:
        lines = [_line(entry) for entry in found]
        table = f"<table width='100%'>{''.join(lines)}</table>"
        self.text.setText(table if lines else self.tr("No edit has touched these buildings."))


def _line(entry: HistoryEntry) -> str:
    title = f"<s>{escape(entry.title)}</s>" if entry.undone else escape(entry.title)
    when = escape(moment(entry.at))
    return f"<tr><td style='padding:2px 8px 2px 0'>{title}</td><td align='right'><small>{when}</small></td></tr>"
