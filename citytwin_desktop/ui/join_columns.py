"""Which column of a table fills which value of a building, with a look at what is in each column."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.document.table_join.request import ATTRIBUTES, FILLABLE
from citytwin_desktop.ui.elided_choice import ElidedChoice
from citytwin_desktop.ui.tool_tips import plain_tip

NOTHING = ""
MOST_LISTED = 120
"""Columns that are offered one by one; a table with more of them is joined by its known names."""


class JoinColumns(QTreeWidget):
    """A line for each column of the table: its name, samples, and a list of what it can fill.

    Signals
    -------
    chosen
        The user wants another one filled.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__(objectName="joinColumns", rootIsDecorated=False)
        self.setAccessibleName(self.tr("Columns of the table"))
        self.setHeaderLabels([self.tr("Column of the table"), self.tr("In it"), self.tr("Fills")])
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(176)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, 200)
        header.resizeSection(2, 210)
        self.boxes: dict[str, ElidedChoice] = {}
        self._guess: dict[str, str] = {}

    def show_table(self, header: Sequence[str], samples: Mapping[str, str]) -> None:
        """List the columns of another table."""
        self.clear()
        self.boxes = {}
        for name in header[:MOST_LISTED]:
            item = QTreeWidgetItem([name, samples.get(name, ""), ""])
            for place in (0, 1):
                item.setToolTip(place, plain_tip(item.text(place)))
            self.addTopLevelItem(item)
            self.boxes[name] = self._box(name)
            self.setItemWidget(item, 2, self.boxes[name])

    def show_mapping(self, mapping: Mapping[str, str]) -> None:
        """Choose what the join takes by itself; what the user chose is in it already."""
        self._guess = dict(mapping)
        for name, box in self.boxes.items():
            place = box.findData(mapping.get(name, NOTHING))
            if place != box.currentIndex():
                box.setCurrentIndex(max(place, 0))

    def pairs(self) -> tuple[str, ...]:
        """``TABLE_COLUMN=BUILDING_COLUMN`` of all columns that fill something."""
        return tuple(f"{name}={box.currentData()}" for name, box in self.boxes.items() if box.currentData())

    def _box(self, name: str) -> ElidedChoice:
        box = ElidedChoice(accessibleName=self.tr("What {} fills").format(name))
        box.addItem(self.tr("Nothing"), NOTHING)
        box.addItem(self.tr("Kept as an attribute"), ATTRIBUTES)
        for column in FILLABLE:
            unit = COLUMNS[column].unit
            box.addItem(f"{COLUMNS[column].title}  {unit}".strip(), column)
        box.activated.connect(lambda _: self.chosen.emit())
        return box
