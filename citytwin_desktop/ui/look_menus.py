"""What the View menu lists beside actions: the views of the project, and what labels say."""

from typing import Any

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.ui.look_labels import NONE, PAINTED

FIRST_LABELS = ("id", "name", "function", "year_built", "height_m")


class LookMenus:
    """Names the kept views, and holds the choice of labels.

    Parameters
    ----------
    window : MainWindow
    """

    def __init__(self, window: Any) -> None:
        self.window = window
        menu = window.bars.menus["View"]
        self.labels = QMenu(window.tr("Labels"), menu)
        menu.insertMenu(window.actions_["look.backdrop"], self.labels)
        self.choices: dict[str, QAction] = {}
        self._fill_labels()

    def show_views(self, names: list[str]) -> None:
        """Name the views behind Alt and a digit."""
        for number in range(1, 10):
            action = self.window.actions_[f"look.view_{number}"]
            there = number <= len(names)
            action.setText(
                names[number - 1].replace("&", "&&") if there else self.window.tr("Go to view {}").format(number)
            )
            action.setVisible(there)
            action.setEnabled(there)

    def _fill_labels(self) -> None:
        group = QActionGroup(self.labels)
        others = QMenu(self.window.tr("Other column"), self.labels)
        rest = [name for name, column in COLUMNS.items() if column.kind != "json" and name not in FIRST_LABELS]
        words = {NONE: self.window.tr("None"), PAINTED: self.window.tr("Painted value")}
        for name in (NONE, PAINTED, *FIRST_LABELS, *rest):
            column = COLUMNS.get(name)
            unit = f" [{column.unit}]" if column is not None and column.unit else ""
            action = QAction(words.get(name) or f"{column.title if column else name}{unit}", group, checkable=True)
            action.setData(name)
            (others if name in rest else self.labels).addAction(action)
            self.choices[name] = action
        self.labels.addMenu(others)
        self.choices[NONE].setChecked(True)
        group.triggered.connect(lambda action: self.window.looking.show_labels(action.data()))
