"""The part of a job that runs in a worker of a Dask cluster, perhaps on another machine.

The worker runs our own local queue with one process beside it, so that everything holds here that holds
at home: a private folder for the run, time limits, pinned threads, a deaf or dying engine that harms only
itself. Whether the job is still wanted is asked of Dask itself: the worker is told when a task is
cancelled, and also when whoever wanted it is gone.
"""

import atexit
import dataclasses
import multiprocessing
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.jobs.code_fingerprint import code_fingerprint
from citytwin_desktop.sim.jobs.executors import available_cores, local_executor
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
from citytwin_desktop.sim.jobs.queue import JobQueue
from citytwin_desktop.sim.jobs.worker import Report

STARTED, PROGRESS, PART, OVER = "started", "progress", "part", "over"
"""Kinds of messages that a worker sends while a job runs."""

_POLL_S = 0.1
_IDLE_S = 60.0
_lock = threading.Lock()
_idle: "list[_Station]" = []
_ended_sessions: set[str] = set()
_parts: dict[tuple[str, int], bytes] = {}


@dataclass(frozen=True)
class Order:
    """What is sent to a worker.

    Parameters
    ----------
    job : Job
    session : str
        Name of the client's session, which is also the topic of the messages.
    code : str
        Fingerprint of the code that is to run.
    """

    job: Job
    session: str
    code: str


@dataclass(frozen=True)
class Delivery:
    """What comes back: the report, and by name the files that a failed run keeps for inspection."""

    report: Report
    kept: dict[str, bytes] = field(default_factory=dict)
    kept_in: str = ""


def run_order(order: Order) -> Delivery:
    """Run one job as a task of Dask; never raises what the engine raises."""
    from distributed import get_worker

    worker = get_worker()
    task_key = str(worker.get_current_task())
    if order.code != code_fingerprint():
        return Delivery(Report(message=_OTHER_CODE.format(worker.address)))
    with TemporaryDirectory(prefix="citytwin-kept-", ignore_cleanup_errors=True) as folder:
        station, report = _take_station(order.session), Report(cancelled=True)
        try:
            report = _run(station.queue, _moved(order.job, folder), worker, task_key, order.session)
        finally:
            # After a cancellation the client may be gone: then nobody would ever end the session.
            _give_back(station, keep=not report.cancelled)
            worker.log_event(order.session, {"kind": OVER, "task": task_key})
        kept = {path.name: path.read_bytes() for path in Path(folder).iterdir()} if report.message else {}
    return Delivery(report, kept, folder)


def read_part(task_key: str, number: int) -> bytes | None:
    """Give away a part that a running job has handed over; None when it is gone."""
    return _parts.pop((task_key, number), None)


def end_session(session: str) -> None:
    """Close the processes that were kept for the jobs of a client that has gone; returns at once."""
    with _lock:
        _ended_sessions.add(session)
        leaving = [station for station in _idle if station.session == session]
        _idle[:] = [station for station in _idle if station.session != session]
    # Not on the worker's event loop: it has other things to do.
    threading.Thread(target=_close_all, args=(leaving,), name="end-session", daemon=True).start()


def readiness() -> tuple[str, str]:
    """Fingerprint of this worker's code, and a sentence when its EnergyPlus is not usable."""
    from importlib import import_module

    try:
        import_module("citytwin_desktop.sim.energyplus.locate").locate()
    except KnownError as error:
        return code_fingerprint(), str(error)
    return code_fingerprint(), ""


_OTHER_CODE = (
    "The Dask worker {} has another version of CityTwin Desktop, whose numbers may differ: "
    "install this version there and restart it."
)


class _Station:
    """A queue with one process that stays between the jobs of a session, because starting it costs a second."""

    def __init__(self, session: str) -> None:
        # Dask's nanny marks its workers as daemons, which may have no children; ours end with the worker.
        with suppress(AssertionError):
            multiprocessing.current_process().daemon = False
        self.session = session
        self.queue = JobQueue(local_executor(1))
        self.timer: threading.Timer | None = None

    def close_if_idle(self) -> None:
        with _lock:
            if self not in _idle:
                return
            _idle.remove(self)
        self.queue.close()


def _take_station(session: str) -> _Station:
    with _lock:
        for station in _idle:
            if station.session == session:
                _idle.remove(station)
                if station.timer is not None:
                    station.timer.cancel()
                return station
    return _Station(session)


def _give_back(station: _Station, *, keep: bool) -> None:
    with _lock:
        if keep and station.session not in _ended_sessions:
            station.timer = threading.Timer(_IDLE_S, station.close_if_idle)
            station.timer.daemon = True
            station.timer.start()
            _idle.append(station)
            return
    station.queue.close()


def _close_all(stations: list[_Station]) -> None:
    for station in stations:
        if station.timer is not None:
            station.timer.cancel()
        station.queue.close()


@atexit.register
def _close_at_exit() -> None:
    with _lock:
        leaving, _idle[:] = list(_idle), []
    _close_all(leaving)


def _moved(job: Job, kept_folder: str) -> Job:
    """The job as it runs on this machine: files that inputs name at home are not here."""
    here = {"trace_file": "", "keep_folder": kept_folder}
    changes = {name: value for name, value in here.items() if getattr(job.inputs, name, "")}
    inputs = dataclasses.replace(job.inputs, **changes) if changes else job.inputs
    return dataclasses.replace(job, inputs=inputs, threads=min(job.threads, available_cores()))


def _run(queue: JobQueue, job: Job, worker: Any, task_key: str, session: str) -> Report:
    queue.submit(job)
    parts, report = 0, Report(cancelled=True)
    try:
        while queue.busy:
            if _unwanted(worker, task_key):
                queue.cancel()
            for event in queue.poll(_POLL_S):
                if isinstance(event, JobPart):
                    _parts[task_key, parts] = event.data
                    parts += 1
                report = _report(event) or report
                if (message := _message(event, parts)) is not None:
                    worker.log_event(session, {**message, "task": task_key, "worker": worker.address})
    finally:
        queue.cancel()
        for number in range(parts):
            _parts.pop((task_key, number), None)
    return report


def _report(event: JobEvent) -> Report | None:
    match event:
        case JobDone():
            return Report(outputs=event.outputs, cpu_s=event.cpu_s, wall_s=event.wall_s)
        case JobFailed():
            return Report(message=event.message, detail=event.detail)
        case JobCancelled():
            return Report(cancelled=True)
    return None


def _message(event: JobEvent, parts: int) -> dict[str, Any] | None:
    match event:
        case JobStarted():
            return {"kind": STARTED}
        case JobProgress():
            return {"kind": PROGRESS, "fraction": event.fraction, "text": event.text}
        case JobPart():
            return {"kind": PART, "number": parts - 1, "name": event.name}
    return None


def _unwanted(worker: Any, task_key: str) -> bool:
    """Whether nobody waits for the task any more: cancelled, its client gone, or this worker closing."""
    task = worker.state.tasks.get(task_key)
    closing = worker.status.name in ("closing", "closed", "failed")
    return closing or task is None or task.state not in ("executing", "long-running")
