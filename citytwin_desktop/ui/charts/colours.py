"""Colours and strokes of what charts draw, by variable and by what has to be known of it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPen

from citytwin_desktop.document.chart_series import BY_CARRIER, DELIVERED, ChartSeries
from citytwin_desktop.ui.month_chart import SERIES_COLOURS

_MORE = {
    "dark": {
        "final_energy": "#63B7AF",
        "carbon_emissions": "#A9A9B8",
        "solar_irradiance": "#E79AB4",
        "solar_irradiance_beam": "#D9A48F",
        "solar_irradiance_diffuse": "#9FB7E8",
        "solar_irradiance_reflected": "#B9A7E0",
        "pv_yield": "#A3C86D",
        "solar_thermal_yield": "#D08F5B",
        DELIVERED: "#C7CDD6",
    },
    "light": {
        "final_energy": "#1F7A72",
        "carbon_emissions": "#5B5B6B",
        "solar_irradiance": "#A8325F",
        "solar_irradiance_beam": "#9A5236",
        "solar_irradiance_diffuse": "#3F5FA8",
        "solar_irradiance_reflected": "#6A52A3",
        "pv_yield": "#4E7A1E",
        "solar_thermal_yield": "#8A5420",
        DELIVERED: "#4A5462",
    },
}
CHART_COLOURS = {name: {**SERIES_COLOURS[name], **more} for name, more in _MORE.items()}
"""Colour of each variable by theme."""
CARRIER_COLOURS = {
    "dark": ("#63B7AF", "#8C9EDB", "#C58FA8", "#A9B665", "#D6A77A"),
    "light": ("#1F7A72", "#4356A8", "#8F3F66", "#5F6B14", "#8A5420"),
}
"""Carriers of final energy, in the order in which they stand."""

_SOLID, _DASHED, _DOTTED = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
_FAINT, _DOTS = 70, (2.0, 1.0)
NO_FILL = QColor(0, 0, 0, 0)


def colours_of(series: list[ChartSeries], theme: str) -> list[QColor]:
    """Colour of each series; the same variable has the same one in every scenario."""
    carriers = list(dict.fromkeys(item.carrier for item in series if item.variable == BY_CARRIER))
    names = list(dict.fromkeys(item.title for item in series if item.delivered))
    found = []
    for item in series:
        if item.carrier or (len(names) > 1 and item.delivered):
            place = carriers.index(item.carrier) if item.carrier else names.index(item.title)
            found.append(QColor(CARRIER_COLOURS[theme][place % len(CARRIER_COLOURS[theme])]))
        else:
            found.append(QColor(CHART_COLOURS[theme].get(item.variable, CARRIER_COLOURS[theme][1])))
    return found


def stroke(item: ChartSeries, first_scenario: bool) -> Qt.PenStyle:
    """Style of a line: dashed for the other scenario, dotted for stale, dashes and dots for delivered and estimates."""
    if item.delivered:
        return Qt.PenStyle.DashDotLine
    if not first_scenario:
        return _DASHED
    if item.stale:
        return _DOTTED
    return Qt.PenStyle.DashDotDotLine if item.estimates else _SOLID


def line_pen(colour: QColor | str, style: Qt.PenStyle = _SOLID, width: float = 1.0) -> QPen:
    """A pen of the same width at any zoom; wide ones are slow, and of a year of hours they show no more."""
    pen = QPen(QColor(colour), width, style)
    pen.setCosmetic(True)
    if style == _DOTTED:
        # Qt's own dots are so thin that a year of hours is hardly seen.
        pen.setDashPattern(_DOTS)
    return pen


def bar_brush(item: ChartSeries, colour: QColor, first_scenario: bool) -> QBrush:
    """Fill of bars: hatched for stale, dotted for estimates and delivered, faint for the other scenario."""
    if not first_scenario:
        return QBrush(QColor(colour.red(), colour.green(), colour.blue(), _FAINT))
    if item.stale:
        return QBrush(colour, Qt.BrushStyle.BDiagPattern)
    if item.estimates or item.delivered:
        return QBrush(colour, Qt.BrushStyle.Dense4Pattern)
    return QBrush(colour)
