"""The Problems list: runs, imports, and what can be simulated; a double click flies there."""

import json
from typing import Any

from PySide6.QtCore import QModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.files import write_bytes
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.building_names import name_of
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.import_report import import_report
from citytwin_desktop.ui.problem_delegate import ProblemDelegate
from citytwin_desktop.ui.problem_model import ICON_NAMES, TITLES, TONES, ProblemModel
from citytwin_desktop.ui.problems import ERROR, INFO, SEVERITIES, WARNING, import_problems, run_problems
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import DARK, Theme

LONGEST_UNFOLDED, MOST_COUNTED = 60, 1000
RUNS, IMPORTS, LIGHT = "Runs", "Import", "Can it be simulated?"


class ProblemsPanel(QWidget):
    """Failures, remarks and doubts in groups; lists only what has changed anew.

    Signals
    -------
    building_wanted(str), place_wanted(object), counted(int)
        A building, or a point [m] in the project's coordinates, to fly to.
    action_wanted(str)
        Id of the action that mends what was double-clicked.
    """

    building_wanted = Signal(str)
    place_wanted = Signal(object)
    counted = Signal(int)
    action_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self._theme: Theme = DARK
        self.model = ProblemModel()
        self.model.name_of = lambda identifier: name_of(session.document, identifier)
        self.tree = self._make_tree()
        self.filters = {severity: self._make_filter(severity) for severity in SEVERITIES}
        self.copy_button, self.save_button = QToolButton(), QToolButton()
        for button, name, tip in (
            (self.copy_button, self.tr("Copy"), self.tr("Copy the selected lines, or all that are listed")),
            (
                self.save_button,
                self.tr("Save report…"),
                self.tr("Save report: what imports did with each object, as JSON"),
            ),
        ):
            button.setToolTip(tip)
            button.setAccessibleName(name)
        self.empty = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.empty.setObjectName("muted")
        self.empty.setContentsMargins(4, 4, 4, 4)
        self.empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._of_imports: tuple[Any, list[Any]] = (None, [])
        self._opened: dict[str, bool] = {}
        self._lay_out()
        self.model.modelReset.connect(self._unfold)
        self.tree.collapsed.connect(lambda index: self._opened.__setitem__(self.model.title(index), False))
        self.tree.expanded.connect(lambda index: self._opened.__setitem__(self.model.title(index), True))
        self.tree.activated.connect(self._activate)
        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self.ask_save)
        session.light.changed.connect(self.refresh)
        session.closed.connect(self._forget)

    @property
    def theme(self) -> Theme:
        """Colours of icons and texts."""
        return self._theme

    @theme.setter
    def theme(self, theme: Theme) -> None:
        self._theme = self.delegate.theme = theme
        self.model.icons = {
            severity: icon(name, theme, getattr(theme, TONES[severity])) for severity, name in ICON_NAMES.items()
        }
        for severity, button in self.filters.items():
            button.setIcon(self.model.icons[severity])
        self.copy_button.setIcon(icon("content-copy", theme))
        self.save_button.setIcon(icon("content-save-outline", theme))
        self.tree.viewport().update()

    def refresh(self) -> None:
        """Collect the problems again."""
        document = self.session.document
        if document is None:
            return
        self.model.set_groups(
            {
                RUNS: run_problems(document, self.session.standing),
                LIGHT: self.session.light.problems(),
                IMPORTS: self._imports(document),
            }
        )
        self._show_counts()

    def show_imports(self) -> None:
        """Bring what imports had to say into sight, notes too where there is nothing else."""
        self.refresh()
        if not self.model.group_index(IMPORTS).isValid():
            self.filters[INFO].setChecked(True)
        index = self.model.group_index(IMPORTS)
        if index.isValid():
            self.tree.expand(index)
            self.tree.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)

    def copy(self) -> None:
        """Copy the selected lines, or all that are listed."""
        chosen = [self.model.problem(index) for index in self.tree.selectionModel().selectedRows()]
        lines = [problem.line for problem in chosen if problem is not None]
        QApplication.clipboard().setText("\n".join(lines or [problem.line for problem in self.model.problems()]))

    def ask_save(self) -> None:
        """Save the report of the imports."""
        path = QFileDialog.getSaveFileName(self, self.tr("Save report"), "import-report.json", "JSON (*.json)")[0]
        if path:
            self.session.guarded(self.save, path)

    def save(self, path: str) -> None:
        """Write the report of the imports that stand, as ``citytwin import --report`` does.

        Raises
        ------
        KnownError
            When the file cannot be written.
        """
        from pathlib import Path

        content = import_report(self.session.document)
        if not content["items"] and not content["totals"]["kept"]:
            raise KnownError(self.tr("Nothing was imported into this project: there is no report to save."))
        write_bytes(Path(path), json.dumps(content, indent=1, ensure_ascii=False).encode())
        self.session.notice.emit(self.tr("Report saved to “{}”.").format(Path(path).name))

    def _imports(self, document: Any) -> list[Any]:
        """Remarks of imports, read again only when another import came."""
        sources = document.city.metadata.get("sources")
        if self._of_imports[0] is not sources or sources is None:
            self._of_imports = (sources, import_problems(document))
        return self._of_imports[1]

    def _forget(self) -> None:
        self._of_imports = (None, [])
        self.model.set_groups({})

    def _unfold(self) -> None:
        """Open the groups as the user left them; long ones wait until they are asked for."""
        for row in range(self.model.rowCount()):
            index = self.model.index(row, 0)
            short = self.model.rowCount(index) <= LONGEST_UNFOLDED
            with QSignalBlocker(self.tree):
                self.tree.setExpanded(index, self._opened.get(self.model.title(index), short))

    def _show_counts(self) -> None:
        counts = self.model.counts()
        for severity, button in self.filters.items():
            exact = number_text(counts[severity], 9)
            button.setText(exact if counts[severity] < MOST_COUNTED else f"{MOST_COUNTED - 1}+")
            button.setToolTip(f"{self.tr(TITLES[severity])}: {exact}")
            button.setEnabled(counts[severity] > 0)
        listed = self.model.rowCount() > 0
        self.tree.setVisible(listed)
        self.empty.setVisible(not listed)
        self.empty.setText(self._empty_words(counts))
        self.bar.setVisible(any(counts.values()))
        self.counted.emit(counts[ERROR] + counts[WARNING])

    def _empty_words(self, counts: dict[str, int]) -> str:
        if any(counts.values()):
            return self.tr("Nothing of the chosen kinds. The buttons above choose what is listed.")
        return self.tr(
            "Failed runs, remarks of imports and buildings that cannot be simulated are listed here. Nothing to report."
        )

    def _filter(self) -> None:
        self.model.show_severities(frozenset(name for name, button in self.filters.items() if button.isChecked()))
        self._show_counts()

    def _activate(self, index: QModelIndex) -> None:
        problem = self.model.problem(index)
        if problem is None:
            return
        if problem.action:
            self.action_wanted.emit(problem.action)
        elif problem.object in self.session.document.city.buildings:
            self.building_wanted.emit(problem.object)
        elif problem.point is not None:
            self.place_wanted.emit(problem.point)

    def _make_tree(self) -> QTreeView:
        tree = QTreeView(objectName="problemList", headerHidden=True, rootIsDecorated=True)
        tree.setAccessibleName(self.tr("Problems"))
        tree.setModel(self.model)
        tree.setIndentation(12)
        tree.setMouseTracking(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # By rows: by pixels Qt would measure every line of the list before it draws the first.
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.delegate = ProblemDelegate(tree, self._theme)
        tree.setItemDelegate(self.delegate)
        return tree

    def _make_filter(self, severity: str) -> QToolButton:
        button = QToolButton(checkable=True, checked=severity in self.model.shown)
        button.setObjectName("severity")
        button.setProperty("severity", severity)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(14, 14))
        button.setToolTip(self.tr(TITLES[severity]))
        button.setAccessibleName(self.tr(TITLES[severity]))
        button.toggled.connect(self._filter)
        return button

    def _lay_out(self) -> None:
        self.bar = QWidget()
        line = QHBoxLayout(self.bar)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        for button in self.filters.values():
            line.addWidget(button)
        line.addStretch(1)
        line.addWidget(self.copy_button)
        line.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addWidget(self.empty)
        layout.addWidget(self.tree, 1)
        layout.addStretch(0)
