"""What the queue sees of a job that an executor has taken, and can do to it, wherever it runs."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

import psutil

from citytwin_desktop.sim.jobs import run_folders
from citytwin_desktop.sim.jobs.engines import engine_path
from citytwin_desktop.sim.jobs.job import Job
from citytwin_desktop.sim.jobs.worker import Report, Task

ReportFuture = Future[Report]


class Contact(Protocol):
    """Link to one job; no method waits for longer than it says."""

    def begun(self) -> bool:
        """Whether a worker has taken the job."""

    def progress(self) -> tuple[float, str] | None:
        """Latest progress, fraction 0-1 and a few words; None before the first."""

    def parts(self, already: int) -> list[tuple[str, bytes]]:
        """Parts that have come since so many were read, as (name, bytes)."""

    def ask_to_stop(self) -> None:
        """Tell the job to stop; returns at once."""

    def kill_children(self) -> None:
        """End the programs that the job has started, now."""

    def kill(self, deadline: float) -> None:
        """End the programs and the worker of a job that would not stop, by then on the monotonic clock."""

    def clear(self) -> None:
        """Remove what the job has left; it is over."""


class JobTaker(Protocol):
    """An executor that runs jobs in a way of its own."""

    def take(self, job: Job) -> tuple[ReportFuture, Contact]:
        """Take a job; the future gives its report, or fails with `KnownError` when the executor is at fault."""


class FolderContact:
    """Contact through the job's folder with a worker on this machine.

    Parameters
    ----------
    folder : Path
        The job's control folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def task(self, job: Job) -> Task:
        """What the worker is given."""
        return Task(engine_path(job.engine), job.title, job.inputs, self.folder, job.threads)

    def begun(self) -> bool:
        """See `Contact`."""
        return self._worker() is not None

    def progress(self) -> tuple[float, str] | None:
        """See `Contact`."""
        told = run_folders.read_json(self.folder / run_folders.PROGRESS)
        return (float(told[0]), str(told[1])) if told is not None else None

    def parts(self, already: int) -> list[tuple[str, bytes]]:
        """See `Contact`."""
        return run_folders.read_parts(self.folder, already)

    def ask_to_stop(self) -> None:
        """See `Contact`."""
        (self.folder / run_folders.CANCEL).touch()

    def kill_children(self) -> None:
        """See `Contact`."""
        run_folders.kill_children(self.folder)

    def kill(self, deadline: float) -> None:
        """See `Contact`; the executor has been told before, and is given until the deadline to end its worker."""
        pid = self._worker()
        while pid is not None and psutil.pid_exists(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        # Child again: it may have been started between the first look and the worker's end.
        run_folders.kill_children(self.folder)
        if pid is not None and time.monotonic() >= deadline:
            run_folders.kill_tree(pid)

    def clear(self) -> None:
        """See `Contact`."""
        run_folders.remove(self.folder)

    def _worker(self) -> int | None:
        """Process id of the worker that has begun the job, None before that."""
        pid = run_folders.read_json(self.folder / run_folders.WORKER)
        return int(pid) if pid is not None else None


def taker_of(executor: object) -> Callable[[Job], tuple[ReportFuture, Contact]] | None:
    """How an executor takes jobs itself; None for those that only run functions on this machine."""
    return getattr(executor, "take", None)
