"""Short messages below the toolbar."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from citytwin_desktop.ui.window_words import for_window

SHOWN_MS = 9000
TOP, GAP = 92, 12
NARROWEST, WIDEST = 260, 560


class Toast(QFrame):
    """One sentence, with at most one thing to do about it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
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
        self.text.setText(for_window(sentence))
        self.action.setText(action)
        self.action.setVisible(run is not None)
        self._run = run
        self.place()
        self.show()
        self.raise_()
        self._timer.start()

    def offer(self, action: str, run: Callable[[], object]) -> None:
        """Add something to do to the sentence that is shown."""
        self.say(self.text.text(), str(self.property("kind")), action, run)

    def place(self) -> None:
        """Keep to the middle below the toolbar, where no overlay of the view lies."""
        parent = self.parentWidget()
        reserved = 72 + (self.action.sizeHint().width() + 12 if self._run is not None else 0)
        wanted = self.text.fontMetrics().horizontalAdvance(self.text.text()) + reserved + 4
        width = min(max(wanted, NARROWEST), WIDEST, parent.width() - 48)
        self.setFixedSize(width, max(44, self.text.heightForWidth(width - reserved) + 24))
        self.move(*self._place(width))

    def _place(self, width: int) -> tuple[int, int]:
        """In the middle of the city, below its upper edge; of the window where there is no city."""
        parent = self.parentWidget()
        workspace = getattr(parent, "workspace", None)
        if workspace is None or not workspace.isVisible():
            return (parent.width() - width) // 2, TOP
        corner = workspace.views.mapTo(parent, QPoint(0, 0))
        return max(corner.x() + (workspace.views.width() - width) // 2, 0), corner.y() + GAP

    def _act(self) -> None:
        self.hide()
        if self._run is not None:
            self._run()
