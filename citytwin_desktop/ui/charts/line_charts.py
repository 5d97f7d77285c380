"""Hourly values with the time cursor, the mean day, and the load duration curve."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from citytwin_desktop.analysis.chart_data import RANGES, range_about
from citytwin_desktop.city.calendar import hour_label
from citytwin_desktop.document.chart_lines import DURATION, HOURLY, PROFILE, ChartTable, Line, year_table
from citytwin_desktop.document.chart_series import ChartData
from citytwin_desktop.scene.numbers import THIN_SPACE, number_text
from citytwin_desktop.ui.charts.axes import DayAxis, ValueAxis, YearAxis
from citytwin_desktop.ui.charts.canvas import ChartCanvas
from citytwin_desktop.ui.charts.colours import line_pen
from citytwin_desktop.ui.charts.year_chart import YearChart

_BAND_ALPHA = 40
_LEAST_HOURS = 6
_ZOOM_STEP = 0.7


class HourlyChart(YearChart):
    """8,760 points, downsampled by their peaks to what the screen can show; the range is zoomed and moved."""

    KIND = HOURLY

    def __init__(self, canvas: ChartCanvas, data: ChartData, per_area: bool, hour: int) -> None:
        self.hours = max((len(item.hours) for item in data.series if item.hours is not None), default=8760)
        self._seen = (0, self.hours)
        super().__init__(canvas, data, per_area)
        box = self.plot.getViewBox()
        box.setMouseEnabled(x=True, y=False)
        box.setLimits(xMin=0, xMax=self.hours, minXRange=_LEAST_HOURS)
        self.hour = hour
        self.cursor_ = pg.InfiniteLine(hour + 0.5, movable=True, pen=self._cursor_pen(1.0))
        self.cursor_.setHoverPen(self._cursor_pen(3.0))
        self.cursor_.setCursor(Qt.CursorShape.SplitHCursor)
        self.cursor_.setZValue(50)
        box.addItem(self.cursor_, ignoreBounds=True)
        self.cursor_.sigDragged.connect(self._dragged)
        box.doubled.disconnect()
        box.doubled.connect(lambda _point: self.show_range("year"))
        box.sigXRangeChanged.connect(self._range_changed)
        self.show_range("year")

    def make_axis(self) -> pg.AxisItem:
        """Hours of the year."""
        axis = YearAxis()
        axis.hours = self.hours
        return axis

    def draw_line(self, line: Line, colour: QColor) -> None:
        """Each hour from its beginning to its end, seen at its middle."""
        x = np.arange(len(line.y)) + 0.5
        curve = pg.PlotDataItem(x, self.scaled(line, line.y), pen=self.pen_of(line, colour), connect="finite")
        self.boxes[line.unit].addItem(curve)
        # A nan would switch clipping and downsampling off for good: they are for whole years.
        if np.isfinite(line.y).all():
            curve.setDownsampling(auto=True, method="peak")
            curve.setClipToView(True)

    def place_text(self, place: int) -> str:
        """Date and time."""
        return hour_label(place, self.hours)

    def question_of(self, line: Line, place: int) -> dict[str, Any]:
        """Of the hour where there is such a number, else of the year."""
        return {"hour": place} if line.series.unit == "W/m²" else {}

    def table(self) -> ChartTable:
        """The hours that are seen."""
        low, high = self.seen
        return year_table(self.data, self.KIND, self.lines, (low, high))

    @property
    def seen(self) -> tuple[int, int]:
        """First hour, and the one after the last, of those that are seen."""
        return self._seen

    def seen_of(self, line: Line) -> np.ndarray:
        """Hours that are seen: the axis fits them."""
        return line.y[slice(*self._seen)]

    def show_range(self, name: str) -> None:
        """Show the day, week, month or year about the hour."""
        self.plot.getViewBox().setXRange(*range_about(self.hour, name, self.hours), padding=0)
        self._name_range(name)

    def set_hour(self, hour: int) -> None:
        """Move the cursor, and the range with it where it is left."""
        if hour == self.hour:
            return
        self.hour = hour
        self.cursor_.setValue(hour + 0.5)
        low, high = self.seen
        if not low <= hour < high:
            if self.range_name in RANGES:
                self.show_range(self.range_name)
            else:
                first = min(max(hour - (high - low) // 2, 0), self.hours - (high - low))
                self.plot.getViewBox().setXRange(first, first + high - low, padding=0)

    def view_state(self) -> dict[str, Any]:
        """The range that is seen."""
        return {"seen": self.seen, "name": self.range_name}

    def restore_view(self, state: dict[str, Any]) -> None:
        """The reverse of `view_state`."""
        low, high = state.get("seen", (0, self.hours))
        if 0 <= low < high <= self.hours and state.get("name", "year") != "year":
            self.plot.getViewBox().setXRange(low, high, padding=0)
            self._name_range(state.get("name", ""))

    def key(self, key: int, modifiers: Qt.KeyboardModifier) -> None:
        """Arrows move the hour, with Ctrl the day; plus and minus zoom; 0 shows the year."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key in steps:
            days = 24 if modifiers & Qt.KeyboardModifier.ControlModifier else 1
            self.hour_chosen.emit((self.hour + steps[key] * days) % self.hours)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            factor = 1.0 / _ZOOM_STEP if key == Qt.Key.Key_Minus else _ZOOM_STEP
            self.plot.getViewBox().scaleBy(x=factor, center=(self.hour + 0.5, 0.0))
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.show_range("year")

    def _dragged(self) -> None:
        hour = min(max(int(self.cursor_.value()), 0), self.hours - 1)
        if hour != self.hour:
            self.hour = hour
            self.hour_chosen.emit(hour)
        self.read_out.emit(self.text_at(self.cursor_.pos()))

    def _range_changed(self) -> None:
        low, high = self.plot.getViewBox().viewRange()[0]
        first = min(max(round(low), 0), self.hours - 1)
        seen = (first, max(min(round(high), self.hours), first + 1))
        # A canvas that is laid out tells of the same range again.
        if seen != self._seen:
            self._seen = seen
            self._name_range("")
        self.fit()

    def _name_range(self, name: str) -> None:
        self.range_name = name
        self.range_named.emit(name)

    def _cursor_pen(self, width: float) -> QPen:
        return line_pen(self.theme.accent, width=width)


class ProfileChart(YearChart):
    """The mean day; of a single line also the band of four fifths of the days."""

    KIND = PROFILE

    def make_axis(self) -> pg.AxisItem:
        """Hours of a day."""
        return DayAxis()

    def draw_line(self, line: Line, colour: QColor) -> None:
        """One step for each hour."""
        edges = np.arange(25.0)
        box = self.boxes[line.unit]
        if len(self.lines) == 1 and line.low is not None and line.high is not None:
            low, high = (
                pg.PlotDataItem(edges, self.scaled(line, values), stepMode="center", pen=None)
                for values in (line.low, line.high)
            )
            band = QColor(colour)
            band.setAlpha(_BAND_ALPHA)
            for item in (low, high):
                box.addItem(item)
            box.addItem(pg.FillBetweenItem(low, high, brush=band))
            self.canvas.corner_text(self.plot, "mean, and 10th to 90th percentile of the days", right=True, bottom=True)
        pen = self.pen_of(line, colour)
        pen.setWidthF(2.0)
        box.addItem(pg.PlotDataItem(edges, self.scaled(line, line.y), stepMode="center", pen=pen))

    def fit(self) -> None:
        """All of the day; the band fits too."""
        super().fit()
        self.plot.getViewBox().setXRange(0, 24, padding=0)
        if len(self.lines) == 1 and self.lines[0].high is not None:
            line = self.lines[0]
            low, top = self.boxes[line.unit].viewRange()[1]
            highest, greatest = np.nanmax(self.scaled(line, line.high)), np.nanmax(self.scaled(line, line.y))
            if highest > greatest > 0:
                self.boxes[line.unit].setYRange(low, top * highest / greatest, padding=0)

    def place_text(self, place: int) -> str:
        """From when to when."""
        return f"{place:02d}:00–{place + 1:02d}:00, mean of the year"


class DurationChart(YearChart):
    """Hours sorted by their size: the area under a line is the sum of the year."""

    KIND = DURATION

    def make_axis(self) -> pg.AxisItem:
        """Number of hours."""
        return ValueAxis("bottom")

    def draw_line(self, line: Line, colour: QColor) -> None:
        """Peaks would only be doubled by downsampling: a sorted line has none."""
        curve = pg.PlotDataItem(np.arange(len(line.y)) + 0.5, self.scaled(line, line.y), pen=self.pen_of(line, colour))
        self.boxes[line.unit].addItem(curve)
        curve.setDownsampling(auto=True, method="subsample")

    def fit(self) -> None:
        """All hours."""
        super().fit()
        self.plot.getViewBox().setXRange(0, max((len(item.y) for item in self.lines), default=8760), padding=0)

    def _make_key(self) -> None:
        super()._make_key()
        self.canvas.name_axis(self.plot, "hours of the year")

    def place_text(self, place: int) -> str:
        """How many hours are at least as great."""
        return f"{number_text(place + 1, 9)}{THIN_SPACE}h at least"
