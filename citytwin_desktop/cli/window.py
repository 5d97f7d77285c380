"""The way from a command to the window, which the command line itself knows nothing of."""

from collections.abc import Callable
from pathlib import Path

_openers: list[Callable[[Path], int]] = []


def set_window_opener(opener: Callable[[Path], int]) -> None:
    """Say how the window is opened on a project; called once by the program's start."""
    _openers[:] = [opener]


def open_window(project: Path) -> int:
    """Open the window on a project if there is one to open; gives its exit code."""
    return _openers[0](project) if _openers else 0
