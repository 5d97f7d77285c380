"""The thread of a run: it plans, prepares, hands out jobs and stores what they return."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from citytwin_desktop.document.planned_run import RunPlan
from citytwin_desktop.document.result_writing import ResultWriter
from citytwin_desktop.document.stored_outputs import first_map
from citytwin_desktop.document.work_thread import LOOK_EVERY_S, Broke, Ended, WorkThread
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.collection_pause import collection_paused
from citytwin_desktop.project.project_file import ProjectFile
from citytwin_desktop.sim.jobs.job import Job, JobDone, JobEvent, JobFailed, JobPart
from citytwin_desktop.sim.jobs.queue import JobQueue

FAREWELL_S = 3.0
"""Longest wait for a plan that is being made; nothing of it is stored."""


@dataclass(frozen=True, eq=False)
class Planned:
    """It is known what will run."""

    plan: RunPlan


@dataclass(frozen=True, eq=False)
class Prepared:
    """The jobs are made; ``refused`` has the sentence of each building that has none."""

    jobs: list[Job]
    refused: dict[str, str]
    cpu_s: float


@dataclass(frozen=True)
class Stored:
    """Results of some buildings are in the store, ``first`` ones that better ones will follow."""

    building_ids: tuple[str, ...]
    first: bool = False


@dataclass(frozen=True)
class CannotPrepare:
    """No job can be made, in one sentence."""

    message: str


Told = Planned | Prepared | Stored | CannotPrepare | Broke | Ended | JobEvent


class RunWork(WorkThread):
    """What a run does: it plans, prepares, hands out jobs and stores what they return.

    Parameters
    ----------
    project : ProjectFile
        Results are written into it through its second connection.
    plan : callable
        Works out what will run; called on the thread.
    queue : callable
        Makes the queue once there is something to run.

    Attributes
    ----------
    apart : bool
        Whether it is busy with nothing but memory of its own, so that it can be left to itself when it is to stop.
    """

    def __init__(self, project: ProjectFile, plan: Callable[[], RunPlan], queue: Callable[[], JobQueue]) -> None:
        super().__init__()
        self.apart = False
        self._project, self._make_plan, self._make_queue = project, plan, queue
        self._planning, self._parts = True, dict[str, bytes]()

    def leave(self) -> None:
        """Wait until it has ended after `stop`, or touches nothing but memory of its own."""
        began = time.monotonic()
        while self._thread.is_alive() and not self.apart:
            self._thread.join(0.02)
            if self._planning and time.monotonic() - began > FAREWELL_S:
                return

    def _work(self) -> None:
        plan = self._make_plan()
        self._told.put(Planned(plan))
        self._planning = False
        self.apart = bool(plan.total)
        if not plan.total or self._stopping.is_set():
            return
        jobs = self._prepared(plan)
        self.apart = False
        # Whoever saw it apart after asking it to stop has gone: from here on the project may be closed.
        if jobs is None or self._stopping.is_set():
            return
        queue = self._make_queue()
        try:
            self._drive(plan, queue, jobs)
        finally:
            queue.close()

    def _prepared(self, plan: RunPlan) -> Prepared | None:
        began = time.thread_time()
        try:
            # Searches for cycles among the shapes of a large city would stop the window for 0.15 s, time and again.
            with collection_paused():
                jobs, refused = plan.prepare()
        except KnownError as error:
            self._told.put(CannotPrepare(str(error)))
            return None
        return Prepared(jobs, refused, time.thread_time() - began)

    def _drive(self, plan: RunPlan, queue: JobQueue, prepared: Prepared) -> None:
        writer = ResultWriter(self._project, plan)
        writer.write_failures([(name, plan.keys.get(name, ""), text) for name, text in prepared.refused.items()])
        self._told.put(prepared)
        jobs = {job.key: job for job in prepared.jobs}
        queue.submit_all(prepared.jobs)
        while (queue.busy or writer.busy) and not self._stopping.is_set():
            self._take(plan, jobs, queue.poll(0.0 if writer.busy else LOOK_EVERY_S), writer)
            self._write(writer)
        if self._stopping.is_set():
            queue.cancel()
            self._take(plan, jobs, queue.poll(0.0), writer)
            while writer.busy:
                self._write(writer)

    def _take(self, plan: RunPlan, jobs: dict[str, Job], events: list[JobEvent], writer: ResultWriter) -> None:
        for event in events:
            job = jobs[event.key]
            if isinstance(event, JobDone):
                writer.take(job, event)
                # Whoever only shows how far it is has no use for years of hours.
                self._told.put(replace(event, outputs=None))
                continue
            if isinstance(event, JobPart):
                self._take_part(plan, job, event, writer)
                continue
            if isinstance(event, JobFailed):
                writer.write_failures([(name, plan.keys[name], event.message) for name in plan.subjects(job)])
            self._told.put(event)

    def _take_part(self, plan: RunPlan, job: Job, part: JobPart, writer: ResultWriter) -> None:
        self._parts[part.name] = part.data
        results = first_map(plan, job, self._parts)
        if results:
            self._parts.clear()
            writer.write_first(results, [(subject, job.key, "") for subject in plan.subjects(job)])
            self._told.put(Stored(job.building_ids, first=True))

    def _write(self, writer: ResultWriter) -> None:
        if ids := writer.write():
            self._told.put(Stored(ids))
