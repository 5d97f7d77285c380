"""The 3D view as a widget: one real frame for each change, own mouse handling."""

from typing import Any

from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget
from pyvistaqt import QtInteractor

from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.stale_hatch import keep_hatch
from citytwin_desktop.scene.twin_scene import TwinScene
from citytwin_desktop.ui.edges_ahead import EdgesAhead
from citytwin_desktop.ui.view_motion import ViewMotion, numpad_view
from citytwin_desktop.ui.view_tools.overlay import ToolOverlay
from citytwin_desktop.ui.view_tools.tool import ViewTool

FLIGHT_MS = 250
SETTLE_MS = 160
REST_MS = 180
SAMPLES_STILL, SAMPLES_MOVING = 4, 0
CLICK_SLOP_PX = 4


class CityView(QtInteractor):
    """Draws a `CityScene`; what drags, wheel and keys do to the camera is in `ViewMotion`.

    Signals
    -------
    clicked(int, bool)
        Building row, -1 for none, and whether Ctrl was held.
    hovered(int)
        Building row, -1 for none.
    rested(QPointF), stirred
        The pointer stays where it is with no button down; it moves again or is gone.
    surface_clicked(int), surface_hovered(int)
        Surface of the city, -1 for none, while single surfaces are picked.
    side_wanted(tuple)
        A key of the number pad asks for a side of the view cube.
    camera_changed
    escaped
        Escape was pressed with no tool in hand.
    settled
        The camera stands still since a moment.
    menu_wanted(QPointF)
        A right click without a drag, in global coordinates.
    tool_changed(object)
        Another tool is in hand, `None` for none.
    """

    clicked = Signal(int, bool)
    hovered = Signal(int)
    rested = Signal(QPointF)
    stirred = Signal()
    surface_clicked = Signal(int)
    surface_hovered = Signal(int)
    side_wanted = Signal(tuple)
    camera_changed = Signal()
    escaped = Signal()
    settled = Signal()
    menu_wanted = Signal(QPointF)
    tool_changed = Signal(object)

    def __init__(self, parent: QWidget, theme: str, leader: CityScene | None = None) -> None:
        super().__init__(parent, auto_update=False, multi_samples=SAMPLES_STILL)
        self.setObjectName("cityView")
        self.setAccessibleName(self.tr("City"))
        self.setAcceptDrops(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scene = CityScene(self, theme) if leader is None else TwinScene(self, leader)
        keep_hatch(self.scene)
        self.reduce_motion = False
        self.motion = ViewMotion()
        self.picks_surfaces = False
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._dragging = False
        self._hovered = self._hovered_surface = -1
        self.tool: ViewTool | None = None
        self.overlay = ToolOverlay(self)
        self.at_home = False
        self._flight: tuple[OrbitCamera, OrbitCamera] | None = None
        self._clock = QElapsedTimer()
        self._flight_timer = QTimer(self, interval=15)
        self._flight_timer.timeout.connect(self._fly_on)
        self._settle_timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle_timer.timeout.connect(self._settle)
        self._still_timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._still_timer.timeout.connect(self.settled)
        self._rest_timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest_timer.timeout.connect(lambda: self.rested.emit(self._last))
        self._edges_ahead = EdgesAhead(self)

    def render(self, *_: Any, **__: Any) -> None:
        """Ask for one frame; any number of calls before the next paint draw once."""
        self.update()

    def close(self) -> None:
        """Stop what would still draw, then let go of VTK's window."""
        self._flight_timer.stop()
        self._settle_timer.stop()
        self._still_timer.stop()
        self._rest_timer.stop()
        super().close()

    @property
    def frames_drawn(self) -> int:
        """Frames that VTK has really drawn."""
        return self.scene.frames_drawn

    @property
    def aspect(self) -> float:
        """Width of the view over its height."""
        return self.width() / max(self.height(), 1)

    def look(self, camera: OrbitCamera) -> None:
        """Set the camera at once."""
        self._flight_timer.stop()
        self.at_home = False
        self._set_camera(camera)

    def fly_to(self, camera: OrbitCamera) -> None:
        """Move the camera in 250 ms, or at once when motion is to be reduced."""
        self.at_home = False
        if self.reduce_motion or not self.isVisible():
            self.look(camera)
            return
        self._flight = (self.scene.camera, camera)
        self._clock.start()
        self._flight_timer.start()

    def go_home(self) -> None:
        """Fly to the whole city from the south-west."""
        self.fly_to(self.scene.home_camera(self.aspect))
        self.at_home = True

    def look_home(self) -> None:
        """Show the whole city from the south-west at once."""
        self.look(self.scene.home_camera(self.aspect))
        self.at_home = True

    def keep_home(self) -> None:
        """After a change of size: frame the city again, unless the camera was moved since."""
        if self.at_home and not self._flight_timer.isActive():
            self.look_home()

    def _fly_on(self) -> None:
        if self._flight is None:
            return
        share = min(self._clock.elapsed() / FLIGHT_MS, 1.0)
        self._set_camera(self._flight[0].between(self._flight[1], share))
        if share >= 1.0:
            self._flight_timer.stop()

    def use(self, tool: ViewTool | None) -> None:
        """Take a tool in hand, or none; the one before is put away."""
        before, self.tool = self.tool, None
        if before is not None:
            before.done.disconnect(self._put_away)
            before.end()
            before.deleteLater()
        self.tool = tool
        self._stir()
        self._set_hovered(-1)
        self.overlay.thaw()
        self.overlay.setVisible(tool is not None)
        self.setCursor(tool.cursor if tool is not None else Qt.CursorShape.ArrowCursor)
        if tool is not None:
            self.overlay.place()
            tool.done.connect(self._put_away)
            tool.begin()
        self.tool_changed.emit(tool)

    def _put_away(self) -> None:
        self.use(None)

    def _taken(self, handler: str, event: Any) -> bool:
        """Whether the tool in hand takes an event."""
        return self.tool is not None and bool(getattr(self.tool, handler, _leaves)(event))

    def moving(self) -> None:
        """Draw without smoothing while frames follow each other; one smooth frame comes when they stop.

        On a software renderer smoothing costs more than half of a frame.
        """
        self.ren_win.SetMultiSamples(SAMPLES_MOVING)
        self._settle_timer.start()

    def _settle(self) -> None:
        self.ren_win.SetMultiSamples(SAMPLES_STILL)
        self.update()

    def _set_camera(self, camera: OrbitCamera) -> None:
        if self.isVisible() and (self._dragging or self._flight_timer.isActive()):
            self.moving()
        self._still_timer.start()
        self._stir()
        self.scene.set_camera(camera)
        self.camera_changed.emit()
        self.update()

    def mousePressEvent(self, event: Any) -> None:
        """Remember where a click or a drag begins."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed = self._last = event.position()
        self._dragging = False
        self._stir()
        if self._taken("press", event):
            self._pressed = None

    def mouseMoveEvent(self, event: Any) -> None:
        """Drag the camera, or light up the edges of the building under the pointer."""
        here = event.position()
        if self._taken("move", event):
            return
        if self._pressed is None or event.buttons() == Qt.MouseButton.NoButton:
            self._hover(here)
            return
        if (here - self._pressed).manhattanLength() > CLICK_SLOP_PX:
            self._dragging = True
        if self._dragging:
            self._drag(event, here - self._last)
            self._last = here

    def mouseReleaseEvent(self, event: Any) -> None:
        """A release without a drag is a click."""
        pressed, self._pressed = self._pressed, None
        if self._taken("release", event):
            return
        if pressed is None or self._dragging:
            return
        if event.button() == Qt.MouseButton.LeftButton and self.picks_surfaces:
            self.surface_clicked.emit(self.surface_at(event.position()))
        elif event.button() == Qt.MouseButton.LeftButton:
            row = self.row_at(event.position())
            self.clicked.emit(row, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif event.button() == Qt.MouseButton.RightButton:
            self.menu_wanted.emit(event.globalPosition())

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """Make the point under the pointer the turning point."""
        self._pressed = None
        if self._taken("double_click", event):
            return
        point = self.scene.point_under(event.position().x(), event.position().y(), self.width(), self.height())
        if point is not None:
            self.fly_to(self.scene.camera.focused(point))

    def wheelEvent(self, event: Any) -> None:
        """Zoom about the point under the pointer, finely with Ctrl; two fingers on a trackpad move the view."""
        event.accept()
        if self._taken("wheel", event):
            return
        self.moving()
        slid = self.motion.two_fingers(self.scene.camera, event, self.height())
        if slid is not None:
            self.look(slid)
            return
        here = event.position()
        anchor = self.scene.point_under(here.x(), here.y(), self.width(), self.height())
        self.look(self.scene.camera.zoomed(self.motion.wheel_factor(event), anchor))

    def event(self, event: QEvent) -> bool:
        """Follow pinches on a trackpad; keys that the tool in hand needs are no shortcuts meanwhile."""
        override = event.type() == QEvent.Type.ShortcutOverride and self.tool is not None
        if override and (event.key() == Qt.Key.Key_Escape or self._taken("claims_key", event)):
            event.accept()
            return True
        if event.type() == QEvent.Type.NativeGesture:
            camera = self.motion.pinched(self.scene.camera, event)
            if camera is not None:
                self.moving()
                self.look(camera)
                return True
        return bool(super().event(event))

    def keyPressEvent(self, event: Any) -> None:
        """Keys that move the camera, and the number pad's views; the window has the rest."""
        if self._taken("key", event):
            return
        if event.key() == Qt.Key.Key_Escape and self.tool is not None:
            self.use(None)
            return
        side = numpad_view(event)
        camera = self.motion.keyed(self.scene.camera, event, self.height())
        if side is not None:
            self.side_wanted.emit(side)
        elif camera is not None:
            self.look(camera)
        else:
            if event.key() == Qt.Key.Key_Escape:
                self.escaped.emit()
            event.ignore()

    def keyReleaseEvent(self, event: Any) -> None:
        """For the tool in hand alone; VTK's own keys are off."""
        if not self._taken("key_release", event):
            event.ignore()

    def enterEvent(self, event: Any) -> None:
        """Nothing to do; VTK's own pointer handling is off."""

    def leaveEvent(self, _event: Any) -> None:
        """The pointer is gone: no building is under it."""
        self._stir()
        self._set_hovered(-1)
        self._set_hovered_surface(-1)

    def row_at(self, position: QPointF) -> int:
        """Building row under a point of the widget, -1 for none."""
        pick = self.scene.pick(position.x(), position.y(), self.width(), self.height())
        return -1 if pick is None else pick.building

    def surface_at(self, position: QPointF) -> int:
        """Surface of the city under a point of the widget, -1 for none."""
        pick = self.scene.pick(position.x(), position.y(), self.width(), self.height())
        return -1 if pick is None else pick.surface

    def _drag(self, event: Any, moved: QPointF) -> None:
        self.look(self.motion.dragged(self.scene.camera, event, moved, self.height()))

    def _stir(self) -> None:
        self._rest_timer.stop()
        self.stirred.emit()

    def resizeEvent(self, event: Any) -> None:
        """Keep the sheet of the tools over the whole view."""
        # Qt draws a frame for the new size at once and another with the rest of the window: the second is enough.
        # Not what `updatesEnabled` tells before: that is false as well while the page around is being brought up.
        self.setUpdatesEnabled(False)
        super().resizeEvent(event)
        self.setUpdatesEnabled(True)
        self.overlay.place()

    def _hover(self, position: QPointF) -> None:
        self._last = position
        self._stir()
        if self.tool is not None:
            return
        self._rest_timer.start()
        if self.picks_surfaces:
            self._set_hovered_surface(self.surface_at(position))
        else:
            self._set_hovered(self.row_at(position))

    def _set_hovered(self, row: int) -> None:
        if row == self._hovered:
            return
        self._hovered = row
        self.scene.hover(None if row < 0 else row)
        self.hovered.emit(row)
        self.update()

    def _set_hovered_surface(self, surface: int) -> None:
        if surface != self._hovered_surface:
            self._hovered_surface = surface
            self.surface_hovered.emit(surface)
            self.update()


def _leaves(_event: Any) -> bool:
    """For a tool that does not know an event."""
    return False
