"""From what was gathered to the chart of a kind. Importing this imports pyqtgraph."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg

from citytwin_desktop.document.chart_lines import CARPET, DURATION, HOURLY, MONTHLY, PROFILE
from citytwin_desktop.ui.charts.canvas import ChartCanvas
from citytwin_desktop.ui.charts.carpet_chart import CarpetChart
from citytwin_desktop.ui.charts.chart import Chart
from citytwin_desktop.ui.charts.histogram_chart import HistogramChart
from citytwin_desktop.ui.charts.kinds import HISTOGRAM
from citytwin_desktop.ui.charts.line_charts import DurationChart, HourlyChart, ProfileChart
from citytwin_desktop.ui.charts.month_bars import MonthBars
from citytwin_desktop.ui.charts.scatter_chart import ScatterChart
from citytwin_desktop.ui.theme import Theme

# Its own hooks at the end of the program are for scripts that never close their windows.
pg.setConfigOptions(exitCleanup=False, antialias=False)


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What a chart is drawn in.

    Parameters
    ----------
    theme : Theme
    hour : int
    per_area : bool
    map_name, classes : str, int
        Colours of the session.
    ids : ndarray, (n_buildings,)
    rows : ndarray, (n,) int64
        Rows with geometry.
    selected : ndarray, (n_buildings,) bool
    """

    theme: Theme
    hour: int
    per_area: bool
    map_name: str
    classes: int
    ids: np.ndarray
    rows: np.ndarray
    selected: np.ndarray


def draw(kind: str, content: Any, around: Surroundings) -> Chart:
    """A chart on a canvas of its own.

    Parameters
    ----------
    kind : str
        Name of a `ChartKind`.
    content : ChartData, or tuple of ColumnValues
    around : Surroundings
    """
    canvas = ChartCanvas(around.theme)
    if kind == HOURLY:
        return HourlyChart(canvas, content, around.per_area, around.hour)
    if kind == CARPET:
        colours = around.map_name, around.classes
        return CarpetChart(canvas, content, around.per_area, around.hour, *colours)
    if kind in (PROFILE, MONTHLY, DURATION):
        made = {PROFILE: ProfileChart, MONTHLY: MonthBars, DURATION: DurationChart}[kind]
        return made(canvas, content, around.per_area)
    if kind == HISTOGRAM:
        return HistogramChart(canvas, content[0], around.rows, around.selected).with_ids(around.ids)
    return ScatterChart(canvas, *content, around.ids, around.rows, around.selected)
