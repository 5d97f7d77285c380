"""Short messages over the window's lower edge."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

SHOWN_MS = 9000


class Toast(QFrame):
    """One sentence, with at most one thing to do about it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.text = QLabel(wordWrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action = QPushButton()
        self.action.setObjectName("link")
        close = QToolButton(text="✕", accessibleName=self.tr("Close message"))
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.action)
        layout.addWidget(close)
        self._run: Callable[[], object] | None = None
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self.action.clicked.connect(self._act)
        self.hide()

    def say(
        self, sentence: str, kind: str = "failed", action: str = "", run: Callable[[], object] | None = None
    ) -> None:
        """Show a sentence; ``kind`` is ``failed`` or ``done``."""
        self.setProperty("kind", kind)
        self.style().polish(self)
        self.text.setText(sentence)
        self.action.setText(action)
        self.action.setVisible(run is not None)
        self._run = run
        self.place()
        self.show()
        self.raise_()
        self._timer.start()

    def place(self) -> None:
        """Keep to the middle of the lower edge."""
        parent = self.parentWidget()
        width = min(640, parent.width() - 48)
        self.setFixedWidth(width)
        self.text.setMinimumHeight(self.text.heightForWidth(width - 120))
        self.adjustSize()
        self.move((parent.width() - width) // 2, parent.height() - self.height() - 48)

    def _act(self) -> None:
        self.hide()
        if self._run is not None:
            self._run()
