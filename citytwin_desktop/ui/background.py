"""Work on a thread of its own, and its end told on the thread of the window."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from citytwin_desktop.errors import KnownError

LOOK_EVERY_MS = 20


class Worker:
    """One call on a thread of its own; knows nothing of Qt.

    Parameters
    ----------
    call : callable
        Must touch neither widgets nor the document's state.
    """

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self._value: Any = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="citytwin work", daemon=True)
        self._thread.start()

    @property
    def finished(self) -> bool:
        """Whether the call has come back."""
        return not self._thread.is_alive()

    def result(self) -> Any:
        """What came back, or the exception that ended it."""
        if self._error is not None:
            raise self._error
        return self._value

    def wait(self, seconds: float) -> bool:
        """Wait a little; whether it is finished now."""
        self._thread.join(seconds)
        return self.finished

    def _run(self) -> None:
        try:
            self._value = self._call()
        except BaseException as error:  # noqa: BLE001 - handed on by `result` on the other thread
            self._error = error


class Background(QObject):
    """A worker whose end comes as a signal; dropped together with its parent.

    Parameters
    ----------
    parent : QObject
    call : callable

    Signals
    -------
    done(object)
        What came back.
    failed(str)
        The sentence of a `KnownError`; any other exception is raised in the event loop.
    """

    done = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject, call: Callable[[], Any]) -> None:
        super().__init__(parent)
        self._worker = Worker(call)
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @property
    def running(self) -> bool:
        """Whether the end has not been told yet."""
        return self._timer.isActive()

    def drop(self) -> None:
        """Tell nothing any more; the call itself goes on to its end."""
        self._timer.stop()
        self.deleteLater()

    def _look(self) -> None:
        if not self._worker.finished:
            return
        self._timer.stop()
        try:
            value = self._worker.result()
        except KnownError as error:
            self.failed.emit(str(error))
            return
        self.done.emit(value)
