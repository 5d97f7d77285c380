"""What tools draw over the city: lines, handles, snapping marks, the read-out beside the pointer, the hint."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.ui.theme import CORNER, SMALL_FONT_PX, Theme, window_font

GAP_PX, PAD_X_PX, PAD_Y_PX = 16.0, 8.0, 5.0
HANDLE_PX, MARK_PX = 4.5, 6.0
_TINT = 46
_HALO = 150
MOST_FACES, MOST_LINES = 250, 4000
"""What is tinted, and what is drawn at all, of bodies over a picture of the city; of more edges every so many."""

Pixels = NDArray[np.float64]


class Marks:
    """Draws in the colours of a theme.

    Parameters
    ----------
    painter : QPainter
        Of the overlay, in logical pixels.
    theme : Theme
    font : QFont
        Of the window.
    """

    def __init__(self, painter: QPainter, theme: Theme, font: QFont) -> None:
        self.painter, self.theme = painter, theme
        self._font, self._small = window_font(font), window_font(font, SMALL_FONT_PX)

    def lines(self, ends: Pixels, colour: str = "", width: float = 2.0, dashed: bool = False) -> None:
        """Lines, (n, 2, 2) pixels; those with an end behind the eye are left out."""
        seen = ends[np.isfinite(ends).all(axis=(1, 2))]
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        segments = [QLineF(*(float(value) for value in end.ravel())) for end in seen]
        # A dark rim under the line keeps it readable on light roofs and on data colours.
        rim = QColor(self.theme.panel)
        rim.setAlpha(_HALO)
        for pen in (QPen(rim, width + 2.0), QPen(QColor(colour or self.theme.selection), width, style)):
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            self.painter.setPen(pen)
            self.painter.drawLines(segments)

    def path(self, corners: Pixels, colour: str = "", closed: bool = False, dashed: bool = False) -> None:
        """A line through corners, (n, 2) pixels."""
        ends = np.stack([corners, np.roll(corners, -1, axis=0)], axis=1)
        self.lines(ends if closed else ends[:-1], colour, dashed=dashed)

    def area(self, corners: Pixels, colour: str = "") -> None:
        """A tinted area, (n, 2) pixels."""
        if len(corners) < 3 or not np.isfinite(corners).all():
            return
        tint = QColor(colour or self.theme.selection)
        tint.setAlpha(_TINT)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(tint)
        self.painter.drawPolygon(QPolygonF([QPointF(float(x), float(y)) for x, y in corners]))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    def bodies(self, polygons: Polygons, pixels: Pixels) -> None:
        """Faces that look towards the eye, tinted and with their edges; of many faces the edges alone.

        Parameters
        ----------
        polygons : Polygons
        pixels : ndarray, (n_vertices, 2) float64
            Where their vertices appear.
        """
        following = pixels[polygons.following_vertex]
        # Outward faces are wound against the clock, which a y axis that points down turns round.
        cross = pixels[:, 0] * following[:, 1] - pixels[:, 1] * following[:, 0]
        area = np.bincount(polygons.vertex_polygon, np.nan_to_num(cross), minlength=len(polygons))
        self.painter.setPen(QPen(QColor(self.theme.selection), 1.25))
        if (area < 0.0).sum() > MOST_FACES:
            edges = np.stack([pixels, following], axis=1)[(area < 0.0)[polygons.vertex_polygon]]
            self._plain_lines(edges[:: max(len(edges) // MOST_LINES, 1)])
            return
        tint = QColor(self.theme.selection)
        tint.setAlpha(2 * _TINT)
        self.painter.setBrush(tint)
        for number in np.flatnonzero(area < 0.0).tolist():
            self.painter.drawPath(_face(polygons, pixels, number))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    def _plain_lines(self, ends: Pixels) -> None:
        """Many thin lines at once, without smoothing."""
        seen = ends[np.isfinite(ends).all(axis=(1, 2))].reshape(-1, 4)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.painter.drawLines([QLineF(*end) for end in seen.tolist()])
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def handle(self, at: QPointF | None, hot: bool = False, small: bool = False) -> None:
        """A square to drag, or a small round one."""
        if at is None:
            return
        size = HANDLE_PX + (1.5 if hot else 0.0) - (1.0 if small else 0.0)
        box = QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size)
        self.painter.setPen(QPen(QColor(self.theme.selection), 1.5))
        self.painter.setBrush(QColor(self.theme.selection if hot else self.theme.panel))
        if small:
            self.painter.drawEllipse(box)
        else:
            self.painter.drawRect(box)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    def snap(self, at: QPointF | None, word: str) -> None:
        """The mark of a place that was snapped to, with its word."""
        if at is None:
            return
        self.painter.setPen(QPen(QColor(self.theme.stale), 2.0))
        self.painter.drawEllipse(at, MARK_PX, MARK_PX)
        self.painter.drawLine(at - QPointF(MARK_PX + 3, 0), at + QPointF(MARK_PX + 3, 0))
        self.painter.drawLine(at - QPointF(0, MARK_PX + 3), at + QPointF(0, MARK_PX + 3))
        self._card([(word, self.theme.muted)], at + QPointF(GAP_PX, -GAP_PX - 12.0), self._small)

    def readout(self, at: QPointF, texts: Sequence[str], problem: str = "", typed: bool = False) -> None:
        """Numbers beside the pointer, the first one large; what is wrong below them."""
        rows = [
            (text, self.theme.accent if typed and not place else self.theme.text) for place, text in enumerate(texts)
        ]
        if problem:
            rows += [(line, self.theme.failed) for line in _wrapped(problem, self._font, 300.0)]
        if rows:
            self._card(rows, at + QPointF(GAP_PX, GAP_PX), self._font)

    def hint(self, text: str, middle: QPointF, widest: float, hanging: bool = False) -> None:
        """What to do, in a card on a point, or hanging from it; on two lines where one is too narrow."""
        lines = _wrapped(text, self._font, widest - 2 * PAD_X_PX)
        metrics = QFontMetricsF(self._font)
        width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * PAD_X_PX
        height = metrics.height() * len(lines) + 2 * PAD_Y_PX
        self._card(
            [(line, self.theme.text) for line in lines],
            middle - QPointF(width / 2, 0.0 if hanging else height),
            self._font,
        )

    def _card(self, rows: Sequence[tuple[str, str]], at: QPointF, font: QFont) -> None:
        metrics = QFontMetricsF(font)
        width = max(metrics.horizontalAdvance(text) for text, _ in rows) + 2 * PAD_X_PX
        height = metrics.height() * len(rows) + 2 * PAD_Y_PX
        room = self.painter.viewport()  # in logical pixels, whatever the screen
        right, bottom = room.width(), room.height()
        x = at.x() if at.x() + width <= right - 4 else max(at.x() - width - 2 * GAP_PX, 4.0)
        y = min(max(at.y(), 4.0), max(bottom - height - 4.0, 4.0))
        card = QRectF(round(x) + 0.5, round(y) + 0.5, width, height)
        self.painter.setPen(QPen(QColor(self.theme.line), 1.0))
        self.painter.setBrush(QColor(self.theme.panel))
        self.painter.drawRoundedRect(card, CORNER, CORNER)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setFont(font)
        for place, (text, colour) in enumerate(rows):
            self.painter.setPen(QColor(colour))
            base = card.top() + PAD_Y_PX + metrics.ascent() + place * metrics.height()
            self.painter.drawText(QPointF(card.left() + PAD_X_PX, base), text)


def _face(polygons: Polygons, pixels: Pixels, number: int) -> QPainterPath:
    """A polygon with its holes; rings with a corner behind the eye are left out."""
    path = QPainterPath()
    first, last = polygons.polygon_start[number : number + 2]
    for ring in range(first, last):
        corners = pixels[polygons.ring_start[ring] : polygons.ring_start[ring + 1]]
        if np.isfinite(corners).all():
            path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners.tolist()]))
            path.closeSubpath()
    return path


def _wrapped(text: str, font: QFont, widest: float) -> list[str]:
    """A text in lines no wider than some pixels."""
    metrics, lines = QFontMetricsF(font), [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and metrics.horizontalAdvance(longer) > widest:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
