"""The line above the views while two scenarios are compared: which, how, and what the difference comes to."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from citytwin_desktop.ui.compare_state import DIFFERENCE, FLIP, SIDE
from citytwin_desktop.ui.elided_label import ElidedLabel
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.tool_tips import plain_tip

TITLES = {SIDE: "Side by side", FLIP: "One view", DIFFERENCE: "A − B"}
SHORT = {SIDE: "Side", FLIP: "One", DIFFERENCE: "A − B"}
SHORT_BELOW_PX, NAMES_FROM_PX = 620, 540
"""The boxes of the toolbar tell the names where the line is too short for them."""
TIPS = {
    SIDE: "Both scenarios, one beside the other, from the same place (Shift+F8)",
    FLIP: "One view of the active scenario: F8 changes to the other and back",
    DIFFERENCE: "What A has more of than B, white where they are alike (Ctrl+F8)",
}


class CompareBar(QWidget):
    """Two names, a way to swap them, three ways to look at them, and the sum of the difference.

    Signals
    -------
    mode_chosen(str), swap_wanted, close_wanted
    """

    mode_chosen = Signal(str)
    swap_wanted = Signal()
    close_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.first, self.second = ElidedLabel(), ElidedLabel()
        self.delta, self._words = ElidedLabel(), ""
        self.delta.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.delta.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.delta.setObjectName("heading")
        self.stale = QLabel(objectName="stale", textFormat=Qt.TextFormat.PlainText)
        self.stale.setContentsMargins(4, 0, 4, 0)
        self.stale.hide()
        self.swap = self._button(self.tr("Swap A and B (F8)"), self.swap_wanted)
        self.leave = self._button(self.tr("Stop comparing"), self.close_wanted)
        self.modes = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        for letter, name in (("A", self.first), ("B", self.second)):
            row.addWidget(QLabel(letter, objectName="muted"))
            name.setObjectName("heading")
            row.addWidget(name)
            if letter == "A":
                row.addWidget(self.swap)
        row.addSpacing(8)
        for mode in TITLES:
            row.addWidget(self._mode(mode))
        row.addWidget(self.delta, 1)
        row.addWidget(self.stale)
        row.addWidget(self.leave)
        self.hide()

    def resizeEvent(self, event: Any) -> None:
        """Short words where there is little room."""
        super().resizeEvent(event)
        titles = SHORT if self._narrow else TITLES
        for button in self.modes.buttons():
            button.setText(self.tr(titles[button.property("mode")]))
        self._show_words()
        for name in (self.first, self.second):
            name.setVisible(self.width() >= NAMES_FROM_PX)

    def set_theme(self, theme: Theme) -> None:
        """Icons."""
        self.swap.setIcon(icon("swap-horizontal", theme))
        self.leave.setIcon(icon("close", theme, theme.muted))

    def show_pair(self, first: str, second: str, mode: str) -> None:
        """Tell which scenarios are compared, and how."""
        self.first.setText(first)
        self.second.setText(second)
        for label, letter in ((self.first, "A"), (self.second, "B")):
            label.set_tip(self.tr("Scenario {}").format(letter))
        self._show_words()
        for button in self.modes.buttons():
            button.setChecked(button.property("mode") == mode)

    def show_delta(self, words: str, tip: str, stale: str = "") -> None:
        """Tell what the difference comes to, and which sides of it have stale results: ``A``, ``B`` or ``A, B``."""
        self._words = words
        told = self.tr("{} stale").format(stale) if stale and words else ""
        self.stale.setText(f"● {told}")
        self.stale.setVisible(bool(told))
        self.stale.setToolTip(self.tr("Some results of {} are of inputs that have changed since").format(stale))
        tip = f"{tip} {told}." if told else tip
        self._show_words()
        self.delta.set_tip(plain_tip(f"{words}. {tip}" if words else tip))
        self.delta.setAccessibleName(f"A − B {words}. {tip}" if words else "")

    @property
    def _narrow(self) -> bool:
        return self.width() < SHORT_BELOW_PX

    def _show_words(self) -> None:
        # Names give way before the number does: half a number is a wrong one. The share stands in the tip as well.
        number, _, share = self._words.partition(" (")
        shorter = f"{number} ({share.split(' ')[0]})" if " " in share else self._words
        fitting = (words for words in (self._words, shorter) if not self._narrow and self._has_room(f"Δ {words}"))
        words = next(fitting, number)
        self.delta.setText(f"Δ {words}" if words else "")
        self.delta.setMinimumWidth(self.delta.sizeHint().width() if words else 0)

    def _has_room(self, words: str) -> bool:
        """Whether the names stand whole beside some words."""
        row, margins = self.layout(), self.layout().contentsMargins()
        others = [row.itemAt(place) for place in range(row.count())]
        taken = sum(item.sizeHint().width() for item in others if item.widget() is not self.delta)
        gaps = row.spacing() * (row.count() - 1) + margins.left() + margins.right()
        return taken + gaps + self.delta.fontMetrics().horizontalAdvance(words) <= self.width()

    def _mode(self, mode: str) -> QToolButton:
        button = QToolButton(text=self.tr(TITLES[mode]), checkable=True, toolTip=self.tr(TIPS[mode]))
        button.setObjectName("panelTab")
        button.setProperty("mode", mode)
        button.setAccessibleName(self.tr(TITLES[mode]))
        button.clicked.connect(lambda _, chosen=mode: self.mode_chosen.emit(chosen))
        self.modes.addButton(button)
        return button

    def _button(self, tip: str, wanted: Signal) -> QToolButton:
        button = QToolButton(toolTip=tip, accessibleName=tip)
        button.clicked.connect(wanted)
        return button
