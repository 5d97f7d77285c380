"""A small plan of where the sources lie, in which a box is drawn with the mouse."""

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

Box = tuple[float, float, float, float]
HEIGHT, PAD, LEAST_DRAG_PX, OUTER_SHARE = 152, 12, 4, 0.06


class PlanPreview(QWidget):
    """Extents of the sources, north up, and the box that is to be taken of them.

    Parameters
    ----------
    theme : Theme

    Signals
    -------
    box_drawn(object)
        Corners of a box that was drawn, or None when a click took it away.
    """

    box_drawn = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(objectName="importPlan")
        self.theme = theme
        self.extents: tuple[Box, ...] = ()
        self.box: Box | None = None
        self.geographic = False
        self._pressed: QPointF | None = None
        self.setFixedHeight(HEIGHT)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Plan of the file; a box is typed in the fields beside it"))

    def show_extents(self, extents: Sequence[Box], geographic: bool) -> None:
        """Show where the sources lie, in their own coordinates."""
        self.extents, self.geographic = tuple(extents), geographic
        self.update()

    def show_box(self, box: Box | None) -> None:
        """Show the box that was typed."""
        self.box = box
        self.update()

    @property
    def whole(self) -> Box | None:
        """Around all sources; None while there is none."""
        if not self.extents:
            return None
        west, south, east, north = zip(*self.extents, strict=True)
        return min(west), min(south), max(east), max(north)

    def to_pixel(self, x: float, y: float) -> QPointF:
        """Where a place of the sources is drawn."""
        scale_x, scale_y, left, top, west, north = self._frame()
        return QPointF(left + (x - west) * scale_x, top + (north - y) * scale_y)

    def to_place(self, pixel: QPointF) -> tuple[float, float]:
        """The reverse of `to_pixel`."""
        scale_x, scale_y, left, top, west, north = self._frame()
        return west + (pixel.x() - left) / scale_x, north - (pixel.y() - top) / scale_y

    def mousePressEvent(self, event: Any) -> None:
        """Begin a box."""
        if event.button() == Qt.MouseButton.LeftButton and self.whole is not None:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: Any) -> None:
        """Draw it as far as it is."""
        if self._pressed is not None:
            self.show_box(self._box_to(event.position()))

    def mouseReleaseEvent(self, event: Any) -> None:
        """Tell of the box; a click alone takes it away."""
        if self._pressed is None:
            return
        moved = event.position() - self._pressed
        drawn = self._box_to(event.position()) if min(abs(moved.x()), abs(moved.y())) >= LEAST_DRAG_PX else None
        self._pressed = None
        self.show_box(drawn)
        self.box_drawn.emit(drawn)

    def _box_to(self, end: QPointF) -> Box:
        end = QPointF(min(max(end.x(), 0.0), self.width()), min(max(end.y(), 0.0), self.height()))
        (x0, y0), (x1, y1) = self.to_place(self._pressed), self.to_place(end)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _frame(self) -> tuple[float, float, float, float, float, float]:
        """Scales and the pixel of the north-west corner; degrees of longitude are as wide as at this latitude."""
        west, south, east, north = self.whole or (0.0, 0.0, 1.0, 1.0)
        wide, high = max(east - west, 1e-9), max(north - south, 1e-9)
        squeeze = max(math.cos(math.radians((south + north) / 2.0)), 0.1) if self.geographic else 1.0
        room_x, room_y = self.width() - 2 * PAD, self.height() - 2 * PAD
        scale = min(room_x / (wide * squeeze), room_y / high) * (1.0 - OUTER_SHARE)
        left = (self.width() - wide * squeeze * scale) / 2.0
        top = (self.height() - high * scale) / 2.0
        return scale * squeeze, scale, left, top, west, north

    def paintEvent(self, _event: Any) -> None:
        """Draw ground, extents, box and a hint."""
        theme = self.theme
        painter = QPainter(self)
        painter.setPen(QColor(theme.line))
        painter.setBrush(QColor(theme.panel))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setPen(QPen(QColor(theme.muted), 1))
        painter.setBrush(QColor(theme.hover))
        for extent in self.extents:
            painter.drawRect(self._drawn(extent))
        if self.box is not None:
            fill = QColor(theme.accent)
            fill.setAlphaF(0.22)
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.setBrush(fill)
            painter.drawRect(self._drawn(self.box))
        painter.setFont(window_font(self.font(), SMALL_FONT_PX))
        painter.setPen(QColor(theme.muted))
        if self.box is None:
            hint = self.tr("Drag a box here") if self.extents else self.tr("The extent is not known")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, hint)
        painter.end()

    def _drawn(self, box: Box) -> QRectF:
        return QRectF(self.to_pixel(box[0], box[3]), self.to_pixel(box[2], box[1]))
