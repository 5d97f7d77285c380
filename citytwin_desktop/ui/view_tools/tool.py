"""What the mouse does in the 3D view while a tool is in hand."""

# ruff: noqa: ARG002 - the base takes no event

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPainter


class ViewTool(QObject):
    """Base of all tools; without one a click picks and a drag moves the camera.

    Handlers get Qt's events in the view's logical pixels and return whether they took them: what is not taken goes
    to the camera as always, so that the view can be moved with a tool in hand.

    Parameters
    ----------
    view : CityView
    session : Session

    Signals
    -------
    done
        The tool has finished or was given up: the view puts it away.
    """

    done = Signal()
    cursor = Qt.CursorShape.CrossCursor
    leads_camera = False
    """Whether the tool moves the camera itself, so that nothing else may."""

    hint = ""
    """One line of what to do, shown at the bottom of the view."""

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view)
        self.view, self.session = view, session

    def twin(self, view: Any) -> "ViewTool | None":
        """A tool of the same kind for a view beside this one; `None` when it works in one view alone."""
        return type(self)(view, self.session)

    def begin(self) -> None:
        """Taken in hand."""

    def end(self) -> None:
        """Put away; nothing half-done may stay."""

    def press(self, event: Any) -> bool:
        """A button goes down."""
        return False

    def move(self, event: Any) -> bool:
        """The pointer moves, with or without a button down."""
        return False

    def release(self, event: Any) -> bool:
        """A button comes up."""
        return False

    def double_click(self, event: Any) -> bool:
        """A second click in the same place."""
        return False

    def key(self, event: Any) -> bool:
        """A key goes down while the view has the focus; Escape puts the tool away unless it is taken here."""
        return False

    def paint(self, painter: QPainter) -> None:
        """Draw over the view, in its logical pixels."""
