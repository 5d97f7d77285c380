"""Run pieces of a computation on several threads and take the results in order."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from citytwin_desktop.errors import CancelledError
from citytwin_desktop.sim.jobs.executors import available_cores

Piece = TypeVar("Piece")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Watch:
    """How a stage of a computation is carried out and followed.

    Parameters
    ----------
    progress : callable
        Told the share that is done, 0-1.
    cancelled : callable, optional
        Asked between pieces; the stage stops soon after it says yes.
    threads : int, optional
        One for each core that this process may use by default.
    """

    progress: Callable[[float], None]
    cancelled: Callable[[], bool] | None = None
    threads: int | None = None

    def in_order(self, work: Callable[[Piece], Result], pieces: Sequence[Piece]) -> Iterator[Result]:
        """Yield ``work(piece)`` for each piece, in order, telling how far it is; see `in_order`."""
        for done, result in enumerate(in_order(work, pieces, self.threads, self.cancelled), start=1):
            yield result
            self.progress(done / len(pieces))


def in_order(
    work: Callable[[Piece], Result],
    pieces: Sequence[Piece],
    threads: int | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Result]:
    """Yield ``work(piece)`` for each piece, in order, computed ahead by threads.

    No more pieces are under way than the threads need, so memory stays small.

    Parameters
    ----------
    work : callable
        Releases the interpreter while it computes, or threads bring nothing.
    pieces : sequence
    threads : int, optional
        One for each core that this process may use by default.
    cancelled : callable, optional
        Asked between pieces.

    Raises
    ------
    CancelledError
        When ``cancelled`` says so.
    """
    threads = threads or available_cores()
    with ThreadPoolExecutor(threads, thread_name_prefix="solar") as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for piece in pieces:
                if cancelled is not None and cancelled():
                    raise CancelledError("The solar run was cancelled.")
                waiting.append(pool.submit(work, piece))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def chunks(count: int, size: int) -> list[slice]:
    """Slices of at most ``size`` that cover ``count`` items."""
    return [slice(first, min(first + size, count)) for first in range(0, count, size)]
