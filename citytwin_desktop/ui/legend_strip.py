"""Histogram and colour bar of the legend, with its labels and the marks of a filter: drawing alone."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from citytwin_desktop.scene.colour_maps import DIVERGING_MAP, FLOW_MAP, ColourScale, logarithmic_ticks
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.legend_range import is_open
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

HISTOGRAM_HEIGHT, BAR_HEIGHT, LABEL_HEIGHT, GRIP, GRIP_HEIGHT = 28, 10, 18, 5, 8
BARS = 37
BAR_TOP = HISTOGRAM_HEIGHT + GRIP_HEIGHT + 2
"""The handles stand between histogram and bar and cover neither."""
HEIGHT = BAR_TOP + BAR_HEIGHT + LABEL_HEIGHT


class LegendStrip(QWidget):
    """Shows a scale, how values spread over it, and which of them keep their colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.theme: Theme | None = None
        self.scale: ColourScale | None = None
        self.note = self.unit = ""
        self.counts: NDArray[np.int64] = np.zeros(0, np.int64)
        self.threshold: tuple[float, float] | None = None
        self.units: NDArray[np.float32] = np.zeros(0, np.float32)
        self.other: NDArray[np.float32] | None = None
        self.hand, self.class_ = 0, -1

    def show_scale(
        self,
        scale: ColourScale,
        values: NDArray[np.floating],
        unit: str,
        note: str,
        other: NDArray[np.floating] | None = None,
    ) -> None:
        """Show a scale and how values spread over it.

        Parameters
        ----------
        scale : ColourScale
        values : ndarray, (n,)
        unit : str
        note : str
            Said in place of the numbers while there is no value at all.
        other : ndarray, (n,), optional
            Values of the scenario beside it.
        """
        self.scale, self.unit, self.note = scale, unit, note
        self.units = np.asarray(values[np.isfinite(values)], np.float32)
        self.other = None if other is None else np.asarray(other[np.isfinite(other)], np.float32)
        self.counts = spread(self.units, scale)
        self.class_ = min(self.class_, len(scale.edges()) - 2)
        self.setEnabled(bool(len(self.units)))
        self.update()

    def show_filter(self, threshold: tuple[float, float] | None) -> None:
        """Put the handles elsewhere, telling nobody."""
        self.threshold = threshold
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the legend."""
        return QSize(224, HEIGHT)

    @property
    def area(self) -> QRectF:
        """The colour bar; handles stick out a little on both sides."""
        return QRectF(GRIP, BAR_TOP, self.width() - 2 * GRIP, BAR_HEIGHT)

    def x_of(self, value: float) -> float:
        """Place of a value, within the bar [px]."""
        return self.area.left() + min(max(self.scale.share(value), 0.0), 1.0) * self.area.width()

    def value_at(self, x: float) -> float:
        """Value at a place, within the ends of the scale."""
        share = min(max((x - self.area.left()) / self.area.width(), 0.0), 1.0)
        return self.scale.value_at(share)

    def handles(self) -> tuple[float, float]:
        """Places of the two handles [px]."""
        low, high = self.threshold or (self.scale.low, self.scale.high)
        return self.x_of(low), self.x_of(high)

    def shown_count(self, values: NDArray[np.float32]) -> int:
        """How many of some values keep their colour."""
        if self.threshold is None:
            return len(values)
        low, high = (np.float32(end) for end in self.threshold)
        return int(np.count_nonzero((values >= low) & (values <= high)))

    def paintEvent(self, _event: Any) -> None:
        """Draw histogram, bar, labels and handles."""
        if self.theme is None or self.scale is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(window_font(self.font(), SMALL_FONT_PX))
        self._paint_histogram(painter)
        table = np.ascontiguousarray(self.scale.table())
        painter.drawImage(self.area, QImage(table.data, 256, 1, 256 * 3, QImage.Format.Format_RGB888))
        self._paint_marks(painter)
        if self.note:
            painter.setPen(QColor(self.theme.text))
            place = QRectF(0, BAR_TOP + BAR_HEIGHT, self.width(), LABEL_HEIGHT)
            text = painter.fontMetrics().elidedText(self.note, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        else:
            self._paint_labels(painter)
            self._paint_handles(painter)
        painter.end()

    def _paint_histogram(self, painter: QPainter) -> None:
        if not self.counts.any():
            return
        left, right = self.handles()
        step = self.area.width() / BARS
        beside = np.zeros(BARS, np.int64) if self.other is None else spread(self.other, self.scale)
        most = max(self.counts.max(), beside.max())
        for place, height in enumerate(np.sqrt(self.counts / most) * (HISTOGRAM_HEIGHT - 2)):
            x = self.area.left() + place * step
            inside = left - step / 2 <= x + step / 2 <= right + step / 2
            colour = self.theme.muted if inside else self.theme.line
            if height > 0:
                box = QRectF(x, HISTOGRAM_HEIGHT - height, max(step - 1, 1), height)
                painter.fillRect(box, QColor(colour))
        if self.other is not None:
            painter.setPen(QPen(QColor(self.theme.text), 1))
            tops = HISTOGRAM_HEIGHT - np.sqrt(beside / most) * (HISTOGRAM_HEIGHT - 2)
            lefts = self.area.left() + step * np.arange(BARS)
            corners = [QPointF(x + side, y) for x, y in zip(lefts, tops, strict=True) for side in (0.0, step)]
            painter.drawPolyline(QPolygonF(corners))

    def _paint_marks(self, painter: QPainter) -> None:
        """Ends of classes, the class that is chosen, and where losses turn into gains."""
        edges, ink = self.scale.edges(), QColor(self.theme.text)
        for edge in edges[1:-1]:
            painter.fillRect(QRectF(self.x_of(edge) - 0.5, BAR_TOP, 1, BAR_HEIGHT), QColor(self.theme.panel))
        if 0 <= self.class_ < len(edges) - 1:
            left, right = self.x_of(edges[self.class_]), self.x_of(edges[self.class_ + 1])
            painter.setPen(QPen(ink, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(left, BAR_TOP - 1, right - left, BAR_HEIGHT + 2))
        if self.scale.map_name in (FLOW_MAP, DIVERGING_MAP) and self.scale.low < 0.0 < self.scale.high:
            painter.fillRect(QRectF(self.x_of(0.0) - 0.5, BAR_TOP - 2, 1, BAR_HEIGHT + 4), ink)

    def _paint_labels(self, painter: QPainter) -> None:
        painter.setPen(QColor(self.theme.text))
        metrics, taken = painter.fontMetrics(), []
        for value in self.labelled():
            text = number_text(value)
            width = metrics.horizontalAdvance(text)
            x = min(max(self.x_of(value) - width / 2, 0.0), self.width() - width)
            if all(x > end + 4 or x + width < start - 4 for start, end in taken):
                taken.append((x, x + width))
                painter.drawText(QPointF(x, BAR_TOP + BAR_HEIGHT + 14), text)

    def labelled(self) -> list[float]:
        """Values that a number stands at, the weightiest first; those without room are left out."""
        scale = self.scale
        if scale.logarithmic and not scale.classes:
            return [scale.low, scale.high, *logarithmic_ticks(scale.low, scale.high)]
        zero = -scale.low / (scale.high - scale.low)
        middle = (scale.low + scale.high) / 2.0
        if scale.map_name == DIVERGING_MAP or (scale.map_name == FLOW_MAP and 0.25 < zero < 0.75):
            middle = 0.0
        return [scale.low, scale.high, *(scale.edges()[1:-1] or (middle,))]

    def _paint_handles(self, painter: QPainter) -> None:
        for number, x in enumerate(self.handles()):
            held = self.hasFocus() and self.hand == number
            painter.setPen(QPen(QColor(self.theme.accent if held else self.theme.panel), 1))
            is_set = self.threshold is not None and not is_open(self.threshold, number)
            painter.setBrush(QColor(self.theme.accent if is_set or held else self.theme.muted))
            top = BAR_TOP - 1
            painter.drawPolygon(
                QPolygonF([QPointF(x - GRIP, top - GRIP_HEIGHT), QPointF(x + GRIP, top - GRIP_HEIGHT), QPointF(x, top)])
            )
            if is_set:
                painter.fillRect(QRectF(x - 0.5, BAR_TOP, 1, BAR_HEIGHT), QColor(self.theme.text))


def spread(values: NDArray[np.float32], scale: ColourScale) -> NDArray[np.int64]:
    """(`BARS`,) int64: how many values lie along each step of a scale; those beyond its ends in the outermost."""
    even = ColourScale(scale.map_name, scale.low, scale.high, logarithmic=scale.logarithmic).places(values)
    return np.bincount(even.astype(np.int64) * BARS // 256, minlength=BARS)
