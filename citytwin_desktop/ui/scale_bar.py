"""North arrow and scale bar over the 3D view."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.ui.theme import CORNER, SMALL_FONT_PX, Theme, window_font

WIDTH, HEIGHT, LONGEST_PX = 172, 38, 110


def round_length_m(longest_m: float) -> float:
    """The largest of 1, 2, 5 × 10ⁿ metres that fits."""
    step = 10.0 ** math.floor(math.log10(longest_m))
    return max(factor * step for factor in (1.0, 2.0, 5.0) if factor * step <= longest_m)


class ScaleBar(QWidget):
    """Lengths hold at the distance of the turning point."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("scaleBar")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(WIDTH, HEIGHT)
        self.camera, self.view_height = OrbitCamera(), 800
        self.theme: Theme | None = None

    def set_camera(self, camera: OrbitCamera, view_height: int) -> None:
        """Follow the view."""
        self.camera, self.view_height = camera, view_height
        self.update()

    def paintEvent(self, _event: object) -> None:
        """Draw the bar, its length and the arrow."""
        if self.theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self.theme.line))
        painter.setBrush(QColor(self.theme.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        painter.setFont(window_font(self.font(), SMALL_FONT_PX))
        scale = self.camera.metres_per_pixel(self.view_height)
        length = round_length_m(LONGEST_PX * scale)
        pixels, right, base = length / scale, WIDTH - 44.0, HEIGHT - 10.0
        painter.setPen(QPen(QColor(self.theme.text), 1.5))
        painter.drawPolyline(
            [
                QPointF(right - pixels, base - 5),
                QPointF(right - pixels, base),
                QPointF(right, base),
                QPointF(right, base - 5),
            ]
        )
        text = f"{length / 1000:g}\u2009km" if length >= 1000 else f"{length:g}\u2009m"
        painter.drawText(QRectF(right - 120, base - 22, 120, 16), Qt.AlignmentFlag.AlignRight, text)
        self._paint_arrow(painter, QPointF(WIDTH - 22.0, HEIGHT / 2.0))
        painter.end()

    def _paint_arrow(self, painter: QPainter, centre: QPointF) -> None:
        # North on the screen: the ground's north axis as the camera sees it.
        x, y = float(self.camera.axes[0][1]), float(self.camera.axes[1][1])
        length = math.hypot(x, y) or 1.0
        ahead, aside = QPointF(x / length, -y / length), QPointF(y / length, x / length)
        tip, left, right = centre + ahead * 13, centre - ahead * 9 + aside * 6, centre - ahead * 9 - aside * 6
        painter.setPen(QPen(QColor(self.theme.text), 1))
        painter.setBrush(QColor(self.theme.text))
        painter.drawPolygon(QPolygonF([tip, left, centre - ahead * 5]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(QPolygonF([tip, right, centre - ahead * 5]))
