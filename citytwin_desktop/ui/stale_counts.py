"""What every engine still has to do, kept in step with the document: at once or on a thread, by size."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from citytwin_desktop.document import events
from citytwin_desktop.document.freshness import EngineStatus
from citytwin_desktop.document.side_document import SideDocument
from citytwin_desktop.document.variables import ENGINES
from citytwin_desktop.ui.after_frame import AfterFrame
from citytwin_desktop.ui.background import Background
from citytwin_desktop.ui.long_lived import hand_back_memory, keep_what_is_there

AT_ONCE_BUILDINGS = 250
"""Cities up to this size are counted within a frame, together with the edit that asks for it."""

SETTLE_MS = 300
"""Results come in bunches while an engine runs: they are counted once for each bunch."""

PANELS_FIRST_MS = 250
"""After the frame of an edit come the panels and a smooth frame."""

LONGEST_FAREWELL_S = 3.0


@dataclass(frozen=True)
class Standing:
    """What stands in the store, held against today's inputs.

    Parameters
    ----------
    statuses : mapping of str to EngineStatus
        By engine.
    missing : mapping of str to str or None
        What a run of each engine still needs, one sentence.
    without : int
        Buildings whose energy is neither simulated nor estimated, in a project that has such results at all.
    """

    statuses: Mapping[str, EngineStatus] = field(default_factory=dict)
    missing: Mapping[str, str | None] = field(default_factory=dict)
    without: int = 0


class StaleCounts(QObject):
    """Status of every engine in the active scenario, as last counted; nothing here is worked out when it is read.

    Attributes
    ----------
    counting : bool
        Whether the document has changed since.
    late : bool
        Whether what was counted last came after the change had been told.
    picture_first : AfterFrame
        Holds back what is counted aside.

    Signals
    -------
    changed
        It was counted again, or counting began.
    """

    changed = Signal()

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._session = session
        self._standing = Standing()
        self._side: SideDocument | None = None
        self._work: Background | None = None
        self._reading, self._ended = threading.Lock(), threading.Event()
        self._again, self._kept = False, False
        self._counted: set[str] = set()
        self.counting, self.late = False, False
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.count)
        # The picture first: two threads of Python share one lock, and memory is at its most while it is drawn.
        self.picture_first = AfterFrame(self, self._begin, PANELS_FIRST_MS)
        session.event.connect(self._follow)
        session.closed.connect(self._close)

    def status(self, engine: str) -> EngineStatus:
        """What the store holds for an engine; nothing before it was counted first."""
        return self._standing.statuses.get(engine, EngineStatus())

    def missing(self, engine: str) -> str | None:
        """What a run of an engine still needs, None when it can run or while that is not known."""
        return self._standing.missing.get(engine)

    @property
    def cold(self) -> bool:
        """Whether the active scenario is being counted for the first time: whatever needs its keys waits for them."""
        document = self._session.document
        return document is not None and self.counting and document.active_scenario not in self._counted

    @property
    def stale(self) -> dict[str, int]:
        """Number of stale buildings by engine."""
        return {engine: len(self.status(engine).stale) for engine in ENGINES}

    @property
    def without(self) -> int:
        """Number of buildings that have no result of their energy where others have one, stale ones not counted."""
        return self._standing.without

    def count(self) -> None:
        """Count again, as the document now is."""
        document = self._session.document
        if document is None:
            return
        self._settle.stop()
        if self._work is not None and self._work.running:
            self._again = True
        elif self.picture_first.waiting:
            return
        elif len(document.city.buildings) <= AT_ONCE_BUILDINGS:
            self._tell(self._session.guarded(_counted, document) or self._standing, late=False)
        else:
            self.picture_first.ask()
            self._begin_counting()

    def _follow(self, event: Any) -> None:
        if isinstance(event, events.NUMBERS_STAY):
            return
        if isinstance(event, events.ResultsArrived) and self._session.running:
            if not self._settle.isActive():
                self._settle.start()
            return
        self.count()

    def _begin(self) -> None:
        document, self._again = self._session.document, False
        if document is None:
            return
        if self._side is None:
            self._side = SideDocument(document)
        else:
            self._side.follow(document)
        side, ended = self._side, self._ended
        self._work = Background(self, lambda: self._count_aside(side, ended))
        self._work.done.connect(self._take)
        self._work.failed.connect(self._give_up)
        self._begin_counting()

    def _begin_counting(self) -> None:
        if not self.counting:
            self.counting = True
            self.changed.emit()

    def _count_aside(self, side: SideDocument, ended: threading.Event) -> Standing:
        """On the other thread: first what takes long and needs no file, then what is in the file."""
        district, weather = side.project.district, side.weather
        side.keys.energy(district, weather, side.active_scenario)
        if not ended.is_set():
            side.keys.collectors(district, weather)
        # Nobody may have the file open when the project is closed: it would not become one plain file.
        with self._reading:
            if ended.is_set():
                return Standing()
            try:
                return _counted(side)
            finally:
                side.rest()

    def _take(self, standing: Standing) -> None:
        self._let_go()
        document, side = self._session.document, self._side
        if document is None or side is None:
            return
        document.keys.learn(side.keys)
        self._counted.add(side.active_scenario)
        if not self._kept:
            # Keys and names of a large city, made once: a search for cycles among them stops the window for long.
            self._kept = True
            keep_what_is_there()
            hand_back_memory()
        if self._again:
            # Of what was before the last edit: nothing stale is to be shown as fresh.
            self._begin()
        else:
            self._tell(standing)

    def _give_up(self, sentence: str) -> None:
        self._let_go()
        self._session.problem.emit(sentence)
        self._tell(self._standing)

    def _tell(self, standing: Standing, *, late: bool = True) -> None:
        self._standing, self.counting, self.late = standing, False, late
        self.changed.emit()

    def _close(self) -> None:
        """Forget the document; what is being counted for it stops before it opens the file."""
        self._settle.stop()
        self.picture_first.forget()
        self._ended.set()
        if self._reading.acquire(timeout=LONGEST_FAREWELL_S):
            self._reading.release()
        self._reading, self._ended = threading.Lock(), threading.Event()
        self._let_go()
        self._side, self._again, self._kept, self.counting = None, False, False, False
        self._counted.clear()
        self._standing = Standing()

    def _let_go(self) -> None:
        if self._work is not None:
            self._work.drop()
        self._work = None


def _counted(document: Any) -> Standing:
    scenario = document.active_scenario
    statuses = {engine: document.status(engine, scenario) for engine in ENGINES}
    missing = {engine: document.missing_for(engine, scenario) for engine in ENGINES}
    return Standing(statuses, missing, _without(document, statuses))


def _without(document: Any, statuses: Mapping[str, EngineStatus]) -> int:
    """How many buildings have no result of their energy, none where nobody has asked for any yet."""
    if not any(document.store.keys(engine) for engine in ("energyplus", "estimate")):
        return 0
    return len(statuses["energyplus"].missing & statuses["estimate"].missing)
