"""A year as a carpet: a column for each day, a row for each hour, in the session's colours."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from citytwin_desktop.analysis.chart_data import HOURS_OF_A_DAY, carpet
from citytwin_desktop.city.calendar import hour_label
from citytwin_desktop.document.chart_lines import CARPET, ChartTable, Line, lines_of, marks_of, year_table
from citytwin_desktop.document.chart_series import BY_CARRIER, ChartData
from citytwin_desktop.document.explanation import Question
from citytwin_desktop.document.variables import FINAL_ENERGY, VARIABLES
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.ui.charts.axes import DayAxis, ValueAxis, YearAxis
from citytwin_desktop.ui.charts.canvas import ChartCanvas
from citytwin_desktop.ui.charts.chart import Chart
from citytwin_desktop.ui.charts.colours import NO_FILL, line_pen
from citytwin_desktop.ui.charts.units import axis_unit, per_hour, value_text

_SCALE_WIDTH_PX, _LABELS_WIDTH_PX, _AXIS_HEIGHT_PX, _TITLE_HEIGHT_PX = 12, 56, 20, 20


class CarpetChart(Chart):
    """One carpet for the first variable, and one beside it for the other scenario, both in the same scale.

    Parameters
    ----------
    canvas : ChartCanvas
        Empty.
    data : ChartData
    per_area : bool
    hour : int
    map_name, classes : str, int
        Colours of the session.
    """

    def __init__(
        self, canvas: ChartCanvas, data: ChartData, per_area: bool, hour: int, map_name: str, classes: int
    ) -> None:
        super().__init__(canvas)
        self.data, self.hour = data, hour
        found, self.left_out = lines_of(data, CARPET, per_area)
        self.lines = [item for item in found if item.series.title == found[0].series.title] if found else []
        others = dict.fromkeys(item.series.title for item in found if item not in self.lines)
        if others:
            self.left_out.append(f"A carpet shows one variable: {self.lines[0].series.title}.")
        self._cursors: list[pg.ScatterPlotItem] = []
        if not self.lines:
            return
        self.divisor, unit = axis_unit([item.y for item in self.lines], self.lines[0].unit)
        self.unit = per_hour(unit) if self.lines[0].series.adds_up else unit
        self.scale = ColourScale.fitted(np.concatenate([item.y for item in self.lines]), map_name, classes)
        for column, item in enumerate(self.lines):
            self._add(column, item)
            canvas.ci.layout.setColumnStretchFactor(column, 1)
            canvas.ci.layout.setColumnPreferredWidth(column, 400)
        self._add_scale(len(self.lines))

    def table(self) -> ChartTable:
        """Every hour."""
        return year_table(self.data, CARPET, self.lines)

    def set_hour(self, hour: int) -> None:
        """Mark another hour."""
        self.hour = hour
        for mark in self._cursors:
            mark.setData([hour // HOURS_OF_A_DAY + 0.5], [hour % HOURS_OF_A_DAY + 0.5])

    def _add(self, column: int, line: Line) -> None:
        hours = len(line.y)
        below = YearAxis(HOURS_OF_A_DAY)
        below.hours = hours
        plot = self.canvas.add_plot(column, {"left": DayAxis("left"), "bottom": below})
        for axis in ("left", "bottom"):
            plot.getAxis(axis).setGrid(False)
        below.setHeight(_AXIS_HEIGHT_PX)
        image = pg.ImageItem(self._picture(line), axisOrder="row-major")
        image.setRect(QRectF(0, 0, hours // HOURS_OF_A_DAY, HOURS_OF_A_DAY))
        plot.addItem(image)
        box = plot.getViewBox()
        box.setMouseEnabled(x=False, y=False)
        box.setRange(xRange=(0, hours // HOURS_OF_A_DAY), yRange=(0, HOURS_OF_A_DAY), padding=0)
        # Light on dark, to be seen on every colour.
        for size, width, colour in ((10, 3.0, "#000000"), (10, 1.0, "#FFFFFF")):
            mark = pg.ScatterPlotItem(size=size, symbol="s", pen=line_pen(colour, width=width), brush=NO_FILL)
            plot.addItem(mark, ignoreBounds=True)
            self._cursors.append(mark)
        self._name(plot, line)
        self.set_hour(self.hour)
        self._listen_to(plot, line)

    def _picture(self, line: Line) -> np.ndarray:
        """(24, days, 4) uint8: colours, transparent where nothing is known."""
        values = carpet(line.y)
        colours = self.scale.colours(values.ravel()).reshape(*values.shape, 3)
        alpha = np.where(np.isfinite(values), 255, 0).astype(np.uint8)
        return np.dstack([colours, alpha])

    def _name(self, plot: pg.PlotItem, line: Line) -> None:
        """Title over the carpet, where it hides nothing."""
        marks = ", ".join(marks_of(line.series))
        amber = f' <span style="color: {self.theme.stale}">{marks}</span>' if marks else ""
        title = self.data.name_of(line.series).replace("&", "&amp;").replace("<", "&lt;")
        plot.setTitle(
            f"{title}{amber}", color=self.theme.text, size=f"{self.canvas.font_.pixelSize()}px", justify="left"
        )
        plot.titleLabel.setMaximumHeight(_TITLE_HEIGHT_PX)
        plot.layout.setRowFixedHeight(0, _TITLE_HEIGHT_PX)

    def _add_scale(self, column: int) -> None:
        """The colours with their values."""
        plot = self.canvas.add_plot(
            column, {"right": ValueAxis("right"), "left": ValueAxis("left"), "bottom": DayAxis()}
        )
        plot.hideAxis("left")
        plot.getAxis("bottom").setStyle(showValues=False)
        plot.showAxis("right")
        for axis in ("right", "bottom"):
            plot.getAxis(axis).setGrid(False)
        plot.getAxis("bottom").setHeight(_AXIS_HEIGHT_PX)
        plot.getAxis("bottom").setPen(QColor(0, 0, 0, 0))
        low, high = self.scale.low / self.divisor, self.scale.high / self.divisor
        image = pg.ImageItem(self.scale.table()[:, None, :], axisOrder="row-major")
        image.setRect(QRectF(0, low, 1, high - low))
        plot.addItem(image)
        box = plot.getViewBox()
        box.setMouseEnabled(x=False, y=False)
        box.setRange(xRange=(0, 1), yRange=(low, high), padding=0)
        plot.layout.setRowFixedHeight(0, _TITLE_HEIGHT_PX)
        unit = pg.TextItem(self.unit, QColor(self.theme.muted))
        unit.setFont(self.canvas.font_)
        unit.setParentItem(plot)
        unit.setPos(-4, -2)
        plot.getAxis("right").setWidth(_LABELS_WIDTH_PX)
        plot.setFixedWidth(_LABELS_WIDTH_PX + _SCALE_WIDTH_PX + 4)

    def _listen_to(self, plot: pg.PlotItem, line: Line) -> None:
        box = plot.getViewBox()

        def moved(place: QPointF | None) -> None:
            inside = place is not None and box.sceneBoundingRect().contains(place)
            if inside:
                self.read_out.emit(self._text(line, _hour(box.mapSceneToView(place), len(line.y))))
            elif place is None:
                self.read_out.emit("")

        self.canvas.moved.connect(moved)
        box.clicked.connect(lambda point, _: self.hour_chosen.emit(_hour(point, len(line.y))))
        box.doubled.connect(lambda point: self._explain(line, _hour(point, len(line.y))))
        box.menu_wanted.connect(
            lambda point, where: self.menu_wanted.emit(self._question(line, _hour(point, len(line.y))), where)
        )

    def _text(self, line: Line, hour: int) -> str:
        value = value_text(float(line.y[hour]) / self.divisor, self.unit)
        return f"{hour_label(hour, len(line.y))}   {self.data.name_of(line.series)} {value}"

    def _explain(self, line: Line, hour: int) -> None:
        question = self._question(line, hour)
        if question is not None:
            self.explain_wanted.emit(question)

    def _question(self, line: Line, hour: int) -> Question | None:
        series = line.series
        name = FINAL_ENERGY if series.variable == BY_CARRIER else series.variable
        if series.delivered or name not in VARIABLES:
            return None
        scenario = series.scenario or self.data.request.scenarios[0]
        time = {"hour": hour} if series.unit == "W/m²" else {}
        carrier = {"column": series.carrier} if series.carrier else {}
        ids = self.data.request.building_ids
        return Question(variable=name, scenario_id=scenario, building_ids=ids, **carrier, **time)


def _hour(point: QPointF, hours: int) -> int:
    day = min(max(int(point.x()), 0), hours // HOURS_OF_A_DAY - 1)
    return day * HOURS_OF_A_DAY + min(max(int(point.y()), 0), HOURS_OF_A_DAY - 1)
