"""A pause of Python's search for cycles while very many objects are made that hold none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_cycle_search() -> Iterator[None]:
    """Make objects in bulk: each few hundred of them would start a walk over all that are there already.

    Reading 100,000 buildings takes twice as long without the pause.
    """
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()
