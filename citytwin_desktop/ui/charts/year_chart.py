"""Charts of series through the year: what lines and bars have in common: two units at most, key, read-out, table."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QBrush, QColor, QPen

from citytwin_desktop.document.chart_lines import ChartTable, Line, lines_of, marks_of, year_table
from citytwin_desktop.document.chart_series import BY_CARRIER, ChartData
from citytwin_desktop.document.explanation import Question
from citytwin_desktop.document.variables import FINAL_ENERGY, VARIABLES
from citytwin_desktop.ui.charts.axes import ValueAxis
from citytwin_desktop.ui.charts.canvas import ChartCanvas
from citytwin_desktop.ui.charts.chart import Chart
from citytwin_desktop.ui.charts.chart_key import ChartKey, KeyEntry
from citytwin_desktop.ui.charts.colours import bar_brush, colours_of, line_pen, stroke
from citytwin_desktop.ui.charts.units import axis_unit, per_hour, value_text

HEADROOM = 1.06


class YearChart(Chart):
    """Lines against one axis of values, or two.

    Parameters
    ----------
    canvas : ChartCanvas
        Empty.
    data : ChartData
    per_area : bool
    """

    KIND = ""
    IN_EACH_HOUR = True
    """Whether amounts are those of an hour."""

    def __init__(self, canvas: ChartCanvas, data: ChartData, per_area: bool) -> None:
        super().__init__(canvas)
        self.data, self.per_area = data, per_area
        found, self.left_out = lines_of(data, self.KIND, per_area)
        self.units = list(dict.fromkeys(item.unit for item in found))[:2]
        self.lines = [item for item in found if item.unit in self.units]
        self.left_out += [
            f"{item.series.title}: a third unit has no axis." for item in found if item.unit not in self.units
        ]
        self.colours = colours_of([item.series for item in self.lines], self.theme.name)
        self.scales = {
            unit: axis_unit([item.y for item in self.lines if item.unit == unit], unit) for unit in self.units
        }
        self.plot = canvas.add_plot(0, {"left": ValueAxis("left"), "bottom": self.make_axis()})
        self.boxes: dict[str, pg.ViewBox] = {}
        self._make_boxes()
        self._make_key()
        for item, colour in zip(self.lines, self.colours, strict=True):
            self.draw_line(item, colour)
        self.fit()
        self.plot.getViewBox().sigResized.connect(self.fit)
        self.listen(self.plot)

    # --- what kinds differ in

    def make_axis(self) -> pg.AxisItem:
        """Axis along the bottom."""
        raise NotImplementedError

    def draw_line(self, line: Line, colour: QColor) -> None:
        """Add one line to its box."""
        raise NotImplementedError

    def place_text(self, place: int) -> str:
        """What the read-out begins with."""
        raise NotImplementedError

    def place_at(self, x: float) -> int:
        """Which value of a line lies at a place along the bottom."""
        return int(np.floor(x))

    def question_of(self, line: Line, place: int) -> dict[str, Any]:
        """What a number of a line is of, beside variable, scenario and buildings."""
        del line, place
        return {}

    # --- what they share

    def is_first(self, line: Line) -> bool:
        """Whether a line is of the active scenario, or of none."""
        return line.series.scenario in ("", self.data.request.scenarios[0])

    def pen_of(self, line: Line, colour: QColor) -> QPen:
        """Stroke of a line."""
        return line_pen(colour, stroke(line.series, self.is_first(line)))

    def brush_of(self, line: Line, colour: QColor) -> QBrush | None:
        """Fill of bars; None for lines."""
        del line, colour
        return None

    def scaled(self, line: Line, values: np.ndarray) -> np.ndarray:
        """Values as its axis has them."""
        return np.asarray(values / self.scales[line.unit][0])

    def unit_text(self, line: Line) -> str:
        """Unit as its axis has it."""
        unit = self.scales[line.unit][1]
        return per_hour(unit) if self.IN_EACH_HOUR and line.series.adds_up else unit

    def table(self) -> ChartTable:
        """What is drawn."""
        return year_table(self.data, self.KIND, self.lines)

    def text_at(self, point: QPointF) -> str:
        """Values of all lines at a place."""
        place = self.place_at(point.x())
        if not 0 <= place < max((len(item.y) for item in self.lines), default=0):
            return ""
        parts = [self.place_text(place)]
        for item in self.lines:
            if place < len(item.y):
                value = float(self.scaled(item, item.y[place : place + 1])[0])
                parts.append(f"{self._name(item)} {value_text(value, self.unit_text(item))}")
        return "   ".join(parts)

    def question_at(self, point: QPointF | None) -> Question | None:
        """The number of the line that is nearest to a place."""
        if point is None or not self.lines:
            return None
        place = self.place_at(point.x())
        line = self._nearest(place, point.y())
        if line is None or line.series.delivered or line.series.variable not in (*VARIABLES, BY_CARRIER):
            return None
        ids, scenario = self.data.request.building_ids, line.series.scenario or self.data.request.scenarios[0]
        carriers = {"column": line.series.carrier} if line.series.carrier else {}
        name = FINAL_ENERGY if line.series.variable == BY_CARRIER else line.series.variable
        return Question(
            variable=name, scenario_id=scenario, building_ids=ids, **carriers, **self.question_of(line, place)
        )

    def seen_of(self, line: Line) -> np.ndarray:
        """Values of a line that are seen."""
        return line.y

    def fit(self) -> None:
        """Room over the greatest value for the key."""
        height = self.plot.getViewBox().height()
        share = 1.0 - min(self.key_.height_px / max(height, 1.0), 0.6)
        for unit, box in self.boxes.items():
            values = [self.scaled(item, self.seen_of(item)) for item in self.lines if item.unit == unit]
            low = min((float(np.nanmin(item)) for item in values if np.isfinite(item).any()), default=0.0)
            high = max((float(np.nanmax(item)) for item in values if np.isfinite(item).any()), default=0.0)
            low, high = min(low, 0.0), max(high, low + 1e-9)
            box.setYRange(low, low + (high - low) * HEADROOM / share, padding=0)

    def _nearest(self, place: int, y: float) -> Line | None:
        """The line whose value at a place is nearest, as it is seen."""
        found = []
        top = self.plot.getViewBox().viewRange()[1]
        for item in self.lines:
            if 0 <= place < len(item.y):
                low, high = self.boxes[item.unit].viewRange()[1]
                share = (float(self.scaled(item, item.y[place : place + 1])[0]) - low) / max(high - low, 1e-12)
                found.append((abs(share - (y - top[0]) / max(top[1] - top[0], 1e-12)), item))
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def _name(self, line: Line) -> str:
        return self.data.name_of(line.series)

    def _make_boxes(self) -> None:
        """The second unit has a box of its own over the first one, and its axis at the right."""
        main = self.plot.getViewBox()
        main.setMouseEnabled(x=False, y=False)
        if self.units:
            self.boxes[self.units[0]] = main
        if len(self.units) < 2:
            return
        box = pg.ViewBox(enableMenu=False, enableMouse=False)
        axis = ValueAxis("right")
        self.canvas.dress(axis, grid=False)
        self.plot.setAxisItems({"right": axis})
        self.canvas.dress(axis, grid=False)
        self.plot.showAxis("right")
        self.plot.scene().addItem(box)
        axis.linkToView(box)
        box.setXLink(main)
        box.setZValue(main.zValue() + 1)
        main.sigResized.connect(lambda: box.setGeometry(main.sceneBoundingRect()))
        self.boxes[self.units[1]] = box

    def _make_key(self) -> None:
        """Units in the corners and the names between them."""
        texts = [self.unit_text(next(item for item in self.lines if item.unit == unit)) for unit in self.units]
        if texts:
            self.canvas.corner_text(self.plot, texts[0])
        if len(texts) > 1:
            self.canvas.corner_text(self.plot, texts[1], right=True)
        left = self.canvas.text_width(texts[0]) + 16 if texts else 0.0
        self.key_ = ChartKey(self.plot, self.theme, left)
        entries = []
        for item, colour in zip(self.lines, self.colours, strict=True):
            side = " (right)" if len(self.units) > 1 and item.unit == self.units[1] else ""
            marks = ", ".join(marks_of(item.series))
            entries.append(
                KeyEntry(f"{self._name(item)}{side}", marks, self.pen_of(item, colour), self.brush_of(item, colour))
            )
        self.key_.show_entries(entries)


def bar_fill(chart: YearChart, line: Line, colour: QColor) -> QBrush:
    """Fill of the bars of a line."""
    return bar_brush(line.series, colour, chart.is_first(line))
