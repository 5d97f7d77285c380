"""Tools in two views: whichever the pointer is over has the tool that is in hand."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication

_MOUSE = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
    }
)


class TwinTools(QObject):
    """Gives the second view a tool like the one in hand in the first; one ends with the other.

    Only the tool of the view that the pointer or the keyboard is in shows anything.

    Parameters
    ----------
    first, second : CityView
    """

    def __init__(self, first: Any, second: Any) -> None:
        super().__init__(second)
        self.first, self.second = first, second
        self._giving = False
        first.tool_changed.connect(self._follow)
        second.tool_changed.connect(self._put_away)
        for view in (first, second):
            view.installEventFilter(self)
        self._follow()

    def end(self) -> None:
        """The second view goes: its tool goes without the first's."""
        self.first.tool_changed.disconnect(self._follow)
        self.second.tool_changed.disconnect(self._put_away)
        for view in (self.first, self.second):
            view.removeEventFilter(self)
        self.second.use(None)
        if self.first.tool is not None:
            _show(self.first, True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The tool follows the pointer and the keyboard; a tool that leads the camera has it alone."""
        kind = event.type()
        if watched is self.second and kind in _MOUSE and self._led_elsewhere:
            if kind == QEvent.Type.MouseButtonPress:
                self.first.setFocus(Qt.FocusReason.MouseFocusReason)
            return True
        if kind in (QEvent.Type.Enter, QEvent.Type.FocusIn) and self.second.tool is not None and not self._giving:
            self._lead(watched)
        return False

    @property
    def _led_elsewhere(self) -> bool:
        return self.first.tool is not None and self.first.tool.leads_camera

    def _follow(self, *_: Any) -> None:
        tool = self.first.tool  # not the one that is told: it may have given up while it was taken in hand
        twin = None if tool is None else tool.twin(self.second)
        focus = QApplication.focusWidget()
        self._giving = True
        try:
            self.second.use(twin)
        finally:
            self._giving = False
        if focus is not None:
            focus.setFocus()
        if self.second.tool is not None:
            self._lead(self.second if self.second.underMouse() else self.first)

    def _put_away(self, tool: Any) -> None:
        if tool is None and not self._giving and self.first.tool is not None:
            self.first.use(None)

    def _lead(self, view: Any) -> None:
        other = self.first if view is self.second else self.second
        if other.hasFocus():
            view.setFocus(Qt.FocusReason.OtherFocusReason)
        _show(view, True)
        _show(other, False)


def _show(view: Any, shown: bool) -> None:
    """Show what the tool of a view shows, or keep it out of sight."""
    if view.overlay.isVisibleTo(view) == shown:
        return
    view.overlay.setVisible(shown)
    preview = getattr(view.tool, "preview", None)
    if preview is not None:
        preview.show(shown and not view.overlay.frozen)
    view.render()
