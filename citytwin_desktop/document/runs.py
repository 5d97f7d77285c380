"""Runs of an engine on a document, as the thread sees them that owns it: how far they are, and what has arrived."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from citytwin_desktop.document.planned_run import RunPlan
from citytwin_desktop.document.run_work import CannotPrepare, Planned, Prepared, RunWork, Stored, Told
from citytwin_desktop.document.work_thread import Broke, Ended
from citytwin_desktop.sim.jobs.job import Job, JobCancelled, JobDone, JobEvent, JobFailed, JobProgress, JobStarted
from citytwin_desktop.sim.jobs.queue import JobQueue

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

TELL_EVERY_S = 0.5
"""Results are told of together when they come faster: each telling paints the city again."""


class Run:
    """One run, which goes on by itself; `poll` takes over what it has done, on the thread that owns the document.

    Attributes
    ----------
    engine, title : str
    total : int
        Jobs to run, fresh ones not counted; 0 while that is being worked out.
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
        A cancelled run is finished when its workers have gone and what had arrived is stored.
    cpu_s, wall_s : float [s]
    """

    def __init__(
        self,
        document: Document,
        engine: str,
        title: str,
        plan: Callable[[], RunPlan],
        queue: Callable[[], JobQueue],
        known: RunPlan | None = None,
    ) -> None:
        self.engine, self.title = engine, title
        self._document = document
        self._plan: RunPlan | None = None
        self._jobs: dict[str, Job] = {}
        self._shares: dict[str, float] = {}
        self._stored: dict[str, None] = {}
        self._began, self._told_at = time.monotonic(), 0.0
        self.total = self.done = self.succeeded = self.skipped_fresh = 0
        self.failed: dict[str, str] = {}
        self.log: list[str] = []
        self.state = "Preparing"
        self.finished = self.cancelled = False
        self.cpu_s = self.wall_s = 0.0
        if known is not None:
            self._take_plan(known)
        self._work: RunWork | None = None
        if known is not None and not known.total:
            self._finish(self._words_of_nothing())
            return
        self._work = RunWork(document.project, plan, queue)
        self._work.begin()

    @property
    def fraction(self) -> float:
        """Share of the work that is done, 0-1."""
        if not self.total:
            return 1.0 if self.finished else 0.0
        return min(1.0, (self.done + sum(self._shares.values())) / self.total)

    def poll(self, timeout_s: float = 0.0) -> None:
        """Take over what has happened, and tell the document's listeners.

        Parameters
        ----------
        timeout_s : float [s]
            How long to wait when nothing has happened.
        """
        if self.finished or self._work is None:
            return
        for told in self._work.told(timeout_s):
            self._follow(told)
        if self.cancelled and self._work.apart:
            self._finish(self._words_of_cancelling())
        if time.monotonic() - self._told_at >= TELL_EVERY_S:
            self._tell()

    def wait(self) -> None:
        """Poll until the run is finished."""
        while not self.finished:
            self.poll(0.2)

    def stop(self) -> None:
        """Ask to stop everything that runs; results that have arrived are kept. Poll until it is finished."""
        if self.finished or self._work is None:
            return
        self.cancelled, self.state = True, "Cancelling"
        self._work.stop()

    def cancel(self) -> None:
        """As `stop`, and wait until it is finished: up to two seconds."""
        self.stop()
        if self._work is not None:
            self._work.leave()
        self.poll()
        self._finish(self._words_of_cancelling())

    def to_json(self) -> dict[str, Any]:
        """Shape that ``citytwin simulate --json`` prints."""
        failed = [{"building": name, "message": text} for name, text in sorted(self.failed.items())]
        return {
            "engine": self.engine,
            "requested": self._plan.requested if self._plan is not None else 0,
            "run": self.done,
            "skipped_fresh": self.skipped_fresh,
            "failed": failed,
            "cancelled": self.cancelled,
            "cpu_s": round(self.cpu_s, 3),
            "wall_s": round(self.wall_s, 3),
        }

    def _follow(self, told: Told) -> None:
        match told:
            case Planned(plan):
                if self._plan is None:
                    self._take_plan(plan)
            case Prepared():
                self._take_jobs(told)
            case Stored(ids, first):
                self._stored |= dict.fromkeys(ids)
                if first:
                    self.log.append("First map; the exact hours follow.")
                    self._tell()
            case CannotPrepare(message):
                self.failed |= dict.fromkeys(self._plan.keys if self._plan is not None else (), message)
                self._finish(message)
            case Broke(error):
                self._break(error)
            case Ended():
                self._finish(self._last_words())
            case _:
                self._follow_job(told)

    def _follow_job(self, event: JobEvent) -> None:
        match event:
            case JobStarted(key):
                self._say(self._jobs[key].title)
            case JobProgress(key, fraction, text):
                self._shares[key] = fraction
                self._say(text or self._jobs[key].title)
            case JobDone(key):
                self.succeeded += len(self._subjects(key))
                self.cpu_s += event.cpu_s
                self._end(key, f"{self._jobs[key].title}: done in {event.wall_s:.1f} s.")
            case JobFailed(key, message):
                self._end(key, message)
                self.failed |= dict.fromkeys(self._jobs[key].building_ids, message)
                self._stored |= dict.fromkeys(self._jobs[key].building_ids)
            case JobCancelled(key):
                self._shares.pop(key, None)

    def _take_plan(self, plan: RunPlan) -> None:
        self._plan = plan
        self.title, self.total, self.skipped_fresh = plan.title, plan.total, plan.skipped_fresh
        self.failed = dict(plan.refused)
        self.log.append(f"{plan.title}: {plan.total} to run{self._fresh_words}.")

    def _take_jobs(self, told: Prepared) -> None:
        self.cpu_s += told.cpu_s
        self.failed |= told.refused
        self.done += len(told.refused)
        self.log.extend(told.refused.values())
        self._jobs = {job.key: job for job in told.jobs}
        self._say("Running")

    def _say(self, words: str) -> None:
        if not self.cancelled:
            self.state = words

    def _subjects(self, key: str) -> tuple[str, ...]:
        return self._plan.subjects(self._jobs[key]) if self._plan is not None else ()

    def _end(self, key: str, line: str) -> None:
        self.done += len(self._subjects(key))
        self._shares.pop(key, None)
        self.log.append(line)

    def _tell(self) -> None:
        if self._stored:
            ids, self._stored = tuple(self._stored), {}
            self._document.results_arrived(self.engine, ids)
            self._told_at = time.monotonic()

    def _break(self, error: BaseException) -> None:
        self._finish("Stopped by an error.")
        raise error

    def _last_words(self) -> str:
        if self.cancelled:
            return self._words_of_cancelling()
        return self._words_of_ending() if self.total else self._words_of_nothing()

    def _words_of_cancelling(self) -> str:
        return f"Cancelled after {self.done} of {self.total}."

    def _words_of_nothing(self) -> str:
        return self._words_of_ending() if self.failed else "Everything is fresh: nothing to run."

    def _words_of_ending(self) -> str:
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return f"{self.succeeded} done{failed}{self._fresh_words}."

    @property
    def _fresh_words(self) -> str:
        return f", {self.skipped_fresh} fresh already" if self.skipped_fresh else ""

    def _finish(self, words: str) -> None:
        if self.finished:
            return
        self.finished = True
        self.state = words
        self.log.append(words)
        self.wall_s = time.monotonic() - self._began
        self._tell()
