"""Work that waits until the picture that was asked for is on the screen."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 10
PATIENCE_MS = 300
"""Nothing waits longer than this for a frame: a covered window draws none."""


class AfterFrame(QObject):
    """Calls something once the next frame is drawn, soon where nothing is drawn at all.

    Parameters
    ----------
    parent : QObject
    call : callable
    rest_ms : int
        How long after the frame.

    Attributes
    ----------
    workspace : Workspace or None
        Whose frames are waited for.
    """

    def __init__(self, parent: QObject, call: Callable[[], None], rest_ms: int = 0) -> None:
        super().__init__(parent)
        self.workspace: Any = None
        self._frames, self._waited_ms = 0, 0
        self._timer = QTimer(self, singleShot=True, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._rest = QTimer(self, singleShot=True, interval=rest_ms)
        self._rest.timeout.connect(call)

    @property
    def waiting(self) -> bool:
        """Whether the call is still to come."""
        return self._timer.isActive() or self._rest.isActive()

    def ask(self) -> None:
        """Call after the next frame from now on."""
        self._frames, self._waited_ms = self._drawn(), 0
        self._rest.stop()
        self._timer.start()

    def forget(self) -> None:
        """Do not call."""
        self._timer.stop()
        self._rest.stop()

    def _look(self) -> None:
        self._waited_ms += LOOK_EVERY_MS
        patient = self._waited_ms < PATIENCE_MS
        if patient and self.workspace is not None and self.workspace.view.isVisible() and self._drawn() == self._frames:
            self._timer.start()
            return
        self._rest.start()

    def _drawn(self) -> int:
        return 0 if self.workspace is None else int(self.workspace.frames_drawn)
