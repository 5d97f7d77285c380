"""Three storeys among 50 boxes, 200 walls, 10.5 to 19.5 m high."""

import statistics
from typing import Any

from benchmarks.energy.batch import building_job, finish, warm
from benchmarks.energy.district import boxes, chicago, models_of
from benchmarks.energy.report import row
from citytwin_desktop.sim.jobs.executors import local_executor
from citytwin_desktop.sim.jobs.queue import JobQueue

GOAL_CPU_S = 2.6
_NEIGHBOURS, _MIDDLE, _RUNS = 50, 27, 3


def measure() -> list[dict[str, Any]]:
    """Median of three runs in a worker that has its libraries loaded."""
    heights = [10.5 + 9.0 * (7 * row % _NEIGHBOURS) / (_NEIGHBOURS - 1) for row in range(_NEIGHBOURS + 1)]
    heights[_MIDDLE] = 9.0
    weather = chicago()
    (model,) = models_of(boxes(heights, [3] * len(heights)), weather, [_MIDDLE])
    with JobQueue(local_executor(1)) as queue:
        warm(queue, [model], weather.raw, 1)
        ends = [finish(queue, [building_job(model, weather.raw, f" {run}")]) for run in range(_RUNS)]
    took = [end.cpu_s for done in ends for end in done.values()]
    more = {"walls": 4 * _NEIGHBOURS, "walls_kept": len(model.shading), "runs": [round(value, 2) for value in took]}
    return [row("three storeys, 200 neighbour walls", statistics.median(took), "CPU-s", goal=GOAL_CPU_S, **more)]
