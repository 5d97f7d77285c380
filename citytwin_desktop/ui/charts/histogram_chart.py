"""One number of all buildings in classes, the selected ones in front; a click on a bar selects its buildings."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen

from citytwin_desktop.analysis.chart_data import class_edges, class_of, histogram
from citytwin_desktop.document.chart_column_tables import column_marks, histogram_table
from citytwin_desktop.document.chart_columns import RESULT, ColumnValues
from citytwin_desktop.document.chart_lines import ChartTable
from citytwin_desktop.document.explanation import Question
from citytwin_desktop.document.querying.fields import DIFFERENCE, FIELDS
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.charts.axes import ValueAxis
from citytwin_desktop.ui.charts.canvas import ChartCanvas
from citytwin_desktop.ui.charts.chart import Chart
from citytwin_desktop.ui.charts.chart_key import ChartKey, KeyEntry
from citytwin_desktop.ui.charts.colours import CARRIER_COLOURS, CHART_COLOURS, line_pen
from citytwin_desktop.ui.charts.units import tick_text

_FAINT, _HEADROOM = 90, 1.08


class HistogramChart(Chart):
    """Counts; shares of all and of the selected where some are selected, so that both can be compared.

    Parameters
    ----------
    canvas : ChartCanvas
        Empty.
    found : ColumnValues
    rows : ndarray, (n,) int64
        Rows that are counted.
    selected : ndarray, (n_buildings,) bool
    """

    def __init__(self, canvas: ChartCanvas, found: ColumnValues, rows: np.ndarray, selected: np.ndarray) -> None:
        super().__init__(canvas)
        self.found, self.rows, self.selected = found, rows, selected
        self.edges = class_edges(found.values[rows])
        self.every = histogram(found.values[rows], self.edges)
        self.chosen = histogram(found.values[rows[selected[rows]]], self.edges)
        self.compared = bool(self.chosen.counts.sum())
        colours = CHART_COLOURS[self.theme.name]
        self.colour = QColor(colours.get(found.column.name, CARRIER_COLOURS[self.theme.name][1]))
        self.plot = canvas.add_plot(0, {"left": ValueAxis("left"), "bottom": value_axis(found)})
        self._draw()
        self.listen(self.plot)
        self.plot.getViewBox().clicked.connect(self._clicked)

    def table(self) -> ChartTable:
        """Classes with their counts."""
        return histogram_table(self.found, self.edges, self.rows, self.selected)

    def text_at(self, point: QPointF) -> str:
        """The class and its buildings."""
        place = self._class(point)
        if place < 0:
            return ""
        step = float(self.edges[1] - self.edges[0])
        ends = [tick_text(float(self.edges[place + more]), step) for more in (0, 1)]
        chosen = f", {number_text(int(self.chosen.counts[place]), 9)} selected" if self.compared else ""
        unit = f" {self.found.column.unit}".rstrip()
        return f"{ends[0]}–{ends[1]}{unit}   {number_text(int(self.every.counts[place]), 9)} buildings{chosen}"

    def question_at(self, point: QPointF | None) -> Question | None:
        """The column over the buildings of the class."""
        place = -1 if point is None else self._class(point)
        if place < 0:
            return None
        return question_of(self.found, self._rows_of(place), self._ids)

    _ids: tuple[str, ...] = ()

    def with_ids(self, ids: np.ndarray) -> "HistogramChart":
        """Know the identifiers of the buildings, for questions."""
        self._ids = ids
        return self

    def _draw(self) -> None:
        box = self.plot.getViewBox()
        box.setMouseEnabled(x=False, y=False)
        factor = 100.0 / max(int(self.every.counts.sum()), 1) if self.compared else 1.0
        self._bars(self.every.counts * factor, self.colour, _FAINT if self.compared else 255)
        top = float((self.every.counts * factor).max(initial=0.0))
        if self.compared:
            shares = self.chosen.counts * (100.0 / self.chosen.counts.sum())
            self._bars(shares, QColor(self.theme.selection), 150, 0.6)
            top = max(top, float(shares.max()))
        box.setRange(xRange=(self.edges[0], self.edges[-1]), padding=0.01)
        self.canvas.corner_text(self.plot, "% of buildings" if self.compared else "buildings")
        self.canvas.name_axis(self.plot, column_text(self.found))
        self._key()
        self._top = max(top, 1e-9)
        self._fit()
        box.sigResized.connect(self._fit)

    def _bars(self, heights: np.ndarray, colour: QColor, alpha: int, width: float = 1.0) -> None:
        step = float(self.edges[1] - self.edges[0])
        fill, edge = QColor(colour), line_pen(self.theme.panel)
        fill.setAlpha(alpha)
        middle = (self.edges[:-1] + self.edges[1:]) / 2
        self.plot.addItem(pg.BarGraphItem(x=middle, height=heights, width=step * width, brush=fill, pen=edge))

    def _key(self) -> None:
        self.key_ = ChartKey(self.plot, self.theme, self.canvas.text_width("% of buildings") + 16)
        faint = QColor(self.colour)
        faint.setAlpha(_FAINT if self.compared else 255)
        unknown = f", unknown of {number_text(self.every.unknown, 9)}" if self.every.unknown else ""
        nothing = QPen(Qt.PenStyle.NoPen)
        mark = ", ".join(column_marks(self.found, self.rows))
        entries = [KeyEntry(f"{self.found.column.title}{unknown}", mark, nothing, faint)]
        if self.compared:
            count = number_text(int(self.chosen.counts.sum()), 9)
            entries.append(KeyEntry(f"{count} selected", "", nothing, QColor(self.theme.selection)))
        self.key_.show_entries(entries)

    def _fit(self) -> None:
        box = self.plot.getViewBox()
        share = 1.0 - min(self.key_.height_px / max(box.height(), 1.0), 0.6)
        box.setYRange(0.0, self._top * _HEADROOM / share, padding=0)

    def _class(self, point: QPointF) -> int:
        return int(class_of(np.array([point.x()]), self.edges)[0])

    def _rows_of(self, place: int) -> np.ndarray:
        return self.rows[class_of(self.found.values[self.rows], self.edges) == place]

    def _clicked(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        place = self._class(point)
        if place >= 0:
            self.rows_chosen.emit(self._rows_of(place), bool(modifiers & Qt.KeyboardModifier.ControlModifier))


def value_axis(found: ColumnValues, orientation: str = "bottom") -> ValueAxis:
    """Axis of a column."""
    return ValueAxis(orientation, plain=found.column.name == "year_built")


def column_text(found: ColumnValues) -> str:
    """Title and unit of a column."""
    return f"{found.column.title} [{found.column.unit}]" if found.column.unit else found.column.title


def question_of(found: ColumnValues, rows: np.ndarray, ids: np.ndarray) -> Question:
    """What is asked about a column of some buildings."""
    names = tuple(str(ids[row]) for row in rows)
    if found.column.group == DIFFERENCE:
        first = found.scenario.partition(" − ")[0]
        return Question(variable=FIELDS[found.column.name].variable, scenario_id=first, building_ids=names)
    if found.column.group == RESULT:
        return Question(variable=found.column.name, scenario_id=found.scenario or "baseline", building_ids=names)
    return Question(column=found.column.name, scenario_id=found.scenario or "baseline", building_ids=names)
