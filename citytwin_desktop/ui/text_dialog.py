"""Something to read: a heading, a text that scrolls when the screen is small, and Close."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from citytwin_desktop.ui.start_page import primary_button

MARGINS_PX = 16


class TextDialog(QDialog):
    """Closes with Enter, Esc or its button.

    Parameters
    ----------
    parent : QWidget
    title : str
    text : str
        Rich text of our own.
    """

    def __init__(self, parent: QWidget, title: str, text: str) -> None:
        super().__init__(parent)
        self.setObjectName("textDialog")
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heading, body = QLabel(title), QLabel(text, wordWrap=True)
        heading.setObjectName("heading")
        body.setMinimumWidth(380)
        body.setAlignment(Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        scroll.setObjectName("textScroll")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        close = primary_button(self.tr("Close"))
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGINS_PX, MARGINS_PX, MARGINS_PX, MARGINS_PX)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(scroll, 1)
        layout.addLayout(buttons)
        wanted = max(body.sizeHint().width(), 380) + 2 * MARGINS_PX + 16
        height = body.heightForWidth(wanted - 2 * MARGINS_PX - 16) + heading.sizeHint().height() + 92
        self.resize(wanted, min(height, parent.height() - 80))
        close.setFocus()
