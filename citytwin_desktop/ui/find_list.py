"""A list of lines with a name, what it is, and a note at the end: for completions, finds and commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QVBoxLayout, QWidget

from citytwin_desktop.ui.theme import CORNER, THEMES, Theme

ROW_PX, PAD_PX, GAP_PX, MOST_SHOWN = 26, 8, 16, 12
LINE_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Line:
    """One line of a list.

    Parameters
    ----------
    text, title, note : str
        Name on the left, what it is in a muted colour, and a note on the right.
    data : object
    enabled : bool
        Disabled lines are grey and cannot be taken.
    """

    text: str
    title: str = ""
    note: str = ""
    data: Any = None
    enabled: bool = True


class LineModel(QAbstractListModel):
    """Lines as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Other lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """How many there are."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The line, or its text for screen readers."""
        line = self.lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(word for word in (line.text, line.title, line.note) if word)
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Disabled lines can be read, not taken."""
        shown = Qt.ItemFlag.ItemIsSelectable
        return shown | Qt.ItemFlag.ItemIsEnabled if self.lines[index.row()].enabled else shown


class LineDelegate(QStyledItemDelegate):
    """Draws a line in three colours."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, _option: Any, _index: QModelIndex) -> QSize:
        """All lines are of one height."""
        return QSize(0, ROW_PX)

    def paint(self, painter: QPainter, option: Any, index: QModelIndex) -> None:
        """Name, what it is, note."""
        line, theme = index.data(LINE_ROLE), self.theme
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.pressed))
            painter.drawRoundedRect(option.rect, CORNER, CORNER)
        area = option.rect.adjusted(PAD_PX, 0, -PAD_PX, 0)
        metrics = QFontMetrics(option.font)
        painter.setFont(option.font)
        note = min(metrics.horizontalAdvance(line.note), area.width() // 2)
        name = min(metrics.horizontalAdvance(line.text) + 2, area.width() - note - GAP_PX)
        self._write(
            painter, QRect(area.left(), area.top(), name, area.height()), line.text, self._ink(line, theme.text)
        )
        rest = QRect(area.left() + name + GAP_PX, area.top(), area.width() - name - note - 2 * GAP_PX, area.height())
        if rest.width() > 30:
            self._write(painter, rest, line.title, self._ink(line, theme.muted))
        right = QRect(area.right() - note, area.top(), note + 1, area.height())
        self._write(painter, right, line.note, self._ink(line, theme.muted))
        painter.restore()

    def _ink(self, line: Line, colour: str) -> QColor:
        return QColor(colour if line.enabled else self.theme.disabled)

    def _write(self, painter: QPainter, area: QRect, text: str, ink: QColor) -> None:
        painter.setPen(ink)
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)


class LineList(QListView):
    """Lines to walk through with arrow keys from a field that keeps the focus.

    Signals
    -------
    taken(object)
        A line was clicked.
    """

    taken = Signal(object)

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("completions")
        self.setAccessibleName(name)
        self.lines, self.delegate = LineModel(), LineDelegate(self, theme)
        self.setModel(self.lines)
        self.setItemDelegate(self.delegate)
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.clicked.connect(lambda index: self.taken.emit(index.data(LINE_ROLE)))

    def set_theme(self, theme: Theme) -> None:
        """Colours."""
        self.delegate.theme = theme
        self.viewport().update()

    def show_lines(self, lines: Sequence[Line], *, choose_first: bool = True) -> None:
        """Other lines, the first that can be taken chosen."""
        self.lines.show(lines)
        first = next((row for row, line in enumerate(lines) if line.enabled), -1)
        self.setCurrentIndex(self.lines.index(first if choose_first else -1, 0))
        self.scrollToTop()

    @property
    def chosen(self) -> Line | None:
        """The line that Enter would take."""
        index = self.currentIndex()
        return index.data(LINE_ROLE) if index.isValid() else None

    def walk(self, key: int) -> bool:
        """Follow an arrow or page key; whether it was one."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
        if key not in steps or not self.lines.lines:
            return False
        row, step, count = self.currentIndex().row(), steps[key], len(self.lines.lines)
        row = min(max(row + step, 0), count - 1) if abs(step) > 1 else (row + step) % count
        self.setCurrentIndex(self.lines.index(row, 0))
        return True


class ListPopup(QFrame):
    """A list under a field, which keeps the focus.

    Parameters
    ----------
    field : QWidget
    name : str
        For screen readers.

    Signals
    -------
    taken(object)
    """

    taken = Signal(object)

    def __init__(self, field: QWidget, name: str) -> None:
        super().__init__(field, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.field = field
        self.list = LineList(name, THEMES["dark"])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)
        self.list.taken.connect(self.taken)

    def set_theme(self, theme: Theme) -> None:
        """Colours."""
        self.list.set_theme(theme)

    def show_lines(self, lines: Sequence[Line], x_px: int = 0, width_px: int = 0, *, choose_first: bool = True) -> None:
        """Show lines under a place of the field; none hides the list."""
        if not lines or not self.field.isVisible():
            self.hide()
            return
        self.list.show_lines(lines, choose_first=choose_first)
        width = width_px or self.field.width()
        self.resize(width, min(len(lines), MOST_SHOWN) * ROW_PX + 10)
        corner = self.field.mapToGlobal(QPoint(x_px, self.field.height() + 2))
        right = self.field.window().mapToGlobal(QPoint(self.field.window().width(), 0)).x()
        self.move(min(corner.x(), right - width - 4), corner.y())
        self.show()
        self.raise_()
