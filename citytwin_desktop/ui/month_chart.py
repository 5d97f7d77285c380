"""Twelve months of one or more series as grouped bars."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.numbers import energy_unit
from citytwin_desktop.ui.theme import SMALL_FONT_PX, Theme, window_font

SERIES_COLOURS = {
    "dark": {
        "heating_demand": "#D98B73",
        "cooling_demand": "#6FA8DC",
        "hot_water_demand": "#B58BC9",
        "electricity_use": "#C9B25B",
    },
    "light": {
        "heating_demand": "#B5563A",
        "cooling_demand": "#3A78B5",
        "hot_water_demand": "#7A4C93",
        "electricity_use": "#8F7A1E",
    },
}


@dataclass(frozen=True, eq=False)
class Series:
    """Monthly energy of some buildings.

    Parameters
    ----------
    variable, title : str
    monthly_kwh : ndarray, (12,) float64 [kWh]
    stale : bool
    buildings : int
        How many of them have a result.
    explanation : str
        Engine, version and time, for the tool tip.
    estimate : bool
        Whether any part of it is an estimate.
    """

    variable: str
    title: str
    monthly_kwh: NDArray[np.float64]
    stale: bool
    buildings: int
    explanation: str
    estimate: bool = False


class MonthChart(QWidget):
    """Bars over months; stale series are drawn hollow."""

    def __init__(self, with_key: bool = False) -> None:
        super().__init__()
        self.setMinimumHeight(80)
        self.series: list[Series] = []
        self.theme: Theme | None = None
        self._with_key = with_key

    def set_theme(self, theme: Theme) -> None:
        """Colours."""
        self.theme = theme
        self.update()

    def show_series(self, series: list[Series]) -> None:
        """Draw other series."""
        self.series = series
        self.setAccessibleName(", ".join(item.title for item in series))
        self.update()

    def paintEvent(self, _event: object) -> None:
        """Draw axis, grid, bars and key."""
        if self.theme is None or not self.series:
            return
        painter = QPainter(self)
        painter.setFont(window_font(self.font(), SMALL_FONT_PX))
        top = max(float(item.monthly_kwh.max()) for item in self.series) or 1.0
        divisor, unit = energy_unit([top])
        area = QRectF(
            44, 24 if self._with_key else 20, self.width() - 52, self.height() - (44 if self._with_key else 40)
        )
        for share in (0.0, 0.5, 1.0):
            y = area.bottom() - share * area.height()
            painter.setPen(QColor(self.theme.line))
            painter.drawLine(int(area.left()), int(y), int(area.right()), int(y))
            painter.setPen(QColor(self.theme.muted))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 8, 38, 16), right, number_text(top * share / divisor, 2))
        painter.drawText(QRectF(0, area.top() - 22, 38, 14), right, unit)
        self._paint_bars(painter, area, top)
        if self._with_key:
            self._paint_key(painter, area)
        painter.end()

    def _paint_bars(self, painter: QPainter, area: QRectF, top: float) -> None:
        slot = area.width() / 12
        width = max(min((slot - 4) / len(self.series), 14.0), 1.5)
        for month in range(12):
            left = area.left() + month * slot + (slot - width * len(self.series)) / 2
            for place, item in enumerate(self.series):
                height = float(item.monthly_kwh[month]) / top * area.height()
                bar = QRectF(left + place * width, area.bottom() - height, width - 1, height)
                self._paint_bar(painter, bar, item)
            painter.setPen(QColor(self.theme.muted))
            label = QRectF(area.left() + month * slot, area.bottom() + 2, slot, 16)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, "JFMAMJJASOND"[month])

    def _paint_bar(self, painter: QPainter, bar: QRectF, item: Series) -> None:
        colour = QColor(SERIES_COLOURS[self.theme.name].get(item.variable, self.theme.muted))
        if item.stale:
            painter.fillRect(bar, QColor(colour.red(), colour.green(), colour.blue(), 70))
            painter.setPen(QColor(self.theme.stale))
            painter.drawRect(bar)
        else:
            painter.fillRect(bar, colour)

    def _paint_key(self, painter: QPainter, area: QRectF) -> None:
        x = area.left()
        for item in self.series:
            painter.fillRect(
                QRectF(x, 8, 9, 9), QColor(SERIES_COLOURS[self.theme.name].get(item.variable, self.theme.muted))
            )
            text = item.title + (" (stale)" if item.stale else "") + (" (estimate)" if item.estimate else "")
            painter.setPen(QColor(self.theme.stale if item.stale else self.theme.text))
            painter.drawText(QRectF(x + 14, 4, 220, 16), Qt.AlignmentFlag.AlignVCenter, text)
            x += 30 + painter.fontMetrics().horizontalAdvance(text)
