"""What all tools that shape buildings share: pointer, typed numbers, ghost, hint, and one command at the end."""

# ruff: noqa: ARG002 - the base takes no key and no event

from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QPainter

from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.document import events
from citytwin_desktop.scene.appearance import OPAQUE
from citytwin_desktop.scene.preview import CityPreview, last_frame_s
from citytwin_desktop.ui.theme import THEMES, Theme
from citytwin_desktop.ui.view_tools.hint_place import hint_place
from citytwin_desktop.ui.view_tools.marks import Marks
from citytwin_desktop.ui.view_tools.proposal import Proposal, new_identifiers
from citytwin_desktop.ui.view_tools.sight import Sight
from citytwin_desktop.ui.view_tools.snapping import Snapper
from citytwin_desktop.ui.view_tools.tool import ViewTool
from citytwin_desktop.ui.view_tools.typed_numbers import TypedNumbers

SLOP_PX = 4.0
SLOW_FRAME_S = 0.12
"""Where a frame of the city takes longer, tools draw over a picture of it."""
STILL_MS = 250
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OWN_KEYS = (*_ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Backspace)
_CHANGES = (events.CityChanged, events.GeometryChanged)
_NOT_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class ShapeTool(ViewTool):
    """Pointer and keys, sorted: a left click, a pointed place, a confirmation, a step back.

    The city's tiles are not touched before the end; then there is one command.
    """

    KEYS: ClassVar[frozenset[int]] = frozenset()
    """Keys that the tool takes before the window's shortcuts do, beside numbers, Enter, Escape and Backspace."""

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view, session)
        self.sight, self.typed = Sight(view), TypedNumbers()
        self.preview = CityPreview(view.scene)
        self.proposal = Proposal(self, session)
        self.pointer: QPointF | None = None
        self.modifiers = Qt.KeyboardModifier.NoModifier
        self.snapped: tuple[Any, str] | None = None
        """Point that was snapped to, (3,) [m], and its word."""
        self._pressed: QPointF | None = None
        self._grabbed = self._over = self._confirming = False
        self._thaw = QTimer(self, singleShot=True, interval=STILL_MS)
        self._thaw.timeout.connect(self._freeze_again)

    # --- what a tool says

    def pointed(self) -> None:
        """The pointer, a modifier or a typed number is another: work out what would be."""

    def clicked(self) -> None:
        """A left click at the pointer."""
        self.confirm()

    def grab(self) -> bool:
        """Whether a press at the pointer takes hold of something, so that it is no drag of the camera."""
        return False

    def dropped(self) -> None:
        """What was grabbed is let go."""

    def step_back(self) -> None:
        """A right click or Backspace; gives up where there is no step to take back."""
        self.done.emit()

    def confirm(self) -> None:
        """Enter: carry it out."""

    def own_key(self, event: Any) -> bool:
        """One of `KEYS` goes down."""
        return False

    def draw(self, marks: Marks) -> None:
        """Draw lines and handles over the city."""

    def readout(self) -> list[str]:
        """Numbers to show beside the pointer, the first one that which can be typed."""
        return []

    def instruction(self) -> str:
        """What to do now, one line."""
        return self.hint

    @property
    def problem(self) -> str:
        """Why it cannot be carried out, as far as that is known."""
        return self.proposal.problem

    # --- being in hand

    def begin(self) -> None:
        """Take the keyboard, follow the document."""
        self.view.installEventFilter(self)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.view.camera_changed.connect(self._camera_changed)
        self.session.event.connect(self._told)
        self.session.closed.connect(self.done)
        self.proposal.known.connect(self.answered)
        here = QPointF(self.view.mapFromGlobal(self.view.cursor().pos()))
        if self.view.rect().contains(here.toPoint()):
            self.pointer = here

    def end(self) -> None:
        """Leave nothing behind."""
        self._over = True
        self._thaw.stop()
        self.proposal.forget()
        self.view.removeEventFilter(self)
        self.view.camera_changed.disconnect(self._camera_changed)
        self.session.event.disconnect(self._told)
        self.session.closed.disconnect(self.done)
        self.preview.clear()
        self.view.render()

    def carry_out(self, command: str, **parameters: Any) -> Any:
        """Change the document by one command and put the tool away; it stays when the command refuses.

        What is new is selected then.
        """
        document, session = self.session.document, self.session
        self._confirming = True
        try:
            prepared = session.guarded(document.prepare, command, **parameters)
            done = None if prepared is None else session.guarded(document.carry_out, prepared)
            if done is not None and (names := new_identifiers(prepared.preparation.changes)):
                document.select(names)
        finally:
            self._confirming = False
        if done is not None:
            self.done.emit()
        return done

    def answered(self) -> None:
        """What the command would do is known: show it."""
        if self.proposal.prepared is not None:
            self.preview.show_polygons(self.proposal.polygons())
            self.preview.show(not self.view.overlay.frozen)
        self.refresh()

    def city_changed(self, event: Any) -> None:
        """The city is another while the tool is in hand; what holds on to its rows gives up."""
        self.done.emit()

    def selection_changed(self) -> None:
        """Another selection while the tool is in hand."""

    def snapper(self, without: IntArray | None = None) -> Snapper:
        """Snapping to what can be seen: neither to hidden buildings nor to those that are shaped."""
        unseen = np.flatnonzero(self.view.scene.appearance.building_codes() != OPAQUE)
        left_out = unseen if without is None else np.union1d(unseen, without)
        return Snapper(self.session.document.city, left_out.astype(np.int64) if len(left_out) else None)

    @property
    def theme(self) -> Theme:
        """Colours of the window."""
        return THEMES[self.view.scene.palette.name]

    def restyle(self) -> None:
        """Another theme: the scene was made anew."""
        self.preview.scene.set_camera(self.preview.scene.camera)
        self.preview.enter()
        self.refresh()

    def refresh(self) -> None:
        """Draw the overlay again, and with it the city unless it is frozen."""
        if not self._over:
            self.view.overlay.update()

    # --- events of the view

    def press(self, event: Any) -> bool:
        """Remember where; take it only where something can be grabbed."""
        self._follow(event)
        self._pressed = event.position()
        self._grabbed = event.button() == Qt.MouseButton.LeftButton and self.grab()
        return self._grabbed

    def move(self, event: Any) -> bool:
        """Point, or leave a drag to the camera."""
        if event.buttons() != Qt.MouseButton.NoButton and not self._grabbed:
            return False
        self._freeze_if_slow()
        self._follow(event)
        self.pointed()
        self.refresh()
        return True

    def release(self, event: Any) -> bool:
        """A click, the end of a drag, or a step back."""
        if self._grabbed:
            self._grabbed = False
            self._follow(event)
            self.dropped()
            self.refresh()
            return True
        pressed, self._pressed = self._pressed, None
        if pressed is None or (event.position() - pressed).manhattanLength() > SLOP_PX:
            return False
        self._follow(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.pointed()
            self.clicked()
        elif event.button() == Qt.MouseButton.RightButton:
            self.step_back()
        self.refresh()
        return event.button() != Qt.MouseButton.MiddleButton

    def double_click(self, event: Any) -> bool:
        """Two quick clicks are two clicks."""
        return self.press(event) or True

    def key(self, event: Any) -> bool:
        """Numbers, Enter, Backspace, and the tool's own keys."""
        self.modifiers = event.modifiers()
        if event.key() in _ENTER:
            self.confirm()
        elif event.key() == Qt.Key.Key_Escape:
            if not self.typed:
                return False
            self.typed.clear()
            self.pointed()
        elif (event.key() in self.KEYS and self.own_key(event)) or self.typed.take(event):
            self.pointed()
        elif event.key() == Qt.Key.Key_Backspace:
            self.step_back()
        elif event.key() in (Qt.Key.Key_Shift, Qt.Key.Key_Control):
            self._modified(event.key(), True)
        else:
            return False
        self.refresh()
        return True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take keys before the window's shortcuts do; follow modifiers and the size of the view."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and self._wants(event):
            event.accept()
            return True
        if kind == QEvent.Type.KeyPress and self._wants(event):
            # Before others that watch the view: the full stop is a number's here, and no hour's.
            if not self.key(event):
                self.done.emit()
            return True
        if kind == QEvent.Type.KeyRelease and event.key() in (Qt.Key.Key_Shift, Qt.Key.Key_Control):
            self._modified(event.key(), False)
            self.refresh()
        elif kind == QEvent.Type.Resize and self.view.overlay.frozen:
            self.view.overlay.thaw()
            self.preview.show(True)
            self._thaw.start()
        return False

    def paint(self, painter: QPainter) -> None:
        """Lines and handles, the ghost where the city is frozen, read-out and hint."""
        marks = Marks(painter, self.theme, self.view.font())
        if self.view.overlay.frozen and self.preview.shown:
            bodies = self.preview.polygons
            marks.bodies(bodies, self.sight.pixels(bodies.vertices))
        self.draw(marks)
        if self.snapped is not None:
            marks.snap(self.sight.pixel(self.snapped[0]), self.snapped[1])
        if self.pointer is not None and (texts := self.readout() or ([""] if self.problem else [])):
            marks.readout(self.pointer, [text for text in texts if text], self.problem, bool(self.typed))
        if text := self.instruction():
            marks.hint(text, *hint_place(self.view))

    # --- within

    def _wants(self, event: Any) -> bool:
        if event.modifiers() & _NOT_SHIFT:
            return False
        return event.key() in _OWN_KEYS or event.key() in self.KEYS or self.typed.wants(event)

    def _modified(self, key: int, down: bool) -> None:
        flag = Qt.KeyboardModifier.ShiftModifier if key == Qt.Key.Key_Shift else Qt.KeyboardModifier.ControlModifier
        self.modifiers = self.modifiers | flag if down else self.modifiers & ~flag
        self.pointed()

    def held(self, modifier: Qt.KeyboardModifier) -> bool:
        """Whether a modifier key is down."""
        return bool(self.modifiers & modifier)

    def _follow(self, event: Any) -> None:
        self.pointer, self.modifiers = event.position(), event.modifiers()

    def _told(self, event: Any) -> None:
        if self._confirming or self._over:
            return
        if isinstance(event, _CHANGES):
            self.city_changed(event)
        elif isinstance(event, events.SelectionChanged):
            self.selection_changed()

    def _camera_changed(self) -> None:
        if self.view.overlay.frozen:
            self.view.overlay.thaw()
            self.preview.show(True)
            self._thaw.start()
        self.preview.follow_camera()

    def _freeze_if_slow(self) -> None:
        if not self.view.overlay.frozen and not self._thaw.isActive() and last_frame_s(self.view.scene) > SLOW_FRAME_S:
            self._freeze_again()

    def _freeze_again(self) -> None:
        self.preview.show(False)
        self.view.overlay.freeze()


def flat(points: Any) -> tuple[float, ...]:
    """Places as commands take them: x0, y0, x1, y1… [m], to a tenth of a millimetre."""
    return tuple(float(value) for value in np.round(np.asarray(points, np.float64)[:, :2], 4).ravel())
