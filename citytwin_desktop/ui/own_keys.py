"""Which keys belong to the widget in focus rather than to the window's shortcuts: one rule for all of them."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QWidget

_WITH_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_WAYS = frozenset(
    {
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
    }
)
_SEARCHED = (QComboBox, QAbstractItemView, QAbstractSpinBox, QLineEdit)
"""A letter goes to the entry that begins with it, or is typed."""


class OwnKeys(QObject):
    """Watches a window: a filter, since drawing should not pass through an override in Python."""

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Keep letters and ways along lists from being shortcuts while a list or a field has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and takes_key(watched.focusWidget(), event):
            event.accept()
            return True
        return False


def takes_key(widget: QWidget | None, event: Any) -> bool:
    """Whether a key is the widget's own: letters of lists and fields, ways along lists and sliders.

    Parameters
    ----------
    widget : QWidget, optional
        In focus.
    event : QKeyEvent
    """
    if widget is None or event.modifiers() & _WITH_COMMAND:
        return False
    if event.key() in _WAYS:
        return isinstance(widget, (*_SEARCHED, QAbstractSlider))
    return isinstance(widget, _SEARCHED) and bool(event.text()) and event.text().isprintable()
