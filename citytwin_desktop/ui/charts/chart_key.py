"""The key inside a chart: a sample and a name for each line, in as many rows as they need."""

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QApplication, QGraphicsItem, QWidget

from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

SAMPLE_PX, SQUARE_PX, GAP_PX, ROW_PX = 20.0, 10.0, 16.0, 18.0


@dataclass(frozen=True)
class KeyEntry:
    """One line of the key.

    Parameters
    ----------
    text : str
    mark : str
        Words in amber behind it.
    pen : QPen, optional
        None for no sample at all.
    brush : QBrush, optional
        For bars, which have a square for a sample.
    """

    text: str
    mark: str
    pen: QPen | None = None
    brush: QBrush | None = None

    @property
    def sample_px(self) -> float:
        """Room of the sample."""
        return 0.0 if self.pen is None else SAMPLE_PX if self.brush is None else SQUARE_PX


class ChartKey(pg.GraphicsObject):
    """Lies over the top of a plot; knows how high it is.

    Parameters
    ----------
    plot : pyqtgraph.PlotItem
    theme : Theme
    left : float
        Room that is kept free at the left for the unit.
    """

    def __init__(self, plot: pg.PlotItem, theme: Theme, left: float) -> None:
        super().__init__(plot.getViewBox())
        self._box, self._theme, self._left = plot.getViewBox(), theme, left
        self._entries: list[KeyEntry] = []
        self._places: list[QPointF] = []
        self._font = window_font(QApplication.font(), SMALL_FONT_PX)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresParentOpacity)
        self.setZValue(100)
        self._box.sigResized.connect(self._lay_out)

    @property
    def height_px(self) -> float:
        """Room that it takes."""
        return (self._places[-1].y() + ROW_PX) if self._places else 0.0

    @property
    def texts(self) -> list[str]:
        """Names with their marks."""
        return [" ".join(part for part in (item.text, item.mark) if part) for item in self._entries]

    def show_entries(self, entries: list[KeyEntry]) -> None:
        """Other lines."""
        self._entries = entries
        self._lay_out()

    def boundingRect(self) -> QRectF:
        """All of the plot's width, as high as its rows."""
        return QRectF(0.0, 0.0, self._box.width(), max(self.height_px, 1.0))

    def paint(self, painter: QPainter, _option: object, _widget: QWidget | None = None) -> None:
        """Samples and names."""
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        for item, place in zip(self._entries, self._places, strict=True):
            middle = place.y() + ROW_PX / 2
            if item.pen is not None:
                painter.setPen(item.pen)
                if item.brush is None:
                    painter.drawLine(QPointF(place.x(), middle), QPointF(place.x() + SAMPLE_PX, middle))
                else:
                    painter.setBrush(item.brush)
                    painter.drawRect(QRectF(place.x(), middle - SQUARE_PX / 2, SQUARE_PX, SQUARE_PX))
            left = place.x() + item.sample_px + 6
            for text, colour in ((item.text, self._theme.text), (item.mark, self._theme.stale)):
                painter.setPen(QColor(colour))
                painter.drawText(QRectF(left, place.y(), 600, ROW_PX), Qt.AlignmentFlag.AlignVCenter, text)
                left += metrics.horizontalAdvance(text + " ")

    def _lay_out(self) -> None:
        self.prepareGeometryChange()
        metrics, x, y = QFontMetricsF(self._font), self._left, 2.0
        self._places = []
        for item in self._entries:
            width = item.sample_px + 6 + metrics.horizontalAdvance(f"{item.text} {item.mark}") + GAP_PX
            if x > self._left and x + width > self._box.width():
                x, y = self._left, y + ROW_PX
            self._places.append(QPointF(x, y))
            x += width
        self.update()
