"""Where jobs run: by default a pool of local processes behind the interface of `concurrent.futures`."""

import multiprocessing.context
import os
import sys
import threading
import types
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.sim.jobs.worker import pin_threads

LOCAL = "local"
"""Address of the executor on this machine."""

_TERMINATION_PATIENCE_S = 0.3
_spawn_lock = threading.Lock()


def local_executor(workers: int | None = None) -> "LocalExecutor":
    """A pool of processes on this machine.

    Parameters
    ----------
    workers : int, optional
        Number of processes; one for each core that this process may use by default.
    """
    return LocalExecutor(workers or available_cores())


def executor_at(address: str, workers: int | None = None) -> Executor:
    """The executor that an address names.

    Parameters
    ----------
    address : str
        ``local`` or ``dask://HOST:PORT``, of a cluster that we trust: work passes to it as pickles.
    workers : int, optional
        Processes on this machine, or most jobs in flight on a cluster.

    Raises
    ------
    KnownError
        When there is no such executor, or the cluster cannot be reached or used.
    """
    if address == LOCAL:
        return local_executor(workers)
    if not address.lower().startswith("dask:"):
        msg = f"There is no executor “{address}”: give local, or dask://HOST:PORT for a Dask cluster."
        raise KnownError(msg)
    from citytwin_desktop.sim.jobs.dask_executor import DaskExecutor

    return DaskExecutor(address, workers)


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class LocalExecutor(Executor):
    """Spawned worker processes, started when the first work comes, each pinned to one numeric thread.

    Parameters
    ----------
    workers : int
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pools: dict[int, Any] = {}
        self._open = True

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Run a function in a worker, as `concurrent.futures.Executor.submit` does."""
        return self._schedule(1, fn, args, kwargs)

    def submit_threaded(self, threads: int, fn: Callable[..., Any], /, *args: Any) -> "Future[Any]":
        """Run a function in a process of its own whose numeric libraries may use several threads."""
        return self._schedule(threads, fn, args, {})

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:  # noqa: ARG002 - always stops at once
        """Stop every worker and the threads that serve them."""
        self._open = False
        while self._pools:
            _stop(self._pools.popitem()[1])

    def _schedule(
        self, threads: int, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> "Future[Any]":
        if not self._open:
            raise BugError("work was submitted to a pool that is closed")
        pool = self._pools.get(threads) or self._start(threads)
        try:
            future: Future[Any] = pool.schedule(fn, args=args, kwargs=kwargs)
        except RuntimeError:  # the pool broke, for instance because an idle worker was killed: take a new one
            _stop(self._pools.pop(threads))
            future = self._start(threads).schedule(fn, args=args, kwargs=kwargs)
        return future

    def _start(self, threads: int) -> Any:
        from pebble import CONSTS, ProcessPool

        CONSTS.term_timeout = _TERMINATION_PATIENCE_S  # its default of 3 s breaks our promise to stop within 2 s
        alone = threads > 1
        pool = ProcessPool(
            max_workers=1 if alone else self.workers,
            max_tasks=1 if alone else 0,
            initializer=pin_threads,
            initargs=(threads,),
            context=_QuietSpawnContext(),
        )
        self._pools[threads] = pool
        return pool


def _stop(pool: Any) -> None:
    pool.stop()
    pool.join()


class _QuietSpawnProcess(multiprocessing.context.SpawnProcess):
    """A spawned process that does not import the program's main module again.

    Engines are found by dotted path, so the main module is not needed; importing it would start a
    script without a main guard a second time.
    """

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - the name that multiprocessing calls
        with _hidden_main_module():
            return multiprocessing.context.SpawnProcess._Popen(process_obj)  # noqa: SLF001


class _QuietSpawnContext(multiprocessing.context.SpawnContext):
    Process = _QuietSpawnProcess


@contextmanager
def _hidden_main_module() -> Iterator[None]:
    with _spawn_lock:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
