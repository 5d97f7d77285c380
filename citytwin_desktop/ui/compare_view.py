"""The second view, of the scenario that is compared: same camera, same hour, same selection."""

from collections.abc import Collection
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from citytwin_desktop.ui.city_view import CityView
from citytwin_desktop.ui.compare_section import LentSection


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
        self._section: LentSection | None = None

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

    def follow_city(self, ids: Collection[str] | None) -> None:
        """Show the city that the first view shows now; some buildings of it are others, or it is another one."""
        if self.view is None:
            return
        city, scene = self.workspace.view.scene.city, self.view.scene
        if ids is not None:
            scene.follow_edit(city, ids)
        else:
            scene.set_city(city)
        self.mirror()

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

    def mirror_cut(self, section: Any) -> None:
        """Cut the city where the first view's section cuts it, with the same lines."""
        if self.view is not None and self._section is not None:
            self._section.follow(section)
            self.view.render()

    def _open(self) -> None:
        first = self.workspace.view
        self.view = view = CityView(self.workspace, self.workspace.theme.name, first.scene)
        view.setObjectName("secondView")
        view.setAccessibleName(self.tr("City of the compared scenario"))
        view.reduce_motion = first.reduce_motion
        view.scene.select(np.flatnonzero(first.scene.appearance.selected))
        self._section = LentSection(view.scene)
        view.camera_changed.connect(self._section.follow_camera)
        self._lead_second()
        self.mirror()
        first.camera_changed.connect(self._lead_second)
        view.camera_changed.connect(self._lead_first)
        view.side_wanted.connect(first.side_wanted)
        view.escaped.connect(first.escaped)
        first.scene.followers.append(self.mirror)
        self.workspace.painter.other_scene = view.scene
        self.changed.emit()

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
