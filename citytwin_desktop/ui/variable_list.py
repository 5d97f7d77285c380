"""The list of variables in combo boxes: grouped by engine, with units in the open list."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate

from citytwin_desktop.ui.city_light import CAN_BE_SIMULATED
from citytwin_desktop.ui.variables import VARIABLES

NEUTRAL = "Neutral model"
UNIT_ROLE = Qt.ItemDataRole.UserRole + 1


class UnitDelegate(QStyledItemDelegate):
    """Writes the unit behind each title of the open list; the closed box has room for the title only."""

    def initStyleOption(self, option: Any, index: Any) -> None:
        """Put title and unit together."""
        super().initStyleOption(option, index)
        if unit := index.data(UNIT_ROLE):
            option.text = f"{option.text}  ·  {unit}"


def fill_with_variables(box: QComboBox) -> None:
    """List the neutral model and all variables under the headings of their engines; the data is the name."""
    box.setItemDelegate(UnitDelegate(box))
    box.addItem(box.tr(NEUTRAL), "")
    _add_heading(box, box.tr("Import"))
    box.addItem(box.tr("Can be simulated"), CAN_BE_SIMULATED)
    _add_variables(box)


def fill_with_results(box: QComboBox) -> None:
    """List what an export can be coloured by."""
    box.setItemDelegate(UnitDelegate(box))
    box.addItem(box.tr(NEUTRAL), "")
    _add_variables(box)


def _add_variables(box: QComboBox) -> None:
    group = ""
    for variable in VARIABLES.values():
        if variable.group != group:
            group = variable.group
            _add_heading(box, box.tr(group))
        box.addItem(box.tr(variable.short_title), variable.name)
        box.setItemData(box.count() - 1, variable.unit, UNIT_ROLE)
        box.setItemData(box.count() - 1, box.tr(variable.title), Qt.ItemDataRole.ToolTipRole)
    box.view().setMinimumWidth(box.view().sizeHintForColumn(0) + 32)
    box.setMaxVisibleItems(box.count())


def _add_heading(box: QComboBox, text: str) -> None:
    box.insertSeparator(box.count())
    box.addItem(text, None)
    item = box.model().item(box.count() - 1)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    font = QFont(box.font())
    font.setBold(True)
    item.setFont(font)
