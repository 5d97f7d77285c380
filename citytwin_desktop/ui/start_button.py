"""A button of the start page: picture, what it opens, and a line on it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from citytwin_desktop.ui.elided_label import ElidedLabel

GAP_PX, SIDE_PX = 12, 8


class StartButton(QToolButton):
    """Its two lines differ in weight, which the text of a plain button cannot.

    Parameters
    ----------
    title, note : str
    picture : QSize
        Room for the picture.
    warning : str
        Behind the note, in the colour of what is stale.
    """

    def __init__(self, title: str, note: str, picture: QSize, warning: str = "") -> None:
        super().__init__(accessibleName=f"{title}, {note}{warning}" if warning else title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(picture)
        self.title, self.note = ElidedLabel(title), ElidedLabel(note)
        self.note.setObjectName("muted")
        self._picture = QLabel()
        self._picture.setFixedSize(picture)
        last = QHBoxLayout()
        last.setSpacing(0)
        last.addWidget(self.note)
        if warning:
            last.addWidget(QLabel(warning, objectName="stale", textFormat=Qt.TextFormat.PlainText))
        last.addStretch(1)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addStretch(1)
        lines.addWidget(self.title)
        lines.addLayout(last)
        lines.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE_PX, 4, SIDE_PX, 4)
        row.setSpacing(GAP_PX)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(lines, 1)
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_picture(self, picture: QIcon) -> None:
        """Draw it before the lines."""
        self._picture.setPixmap(picture.pixmap(self.iconSize(), self.devicePixelRatioF()))

    def sizeHint(self) -> QSize:
        """As large as its lines need."""
        return self.layout().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Lines may be shortened."""
        return self.layout().minimumSize()
