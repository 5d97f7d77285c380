"""Submenus of the View menu: what would make it too long stands one step deeper."""

from typing import Any

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.ui.look_labels import NONE, PAINTED

FIRST_LABELS = ("id", "name", "function", "year_built", "height_m")
LOOK_FROM = (
    "view.south",
    "view.north",
    "view.west",
    "view.east",
    "view.top",
    "look.bottom",
    "look.south_west",
    "look.south_east",
    "look.north_west",
    "look.north_east",
)
NAVIGATION = (
    "look.preset_citytwin",
    "look.preset_qgis",
    "look.preset_blender",
    "look.invert_zoom",
    "look.reduce_motion",
)
VIEWS = ("look.save_view", *(f"look.view_{number}" for number in range(1, 10)))


class LookMenus:
    """Sorts the View menu, and holds the choice of labels.

    Parameters
    ----------
    window : MainWindow
    """

    def __init__(self, window: Any) -> None:
        self.window = window
        self.menu = _view_menu(window)
        self._group(window.tr("Look from"), LOOK_FROM)
        self.views = self._group(window.tr("Views"), VIEWS)
        self.views.insertSeparator(window.actions_["look.view_1"])
        self._group(window.tr("Navigation"), NAVIGATION)
        self.labels = QMenu(window.tr("Labels"), self.menu)
        self.menu.insertMenu(window.actions_["look.backdrop"], self.labels)
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

    def _group(self, title: str, identifiers: tuple[str, ...]) -> QMenu:
        actions = [self.window.actions_[name] for name in identifiers]
        menu = QMenu(title, self.menu)
        self.menu.insertMenu(actions[0], menu)
        for action in actions:
            self.menu.removeAction(action)
            menu.addAction(action)
        _tidy(self.menu)
        return menu


def _view_menu(window: Any) -> QMenu:
    titles = {action.text(): action.menu() for action in window.menuBar().actions()}
    found: QMenu = titles[window.tr("View")]
    return found


def _tidy(menu: QMenu) -> None:
    """Take away separators that stand behind another one."""
    before = None
    for action in menu.actions():
        if action.isSeparator() and (before is None or before.isSeparator()):
            menu.removeAction(action)
            continue
        before = action
