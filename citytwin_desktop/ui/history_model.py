"""The history as a list for long projects: order and state in memory, texts of a page when they are looked at."""

from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from citytwin_desktop.city.calendar import MONTH_NAMES
from citytwin_desktop.project import log_pages
from citytwin_desktop.project.edit_log import HistoryEntry
from citytwin_desktop.project.log_pages import ENDED, STANDS, LogLine
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.tool_tips import plain_tip

WHAT, WHEN, WHO = range(3)
PAGE = 128
_KEPT_PAGES = 64


class HistoryModel(QAbstractTableModel):
    """Every command, newest first; the last line is the state before all of them.

    Parameters
    ----------
    parent : QObject
    """

    def __init__(self, parent: Any) -> None:
        super().__init__(parent)
        self._document: Any = None
        self._lines: tuple[LogLine, ...] = ()
        self._pages: dict[int, dict[int, HistoryEntry]] = {}
        self._theme: Theme | None = None
        self.current = 0
        """Row of the command that stands last."""

    def set_theme(self, theme: Theme) -> None:
        """Colours of what was taken back."""
        self._theme = theme
        self._repaint()

    def show_history(self, document: Any) -> None:
        """Read order and state of all commands again; None for no project."""
        lines: tuple[LogLine, ...] = ()
        if document is not None:
            with document.project.reading() as connection:
                lines = log_pages.lines(connection)
        same = document is self._document and [line.seq for line in lines] == [line.seq for line in self._lines]
        if not same:
            self.beginResetModel()
        self._document, self._lines, self._pages = document, lines, {}
        self.current = next((row for row, line in enumerate(lines) if line.state == STANDS), len(lines))
        if same:
            self._repaint()
        else:
            self.endResetModel()

    def seq(self, row: int) -> int:
        """Command of a row, 0 for before all of them."""
        return self._lines[row].seq if row < len(self._lines) else 0

    def state(self, row: int) -> int:
        """State of a row, see `citytwin_desktop.project.log_pages`."""
        return self._lines[row].state if row < len(self._lines) else STANDS

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """All commands and the beginning."""
        return 0 if parent.isValid() or self._document is None else len(self._lines) + 1

    def columnCount(self, _parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """What, when, who."""
        return 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Edit"), self.tr("Time"), self.tr("Who"))[section]
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """What was taken back for good cannot be chosen."""
        chosen = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsSelectable if self.state(index.row()) == ENDED else chosen

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, strikes and colours."""
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == WHEN:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(row))
        if role == Qt.ItemDataRole.AccessibleTextRole and column == WHAT:
            return self._tip(row)
        if role == Qt.ItemDataRole.FontRole:
            return self._font(row, column)
        if role == Qt.ItemDataRole.ForegroundRole and self._theme is not None:
            return QColor(self._colour(row, column))
        return None

    def _font(self, row: int, column: int) -> QFont:
        font = QFont()
        font.setStrikeOut(column == WHAT and self.state(row) != STANDS)
        font.setBold(row == self.current and column == WHAT)
        return font

    def _colour(self, row: int, column: int) -> str:
        if self.state(row) == ENDED:
            return self._theme.disabled
        if row == self.current and column == WHAT:
            return self._theme.accent
        return self._theme.muted if self.state(row) != STANDS or column != WHAT else self._theme.text

    def _text(self, row: int, column: int) -> str:
        if row >= len(self._lines):
            return self.tr("Empty project") if column == WHAT else ""
        entry = self._entry(row)
        if entry is None:
            return ""
        return (entry.title, moment(entry.at), entry.who)[column]

    def _tip(self, row: int) -> str:
        if row >= len(self._lines):
            return self.tr("Before all edits")
        entry = self._entry(row)
        if entry is None:
            return ""
        words = {0: "", 1: self.tr("taken back"), 2: self.tr("taken back for good: others came in its place")}
        state = self.tr("now here") if row == self.current else words[self.state(row)]
        told = f"{entry.title}\n{entry.at[:19].replace('T', ' ')} UTC, {entry.who}, {entry.command} {entry.seq}"
        return f"{told}\n{state[:1].upper()}{state[1:]}" if state else told

    def _entry(self, row: int) -> HistoryEntry | None:
        """One line's texts; a page is read when its first line is looked at."""
        page = row // PAGE
        if page not in self._pages:
            seqs = [line.seq for line in self._lines[page * PAGE : (page + 1) * PAGE]]
            with self._document.project.reading() as connection:
                found = log_pages.texts(connection, seqs)
            if len(self._pages) >= _KEPT_PAGES:
                self._pages.pop(next(iter(self._pages)))
            self._pages[page] = found
        return self._pages[page].get(self._lines[row].seq)

    def _repaint(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 2))


def moment(at: str) -> str:
    """A UTC time as lists have room for it, on the clock of this computer: the hour of today, else the day."""
    try:
        local = datetime.fromisoformat(at).astimezone()
    except ValueError:
        return at[:16]
    now = datetime.now().astimezone()
    if local.date() == now.date():
        return f"{local:%H:%M}"
    day = f"{local.day} {MONTH_NAMES[local.month - 1][:3]}"
    return day if local.year == now.year else f"{day} {local.year}"
