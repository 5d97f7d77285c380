"""What lies over the upper left corner of the 3D view, one thing under the other."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from citytwin_desktop.scene.numbers import number_text

GAP = 12


class LookCorner(QWidget):
    """Stacks overlays from the top; as large as what is shown.

    Parameters
    ----------
    view : CityView
    """

    def __init__(self, view: Any) -> None:
        super().__init__(view, objectName="lookCorner")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.move(GAP, GAP)
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the view."""
        if event.type() == QEvent.Type.Resize:
            self.fit_width(watched.width() - 2 * GAP)
        return False

    def stand_below(self, top: int) -> None:
        """Leave the uppermost pixels of the view to what lies there."""
        self.move(GAP, max(top, GAP))

    def fit_width(self, room: int) -> None:
        """Let no part be wider than there is room [px]."""
        for place in range(self._layout.count()):
            part = self._layout.itemAt(place).widget()
            getattr(part, "fit_width", part.setMaximumWidth)(room)
        self._layout.activate()
        self.adjustSize()

    def add(self, widget: QWidget) -> None:
        """Put a widget under the others; it starts hidden."""
        self._layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        widget.hide()

    def show_part(self, widget: QWidget, shown: bool) -> None:
        """Show or hide one of them."""
        widget.setVisible(shown)
        parts = [self._layout.itemAt(place).widget() for place in range(self._layout.count())]
        self.setVisible(any(not part.isHidden() for part in parts))
        self._layout.activate()
        self.adjustSize()
        self.raise_()


class HiddenChip(QFrame):
    """How many buildings are isolated or hidden, and the way back.

    Signals
    -------
    show_all_wanted
    """

    show_all_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(objectName="overlay")
        self.text = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.button = QPushButton(self.tr("Show all"), accessibleName=self.tr("Show all buildings"))
        self.button.setObjectName("link")
        self.button.setToolTip(self.tr("Show what is hidden or faint (Shift+H)"))
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        layout.addWidget(self.button)
        self.button.clicked.connect(self.show_all_wanted)

    def follow(self, appearance: Any) -> bool:
        """Read the counts; whether there is anything to say."""
        parts = []
        if appearance.isolated is not None:
            parts.append(self.tr("{} isolated").format(number_text(int(appearance.isolated.sum()), 9)))
        if hidden := int(appearance.hidden.sum()):
            parts.append(self.tr("{} hidden").format(number_text(hidden, 9)))
        self.text.setText(" · ".join(parts))
        return bool(parts)
