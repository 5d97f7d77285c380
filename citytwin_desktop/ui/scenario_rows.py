"""The list of scenarios as it is drawn: name, what it does to how many buildings, and what that comes to."""

from typing import Any

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from citytwin_desktop.ui.theme import CORNER, SMALL_FONT_PX, Theme, window_font

ROW_HEIGHT, LINE_HEIGHT, PAD = 44, 18, 8
ID_ROLE = Qt.ItemDataRole.UserRole
COUNT_ROLE, DELTA_ROLE, LETTER_ROLE = (Qt.ItemDataRole.UserRole + place for place in (1, 2, 3))
"""How many buildings have a package; words on the difference to the baseline; A or B while compared."""


class ScenarioDelegate(QStyledItemDelegate):
    """Two lines for each scenario, and one for the difference where it is known; renaming takes the first one."""

    def __init__(self, parent: Any) -> None:
        super().__init__(parent)
        self.theme: Theme | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Room for two lines, or three."""
        return QSize(120, ROW_HEIGHT + (LINE_HEIGHT if index.data(DELTA_ROLE) else 0))

    def updateEditorGeometry(self, editor: Any, option: QStyleOptionViewItem, _index: QModelIndex) -> None:
        """Rename in the first line."""
        editor.setGeometry(option.rect.adjusted(PAD - 2, 1, -PAD, -(option.rect.height() - ROW_HEIGHT // 2) + 3))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw a row."""
        theme = self.theme
        if theme is None:
            super().paint(painter, option, index)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, theme)
        area = option.rect.adjusted(PAD, 4, -PAD, -4)
        first, second, third = (
            QRect(area.x(), area.y() + LINE_HEIGHT * line, area.width(), LINE_HEIGHT) for line in range(3)
        )
        room = area.width()
        if letter := index.data(LETTER_ROLE):
            painter.setFont(window_font(option.font, SMALL_FONT_PX, bold=True))
            painter.setPen(QColor(theme.accent))
            painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, letter)
            room -= 16
        painter.setPen(QColor(theme.text))
        painter.setFont(window_font(option.font, bold=bool(option.state & QStyle.StateFlag.State_Selected)))
        name = painter.fontMetrics().elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, room)
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter, name)
        self._paint_facts(painter, option, index, second, third)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, theme: Theme) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.pressed if selected else theme.hover))
            painter.drawRoundedRect(option.rect, CORNER, CORNER)

    def _paint_facts(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex, line: QRect, last: QRect
    ) -> None:
        """How many packages, in accent where there are any, and below them the difference."""
        count, delta = index.data(COUNT_ROLE), index.data(DELTA_ROLE) or ""
        painter.setFont(window_font(option.font, SMALL_FONT_PX))
        painter.setPen(QColor(self.theme.text))
        told = painter.fontMetrics().elidedText(delta, Qt.TextElideMode.ElideRight, last.width())
        painter.drawText(last, Qt.AlignmentFlag.AlignVCenter, told)
        painter.setPen(QColor(self.theme.accent if count and count[0] else self.theme.muted))
        words = painter.fontMetrics().elidedText(count[1] if count else "", Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
