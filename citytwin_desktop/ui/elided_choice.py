"""A list to choose from whose closed text ends in an ellipsis where it has no room."""

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

ICON_GAP = 4
FRAME_PX = 34
"""Around the text of a closed box: padding, and the arrow."""


class ElidedChoice(QComboBox):
    """Its open list is as wide as its longest entry; a letter goes to the entry that begins with it.

    Attributes
    ----------
    wanted_width : int [px]
        Of the closed box where there is room; 0 for what its entries need.
    widest : int [px]
        How wide it may become for the text that is chosen; 0 for not wider than is wanted.
    """

    wanted_width = 0
    widest = 0

    def sizeHint(self) -> QSize:
        """As wide as is wanted, or as the chosen text needs, where there is room."""
        hint = super().sizeHint()
        needed = self.fontMetrics().horizontalAdvance(self.closed_text) + FRAME_PX
        wanted = max(self.wanted_width, min(needed, self.widest))
        return QSize(wanted or hint.width(), hint.height())

    @property
    def closed_text(self) -> str:
        """What stands in the closed box before it is shortened."""
        return self.currentText() if self.currentIndex() >= 0 else self.placeholderText()

    @property
    def shown(self) -> str:
        """The text as it is drawn."""
        return self._shown(self._option())

    def event(self, event: QEvent) -> bool:
        """Keep letters from being shortcuts of the window while the list has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride:
            other = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            if event.text().isprintable() and event.text() and not event.modifiers() & other:  # type: ignore[attr-defined]
                event.accept()
                return True
        return bool(super().event(event))

    def showPopup(self) -> None:
        """Open the list wide enough."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 32)
        super().showPopup()

    def paintEvent(self, _event: Any) -> None:
        """Draw frame, arrow and what there is room for of the text."""
        painter, option = QStylePainter(self), self._option()
        if self.currentIndex() < 0:
            option.palette.setBrush(QPalette.ColorRole.ButtonText, option.palette.placeholderText())
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self._shown(option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def _option(self) -> QStyleOptionComboBox:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return option

    def _shown(self, option: QStyleOptionComboBox) -> str:
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        width = room.width() - (option.iconSize.width() + ICON_GAP if not option.currentIcon.isNull() else 0)
        return self.fontMetrics().elidedText(self.closed_text, Qt.TextElideMode.ElideRight, width)
