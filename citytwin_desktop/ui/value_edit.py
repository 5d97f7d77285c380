"""The field of one editable value: Escape gives up what was typed, undo reaches the city when there is no typing."""

from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit


class ValueEdit(QLineEdit):
    """A line of text that knows the value it stands for.

    Attributes
    ----------
    value_text : str
        The document's value, as it is shown while nothing is typed.
    of_city : bool
        Whether it is a value of the city; where it only says how the city is seen, undo must not reach the city.
    """

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self.value_text = ""
        self.of_city = True

    def show_text(self, text: str) -> None:
        """Show a text from its beginning; nothing is typed then."""
        self.setText(text)
        self.setCursorPosition(0)

    def give_up(self) -> None:
        """Forget what was typed."""
        self.show_text(self.value_text)

    def event(self, event: QEvent) -> bool:
        """Keep Escape while something is typed; leave undo and redo to the window while nothing is."""
        if event.type() == QEvent.Type.ShortcutOverride:
            if event.key() == Qt.Key.Key_Escape and self.isModified():
                event.accept()
                return True
            standard = QKeySequence.StandardKey
            spent = (standard.Undo, self.isUndoAvailable()), (standard.Redo, self.isRedoAvailable())
            if self.of_city and any(event.matches(key) and not available for key, available in spent):
                event.ignore()
                return False
            if self.isReadOnly() and _is_typing(event):
                # A letter meant for a field is no shortcut, even where the field does not take it.
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: Any) -> None:
        """Escape while something is typed gives it up."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.give_up()
        else:
            super().keyPressEvent(event)


def _is_typing(event: Any) -> bool:
    """Whether a key would write or delete in a field."""
    held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    erases = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
    return not held and (erases or (bool(event.text()) and event.text().isprintable()))
