"""Two numbers of every building as points, linked to the selection both ways."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor

from citytwin_desktop.analysis.chart_data import inside, nearest_point
from citytwin_desktop.document.chart_column_tables import column_marks, scatter_table
from citytwin_desktop.document.chart_columns import ColumnValues
from citytwin_desktop.document.chart_lines import ChartTable
from citytwin_desktop.document.explanation import Question
from citytwin_desktop.ui.charts.canvas import BOX, ChartCanvas
from citytwin_desktop.ui.charts.chart import Chart
from citytwin_desktop.ui.charts.chart_key import ChartKey, KeyEntry
from citytwin_desktop.ui.charts.colours import CARRIER_COLOURS, NO_FILL, line_pen
from citytwin_desktop.ui.charts.histogram_chart import column_text, question_of, value_axis
from citytwin_desktop.ui.charts.units import value_text

REACH_PX = 10.0
_SIZES = ((2_000, 6), (20_000, 4))
_SMALLEST = 3
_ALPHA = 150


class Points(pg.ScatterPlotItem):
    """Points that leave clicks to the box, which knows how near is near enough."""

    def mouseClickEvent(self, event: Any) -> None:
        """Nothing of its own."""
        event.ignore()


class ScatterChart(Chart):
    """All buildings with both numbers; the selected ones in the colour that they have in the 3D view.

    Parameters
    ----------
    canvas : ChartCanvas
        Empty.
    x, y : ColumnValues
    ids : ndarray, (n_buildings,)
    rows : ndarray, (n,) int64
        Rows that are drawn.
    selected : ndarray, (n_buildings,) bool
    """

    def __init__(
        self,
        canvas: ChartCanvas,
        x: ColumnValues,
        y: ColumnValues,
        ids: np.ndarray,
        rows: np.ndarray,
        selected: np.ndarray,
    ) -> None:
        super().__init__(canvas)
        self.columns, self.ids, self.rows, self.selected = (x, y), ids, rows, selected
        self.known = rows[np.isfinite(x.values[rows]) & np.isfinite(y.values[rows])]
        self.x, self.y = x.values[self.known], y.values[self.known]
        self.plot = canvas.add_plot(0, {"left": value_axis(y, "left"), "bottom": value_axis(x)})
        self.box = self.plot.getViewBox()
        self.box.outline_kind = BOX
        size = next((size for most, size in _SIZES if len(self.known) <= most), _SMALLEST)
        self._points = Points(self.x, self.y, size=size, pen=None, brush=self._brush())
        chosen = QColor(self.theme.selection)
        self._chosen = Points(size=max(size, 5) + 2, pen=line_pen(self.theme.panel), brush=chosen)
        self._under = Points(size=13, pen=line_pen(self.theme.text), brush=NO_FILL)
        for item in (self._points, self._chosen, self._under):
            self.plot.addItem(item)
        self._name_axes()
        self.select(selected)
        self._fit()
        self.listen(self.plot)
        self.box.clicked.connect(self._clicked)
        self.box.outlined.connect(self._outlined)

    def table(self) -> ChartTable:
        """All points."""
        return scatter_table(*self.columns, self.ids, self.rows, self.selected)

    def select(self, selected: np.ndarray) -> None:
        """Highlight other points; they keep their places."""
        self.selected = selected
        mine = selected[self.known]
        self._chosen.setData(self.x[mine], self.y[mine])

    def text_at(self, point: QPointF) -> str:
        """The building under the mouse and its two numbers."""
        place = self._nearest(point)
        self._under.setData([], []) if place < 0 else self._under.setData([self.x[place]], [self.y[place]])
        if place < 0:
            return ""
        numbers = (
            f"{item.column.title} {value_text(float(item.values[self.known[place]]), item.column.unit)}"
            for item in self.columns
        )
        return "   ".join((str(self.ids[self.known[place]]), *numbers))

    def question_at(self, point: QPointF | None) -> Question | None:
        """The number along y of the building that is nearest."""
        place = -1 if point is None else self._nearest(point)
        if place < 0:
            return None
        return question_of(self.columns[1], self.known[place : place + 1], self.ids)

    def _brush(self) -> QColor:
        colour = QColor(CARRIER_COLOURS[self.theme.name][1])
        colour.setAlpha(_ALPHA)
        return colour

    def _name_axes(self) -> None:
        words = [column_text(item) for item in self.columns]
        marks = [", ".join(column_marks(item, self.rows)) for item in self.columns]
        unknown = len(self.rows) - len(self.known)
        self.canvas.name_axis(self.plot, words[0])
        self.key_ = ChartKey(self.plot, self.theme, 4.0)
        mark = "; ".join(dict.fromkeys(text for text in marks if text))
        words[1] += f", {unknown} without a point" if unknown else ""
        self.key_.show_entries([KeyEntry(words[1], mark)])

    def _fit(self) -> None:
        if not len(self.known):
            return
        edge = 0.04
        low, high = (self.x.min(), self.y.min()), (self.x.max(), self.y.max())
        width, height = (max(high[k] - low[k], abs(low[k]) * 0.02, 1e-6) for k in (0, 1))
        area = QRectF(low[0] - edge * width, low[1] - edge * height, width * (1 + 2 * edge), height * (1.16 + 2 * edge))
        self.box.setRange(area, padding=0)
        self.box.disableAutoRange()

    def _nearest(self, point: QPointF) -> int:
        unit = self.box.viewPixelSize()
        place, away = nearest_point(self.x, self.y, (point.x(), point.y()), (float(unit[0]), float(unit[1])))
        return place if away <= REACH_PX else -1

    def _clicked(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        place = self._nearest(point)
        adding = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if place >= 0 or not adding:
            self.rows_chosen.emit(self.known[place : place + 1] if place >= 0 else self.known[:0], adding)

    def _outlined(self, corners: np.ndarray, modifiers: Qt.KeyboardModifier) -> None:
        adding = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        self.rows_chosen.emit(self.known[inside(self.x, self.y, corners)], adding)
