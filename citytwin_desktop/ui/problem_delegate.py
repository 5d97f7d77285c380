"""How one line of the Problems list is drawn: icon, object, and its sentence on up to three lines."""

from typing import Any

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from citytwin_desktop.ui.problem_model import NAME_ROLE, PROBLEM_ROLE
from citytwin_desktop.ui.theme import CORNER, Theme, window_font

ICON_PX, GAP, PAD, HEADING_PX, MOST_LINES = 14, 6, 4, 28, 3


class ProblemDelegate(QStyledItemDelegate):
    """Draws lines without a widget for each, so that thousands cost no more than those in sight.

    Parameters
    ----------
    view : QTreeView
    theme : Theme
    """

    def __init__(self, view: Any, theme: Theme) -> None:
        super().__init__(view)
        self.view, self.theme = view, theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Height of the lines that the sentence needs at today's width."""
        problem = index.data(PROBLEM_ROLE)
        if problem is None:
            return QSize(0, HEADING_PX)
        height = option.fontMetrics.height()
        lines = min(len(_wrapped(problem.sentence, option.font, self._text_width())), MOST_LINES)
        return QSize(0, (lines + bool(problem.object)) * height + 2 * PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw the background of its state, then the texts."""
        painter.save()
        problem, theme = index.data(PROBLEM_ROLE), self.theme
        self._paint_state(painter, option)
        if problem is None:
            self._paint_heading(painter, option, index)
            painter.restore()
            return
        area = option.rect.adjusted(PAD, PAD, -PAD, -PAD)
        height = option.fontMetrics.height()
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if picture is not None:
            picture.paint(painter, QRect(area.left(), area.top() + (height - ICON_PX) // 2, ICON_PX, ICON_PX))
        left, top = area.left() + ICON_PX + GAP, area.top()
        painter.setPen(QColor(theme.text))
        if problem.object:
            painter.setFont(window_font(option.font, bold=True))
            line = QRect(left, top, area.right() - left, height)
            name = painter.fontMetrics().elidedText(index.data(NAME_ROLE), Qt.TextElideMode.ElideMiddle, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
            top += height
        painter.setFont(option.font)
        self._paint_sentence(painter, problem.sentence, QRect(left, top, area.right() - left, area.bottom() - top + 1))
        painter.restore()

    def _paint_sentence(self, painter: QPainter, sentence: str, area: QRect) -> None:
        height = painter.fontMetrics().height()
        lines = _wrapped(sentence, painter.font(), self._text_width())
        if len(lines) > MOST_LINES:
            rest = " ".join(lines[MOST_LINES - 1 :])
            ending = painter.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, area.width())
            lines = [*lines[: MOST_LINES - 1], ending]
        for number, line in enumerate(lines):
            place = QRect(area.left(), area.top() + number * height, area.width(), height)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, line)

    def _paint_state(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if not selected and not state & QStyle.StateFlag.State_MouseOver:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.pressed if selected else self.theme.hover))
        painter.drawRoundedRect(option.rect, CORNER, CORNER)

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        painter.setFont(window_font(option.font, bold=True))
        painter.setPen(QColor(self.theme.text))
        painter.drawText(option.rect.adjusted(PAD, 0, -PAD, 0), Qt.AlignmentFlag.AlignVCenter, index.data())

    def _text_width(self) -> int:
        return max(self.view.viewport().width() - 2 * self.view.indentation() - ICON_PX - GAP - 2 * PAD - 2, 60)


def _wrapped(text: str, font: Any, width: int) -> list[str]:
    """Lines of a text broken at words, one more than are ever drawn at most."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines = []
    while len(lines) <= MOST_LINES:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        end = None if len(lines) == MOST_LINES else line.textStart() + line.textLength()
        lines.append(text[line.textStart() : end])
    layout.endLayout()
    return [line.strip() for line in lines] or [""]
