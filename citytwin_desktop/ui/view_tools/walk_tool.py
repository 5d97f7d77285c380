"""Walking through the city with keys and mouse."""

from typing import Any

import numpy as np
from PySide6.QtCore import QElapsedTimer, QPointF, Qt, QTimer
from PySide6.QtGui import QPainter

from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.walk import RUN_M_S, WALK_M_S, SceneStreet, Walker
from citytwin_desktop.ui.theme import THEMES
from citytwin_desktop.ui.view_tools.hint_place import hint_place
from citytwin_desktop.ui.view_tools.marks import Marks
from citytwin_desktop.ui.view_tools.tool import ViewTool

STEP_MS, LONGEST_PAUSE_S = 33, 0.2
LOOK_DEG_PER_PX, WHEEL_M, KEY_M = 0.2, 0.3, 0.2
TURN_KEYS = {Qt.Key.Key_Left: -90.0, Qt.Key.Key_Right: 90.0}
"""Degrees in a second."""

WAYS = {
    Qt.Key.Key_W: (1, 0),
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_S: (-1, 0),
    Qt.Key.Key_Down: (-1, 0),
    Qt.Key.Key_D: (0, 1),
    Qt.Key.Key_A: (0, -1),
}
LIFTS = {Qt.Key.Key_E: KEY_M, Qt.Key.Key_Q: -KEY_M}


class WalkTool(ViewTool):
    """Puts the eye on the street and brings the view back when it is put away.

    Parameters
    ----------
    view : CityView
    session : Session

    Attributes
    ----------
    walker : Walker or None
        `None` until a place is clicked, when the tool does not start under the middle of the view.
    """

    cursor = Qt.CursorShape.CrossCursor
    leads_camera = True
    hint = "W A S D walk · drag or arrows look · Shift run · E Q eye height · Esc back"

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view, session)
        self.street = SceneStreet(view.scene)
        self.walker: Walker | None = None
        self._before: OrbitCamera = view.scene.camera
        self._at_home: bool = view.at_home
        self._held: set[int] = set()
        self._last: QPointF | None = None
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._go_on)

    def twin(self, view: Any) -> None:
        """None: the view beside this one follows the camera."""

    def begin(self) -> None:
        """Stand where the middle of the view is; a click stands elsewhere."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.view.scene.renderer.SetNearClippingPlaneTolerance(1e-4)
        self.stand_at(np.asarray(self._before.focus))

    def end(self) -> None:
        """Back to the view before."""
        self._timer.stop()
        self._held.clear()
        self.view.scene.renderer.SetNearClippingPlaneTolerance(0.0)  # VTK's own choice by the depth of the buffer
        self.view.fly_to(self._before)
        self.view.at_home = self._at_home

    def stand_at(self, point: Any) -> None:
        """Stand on the ground at a point, beside the building there is one."""
        bearing = self.walker.bearing_deg if self.walker is not None else (self._before.azimuth_deg + 180.0) % 360.0
        found = self.street.start(point, bearing)
        if found is None:
            self.session.problem.emit(self.tr("There is no room to stand there: choose a place on a street."))
            return
        self._show(found)

    def press(self, event: Any) -> bool:
        """Begin to look around."""
        self._last = self._pressed = event.position()
        return True

    def move(self, event: Any) -> bool:
        """Look around while a button is down."""
        if self._last is None or event.buttons() == Qt.MouseButton.NoButton or self.walker is None:
            return True
        way, self._last = event.position() - self._last, event.position()
        self._show(self.walker.turned(-way.x() * LOOK_DEG_PER_PX, way.y() * LOOK_DEG_PER_PX))
        return True

    def release(self, event: Any) -> bool:
        """A click without a drag stands there."""
        pressed, self._last = self._last, None
        if pressed is not None and (event.position() - self._pressed).manhattanLength() <= 4:
            self._jump(event.position())
        return True

    def double_click(self, _event: Any) -> bool:
        """Nothing: the clicks were taken."""
        return True

    def wheel(self, event: Any) -> bool:
        """Raise or lower the eye."""
        self._lift(WHEEL_M * event.angleDelta().y() / 120.0)
        return True

    def claims_key(self, event: Any) -> bool:
        """Whether a key walks, and is no shortcut meanwhile."""
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        return not held and event.key() in (*WAYS, *TURN_KEYS, *LIFTS)

    def key(self, event: Any) -> bool:
        """Walk while keys are held."""
        key = event.key()
        if not self.claims_key(event):
            return False
        if key in LIFTS:
            self._lift(LIFTS[key])
        elif not event.isAutoRepeat():
            self._held.add(key)
            self._running = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if not self._timer.isActive():
                self._clock.start()
                self._timer.start()
        return True

    def key_release(self, event: Any) -> bool:
        """Stop when the last key comes up."""
        if event.isAutoRepeat():
            return True
        if event.key() == Qt.Key.Key_Shift:
            self._running = False
        self._held.discard(event.key())
        if not self._held:
            self._timer.stop()
        return True

    def advance(self, seconds: float) -> None:
        """Go on by some time with the keys that are held."""
        if self.walker is None:
            return
        ahead, right = (sum(WAYS[key][axis] for key in self._held if key in WAYS) for axis in (0, 1))
        turn = sum(TURN_KEYS[key] for key in self._held if key in TURN_KEYS) * seconds
        walker = self.walker.turned(turn, 0.0)
        way = walker.direction(ahead, right) * (RUN_M_S if self._running else WALK_M_S) * seconds
        self._show(self.street.walked(walker, way, seconds))

    _running = False

    def _go_on(self) -> None:
        self.advance(min(self._clock.restart() / 1000.0, LONGEST_PAUSE_S))

    def _lift(self, up_m: float) -> None:
        if self.walker is not None:
            self._show(self.street.raised(self.walker, up_m))

    def _jump(self, position: QPointF) -> None:
        view = self.view
        point = view.scene.point_under(position.x(), position.y(), view.width(), view.height())
        if point is not None:
            self.stand_at(point)

    def _show(self, walker: Walker) -> None:
        self.walker = walker
        self.view.moving()
        self.view.look(walker.camera())

    def paint(self, painter: QPainter) -> None:
        """Say which keys walk, where the cards on the view leave room."""
        marks = Marks(painter, THEMES[self.view.scene.palette.name], self.view.font())
        marks.hint(self.tr(self.hint), *hint_place(self.view, first_above=True))
