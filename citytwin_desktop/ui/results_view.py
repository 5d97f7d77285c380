"""Results of the selected buildings: demand with its months, final energy by carrier, loads, hours too warm."""

import math
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from citytwin_desktop.catalog.carriers import CARRIERS
from citytwin_desktop.city.wholes import standing_rows
from citytwin_desktop.document.energy_indicators import Indicator, indicators
from citytwin_desktop.document.explanation import Question
from citytwin_desktop.document.variables import FINAL_ENERGY
from citytwin_desktop.document.variables import VARIABLES as KNOWN
from citytwin_desktop.scene.numbers import THIN_SPACE, number_text
from citytwin_desktop.ui.charts.gatherer import Gatherer
from citytwin_desktop.ui.estimate_words import estimate_badge
from citytwin_desktop.ui.month_chart import SERIES_COLOURS, MonthChart, Series
from citytwin_desktop.ui.numbers import counted, energy_unit
from citytwin_desktop.ui.result_badge import Badge, ResultBadge
from citytwin_desktop.ui.stale_counts import AT_ONCE_BUILDINGS
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.value_grid import GridRow, ValueGrid
from citytwin_desktop.ui.variables import VARIABLES

CHARTED = tuple(SERIES_COLOURS["dark"])
"""Variables that the chart has a colour for."""

READINGS = {
    "peak_heating": "What the heating must be able to give",
    "peak_cooling": "What the cooling must be able to take away",
    "overheating_hours": "Occupied hours above the upper limit of EN 16798-1, category II, which rises with the "
    "weather of the days before; 3 % of the occupied hours are commonly allowed (as in CIBSE TM59)",
    "overheating_hours_fixed": "Occupied hours above 26 °C operative; 3 % of the occupied hours are commonly allowed "
    "where windows cannot be opened (CIBSE TM59)",
    "overheating_hours_night": "Hours above 26 °C operative between 22 and 7 o'clock; 32 h a year are commonly allowed "
    "in bedrooms (CIBSE TM59)",
    "unmet_hours": "Hours in which heating or cooling did not reach its set-point. ASHRAE 90.1 allows 300 in a year",
}
_BY_CARRIER = {title: code for code, title in CARRIERS.items()}
_BY_VARIABLE = {variable.title: name for name, variable in KNOWN.items()}
MOST_AT_ONCE = 2000
"""Results of more buildings are added up when they are asked for."""
FEW = 6
"""Results of more buildings are read on a thread: some 5 ms each."""
_BY_TITLE = {KNOWN[name].title: text for name, text in READINGS.items()}


@dataclass(frozen=True)
class Sums:
    """What was added up over some buildings.

    Parameters
    ----------
    count : int
        Buildings that were asked for.
    series : list of Series
    area_m2 : float [m2]
    badge : Badge
    numbers : list of Indicator
    """

    count: int
    series: list[Series]
    area_m2: float
    badge: Badge
    numbers: list[Indicator]


class ResultsView(QWidget):
    """Sums over the selection; amber where at least one result is stale, italic where one is an estimate.

    Signals
    -------
    explain_wanted(Question)
        A number was clicked.
    """

    explain_wanted = Signal(object)

    def __init__(self, session: Any = None) -> None:
        super().__init__()
        self.setObjectName("resultsView")
        self._gatherer = Gatherer(session, self) if session is not None else None
        if self._gatherer is not None:
            self._gatherer.arrived.connect(self._take)
            self._gatherer.failed.connect(self.note_failure)
        self.ask = QPushButton(objectName="link")
        self.ask.clicked.connect(self._add_up)
        self._document: Any = None
        self._ids: list[str] = []
        self._shown_ids: list[str] = []
        self.note = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.note.setObjectName("muted")
        self.badge = ResultBadge()
        self.grid, self.carriers, self.loads, self.hours = (ValueGrid() for _ in range(4))
        self.chart = MonthChart()
        self.chart.setFixedHeight(96)
        self._colours = SERIES_COLOURS["dark"]
        self._found: list[Series] = []
        self._area_m2 = math.nan
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.note, self.ask, self.badge, self.grid, self.chart, self.carriers, self.loads, self.hours):
            layout.addWidget(widget)
        for grid in (self.grid, self.carriers, self.loads, self.hours):
            grid.clicked.connect(self._explain)

    def set_theme(self, theme: Theme) -> None:
        """Colours."""
        self._colours = SERIES_COLOURS[theme.name]
        self.chart.set_theme(theme)
        self.badge.set_theme(theme)
        self._show_demand()

    def show_selection(self, document: Any, ids: list[str]) -> None:
        """Read the results of some buildings; of very many only when they are asked for."""
        self._document, self._ids = document, ids
        many = len(ids) > MOST_AT_ONCE
        self.ask.setVisible(many)
        if many:
            self.ask.setText(self.tr("Add up the results of {}").format(counted(len(ids))))
            self._show_nothing()
            return
        self._read(document, ids)

    def _add_up(self) -> None:
        self.ask.hide()
        self._read(self._document, self._ids)

    def _explain(self, key: tuple[str, str]) -> None:
        variable, column = key
        scenario = self._document.active_scenario
        self.explain_wanted.emit(Question(variable, scenario, tuple(self._ids), column=column))

    def note_failure(self, sentence: str) -> None:
        """Say why nothing could be added up."""
        self._show_nothing()
        self.note.setText(sentence)
        self.note.show()

    def _show_nothing(self) -> None:
        for widget in (self.note, self.badge, self.grid, self.chart, self.carriers, self.loads, self.hours):
            widget.hide()
        self._found, self._shown_ids = [], []

    def _read(self, document: Any, ids: list[str]) -> None:
        again = ids == self._shown_ids and len(document.city.buildings) > AT_ONCE_BUILDINGS
        if self._gatherer is None or (len(ids) <= FEW and not again):
            if self._gatherer is not None:
                self._gatherer.cancel()
            self._show(sums_of(document, ids))
            return
        if ids != self._shown_ids:
            # Nothing of another selection may stand there meanwhile.
            self._show_nothing()
            self.note.setText(self.tr("Adding up the results of {}…").format(counted(len(ids))))
            self.note.show()
        self._gatherer.ask(tuple(ids), lambda side, _tell: sums_of(side, ids))

    def _take(self, key: Any, sums: Sums) -> None:
        if key == tuple(self._ids):
            self._show(sums)

    def _show(self, sums: Sums) -> None:
        self._found, self._area_m2, self._shown_ids = sums.series, sums.area_m2, list(self._ids)
        self.note.setText(self._note(sums.series, sums.count))
        self.note.setVisible(bool(self.note.text()))
        self.badge.show_badge(sums.badge)
        self._show_demand()
        self._show_carriers([item for item in sums.numbers if item.unit == "kWh"])
        self._show_loads([item for item in sums.numbers if item.unit == "kW"])
        self._show_hours([item for item in sums.numbers if item.unit == "h"])

    def _show_demand(self) -> None:
        found = self._found
        self.grid.setVisible(bool(found))
        self.chart.setVisible(bool(found))
        years = [float(item.monthly_kwh.sum()) for item in found]
        divisor, unit = energy_unit(years)
        rows = [
            GridRow(
                (item.title, number_text(year / divisor), self._per_area(year)),
                _tone(item),
                item.explanation,
                self._colours[item.variable],
                (item.variable, ""),
            )
            for item, year in zip(found, years, strict=True)
        ]
        self.grid.show_rows((self.tr("Demand"), f"{unit}/a", "kWh/m²a"), rows)
        self.chart.show_series(found)

    def _show_carriers(self, found: list[Indicator]) -> None:
        """Final energy, all carriers in one unit, and their sum where there are several."""
        self.carriers.setVisible(bool(found))
        divisor, unit = energy_unit(item.value for item in found)
        delivered = [item for item in found if not item.title.startswith(("Own photovoltaics", "Photovoltaics"))]
        lines = list(found)
        if len(delivered) > 1:
            total = sum(item.value for item in delivered)
            lines.insert(len(delivered), replace(delivered[0], title=self.tr("All carriers"), value=total))
        rows = [
            GridRow(
                (item.title, number_text(item.value / divisor), self._per_area(item.value)),
                _tone(item),
                item.explanation,
                key=(FINAL_ENERGY, _BY_CARRIER.get(item.title, "")),
            )
            for item in lines
        ]
        self.carriers.show_rows((self.tr("Final energy"), f"{unit}/a", "kWh/m²a"), rows)

    def _show_loads(self, found: list[Indicator]) -> None:
        self.loads.setVisible(bool(found))
        rows = [
            GridRow(
                (item.title, number_text(item.value), self._per_area(1000.0 * item.value)),
                _tone(item),
                _reading(item),
                key=(_BY_VARIABLE[item.title], ""),
            )
            for item in found
        ]
        self.loads.show_rows((self.tr("Loads"), "kW", "W/m²"), rows)

    def _show_hours(self, found: list[Indicator]) -> None:
        self.hours.setVisible(bool(found))
        rows = [
            GridRow(
                (item.title, f"{number_text(item.value)}{THIN_SPACE}h"),
                _tone(item),
                _reading(item),
                key=(_BY_VARIABLE[item.title], ""),
            )
            for item in found
        ]
        self.hours.show_rows((self.tr("Comfort, worst storey"), self.tr("in the year")), rows)

    def _per_area(self, value: float) -> str:
        return number_text(value / self._area_m2) if self._area_m2 > 0 else "–"

    def _note(self, found: list[Series], count: int) -> str:
        if not found:
            return self.tr("No results yet: run EnergyPlus, or estimate them in seconds.")
        texts = []
        if found[0].buildings < count:
            texts.append(self.tr("{} of {} have results.").format(found[0].buildings, count))
        if any(item.stale for item in found):
            texts.append(self.tr("Inputs changed since: results in amber are stale."))
        if any(item.estimate for item in found):
            texts.append(self.tr("Estimates are in italics."))
        return " ".join(texts)


def sums_of(document: Any, ids: list[str]) -> Sums:
    """Add up the results of some buildings, their parts included; for any thread that has a document of its own."""
    buildings = document.city.buildings
    # A building's results include those of its parts, which are what is simulated.
    ids = list(map(str, buildings.ids[standing_rows(document.city, buildings.rows(tuple(ids)))]))
    found = selection_series(document, ids)
    if not found:
        return Sums(len(ids), [], math.nan, Badge(), [])
    badge = _badge(document, ids) if any(item.estimate for item in found) else Badge()
    numbers = indicators(document, ids, document.active_scenario)
    return Sums(len(ids), found, floor_area_m2(document, ids), badge, list(numbers))


def _badge(document: Any, ids: list[str]) -> Badge:
    shown = document.energy.shown(document.active_scenario)
    return estimate_badge(document, [name for name in ids if name in shown and shown[name].estimate])


def _reading(item: Indicator) -> str:
    """What a number means, and what it is of."""
    reading = _BY_TITLE.get(item.title, "")
    return f"{reading}. {item.explanation}." if reading else item.explanation


def _tone(item: Series | Indicator) -> str:
    if item.stale:
        return "stale"
    return "estimate" if item.estimate else "heading"


def floor_area_m2(document: Any, ids: list[str]) -> float:
    """Floor area of those of some buildings that have a result [m2], of all storeys as simulated."""
    found = document.energy.summaries(KNOWN["peak_heating"], document.active_scenario)
    return math.fsum(found[name][1] for name in ids if name in found)


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
