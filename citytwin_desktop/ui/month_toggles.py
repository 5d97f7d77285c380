"""Twelve small buttons for months."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from citytwin_desktop.city.calendar import MONTH_NAMES


class MonthToggles(QWidget):
    """A title over twelve buttons, pressed for the months that are chosen.

    Signals
    -------
    chosen(tuple of int)
        Months from 1 to 12.
    """

    chosen = Signal(tuple)

    def __init__(self, title: str, tip: str) -> None:
        super().__init__()
        label = QLabel(title, toolTip=tip)
        label.setObjectName("muted")
        self.buttons = [self._button(title, name) for name in MONTH_NAMES]
        line = QHBoxLayout()
        line.setSpacing(2)
        for button in self.buttons:
            line.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 12, 4)
        column.setSpacing(2)
        column.addWidget(label)
        column.addLayout(line)

    def show_months(self, months: tuple[int, ...]) -> None:
        """Press the buttons of some months without telling anyone."""
        for month, button in enumerate(self.buttons, start=1):
            button.setChecked(month in months)

    def _button(self, title: str, name: str) -> QToolButton:
        button = QToolButton(text=name[0], checkable=True, toolTip=name, accessibleName=f"{title} {name}")
        button.setObjectName("month")
        button.clicked.connect(self._tell)
        return button

    def _tell(self) -> None:
        self.chosen.emit(tuple(month for month, button in enumerate(self.buttons, start=1) if button.isChecked()))
