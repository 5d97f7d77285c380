"""The line of the legend that tells what the filter leaves, selects it, or takes the filter away."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.elided_label import ElidedLabel
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
        self.words = ElidedLabel()
        self.words.setObjectName("small")
        self.select = QPushButton(self.tr("Select these"), objectName="link")
        self.select.setToolTip(self.tr("Select the buildings whose values keep their colour"))
        self.clear = QToolButton(toolTip=self.tr("Show all values"), accessibleName=self.tr("Show all values"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(self.words, 1)
        row.addWidget(self.select)
        row.addWidget(self.clear)
        self.select.clicked.connect(self.select_wanted)
        self.clear.clicked.connect(self.clear_wanted)

    def set_theme(self, theme: Theme) -> None:
        """Icon."""
        self.clear.setIcon(icon("close", theme, theme.muted))

    def show_count(self, counts: tuple[int, int], noun: str, beside: tuple[int, int] | None = None) -> None:
        """Tell how many values of how many keep their colour, and in the scenario beside it."""
        shown, every = (number_text(count, 9) for count in counts)
        words = self.tr("{} of {}").format(shown, every)
        if beside is not None:
            first = shown if beside[1] == counts[1] else words
            other = self.tr("{} of {}").format(*(number_text(count, 9) for count in beside))
            self.words.setText(f"A {first}, B {other}")
        else:
            self.words.setText(f"{words} {self.tr(noun)}")
        self.words.set_tip(self.words.text() if beside is None else f"{self.words.text()} {self.tr(noun)}")
        self.select.setEnabled(counts[0] > 0)
        self.select.setVisible(noun != "cells")
