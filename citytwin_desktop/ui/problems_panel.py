"""Failed and missing things, one line each; a double click flies there."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import DARK, Theme
from citytwin_desktop.ui.variables import ENGINES


class ProblemsPanel(QWidget):
    """Failures of the engines in the active scenario, and what keeps them from running.

    Signals
    -------
    building_wanted(str), counted(int)
    """

    building_wanted = Signal(str)
    counted = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.theme: Theme = DARK
        self.list = QListWidget(objectName="problemList", accessibleName=self.tr("Problems"), wordWrap=True)
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
        self.list.itemDoubleClicked.connect(self._activate)

    def refresh(self) -> None:
        """Collect the problems again."""
        self.list.clear()
        document = self.session.document
        if document is None:
            return
        for engine, title in ENGINES.items():
            missing = document.missing_for(engine, document.active_scenario)
            if missing and len(document.city.buildings):
                self._add(f"{title}: {missing}", "", self.theme.stale, "alert-outline")
            for name, sentence in document.status(engine, document.active_scenario).failed.items():
                self._add(f"{name}: {sentence}", name, self.theme.failed, "close-circle-outline")
        count = self.list.count()
        self.list.setVisible(count > 0)
        self.empty.setVisible(count == 0)
        self.counted.emit(count)

    def _add(self, text: str, building_id: str, colour: str, name: str) -> None:
        item = QListWidgetItem(icon(name, self.theme, colour), text)
        item.setData(Qt.ItemDataRole.UserRole, building_id)
        item.setForeground(QColor(self.theme.text))
        item.setToolTip(text)
        self.list.addItem(item)

    def _activate(self, item: QListWidgetItem) -> None:
        building_id = item.data(Qt.ItemDataRole.UserRole)
        if building_id:
            self.building_wanted.emit(building_id)
