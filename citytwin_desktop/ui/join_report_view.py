"""What a join of a table would do: counts, and every row with its building, confidence and reason."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.tool_tips import plain_tip

HEADINGS = ("Row", "Building", "Confidence", "Why")
ORDER = {"ambiguous": 0, "unmatched": 1, "superseded": 2, "matched": 3}
NO_PARENT = QModelIndex()


class JoinRows(QAbstractTableModel):
    """Rows of a match report, the doubtful ones first."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[dict[str, Any]] = []

    def set_items(self, items: Sequence[dict[str, Any]]) -> None:
        """Show another report."""
        self.beginResetModel()
        self.items = sorted(items, key=lambda item: (ORDER.get(item["status"], 1), item["confidence"]))
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        """Rows of the table."""
        return 0 if parent.isValid() else len(self.items)

    def columnCount(self, parent: QModelIndex = NO_PARENT) -> int:
        """Columns of the table."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.tr(HEADINGS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts; the reason stands in the tool tip too."""
        item, column = self.items[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(item["reason"])
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        sure = number_text(item["confidence"], 2) if item["building"] else ""
        return (str(item["row"]), item["building"], sure, item["reason"])[column]

    def _alignment(self, column: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if column in (0, 2) else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)


class JoinReportView(QWidget):
    """Counts above, rows below; a sentence in their place while nothing can be matched."""

    def __init__(self) -> None:
        super().__init__()
        self.counts = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.filled = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.filled.setObjectName("muted")
        self.remarks = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.remarks.setObjectName("muted")
        self.rows = JoinRows()
        self.view = QTableView(objectName="joinRows", showGrid=False, alternatingRowColors=True)
        self.view.setAccessibleName(self.tr("Rows of the table and their buildings"))
        self.view.setModel(self.rows)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(24)
        self.view.setFixedHeight(150)
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        for section, width in enumerate((56, 170, 84)):
            header.resizeSection(section, width)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.counts, self.filled, self.remarks, self.view):
            column.addWidget(widget)

    def show_words(self, sentence: str, tone: str = "muted") -> None:
        """Say something in place of a report."""
        self.counts.setText(sentence)
        self.counts.setObjectName(tone)
        self.counts.style().polish(self.counts)
        for widget in (self.filled, self.remarks, self.view):
            widget.hide()

    def show_report(self, report: dict[str, Any]) -> None:
        """Show what `preview_join` found."""
        self.counts.setText(match_text(report))
        self.counts.setObjectName("")
        self.counts.style().polish(self.counts)
        self.filled.setText(filled_text(report))
        self.remarks.setText(" ".join(item["message"] for item in report["remarks"][:4]))
        self.rows.set_items(report["items"])
        self.filled.show()
        self.remarks.setVisible(bool(report["remarks"]))
        self.view.setVisible(bool(report["items"]))


def match_text(report: dict[str, Any]) -> str:
    """Say how many rows found their building: ``204 rows: 112 matched (100 certain, …), 30 ambiguous``."""
    bands = [f"{number_text(count, 9)} {band}" for band, count in report["confidence"].items() if count]
    matched = f"{number_text(report['matched'], 9)} matched" + (f" ({', '.join(bands)})" if bands else "")
    others = [
        f"{number_text(report[status], 9)} {status}"
        for status in ("ambiguous", "unmatched", "superseded")
        if report[status]
    ]
    return f"{number_text(report['rows'], 9)} rows: {', '.join([matched, *others])}."


def filled_text(report: dict[str, Any]) -> str:
    """What would be filled in how many buildings, and what is left as it is."""
    parts = []
    for name, count in report["columns"].items():
        title = COLUMNS[name].title if name in COLUMNS else name
        kept = f" ({number_text(count['kept'], 9)} kept)" if count["kept"] else ""
        parts.append(f"{title} {number_text(count['filled'], 9)}{kept}")
    words = f"{number_text(report['buildings_matched'], 9)} buildings have rows, "
    words += f"{number_text(report['buildings_without_row'], 9)} have none."
    return f"{words} Filled: {', '.join(parts)}." if parts else f"{words} Nothing would be filled."
