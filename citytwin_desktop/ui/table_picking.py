"""A table whose lines stand for buildings: picking with mouse and keys, and the selection painted from a mask.

Qt keeps a selection as ranges and merges them one by one; 40,000 scattered lines take it seconds. Here the document's
selection is the only one, and a line is painted as selected when its building is.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QTableView

from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.ui.fields import Fields
from citytwin_desktop.ui.select_modes import Mode, select_rows
from citytwin_desktop.ui.theme import THEMES, Theme

LINE_PX = 24
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_MOVES = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
)


class PickDelegate(QStyledItemDelegate):
    """Paints the lines of selected buildings as selected, and a frame about the line that keys start from."""

    def __init__(self, view: "PickTable") -> None:
        super().__init__(view)
        self.view = view
        self.theme: Theme = THEMES["dark"]

    def initStyleOption(self, option: Any, index: QModelIndex) -> None:
        """Selected is what the document says."""
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus
        if self.view.line_selected(index.row()):
            option.state |= QStyle.StateFlag.State_Selected
        else:
            option.state &= ~QStyle.StateFlag.State_Selected

    def paint(self, painter: Any, option: Any, index: QModelIndex) -> None:
        """The cell, and a line under the current one."""
        super().paint(painter, option, index)
        current = self.view.currentIndex()
        if self.view.hasFocus() and current.row() == index.row():
            wide = current.column() == index.column() and self.view.model().columnCount() > 1
            painter.setPen(QPen(QColor(self.theme.accent), 2 if wide else 1))
            painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())


class PickTable(QTableView):
    """Click replaces, Ctrl toggles, Shift takes a range, dragging too; arrows move, Space toggles.

    Parameters
    ----------
    session : Session

    Signals
    -------
    wanted(int)
        Enter or a double click on the line of a building.
    """

    wanted = Signal(int)

    def __init__(self, session: Any) -> None:
        super().__init__()
        self.session, self.fields = session, Fields.of(session)
        self._anchor = -1
        self._dragging = False
        self._range: tuple[int, int] | None = None
        # One selection for all moves of the pointer that come before the next frame.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._take_range)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(LINE_PX)
        self.verticalHeader().setDefaultSectionSize(LINE_PX)
        self.horizontalHeader().setHighlightSections(False)
        self.setTabKeyNavigation(False)

    def rows_of_lines(self, first: int, last: int) -> IntArray:
        """(k,) int64: building rows that some lines stand for, the last one counted."""
        raise NotImplementedError

    def line_of_row(self, row: int) -> int:
        """Line of a building, -1 when it is not shown."""
        raise NotImplementedError

    def line_selected(self, line: int) -> bool:
        """Whether a line is painted as selected."""
        rows, mask = self.rows_of_lines(line, line), self.fields.selected
        return bool(len(rows)) and len(mask) > int(rows.max()) and bool(mask[rows].all())

    def selected_ids(self) -> list[str]:
        """Identifiers of selected buildings in the order of the lines."""
        count = self.model().rowCount()
        if not count:
            return []
        rows = self.rows_of_lines(0, count - 1)
        names: list[str] = self.session.document.city.buildings.ids[rows[self.fields.selected[rows]]].tolist()
        return names

    def selectRow(self, line: int) -> None:
        """Select the building of a line alone."""
        if 0 <= line < self.model().rowCount():
            self.setCurrentIndex(self.model().index(line, max(self.currentIndex().column(), 0)))
            self._anchor = line
            self._take(self.rows_of_lines(line, line), Mode.REPLACE)

    def show_selection(self) -> None:
        """Paint the selection anew and bring its first line into sight, unless one of it is."""
        self.viewport().update()
        count, mask = self.model().rowCount(), self.fields.selected
        if not count or not mask.any():
            return
        first = self.first_selected_line()
        if first >= 0 and not self._any_in_sight(mask):
            self.scrollTo(self.model().index(first, 0), QAbstractItemView.ScrollHint.PositionAtCenter)

    def first_selected_line(self) -> int:
        """Line of the first selected building, -1 when none is shown."""
        rows = np.flatnonzero(self.fields.selected)
        return min((line for row in rows[:1].tolist() if (line := self.line_of_row(row)) >= 0), default=-1)

    def mousePressEvent(self, event: Any) -> None:
        """Begin to pick."""
        index = self.indexAt(event.position().toPoint())
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton or self.session.document is None:
            return
        if not index.isValid():
            self._take(np.zeros(0, np.int64), Mode.REPLACE)
            return
        self._dragging = True
        self._pick(index.row(), event.modifiers())

    def mouseMoveEvent(self, event: Any) -> None:
        """Take the lines between where the button went down and the pointer."""
        if not self._dragging or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        line = self.rowAt(max(min(int(event.position().y()), self.viewport().height() - 1), 0))
        if line >= 0 and line != self.currentIndex().row():
            self.setCurrentIndex(self.model().index(line, max(self.currentIndex().column(), 0)))
            self._range = (self._anchor, line)
            self._soon.start()

    def mouseReleaseEvent(self, event: Any) -> None:
        """The pick is done."""
        self._dragging = False
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """Edit where the cell can be edited; go to the building elsewhere."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not index.flags() & Qt.ItemFlag.ItemIsEditable:
            self._want(index.row())
            return
        super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: Any) -> None:
        """Move, extend with Shift, move alone with Ctrl; Space toggles, Enter goes there."""
        key, held = event.key(), event.modifiers()
        if key == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._pick(self.currentIndex().row(), _CONTROL)
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid() and not held:
            self._want(self.currentIndex().row())
            return
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        line = self.currentIndex().row()
        if key in _MOVES and line != before and line >= 0 and not held & _CONTROL:
            self._pick(line, held)

    def event(self, event: QEvent) -> bool:
        """Space and Enter are no shortcuts here."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return):  # type: ignore[attr-defined]
            event.accept()
            return True
        return bool(super().event(event))

    def _pick(self, line: int, modifiers: Any) -> None:
        if modifiers & _SHIFT and self._anchor >= 0:
            self._range = (self._anchor, line)
            self._take_range()
            return
        self._anchor = line
        rows = self.rows_of_lines(line, line)
        if modifiers & _CONTROL:
            self._take(rows, Mode.REMOVE if self.line_selected(line) else Mode.ADD)
        else:
            self._take(rows, Mode.REPLACE)

    def _take_range(self) -> None:
        if self._range is None or self.session.document is None:
            return
        first, last = sorted(self._range)
        self._range = None
        last = min(last, self.model().rowCount() - 1)
        if first <= last:
            self._take(self.rows_of_lines(first, last), Mode.REPLACE)

    def _take(self, rows: IntArray, mode: Mode) -> None:
        select_rows(self.session.document, rows, mode)

    def _want(self, line: int) -> None:
        rows = self.rows_of_lines(line, line)
        if len(rows) == 1:
            self.wanted.emit(int(rows[0]))

    def _any_in_sight(self, mask: NDArray[np.bool_]) -> bool:
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        last = self.model().rowCount() - 1 if last < 0 else last
        return any(mask[self.rows_of_lines(line, line)].any() for line in range(first, last + 1))
