"""Failed and missing things, one line each; a double click flies there."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from citytwin_desktop.document.checks import doubts
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import DARK, Theme
from citytwin_desktop.ui.tool_tips import plain_tip
from citytwin_desktop.ui.variables import ENGINES

MENDING_ROLE = Qt.ItemDataRole.UserRole + 1
MENDING = {
    "No weather": "file.weather",
    "No archetypes": "model.enrich",
    "No buildings": "file.open_city",
    "The project is open read-only": "file.copy",
}
"""Action by the beginning of the document's sentence on what a run still needs."""


class ProblemsPanel(QWidget):
    """Failures of the engines in the active scenario, what keeps them from running, and doubtful assumptions.

    Signals
    -------
    building_wanted(str), counted(int)
    action_wanted(str)
        Id of the action that mends what was double-clicked.
    """

    building_wanted = Signal(str)
    counted = Signal(int)
    action_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.theme: Theme = DARK
        self.list = QListWidget(objectName="problemList", accessibleName=self.tr("Problems"), wordWrap=True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.empty = QLabel(
            self.tr("Failed runs and doubtful buildings are listed here. Nothing to report."), wordWrap=True
        )
        self.empty.setObjectName("muted")
        self.empty.setContentsMargins(4, 4, 4, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.empty)
        layout.addWidget(self.list, 1)
        layout.addStretch(0)
        self.empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.list.itemActivated.connect(self._activate)

    def refresh(self) -> None:
        """Collect the problems again."""
        self.list.clear()
        document = self.session.document
        if document is None:
            return
        missing: dict[str, list[str]] = {}
        for engine, title in ENGINES.items():
            # That collectors wait for the sun is the order of things, not a problem; the inspector says it.
            if engine == "collectors":
                continue
            if (sentence := document.missing_for(engine, document.active_scenario)) and len(document.city.buildings):
                missing.setdefault(sentence, []).append(title)
        for sentence, titles in missing.items():
            self._add(f"{', '.join(titles)}: {sentence}", sentence, self.theme.stale, "alert-outline", MENDING_ROLE)
        for sentence in doubts(document):
            self._add(sentence, "", self.theme.stale, "alert-outline")
        for engine in ENGINES:
            for name, sentence in document.status(engine, document.active_scenario).failed.items():
                self._add(f"{name}: {sentence}", name, self.theme.failed, "close-circle-outline")
        count = self.list.count()
        self.list.setVisible(count > 0)
        self.empty.setVisible(count == 0)
        self.counted.emit(count)

    def _add(self, text: str, key: str, colour: str, name: str, role: int = Qt.ItemDataRole.UserRole) -> None:
        item = QListWidgetItem(icon(name, self.theme, colour), text)
        item.setData(role, key)
        item.setForeground(QColor(self.theme.text))
        item.setToolTip(plain_tip(text))
        self.list.addItem(item)

    def _activate(self, item: QListWidgetItem) -> None:
        building_id = item.data(Qt.ItemDataRole.UserRole)
        sentence = str(item.data(MENDING_ROLE) or "")
        if building_id:
            self.building_wanted.emit(building_id)
        for start, action in MENDING.items():
            if sentence.startswith(start):
                self.action_wanted.emit(action)
