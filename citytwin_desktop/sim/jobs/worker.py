"""The part of a job that runs in the worker process.

Nothing heavy is imported here: the numeric libraries read the number of threads when they are first
imported, which must come after `pin_threads`.
"""

import errno
import os
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citytwin_desktop.errors import CancelledError, KnownError
from citytwin_desktop.sim.jobs import run_folders
from citytwin_desktop.sim.jobs.context import JobContext
from citytwin_desktop.sim.jobs.engines import load_engine

_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


@dataclass(frozen=True)
class Task:
    """What is sent to a worker: a job, resolved."""

    path: str
    title: str
    inputs: Any
    job_folder: Path
    threads: int


@dataclass(frozen=True)
class Report:
    """What comes back: outputs, or why there are none."""

    outputs: Any = None
    message: str = ""
    detail: str = ""
    cancelled: bool = False
    cpu_s: float = 0.0
    wall_s: float = 0.0


def pin_threads(threads: int) -> None:
    """Limit the numeric libraries of this process; called once, before they are imported."""
    for name in _THREAD_VARIABLES:
        os.environ[name] = str(threads)


def run_task(task: Task) -> Report:
    """Run an engine and tell how it went; never raises what the engine raises."""
    run_folders.write_json(task.job_folder / run_folders.WORKER, os.getpid())
    cpu_s, wall_s = _cpu_s(), time.perf_counter()
    outcome = _outcome(task)
    return Report(**outcome, cpu_s=_cpu_s() - cpu_s, wall_s=time.perf_counter() - wall_s)


def _outcome(task: Task) -> dict[str, Any]:
    try:
        return {"outputs": load_engine(task.path)(task.inputs, JobContext(task.job_folder, task.threads))}
    except CancelledError:
        return {"cancelled": True}
    except KnownError as error:
        return {"message": str(error), "detail": "\n".join([traceback.format_exc(), *_notes(error)])}
    except OSError as error:
        if error.errno not in _DISK_ERRORS:
            message = f"“{task.title}” failed through a fault of the program: see the details and report them."
        else:
            message = f"“{task.title}” could not write its files ({error.strerror}): free space on the disk for them."
        return {"message": message, "detail": traceback.format_exc()}
    except MemoryError:
        return {"message": f"There was not enough memory for “{task.title}”: use fewer workers."}
    except Exception:  # noqa: BLE001 - the border of the worker: whatever an engine raises fails its job only
        message = f"“{task.title}” failed through a fault of the program: see the details and report them."
        return {"message": message, "detail": traceback.format_exc()}


def _notes(error: KnownError) -> list[str]:
    return list(getattr(error, "__notes__", []))


def _cpu_s() -> float:
    """Processor time of this process and of the children it has waited for [s]."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
