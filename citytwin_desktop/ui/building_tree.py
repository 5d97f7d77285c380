"""All buildings as a tree in step with table and 3D view."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QStyle

from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.table_picking import PickDelegate, PickTable
from citytwin_desktop.ui.theme import CORNER, THEMES, Theme, window_font
from citytwin_desktop.ui.tree_lines import GROUPINGS, TreeLines, grouped

__all__ = ["GROUPINGS", "BuildingTree"]

INDENT_PX, CHEVRON_PX, PAD_PX = 22, 14, 8


class TreeModel(QAbstractTableModel):
    """One column over `TreeLines`.

    A table, because a tree view asks for every one of 100,000 lines before it shows the first.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session, self.lines = session, TreeLines()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Lines that are seen."""
        return 0 if parent.isValid() else len(self.lines.row)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """One."""
        return 0 if parent.isValid() else 1

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name of a group or of a building."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) or self.session.document is None:
            return None
        row = int(self.lines.row[index.row()])
        if row < 0:
            title = self.lines.groups[int(self.lines.group[index.row()])].title
            return FUNCTIONS.get(title, title)
        buildings = self.session.document.city.buildings
        name, identifier = str(buildings.columns["name"][row]), str(buildings.ids[row])
        if role == Qt.ItemDataRole.ToolTipRole:
            return None
        return name or identifier


class TreeDelegate(PickDelegate):
    """Chevron, name, and a count behind headings."""

    def paint(self, painter: Any, option: Any, index: QModelIndex) -> None:
        """Draw a line as trees do."""
        view: Any = self.view
        self.initStyleOption(option, index)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.pressed))
            painter.drawRoundedRect(option.rect.adjusted(2, 0, -2, 0), CORNER, CORNER)
        line, area = index.row(), option.rect.adjusted(PAD_PX, 0, -PAD_PX, 0)
        heading = view.lines.row[line] < 0
        painter.setFont(window_font(option.font, bold=False))
        note = ""
        if heading:
            note = view.count_of(int(view.lines.group[line]))
            opened = view.is_open(line)
            place = QRect(area.left(), area.center().y() - CHEVRON_PX // 2, CHEVRON_PX, CHEVRON_PX)
            icon("chevron-down" if opened else "chevron-right", self.theme, self.theme.muted).paint(painter, place)
        width = painter.fontMetrics().horizontalAdvance(note)
        left = area.left() + INDENT_PX + (0 if heading else PAD_PX)
        text = QRect(left, area.top(), area.right() - left - width - PAD_PX, area.height())
        painter.setPen(QColor(self.theme.text))
        name = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, note)
        if view.hasFocus() and view.currentIndex().row() == line:
            painter.setPen(QColor(self.theme.accent))
            painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.restore()


class BuildingTree(PickTable):
    """Groups that open and close; a heading selects all of its buildings.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("buildingTree")
        self.setAccessibleName(self.tr("Buildings by group"))
        self.tree = TreeModel(session)
        self.setModel(self.tree)
        self.delegate = TreeDelegate(self)
        self.setItemDelegate(self.delegate)
        self.grouping = "function"
        self._counts: tuple[Any, list[str]] | None = None
        self._late = True
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.set_theme(THEMES["dark"])

    @property
    def lines(self) -> TreeLines:
        """What is listed."""
        return self.tree.lines

    def set_theme(self, theme: Theme) -> None:
        """Colours."""
        self.delegate.theme = theme
        self.viewport().update()

    def group_by(self, grouping: str) -> None:
        """Group in another way, all headings closed."""
        self.grouping = grouping
        self.lines.opened.clear()
        self.reload()

    def reload(self) -> None:
        """Other buildings, or another grouping; read when the tree is seen."""
        if not self.isVisible():
            self._late = True
            return
        self._late = False
        document = self.session.document
        self.tree.beginResetModel()
        self.lines.groups = [] if document is None else grouped(self.fields.reader, document.city, self.grouping)
        if len(self.lines.groups) == 1:
            self.lines.opened.add(self.lines.groups[0].title)
        self.lines.arrange()
        self._counts = None
        self.tree.endResetModel()

    def follow_edit(self, columns: tuple[str, ...]) -> None:
        """Values changed."""
        if self.grouping in columns or (self.grouping == "age" and "year_built" in columns):
            self.reload()
        else:
            self.viewport().update()

    def follow_selection(self) -> None:
        """Show what is selected."""
        if self.isVisible():
            self.show_selection()

    def showEvent(self, event: Any) -> None:
        """Read what changed meanwhile."""
        super().showEvent(event)
        if self._late and self.session.document is not None:
            self.reload()
        self.follow_selection()

    def rows_of_lines(self, first: int, last: int) -> IntArray:
        """Building rows of some lines, headings with all of theirs."""
        return self.lines.rows_of(first, last)

    def line_of_row(self, row: int) -> int:
        """Line of a building."""
        return self.lines.line_of(row)

    def is_open(self, line: int) -> bool:
        """Whether the heading of a line is open."""
        return self.lines.groups[int(self.lines.group[line])].title in self.lines.opened

    def count_of(self, group: int) -> str:
        """How many buildings a group has, and how many of them are selected."""
        mask = self.fields.selected
        if self._counts is None or self._counts[0] is not mask:
            found = []
            for item in self.lines.groups:
                chosen, count = int(mask[item.rows].sum()), number_text(len(item.rows), 9)
                found.append(f"{number_text(chosen, 9)} / {count}" if 0 < chosen < len(item.rows) else count)
            self._counts = mask, found
        return self._counts[1][group]

    def open_line(self, line: int, opened: bool) -> None:
        """Open or close the heading of a line."""
        group = int(self.lines.group[line])
        title = self.lines.groups[group].title
        if (title in self.lines.opened) == opened:
            return
        self.tree.beginResetModel()
        (self.lines.opened.add if opened else self.lines.opened.discard)(title)
        self.lines.arrange()
        self.tree.endResetModel()
        place = int(np.searchsorted(self.lines.group, group))
        self.setCurrentIndex(self.tree.index(place, 0))

    def mousePressEvent(self, event: Any) -> None:
        """A press on the chevron opens or closes."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.lines.row[index.row()] < 0 and event.position().x() < PAD_PX + INDENT_PX:
            self.open_line(index.row(), not self.is_open(index.row()))
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """On a heading opens or closes it."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.lines.row[index.row()] < 0:
            self.open_line(index.row(), not self.is_open(index.row()))
            return
        super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: Any) -> None:
        """Right opens, Left closes, or goes to the heading."""
        line = self.currentIndex().row()
        if line >= 0 and event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left) and not event.modifiers():
            self.open_line(line, event.key() == Qt.Key.Key_Right)
            return
        super().keyPressEvent(event)
