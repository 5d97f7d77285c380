"""The strip of the legend in the hand: two handles that filter, and classes that can be clicked."""

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QToolTip, QWidget

from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.legend_range import END, filtered, moved, nearer
from citytwin_desktop.ui.legend_strip import BAR_TOP, LegendStrip

_LEFT_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}


class LegendBar(LegendStrip):
    """Reads colours back into numbers; drag a handle to take values out, click a class to select it.

    By keyboard: arrows move the handle that is in hand (with Shift ten times as far), Space takes the other one,
    Page keys go through the classes, Enter selects the class or what is shown, Delete gives all values back.

    Signals
    -------
    filtered(object)
        Lowest and highest value that keep their colour, `None` for all.
    picked(float, float)
        Values whose buildings are to be selected.
    """

    filtered = Signal(object)
    picked = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("legendBar")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._grabbed = False

    def class_at(self, position: QPointF) -> int:
        """Number of the class under a place of the bar or its labels, -1 for none."""
        edges = self.scale.edges() if self.scale is not None else ()
        if not edges or position.y() < BAR_TOP - 1 or not self.isEnabled():
            return -1
        place = int(np.searchsorted(edges, self.value_at(position.x()), side="right")) - 1
        return min(max(place, 0), len(edges) - 2)

    def pick_class(self, number: int) -> None:
        """Ask for the buildings of a class."""
        low, high = self.scale.class_bounds(number)
        # A value upon the upper end belongs to the class above.
        self.picked.emit(max(low, -END), float(np.nextafter(np.float32(min(high, END)), np.float32(-END))))

    def mousePressEvent(self, event: Any) -> None:
        """Take the nearer handle, or pick a class."""
        if self.scale is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if (number := self.class_at(event.position())) >= 0:
            self.class_ = number
            self.pick_class(number)
            self.update()
            return
        self.hand, self._grabbed = nearer(self.handles(), event.position().x()), True
        self._drag(event.position().x())

    def mouseMoveEvent(self, event: Any) -> None:
        """Drag the handle, or tell what is under the pointer."""
        if self._grabbed:
            self._drag(event.position().x())
            return
        number = self.class_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if number >= 0 else Qt.CursorShape.SizeHorCursor)
        text = self.class_words(number) if number >= 0 else self.tr("Drag the handles to filter by value")
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def mouseReleaseEvent(self, _event: Any) -> None:
        """Let go of the handle."""
        self._grabbed = False

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """Give all values back."""
        if self.class_at(event.position()) < 0:
            self._tell(None)

    def keyPressEvent(self, event: Any) -> None:
        """Move a handle, go through the classes, select."""
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        classes = len(self.scale.edges()) - 1 if self.scale is not None else 0
        if self.scale is None:
            event.ignore()
        elif key in _LEFT_KEYS:
            step = _LEFT_KEYS[key] * (0.1 if shift else 0.01)
            self._tell(moved(self.threshold, self.hand, step, self.scale))
        elif key == Qt.Key.Key_Space:
            self.hand = 1 - self.hand
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and classes > 0:
            self.class_ = (self.class_ + (1 if key == Qt.Key.Key_PageUp else -1)) % classes
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.class_ >= 0:
            self.pick_class(self.class_)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.picked.emit(*(self.threshold or (-END, END)))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._tell(None)
        else:
            event.ignore()
        self.update()

    def class_words(self, number: int) -> str:
        """What a class holds."""
        edges = self.scale.edges()
        low, high = self.scale.class_bounds(number)
        count = int(np.count_nonzero((self.units >= np.float32(low)) & (self.units < np.float32(high))))
        ends = f"{number_text(edges[number])}–{number_text(edges[number + 1])}\u2009{self.unit}"
        return self.tr("{}: {}, click to select").format(ends, number_text(count, 9))

    def _drag(self, x: float) -> None:
        self._tell(filtered(self.threshold, self.hand, self.value_at(x), self.scale))

    def _tell(self, threshold: tuple[float, float] | None) -> None:
        if threshold != self.threshold:
            self.threshold = threshold
            self.update()
            self.filtered.emit(threshold)
