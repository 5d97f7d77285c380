"""Solar maps of cells: made on demand, kept for the session, never stored, for a few seconds make them again."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.document.run_plan import city_for_rays
from citytwin_desktop.document.solar_values import SolarTime, solar_values
from citytwin_desktop.document.variables import variable
from citytwin_desktop.document.work_thread import LOOK_EVERY_S, Broke, Ended, WorkThread
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.jobs.executors import available_cores, local_executor
from citytwin_desktop.sim.jobs.job import Job, JobDone, JobFailed, JobProgress
from citytwin_desktop.sim.jobs.queue import JobQueue
from citytwin_desktop.sim.solar.hours import HourSynthesis

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document
    from citytwin_desktop.sim.solar.cell_maps import CellLayout, CellMap

SMALLEST_CELL_M, LARGEST_CELL_M = 1.0, 10.0


@dataclass(frozen=True, eq=False)
class CellValues:
    """A solar variable on every cell.

    Parameters
    ----------
    variable, unit : str
    values : ndarray, (cells,) float32
    stale : bool
        Whether the city, its surroundings or its place have changed since the map was made.
    """

    variable: str
    unit: str
    values: NDArray[np.float32]
    stale: bool


class SolarCells:
    """The map of cells that a document holds.

    Parameters
    ----------
    document : Document

    Attributes
    ----------
    cell_size_m : float [m]
        Of the map that is held; 0 without one.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._map: CellMap | None = None
        self._key = ""
        self.cell_size_m = 0.0
        self._synthesis = lru_cache(1)(self._load_synthesis)
        self._months = lru_cache(1)(self._load_months)

    @property
    def layout(self) -> CellLayout | None:
        """Where the cells lie; None without a map."""
        return self._map.layout if self._map is not None else None

    @property
    def fresh(self) -> bool:
        """Whether there is a map and it is of today's inputs."""
        return self._map is not None and self._key == self._current_key()

    @property
    def synthesis(self) -> HourSynthesis:
        """Hour synthesis of the map that is held; KnownError without a map or weather."""
        return self._synthesis(self._document.weather.content_hash if self._document.weather else "")

    def hold(self, made: CellMap, key: str, cell_size_m: float) -> None:
        """Keep a map that was made, in place of the last one."""
        self._map, self._key, self.cell_size_m = made, key, cell_size_m
        self._synthesis.cache_clear()
        self._months.cache_clear()

    def drop(self) -> None:
        """Forget the map and give its memory back."""
        self._map, self._key, self.cell_size_m = None, "", 0.0
        self._synthesis.cache_clear()
        self._months.cache_clear()

    def values(self, name: str, at: SolarTime) -> CellValues | None:
        """Value of a solar variable on every cell; None without a map or weather.

        Raises
        ------
        KnownError
            When there is no such variable, or the weather is of another place than the map.
        """
        chosen, weather = variable(name), self._document.weather
        if self._map is None or weather is None:
            return None
        if chosen.engine != "solar":
            raise KnownError(f"{chosen.title} belongs to buildings: choose a solar variable for cells.")
        if name == "solar_irradiation" and at.hours is None:
            months = self._months(weather.content_hash)
            values = months.sum(axis=1) if at.month is None else months[:, at.month]
        else:
            values = solar_values(self._synthesis(weather.content_hash), name, at)
        unit = chosen.surface_unit(year=at.month is None and at.hours is None)
        return CellValues(name, unit, values, stale=not self.fresh)

    def start(self, cell_size_m: float, workers: int | None = None) -> CellRun:
        """Make a map; poll the run until it is finished.

        Parameters
        ----------
        cell_size_m : float [m]
            1 to 10.
        workers : int, optional
            Threads; one for each core by default.

        Raises
        ------
        KnownError
            When something is missing, or the size is out of range.
        """
        if not SMALLEST_CELL_M <= cell_size_m <= LARGEST_CELL_M:
            raise KnownError(f"Cells of {cell_size_m:g} m cannot be mapped; choose 1 to 10 m.")
        sentence = self._document.missing_for("solar")
        if sentence is not None and not self._document.read_only:
            raise KnownError(sentence + ".")
        return CellRun(self, self._job(cell_size_m, workers or available_cores()), cell_size_m)

    def _current_key(self) -> str:
        document = self._document
        if document.weather is None or not len(document.city.surfaces):
            return ""
        return document.keys.operators(document.project.district, document.weather)

    def _job(self, cell_size_m: float, threads: int) -> Job:
        from citytwin_desktop.sim.solar.engine import SolarJobInputs

        document = self._document
        if document.weather is None:
            raise KnownError("No weather file: choose one.")
        settings = replace(document.keys.solar_settings, cell_size_m=cell_size_m)
        inputs = SolarJobInputs(city_for_rays(document.city), document.weather, settings, document.solar_conditions)
        title = f"Solar cells of {cell_size_m:g} m"
        return Job(self._current_key(), "solar cells", title, (), inputs, threads=threads)

    def _load_synthesis(self, _weather_hash: str) -> HourSynthesis:
        if self._map is None or self._document.weather is None:
            raise KnownError("No weather file: choose one.")
        return HourSynthesis(self._map.operators, self._document.weather)

    def _load_months(self, weather_hash: str) -> NDArray[np.float32]:
        return self._synthesis(weather_hash).monthly_irradiation()


class CellRun:
    """One map in the making, with the same face as `citytwin_desktop.document.runs.Run`.

    Attributes
    ----------
    title, state : str
    total, done, succeeded : int
        Of one job.
    failed : dict of str to str
        Sentence under the name of the map.
    finished, cancelled : bool
    log : list of str
    cpu_s, wall_s : float [s]
    """

    engine = "solar cells"
    skipped_fresh = 0

    def __init__(self, cells: SolarCells, job: Job, cell_size_m: float) -> None:
        self._cells, self._size_m = cells, cell_size_m
        self._work = _CellWork(job)
        self._began = time.monotonic()
        self.title, self.state, self.fraction = job.title, "Preparing", 0.0
        self.total, self.done, self.succeeded = 1, 0, 0
        self.failed: dict[str, str] = {}
        self.finished = self.cancelled = False
        self.log: list[str] = []
        self.cpu_s = self.wall_s = 0.0
        self._work.begin()

    def poll(self, timeout_s: float = 0.0) -> None:
        """Take over what has happened, on the thread that owns the document."""
        if self.finished:
            return
        for told in self._work.told(timeout_s):
            if self.cancelled and not isinstance(told, Broke | Ended):
                continue
            match told:
                case JobProgress(_, fraction, text):
                    self.fraction, self.state = fraction, text
                case JobDone(key, outputs):
                    self._cells.hold(outputs, key, self._size_m)
                    self.cpu_s, self.succeeded = told.cpu_s, 1
                    self._finish(f"{len(outputs.row):,} cells of {self._size_m:g} m.")
                case JobFailed(_, message):
                    self.failed[self.title] = message
                    self._finish(message)
                case Broke(error):
                    self._finish("Stopped by an error.")
                    raise error
                case Ended():
                    self._finish("Cancelled.")

    def wait(self) -> None:
        """Poll until the run is finished."""
        while not self.finished:
            self.poll(0.2)

    def stop(self) -> None:
        """Ask to stop; the map that was held before is kept. Poll until it is finished."""
        if not self.finished:
            self.cancelled, self.state = True, "Cancelling"
            self._work.stop()

    def cancel(self) -> None:
        """As `stop`, and wait until it is finished; of one that is finished, until nothing of it is left."""
        self.stop()
        self._work.leave()
        self._finish("Cancelled.")

    def _finish(self, words: str) -> None:
        if self.finished:
            return
        self.finished, self.done, self.fraction = True, 1, 1.0
        self.state = words
        self.log.append(words)
        self.wall_s = time.monotonic() - self._began


class _CellWork(WorkThread):
    """Runs one job in a process of its own."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job

    def _work(self) -> None:
        with JobQueue(local_executor(self._job.threads)) as queue:
            queue.submit(self._job)
            while queue.busy and not self._stopping.is_set():
                for event in queue.poll(LOOK_EVERY_S):
                    self._told.put(event)
