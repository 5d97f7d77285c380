"""Run pieces of a computation on several threads and take the results in order."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from citytwin_desktop.errors import CancelledError

Piece = TypeVar("Piece")
Result = TypeVar("Result")


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


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def chunks(count: int, size: int) -> list[slice]:
    """Slices of at most ``size`` that cover ``count`` items."""
    return [slice(first, min(first + size, count)) for first in range(0, count, size)]
