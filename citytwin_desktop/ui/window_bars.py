"""Menus and toolbar of the window, built from the tables of actions."""

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from citytwin_desktop.ui.action_spec import MENUS
from citytwin_desktop.ui.actions import TOOLBAR
from citytwin_desktop.ui.elided_choice import ElidedChoice
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import ICON_SIZE
from citytwin_desktop.ui.variable_list import fill_with_variables

LEAST_BOX_WIDTH, WIDEST_BOX = 100, 280


class WindowBars:
    """The menu bar with its search field, and the toolbar.

    Parameters
    ----------
    window : MainWindow
        Its actions are made already.
    """

    def __init__(self, window: Any) -> None:
        self.window, self.tr = window, window.tr
        self._build_menus()
        self._build_toolbar()

    def _build_menus(self) -> None:
        bar, actions = self.window.menuBar(), self.window.actions_
        self.menus = menus = {name: bar.addMenu(self.tr(name)) for name in MENUS}
        inner: dict[tuple[str, str], QMenu] = {}
        for identifier, spec in actions.specs.items():
            menu = menus[spec.menu]
            if spec.submenu:
                if (spec.menu, spec.submenu) not in inner:
                    inner[spec.menu, spec.submenu] = menu.addMenu(self.tr(spec.submenu))
                menu = inner[spec.menu, spec.submenu]
            if spec.group_before:
                menu.addSeparator()
            menu.addAction(actions[identifier])
        menus["Run"].setToolTipsVisible(True)
        self.run_menu = menus["Run"]
        self.corner = corner = QWidget()  # Qt does not keep it alive
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 1, 8, 1)
        self.search = QLineEdit(objectName="search", placeholderText=self.tr("Find building  (Ctrl+F)"))
        self.search.setAccessibleName(self.tr("Find building"))
        self.search.setFixedWidth(220)
        self.search.setClearButtonEnabled(True)
        magnifier = icon("magnify", self.window.theme)
        self.search_icon = self.search.addAction(magnifier, QLineEdit.ActionPosition.LeadingPosition)
        row.addWidget(self.search)
        bar.setCornerWidget(corner)

    def _build_toolbar(self) -> None:
        self.toolbar = bar = QToolBar(self.tr("Main"), movable=False, iconSize=QSize(ICON_SIZE, ICON_SIZE))
        bar.setObjectName("toolbar")
        for identifier in TOOLBAR:
            if identifier:
                bar.addAction(self.window.actions_[identifier])
            else:
                bar.addSeparator()
        self.variable_box = self._box("variable", self.tr("Painted variable"), 232)
        fill_with_variables(self.variable_box)
        self.scenario_box = self._box("scenario", self.tr("Scenario"), 148)
        self.compare_box = self._box("compare", self.tr("Compare with another scenario"), 148)
        for box in (self.variable_box, self.scenario_box, self.compare_box):
            bar.addWidget(box)
            bar.addWidget(_space(4))
        stretch = QWidget()
        stretch.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.stretch_action = bar.addWidget(stretch)
        self.stale_pill = QToolButton(toolTip=self.tr("Re-run stale results (F7)"))
        self.stale_pill.setObjectName("stalePill")
        bar.addWidget(self.stale_pill)
        self.run_button = QToolButton(text=self.tr("Run"), popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self.run_button.setObjectName("runButton")
        self.run_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.run_button.setMenu(self.run_menu)
        bar.addWidget(self.run_button)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.window.addToolBar(bar)

    def _box(self, name: str, title: str, width: int) -> QComboBox:
        box = ElidedChoice(objectName=name, accessibleName=title, toolTip=title)
        # In a narrow window they give way, so that the button that runs stays in sight.
        box.setMinimumWidth(LEAST_BOX_WIDTH)
        box.setMaximumWidth(WIDEST_BOX)
        box.wanted_width, box.widest = width, WIDEST_BOX
        box.currentIndexChanged.connect(lambda _: box.updateGeometry())
        return box


def _space(width: int) -> QWidget:
    gap = QWidget()
    gap.setFixedWidth(width)
    return gap
