"""Results that have arrived, on their way into the store: a bunch at a time, so that edits get their turn."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from citytwin_desktop.document.collector_keys import MATCHING
from citytwin_desktop.document.freshness import WHOLE_CITY
from citytwin_desktop.document.planned_run import RunPlan
from citytwin_desktop.document.stored_outputs import is_first, stored_results
from citytwin_desktop.project import result_store
from citytwin_desktop.project.project_file import ProjectFile
from citytwin_desktop.project.result_store import PackedResults, StoredResult
from citytwin_desktop.sim.jobs.job import Job, JobDone

AT_ONCE = 8
"""Results that are packed between two looks at the clock."""
MOST_AT_ONCE = 64
"""Results of one transaction: an edit waits for no more of them."""
BUNCH_S = 0.05
"""How long results are packed for one transaction; nobody waits meanwhile."""
BREATH_S = 0.001
"""Between two transactions, for an edit that waits."""


@dataclass(eq=False)
class _Waiting:
    job: Job
    results: Iterator[StoredResult]


class ResultWriter:
    """Writes results of finished jobs in their order, on the thread of a run.

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

    def take(self, job: Job, event: JobDone) -> None:
        """Line up the results of a job that is done."""
        self._waiting.append(_Waiting(job, iter(stored_results(self._plan, job, event))))

    def write(self) -> tuple[str, ...]:
        """Write one bunch of what waits.

        Returns
        -------
        tuple of str
            Buildings of the jobs that are wholly stored now.
        """
        if not self._waiting:
            return ()
        bunches, stored, shown = self._packed()
        with self._project.writing_aside() as connection:
            for bunch in bunches:
                result_store.put_packed(connection, bunch)
            for scenario_id, key in shown:
                result_store.show(connection, MATCHING, scenario_id, [(WHOLE_CITY, key, "")])
            if stored:
                self._show(connection, stored)
        time.sleep(BREATH_S)
        return tuple(name for job in stored for name in job.building_ids)

    def write_first(self, results: Sequence[StoredResult], rows: Iterable[tuple[str, str, str]]) -> None:
        """Write results that better ones will follow, and show them."""
        bunch = result_store.packed(results)
        with self._project.writing_aside() as connection:
            result_store.put_packed(connection, bunch)
            result_store.show(connection, self._plan.engine, self._plan.shown_scenario, rows)

    def write_failures(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """Remember what failed, given as (subject, key, sentence)."""
        if rows:
            with self._project.writing_aside() as connection:
                result_store.show(connection, self._plan.engine, self._plan.shown_scenario, rows)

    def _packed(self) -> tuple[list[PackedResults], list[Job], list[tuple[str, str]]]:
        """Rows of one transaction, the jobs that end with them, and matches of collectors among them."""
        bunches: list[PackedResults] = []
        stored: list[Job] = []
        shown: list[tuple[str, str]] = []
        ends, count = time.monotonic() + BUNCH_S, 0
        while self._waiting and time.monotonic() < ends and count < MOST_AT_ONCE:
            results = list(islice(self._waiting[0].results, AT_ONCE))
            bunches.append(result_store.packed(results))
            shown += [(str(item.about["scenario"]), item.key) for item in results if item.engine == MATCHING]
            count += len(results)
            if len(results) < AT_ONCE:
                stored.append(self._waiting.popleft().job)
        return bunches, stored, shown

    def _show(self, connection: Connection, jobs: list[Job]) -> None:
        plan = self._plan
        rows = [(subject, plan.keys[subject], "") for job in jobs for subject in plan.subjects(job)]
        if plan.engine == "solar":
            left = result_store.keys(connection, "solar operators")
            result_store.drop(connection, [key for key in left if is_first(key)])
        result_store.show(connection, plan.engine, plan.shown_scenario, rows)
