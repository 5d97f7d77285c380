"""Results that have arrived, on their way into the store: a bunch at a time, so that a window goes on answering."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from citytwin_desktop.document.collector_keys import MATCHING
from citytwin_desktop.document.freshness import WHOLE_CITY
from citytwin_desktop.document.planned_run import RunPlan
from citytwin_desktop.document.stored_outputs import is_first, stored_results
from citytwin_desktop.project import result_store
from citytwin_desktop.project.project_file import ProjectFile
from citytwin_desktop.project.result_store import StoredResult
from citytwin_desktop.sim.jobs.job import Job, JobDone

AT_ONCE = 8
"""Results that are written between two looks at the clock."""


@dataclass(eq=False)
class _Waiting:
    job: Job
    results: Iterator[StoredResult]


class ResultWriter:
    """Writes results of finished jobs in their order.

    Each bunch is one transaction: what is in the store is whole, and not run again after a crash. A job's buildings
    show its results when all of them are there.

    Parameters
    ----------
    project : ProjectFile
    plan : RunPlan
    """

    def __init__(self, project: ProjectFile, plan: RunPlan) -> None:
        self._project, self._plan = project, plan
        self._waiting: deque[_Waiting] = deque()

    @property
    def busy(self) -> bool:
        """Whether something is still to be written."""
        return bool(self._waiting)

    def take(self, arrived: Iterable[tuple[Job, JobDone]]) -> None:
        """Line up the results of jobs that are done."""
        for job, event in arrived:
            self._waiting.append(_Waiting(job, iter(stored_results(self._plan, job, event))))

    def write(self, budget_s: float) -> tuple[str, ...]:
        """Write what waits until the time is used up.

        Parameters
        ----------
        budget_s : float [s]

        Returns
        -------
        tuple of str
            Buildings of the jobs that are wholly stored now.
        """
        if not self._waiting:
            return ()
        stored: list[Job] = []
        try:
            with self._project.writing() as connection:
                self._write_until(connection, time.monotonic() + budget_s, stored)
                if stored:
                    self._show(connection, stored)
        except BaseException:
            # What keeps one result from being stored keeps the next one too.
            self._waiting.clear()
            raise
        return tuple(name for job in stored for name in job.building_ids)

    def _write_until(self, connection: Connection, ends: float, stored: list[Job]) -> None:
        while self._waiting:
            bunch = list(islice(self._waiting[0].results, AT_ONCE))
            result_store.put_all(connection, bunch)
            for result in bunch:
                if result.engine == MATCHING:
                    shown = [(WHOLE_CITY, result.key, "")]
                    result_store.show(connection, MATCHING, str(result.about["scenario"]), shown)
            if len(bunch) < AT_ONCE:
                stored.append(self._waiting.popleft().job)
            if time.monotonic() >= ends:
                return

    def _show(self, connection: Connection, jobs: list[Job]) -> None:
        plan = self._plan
        rows = [(subject, plan.keys[subject], "") for job in jobs for subject in plan.subjects(job)]
        if plan.engine == "solar":
            left = result_store.keys(connection, "solar operators")
            result_store.drop(connection, [key for key in left if is_first(key)])
        result_store.show(connection, plan.engine, plan.shown_scenario, rows)
