"""What a command would do, worked out a moment after the last change of what it is given."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from citytwin_desktop.city.changes import Change, InsertBuildings, ReplaceSurfaces, SetFrame
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.background import Background
from citytwin_desktop.ui.session import Session

WAIT_MS = 25
AT_ONCE_BUILDINGS = 3000
"""Above this many buildings a command is worked out on a thread."""


class Proposal(QObject):
    """The last question asked is answered; those before are dropped.

    Parameters
    ----------
    parent : QObject
    session : Session

    Signals
    -------
    known
        `prepared` or `problem` is there.

    Attributes
    ----------
    prepared : PreparedCommand or None
    problem : str
        Why the command refuses, empty when it does not.
    """

    known = Signal()

    def __init__(self, parent: QObject, session: Session) -> None:
        super().__init__(parent)
        self._session = session
        self.prepared: Any = None
        self.problem = ""
        self._wanted: tuple[str, dict[str, Any]] | None = None
        self._asked: Background | None = None
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._ask)

    def ask(self, command: str, parameters: Mapping[str, Any]) -> None:
        """Work out what a command would do, soon."""
        self._wanted = (command, dict(parameters))
        if not self._timer.isActive():
            self._timer.start()

    def forget(self) -> None:
        """No question any more, and no answer."""
        self._timer.stop()
        self._wanted, self.prepared, self.problem = None, None, ""

    @property
    def pending(self) -> bool:
        """Whether the last question still waits for its answer."""
        return self._timer.isActive() or (self._asked is not None and self._asked.running)

    def polygons(self) -> Polygons:
        """Surfaces that would be new."""
        return new_polygons(self.prepared.preparation.changes) if self.prepared is not None else Polygons.empty()

    def _ask(self) -> None:
        document = self._session.document
        if self._wanted is None or document is None:
            return
        if self._asked is not None and self._asked.running:
            self._timer.start()
            return
        (command, parameters), self._wanted = self._wanted, None
        if len(document.city.buildings) > AT_ONCE_BUILDINGS:
            self._asked = Background(self, lambda: document.prepare(command, **parameters))
            self._asked.done.connect(lambda prepared: self._answer(prepared, ""))
            self._asked.failed.connect(lambda sentence: self._answer(None, sentence))
            return
        try:
            self._answer(document.prepare(command, **parameters), "")
        except KnownError as error:
            self._answer(None, str(error))

    def _answer(self, prepared: Any, problem: str) -> None:
        self.prepared, self.problem = prepared, problem
        self.known.emit()


def new_polygons(changes: tuple[Change, ...]) -> Polygons:
    """Surfaces that changes would bring: of new buildings, of buildings with other surfaces, and of trees."""
    parts = [change.fragment.surfaces.polygons for change in changes if isinstance(change, InsertBuildings)]
    parts += [change.after.polygons for change in changes if isinstance(change, ReplaceSurfaces)]
    for change in changes:
        if isinstance(change, SetFrame):
            before = sum(len(layer.polygons) for layer in change.before.context if layer.kind is ContextKind.TREE)
            trees = [layer.polygons for layer in change.after.context if layer.kind is ContextKind.TREE]
            whole = Polygons.concatenate(trees)
            parts.append(whole.take(np.arange(min(before, len(whole)), len(whole))))
    return Polygons.concatenate(parts)


def new_identifiers(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """Identifiers of buildings that changes would bring."""
    inserted = [change.fragment.buildings.ids for change in changes if isinstance(change, InsertBuildings)]
    return tuple(str(name) for ids in inserted for name in ids)
