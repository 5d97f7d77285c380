"""Actions as data: menus, toolbar and shortcuts are built from tables."""

from collections.abc import Iterable
from operator import attrgetter

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from citytwin_desktop.ui.action_spec import ActionSpec
from citytwin_desktop.ui.action_tables import (
    charts,
    comparing,
    edit,
    explain,
    files,
    finding,
    helping,
    look,
    model,
    painting,
    run,
    scenario,
    select,
    selecting,
    shaping,
    view,
    window,
)
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.theme import Theme

_FIRST = (files, edit, finding, view, look, painting, select, selecting, model, shaping)
_TABLES = (*_FIRST, run, scenario, comparing, window, charts, explain, helping)
ACTIONS: tuple[ActionSpec, ...] = tuple(spec for part in _TABLES for spec in part.ACTIONS)
"""Every action, menu by menu in the order of the tables."""

TOOLBAR: tuple[str, ...] = (
    "view.home",
    "file.open_project",
    "file.open_city",
    "",
    "edit.undo",
    "edit.redo",
    "",
    "select.box",
    "select.lasso",
    "shape.draw",
    "",
    "view.selection",
    "view.isolate",
    "view.hide",
    "view.show_all",
    "",
)
"""Identifiers in order; an empty one is a separator."""


class ActionSet:
    """The QActions of one window, made from the table.

    Parameters
    ----------
    window : QObject
        Has a method for each spec's ``run``.
    specs : iterable of ActionSpec
    """

    def __init__(self, window: QObject, specs: Iterable[ActionSpec] = ACTIONS) -> None:
        self.specs = {spec.id: spec for spec in specs}
        self.actions = {spec.id: self._make(window, spec) for spec in self.specs.values()}

    def __getitem__(self, identifier: str) -> QAction:
        return self.actions[identifier]

    def set_theme(self, theme: Theme) -> None:
        """Draw all icons in the theme's colour."""
        for identifier, spec in self.specs.items():
            if spec.icon:
                self.actions[identifier].setIcon(icon(spec.icon, theme))

    def enable(self, conditions: frozenset[str]) -> None:
        """Enable what has all that it needs."""
        for identifier, spec in self.specs.items():
            self.actions[identifier].setEnabled(conditions.issuperset(spec.needs))

    def _make(self, window: QObject, spec: ActionSpec) -> QAction:
        action = QAction(window.tr(spec.text), window)
        action.setObjectName(spec.id)
        action.setCheckable(spec.checkable)
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut, QKeySequence.SequenceFormat.PortableText))
            action.setToolTip(f"{spec.text.rstrip('…')}  ({action.shortcut().toString()})")
        # Looked up when it is triggered: controllers are made after the actions that name them.
        method, arguments = attrgetter(spec.run), (spec.argument,) if spec.argument else ()
        action.triggered.connect(lambda *_: method(window)(*arguments))
        window.addAction(action)
        return action
