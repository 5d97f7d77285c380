"""The search field of the window: a ranked list of buildings while one types."""

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal

from citytwin_desktop.document.find_index import Find, FindIndex, Found
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.background import Background
from citytwin_desktop.ui.find_list import Line, ListPopup
from citytwin_desktop.ui.theme import Theme

AT_ONCE = 3_000
"""Buildings up to which the index is made when it is needed; larger ones on a thread."""

FIND_AFTER_MS, SETTLE_MS, POPUP_PX = 30, 400, 460


class FindField(QObject):
    """Finds what is typed into a field.

    Parameters
    ----------
    field : QLineEdit
    session : Session

    Signals
    -------
    building_wanted(str)
    all_wanted(ndarray)
        Rows of everything that was found.
    nothing(str)
        No building has what was typed.
    """

    building_wanted = Signal(str)
    all_wanted = Signal(object)
    nothing = Signal(str)

    def __init__(self, field: Any, session: Any) -> None:
        super().__init__(field)
        self.field, self.session = field, session
        self.popup = ListPopup(field, self.tr("Buildings found"))
        self.popup.taken.connect(lambda line: self._go(line.data))
        self._index: tuple[Any, FindIndex] | None = None
        self._work: Background | None = None
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._begin)
        self._soon = QTimer(self, singleShot=True, interval=FIND_AFTER_MS)
        self._soon.timeout.connect(self.show_found)
        field.installEventFilter(self)
        field.textEdited.connect(lambda _: self._soon.start())

    def set_theme(self, theme: Theme) -> None:
        """Colours."""
        self.popup.set_theme(theme)

    def prepare(self) -> None:
        """Make the index of a large city soon, on a thread; of a small one when it is needed."""
        document = self.session.document
        if document is not None and len(document.city.buildings) > AT_ONCE:
            self._settle.start()

    def forget(self) -> None:
        """No document is open."""
        self._index = None
        self.popup.hide()

    def find(self, text: str) -> Found | None:
        """What has a text; None while the index of a large city is being made for the first time."""
        document = self.session.document
        if document is None:
            return None
        buildings = document.city.buildings
        stale = self._index is None or self._index[0] is not buildings
        if stale and len(buildings) <= AT_ONCE:
            self._index = buildings, FindIndex(buildings, document.city.rows_with_geometry)
        elif stale and not self._settle.isActive() and not (self._work is not None and self._work.running):
            self._begin()
        return None if self._index is None else self._index[1].find(text)

    def show_found(self) -> None:
        """List what the typed text finds."""
        text = self.field.text().strip()
        found = self.find(text) if text else None
        if found is None:
            waiting = bool(text) and self.session.document is not None and self._index is None
            lines = [Line(self.tr("Preparing the search…"), enabled=False)] if waiting else []
        else:
            lines = self._lines(found)
        self.popup.show_lines(lines, self.field.width() - POPUP_PX, POPUP_PX)

    def enter(self, modifiers: Any) -> None:
        """Go to the chosen line, or to the best; with Shift select everything."""
        text = self.field.text().strip()
        found = self.find(text) if text else None
        if found is None:
            return
        if not found.count:
            self.nothing.emit(text)
            return
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.popup.hide()
            self.all_wanted.emit(self._all(text))
            return
        line = self.popup.list.chosen if self.popup.isVisible() else None
        self._go(line.data if line is not None and line.data is not None else found.best[0])

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Arrows walk the list, Enter takes, Escape closes."""
        if event.type() == QEvent.Type.FocusOut:
            self.popup.hide()
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        key: Any = event.key()  # type: ignore[attr-defined]
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.enter(event.modifiers())  # type: ignore[attr-defined]
            return True
        if key == Qt.Key.Key_Escape:
            return self._escape()
        return self.popup.isVisible() and self.popup.list.walk(key)

    def _escape(self) -> bool:
        if self.popup.isVisible():
            self.popup.hide()
        else:
            self.field.clear()
            self.field.clearFocus()
        return True

    def _begin(self) -> None:
        document = self.session.document
        if document is None:
            return
        buildings, rows = document.city.buildings, document.city.rows_with_geometry
        self._work = Background(self, lambda: (buildings, FindIndex(buildings, rows)))
        self._work.done.connect(self._take)

    def _take(self, made: tuple[Any, FindIndex]) -> None:
        document = self.session.document
        if document is None or document.city.buildings is not made[0]:
            self._index = made if document is not None else None
            self.prepare()
            return
        self._index = made
        if self.popup.isVisible() or self.field.hasFocus():
            self.show_found()

    def _lines(self, found: Found) -> list[Line]:
        if not found.best:
            return [Line(self.tr("No building has this text"), enabled=False)]
        lines = [self._line(item) for item in found.best]
        count = number_text(found.count, 9) if found.complete else ""
        words = self.tr("Enter flies there, Shift+Enter selects all {}").format(count).strip()
        return [*lines, Line(words, enabled=False)]

    def _line(self, item: Find) -> Line:
        columns = self.session.document.city.buildings.columns
        if item.row >= len(columns["id"]):
            return Line(item.value, enabled=False)
        identifier, name = str(columns["id"][item.row]), str(columns["name"][item.row])
        where = "" if item.value in (identifier, name) else f"{item.where}: {item.value}"
        return Line(name or identifier, where, identifier if name else "", item)

    def _all(self, text: str) -> Any:
        rows = self._index[1].rows(text) if self._index is not None else np.zeros(0, np.int64)
        return rows[rows < len(self.session.document.city.buildings)]

    def _go(self, item: Find | None) -> None:
        if item is not None and item.row < len(self.session.document.city.buildings):
            self.popup.hide()
            self.building_wanted.emit(str(self.session.document.city.buildings.ids[item.row]))
