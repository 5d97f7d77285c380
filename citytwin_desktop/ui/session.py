"""What one window has open: the document, what is painted, which runs are going on."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from citytwin_desktop.city.calendar import COMMON_YEAR_HOURS
from citytwin_desktop.city.wholes import standing_rows
from citytwin_desktop.document import events
from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.city_light import CAN_BE_SIMULATED, CityLight
from citytwin_desktop.ui.compare_state import Comparison
from citytwin_desktop.ui.long_lived import hand_back_memory, kept_for_long, searched_again
from citytwin_desktop.ui.numbers import counted
from citytwin_desktop.ui.paint_style import CLASSES, PaintStyle, StyleMemory
from citytwin_desktop.ui.painted_values import PaintedValues
from citytwin_desktop.ui.solar_detail import SolarDetail
from citytwin_desktop.ui.stale_counts import AT_ONCE_BUILDINGS, StaleCounts
from citytwin_desktop.ui.variables import DAY, HOURS_OF_A_DAY, MONTH, SPAN, VARIABLES, Request

POLL_INTERVAL_MS = 50


class Session(QObject):
    """Relays the document's events to Qt and turns known errors into sentences.

    Panels read ``document`` and call the methods here; they never change the model themselves.

    Signals
    -------
    opened, closed
        Another document, or none.
    event(object)
        One of the document's events, as it came.
    view_changed
        Another variable, period, colour map or scenario is painted, or compared with.
    filter_changed
        Other values keep their colour; the colours themselves are the same.
    problem(str), notice(str)
        A sentence for the user: something went wrong, something is done.
    offered(str, str, callable)
        A sentence, the words of one thing to do about it, and what does it.
    runs_changed
        A run started, moved on or ended.
    values_read
        What is painted was read again on a thread, for results that have arrived.
    explain_wanted(Question)
        The user wants a number explained, see `citytwin_desktop.document.explanation`.

    Attributes
    ----------
    comparison : Comparison
        Which scenario the active one is held against, and how.
    painted : PaintedValues
        What surfaces are painted with, of any scenario.
    """

    opened = Signal()
    closed = Signal()
    event = Signal(object)
    view_changed = Signal()
    filter_changed = Signal()
    problem = Signal(str)
    notice = Signal(str)
    offered = Signal(str, str, object)
    runs_changed = Signal()
    run_finished = Signal(object)
    values_read = Signal()
    explain_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document: Any = None
        self.variable = ""
        self.variable_chosen = False
        self.period = "year"
        self.span = (0, HOURS_OF_A_DAY)
        self.styles = StyleMemory(lambda name: VARIABLES[name].map_name if name in VARIABLES else "")
        self.comparison, self.painted = Comparison(self), PaintedValues(self)
        self.runs: list[Any] = []
        self._timer = QTimer(self, interval=POLL_INTERVAL_MS)
        self._timer.timeout.connect(self.poll_runs)
        self.detail = SolarDetail(self)
        self.light = CityLight(self)
        self.standing = StaleCounts(self)

    def attach(self, document: Any) -> None:
        """Show a document in place of the one before."""
        self.detach()
        self.document = document
        document.events.changed.connect(self._relay)
        self.opened.emit()

    def detach(self) -> None:
        """Cancel what runs, close the document and show none."""
        # An import into a project that is not shown yet runs without a document.
        if running := self.running:
            for run in running:
                self.guarded(run.cancel)
            self.poll_runs()
        if self.document is None:
            return
        self._timer.stop()
        self.runs.clear()
        document, self.document = self.document, None
        document.events.changed.disconnect(self._relay)
        self.variable, self.period, self.span = "", "year", (0, HOURS_OF_A_DAY)
        self.variable_chosen = False
        self.styles.forget()
        self.comparison.forget()
        self.painted.forget()
        self.painted.arriving.close()
        self.runs_changed.emit()
        self.closed.emit()
        self.guarded(document.close)
        searched_again()

    @property
    def year_hours(self) -> int:
        """Hours of the year that dates are counted in."""
        return COMMON_YEAR_HOURS if self.document is None else int(self.document.year_hours)

    @property
    def running(self) -> list[Any]:
        """Runs that have not finished."""
        return [run for run in self.runs if not run.finished]

    def execute(self, command: str, **parameters: Any) -> Any:
        """Run a command of the document; a known error becomes a sentence and `None` comes back."""
        return self.guarded(self.document.execute, command, **parameters)

    def guarded(self, call: Any, *arguments: Any, **parameters: Any) -> Any:
        """Call something; a known error becomes a sentence and `None` comes back."""
        try:
            return call(*arguments, **parameters)
        except KnownError as error:
            self.problem.emit(str(error))
            return None

    @property
    def style_key(self) -> tuple[str, str]:
        """What a style is remembered for: a difference has other numbers than what it is of."""
        return self.variable, f"{self.period} difference" if self.comparison.shows_difference else self.period

    @property
    def style(self) -> PaintStyle:
        """How the painted variable is painted."""
        return self.styles.current

    @property
    def map_name(self) -> str:
        """Colour map of what is painted."""
        return self.style.map_name

    @property
    def classes(self) -> int:
        """Number of classes, 0 for a continuous map."""
        return self.style.classes

    @property
    def compared(self) -> str:
        """Scenario that the active one is held against, empty for none."""
        return self.comparison.other

    def set_variable(self, variable: str) -> None:
        """Paint another variable; an empty name paints the neutral model."""
        self.variable_chosen = True
        if variable != self.variable:
            before, self.variable = self.style_key, variable
            self.period = self._period_for(self.period)
            self.styles.change(before, self.style_key)
            self.view_changed.emit()

    def set_period(self, period: str) -> None:
        """Paint the hour (``day``), the month or the year about the document's hour, or the span of hours."""
        if period == SPAN and self.period != SPAN and self.document is not None:
            first = self.document.hour // HOURS_OF_A_DAY * HOURS_OF_A_DAY
            if not self.span[0] <= self.document.hour < self.span[1]:
                self.span = (first, first + HOURS_OF_A_DAY)
        self._change_period(self._period_for(period))
        # Told even when nothing changed: a pressed button must come back to what is painted.
        self.view_changed.emit()

    def set_span(self, first: int, last: int) -> None:
        """Paint the sum over some hours, the last one not included."""
        variable = VARIABLES.get(self.variable)
        if variable is None or SPAN not in variable.periods:
            return
        self.span = (first, max(last, first + 1))
        self._change_period(SPAN)
        self.view_changed.emit()

    def _change_period(self, period: str) -> None:
        before, self.period = self.style_key, period
        self.styles.change(before, self.style_key)

    def _period_for(self, period: str) -> str:
        """What stands in for a period that the variable does not have."""
        variable = VARIABLES.get(self.variable)
        if variable is None:
            return period
        # A yearly variable shows the month where another one showed the hour: time goes on being followed.
        return MONTH if period in (DAY, SPAN) and variable.periods == (MONTH, "year") else variable.period(period)

    def set_style(self, **changes: Any) -> None:
        """Paint in another way, see `PaintStyle`."""
        before, self.styles.current = self.style, replace(self.style, **changes)
        if self.style == before:
            return
        if before.with_look_of(self.style) == self.style:
            self.filter_changed.emit()
        else:
            self.view_changed.emit()

    def set_scenario(self, scenario_id: str) -> None:
        """Make another scenario the active one."""
        self.comparison.activated(scenario_id)
        self.document.activate_scenario(scenario_id)
        self.view_changed.emit()

    def view_state(self) -> dict[str, Any]:
        """What is painted and when, for the next time this project is open."""
        view = {"variable": self.variable, "period": self.period, "style": self.style.to_dict()}
        view |= {"span": list(self.span), **self.comparison.view_state()}
        return view | {"scenario": self.document.active_scenario, "hour": self.document.hour}

    def restore_view(self, state: dict[str, Any]) -> None:
        """The reverse of `view_state`; what is no longer there is left out."""
        self.variable = state["variable"] if state.get("variable") in (*VARIABLES, CAN_BE_SIMULATED) else ""
        self.period = state.get("period", self.period)
        # Views kept by earlier versions knew the map and the classes alone.
        known = {"map_name": state.get("map"), "classes": state.get("classes", CLASSES[0])}
        self.styles.current = PaintStyle.from_dict(state.get("style", known))
        self.span = _span(state.get("span"), self.span, self.year_hours)
        self.period = self._period_for(self.period)
        if any(scenario.id == state.get("scenario") for scenario in self.document.scenarios):
            self.document.activate_scenario(state["scenario"])
        self.comparison.restore(state)
        self.document.set_hour(int(state.get("hour", self.document.hour)))
        self.view_changed.emit()

    def values(self) -> Any:
        """What the surfaces are to be painted with now, or `None` for the neutral model."""
        return None if self.document is None else self.painted.of(self.document.active_scenario)

    def request(self) -> Request | None:
        """What is painted now, or `None` for the neutral model."""
        variable = VARIABLES.get(self.variable)
        if variable is None or self.document is None:
            return None
        return variable.request(self.period, self.document.hour, self.span, self.year_hours)

    def stale_counts(self) -> dict[str, int]:
        """Number of stale buildings by engine, in the active scenario."""
        return self.standing.stale

    def stale_ids(self, engine: str) -> frozenset[str]:
        """Buildings with a stale result of an engine, in the active scenario."""
        return self.standing.status(engine).stale

    def assign_package(self, building_ids: list[str], package_id: str | None) -> Any:
        """Give buildings a package in the active scenario; offer to estimate what it does where nobody knows yet."""
        scenario = self.document.active_scenario
        done = self.execute("assign_package", scenario_id=scenario, building_ids=building_ids, package_id=package_id)
        ready = done is not None and self.document.missing_for("estimate", scenario) is None
        if waiting := self._without_result(building_ids) if ready else []:
            sentence = self.tr("Package assigned to {}: results are not known yet.").format(counted(len(building_ids)))
            self.offered.emit(sentence, self.tr("Estimate now"), lambda: self.start_run("estimate", waiting))
        return done

    def _without_result(self, building_ids: list[str]) -> list[str]:
        """Those of some buildings that have neither a result nor an estimate of today's inputs."""
        # Where EnergyPlus has spoken, the estimate counts as known too.
        known = self.standing.status("estimate").fresh
        buildings = self.document.city.buildings
        rows = standing_rows(self.document.city, buildings.rows(building_ids))
        return [name for name in map(str, buildings.ids[rows]) if name not in known]

    def start_run(self, engine: str, building_ids: list[str] | None = None, workers: int | None = None) -> Any:
        """Start an engine on some buildings, or on all that have no fresh result."""
        run = self.guarded(
            self.document.start_run, engine, self.document.active_scenario, building_ids=building_ids, workers=workers,
            aside=len(self.document.city.buildings) > AT_ONCE_BUILDINGS,
        )  # fmt: skip
        if run is not None:
            self.add_run(run)
        return run

    def add_run(self, run: Any) -> None:
        """Watch a run that was started."""
        self.runs.append(run)
        self._timer.start()
        self.runs_changed.emit()

    def stop_runs(self) -> None:
        """Ask everything that runs to stop; what had arrived is kept, and its end is told as of any run."""
        for run in self.running:
            self.guarded(run.stop)
        self.poll_runs()

    def poll_runs(self) -> None:
        """Let finished jobs reach the document."""
        for run in self.running:
            self._poll(run)
            if run.finished:
                self.run_finished.emit(run)
        if not self.running:
            self._timer.stop()
        self.runs_changed.emit()

    def _poll(self, run: Any) -> None:
        try:
            run.poll()
        except Exception as error:
            # What keeps one result from being stored keeps the next one too: say it once and stop.
            self.guarded(run.cancel)
            if not isinstance(error, KnownError):
                raise
            self.problem.emit(str(error))

    def open_path(self, path: Path, read_only: bool = False) -> bool:
        """Open a project file."""
        from citytwin_desktop.document.document import open_document

        with kept_for_long(in_place_of_another=self.document is not None):
            document = self.guarded(open_document, path, read_only=read_only)
            if document is not None:
                hand_back_memory()
                self.attach(document)
                if document.project.left_out:
                    self.problem.emit(document.project.left_out)
        return document is not None

    def _relay(self, event: Any) -> None:
        if isinstance(event, events.WeatherChanged) and self.span[1] > self.year_hours:
            # The 366th day went with the leap year; of a span of that day alone the one before is left.
            self.span = (min(self.span[0], self.year_hours - HOURS_OF_A_DAY), self.year_hours)
        self.painted.follow(event)
        self.comparison.follow(event)
        self.event.emit(event)


def _span(stored: Any, otherwise: tuple[int, int], year_hours: int) -> tuple[int, int]:
    """A stored span of hours, if it is one."""
    try:
        first, last = (int(hour) for hour in stored)
    except (TypeError, ValueError):
        return otherwise
    return (first, last) if 0 <= first < last <= year_hours else otherwise
