"""Runs of an engine on a document: preparing jobs, watching them, storing what they return."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from citytwin_desktop.document.planned_run import RunPlan
from citytwin_desktop.document.result_writing import ResultWriter
from citytwin_desktop.document.run_plan import plan_run
from citytwin_desktop.document.stored_outputs import first_map
from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.project import result_store
from citytwin_desktop.sim.jobs.executors import LOCAL, available_cores, executor_at
from citytwin_desktop.sim.jobs.job import Job, JobCancelled, JobDone, JobFailed, JobPart, JobProgress, JobStarted
from citytwin_desktop.sim.jobs.queue import JobQueue

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


def start_run(
    document: Document,
    engine: str,
    scenario_id: str,
    building_ids: Iterable[str] | None = None,
    workers: int | None = None,
    executor: str = LOCAL,
) -> Run:
    """Start an engine on a document.

    Parameters
    ----------
    document : Document
    engine : str
        ``solar``, ``energyplus``, ``estimate`` or ``collectors``.
    scenario_id : str
    building_ids : iterable of str, optional
        Buildings to simulate; all by default. Solar and collectors always take the whole city.
    workers : int, optional
        Cores to use, as processes or, for solar, as threads of one; all by default. On a cluster, most jobs
        in flight.
    executor : str
        ``local``, or ``dask://HOST:PORT`` of a cluster that we trust.

    Raises
    ------
    KnownError
        When an input is missing, or the cluster cannot be used; nothing has begun then.
    """
    if (sentence := document.missing_for(engine, scenario_id)) is not None:
        raise KnownError(sentence + ".")
    cores = workers or available_cores()
    plan = plan_run(document, engine, scenario_id, building_ids, cores)
    return Run(document, plan, JobQueue(executor_at(executor, workers)) if plan.total else None)


WRITING_S = 0.02
"""How long one `Run.poll` that does not wait may write results."""


class Run:
    """One run in progress; nothing happens unless `poll` is called, on the thread that owns the document.

    Attributes
    ----------
    title : str
    total : int
        Jobs to run, fresh ones not counted.
    done : int
        Jobs that have ended, well or not.
    succeeded : int
        Those of them that gave a result.
    failed : dict of str to str
        Sentence by building.
    skipped_fresh : int
        Buildings whose result was fresh already.
    log : list of str
    finished, cancelled : bool
    cpu_s, wall_s : float [s]
    """

    def __init__(self, document: Document, plan: RunPlan, queue: JobQueue | None) -> None:
        self._document = document
        self._plan = plan
        self._jobs: dict[str, Job] = {}
        self._shares: dict[str, float] = {}
        self._parts: dict[str, bytes] = {}
        self._queue = queue
        self._writer = ResultWriter(document.project, plan)
        self._began = time.monotonic()
        self.title, self.total, self.done, self.succeeded = plan.title, plan.total, 0, 0
        self.failed: dict[str, str] = dict(plan.refused)
        self.skipped_fresh = plan.skipped_fresh
        self.log: list[str] = [f"{plan.title}: {plan.total} to run, {plan.skipped_fresh} fresh already."]
        self.state = "Preparing"
        self.finished = self.cancelled = False
        self.cpu_s = self.wall_s = 0.0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="prepare")
        self._preparing: Future[tuple[list[Job], dict[str, str]]] | None = None
        if plan.total:
            self._preparing = self._thread.submit(_timed, plan, self)
        else:
            self._finish(self._closing_words() if plan.refused else "Everything is fresh: nothing to run.")

    @property
    def engine(self) -> str:
        """Name of the engine."""
        return self._plan.engine

    @property
    def fraction(self) -> float:
        """Share of the work that is done, 0-1."""
        if not self.total:
            return 1.0
        return min(1.0, (self.done + sum(self._shares.values())) / self.total)

    def poll(self, timeout_s: float = 0.0) -> None:
        """Let the run go on: start jobs, store what has arrived, tell the document.

        Parameters
        ----------
        timeout_s : float [s]
            How long to wait when nothing has happened.
        """
        if self.finished:
            return
        if self._preparing is not None:
            self._take_preparation(timeout_s)
        elif self._queue is not None:
            self._take_events(self._queue.poll(0.0 if self._writer.busy else timeout_s))
            # Who waits for nothing has other things to do: a window.
            self._write(math.inf if timeout_s else WRITING_S)
            if not self._queue.busy and not self._writer.busy:
                self._finish(self._closing_words())

    def wait(self) -> None:
        """Poll until the run is finished."""
        while not self.finished:
            self.poll(0.2)

    def cancel(self) -> None:
        """Stop everything that runs; results that have arrived are kept."""
        if self.finished:
            return
        self.cancelled = True
        if self._preparing is not None:
            self._preparing.cancel()
            self._preparing = None
        if self._queue is not None:
            self._queue.cancel()
            self._take_events(self._queue.poll(0.0))
            self._write(math.inf)
        self._finish(f"Cancelled after {self.done} of {self.total}.")

    def to_json(self) -> dict[str, Any]:
        """Shape that ``citytwin simulate --json`` prints."""
        failed = [{"building": name, "message": text} for name, text in sorted(self.failed.items())]
        return {
            "engine": self._plan.engine,
            "requested": self._plan.requested,
            "run": self.done,
            "skipped_fresh": self.skipped_fresh,
            "failed": failed,
            "cancelled": self.cancelled,
            "cpu_s": round(self.cpu_s, 3),
            "wall_s": round(self.wall_s, 3),
        }

    def _take_preparation(self, timeout_s: float) -> None:
        if self._preparing is None:
            return
        try:
            jobs, refused = self._preparing.result(timeout=timeout_s or 0.001)
        except TimeoutError:
            return
        except KnownError as error:
            self._preparing = None
            self.failed |= dict.fromkeys(self._plan.keys, str(error))
            self._finish(str(error))
            return
        except BaseException:
            self._preparing = None
            self._finish("Stopped by an error while the jobs were prepared.")
            raise
        self._preparing = None
        self.failed |= refused
        self.done += len(refused)
        self._remember_failures([(name, self._plan.keys.get(name, ""), text) for name, text in refused.items()])
        self.log.extend(refused.values())
        self._jobs = {job.key: job for job in jobs}
        if self._queue is not None:
            self._queue.submit_all(jobs)
        self.state = "Running"

    def _take_events(self, events: list[Any]) -> None:
        arrived: list[tuple[Job, JobDone]] = []
        for event in events:
            match event:
                case JobStarted(key):
                    self.state = self._jobs[key].title
                case JobProgress(key, fraction, text):
                    self._shares[key] = fraction
                    self.state = text or self._jobs[key].title
                case JobPart(key, name, data):
                    self._take_part(self._jobs[key], name, data)
                case JobDone(key):
                    arrived.append((self._jobs[key], event))
                    self.succeeded += len(self._plan.subjects(self._jobs[key]))
                    self._end(key, f"{self._jobs[key].title}: done in {event.wall_s:.1f} s.")
                    self.cpu_s += event.cpu_s
                case JobFailed(key, message):
                    self._fail(self._jobs[key], message)
                case JobCancelled(key):
                    self._shares.pop(key, None)
        self._writer.take(arrived)

    def _take_part(self, job: Job, name: str, data: bytes) -> None:
        self._parts[name] = data
        results = first_map(self._plan, job, self._parts)
        if not results:
            return
        self._parts.clear()
        self.log.append("First map; the exact hours follow.")
        with self._document.project.writing() as connection:
            for result in results:
                result_store.put(connection, result)
            rows = [(subject, job.key, "") for subject in self._plan.subjects(job)]
            result_store.show(connection, self._plan.engine, self._plan.shown_scenario, rows)
        self._document.results_arrived(self._plan.engine, job.building_ids)

    def _end(self, key: str, line: str) -> None:
        self.done += len(self._plan.subjects(self._jobs[key]))
        self._shares.pop(key, None)
        self.log.append(line)

    def _fail(self, job: Job, message: str) -> None:
        self._end(job.key, message)
        self.failed |= dict.fromkeys(job.building_ids, message)
        self._remember_failures([(name, self._plan.keys[name], message) for name in self._plan.subjects(job)])
        self._document.results_arrived(self._plan.engine, job.building_ids)

    def _remember_failures(self, rows: list[tuple[str, str, str]]) -> None:
        if rows:
            with self._document.project.writing() as connection:
                result_store.show(connection, self._plan.engine, self._plan.shown_scenario, rows)

    def _write(self, budget_s: float) -> None:
        """Store what has arrived, as far as the time goes."""
        if ids := self._writer.write(budget_s):
            self._document.results_arrived(self._plan.engine, ids)

    def _closing_words(self) -> str:
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return f"{self.succeeded} done{failed}, {self.skipped_fresh} fresh already."

    def _finish(self, words: str) -> None:
        self.finished = True
        self.state = words
        self.log.append(words)
        self.wall_s = time.monotonic() - self._began
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._queue is not None:
            self._queue.close()
            if self._queue.busy:
                raise BugError("a run ended while its queue was still at work")


def _timed(plan: RunPlan, run: Run) -> tuple[list[Job], dict[str, str]]:
    """Prepare the jobs, counting the processor time of the thread."""
    began = time.thread_time()
    prepared = plan.prepare()
    run.cpu_s += time.thread_time() - began
    return prepared
