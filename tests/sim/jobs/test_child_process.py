"""A program that somebody else ends because of a cancellation has not failed."""

import sys
from pathlib import Path
from typing import Any

import pytest

from citytwin_desktop.errors import CancelledError
from citytwin_desktop.sim.jobs.child_process import run_child

KILL_ITSELF = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


class Context:
    """Says that the job is cancelled only once the program has ended, as a cancellation from outside looks."""

    def __init__(self, folder: Path, *, cancelled_in_the_end: bool) -> None:
        self.folder = folder
        self._in_the_end = cancelled_in_the_end

    def record_child(self, pid: int) -> None:
        self.pid = pid

    def cancelled(self) -> bool:
        return False

    def check_cancelled(self) -> None:
        if self._in_the_end:
            raise CancelledError("The run was cancelled.")


def run(context: Any, code: str) -> int:
    return run_child([sys.executable, "-c", code], context, 60.0, context.folder / "out")


def test_killed_because_of_a_cancellation_is_cancelled(tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        run(Context(tmp_path, cancelled_in_the_end=True), KILL_ITSELF)


def test_killed_for_no_reason_is_a_failure(tmp_path: Path) -> None:
    assert run(Context(tmp_path, cancelled_in_the_end=False), KILL_ITSELF) == -9


def test_what_ended_well_in_time_counts(tmp_path: Path) -> None:
    assert run(Context(tmp_path, cancelled_in_the_end=True), "pass") == 0
