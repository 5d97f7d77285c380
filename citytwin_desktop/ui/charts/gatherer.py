"""Gathering what charts draw, on a thread of its own; the last request counts, and what was gathered is kept."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from citytwin_desktop.document import events
from citytwin_desktop.document.chart_series import CancelledError, Progress
from citytwin_desktop.document.side_document import SideDocument
from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.background import LOOK_EVERY_MS, Worker
from citytwin_desktop.ui.session import Session

KEPT = 24
LONGEST_FAREWELL_S = 5.0
_NOTHING = object()

Call = Callable[[Any, Progress], Any]


class Gatherer(QObject):
    """Asks a document beside the open one, never two things at a time.

    Signals
    -------
    arrived(object, object)
        What was asked for, as it was given to `ask`, and what came of it.
    failed(str)
        A sentence.
    progress(int, int)
        Buildings read, of how many.
    """

    arrived = Signal(object, object)
    failed = Signal(str)
    progress = Signal(int, int)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self._side: SideDocument | None = None
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._worker: Worker | None = None
        self._running: Hashable = None
        self._next: tuple[Hashable, Call] | None = None
        self._cancel = threading.Event()
        self._done = (0, 0)
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        session.event.connect(self._follow)
        session.closed.connect(self.close)

    @property
    def busy(self) -> bool:
        """Whether something is being gathered."""
        return self._worker is not None

    def ask(self, key: Hashable, call: Call) -> bool:
        """Gather something unless it is known; what was asked before is given up.

        Parameters
        ----------
        key : hashable
            Of everything that the answer depends on, apart from the document itself.
        call : callable
            Gets a document of its own and what tells progress; must touch neither widgets nor the open document.

        Returns
        -------
        bool
            Whether it was known: `arrived` has been emitted then.
        """
        if key in self._kept:
            self.cancel()
            self._kept.move_to_end(key)
            self.arrived.emit(key, self._kept[key])
            return True
        if self._running == key and not self._cancel.is_set():
            self._next = None
            return False
        self._cancel.set()
        self._next = (key, call)
        if self._worker is None:
            self._begin()
        return False

    def cancel(self) -> None:
        """Give up what is being gathered."""
        self._cancel.set()
        self._next = None

    def close(self) -> None:
        """Wait for the thread and let go of the file."""
        self.cancel()
        if self._worker is not None:
            self._worker.wait(LONGEST_FAREWELL_S)
        self._timer.stop()
        self._worker, self._side, self._running = None, None, None
        self._kept.clear()

    def _begin(self) -> None:
        document = self.session.document
        if self._next is None or document is None:
            self._timer.stop()
            return
        (key, call), self._next = self._next, None
        if self._side is None:
            self._side = SideDocument(document)
        else:
            self._side.follow(document)
        self._cancel, self._done, self._running = threading.Event(), (0, 0), key
        self._worker = Worker(lambda side=self._side, cancel=self._cancel: self._work(side, cancel, call))
        self._timer.start()

    def _work(self, side: SideDocument, cancel: threading.Event, call: Call) -> Any:
        """On the other thread."""

        def tell(done: int, of: int) -> None:
            if cancel.is_set():
                raise CancelledError
            self._done = (done, of)

        try:
            with side.at_once():
                return call(side, tell)
        except CancelledError:
            return _NOTHING
        finally:
            # The project is closed as one plain file only when nobody else has it open.
            side.rest()

    def _look(self) -> None:
        worker = self._worker
        if worker is None or not worker.finished:
            self.progress.emit(*self._done)
            return
        key, cancelled = self._running, self._cancel.is_set()
        self._worker, self._running = None, None
        self._timer.stop()
        self._begin()
        try:
            value = worker.result()
        except KnownError as error:
            if not cancelled:
                self.failed.emit(str(error))
            return
        if value is not _NOTHING and not cancelled:
            self._keep(key, value)
            self.arrived.emit(key, value)

    def _keep(self, key: Hashable, value: Any) -> None:
        self._kept[key] = value
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _follow(self, event: Any) -> None:
        if not isinstance(event, events.NUMBERS_STAY):
            self._kept.clear()
            # What is being gathered is of what was before.
            self._cancel.set()
            self._running = None
