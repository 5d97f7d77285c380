"""Monthly sums as bars beside each other."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QBrush, QColor

from citytwin_desktop.city.calendar import MONTH_NAMES
from citytwin_desktop.document.chart_lines import MONTHLY, Line
from citytwin_desktop.ui.charts.axes import MonthAxis
from citytwin_desktop.ui.charts.year_chart import YearChart, bar_fill

_GROUP = 0.78


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
        bars = pg.BarGraphItem(
            x=x, height=height, width=width * 0.9, pen=self.pen_of(line, colour), brush=bar_fill(self, line, colour)
        )
        self.boxes[line.unit].addItem(bars)

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
