"""A small cube that shows and sets the direction of view."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

SIZE = 76
_FACES = {
    "south": ((0, -1, 0), ((-1, -1, -1), (1, -1, -1), (1, -1, 1), (-1, -1, 1)), "S"),
    "north": ((0, 1, 0), ((1, 1, -1), (-1, 1, -1), (-1, 1, 1), (1, 1, 1)), "N"),
    "east": ((1, 0, 0), ((1, -1, -1), (1, 1, -1), (1, 1, 1), (1, -1, 1)), "E"),
    "west": ((-1, 0, 0), ((-1, 1, -1), (-1, -1, -1), (-1, -1, 1), (-1, 1, 1)), "W"),
    "top": ((0, 0, 1), ((-1, -1, 1), (1, -1, 1), (1, 1, 1), (-1, 1, 1)), "Top"),
}


class ViewCube(QWidget):
    """Turns with the camera; a click on a face looks from there.

    Signals
    -------
    view_chosen(str)
        One of the names of `STANDARD_VIEWS`.
    """

    view_chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("viewCube")
        self.setFixedSize(SIZE, SIZE)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.camera = OrbitCamera()
        self.theme: Theme | None = None
        self._hovered = ""

    def set_camera(self, camera: OrbitCamera) -> None:
        """Turn with the view."""
        self.camera = camera
        self.update()

    def faces(self) -> list[tuple[str, QPolygonF, QPointF, float]]:
        """Visible faces as (view, outline, middle, how squarely it faces the eye)."""
        axes = self.camera.axes
        result = []
        for name, (normal, corners, _) in _FACES.items():
            facing = float(np.asarray(normal) @ axes[2])
            if facing > 0.02:
                points = np.asarray(corners) @ axes[:2].T * SIZE * 0.27
                outline = QPolygonF([QPointF(SIZE / 2 + x, SIZE / 2 - y) for x, y in points])
                result.append((name, outline, QPointF(*(np.array([1, -1]) * points.mean(axis=0) + SIZE / 2)), facing))
        return result

    def paintEvent(self, _event: object) -> None:
        """Draw the faces that look at the eye."""
        if self.theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(window_font(self.font(), SMALL_FONT_PX, bold=True))
        for name, outline, middle, facing in self.faces():
            painter.setPen(QPen(QColor(self.theme.disabled), 1))
            painter.setBrush(QColor(self.theme.accent if name == self._hovered else self.theme.raised))
            painter.drawPolygon(outline)
            if facing > 0.3:
                painter.setPen(QColor(self.theme.on_accent if name == self._hovered else self.theme.text))
                painter.drawText(
                    QRectF(middle.x() - 20, middle.y() - 10, 40, 20), Qt.AlignmentFlag.AlignCenter, _FACES[name][2]
                )
        painter.end()

    def mouseMoveEvent(self, event: object) -> None:
        """Light up the face under the pointer."""
        self._hovered = self._face_at(event.position())
        self.update()

    def leaveEvent(self, _event: object) -> None:
        """Light up nothing."""
        self._hovered = ""
        self.update()

    def mousePressEvent(self, event: object) -> None:
        """Look from the face that was clicked."""
        name = self._face_at(event.position())
        if name:
            self.view_chosen.emit(name)

    def _face_at(self, position: QPointF) -> str:
        inside = (
            name for name, outline, *_ in self.faces() if outline.containsPoint(position, Qt.FillRule.OddEvenFill)
        )
        return next(inside, "")
