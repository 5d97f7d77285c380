"""Where jobs run: the workers of a Dask cluster. Imported only when a cluster is asked for.

One coroutine on the client's event loop accompanies each job. Dask's own cancellation carries the wish to
stop; progress comes back as events of a topic that is named after the session, and the larger parts are
fetched from the worker once it has announced them, since the scheduler would keep events for ever.
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from concurrent.futures import CancelledError as FutureCancelledError
from concurrent.futures import Executor, Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.sim.jobs import cluster_worker
from citytwin_desktop.sim.jobs.cluster_worker import Delivery, Order
from citytwin_desktop.sim.jobs.code_fingerprint import code_fingerprint
from citytwin_desktop.sim.jobs.contact import ReportFuture
from citytwin_desktop.sim.jobs.dask_connection import connect
from citytwin_desktop.sim.jobs.job import Job
from citytwin_desktop.sim.jobs.worker import Report

_LOOK_S = 1.0
_NO_WORKER_S = 30.0
_STOPPING_S = 1.5
_FAREWELL_S = 2.0


class DaskExecutor(Executor):
    """Runs jobs on a Dask cluster, which must be one that we trust: work passes to it as pickles.

    Parameters
    ----------
    address : str
        ``dask://HOST:PORT``.
    most_in_flight : int, optional
        Jobs handed over at a time; twice the threads of the cluster by default.

    Raises
    ------
    KnownError
        When the cluster cannot be reached or is not fit for our jobs.
    """

    def __init__(self, address: str, most_in_flight: int | None = None) -> None:
        self.address = address
        self._client = connect(address)
        self._most_in_flight = most_in_flight
        self._session = f"citytwin-{uuid.uuid4().hex}"
        self._contacts: dict[str, DaskContact] = {}
        self._count = 0
        self._open = True
        self._client.subscribe_topic(self._session, self._hear)

    @property
    def in_flight(self) -> int:
        """How many jobs to hand over at a time."""
        return self._most_in_flight or 2 * max(1, self._threads())

    def take(self, job: Job) -> "tuple[ReportFuture, DaskContact]":
        """Take a job, see `contact.JobTaker`."""
        if not self._open:
            raise BugError("a job was submitted to a cluster that has been left")
        self._count += 1
        contact = DaskContact(f"{self._session}-{self._count}")
        self._contacts[contact.task_key] = contact
        future = asyncio.run_coroutine_threadsafe(self._accompany(job, contact), self._loop)
        contact.stop = lambda: self._loop.call_soon_threadsafe(contact.stopping.set)
        return future, contact

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Run a function on the cluster, as `concurrent.futures.Executor.submit` does."""

        async def run() -> Any:
            return await self._client.submit(fn, *args, pure=False, **kwargs)

        return asyncio.run_coroutine_threadsafe(run(), self._loop)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:  # noqa: ARG002 - stops at once
        """Leave the cluster; processes that its workers kept for us are closed."""
        if not self._open:
            return
        self._open = False
        with suppress(Exception):  # the cluster may be gone; its workers then close by themselves
            self._client.sync(self._say_farewell, callback_timeout=_FAREWELL_S)
        with suppress(Exception):
            self._client.close(timeout=_FAREWELL_S)

    @property
    def _loop(self) -> asyncio.AbstractEventLoop:
        loop: asyncio.AbstractEventLoop = self._client.loop.asyncio_loop
        return loop

    def _threads(self) -> int:
        """Threads of the cluster at the last look, which the client takes every two seconds."""
        return int(self._client._scheduler_identity.get("total_threads", 0))  # noqa: SLF001 - the public way asks anew

    async def _say_farewell(self) -> None:
        await self._client.run(cluster_worker.end_session, self._session, on_error="ignore")

    async def _accompany(self, job: Job, contact: "DaskContact") -> Report:
        """Hand a job to the cluster and wait for its end, whatever that is."""
        try:
            if self._client.status != "running":
                raise KnownError(self._gone())
            order = Order(job, self._session, code_fingerprint())
            task = self._client.submit(cluster_worker.run_order, order, key=contact.task_key, pure=False, retries=0)
            try:
                return _received(await self._outcome(task, job, contact), job)
            finally:
                task.release()
        finally:
            self._contacts.pop(contact.task_key, None)

    async def _outcome(self, task: Any, job: Job, contact: "DaskContact") -> Delivery:
        result, stop = asyncio.ensure_future(_result(task)), asyncio.ensure_future(contact.stopping.wait())
        without_workers_since = time.monotonic()
        try:
            while not result.done():
                await asyncio.wait((result, stop), timeout=_LOOK_S, return_when=asyncio.FIRST_COMPLETED)
                if stop.done() and not result.done():
                    return await self._stopped(task, contact)
                if self._threads():
                    without_workers_since = time.monotonic()
                elif time.monotonic() - without_workers_since > _NO_WORKER_S:
                    await task.cancel()
                    raise KnownError(f"The Dask cluster at {self.address} has no workers left: start some, run again.")
            return await self._understood(result, job)
        finally:
            stop.cancel()
            result.cancel()

    async def _stopped(self, task: Any, contact: "DaskContact") -> Delivery:
        """Cancel a task, and wait for its worker to say that nothing of it is left."""
        await task.cancel()
        if contact.worker:
            with suppress(TimeoutError):
                await asyncio.wait_for(contact.over.wait(), _STOPPING_S)
        return Delivery(Report(cancelled=True))

    async def _understood(self, result: "asyncio.Future[Delivery]", job: Job) -> Delivery:
        """The result, or its failure in words."""
        from distributed import KilledWorker

        try:
            return await result
        except KilledWorker as error:
            msg = (
                f"The workers of the Dask cluster that ran “{job.title}” ended again and again, perhaps for lack of "
                "memory: run it again, with more memory for each worker."
            )
            raise KnownError(msg) from error
        except FutureCancelledError as error:
            raise KnownError(self._gone()) from error
        except ImportError as error:
            msg = f"A worker of the Dask cluster lacks CityTwin Desktop ({error}): install this version there."
            raise KnownError(msg) from error

    def _gone(self) -> str:
        return f"The connection to the Dask scheduler at {self.address} was lost: check it and run again."

    async def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        """Take one message of a worker."""
        message = event[1]
        contact = self._contacts.get(message["task"])
        if contact is None:
            return
        contact.hear(message)
        if message["kind"] == cluster_worker.PART:
            worker, number = message["worker"], int(message["number"])
            told = await self._client.run(
                cluster_worker.read_part, contact.task_key, number, workers=[worker], on_error="ignore"
            )
            if (data := told.get(worker)) is not None:
                contact.take_part(number, str(message["name"]), data)


class DaskContact:
    """Contact with a job on the cluster through messages; see `contact.Contact` for the methods.

    Parameters
    ----------
    task_key : str
        What Dask calls the job.
    """

    def __init__(self, task_key: str) -> None:
        self.task_key = task_key
        self.worker = ""
        self.stop: Callable[[], object] = lambda: None
        self.stopping, self.over = asyncio.Event(), asyncio.Event()
        self._progress: tuple[float, str] | None = None
        self._parts: dict[int, tuple[str, bytes]] = {}

    def hear(self, message: dict[str, Any]) -> None:
        """Take a message of the worker; runs on the client's event loop."""
        match message["kind"]:
            case cluster_worker.STARTED:
                self.worker = str(message["worker"])
                self._parts.clear()  # begun anew, when the first worker was lost
            case cluster_worker.PROGRESS:
                self._progress = (float(message["fraction"]), str(message["text"]))
            case cluster_worker.OVER:
                self.over.set()

    def take_part(self, number: int, name: str, data: bytes) -> None:
        """Take a part that was fetched from the worker."""
        self._parts[number] = (name, data)

    def begun(self) -> bool:
        """See `Contact`."""
        return bool(self.worker)

    def progress(self) -> tuple[float, str] | None:
        """See `Contact`."""
        return self._progress

    def parts(self, already: int) -> list[tuple[str, bytes]]:
        """See `Contact`; in order and without gaps."""
        number, found = already, []
        while number in self._parts:
            found.append(self._parts[number])
            number += 1
        return found

    def ask_to_stop(self) -> None:
        """See `Contact`."""
        self.stop()

    def kill_children(self) -> None:
        """See `Contact`; the worker does it, when Dask tells it of the cancellation."""

    def kill(self, deadline: float) -> None:
        """See `Contact`; waits for the worker's word that nothing of the job is left."""
        self.stop()
        while self.worker and not self.over.is_set() and time.monotonic() < deadline:
            time.sleep(0.02)

    def clear(self) -> None:
        """See `Contact`; the folder is the worker's, and gone with the job."""


async def _result(task: Any) -> Delivery:
    delivery: Delivery = await task
    return delivery


def _received(delivery: Delivery, job: Job) -> Report:
    """The report, after the files that a failed run keeps have been put where its inputs say."""
    report, folder = delivery.report, str(getattr(job.inputs, "keep_folder", ""))
    if not delivery.kept or not folder:
        return report
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, data in delivery.kept.items():
        (Path(folder) / Path(name).name).write_bytes(data)
    return Report(message=report.message, detail=report.detail.replace(delivery.kept_in, folder), cpu_s=report.cpu_s)
