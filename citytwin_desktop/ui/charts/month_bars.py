"""Monthly sums as bars beside each other."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor

from citytwin_desktop.city.calendar import MONTH_NAMES
from citytwin_desktop.document.chart_lines import MONTHLY, Line
from citytwin_desktop.ui.charts.axes import MonthAxis
from citytwin_desktop.ui.charts.colours import NO_FILL, line_pen
from citytwin_desktop.ui.charts.year_chart import YearChart, bar_fill

_GROUP, _HATCH = 0.78, 0.05


class MonthBars(YearChart):
    """Twelve groups of bars; stale ones are hatched."""

    KIND = MONTHLY
    IN_EACH_HOUR = False

    def make_axis(self) -> pg.AxisItem:
        """Months."""
        return MonthAxis()

    def brush_of(self, line: Line, colour: QColor) -> QBrush | None:
        """Fill of the sample in the key, as of the bars."""
        return bar_fill(self, line, colour)

    def draw_line(self, line: Line, colour: QColor) -> None:
        """One bar for each month."""
        width = _GROUP / len(self.lines)
        x = np.arange(12.0) - _GROUP / 2 + (self.lines.index(line) + 0.5) * width
        height = np.nan_to_num(self.scaled(line, line.y))
        brush, box = bar_fill(self, line, colour), self.boxes[line.unit]
        hatched = brush.style() == Qt.BrushStyle.BDiagPattern
        fill = NO_FILL if hatched else brush
        box.addItem(pg.BarGraphItem(x=x, height=height, width=width * 0.9, pen=self.pen_of(line, colour), brush=fill))
        if hatched:
            top = max(float(np.nanmax(self.scaled(item, item.y))) for item in self.lines if item.unit == line.unit)
            ends = hatching(x - width * 0.45, x + width * 0.45, height, max(top, 1e-9) * _HATCH)
            box.addItem(pg.PlotCurveItem(*ends, connect="pairs", pen=line_pen(colour)))

    def fit(self) -> None:
        """All months."""
        super().fit()
        self.plot.getViewBox().setXRange(-0.5, 11.5, padding=0)

    def place_at(self, x: float) -> int:
        """Bars stand about the number of their month."""
        return int(np.floor(x + 0.5))

    def place_text(self, place: int) -> str:
        """Name of the month."""
        return MONTH_NAMES[place]

    def question_of(self, line: Line, place: int) -> dict[str, Any]:
        """Of the month."""
        del line
        return {"month": place}


def hatching(left: np.ndarray, right: np.ndarray, height: np.ndarray, rise: float) -> tuple[np.ndarray, np.ndarray]:
    """Ends of rising lines inside bars, two for each line: drawn so, for patterns of brushes are lost in SVG files.

    Parameters
    ----------
    left, right, height : ndarray, (n,) float64
        Of the bars, which stand on zero.
    rise : float
        Of a line over the width of a bar, and from one line to the next.
    """
    x, y = [], []
    for one, other, top in zip(left, right, height, strict=True):
        starts = np.arange(-rise, max(top, 0.0), rise)
        for start in starts:
            low, high = max(start, 0.0), min(start + rise, top)
            if high > low:
                x += [one + (level - start) / rise * (other - one) for level in (low, high)]
                y += [low, high]
    return np.array(x), np.array(y)
