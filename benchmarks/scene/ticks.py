"""Waiting in a window, and how long it did not answer meanwhile."""

import itertools
import time
from dataclasses import dataclass
from typing import Any

BUSY_S = 0.05
"""A window that takes longer than this for its events is not responsive."""


def until(application: Any, condition: Any, limit_s: float = 300.0) -> None:
    """Process events until something holds."""
    deadline = time.perf_counter() + limit_s
    while not condition():
        application.processEvents()
        if time.perf_counter() > deadline:
            raise TimeoutError


def responsive_after(application: Any, calm_s: float = 1.5) -> float:
    """Process events until none took long for a while; the time [perf_counter s] when the last long one ended."""
    last = time.perf_counter()
    while time.perf_counter() - last < calm_s:
        began = time.perf_counter()
        application.processEvents()
        ended = time.perf_counter()
        if ended - began > BUSY_S:
            last = ended
        time.sleep(0.002)
    return last


@dataclass(frozen=True)
class Gap:
    """A time without an answer.

    Parameters
    ----------
    wall_s : float [s]
    process_s : float [s]
        What the process worked meanwhile, on all its threads: of a gap that others on the machine make, little.
    frames : int
        Drawn meanwhile.
    """

    wall_s: float = 0.0
    process_s: float = 0.0
    frames: int = 0


def gaps(application: Any, view: Any, condition: Any, limit_s: float = 300.0) -> list[Gap]:
    """Times between two ticks of a timer of the window until something holds."""
    from PySide6.QtCore import QTimer

    def now() -> tuple[float, float, int]:
        return time.perf_counter(), time.process_time(), view.frames_drawn

    ticks = [now()]
    timer = QTimer(interval=2)
    timer.timeout.connect(lambda: ticks.append(now()))
    timer.start()
    deadline = time.perf_counter() + limit_s
    while not condition() and time.perf_counter() < deadline:
        application.processEvents()
        time.sleep(0.001)
    timer.stop()
    ticks.append(now())
    return [Gap(*(b - a for a, b in zip(*pair, strict=True))) for pair in itertools.pairwise(ticks)]
