"""Panels are read after the picture is on the screen, one in each turn of the event loop."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer

from citytwin_desktop.ui.after_frame import AfterFrame


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
        self._parts = dict(parts)
        self._wanted: set[str] = set()
        self._first = AfterFrame(self, self._turn)
        self._first.workspace = workspace
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._turn)

    @property
    def waiting(self) -> bool:
        """Whether a part is still to be read."""
        return bool(self._wanted)

    def ask(self, *names: str) -> None:
        """Read parts again once the next frame is drawn; asked twice, they are read once."""
        self._wanted |= set(names)
        self._next.stop()
        self._first.ask()

    def forget(self) -> None:
        """Read nothing of what was asked for."""
        self._wanted.clear()
        self._first.forget()
        self._next.stop()

    def _turn(self) -> None:
        name = next((name for name in self._parts if name in self._wanted), None)
        if name is None:
            return
        self._wanted.discard(name)
        if self._wanted:
            self._next.start()
        self._parts[name]()
