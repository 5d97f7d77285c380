"""The classes of a categorical layer as the legend draws them: a patch, a word, how many buildings."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.theme import Theme

HEAD_PX, ROW_PX, PATCH_PX, FOOT_PX = 32, 20, 12, 8


@dataclass(frozen=True)
class LegendClass:
    """One class.

    Parameters
    ----------
    colour : tuple of int
        Red, green and blue.
    word : str
    count : int
        Buildings of the class.
    """

    colour: tuple[int, int, int]
    word: str
    count: int


def classes_height(classes: Sequence[LegendClass]) -> int:
    """Height [px] of the painted part."""
    return HEAD_PX + ROW_PX * len(classes) + FOOT_PX


def paint_classes(painter: QPainter, classes: Sequence[LegendClass], theme: Theme, area: QRectF, note: str) -> None:
    """Draw the classes below the title; a note takes the place of the counts while they are not known."""
    middle = Qt.AlignmentFlag.AlignVCenter
    for number, item in enumerate(classes):
        line = QRectF(area.left(), HEAD_PX + number * ROW_PX, area.width(), ROW_PX)
        patch = QRectF(line.left(), line.top() + (ROW_PX - PATCH_PX) / 2, PATCH_PX, PATCH_PX)
        painter.fillRect(patch, QColor(*item.colour))
        painter.setPen(QColor(theme.text))
        painter.drawText(line.adjusted(PATCH_PX + 8, 0, 0, 0), middle, item.word)
        painter.setPen(QColor(theme.muted))
        text = number_text(item.count, 9) if not note else ""
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, text)
    if note:
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(area.left(), 6, area.width(), 20), middle | Qt.AlignmentFlag.AlignRight, note)


def class_at(classes: Sequence[LegendClass], y: float) -> int:
    """Number of the class drawn at a height [px], -1 for none."""
    number = int((y - HEAD_PX) // ROW_PX)
    return number if 0 <= number < len(classes) else -1
