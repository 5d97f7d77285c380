"""The kinds of charts, and the choices that each of them has."""

from dataclasses import dataclass

from citytwin_desktop.document.chart_lines import CARPET, DURATION, HOURLY, MONTHLY, PROFILE

HISTOGRAM, SCATTER = "histogram", "scatter"


@dataclass(frozen=True)
class ChartKind:
    """One kind of chart.

    Parameters
    ----------
    name, title, icon : str
    tip : str
        What it is good for.
    """

    name: str
    title: str
    icon: str
    tip: str

    @property
    def of_year(self) -> bool:
        """Whether it draws series through the year, and no columns."""
        return self.name not in (HISTOGRAM, SCATTER)


KINDS = (
    ChartKind(HOURLY, "Hourly", "chart-line", "Every hour of the year, and the hour that the city shows"),
    ChartKind(PROFILE, "Daily profile", "clock-outline", "The mean day of the year"),
    ChartKind(MONTHLY, "Monthly", "chart-bar", "Sums of the months"),
    ChartKind(DURATION, "Load duration", "sort-descending", "The hours of the year sorted by their size"),
    ChartKind(CARPET, "Carpet", "grid", "Every hour as a colour: days along, hours up"),
    ChartKind(HISTOGRAM, "Histogram", "chart-histogram", "How many buildings have which value; a click selects them"),
    ChartKind(SCATTER, "Scatter", "chart-scatter-plot", "Two values of every building; draw around points to select"),
)
BY_NAME = {item.name: item for item in KINDS}
