"""Lines of the report, and how processor time is taken."""

import os
from typing import Any


def row(
    measure: str, value: float, unit: str, *, goal: float | None = None, at_least: bool = False, **more: Any
) -> dict[str, Any]:
    """One line: value, unit, goal and whether it is met; without a goal it explains another line."""
    line: dict[str, Any] = {"measure": measure, "value": round(value, 4), "unit": unit}
    if goal is not None:
        line |= {"goal": goal, "met": bool(value >= goal if at_least else value <= goal)}
    return {**line, **more}


def cpu_s() -> float:
    """Processor time of this process and of all children that have ended [s]."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
