"""The line that a condition is written in: it completes, and underlines what cannot be understood."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QInputMethodEvent, QTextCharFormat
from PySide6.QtWidgets import QLineEdit

from citytwin_desktop.document.querying.completing import Completion, Suggestion, completion
from citytwin_desktop.ui.find_list import Line, ListPopup
from citytwin_desktop.ui.theme import Theme

COMPLETE_AFTER_MS = 60
POPUP_PX = 460
_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QueryEdit(QLineEdit):
    """Keeps what is typed in one line; Enter with Shift, Alt or Ctrl is told apart.

    Parameters
    ----------
    reader : callable
        Gives the `FieldReader` of today, or None.

    Signals
    -------
    entered(object)
        Enter, with its modifiers.
    given_up
        Escape with no list open.
    """

    entered = Signal(object)
    given_up = Signal()

    def __init__(self, reader: Callable[[], Any]) -> None:
        super().__init__()
        self._reader, self._error = reader, (0, 0)
        self._colour = QColor()
        self._found = Completion(0, 0)
        self.popup = ListPopup(self, self.tr("Completions"))
        self.popup.taken.connect(lambda line: self._put(line.data))
        self._timer = QTimer(self, singleShot=True, interval=COMPLETE_AFTER_MS)
        self._timer.timeout.connect(self.complete)
        self.textEdited.connect(lambda _: self._timer.start())

    def set_theme(self, theme: Theme) -> None:
        """Colour of errors."""
        self._colour = QColor(theme.failed)
        self.popup.set_theme(theme)

    def complete(self) -> None:
        """Offer what may come next."""
        reader = self._reader()
        if reader is None or not self.isVisible():
            return
        self._found = completion(self.text(), self.cursorPosition(), reader)
        lines = [Line(item.text, item.title, item.note, item) for item in self._found.suggestions]
        before = self.text()[: self._found.start]
        x = min(self.fontMetrics().horizontalAdvance(before), max(self.width() - POPUP_PX, 0))
        self.popup.show_lines(lines, x, POPUP_PX, choose_first=self._found.end > self._found.start)

    def mark_error(self, start: int, end: int) -> None:
        """Underline some characters; nothing when both are the same."""
        if (start, end) == self._error:
            return
        self._error = start, end
        shape = QTextCharFormat()
        shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        shape.setUnderlineColor(self._colour)
        kind = QInputMethodEvent.AttributeType.TextFormat
        marks = [QInputMethodEvent.Attribute(kind, start - self.cursorPosition(), end - start, shape)]
        event = QInputMethodEvent("", marks if end > start else [])
        blocked = self.blockSignals(True)
        QCoreApplication.sendEvent(self, event)
        self.blockSignals(blocked)

    def event(self, event: QEvent) -> bool:
        """Take Enter, Escape and Tab before actions and the focus do."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() in _KEYS:  # type: ignore[attr-defined]
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab and self._take_chosen():  # type: ignore[attr-defined]
            return True
        return super().event(event)

    def keyPressEvent(self, event: Any) -> None:
        """Walk the list; Enter takes its line, or is told on."""
        if self.popup.isVisible() and not event.modifiers() and self.popup.list.walk(event.key()):
            return
        if event.key() == Qt.Key.Key_Down and not self.popup.isVisible():
            self.complete()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not self._take_chosen():
                self.popup.hide()
                self.entered.emit(event.modifiers())
        elif event.key() == Qt.Key.Key_Escape:
            self._escape()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: Any) -> None:
        """The list goes with the focus."""
        self._timer.stop()
        self.popup.hide()
        super().focusOutEvent(event)

    def hideEvent(self, event: Any) -> None:
        """Nor does the list stay without the field."""
        self.popup.hide()
        super().hideEvent(event)

    def _escape(self) -> None:
        if self.popup.isVisible():
            self.popup.hide()
        else:
            self.given_up.emit()

    def _take_chosen(self) -> bool:
        line = self.popup.list.chosen if self.popup.isVisible() else None
        if line is None:
            return False
        self._put(line.data)
        return True

    def _put(self, item: Suggestion) -> None:
        text, gap = self.text(), "" if item.text.endswith("(") else " "
        rest = text[self._found.end :]
        if item.text.startswith("'") and rest.startswith("'"):
            rest = rest[1:]
        self.setText(text[: self._found.start] + item.text + gap + rest.lstrip())
        self.setCursorPosition(self._found.start + len(item.text) + len(gap))
        self.textEdited.emit(self.text())
