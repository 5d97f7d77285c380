"""The name of the scenario that a view shows, over its upper left corner."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from citytwin_desktop.ui.elided_label import ElidedLabel

GAP, LEAST_ROOM = 12, 96


class ViewChip(QFrame):
    """A letter, the scenario's name, and how much of the painted variable it has.

    Parameters
    ----------
    parent : QWidget
        The view that it lies over.
    letter : str
        ``A`` or ``B``.
    """

    def __init__(self, parent: QWidget, letter: str) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.letter = QLabel(letter, objectName="muted")
        self.name, self.number = ElidedLabel(), QLabel(objectName="small")
        self.name.setObjectName("heading")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
        for part in (self.letter, self.name, self.number):
            row.addWidget(part)
        self.hide()

    def show_scenario(self, name: str, number: str, room: int) -> None:
        """Tell another scenario.

        Parameters
        ----------
        name : str
        number : str
            Its total, empty where there is none.
        room : int
            Width [px] that it may take.
        """
        self.name.setText(name)
        self.number.setText(number)
        self.setAccessibleName(f"{self.letter.text()}: {name} {number}".strip())
        self.show()
        self.fit_width(room)
        self.raise_()

    def fit_width(self, room: int) -> None:
        """Be no wider than there is room [px]; half a number would be a wrong one, so it goes whole."""
        self.number.setVisible(bool(self.number.text()))
        if self.layout().minimumSize().width() > room:
            self.number.hide()
        self.setMaximumWidth(max(room, LEAST_ROOM))
        self.adjustSize()
        self.move(GAP, GAP)
