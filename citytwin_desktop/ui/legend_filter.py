"""The line of the legend that tells what the filter leaves, selects it, or takes the filter away."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import Theme


class LegendFilter(QWidget):
    """Tells “312 of 853 buildings”, with Select and a cross.

    Signals
    -------
    select_wanted, clear_wanted
    """

    select_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("legendFilter")
        self.words = QLabel(objectName="small")
        self.select = QPushButton(self.tr("Select these"), objectName="link")
        self.select.setToolTip(self.tr("Select the buildings whose values keep their colour"))
        self.clear = QToolButton(toolTip=self.tr("Show all values"), accessibleName=self.tr("Show all values"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.words)
        row.addStretch(1)
        row.addWidget(self.select)
        row.addWidget(self.clear)
        self.select.clicked.connect(self.select_wanted)
        self.clear.clicked.connect(self.clear_wanted)

    def set_theme(self, theme: Theme) -> None:
        """Icon."""
        self.clear.setIcon(icon("close", theme, theme.muted))

    def show_count(self, counts: tuple[int, int], noun: str, beside: tuple[int, int] | None = None) -> None:
        """Tell how many values of how many keep their colour, and in the scenario beside it."""
        words = self.tr("{} of {}").format(*(number_text(count, 9) for count in counts))
        if beside is not None:
            other = self.tr("{} of {}").format(*(number_text(count, 9) for count in beside))
            self.words.setText(f"A {words}, B {other}")
        else:
            self.words.setText(f"{words} {self.tr(noun)}")
        self.words.setToolTip(self.words.text() if beside is None else f"{self.words.text()} {self.tr(noun)}")
        self.select.setEnabled(counts[0] > 0)
        self.select.setVisible(noun != "cells")
