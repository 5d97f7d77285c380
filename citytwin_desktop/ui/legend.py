"""The legend over the 3D view: title, unit, histogram, colour bar and its ends."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QFrame, QWidget

from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

WIDTH, PAD, BAR_HEIGHT, HISTOGRAM_HEIGHT = 248, 12, 10, 26


class Legend(QFrame):
    """Reads the surfaces' colours back into numbers.

    Parameters
    ----------
    parent : QWidget
        The view that it lies over.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.scale: ColourScale | None = None
        self.title = self.unit = self.detail = self.note = self.badge = ""
        self.counts: NDArray[np.int64] = np.zeros(0, np.int64)
        self.theme: Theme | None = None
        self.setFixedSize(WIDTH, 118)
        self.hide()

    def show_scale(
        self,
        scale: ColourScale,
        values: NDArray[np.floating],
        title: str,
        unit: str,
        detail: str,
        badge: str = "",
        missing: str = "",
    ) -> None:
        """Show a scale and how the values spread over it.

        Parameters
        ----------
        scale : ColourScale
        values : ndarray, (n,)
        title, unit : str
        detail : str
            Period and scenario, in small type.
        badge : str
            For example ``estimate`` or ``first map``.
        missing : str
            Said in place of the numbers while there is no value at all.
        """
        finite = values[np.isfinite(values)]
        self.scale, self.title, self.unit, self.detail, self.badge = scale, title, unit, detail, badge
        self.counts = np.histogram(finite, bins=36, range=(scale.low, scale.high))[0]
        self.note = "" if len(finite) else missing or self.tr("No result yet")
        self.setAccessibleName(f"{title} {number_text(scale.low)}–{number_text(scale.high)} {unit}")
        self.show()
        self.update()

    def paintEvent(self, event: object) -> None:
        """Draw title, unit, histogram, bar and labels."""
        super().paintEvent(event)
        if self.scale is None or self.theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_texts(painter)
        bar = QRectF(PAD, 78, WIDTH - 2 * PAD, BAR_HEIGHT)
        self._paint_histogram(painter, bar)
        table = np.ascontiguousarray(self.scale.table())
        image = QImage(table.data, 256, 1, 256 * 3, QImage.Format.Format_RGB888)
        painter.drawImage(bar, image)
        painter.end()

    def _paint_texts(self, painter: QPainter) -> None:
        theme, scale = self.theme, self.scale
        painter.setPen(QColor(theme.text))
        painter.setFont(window_font(self.font(), bold=True))
        painter.drawText(QRectF(PAD, 8, WIDTH - 2 * PAD, 18), Qt.AlignmentFlag.AlignVCenter, self.title)
        painter.setFont(window_font(self.font(), SMALL_FONT_PX))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if self.badge:
            painter.setPen(QColor(theme.stale))
            painter.drawText(QRectF(PAD, 8, WIDTH - 2 * PAD, 18), right, self.badge)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(PAD, 26, WIDTH - 2 * PAD, 16), Qt.AlignmentFlag.AlignVCenter, self.unit)
        painter.drawText(QRectF(PAD, 26, WIDTH - 2 * PAD, 16), right, self.detail)
        painter.setPen(QColor(theme.text))
        ends = QRectF(PAD, 92, WIDTH - 2 * PAD, 18)
        if self.note:
            painter.drawText(ends, Qt.AlignmentFlag.AlignVCenter, self.note)
            return
        painter.drawText(ends, Qt.AlignmentFlag.AlignVCenter, number_text(scale.low))
        painter.drawText(ends, Qt.AlignmentFlag.AlignCenter, number_text((scale.low + scale.high) / 2))
        painter.drawText(ends, right, number_text(scale.high))

    def _paint_histogram(self, painter: QPainter, bar: QRectF) -> None:
        if not self.counts.any():
            return
        step = bar.width() / len(self.counts)
        heights = np.sqrt(self.counts / self.counts.max()) * HISTOGRAM_HEIGHT
        for place, height in enumerate(heights):
            if height > 0:
                box = QRectF(bar.left() + place * step, bar.top() - 3 - height, max(step - 1, 1), height)
                painter.fillRect(box, QColor(self.theme.disabled))
