"""All buildings as a table in step with the 3D view."""

import math
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QBrush, QColor, QFont, QIcon
from PySide6.QtWidgets import QAbstractItemView, QTableView, QVBoxLayout, QWidget

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.city_light import CAN_BE_SIMULATED, ICONS, TONES, WORDS
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.result_columns import RESULT_COLUMNS, Cell, ResultColumns, column_title
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.tool_tips import plain_tip

SHOWN = (
    "id",
    "name",
    "function",
    "year_built",
    "storeys",
    CAN_BE_SIMULATED,
    "archetype_id",
    "wall_u_value_w_m2k",
    "roof_u_value_w_m2k",
    "window_u_value_w_m2k",
    "window_share",
    *RESULT_COLUMNS,
)


WIDTHS = (150, 150, 100, 80, 140, 190, 200, 140, 140, 150, 150, 170, 170, 160, 200)


class BuildingModel(QAbstractTableModel):
    """Reads cells straight from the columns of the building table; rows that own surfaces only."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.rows: Any = ()
        self.results = ResultColumns(session)
        self.stale_brush, self.stale_icon, self.estimate_font = QBrush(), QIcon(), QFont()
        self.estimate_font.setItalic(True)
        self.light_icons: tuple[QIcon, ...] = ()

    def reload(self) -> None:
        """Another city."""
        self.beginResetModel()
        self.results.forget()
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
            if SHOWN[section] == CAN_BE_SIMULATED:
                return "Can be simulated"
            if SHOWN[section] in RESULT_COLUMNS:
                return column_title(SHOWN[section])
            column = COLUMNS[SHOWN[section]]
            return f"{column.title} [{column.unit}]" if column.unit else column.title
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell text, sort key or alignment."""
        name = SHOWN[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if name == CAN_BE_SIMULATED:
            return self._light(int(self.rows[index.row()]), role)
        if name in RESULT_COLUMNS:
            ids = self.session.document.city.buildings.ids
            return self._result(self.results.cell(name, str(ids[self.rows[index.row()]])), role)
        number = COLUMNS[name].kind == "number"
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

    def _light(self, row: int, role: int) -> Any:
        """Word and icon of a building's light; the worst are first when sorted downwards."""
        state = self.session.light.state()
        if state is None:
            return -1 if role == Qt.ItemDataRole.UserRole else None
        level = int(state.level[row])
        if role == Qt.ItemDataRole.DisplayRole:
            return WORDS[level]
        if role == Qt.ItemDataRole.UserRole:
            return level
        if role == Qt.ItemDataRole.DecorationRole:
            return self.light_icons[level] if self.light_icons else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(state.reasons(row))) or None
        return None

    def _result(self, cell: Cell, role: int) -> Any:
        """A number of the results: amber when stale, italic when estimated, as everywhere."""
        known = math.isfinite(cell.value)
        if role == Qt.ItemDataRole.DisplayRole:
            return number_text(cell.value) if known else ""
        if role == Qt.ItemDataRole.UserRole:
            return cell.value if known else -math.inf
        if role == Qt.ItemDataRole.ForegroundRole and not cell.fresh:
            return self.stale_brush
        if role == Qt.ItemDataRole.DecorationRole and known and not cell.fresh:
            return self.stale_icon  # a selected row has one colour for all of its texts
        if role == Qt.ItemDataRole.FontRole and cell.estimate:
            return self.estimate_font
        if role == Qt.ItemDataRole.ToolTipRole and known:
            words = ["Estimate" if cell.estimate else "", "" if cell.fresh else "Stale: inputs changed since"]
            return ". ".join(word for word in words if word) or None
        return None

    def _alignment(self, section: int) -> int:
        name = SHOWN[section]
        number = name in RESULT_COLUMNS or (name in COLUMNS and COLUMNS[name].kind == "number")
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
        self.view.setIconSize(QSize(12, 12))
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
        session.light.changed.connect(self.sorted.invalidate)
        # Whoever sorts wants to see what comes first.
        self.view.horizontalHeader().sortIndicatorChanged.connect(lambda *_: self.view.scrollToTop())

    def set_theme(self, theme: Theme) -> None:
        """Colour of stale numbers."""
        self.model.stale_brush = QBrush(QColor(theme.stale))
        self.model.light_icons = tuple(
            icon(name, theme, getattr(theme, tone)) for name, tone in zip(ICONS, TONES, strict=True)
        )
        self.model.stale_icon = icon("clock-alert-outline", theme, theme.stale)
        self.refresh()

    def reload(self) -> None:
        """Another city."""
        self.model.reload()

    def refresh(self) -> None:
        """Values changed."""
        self.model.results.forget()
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
