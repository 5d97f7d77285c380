"""The estimate of a whole city for a year; `python -m benchmarks estimate` measures its error too."""

from typing import Any

from benchmarks.energy.report import row
from benchmarks.estimate import speed

GOAL_CPU_S = 0.5


def measure(buildings: int) -> list[dict[str, Any]]:
    """Processor time of a year of hours for all buildings, compiled and loaded."""
    (line,) = speed.measure(buildings)
    more = {name: value for name, value in line.items() if name not in ("part", "year_cpu_s")}
    return [row("estimate of a year", line["year_cpu_s"], "CPU-s", goal=GOAL_CPU_S, **more)]
