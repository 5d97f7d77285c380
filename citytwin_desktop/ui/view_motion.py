"""How mouse, wheel, trackpad and keys move the camera of the 3D view."""

from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice

from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.navigation import HEIGHT, ORBIT, PRESETS, NavigationPreset, moved

ARROW_KEYS = {Qt.Key.Key_Left: (60, 0), Qt.Key.Key_Right: (-60, 0), Qt.Key.Key_Up: (0, -60), Qt.Key.Key_Down: (0, 60)}
BUTTONS = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.MiddleButton: "middle",
    Qt.MouseButton.RightButton: "right",
}
MODIFIERS = {
    Qt.KeyboardModifier.ShiftModifier: "shift",
    Qt.KeyboardModifier.ControlModifier: "ctrl",
    Qt.KeyboardModifier.AltModifier: "alt",
}
NUMPAD_VIEWS = {
    Qt.Key.Key_8: (0, -1, 0),
    Qt.Key.Key_2: (0, 1, 0),
    Qt.Key.Key_4: (1, 0, 0),
    Qt.Key.Key_6: (-1, 0, 0),
    Qt.Key.Key_5: (0, 0, 1),
    Qt.Key.Key_0: (0, 0, -1),
    Qt.Key.Key_1: (-1, -1, 1),
    Qt.Key.Key_3: (1, -1, 1),
    Qt.Key.Key_7: (-1, 1, 1),
    Qt.Key.Key_9: (1, 1, 1),
}
"""Sides of the cube; 8 and 2, 4 and 6 as SIM-VICUS has them: the side that the city shows to the top of the pad."""

NEARER, FARTHER, FINE = 0.84, 1.19, 0.97


class ViewMotion:
    """The user's way to move the camera.

    Attributes
    ----------
    preset : NavigationPreset
    inverted : bool
        The wheel goes nearer when it is turned towards the user.
    """

    def __init__(self) -> None:
        self.preset: NavigationPreset = PRESETS["citytwin"]
        self.inverted = False

    def dragged(self, camera: OrbitCamera, event: Any, way: QPointF, height_px: int) -> OrbitCamera:
        """The camera after a piece of a drag."""
        return moved(camera, self._motion(event), way.x(), way.y(), height_px)

    def _motion(self, event: Any) -> str:
        held = frozenset(name for key, name in MODIFIERS.items() if event.modifiers() & key)
        button = next((name for key, name in BUTTONS.items() if event.buttons() & key), "")
        return self.preset.motion(button, held)

    def wheel_factor(self, event: Any) -> float:
        """How much nearer (below 1) or farther a turn of the wheel goes; finely with Ctrl."""
        delta = event.angleDelta()
        steps = (delta.y() or delta.x()) / 120.0 * (-1.0 if self.inverted else 1.0)
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) and not of_trackpad(event)
        return float((FINE if fine else NEARER) ** steps)

    def two_fingers(self, camera: OrbitCamera, event: Any, height_px: int) -> OrbitCamera | None:
        """The camera after two fingers slid over a trackpad; `None` when the event is one of a wheel, or zooms."""
        if not of_trackpad(event) or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return None
        way = event.pixelDelta()
        other = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        motion = self.preset.trackpad if not other else ("pan" if self.preset.trackpad == ORBIT else ORBIT)
        return moved(camera, motion, way.x(), way.y(), height_px)

    def keyed(self, camera: OrbitCamera, event: Any, height_px: int) -> OrbitCamera | None:
        """The camera after a key: arrows pan, or orbit with Shift; Page up and down; `None` for other keys."""
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier):
            return None
        if key in ARROW_KEYS and not event.modifiers() & Qt.KeyboardModifier.KeypadModifier:
            right, up = ARROW_KEYS[key]
            return camera.orbited(right / 6.0, up / -6.0) if shift else camera.panned(right, up, height_px)
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            ahead = key == Qt.Key.Key_PageUp
            if self.preset.page_keys == HEIGHT:
                return camera.raised(60 * camera.metres_per_pixel(height_px) * (1 if ahead else -1))
            return camera.zoomed(NEARER if ahead else FARTHER)
        return None

    def pinched(self, camera: OrbitCamera, event: Any) -> OrbitCamera | None:
        """The camera after a pinch or a turn of two fingers."""
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            return camera.zoomed(1.0 / max(1.0 + float(event.value()), 0.1))
        if event.gestureType() == Qt.NativeGestureType.RotateNativeGesture:
            return camera.orbited(float(event.value()), 0.0)
        return None


def numpad_view(event: Any) -> tuple[int, int, int] | None:
    """Side of the cube that a key of the number pad asks for."""
    if not event.modifiers() & Qt.KeyboardModifier.KeypadModifier:
        return None
    return NUMPAD_VIEWS.get(event.key())


def of_trackpad(event: Any) -> bool:
    """Whether a wheel event comes from two fingers on a trackpad."""
    device = event.device() if event.type() == QEvent.Type.Wheel else None
    trackpad = device is not None and device.type() == QInputDevice.DeviceType.TouchPad
    return trackpad and not event.pixelDelta().isNull()
