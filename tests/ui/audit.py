"""What a window must keep to for everybody: names for screen readers, no focus trap, nothing cut off."""

from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenuBar,
    QScrollArea,
    QToolButton,
    QWidget,
)

from citytwin_desktop.ui.elided_label import ElidedLabel

_LARGE = 2_000


def named(widget: QWidget) -> str:
    """What a screen reader says of a widget."""
    found = QAccessible.queryAccessibleInterface(widget)
    return "" if found is None else str(found.text(QAccessible.Text.Name)).strip()


def path_of(widget: QWidget) -> str:
    """Where a widget stands, for messages."""
    parts, here = [], widget
    while here is not None and len(parts) < 4:
        parts.append(f"{type(here).__name__}:{here.objectName()}")
        here = here.parentWidget()
    return " < ".join(parts)


def focusable(root: QWidget) -> list[QWidget]:
    """Visible, enabled controls that the keyboard can reach."""
    return [
        one
        for one in root.findChildren(QWidget)
        if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and not _inner(one)
    ]


def _inner(widget: QWidget) -> bool:
    """Parts that Qt makes within its own controls, and frames that only hold others."""
    parent = widget.parentWidget()
    inside = isinstance(parent, QLineEdit | QComboBox | QAbstractSpinBox | QAbstractItemView | QScrollArea)
    return inside or isinstance(widget, QMenuBar | QScrollArea) or widget.focusProxy() is not None


def nameless(root: QWidget) -> list[str]:
    """Controls that a screen reader cannot tell."""
    controls = {*focusable(root)}
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView)
    controls |= {one for kind in kinds for one in root.findChildren(kind) if one.isVisible() and not _inner(one)}
    return sorted(path_of(one) for one in controls if not named(one))


def tabbed_through(root: QWidget, first: QWidget) -> list[QWidget]:
    """What the focus comes by on its way round."""
    first.setFocus(Qt.FocusReason.TabFocusReason)
    way: list[QWidget] = []
    for _ in range(_LARGE):
        here = QApplication.focusWidget()
        if here is None or here in way:
            break
        way.append(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)
    return way


def cut_off(root: QWidget) -> list[str]:
    """Labels and buttons with less room than their text needs, and scrolled parts that are wider than what shows them.

    What ends in an ellipsis by design is left out, and what is scrolled out of sight.
    """
    found = []
    for one in root.findChildren(QWidget):
        if not one.isVisible() or one.visibleRegion().isEmpty():
            continue
        if isinstance(one, QScrollArea):
            found += _too_wide(one)
        elif isinstance(one, QLabel) and one.text() and not isinstance(one, ElidedLabel):
            found += _label(one)
        elif isinstance(one, QAbstractButton) and one.text() and not _icon_alone(one):
            need = max(one.fontMetrics().horizontalAdvance(line) for line in one.text().splitlines())
            need += 0 if one.icon().isNull() else one.iconSize().width() + 4
            if need > one.width():
                found.append(f"{path_of(one)} “{one.text()}” needs {need}, has {one.width()}")
    return found + _outside(root)


def _icon_alone(button: QAbstractButton) -> bool:
    return (
        isinstance(button, QToolButton)
        and button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
        and not button.icon().isNull()
    )


def _label(label: QLabel) -> list[str]:
    if label.wordWrap():
        need = label.heightForWidth(label.width())
        short = need > label.height() + 1
    else:
        need = label.sizeHint().width()
        short = need > label.width() + 1 and label.sizePolicy().horizontalPolicy() != label.sizePolicy().Policy.Ignored
    return [f"{path_of(label)} “{label.text()[:40]}” needs {need}, has {label.size().toTuple()}"] if short else []


def _too_wide(area: QScrollArea) -> list[str]:
    inside, shown = area.widget(), area.viewport()
    if inside is None or inside.width() <= shown.width():
        return []
    widest = max(inside.findChildren(QWidget), key=lambda one: one.minimumSizeHint().width() * one.isVisible())
    return [f"{path_of(area)} shows {shown.width()} of {inside.width()}: {path_of(widest)}"]


def _outside(root: QWidget) -> list[str]:
    """Controls that stick out of what holds them."""
    found = []
    for one in root.findChildren(QAbstractButton):
        parent: Any = one.parentWidget()
        if parent is None or not one.isVisible() or one.visibleRegion().isEmpty():
            continue
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(one.geometry()):
            found.append(f"{path_of(one)} sticks out: {one.geometry().getRect()} of {parent.size().toTuple()}")
    return found


def letters_let_through(window: QWidget, keys: dict[Qt.Key, str]) -> list[str]:
    """Lists and fields of a window whose letters would start its shortcuts, and others that keep them for themselves.

    Parameters
    ----------
    window : QMainWindow
    keys : mapping of Qt.Key to str
        Keys that are shortcuts, with the text that each types.
    """
    wrong = []
    for one in focusable(window):
        if one.window() is not window:
            continue
        one.setFocus()
        own = isinstance(one, QLineEdit | QComboBox | QAbstractSpinBox | QAbstractItemView)
        for key, text in keys.items():
            event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier, text)
            event.ignore()
            QApplication.sendEvent(one, event)
            if event.isAccepted() != own and (own or isinstance(one, QAbstractButton)):
                wrong.append(f"{path_of(one)}: {text or key.name}")
    return wrong
