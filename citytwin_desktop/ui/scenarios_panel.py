"""The scenarios and what they assign."""

from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.compare_delta import delta_of, delta_tip
from citytwin_desktop.ui.numbers import counted
from citytwin_desktop.ui.scenario_rows import COUNT_ROLE, DELTA_ROLE, ID_ROLE, LETTER_ROLE, ScenarioDelegate
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.tool_tips import plain_tip
from citytwin_desktop.ui.variables import VARIABLES

DELTAS_AFTER_MS = 60
"""The picture first: differences to the baseline are read when its frame is on the screen."""


class ScenariosPanel(QWidget):
    """Two or three lines each; a click makes it the active one, typing renames it.

    Signals
    -------
    add_wanted, assign_wanted
    """

    add_wanted = Signal()
    assign_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.list = QListWidget(objectName="scenarioList", accessibleName=self.tr("Scenarios"))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setMouseTracking(True)
        self.delegate = ScenarioDelegate(self.list)
        self.list.setItemDelegate(self.delegate)
        self.summary = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.summary.setObjectName("muted")
        self.add = QPushButton(self.tr("Add scenario…"))
        self.duplicate = QPushButton(self.tr("Duplicate"))
        self.compare = QPushButton(self.tr("Compare"))
        self.remove = QPushButton(self.tr("Remove"))
        self.compare.setToolTip(self.tr("Hold the active scenario against the baseline, side by side"))
        self._lay_out()
        self._deltas = QTimer(self, singleShot=True, interval=DELTAS_AFTER_MS)
        self._deltas.timeout.connect(self.show_deltas)
        self.list.currentItemChanged.connect(self._activate)
        self.list.itemChanged.connect(self._rename)
        self.list.customContextMenuRequested.connect(self._menu)
        self.add.clicked.connect(self.add_wanted)
        self.duplicate.clicked.connect(lambda: self.copy_of(session.document.active_scenario))
        self.compare.clicked.connect(lambda: session.comparison.set_mode(session.comparison.mode))
        self.remove.clicked.connect(self._remove)
        session.view_changed.connect(self._view_changed)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self.delegate.theme = theme
        self.list.viewport().update()

    def refresh(self) -> None:
        """Read the scenarios again."""
        document = self.session.document
        if document is None:
            return
        self.list.blockSignals(True)
        self.list.clear()
        for scenario in document.scenarios:
            item = QListWidgetItem(scenario.name)
            item.setData(ID_ROLE, scenario.id)
            count = len(scenario.assignments)
            words = self.tr("Packages on {}").format(counted(count)) if count else self.tr("As it is")
            item.setData(COUNT_ROLE, (count, words))
            item.setToolTip(plain_tip(f"{scenario.name}. {words}"))
            if scenario.id != document.scenarios[0].id and not document.read_only:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.list.addItem(item)
            if scenario.id == document.active_scenario:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._summarise()
        self._mark_pair()
        self._deltas.start()

    def show_deltas(self) -> None:
        """Tell what each scenario does to the painted variable, where it and the baseline have results."""
        document = self.session.document
        if document is None:
            return
        base = document.scenarios[0].id
        self.list.blockSignals(True)
        for item in self._items():
            delta = self._delta(item.data(ID_ROLE), base) if self.isVisible() else None
            item.setData(DELTA_ROLE, delta.words if delta is not None else "")
            if delta is not None:
                item.setToolTip(plain_tip(delta_tip(self.session, delta)))
        self.list.blockSignals(False)
        self.list.scheduleDelayedItemsLayout()  # a row with a difference is one line higher

    def showEvent(self, event: Any) -> None:
        """Differences are read when they can be seen."""
        super().showEvent(event)
        self._deltas.start()

    def copy_of(self, scenario_id: str) -> None:
        """Make a scenario with the same packages, and let its name be typed."""
        document = self.session.document
        name, taken = document.scenario(scenario_id).name, {scenario.name for scenario in document.scenarios}
        names = [self.tr("{} copy").format(name), *(self.tr("{} copy {}").format(name, k) for k in range(2, 999))]
        free = next(item for item in names if item not in taken)
        before = {scenario.id for scenario in document.scenarios}
        if self.session.execute("add_scenario", name=free, parent_id=scenario_id) is None:
            return
        self.session.set_scenario(next(item.id for item in document.scenarios if item.id not in before))
        self.refresh()
        self.list.editItem(self.list.currentItem())

    def _delta(self, scenario_id: str, base: str) -> Any:
        if scenario_id == base or self.session.variable not in VARIABLES:
            return None
        try:
            return delta_of(self.session, scenario_id, base)
        except KnownError:
            return None

    def _view_changed(self) -> None:
        self._mark_pair()
        self._deltas.start()

    def _mark_pair(self) -> None:
        comparison, document = self.session.comparison, self.session.document
        letters = dict(zip(comparison.pair, "AB", strict=True)) if document is not None and comparison.active else {}
        self.list.blockSignals(True)
        for item in self._items():
            item.setData(LETTER_ROLE, letters.get(item.data(ID_ROLE), ""))
        self.list.blockSignals(False)
        self.compare.setEnabled(document is not None and len(document.scenarios) > 1 and not comparison.active)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(place) for place in range(self.list.count())]

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
        self.duplicate.setEnabled(not document.read_only)

    def _menu(self, place: QPoint) -> None:
        item, document = self.list.itemAt(place), self.session.document
        if item is None or document is None:
            return
        scenario_id, active = item.data(ID_ROLE), item.data(ID_ROLE) == document.active_scenario
        menu, writable = QMenu(self), not document.read_only
        first = scenario_id == document.scenarios[0].id
        for text, run, enabled in (
            (self.tr("Compare with the active one"), lambda: self.session.comparison.choose(scenario_id), not active),
            (self.tr("Rename"), lambda: self.list.editItem(item), writable and not first),
            (self.tr("Duplicate"), lambda: self.copy_of(scenario_id), writable),
            (self.tr("Assign package…"), self.assign_wanted.emit, writable and active),
            (self.tr("Remove"), lambda: self.session.execute("remove_scenario", scenario_id=scenario_id),
             writable and not first),
        ):  # fmt: skip
            menu.addAction(text, run).setEnabled(enabled)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.viewport().mapToGlobal(place))

    def _activate(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.session.set_scenario(item.data(ID_ROLE))

    def _rename(self, item: QListWidgetItem) -> None:
        if self.session.execute("rename_scenario", scenario_id=item.data(ID_ROLE), name=item.text()) is None:
            self.refresh()

    def _remove(self) -> None:
        self.session.execute("remove_scenario", scenario_id=self.session.document.active_scenario)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.summary)
        for pair in ((self.add, self.duplicate), (self.compare, self.remove)):
            line = QHBoxLayout()
            line.setSpacing(8)
            for button in pair:
                line.addWidget(button, 1)
            layout.addLayout(line)
