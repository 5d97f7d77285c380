"""Run an external program for a job so that it can never outlive the job."""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from citytwin_desktop.errors import CancelledError, KnownError
from citytwin_desktop.sim.jobs.context import JobContext

_POLL_S = 0.2
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, prctl(2)


def run_child(
    arguments: Sequence[str],
    context: JobContext,
    timeout_s: float,
    stdout: Path,
    environment: dict[str, str] | None = None,
) -> int:
    """Run a program to its end.

    Parameters
    ----------
    arguments : sequence of str
        Executable and its arguments; no shell is involved.
    context : JobContext
        Asked for cancellation five times a second; the program works in its folder.
    timeout_s : float [s]
    stdout : Path
        File that takes what the program prints, errors included.
    environment : dict, optional
        Its whole environment; this process's own by default.

    Returns
    -------
    int
        Exit code, negative for the signal that ended it.

    Raises
    ------
    CancelledError
        When the job was cancelled; the program is dead by then.
    KnownError
        When the time is over; the program is dead by then.
    """
    with stdout.open("wb") as printed:
        process = subprocess.Popen(  # noqa: S603 - arguments are ours, no shell
            list(arguments),
            cwd=context.folder,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,  # Ctrl-C in a terminal must reach the queue, not the program
            preexec_fn=_die_with_parent(),
        )
    context.record_child(process.pid)
    deadline = time.monotonic() + timeout_s
    try:
        while (code := _wait(process)) is None:
            if context.cancelled():
                raise CancelledError("The run was cancelled.")
            if time.monotonic() > deadline:
                msg = f"{Path(arguments[0]).name} did not finish within {timeout_s:.0f} s: allow more time or simplify."
                raise KnownError(msg)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if code != 0:
        # Whoever cancels may end the program before we hear of it: that is no failure of the program.
        context.check_cancelled()
    return code


def _wait(process: "subprocess.Popen[bytes]") -> int | None:
    """Exit code, None when the program still runs after a while."""
    if sys.platform == "linux" and process.poll() is None:
        # `Popen.wait` with a limit looks hundreds of times a second; the kernel can tell us instead.
        handle = os.pidfd_open(process.pid)
        try:
            poller = select.poll()
            poller.register(handle, select.POLLIN)
            poller.poll(1000.0 * _POLL_S)
        finally:
            os.close(handle)
        return process.poll()
    try:
        return process.wait(_POLL_S)
    except subprocess.TimeoutExpired:
        return None


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux: make the kernel end the child when this worker dies, even by SIGKILL."""
    if sys.platform != "linux":
        return None
    control = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def prepare() -> None:
        control(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return prepare
