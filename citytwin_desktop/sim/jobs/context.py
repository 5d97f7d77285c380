"""What a running engine sees of the world: its folder, a way to report, and whether to stop."""

import os
import time
from pathlib import Path

from citytwin_desktop.errors import CancelledError
from citytwin_desktop.sim.jobs import run_folders

_PROGRESS_INTERVAL_S = 0.1


class JobContext:
    """Given to every engine as its second argument.

    Parameters
    ----------
    job_folder : Path
        The job's control folder, made by the queue.
    threads : int
        Threads that numeric libraries may use in this job.

    Attributes
    ----------
    folder : Path
        Private and empty at the start; deleted when the job is over.
    """

    def __init__(self, job_folder: Path, threads: int = 1) -> None:
        self.folder = job_folder / run_folders.WORK
        self.threads = threads
        self._job_folder = job_folder
        self._parent = os.getppid()
        self._last_report = 0.0

    def progress(self, fraction: float, text: str = "") -> None:
        """Report progress: fraction 0-1 and a few words. Cheap enough to call often."""
        now = time.monotonic()
        if now - self._last_report < _PROGRESS_INTERVAL_S and fraction < 1.0:
            return
        self._last_report = now
        run_folders.write_json(self._job_folder / run_folders.PROGRESS, [min(max(fraction, 0.0), 1.0), text])

    def hand_over(self, name: str, data: bytes) -> None:
        """Give away something that is of use before the job is done; it arrives as a `JobPart`."""
        run_folders.write_part(self._job_folder, name, data)

    def cancelled(self) -> bool:
        """Whether the job should stop: somebody asked, or the program that wanted it is gone."""
        return (self._job_folder / run_folders.CANCEL).exists() or os.getppid() != self._parent

    def check_cancelled(self) -> None:
        """Stop here if asked to.

        Raises
        ------
        CancelledError
            When the job should stop.
        """
        if self.cancelled():
            raise CancelledError("The run was cancelled.")

    def record_child(self, pid: int) -> None:
        """Note a child process that must not outlive the job."""
        run_folders.record_child(self._job_folder, pid)
