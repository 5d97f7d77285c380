"""All buildings as a table in step with the 3D view."""

import math
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QVBoxLayout, QWidget

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.session import Session

SHOWN = (
    "id",
    "name",
    "function",
    "year_built",
    "storeys",
    "archetype_id",
    "wall_u_value_w_m2k",
    "roof_u_value_w_m2k",
    "window_u_value_w_m2k",
    "window_share",
)


WIDTHS = (280, 160, 110, 90, 150, 220, 150, 150, 160)


class BuildingModel(QAbstractTableModel):
    """Reads cells straight from the columns of the building table; rows that own surfaces only."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.rows: Any = ()

    def reload(self) -> None:
        """Another city."""
        self.beginResetModel()
        document = self.session.document
        self.rows = () if document is None else document.city.rows_with_geometry
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Rows of the table."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Columns of the table."""
        return 0 if parent.isValid() else len(SHOWN)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title and unit."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            column = COLUMNS[SHOWN[section]]
            return f"{column.title} [{column.unit}]" if column.unit else column.title
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell text, sort key or alignment."""
        name = SHOWN[index.column()]
        number = COLUMNS[name].kind == "number"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.UserRole):
            return None
        value = self.session.document.city.buildings.columns[name][self.rows[index.row()]]
        if role == Qt.ItemDataRole.UserRole:
            return float(value) if number else str(value)
        if not number:
            return str(value)
        if not math.isfinite(value):
            return ""
        return str(int(value)) if name == "year_built" else number_text(value)

    def _alignment(self, section: int) -> int:
        number = COLUMNS[SHOWN[section]].kind == "number"
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)


class BuildingTable(QWidget):
    """The table; its selection is the document's."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.model = BuildingModel(session)
        self.sorted = QSortFilterProxyModel()
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(Qt.ItemDataRole.UserRole)
        self.view = QTableView(
            objectName="buildingTable", alternatingRowColors=True, showGrid=False, sortingEnabled=True
        )
        self.view.setAccessibleName(self.tr("Buildings"))
        self.view.setModel(self.sorted)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(24)
        self.view.horizontalHeader().setStretchLastSection(True)
        self.view.horizontalHeader().setHighlightSections(False)
        for section, width in enumerate(WIDTHS):
            self.view.setColumnWidth(section, width)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._following = False
        self.view.selectionModel().selectionChanged.connect(self._select)

    def reload(self) -> None:
        """Another city."""
        self.model.reload()

    def refresh(self) -> None:
        """Values changed."""
        if len(self.model.rows):
            corner = self.model.index(len(self.model.rows) - 1, len(SHOWN) - 1)
            self.model.dataChanged.emit(self.model.index(0, 0), corner)

    def follow_selection(self) -> None:
        """Select what the document has selected; only while the table is seen."""
        if not self.isVisible():
            return
        buildings = self.session.document.city.buildings
        wanted = {buildings.row(name) for name in self.session.document.selection if name in buildings}
        selection = QItemSelection()
        for place, row in enumerate(self.model.rows):
            if row in wanted:
                index = self.sorted.mapFromSource(self.model.index(place, 0))
                selection.select(index, index)
        self._following = True
        flags = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)
        if not selection.isEmpty():
            self.view.scrollTo(selection.indexes()[0])
        self._following = False

    def showEvent(self, event: object) -> None:
        """Bring the selection into sight."""
        super().showEvent(event)
        if self.session.document is not None:
            self.follow_selection()

    def _select(self) -> None:
        if self._following or self.session.document is None:
            return
        chosen = [self.sorted.mapToSource(index).row() for index in self.view.selectionModel().selectedRows()]
        ids = self.session.document.city.buildings.ids
        self.session.document.select([str(ids[self.model.rows[row]]) for row in chosen])
