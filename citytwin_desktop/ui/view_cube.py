"""A small cube that shows and sets the direction of view."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

SIZE = 76
Side = tuple[int, int, int]
_FACES = {
    "south": ((0, -1, 0), ((-1, -1, -1), (1, -1, -1), (1, -1, 1), (-1, -1, 1)), "S"),
    "north": ((0, 1, 0), ((1, 1, -1), (-1, 1, -1), (-1, 1, 1), (1, 1, 1)), "N"),
    "east": ((1, 0, 0), ((1, -1, -1), (1, 1, -1), (1, 1, 1), (1, -1, 1)), "E"),
    "west": ((-1, 0, 0), ((-1, 1, -1), (-1, -1, -1), (-1, -1, 1), (-1, 1, 1)), "W"),
    "top": ((0, 0, 1), ((-1, -1, 1), (1, -1, 1), (1, 1, 1), (-1, 1, 1)), "Top"),
    "bottom": ((0, 0, -1), ((-1, 1, -1), (1, 1, -1), (1, -1, -1), (-1, -1, -1)), "Low"),
}
_RIM = 0.56
"""Where the rim of a face begins, which stands for its edges and corners: 0 in the middle, 1 at the border."""


class ViewCube(QWidget):
    """Turns with the camera; a click on a face, an edge or a corner looks from there.

    Signals
    -------
    view_chosen(str)
        A face: one of the names of `STANDARD_VIEWS`.
    side_chosen(tuple)
        An edge or a corner: -1, 0 or 1 along east, north and up.
    """

    view_chosen = Signal(str)
    side_chosen = Signal(tuple)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("viewCube")
        self.setFixedSize(SIZE, SIZE)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.camera = OrbitCamera()
        self.theme: Theme | None = None
        self._hovered: Side | None = None
        self.setAccessibleName(self.tr("View cube: looks from a side, an edge or a corner"))
        self.setToolTip(self.tr("Look from a side, an edge or a corner; the number pad does the same"))

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
            lit = self._hovered == _FACES[name][0]
            painter.setBrush(QColor(self.theme.accent if lit else self.theme.raised))
            painter.drawPolygon(outline)
            self._paint_rim(painter, name)
            if facing > 0.3:
                painter.setPen(QColor(self.theme.on_accent if lit else self.theme.text))
                painter.drawText(
                    QRectF(middle.x() - 20, middle.y() - 10, 40, 20), Qt.AlignmentFlag.AlignCenter, _FACES[name][2]
                )
        painter.end()

    def _paint_rim(self, painter: QPainter, name: str) -> None:
        """The part of a face that belongs to the edge or corner under the pointer."""
        side, normal = self._hovered, _FACES[name][0]
        if side is None or side == normal or int(np.dot(side, normal)) != 1:
            return
        corners = np.asarray(_FACES[name][1], float)
        part = np.zeros_like(corners)
        for axis in range(3):
            if normal[axis]:
                part[:, axis] = normal[axis]
            elif side[axis]:
                part[:, axis] = np.where(corners[:, axis] == side[axis], side[axis], side[axis] * _RIM)
            else:
                part[:, axis] = corners[:, axis] * _RIM
        points = part @ self.camera.axes[:2].T * SIZE * 0.27
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.accent))
        painter.drawPolygon(QPolygonF([QPointF(SIZE / 2 + x, SIZE / 2 - y) for x, y in points]))

    def mouseMoveEvent(self, event: object) -> None:
        """Light up the side under the pointer."""
        self._hovered = self.side_at(event.position())
        self.update()

    def leaveEvent(self, _event: object) -> None:
        """Light up nothing."""
        self._hovered = None
        self.update()

    def mousePressEvent(self, event: object) -> None:
        """Look from the side that was clicked."""
        side = self.side_at(event.position())
        if side is None:
            return
        names = [name for name, (normal, *_) in _FACES.items() if normal == side]
        if names:
            self.view_chosen.emit(names[0])
        else:
            self.side_chosen.emit(side)

    def side_at(self, position: QPointF) -> Side | None:
        """Face, edge or corner under a point, by its direction from the middle of the cube."""
        axes = self.camera.axes
        across, up = (position.x() - SIZE / 2) / (SIZE * 0.27), (SIZE / 2 - position.y()) / (SIZE * 0.27)
        for normal, *_ in _FACES.values():
            facing = float(np.asarray(normal) @ axes[2])
            if facing <= 0.02:
                continue
            # The point of the face's plane that appears there: across and up are given, the depth follows.
            level = axes[0] * across + axes[1] * up
            point = level + axes[2] * (1.0 - float(level @ np.asarray(normal))) / facing
            if np.abs(point).max() <= 1.0 + 1e-9:
                east, north, above = (0 if abs(x) < _RIM else int(np.sign(x)) for x in point)
                return east, north, above
        return None
