"""Frames that are written while the next ones are drawn."""

from __future__ import annotations

import queue
import threading

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.scene.turntable import Sink

_WAITING = 4
"""Frames that may wait to be written: more would only fill the memory."""


class FrameWriter:
    """Writes frames on a thread of its own, so that drawing does not wait for a disk.

    Parameters
    ----------
    sink : Sink
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._queue: queue.Queue[NDArray[np.uint8] | None] = queue.Queue(_WAITING)
        self._error: BaseException | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="citytwin frames", daemon=True)
        self._thread.start()

    @property
    def has_room(self) -> bool:
        """Whether another frame can be taken without waiting."""
        return not self._queue.full()

    @property
    def finished(self) -> bool:
        """Whether all is written, or the writing has failed."""
        return not self._thread.is_alive()

    def put(self, frame: NDArray[np.uint8]) -> None:
        """Take a frame."""
        self._queue.put(frame)

    def end(self) -> None:
        """No more frames come."""
        self._queue.put(None)

    def give_up(self) -> None:
        """Stop, and leave nothing half-done."""
        self._stopped = True
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put(None)

    def raise_error(self) -> None:
        """Raise what went wrong on the other thread."""
        if self._error is not None:
            raise self._error

    def wait(self) -> None:
        """Wait for the last frame."""
        self._thread.join()

    def _work(self) -> None:
        try:
            while (frame := self._queue.get()) is not None:
                if not self._stopped and self._error is None:
                    self._take(frame)
            if self._stopped or self._error is not None:
                self._sink.discard()
            else:
                self._sink.close()
        except BaseException as error:  # noqa: BLE001 - handed on by `raise_error` on the other thread
            self._error = error
            self._sink.discard()

    def _take(self, frame: NDArray[np.uint8]) -> None:
        try:
            self._sink.write(frame)
        except BaseException as error:  # noqa: BLE001 - handed on by `raise_error` on the other thread
            self._error = error
