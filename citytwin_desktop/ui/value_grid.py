"""Read-only rows with aligned columns of numbers."""

from typing import Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from citytwin_desktop.ui.elided_label import ElidedLabel
from citytwin_desktop.ui.tool_tips import plain_tip

SWATCH_PX, NUMBER_WIDTH = 9, 52
RIGHT_MARGIN = 27
"""Numbers end where those of the editable rows above end."""


class GridRow(NamedTuple):
    """One line: label and numbers, object name of the numbers, tool tip, and the colour that charts have for it.

    ``key`` says which number it is, for those that can be explained.
    """

    texts: tuple[str, ...]
    tone: str = "heading"
    tip: str = ""
    swatch: str = ""
    key: Any = None


class NumberLabel(QLabel):
    """A number that can be clicked, or reached by Tab and Enter, to be explained.

    Signals
    -------
    clicked
    """

    clicked = Signal()

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text, textFormat=Qt.TextFormat.PlainText)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.WhatsThisCursor)

    def mouseReleaseEvent(self, event: Any) -> None:
        """A click asks."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def keyPressEvent(self, event: Any) -> None:
        """Enter asks too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


class ValueGrid(QWidget):
    """Labels that may be shortened, numbers that may not.

    Signals
    -------
    clicked(object)
        The number of a line with this key was clicked.
    """

    clicked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, RIGHT_MARGIN, 2)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)

    def show_rows(self, heads: tuple[str, ...], rows: list[GridRow]) -> None:
        """Fill the grid.

        Parameters
        ----------
        heads : tuple of str
            Column heads, the label's first where there is one for each column.
        rows : list of GridRow
        """
        while self._grid.count():
            gone = self._grid.takeAt(0).widget()
            gone.hide()
            gone.deleteLater()
        # Grids that stand over each other have their numbers under each other.
        self._grid.setColumnMinimumWidth(3, NUMBER_WIDTH if len(heads) > 2 else 0)
        for place, text in enumerate(heads):
            self._put(text, 0, place, "small")
        for place, row in enumerate(rows, start=1):
            if row.swatch:
                self._grid.addWidget(_swatch(row.swatch), place, 0)
            for column, text in enumerate(row.texts):
                self._put(text, place, column, row.tone if column else "muted", row.tip, row)
        for place in range(self._grid.count()):
            # Qt shows what is new only later: until then its rows would have no height.
            self._grid.itemAt(place).widget().show()

    def texts(self) -> list[str]:
        """Every text of the grid, line by line."""
        labels = [self._grid.itemAt(place).widget() for place in range(self._grid.count())]
        return [label.text() for label in labels if isinstance(label, QLabel)]

    def _put(self, text: str, row: int, column: int, name: str, tip: str = "", line: GridRow | None = None) -> None:
        label = ElidedLabel(text, tip) if column == 0 else self._number(text, column, line)
        label.setObjectName(name)
        if column == 0:
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            swatched = row > 0 and self._grid.itemAtPosition(row, 0) is not None
            self._grid.addWidget(label, row, 1 if swatched else 0, 1, 1 if swatched else 2)
            return
        label.setToolTip(plain_tip(tip))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(label, row, column + 1, side)

    def _number(self, text: str, column: int, line: GridRow | None) -> QLabel:
        if line is None or line.key is None or column != 1:
            return QLabel(text, textFormat=Qt.TextFormat.PlainText)
        label = NumberLabel(text, self.tr("Explain {}: {}").format(line.texts[0], text))
        label.clicked.connect(lambda: self.clicked.emit(line.key))
        return label


def _swatch(colour: str) -> QFrame:
    frame = QFrame()
    frame.setFixedSize(SWATCH_PX, SWATCH_PX)
    frame.setStyleSheet(f"background: {colour}; border: none; border-radius: 2px;")
    return frame
