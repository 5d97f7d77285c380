"""Opening a project makes millions of objects that stay: Python's search for cycles leaves them out."""

import gc
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


def searched_again() -> None:
    """Search everything again: what was kept is no longer needed."""
    gc.unfreeze()
