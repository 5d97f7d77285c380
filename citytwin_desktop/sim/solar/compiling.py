"""Compile inner loops, which hold no state and release the interpreter while they run.

Compiled code is kept beside its source, or in the user's cache directory where that cannot be written.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import platformdirs

if "NUMBA_CACHE_DIR" not in os.environ and not os.access(Path(__file__).parent, os.W_OK):
    os.environ["NUMBA_CACHE_DIR"] = str(
        Path(platformdirs.user_cache_dir("citytwin-desktop", appauthor=False)) / "numba"
    )

import numba  # after the place of its cache is set, for it reads that when it is imported

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile a function when it is first called, and keep the code for the next time."""
    return cast("Function", numba.njit(cache=True, nogil=True)(function))
