"""Panels are read after the picture is on the screen, one in each turn of the event loop."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 10
PATIENCE_MS = 300
"""Panels wait no longer than this for a frame: a covered window draws none."""


class PanelTurns(QObject):
    """Keeps what is to be read again until the frame that was asked for is drawn.

    Parameters
    ----------
    workspace : Workspace
    parts : mapping of str to callable
        What reads each part again, in the order in which they come.
    """

    def __init__(self, workspace: Any, parts: Mapping[str, Callable[[], None]]) -> None:
        super().__init__(workspace)
        self._workspace, self._parts = workspace, dict(parts)
        self._wanted: set[str] = set()
        self._frames, self._waited_ms = 0, 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._turn)

    def ask(self, *names: str) -> None:
        """Read parts again once the next frame is drawn; asked twice, they are read once."""
        self._wanted |= set(names)
        self._frames, self._waited_ms = self._workspace.frames_drawn, 0
        self._timer.start(LOOK_EVERY_MS)

    def forget(self) -> None:
        """Read nothing of what was asked for."""
        self._wanted.clear()
        self._timer.stop()

    def _turn(self) -> None:
        if self._awaits_frame():
            self._waited_ms += LOOK_EVERY_MS
            self._timer.start(LOOK_EVERY_MS)
            return
        name = next((name for name in self._parts if name in self._wanted), None)
        if name is None:
            return
        self._wanted.discard(name)
        if self._wanted:
            self._timer.start(0)
        self._parts[name]()

    def _awaits_frame(self) -> bool:
        if self._waited_ms >= PATIENCE_MS or not self._workspace.view.isVisible():
            return False
        return bool(self._workspace.frames_drawn == self._frames)
