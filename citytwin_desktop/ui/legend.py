"""The legend over the 3D view: title, unit, histogram, colour bar and its ends, and which result is shown."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from citytwin_desktop.scene.colour_maps import FLOW_MAP, ColourScale
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.detail_switch import DetailSwitch
from citytwin_desktop.ui.legend_classes import LegendClass, classes_height, paint_classes
from citytwin_desktop.ui.result_badge import Badge, ResultBadge
from citytwin_desktop.ui.solar_detail import SolarDetail
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

WIDTH, PAD, BAR_HEIGHT, HISTOGRAM_HEIGHT = 248, 12, 10, 26
SCALE_HEIGHT = 116
"""Of the painted part; badge and switch stand under it."""


class Legend(QFrame):
    """Reads the surfaces' colours back into numbers.

    Parameters
    ----------
    parent : QWidget
        The view that it lies over.
    detail : SolarDetail
        What the switch between surfaces and cells changes.

    Signals
    -------
    resized
        It grew or shrank by a line.
    """

    resized = Signal()
    _centre = Qt.AlignmentFlag.AlignCenter

    def __init__(self, parent: QWidget, detail: SolarDetail) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self.scale: ColourScale | None = None
        self.title = self.unit = self.detail = self.note = ""
        self.counts: NDArray[np.int64] = np.zeros(0, np.int64)
        self.classes: tuple[LegendClass, ...] = ()
        self.theme: Theme | None = None
        self.badge, self.switch = ResultBadge(self), DetailSwitch(detail, self)
        self._foot = QVBoxLayout(self)
        self._foot.setContentsMargins(PAD, SCALE_HEIGHT, PAD, 10)
        self._foot.setSpacing(6)
        self._foot.addWidget(self.badge)
        self._foot.addWidget(self.switch)
        self.setFixedWidth(WIDTH)
        self.hide()

    def show_scale(
        self,
        scale: ColourScale,
        values: NDArray[np.floating],
        title: str,
        unit: str,
        detail: str,
        badge: Badge = Badge(),  # noqa: B008 - frozen
        missing: str = "",
        switch: bool = False,
    ) -> None:
        """Show a scale and how the values spread over it.

        Parameters
        ----------
        scale : ColourScale
        values : ndarray, (n,)
        title, unit : str
        detail : str
            Period and scenario, in small type.
        badge : Badge
            Which result it is.
        missing : str
            Said in place of the numbers while there is no value at all.
        switch : bool
            Whether the values come for cells too.
        """
        finite = values[np.isfinite(values)]
        self.classes = ()
        self.scale, self.title, self.unit, self.detail = scale, title, unit, detail
        self.counts = np.histogram(finite, bins=36, range=(scale.low, scale.high))[0]
        self.note = "" if len(finite) else missing or self.tr("No result yet")
        self.setAccessibleName(f"{title} {number_text(scale.low)}–{number_text(scale.high)} {unit}")
        self.show_badge(badge)
        self.switch.setVisible(switch)
        self.show()
        self._fit()
        self.update()

    def show_classes(self, title: str, note: str, classes: Sequence[LegendClass]) -> None:
        """Show classes rather than a scale.

        Parameters
        ----------
        title, note : str
            The note stands in for the counts while they are not known.
        classes : sequence of LegendClass
        """
        self.classes, self.title, self.note, self.unit, self.detail = tuple(classes), title, note, "", ""
        self.setAccessibleName(", ".join([title, *(f"{item.word}: {item.count}" for item in classes)]))
        self.badge.show_badge(Badge())
        self.switch.hide()
        self.show()
        self._fit()
        self.update()

    def show_badge(self, badge: Badge) -> None:
        """Say which result is shown, or how far a better one is."""
        self.badge.show_badge(badge)
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        self.theme = theme
        self.badge.set_theme(theme)
        self.switch.set_theme(theme)
        self.update()

    def _fit(self) -> None:
        self._foot.invalidate()
        if self.classes:
            self._set_height(classes_height(self.classes))
            return
        height = self._foot.sizeHint().height() if self._has_foot() else SCALE_HEIGHT
        self._set_height(height)

    def _set_height(self, height: int) -> None:
        if height != self.height():
            self.setFixedHeight(height)
            self.resized.emit()

    def _has_foot(self) -> bool:
        return not (self.badge.isHidden() and self.switch.isHidden())

    def paintEvent(self, event: object) -> None:
        """Draw title, unit, histogram, bar and labels."""
        super().paintEvent(event)
        if self.theme is None or (self.scale is None and not self.classes):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.classes:
            self._paint_title(painter)
            painter.setFont(window_font(self.font(), SMALL_FONT_PX))
            paint_classes(painter, self.classes, self.theme, QRectF(PAD, 0, WIDTH - 2 * PAD, self.height()), self.note)
            painter.end()
            return
        self._paint_texts(painter)
        bar = QRectF(PAD, 78, WIDTH - 2 * PAD, BAR_HEIGHT)
        self._paint_histogram(painter, bar)
        table = np.ascontiguousarray(self.scale.table())
        image = QImage(table.data, 256, 1, 256 * 3, QImage.Format.Format_RGB888)
        painter.drawImage(bar, image)
        self._paint_zero(painter, bar)
        painter.end()

    def _paint_title(self, painter: QPainter) -> None:
        painter.setPen(QColor(self.theme.text))
        painter.setFont(window_font(self.font(), bold=True))
        title = painter.fontMetrics().elidedText(self.title, Qt.TextElideMode.ElideRight, WIDTH - 2 * PAD)
        painter.drawText(QRectF(PAD, 8, WIDTH - 2 * PAD, 18), Qt.AlignmentFlag.AlignVCenter, title)

    def _paint_texts(self, painter: QPainter) -> None:
        theme, scale = self.theme, self.scale
        self._paint_title(painter)
        painter.setFont(window_font(self.font(), SMALL_FONT_PX))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(PAD, 26, WIDTH - 2 * PAD, 16), Qt.AlignmentFlag.AlignVCenter, self.unit)
        painter.drawText(QRectF(PAD, 26, WIDTH - 2 * PAD, 16), right, self.detail)
        painter.setPen(QColor(theme.text))
        ends = QRectF(PAD, 92, WIDTH - 2 * PAD, 18)
        if self.note:
            painter.drawText(ends, Qt.AlignmentFlag.AlignVCenter, self.note)
            return
        painter.drawText(ends, Qt.AlignmentFlag.AlignVCenter, number_text(scale.low))
        place, middle = self.middle_mark()
        painter.drawText(ends.translated(place * ends.width() - ends.width() / 2, 0), self._centre, middle)
        painter.drawText(ends, right, number_text(scale.high))

    def middle_mark(self) -> tuple[float, str]:
        """Place along the bar, 0-1, and text of the number between the ends: zero where losses turn into gains."""
        low, high = self.scale.low, self.scale.high
        zero = -low / (high - low)
        if self.scale.map_name == FLOW_MAP and 0.25 < zero < 0.75:
            return zero, "0"
        return 0.5, number_text((low + high) / 2)

    def _paint_zero(self, painter: QPainter, bar: QRectF) -> None:
        """A mark where losses turn into gains."""
        if self.scale.map_name == FLOW_MAP and self.scale.low < 0.0 < self.scale.high:
            x = bar.left() - self.scale.low / (self.scale.high - self.scale.low) * bar.width()
            painter.fillRect(QRectF(x - 0.5, bar.top() - 2, 1, bar.height() + 4), QColor(self.theme.text))

    def _paint_histogram(self, painter: QPainter, bar: QRectF) -> None:
        if not self.counts.any():
            return
        step = bar.width() / len(self.counts)
        heights = np.sqrt(self.counts / self.counts.max()) * HISTOGRAM_HEIGHT
        for place, height in enumerate(heights):
            if height > 0:
                box = QRectF(bar.left() + place * step, bar.top() - 3 - height, max(step - 1, 1), height)
                painter.fillRect(box, QColor(self.theme.disabled))
