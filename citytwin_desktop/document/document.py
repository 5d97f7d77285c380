"""The open document: what the window, the command line and scripts all work with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from citytwin_desktop.catalog.measures import Package, packages
from citytwin_desktop.city.calendar import COMMON_YEAR_HOURS
from citytwin_desktop.city.changes import Change, SetAssignments, SetScenario, SetWeather
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.scenario import BASELINE, Scenario
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.document import events
from citytwin_desktop.document.city_doctor import CityDoctor
from citytwin_desktop.document.collectors import CollectorReader
from citytwin_desktop.document.commands.command import PreparedCommand, build_command
from citytwin_desktop.document.consequences import (
    changes_the_city,
    events_of_assumptions,
    events_of_cells,
    events_of_geometry,
    events_of_named,
)
from citytwin_desktop.document.delivered import store_delivered
from citytwin_desktop.document.energy_results import BuildingResult, MonthlySums
from citytwin_desktop.document.energy_values import EnergyReader
from citytwin_desktop.document.engine_status import engine_status, missing_for
from citytwin_desktop.document.freshness import CurrentKeys, EngineStatus
from citytwin_desktop.document.solar_cells import SolarCells
from citytwin_desktop.document.solar_potential import SolarPotential
from citytwin_desktop.document.solar_values import SolarReader
from citytwin_desktop.document.specifications import package_id_of, required_specification
from citytwin_desktop.document.store_memory import StoreMemory
from citytwin_desktop.document.time_travel import Travel
from citytwin_desktop.document.values import ResultReader, SurfaceValues
from citytwin_desktop.errors import BugError
from citytwin_desktop.project.edit_log import HistoryEntry
from citytwin_desktop.project.project_file import ProjectFile

if TYPE_CHECKING:
    from citytwin_desktop.document.runs import Run


class Document:
    """One open project with its view state.

    Every change goes through `execute`, `undo` or `redo`; each is durable when the call returns and is told to
    listeners by one event for each kind of thing that changed.

    Attributes
    ----------
    events : DocumentEvents
        Connect to ``events.changed``; see `citytwin_desktop.document.events`.
    active_scenario : str
        Scenario that views show (view state).
    selection : tuple of str
        Selected buildings (view state).
    hour : int
        Hour of the year that views show (view state).
    collectors : CollectorReader
        Results of solar collectors, and what is assumed about them.
    doctor : CityDoctor
        What can be simulated, and what imports had to say.
    solar_cells : SolarCells
        The map of cells, once one was made (view state).
    """

    def __init__(self, project: ProjectFile) -> None:
        self.project = project
        self.events = events.DocumentEvents()
        self.active_scenario = BASELINE
        self.selection: tuple[str, ...] = ()
        self.hour = 4116  # 21 June, 12:00
        self.keys = CurrentKeys()
        self.last_report: Any = None
        self._weather = project.weather()
        self._telling = False
        self._reader = ResultReader(self)
        self.collectors = CollectorReader(self)
        self.store = StoreMemory(project)
        self.solar_cells = SolarCells(self)
        self.doctor = CityDoctor(self)

    @property
    def path(self) -> Path:
        """The project file."""
        return self.project.path

    @property
    def read_only(self) -> bool:
        """Whether edits are refused."""
        return self.project.read_only

    @property
    def city(self) -> CityModel:
        """The city as it is now; replaced as a whole by every change."""
        return self.project.district.city

    @property
    def weather(self) -> Weather | None:
        """The weather, or None."""
        return self._weather

    @property
    def year_hours(self) -> int:
        """Hours of the year that dates are counted in: 8,784 with a weather file of a leap year, else 8,760."""
        return self._weather.hours if self._weather is not None else COMMON_YEAR_HOURS

    @property
    def solar_conditions(self) -> SolarConditions:
        """Reflectances, snow and leaves of the district."""
        return self.project.district.solar_conditions

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """All scenarios, the baseline first."""
        return tuple(self.project.district.scenarios.values())

    def scenario(self, identifier: str) -> Scenario:
        """Look up one scenario; KnownError when there is none."""
        return self.project.district.scenario(identifier)

    def named(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """Views or selections that the project keeps, by name."""
        return self.project.district.named.get(kind, {})

    def packages(self) -> tuple[Package, ...]:
        """Packages that can be assigned."""
        return tuple(packages().values())

    # --- changes

    def execute(self, command: str, **parameters: Any) -> HistoryEntry:
        """Carry out a command.

        Parameters
        ----------
        command : str
            Its id, see `citytwin_desktop.document.commands`.
        **parameters
            Values, or texts as a command line gives them.

        Raises
        ------
        KnownError
            When the command or its parameters do not fit; nothing has changed then.
        """
        self._refuse_while_telling()
        return self.carry_out(self.prepare(command, **parameters))

    def prepare(self, command: str, **parameters: Any) -> PreparedCommand:
        """Work out what a command would do, as `execute` takes it, changing nothing; may be done on another thread.

        Raises
        ------
        KnownError
            When the command or its parameters do not fit.
        """
        district = self.project.district
        return PreparedCommand(command, parameters, build_command(command, parameters).prepare(district), district)

    def carry_out(self, prepared: PreparedCommand) -> HistoryEntry:
        """Do what was prepared, or work it out again where the city has changed in between.

        Raises
        ------
        KnownError
            When it does not fit any more, or the disk refuses; nothing has changed then.
        """
        self._refuse_while_telling()
        if prepared.district is not self.project.district:
            prepared = self.prepare(prepared.command, **prepared.parameters)
        preparation = prepared.preparation
        if preparation.weather is not None:
            self.project.add_weather(preparation.weather)
        for source in preparation.kept_sources:
            self.project.add_source(source)
        if preparation.delivered:
            store_delivered(self.project, preparation.delivered)
        logged = dict(prepared.parameters if preparation.logged is None else preparation.logged)
        entry = self.project.execute(prepared.command, preparation.title, logged, preparation.changes)
        self.last_report = preparation.report
        self._after(preparation.changes)
        return entry

    def undo(self) -> HistoryEntry | None:
        """Take back the last command; None when there is none."""
        return self._revert(self.project.undo)

    def redo(self) -> HistoryEntry | None:
        """Bring back the last command that was taken back; None when there is none."""
        return self._revert(self.project.redo)

    def _revert(self, step: Any) -> HistoryEntry | None:
        self._refuse_while_telling()
        done = step()
        if done is None:
            return None
        entry, changes = done
        self._after(changes)
        return HistoryEntry(**{**vars(entry), "undone": not entry.undone})

    def go_to(self, seq: int) -> int:
        """Take back or bring back commands until one is the last that stands, 0 for none; how many it took."""
        return self.arrive(Travel(self, seq))

    def arrive(self, travel: Travel) -> int:
        """End a way through the history, worked out before or not, as one step; how many commands it took."""
        self._refuse_while_telling()
        if changes := travel.finish():
            self._after(changes)
        return travel.total

    @property
    def undo_title(self) -> str | None:
        """What undo would take back, or None."""
        entry = self.project.candidates()[0]
        return entry.title if entry else None

    @property
    def redo_title(self) -> str | None:
        """What redo would bring back, or None."""
        entry = self.project.candidates()[1]
        return entry.title if entry else None

    def history(self) -> tuple[HistoryEntry, ...]:
        """Every command that was carried out, oldest first, with those taken back marked."""
        return tuple(entry for entry in self.project.history() if entry.undoes is None)

    def activate_scenario(self, identifier: str) -> None:
        """Show another scenario."""
        self.active_scenario = self.scenario(identifier).id
        self._tell(events.ScenariosChanged())

    def select(self, identifiers: Iterable[str]) -> None:
        """Select buildings."""
        chosen = tuple(dict.fromkeys(identifiers))
        self.city.buildings.rows(chosen)
        if chosen != self.selection:
            self.selection = chosen
            self._tell(events.SelectionChanged(chosen))

    def set_hour(self, hour: int) -> None:
        """Show another hour of the year."""
        hour = min(max(int(hour), 0), self.year_hours - 1)
        if hour != self.hour:
            self.hour = hour
            self._tell(events.TimeChanged(hour))

    def energy_spec(self, building_id: str, scenario_id: str = BASELINE) -> EnergySpec:
        """Resolved specification of a building; KnownError when it has no archetype yet."""
        return required_specification(self.project.district, building_id, self.scenario(scenario_id))

    def package_id(self, building_id: str, scenario_id: str = BASELINE) -> str | None:
        """Package that a scenario gives a building: its own, or that of the building it is a part of."""
        row = self.city.buildings.row(building_id)
        return package_id_of(self.project.district, row, self.scenario(scenario_id))

    def status(self, engine: str, scenario_id: str = BASELINE) -> EngineStatus:
        """Which buildings have fresh, stale, missing or failed results of an engine."""
        return engine_status(self, engine, scenario_id)

    def missing_for(self, engine: str, scenario_id: str = BASELINE) -> str | None:
        """One sentence on what a run still needs, or None when it can run."""
        return missing_for(self, engine, scenario_id)

    def start_run(
        self,
        engine: str,
        scenario_id: str = BASELINE,
        building_ids: Iterable[str] | None = None,
        workers: int | None = None,
        executor: str = "local",
        *,
        aside: bool = False,
    ) -> Run:
        """Start an engine; poll the run on the main thread until it is finished, see `starting_runs`.

        Raises
        ------
        KnownError
            When something is missing.
        """
        from citytwin_desktop.document.starting_runs import start_run

        return start_run(self, engine, scenario_id, building_ids, workers, executor, aside=aside)

    def surface_values(
        self,
        variable: str,
        scenario_id: str = BASELINE,
        hour: int | None = None,
        month: int | None = None,
        hours: tuple[int, int] | None = None,
    ) -> SurfaceValues:
        """Value of a variable on every surface, see `ResultReader.surface_values`."""
        return self._reader.surface_values(variable, scenario_id, hour, month, hours)

    @property
    def solar(self) -> SolarReader:
        """Solar results in detail: which is shown, and its synthesis of hours."""
        return self._reader.solar

    @property
    def energy(self) -> EnergyReader:
        """Energy results in detail: which is shown of each building, and its final energy."""
        return self._reader.energy

    def solar_potential(self, scenario_id: str = BASELINE) -> SolarPotential | None:
        """What photovoltaics and solar thermal could give, see `CollectorReader.potential`; None without a run."""
        return self.collectors.potential(self.scenario(scenario_id).id)

    def building_result(self, variable: str, building_id: str, scenario_id: str = BASELINE) -> BuildingResult | None:
        """Hourly result of one building, None when there is none, not even a stale one."""
        return self._reader.building_result(variable, building_id, scenario_id)

    def monthly_sums(
        self, variable: str, building_ids: Iterable[str], scenario_id: str = BASELINE
    ) -> MonthlySums | None:
        """Months of a variable summed over some buildings, None when none of them has a result."""
        return self._reader.monthly_sums(variable, building_ids, scenario_id)

    def results_arrived(self, engine: str, building_ids: tuple[str, ...]) -> None:
        """Tell listeners that results were stored."""
        self._tell(events.ResultsArrived(engine, building_ids))

    def close(self) -> None:
        """Close the project; one plain file is left."""
        self.project.close()

    def _refuse_while_telling(self) -> None:
        if self._telling:
            raise BugError("a listener tried to change the document while it was being told of a change")

    def _tell(self, *facts: events.Event) -> None:
        nested, self._telling = self._telling, True
        try:
            for fact in facts:
                self.events.changed.emit(fact)
        finally:
            self._telling = nested

    def _after(self, changes: tuple[Change, ...]) -> None:
        kinds = {type(change) for change in changes}
        # Geometry first: who draws must not take the other surfaces for another city when cells are told.
        if changes_the_city(changes):
            self._drop_gone_from_selection()
        facts = [*events_of_geometry(changes), *events_of_cells(changes), *events_of_named(changes)]
        if kinds & {SetScenario, SetAssignments}:
            if self.active_scenario not in self.project.district.scenarios:
                self.active_scenario = BASELINE
            facts.append(events.ScenariosChanged())
        if SetWeather in kinds:
            self._weather = self.project.weather()
            facts.append(events.WeatherChanged())
            if self.hour >= self.year_hours:
                self.hour = self.year_hours - 1
                facts.append(events.TimeChanged(self.hour))
        facts += events_of_assumptions(changes)
        self._tell(*facts, events.HistoryChanged())

    def _drop_gone_from_selection(self) -> None:
        kept = tuple(name for name in self.selection if name in self.city.buildings)
        if kept != self.selection:
            self.selection = kept
            self._tell(events.SelectionChanged(kept))


def open_document(path: str | Path, *, read_only: bool = False) -> Document:
    """Open a project.

    Parameters
    ----------
    path : str or Path
    read_only : bool
        Take no lock and refuse edits.

    Raises
    ------
    KnownError
        When it is no sound project, or another process edits it.
    """
    return _document(ProjectFile.open(Path(path), read_only=read_only))


def create_document(path: str | Path) -> Document:
    """Make and open an empty project; KnownError when the file exists or cannot be made."""
    return _document(ProjectFile.create(Path(path)))


def _document(project: ProjectFile) -> Document:
    try:
        return Document(project)
    except BaseException:
        project.close()
        raise
