"""Results of the selected buildings: yearly numbers and their months."""

from typing import Any

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from citytwin_desktop.document.energy_indicators import Indicator, indicators
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.month_chart import SERIES_COLOURS, MonthChart, Series
from citytwin_desktop.ui.numbers import counted, energy_unit
from citytwin_desktop.ui.section import ValueGrid
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.variables import VARIABLES

CHARTED = tuple(SERIES_COLOURS["dark"])
"""Variables that the chart has a colour for."""


class ResultsView(QWidget):
    """Sums over the selection; amber where at least one result is stale."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("resultsView")
        self.note = QLabel(wordWrap=True)
        self.note.setObjectName("muted")
        self.grid = ValueGrid(1)
        self.indicators = ValueGrid(1)
        self.chart = MonthChart()
        self.chart.setFixedHeight(96)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.note, self.grid, self.chart, self.indicators):
            layout.addWidget(widget)

    def set_theme(self, theme: Theme) -> None:
        """Colours."""
        self.chart.set_theme(theme)

    def show_selection(self, document: Any, ids: list[str]) -> None:
        """Read the results of some buildings."""
        found = selection_series(document, ids)
        self.grid.setVisible(bool(found))
        self.chart.setVisible(bool(found))
        self.note.setText(self._note(found, len(ids)))
        divisor, unit = energy_unit(float(item.monthly_kwh.sum()) for item in found)
        rows = []
        for item in found:
            number = number_text(float(item.monthly_kwh.sum()) / divisor)
            rows.append(((item.title, number), _tone(item), item.explanation))
        self.grid.show_rows((f"{unit} per year",), rows)
        self.chart.show_series(found)
        self._show_indicators(indicators(document, ids, document.active_scenario) if found else [])

    def _show_indicators(self, found: list[Indicator]) -> None:
        """Final energy by carrier, loads and hours, each with its unit."""
        self.indicators.setVisible(bool(found))
        rows = []
        for item in found:
            divisor, unit = energy_unit([item.value]) if item.unit == "kWh" else (1.0, item.unit)
            rows.append(((item.title, f"{number_text(item.value / divisor)} {unit}"), _tone(item), item.explanation))
        self.indicators.show_rows((self.tr("final energy, loads, hours"),), rows)

    def _note(self, found: list[Series], count: int) -> str:
        if not found:
            return self.tr("No results yet: run EnergyPlus from the toolbar.")
        texts = []
        if found[0].buildings < count:
            texts.append(self.tr("{} of {} have results.").format(found[0].buildings, count))
        if any(item.stale for item in found):
            texts.append(self.tr("Inputs changed since: results in amber are stale."))
        if any(item.estimate for item in found):
            texts.append(self.tr("Estimates are in italics: run EnergyPlus for the truth."))
        return " ".join(texts)


def _tone(item: Series | Indicator) -> str:
    if item.stale:
        return "stale"
    return "estimate" if item.estimate else "heading"


def selection_series(document: Any, ids: list[str]) -> list[Series]:
    """Monthly sums over some buildings, by variable; only those with results."""
    found = []
    for variable in VARIABLES.values():
        if variable.name not in CHARTED:
            continue
        sums = document.monthly_sums(variable.name, ids, document.active_scenario)
        if sums is not None:
            explanation = (
                f"{sums.engine} {sums.version}, {sums.at[:16].replace('T', ' ')}: sum of {counted(sums.buildings)}"
            )
            stale, count = not sums.fresh, sums.buildings
            found.append(
                Series(variable.name, variable.title, sums.monthly_kwh, stale, count, explanation, sums.estimate)
            )
    return found
