"""What stands beside a value of the inspector: the mark of its origin, the way back to the default, its menu."""

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMenu, QToolButton

from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.tool_tips import plain_tip

MARKS = {"archetype": "a", "edited": "e", "package": "p", "assumed": "a", "estimate": "~", "derived": "d"}
BUTTON_PX, ICON_PX = 20, 14


class OriginMark(QLabel):
    """A letter for where a value comes from; hover gives the sentence, a click the explanation.

    Signals
    -------
    clicked
    """

    clicked = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("mark")
        self.setFixedWidth(12)
        self.setCursor(Qt.CursorShape.WhatsThisCursor)
        self._title = title

    def show_origin(self, kind: str, sentence: str) -> None:
        """Show another origin."""
        self.setText(MARKS.get(kind, ""))
        self.setAccessibleName(f"{self._title}: {sentence or kind}")
        self.setToolTip(plain_tip(sentence))
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().polish(self)

    def mouseReleaseEvent(self, event: Any) -> None:
        """A click asks for the explanation."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class BackButton(QToolButton):
    """Takes an edited value back; there only while there is an edit."""

    def __init__(self, title: str) -> None:
        super().__init__(iconSize=QSize(ICON_PX, ICON_PX))
        self.setObjectName("back")
        self.setAccessibleName(self.tr("{} back to the default").format(title))
        self.setFixedSize(BUTTON_PX, BUTTON_PX)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw the icon."""
        self.setIcon(icon("undo-variant", theme, theme.muted))

    def offer(self, sentence: str) -> None:
        """Say what it goes back to; hidden without a sentence."""
        self.setVisible(bool(sentence))
        self.setToolTip(plain_tip(sentence))


class RowMenu:
    """Menu of one row: explain, copy, back to default, select buildings with the same value.

    Parameters
    ----------
    row : PropertyRow or ChoiceRow
    editable : bool
    """

    def __init__(self, row: Any, editable: bool) -> None:
        self._row, self._editable = row, editable
        row.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        row.customContextMenuRequested.connect(lambda place: self.menu().popup(row.mapToGlobal(place)))
        for part in (getattr(row, "value", None), getattr(row, "box", None)):
            if part is not None:
                part.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def menu(self) -> QMenu:
        """A new menu, as the row now is."""
        row = self._row
        menu = QMenu(row)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(row.tr("Explain this number"), lambda: row.explain_wanted.emit(row.column))
        menu.addAction(row.tr("Copy"), lambda: QGuiApplication.clipboard().setText(row.shown_text()))
        if self._editable:
            back = menu.addAction(row.tr("Back to default"), lambda: row.back_wanted.emit(row.column))
            back.setEnabled(not row.back.isHidden())
        menu.addSeparator()
        menu.addAction(row.tr("Select buildings with the same value"), lambda: row.same_wanted.emit(row.column))
        return menu
