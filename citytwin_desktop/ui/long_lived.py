"""Opening a project makes millions of objects that stay: Python's search for cycles leaves them out."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_for_long(*, in_place_of_another: bool) -> Iterator[None]:
    """What is made meanwhile is not searched for cycles: not while it grows, nor at every full search after.

    At 100,000 buildings the searches take a sixth of opening, and later every full one stops the window for 0.2 s.

    Parameters
    ----------
    in_place_of_another : bool
        A project that is closed meanwhile is searched for once more, or it would be kept.
    """
    searching = gc.isenabled()
    gc.disable()
    gc.unfreeze()
    try:
        yield
    finally:
        if in_place_of_another:
            gc.collect()
        gc.freeze()
        if searching:
            gc.enable()


def keep_what_is_there() -> None:
    """Leave out what has been made since, too."""
    gc.freeze()


def hand_back_memory() -> None:
    """Give memory that is free back to the system: C libraries keep what large temporary lists have left."""
    if not sys.platform.startswith("linux"):
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's alone
    if trim is not None:
        trim(0)


def searched_again() -> None:
    """Search everything again: what was kept is no longer needed."""
    gc.unfreeze()
