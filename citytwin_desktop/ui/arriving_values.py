"""What is painted while results arrive in a large city: read on a thread, the picture before it stays until then."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from citytwin_desktop.document.side_document import SideDocument
from citytwin_desktop.ui.background import Background
from citytwin_desktop.ui.stale_counts import AT_ONCE_BUILDINGS, LONGEST_FAREWELL_S

Call = Callable[[Any], Any]
"""Gives a value that is painted, from a document of the thread's own."""


class ArrivingValues(QObject):
    """Reads some values again, and once more where results have arrived in between.

    Parameters
    ----------
    session : Session
    wanted : callable
        What is to be read: calls by key.

    Signals
    -------
    read(Mapping)
        Values by key, of the document as it is.
    """

    read = Signal(object)

    def __init__(self, session: Any, wanted: Callable[[], Mapping[Any, Call]]) -> None:
        super().__init__(session)
        self._session, self._wanted = session, wanted
        self._side: SideDocument | None = None
        self._work: Background | None = None
        self._reading, self._ended = threading.Lock(), threading.Event()
        self._again = False

    @property
    def worthwhile(self) -> bool:
        """Whether reading takes longer than the window may stand still."""
        document = self._session.document
        return document is not None and len(document.city.buildings) > AT_ONCE_BUILDINGS

    def ask(self) -> None:
        """Read what is painted again, as soon as what is being read is done."""
        if self._work is not None:
            self._again = True
            return
        document, calls = self._session.document, self._wanted()
        if document is None or not calls:
            return
        if self._side is None:
            self._side = SideDocument(document)
        else:
            self._side.follow(document)
        side, ended = self._side, self._ended
        self._work = Background(self, lambda: self._read(side, ended, calls))
        self._work.done.connect(self._take)
        self._work.failed.connect(self._give_up)

    def close(self) -> None:
        """Forget the document; what is being read for it stops before it opens the file."""
        self._ended.set()
        if self._reading.acquire(timeout=LONGEST_FAREWELL_S):
            self._reading.release()
        self._reading, self._ended = threading.Lock(), threading.Event()
        self._let_go()
        self._side, self._again = None, False

    def _read(self, side: SideDocument, ended: threading.Event, calls: Mapping[Any, Call]) -> Mapping[Any, Any]:
        """On the other thread."""
        with self._reading:
            found: dict[Any, Any] = {}
            if ended.is_set():
                return found
            try:
                with side.at_once():
                    for key, call in calls.items():
                        found[key] = call(side)
                return found
            finally:
                side.rest()

    def _take(self, values: Mapping[Any, Any]) -> None:
        self._let_go()
        document, side = self._session.document, self._side
        if document is None or side is None:
            return
        edited = side.project.district is not document.project.district
        if values and not edited:
            self.read.emit(values)
        if self._again or edited:
            self._again = False
            self.ask()

    def _give_up(self, sentence: str) -> None:
        self._let_go()
        self._session.problem.emit(sentence)

    def _let_go(self) -> None:
        if self._work is not None:
            self._work.drop()
        self._work = None
