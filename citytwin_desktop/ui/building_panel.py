"""The left panel's list of buildings: a tree, and saved selections under it."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from citytwin_desktop.document import events
from citytwin_desktop.ui.building_tree import GROUPINGS, BuildingTree
from citytwin_desktop.ui.select_saved import SavedSelections
from citytwin_desktop.ui.theme import Theme


class BuildingPanel(QWidget):
    """All buildings, grouped, and what was kept of them.

    Parameters
    ----------
    session : Session
    theme : Theme
    """

    def __init__(self, session: Any, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.tree, self.saved = BuildingTree(session), SavedSelections(session, theme)
        self.grouping = QComboBox(objectName="treeGrouping", accessibleName=self.tr("Group buildings by"))
        self.grouping.setToolTip(self.tr("Group buildings by"))
        for name, title in GROUPINGS.items():
            self.grouping.addItem(self.tr(title), name)
        top = QWidget()
        line = QVBoxLayout(top)
        line.setContentsMargins(8, 8, 8, 4)
        line.addWidget(self.grouping)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(top)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.saved)
        self.grouping.activated.connect(lambda _: self.tree.group_by(self.grouping.currentData()))

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        self.tree.set_theme(theme)
        self.saved.set_theme(theme)

    def reload(self) -> None:
        """Another project, or other buildings."""
        self.tree.reload()
        self.saved.refresh()

    def follow(self, event: Any) -> None:
        """Follow one of the document's events."""
        if isinstance(event, events.CityChanged):
            self.reload()
        elif isinstance(event, events.SelectionChanged):
            self.tree.follow_selection()
            self.saved.save.setEnabled(bool(event.ids) and not self.session.document.read_only)
        elif isinstance(event, events.BuildingsChanged):
            self.tree.follow_edit(event.columns)
        elif isinstance(event, events.NamedChanged):
            self.saved.refresh()
