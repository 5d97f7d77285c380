"""Waiting in a window, and how long it did not answer meanwhile."""

import itertools
import time
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


def worst_gap(application: Any, condition: Any, limit_s: float = 300.0) -> float:
    """Longest time [s] between two ticks of a timer of the window until something holds."""
    from PySide6.QtCore import QTimer

    ticks = [time.perf_counter()]
    timer = QTimer(interval=2)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    deadline = time.perf_counter() + limit_s
    while not condition() and time.perf_counter() < deadline:
        application.processEvents()
        time.sleep(0.001)
    timer.stop()
    return max(late - early for early, late in itertools.pairwise(ticks))
