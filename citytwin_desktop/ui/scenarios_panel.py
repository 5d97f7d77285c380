"""The scenarios and what they assign."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from citytwin_desktop.ui.session import Session


class ScenariosPanel(QWidget):
    """One line each; a click makes it the active one, typing renames it.

    Signals
    -------
    add_wanted
    """

    add_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.list = QListWidget(objectName="scenarioList", accessibleName=self.tr("Scenarios"))
        self.summary = QLabel(wordWrap=True)
        self.summary.setObjectName("muted")
        self.add = QPushButton(self.tr("Add scenario…"))
        self.remove = QPushButton(self.tr("Remove"))
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.summary)
        layout.addLayout(buttons)
        self.list.currentItemChanged.connect(self._activate)
        self.list.itemChanged.connect(self._rename)
        self.add.clicked.connect(self.add_wanted)
        self.remove.clicked.connect(self._remove)

    def refresh(self) -> None:
        """Read the scenarios again."""
        document = self.session.document
        if document is None:
            return
        self.list.blockSignals(True)
        self.list.clear()
        for scenario in document.scenarios:
            item = QListWidgetItem(scenario.name)
            item.setData(Qt.ItemDataRole.UserRole, scenario.id)
            if scenario.id != document.scenarios[0].id and not document.read_only:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.list.addItem(item)
            if scenario.id == document.active_scenario:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._summarise()

    def _summarise(self) -> None:
        document = self.session.document
        scenario = document.scenario(document.active_scenario)
        counts: dict[str, int] = {}
        for package_id in scenario.assignments.values():
            counts[package_id] = counts.get(package_id, 0) + 1
        names = {package.id: package.name for package in document.packages()}
        lines = [self.tr("{} on {} buildings").format(names.get(key, key), count) for key, count in counts.items()]
        first = scenario.id == document.scenarios[0].id
        hint = (
            self.tr("The city as it is.")
            if first
            else self.tr("Select buildings and assign a package in the inspector.")
        )
        self.summary.setText("\n".join(lines) or hint)
        self.remove.setEnabled(not first and not document.read_only)
        self.add.setEnabled(not document.read_only)

    def _activate(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.session.set_scenario(item.data(Qt.ItemDataRole.UserRole))

    def _rename(self, item: QListWidgetItem) -> None:
        self.session.execute("rename_scenario", scenario_id=item.data(Qt.ItemDataRole.UserRole), name=item.text())

    def _remove(self) -> None:
        self.session.execute("remove_scenario", scenario_id=self.session.document.active_scenario)
