"""The Problems list as a tree of groups and lines, read from plain lists, however long they are."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QIcon

from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.problems import ERROR, INFO, SEVERITIES, WARNING, Problem
from citytwin_desktop.ui.tool_tips import plain_tip

PROBLEM_ROLE, NAME_ROLE = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
NO_PARENT = QModelIndex()


class ProblemModel(QAbstractItemModel):
    """Groups of problems, those of unwanted severities left out.

    Attributes
    ----------
    shown : frozenset of str
        Severities that are listed.
    icons : dict of str to QIcon
        By severity.
    name_of : callable
        What the inspector calls an object, by its identifier; asked for lines in sight alone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.shown: frozenset[str] = frozenset({ERROR, WARNING})
        self.icons: dict[str, QIcon] = {}
        self.name_of: Callable[[str], str] = str
        self._groups: dict[str, Sequence[Problem]] = {}
        self._visible: list[tuple[str, list[Problem]]] = []

    def set_groups(self, groups: Mapping[str, Sequence[Problem]]) -> None:
        """List other problems, by title of their group."""
        if dict(groups) == self._groups:
            return
        self._groups = dict(groups)
        self._rebuild()

    def show_severities(self, shown: frozenset[str]) -> None:
        """List other severities."""
        if shown != self.shown:
            self.shown = shown
            self._rebuild()

    def counts(self) -> dict[str, int]:
        """Number of problems by severity, shown or not."""
        found = Counter(problem.severity for group in self._groups.values() for problem in group)
        return {severity: found[severity] for severity in SEVERITIES}

    def problems(self) -> list[Problem]:
        """All that are listed, in their order."""
        return [problem for _, group in self._visible for problem in group]

    def group_index(self, title: str) -> QModelIndex:
        """Heading of a group; an invalid index when nothing is listed in it."""
        place = next((row for row, (name, _) in enumerate(self._visible) if name == title), -1)
        return self.index(place, 0) if place >= 0 else NO_PARENT

    def title(self, index: QModelIndex) -> str:
        """Title of the group of a heading."""
        return self._visible[index.row()][0]

    def problem(self, index: QModelIndex) -> Problem | None:
        """The problem of a line, None for a heading."""
        if not index.isValid() or index.internalId() == 0:
            return None
        return self._visible[index.internalId() - 1][1][index.row()]

    def index(self, row: int, column: int, parent: QModelIndex = NO_PARENT) -> QModelIndex:
        """Headings have the internal id 0, lines the place of their group from 1."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: QModelIndex = NO_PARENT) -> Any:
        """Heading of a line."""
        if not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        """Groups, or lines of a group."""
        if not parent.isValid():
            return len(self._visible)
        return len(self._visible[parent.row()][1]) if parent.internalId() == 0 else 0

    def columnCount(self, parent: QModelIndex = NO_PARENT) -> int:  # noqa: ARG002 - Qt asks with it
        """One."""
        return 1

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, icon, tool tip with the identifier, and for the delegate the name and the problem itself."""
        problem = self.problem(index)
        if problem is None:
            return self._heading(index, role)
        if role == NAME_ROLE:
            return self.name_of(problem.object)
        if role == Qt.ItemDataRole.DisplayRole:
            return problem.line_of(self.name_of(problem.object))
        if role == Qt.ItemDataRole.DecorationRole:
            return self.icons.get(problem.severity)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return plain_tip(problem.tip)
        return problem if role == PROBLEM_ROLE else None

    def _heading(self, index: QModelIndex, role: int) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or not index.isValid():
            return None
        title, problems = self._visible[index.row()]
        return f"{title}  ·  {number_text(len(problems), 9)}"

    def _rebuild(self) -> None:
        self.beginResetModel()
        listed = (
            (title, [problem for problem in group if problem.severity in self.shown])
            for title, group in self._groups.items()
        )
        self._visible = [(title, problems) for title, problems in listed if problems]
        self.endResetModel()


TITLES = {ERROR: "Errors", WARNING: "Warnings", INFO: "Notes"}
ICON_NAMES = {ERROR: "close-circle-outline", WARNING: "alert-outline", INFO: "information-outline"}
TONES = {ERROR: "failed", WARNING: "stale", INFO: "muted"}
