"""The building table as Qt sees it: cells straight from arrays, sorted and filtered by arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QBrush, QFont, QIcon

from citytwin_desktop.city.kinds import Origin
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.document.explaining.origins import origin_sentence
from citytwin_desktop.document.querying.fields import FIELDS, MARK
from citytwin_desktop.ui.city_light import CAN_BE_SIMULATED
from citytwin_desktop.ui.fields import Fields
from citytwin_desktop.ui.paint_words import minus_words
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.table_columns import (
    ColumnStore,
    columns_shown,
    is_difference,
    is_editable,
    is_number,
    light_word,
)
from citytwin_desktop.ui.table_edits import typed_value
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
    "heating_demand",
    "final_energy",
    "peak_heating",
    "overheating_hours",
)
"""Columns of a new window."""

MARK_ROLE = Qt.ItemDataRole.UserRole + 1
_WORDS = {
    "a": "Assumed, or the archetype's default",
    "e": origin_sentence(Origin.EDITED),
    "p": origin_sentence(Origin.PACKAGE),
    "d": origin_sentence(Origin.DERIVED),
}


class BuildingModel(QAbstractTableModel):
    """Rows that own surfaces, in the order and to the extent that they are asked for.

    Parameters
    ----------
    session : Session

    Attributes
    ----------
    rows : ndarray, (k,) int64
        Building row of each line.
    columns : tuple of str
    seen : callable
        Whether anybody sees the table: Qt asks for all titles of one that is hidden too.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session, self.fields = session, Fields.of(session)
        self.rows: IntArray = np.zeros(0, np.int64)
        self.columns: tuple[str, ...] = SHOWN
        self._chosen, self._by_hand = SHOWN, False
        self._pair: tuple[str, str] = ("", "")
        self.seen: Callable[[], bool] = lambda: True
        self.store = ColumnStore(lambda: self.fields.reader, session.light.state)
        self.sorting: tuple[str, bool] | None = None
        self.filter: NDArray[np.bool_] | None = None
        self._line_of: NDArray[np.int64] | None = None
        self.stale_brush, self.stale_icon, self.estimate_font = QBrush(), QIcon(), QFont()
        self.estimate_font.setItalic(True)
        self.light_icons: tuple[QIcon, ...] = ()

    def reload(self) -> None:
        """Another city."""
        self.beginResetModel()
        self.store.forget()
        self._arrange()
        self.endResetModel()

    def refresh(self) -> None:
        """Values changed; lines are sorted anew where they are sorted."""
        self.store.forget()
        if self.sorting is not None:
            self.rearrange()
        elif len(self.rows):
            corner = self.index(len(self.rows) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), corner)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def rearrange(self) -> None:
        """Filter and sort again."""
        self.layoutAboutToBeChanged.emit()
        before = len(self.rows)
        self._arrange()
        self.layoutChanged.emit()
        if len(self.rows) != before:
            # Views keep their scroll bars for a layout that changed, not for other numbers of rows.
            self.beginResetModel()
            self.endResetModel()

    @property
    def compared(self) -> bool:
        """Whether there are differences to show."""
        return self.session.document is not None and self.session.comparison.active

    def choose_columns(self, columns: tuple[str, ...]) -> None:
        """Show other columns; differences that are chosen come back with the next comparison."""
        hidden = () if self.compared else tuple(name for name in self._chosen if is_difference(name))
        self._chosen = (*columns, *hidden)
        self._by_hand = self._by_hand or self.compared
        self.show_columns(columns)

    def follow_comparison(self) -> bool:
        """Other scenarios, or another painted variable: whether other columns are shown now."""
        compared = self.compared
        pair = self.session.comparison.pair if compared else ("", "")
        columns = columns_shown(self._chosen, self.session.variable, compared=compared, by_hand=self._by_hand)
        changed, same_pair = columns != self.columns, pair == self._pair
        self._pair = pair
        if changed:
            self.store.forget()
            self.show_columns(columns)
        elif not same_pair:
            self.refresh()
        return changed

    def show_columns(self, columns: tuple[str, ...]) -> None:
        """Show these columns, whatever was chosen."""
        self.beginResetModel()
        self.columns = columns
        if self.sorting is not None and self.sorting[0] not in columns:
            self.sorting = None
        self._arrange()
        self.endResetModel()

    def line_of(self, row: int) -> int:
        """Line of a building, -1 when it is not shown."""
        if self._line_of is None:
            count = int(self.rows.max(initial=-1)) + 1
            self._line_of = np.full(count, -1, np.int64)
            self._line_of[self.rows] = np.arange(len(self.rows))
        return int(self._line_of[row]) if 0 <= row < len(self._line_of) else -1

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, or by nothing."""
        wanted = None
        if 0 <= column < len(self.columns):
            wanted = self.columns[column], order == Qt.SortOrder.DescendingOrder
        if wanted != self.sorting:
            self.sorting = wanted
            self.rearrange()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Lines of the table."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Columns of the table."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title and unit."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.store.title(self.columns[section], read=self.seen()) if self.session.document else ""
        if role == Qt.ItemDataRole.ToolTipRole and self.compared and is_difference(self.columns[section]):
            return self._difference_tip(self.columns[section])
        return self._alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _difference_tip(self, name: str) -> str:
        """Whose difference it is."""
        first, second = (self.session.document.scenario(item).name for item in self.session.comparison.pair)
        share = f" as a share of {second}" if FIELDS[name].share else ""
        return plain_tip(f"{FIELDS[name].title.removesuffix(MARK)}: {minus_words(first, second)}{share}")

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell text and how it is shown: amber when stale, italic when estimated, as everywhere."""
        if self.session.document is None or index.row() >= len(self.rows):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        name, row = self.columns[index.column()], int(self.rows[index.row()])
        cells = self.store.cells(name)
        if name == CAN_BE_SIMULATED:
            return self._light(cells.value(row), row, role)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return cells.text(row) if role == Qt.ItemDataRole.DisplayRole else cells.exact(row)
        if role == MARK_ROLE:
            return str(cells.marks[row]) if cells.marks is not None else ""
        if cells.stale is not None and np.isfinite(cells.value(row)):
            return self._result(bool(cells.stale[row]), bool(cells.estimate is not None and cells.estimate[row]), role)
        if role == Qt.ItemDataRole.ToolTipRole and cells.marks is not None:
            return _WORDS.get(str(cells.marks[row]))
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Columns that commands can set can be edited."""
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        document = self.session.document
        if document is not None and not document.read_only and is_editable(self.columns[index.column()]):
            found |= Qt.ItemFlag.ItemIsEditable
        return found

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Edit one value of one building; an empty text goes back to the default."""
        if role != Qt.ItemDataRole.EditRole or self.session.document is None:
            return False
        name, row = self.columns[index.column()], int(self.rows[index.row()])
        if str(value).strip() == self.store.cells(name).exact(row):
            return False
        wanted = self.session.guarded(typed_value, name, str(value))
        if wanted is None:
            return False
        building = str(self.session.document.city.buildings.ids[row])
        done = self.session.execute("edit_buildings", building_ids=[building], column=name, value=wanted[0])
        self.store.forget()  # before the table hears of it: the next cell may be typed at once
        return done is not None

    def _light(self, value: float, row: int, role: int) -> Any:
        """Word and icon of a building's light."""
        if not np.isfinite(value):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return light_word(value)
        if role == Qt.ItemDataRole.DecorationRole:
            return self.light_icons[int(value)] if self.light_icons else None
        if role == Qt.ItemDataRole.ToolTipRole:
            state = self.session.light.state()
            return (plain_tip("\n".join(state.reasons(row))) or None) if state is not None else None
        return None

    def _result(self, stale: bool, estimate: bool, role: int) -> Any:
        if role == Qt.ItemDataRole.ForegroundRole and stale:
            return self.stale_brush
        if role == Qt.ItemDataRole.DecorationRole and stale:
            return self.stale_icon  # a selected row has one colour for all of its texts
        if role == Qt.ItemDataRole.FontRole and estimate:
            return self.estimate_font
        if role == Qt.ItemDataRole.ToolTipRole:
            words = ["Estimate" if estimate else "", "Stale: inputs changed since" if stale else ""]
            return ". ".join(word for word in words if word) or None
        return None

    def _alignment(self, section: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if is_number(self.columns[section]) else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)

    def _arrange(self) -> None:
        self._line_of = None
        document = self.session.document
        if document is None:
            self.rows = np.zeros(0, np.int64)
            return
        rows = document.city.rows_with_geometry
        if self.filter is not None and len(self.filter) == len(document.city.buildings):
            rows = rows[self.filter[rows]]
        if self.sorting is not None:
            name, downwards = self.sorting
            rows = self.store.cells(name).order(rows, downwards=downwards)
        self.rows = rows
