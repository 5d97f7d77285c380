"""What stands in place of a chart while there is nothing to draw: one line, and what to do about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from citytwin_desktop.ui.charts.chart_words import offer_words


class Invitation(QWidget):
    """A sentence with the engines that would fill the chart.

    Signals
    -------
    run_wanted(str)
    """

    run_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.words = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter, objectName="muted")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.line = QHBoxLayout()
        self.line.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self.words)
        layout.addLayout(self.line)
        layout.addStretch(1)

    def invite(self, words: str, engines: tuple[str, ...] = ()) -> None:
        """Say what is missing and offer to run what makes it."""
        self.words.setText(words)
        while self.line.count():
            item = self.line.takeAt(0)
            if item.widget() is not None:
                item.widget().deleteLater()
        self.line.addStretch(1)
        for engine in engines:
            button = QPushButton(self.tr(offer_words(engine)))
            button.setAutoDefault(False)
            button.clicked.connect(lambda _, name=engine: self.run_wanted.emit(name))
            self.line.addWidget(button)
        self.line.addStretch(1)
