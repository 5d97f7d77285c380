"""The queue: hands jobs to an executor, watches them, and tells what happened; driven by `poll`."""

import time
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import CancelledError as FutureCancelledError
from concurrent.futures import Executor
from concurrent.futures import wait as wait_for_futures
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.sim.jobs import run_folders
from citytwin_desktop.sim.jobs.contact import Contact, FolderContact, ReportFuture, taker_of
from citytwin_desktop.sim.jobs.job import (
    Job,
    JobCancelled,
    JobDone,
    JobEvent,
    JobFailed,
    JobPart,
    JobProgress,
    JobStarted,
)
from citytwin_desktop.sim.jobs.worker import Report, run_task

_TICK_S = 0.1
_COOPERATION_S = 0.6
_TERMINATION_S = 0.8
_ATTEMPTS = 3


@dataclass
class _Flight:
    """A job that an executor has taken."""

    job: Job
    contact: Contact
    future: ReportFuture
    attempt: int
    started_at: float | None = None
    progress: tuple[float, str] | None = None
    parts: int = 0
    cancelling: bool = False


class JobQueue:
    """Runs jobs on anything with the interface of `concurrent.futures`.

    Nothing happens between the calls of `poll`, except in the workers: a command line calls it in a
    loop, a window calls it from a timer with no waiting. Only about twice as many jobs as there are
    workers are handed over at a time, so that a large batch does not fill the memory.

    Parameters
    ----------
    executor : concurrent.futures.Executor
        Closed together with the queue. It may have ``workers`` (their number) or ``in_flight`` (how many
        jobs it takes at a time), ``submit_threaded(threads, function, *arguments)``, and ``take`` when jobs
        run elsewhere, see `contact.JobTaker`.
    folder : Path, optional
        Parent of the temporary folder; the system's own by default.
    """

    def __init__(self, executor: Executor, folder: Path | None = None) -> None:
        self._executor = executor
        self._folder = run_folders.create_queue_folder(folder)
        self._pending: deque[Iterator[Job]] = deque()
        self._next: tuple[Job, int] | None = None
        self._flights: dict[str, _Flight] = {}
        self._events: list[JobEvent] = []
        self._count = 0
        self._open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def busy(self) -> bool:
        """Whether anything is pending, running or not yet reported."""
        return bool(self._flights or self._events or self._peek())

    def submit(self, job: Job) -> None:
        """Add one job."""
        self.submit_all((job,))

    def submit_all(self, jobs: Iterable[Job]) -> None:
        """Add many jobs; an iterator is drawn from only as workers become free."""
        self._pending.append(iter(jobs))

    def poll(self, timeout_s: float = 0.0) -> list[JobEvent]:
        """Start what can start, and return what happened since the last call.

        Parameters
        ----------
        timeout_s : float [s]
            How long to wait when nothing has happened; 0 returns at once.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            self._advance()
            remaining = deadline - time.monotonic()
            if self._events or remaining <= 0 or not self.busy:
                events, self._events = self._events, []
                return events
            wait_for_futures([flight.future for flight in self._flights.values()], min(_TICK_S, remaining))

    def run(self, timeout_s: float = 0.1) -> Iterator[JobEvent]:
        """Events of everything that is in the queue, until it is empty."""
        while self.busy:
            yield from self.poll(timeout_s)

    def cancel(self, keys: Collection[str] | None = None) -> None:
        """Stop jobs, within two seconds and without leaving a process or a folder.

        Parameters
        ----------
        keys : collection of str, optional
            Which jobs; all of them, pending ones too, by default.
        """
        self._drop_pending(keys)
        flights = [flight for key, flight in self._flights.items() if keys is None or key in keys]
        for flight in flights:
            flight.cancelling = True
            flight.contact.ask_to_stop()
            if not flight.contact.begun():
                flight.future.cancel()
        # First politely: a worker that stops by itself keeps its caches and its pool.
        _wait(flights, _COOPERATION_S)
        self._stop_workers([flight for flight in flights if not flight.future.done()])
        for flight in flights:
            self._finish(flight, JobCancelled(flight.job.key))

    def close(self) -> None:
        """Stop everything and give back every process, thread and folder."""
        if not self._open:
            return
        self._open = False
        self.cancel()
        self._executor.shutdown(wait=True)
        run_folders.remove(self._folder)

    def _advance(self) -> None:
        for flight in list(self._flights.values()):
            self._watch(flight)
        while self._has_room():
            job, attempt = self._take()
            self._launch(job, attempt)

    def _watch(self, flight: _Flight) -> None:
        if flight.future.done():
            self._harvest(flight)
            return
        if flight.started_at is None and flight.contact.begun():
            flight.started_at = time.monotonic()
            self._events.append(JobStarted(flight.job.key))
        self._take_parts(flight)
        progress = flight.contact.progress()
        if progress is not None and progress != flight.progress:
            flight.progress = progress
            self._events.append(JobProgress(flight.job.key, *progress))
        if self._overdue(flight):
            self._stop_workers([flight])
            message = (
                f"“{flight.job.title}” was stopped after {flight.job.timeout_s:.0f} s: allow more time or simplify it."
            )
            self._finish(flight, JobFailed(flight.job.key, message, ""))

    def _take_parts(self, flight: _Flight) -> None:
        for name, data in flight.contact.parts(flight.parts):
            flight.parts += 1
            self._events.append(JobPart(flight.job.key, name, data))

    def _harvest(self, flight: _Flight) -> None:
        key = flight.job.key
        if flight.started_at is None and flight.contact.begun():
            self._events.append(JobStarted(key))
        try:
            report = flight.future.result()
        except FutureCancelledError:
            self._finish(flight, JobCancelled(key))
        except KnownError as error:
            self._finish(flight, JobFailed(key, str(error), "\n".join(getattr(error, "__notes__", []))))
        except Exception as error:  # noqa: BLE001 - the executor's own failures, whatever executor it is
            self._worker_lost(flight, error)
        else:
            self._finish(flight, _event(key, report))

    def _worker_lost(self, flight: _Flight, error: Exception) -> None:
        never_began = not flight.contact.begun()
        pickled = isinstance(error, TypeError | AttributeError) or type(error).__name__ == "PicklingError"
        if never_began and not pickled and flight.attempt < _ATTEMPTS:
            self._clear(flight)
            self._launch(flight.job, flight.attempt + 1)
            return
        flight.contact.kill_children()
        if pickled:
            message = f"“{flight.job.title}” could not be sent to a worker through a fault of the program."
        else:
            message = (
                f"The process that ran “{flight.job.title}” was ended from outside, perhaps for lack of memory: "
                "run it again, with fewer workers if it recurs."
            )
        self._finish(flight, JobFailed(flight.job.key, message, f"{type(error).__name__}: {error}"))

    def _has_room(self) -> bool:
        job = self._peek()
        if job is None or len(self._flights) >= _capacity(self._executor):
            return False
        alone = job.threads > 1 or any(flight.job.threads > 1 for flight in self._flights.values())
        return not (alone and self._flights)

    def _peek(self) -> Job | None:
        while self._next is None and self._pending:
            try:
                self._next = (next(self._pending[0]), 1)
            except StopIteration:
                self._pending.popleft()
        return self._next[0] if self._next else None

    def _take(self) -> tuple[Job, int]:
        taken, self._next = self._next, None
        assert taken is not None  # noqa: S101 - `_has_room` has just peeked
        return taken

    def _launch(self, job: Job, attempt: int) -> None:
        if job.key in self._flights:
            msg = f"two jobs with the same key are in the queue, “{job.title}” is the second"
            raise BugError(msg)
        future, contact = self._hand_over(job)
        self._flights[job.key] = _Flight(job, contact, future, attempt)

    def _hand_over(self, job: Job) -> tuple[ReportFuture, Contact]:
        if (take := taker_of(self._executor)) is not None:
            return take(job)
        self._count += 1
        contact = FolderContact(run_folders.create_job_folder(self._folder, self._count))
        threaded = getattr(self._executor, "submit_threaded", None)
        if job.threads > 1 and threaded is not None:
            return threaded(job.threads, run_task, contact.task(job)), contact
        return self._executor.submit(run_task, contact.task(job)), contact

    def _finish(self, flight: _Flight, event: JobEvent) -> None:
        self._events.append(JobCancelled(event.key) if flight.cancelling else event)
        self._clear(flight)

    def _clear(self, flight: _Flight) -> None:
        self._flights.pop(flight.job.key, None)
        flight.contact.clear()

    def _drop_pending(self, keys: Collection[str] | None) -> None:
        kept: list[Job] = []
        while (job := self._peek()) is not None:
            self._next = None
            if keys is None or job.key in keys:
                self._events.append(JobCancelled(job.key))
            else:
                kept.append(job)
        if kept:
            self._pending.append(iter(kept))

    def _stop_workers(self, flights: list[_Flight]) -> None:
        """End the children and the workers of jobs that would not stop by themselves."""
        for flight in flights:
            flight.future.cancel()
            flight.contact.kill_children()
        deadline = time.monotonic() + _TERMINATION_S
        for flight in flights:
            flight.contact.kill(deadline)

    def _overdue(self, flight: _Flight) -> bool:
        limit = flight.job.timeout_s
        return limit is not None and flight.started_at is not None and time.monotonic() - flight.started_at > limit


def _event(key: str, report: Report) -> JobEvent:
    if report.cancelled:
        return JobCancelled(key)
    if report.message:
        return JobFailed(key, report.message, report.detail)
    return JobDone(key, report.outputs, report.cpu_s, report.wall_s)


def _capacity(executor: Executor) -> int:
    """How many jobs to hand over at a time; asked again and again, since a cluster may grow."""
    in_flight: int | None = getattr(executor, "in_flight", None)
    return in_flight if in_flight is not None else 2 * int(getattr(executor, "workers", 1))


def _wait(flights: list[_Flight], timeout_s: float) -> None:
    """Wait for futures to end; `concurrent.futures.wait` would wait for cancelled ones too."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline and not all(flight.future.done() for flight in flights):
        time.sleep(0.01)
