"""A label that gives way: what has no room ends in an ellipsis, and the tool tip has all of it."""

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy

from citytwin_desktop.ui.tool_tips import plain_tip

LEAST_WIDTH = 48


class ElidedLabel(QLabel):
    """One line of plain text, as wide as it may be and no wider than there is room.

    Parameters
    ----------
    text : str
    tip : str
        Said on hover; the text itself stands above it where it is shortened.
    """

    def __init__(self, text: str = "", tip: str = "") -> None:
        super().__init__(text, textFormat=Qt.TextFormat.PlainText)
        self.tip = tip
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def set_tip(self, tip: str) -> None:
        """Say something else on hover."""
        self.tip = tip
        self._tell()

    @property
    def shown(self) -> str:
        """The text as it is drawn."""
        # The hint is rounded up from fractions of a pixel that eliding counts again.
        width = self.contentsRect().width() + 1
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width)

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        hint = super().sizeHint()
        return QSize(min(LEAST_WIDTH, hint.width()), hint.height())

    def resizeEvent(self, event: Any) -> None:
        """The tool tip depends on what there is room for."""
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, _event: Any) -> None:
        """Draw what there is room for, in the style's colour."""
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            self.alignment(),
            self.palette(),
            self.isEnabled(),
            self.shown,
            self.foregroundRole(),
        )
        painter.end()

    def _tell(self) -> None:
        lines = [self.text()] if self.shown != self.text() else []
        self.setToolTip(plain_tip("\n".join([*lines, self.tip] if self.tip else lines)))
