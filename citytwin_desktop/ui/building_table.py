"""All buildings as a table in step with the 3D view."""

from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.ui.bulk_preview import bulk_columns
from citytwin_desktop.ui.city_light import ICONS, TONES
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.table_columns import is_editable, is_number
from citytwin_desktop.ui.table_commands import TableCommands
from citytwin_desktop.ui.table_filter import TableBar
from citytwin_desktop.ui.table_model import MARK_ROLE, SHOWN, BuildingModel
from citytwin_desktop.ui.table_picking import PickDelegate, PickTable
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

__all__ = ["SHOWN", "BuildingModel", "BuildingTable"]

WIDE, USUAL, MARK_PX = 190, 120, 14
_WIDTHS = {"id": 150, "name": 150, "function": 100, "year_built": 84, "storeys": 84, "lod": 84, "archetype_id": 216}


class CellDelegate(PickDelegate):
    """Leaves room behind each value for the small mark of where it comes from."""

    def paint(self, painter: Any, option: Any, index: QModelIndex) -> None:
        """The cell, then its mark."""
        mark = index.data(MARK_ROLE)
        super().paint(painter, option, index)
        if mark:
            painter.save()
            painter.setFont(window_font(option.font, SMALL_FONT_PX))
            painter.setPen(QColor(self.theme.accent if mark == "e" else self.theme.muted))
            area = QRect(option.rect.right() - MARK_PX + 2, option.rect.top(), MARK_PX - 3, option.rect.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, mark)
            painter.restore()

    def initStyleOption(self, option: Any, index: QModelIndex) -> None:
        """Numbers end before the mark's room."""
        super().initStyleOption(option, index)
        if index.data(MARK_ROLE):
            option.text = f"{option.text}\u2002\u2009"


class TableView(PickTable):
    """The lines of a `BuildingModel`."""

    def __init__(self, session: Session, model: BuildingModel) -> None:
        super().__init__(session)
        self.setObjectName("buildingTable")
        self.setAccessibleName(self.tr("Buildings"))
        self.setAlternatingRowColors(True)
        self.table = model
        self.setModel(model)
        self.setSortingEnabled(False)
        self.delegate = CellDelegate(self)
        self.setItemDelegate(self.delegate)
        self.setIconSize(QSize(12, 12))
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.sortIndicatorChanged.connect(self._sort)

    def rows_of_lines(self, first: int, last: int) -> IntArray:
        """Building rows of some lines."""
        return self.table.rows[first : last + 1]

    def line_of_row(self, row: int) -> int:
        """Line of a building."""
        return self.table.line_of(row)

    def first_selected_line(self) -> int:
        """The first in the order of the lines."""
        found = np.flatnonzero(self.fields.selected[self.table.rows])
        return int(found[0]) if len(found) else -1

    def fit_columns(self) -> None:
        """Widths that suit what the columns hold, titles included."""
        metrics = self.horizontalHeader().fontMetrics()
        for section, name in enumerate(self.table.columns):
            title = metrics.horizontalAdvance(str(self.table.headerData(section, Qt.Orientation.Horizontal))) + 32
            least = _WIDTHS.get(name, 96 if is_number(name) else USUAL)
            self.setColumnWidth(section, min(max(title, least), 2 * WIDE))
        # Numbers stand on the right: a stretched column of them would be far from its line's name.
        self.horizontalHeader().setStretchLastSection(not is_number(self.table.columns[-1]))

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        self.table.sort(column, order)
        # Whoever sorts wants to see what comes first.
        self.scrollToTop()


class BuildingTable(QWidget):
    """The table; its selection is the document's.

    Signals
    -------
    building_wanted(str)
        Fly to a building.
    """

    building_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self._late = self._unfitted = False
        self.model = BuildingModel(session)
        self.model.seen = self.isVisible
        self.view, self.bar = TableView(session, self.model), TableBar(session, self.model)
        self.commands = TableCommands(session, self.model, self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.view, 1)
        self.view.installEventFilter(self)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(lambda place: self.menu_at(self.view.indexAt(place), place))
        self.view.wanted.connect(self._want)
        self.bar.changed.connect(self._filtered)
        self.bar.columns_wanted.connect(self.commands.ask_columns)
        self.bar.set_wanted.connect(lambda: self.commands.ask_bulk_edit())
        self.commands.columns_changed.connect(self.view.fit_columns)
        session.light.changed.connect(self.refresh)
        session.view_changed.connect(self._follow_comparison)
        self.bar.save_wanted.connect(self.commands.ask_save)

    def set_theme(self, theme: Theme) -> None:
        """Colours of stale numbers, icons."""
        self.model.stale_brush = QBrush(QColor(theme.stale))
        self.model.light_icons = tuple(
            icon(name, theme, getattr(theme, tone)) for name, tone in zip(ICONS, TONES, strict=True)
        )
        self.model.stale_icon = icon("clock-alert-outline", theme, theme.stale)
        self.view.delegate.theme = theme
        self.bar.set_theme(theme)
        self.refresh()

    def reload(self) -> None:
        """Another city."""
        self.model.filter = self.bar.mask() if self.session.document is not None else None
        self.model.reload()
        self._fit()
        self.bar.show_counts()

    def refresh(self) -> None:
        """Values changed; read when the table is seen."""
        if not self.isVisible():
            self.model.store.forget()
            self._late = True
            return
        self._late = False
        self.model.filter = self.bar.mask()
        if self.model.filter is not None:
            self.model.store.forget()
            self.model.rearrange()
        else:
            self.model.refresh()
        self.bar.show_counts()

    def _fit(self) -> None:
        """Fit the columns, which reads them: when the table is seen."""
        self._unfitted = not self.isVisible()
        if not self._unfitted:
            self.view.fit_columns()

    def follow_selection(self) -> None:
        """Show what the document has selected; only while the table is seen."""
        if not self.isVisible() or self.session.document is None:
            return
        if self.bar.only_selected.isChecked():
            self._filtered()
        self.view.show_selection()
        self.bar.show_counts()

    def showEvent(self, event: object) -> None:
        """Read what changed and bring the selection into sight."""
        super().showEvent(event)
        if self.session.document is None:
            return
        self.view.fields.ready()  # large cities are measured before anybody asks
        if self._late:
            self.refresh()
        if self._unfitted:
            self._fit()
        self.follow_selection()

    def eventFilter(self, _watched: Any, event: Any) -> bool:
        """Copy and paste as everywhere."""
        if event.type() not in (event.Type.KeyPress, event.Type.ShortcutOverride):
            return False
        deeds = (
            (QKeySequence.StandardKey.Copy, self.commands.copy),
            (QKeySequence.StandardKey.Paste, self.commands.paste),
        )
        for key, deed in deeds:
            if event.matches(key) and self.session.document is not None and self.session.document.selection:
                event.accept()
                if event.type() == event.Type.KeyPress:
                    deed()
                return True
        return False

    def menu_at(self, index: QModelIndex, place: Any) -> QMenu | None:
        """Show what can be done with a cell."""
        if not index.isValid():
            return None
        self.view.setCurrentIndex(index)
        if not self.view.line_selected(index.row()):
            self.view.selectRow(index.row())
        menu, name = QMenu(self), self.model.columns[index.column()]
        row, count = int(self.model.rows[index.row()]), len(self.session.document.selection)
        menu.addAction(self.tr("Explain this value"), lambda: self.commands.explain(name, row))
        menu.addAction(self.tr("Select all with this value"), lambda: self.commands.select_same(name, row))
        menu.addSeparator()
        setting = menu.addAction(
            self.tr("Set for {} selected…").format(count), lambda: self.commands.ask_bulk_edit(name)
        )
        setting.setEnabled(name in bulk_columns() and not self.session.document.read_only)
        menu.addAction(self.tr("Copy selected lines"), self.commands.copy)
        pasting = menu.addAction(self.tr("Paste into this column…"), self.commands.paste)
        pasting.setEnabled(setting.isEnabled() and is_editable(name) and bool(QApplication.clipboard().text()))
        menu.addSeparator()
        menu.addAction(self.tr("Columns…"), self.commands.ask_columns)
        menu.addAction(self.tr("Save table…"), self.commands.ask_save)
        menu.popup(self.view.viewport().mapToGlobal(place))
        return menu

    def _follow_comparison(self) -> None:
        """Differences come and go with the scenario that the active one is held against."""
        if self.session.document is not None and self.model.follow_comparison():
            self._fit()
            self.bar.show_counts()

    def _filtered(self) -> None:
        self.model.filter = self.bar.mask()
        self.model.rearrange()
        self.bar.show_counts()

    def _want(self, row: int) -> None:
        self.building_wanted.emit(str(self.session.document.city.buildings.ids[row]))
