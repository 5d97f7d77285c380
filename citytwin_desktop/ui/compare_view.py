"""The second view, of the scenario that is compared: same camera, same hour, same selection."""

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from citytwin_desktop.document import events
from citytwin_desktop.scene.section_view import SectionView
from citytwin_desktop.ui.city_view import CityView
from citytwin_desktop.ui.look_cutting import MOST_SURFACES_AT_ONCE


class SecondView(QObject):
    """Makes the view when it is wanted and gives it back, with VTK's window, when it is not.

    Parameters
    ----------
    session : Session
    workspace : Workspace

    Signals
    -------
    changed
        It came or went.

    Attributes
    ----------
    view : CityView or None
    """

    changed = Signal()

    def __init__(self, session: Any, workspace: Any) -> None:
        super().__init__(workspace)
        self.session, self.workspace = session, workspace
        self.view: CityView | None = None
        self._leading = False
        self._section: Any = None

    def follow_comparison(self) -> None:
        """Open or close it, as the session says."""
        wanted = self.session.document is not None and self.session.comparison.side_by_side
        if wanted and self.view is None:
            QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
            try:
                self._open()
            finally:
                QApplication.restoreOverrideCursor()
        elif not wanted and self.view is not None:
            self.close()

    def close(self) -> None:
        """Let go of the view and of VTK's window."""
        if self.view is None:
            return
        view, self.view = self.view, None
        first = self.workspace.view
        first.camera_changed.disconnect(self._lead_second)
        if self.mirror in first.scene.followers:
            first.scene.followers.remove(self.mirror)
        self.workspace.painter.other_scene = None
        self._section = None
        if view.hasFocus():
            first.setFocus()  # Qt would give it to the field after it
        self.changed.emit()
        # The interactor would be closed once more with the workspace, and kept alive until then.
        self.workspace.destroyed.disconnect(view.close)
        view.close()
        view.setParent(None)
        view.deleteLater()

    def follow(self, event: Any) -> None:
        """Show the city as it is now."""
        if self.view is None:
            return
        city, scene = self.session.document.city, self.view.scene
        if isinstance(event, events.CityChanged | events.GeometryChanged) and event.ids is not None:
            scene.follow_edit(city, event.ids)
        elif isinstance(event, events.CityChanged | events.BuildingsChanged):
            scene.set_city(city)

    def mirror(self) -> None:
        """Hide and fade what the first view hides and fades."""
        if self.view is None:
            return
        mine, theirs = self.view.scene, self.workspace.view.scene
        for layer in mine.city.context:
            shown = layer.name not in theirs.context_hidden
            if shown != (layer.name not in mine.context_hidden):
                mine.show_context(layer.name, shown)
        if mine.edges_shown != theirs.edges_shown:
            mine.show_edges(theirs.edges_shown)
        if len(mine.appearance.hidden) != len(theirs.appearance.hidden):
            return
        if not _same(mine.appearance.hidden, theirs.appearance.hidden) or not _same(
            mine.appearance.isolated, theirs.appearance.isolated
        ):
            isolated = theirs.appearance.isolated
            mine.appearance.hidden = theirs.appearance.hidden.copy()
            mine.appearance.isolated = None if isolated is None else isolated.copy()
            mine.hide([])  # writes what was set
        self.view.render()

    def mirror_cut(self) -> None:
        """Cut the city where the first view cuts it; lines of a large city are left to the first."""
        if self.view is None or self._section is None:
            return
        first = self.workspace.view.scene
        if self.view.scene.cut is not first.cut and (self.view.scene.cut.planes or first.cut.planes):
            few = len(first.city.surfaces) <= MOST_SURFACES_AT_ONCE
            self._section.cut(first.cut.planes, lines=few)
            self.view.render()

    def _open(self) -> None:
        first = self.workspace.view
        self.view = view = CityView(self.workspace, self.workspace.theme.name)
        view.setObjectName("secondView")
        view.setAccessibleName(self.tr("City of the compared scenario"))
        view.reduce_motion = first.reduce_motion
        view.scene.show_same(first.scene)
        view.scene.select(np.flatnonzero(first.scene.appearance.selected))
        self._section = SectionView(view.scene)
        view.camera_changed.connect(self._section.follow_camera)
        self._lead_second()
        self.mirror()
        self.mirror_cut()
        first.camera_changed.connect(self._lead_second)
        view.camera_changed.connect(self._lead_first)
        view.side_wanted.connect(first.side_wanted)
        view.escaped.connect(first.escaped)
        view.installEventFilter(self)
        first.scene.followers.append(self.mirror)
        self.workspace.painter.other_scene = view.scene
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape in this view puts away the tool that is in hand in the first, before it clears the selection."""
        first = self.workspace.view
        keys = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if watched is not self.view or event.type() not in keys or first.tool is None:
            return False
        if event.key() != Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            first.use(None)
        return True

    def _lead_second(self) -> None:
        if self.view is not None:
            self._lead(self.workspace.view, self.view)

    def _lead_first(self) -> None:
        if self.view is not None:
            self._lead(self.view, self.workspace.view)

    def _lead(self, leader: CityView, follower: CityView) -> None:
        """Give one view the camera of the other, which must not answer."""
        if self._leading or follower.scene.camera == leader.scene.camera:
            return
        self._leading = True
        try:
            if follower.isVisible():
                follower.moving()
            at_home = leader.at_home
            follower.look(leader.scene.camera)
            follower.at_home = at_home
        finally:
            self._leading = False


def _same(one: Any, other: Any) -> bool:
    return (one is None) == (other is None) and (one is None or np.array_equal(one, other))
