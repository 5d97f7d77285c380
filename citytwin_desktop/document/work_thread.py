"""A thread that works for a run and tells what happened; whoever shows the run only listens."""

import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

LOOK_EVERY_S = 0.1
"""How long a thread waits for workers before it looks whether it is to stop."""


@dataclass(frozen=True, eq=False)
class Broke:
    """It ended by an error, which whoever listens is to raise."""

    error: BaseException


@dataclass(frozen=True)
class Ended:
    """Nothing of it is going on any more, and nothing follows."""


class WorkThread(ABC):
    """Works from now on; what it tells waits until somebody asks."""

    def __init__(self) -> None:
        self._told: SimpleQueue[Any] = SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="citytwin run", daemon=True)

    def begin(self) -> None:
        """Start the thread, once everything that it needs is there."""
        self._thread.start()

    def told(self, timeout_s: float) -> list[Any]:
        """What happened since the last call, waiting a little where nothing has."""
        found: list[Any] = []
        try:
            found.append(self._told.get(timeout=timeout_s) if timeout_s else self._told.get_nowait())
            while True:
                found.append(self._told.get_nowait())
        except Empty:
            return found

    def stop(self) -> None:
        """Ask it to end; returns at once."""
        self._stopping.set()

    def leave(self) -> None:
        """Wait until it has ended, after `stop`."""
        self._thread.join()

    @abstractmethod
    def _work(self) -> None:
        """Do it, on the thread, looking now and then whether to stop."""

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - raised again on the thread that listens
            self._told.put(Broke(error))
        finally:
            self._told.put(Ended())
