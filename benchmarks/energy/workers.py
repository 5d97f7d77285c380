"""Wall time of one worker over that of two; only a quiet machine with as many free cores tells the truth."""

from typing import Any

import psutil

from benchmarks.energy.batch import building_job, wall_s, warm
from benchmarks.energy.district import boxes, chicago, models_of
from benchmarks.energy.report import row
from citytwin_desktop.sim.jobs.executors import local_executor
from citytwin_desktop.sim.jobs.queue import JobQueue

GOAL_FOR_TWO = 1.85


def measure(buildings: int, workers: int) -> list[dict[str, Any]]:
    """Run the same buildings twice; equal ones, so that no worker waits for the last."""
    weather, count = chicago(), max(buildings - buildings % workers, workers)
    models = models_of(boxes([9.0] * count, [3] * count), weather)
    jobs = [building_job(model, weather.raw) for model in models]
    took, processor, others = {}, {}, {}
    for number in (1, workers):
        with JobQueue(local_executor(number)) as queue:
            warm(queue, models, weather.raw, number)
            busy = _busy_s()
            took[number], done = wall_s(queue, jobs)
            processor[number] = sum(end.cpu_s for end in done.values())
            others[number] = max(_busy_s() - busy - processor[number], 0.0) / took[number]
    more = {
        "buildings": count,
        "wall_s": {number: round(value, 2) for number, value in took.items()},
        "cpu_s": {number: round(value, 2) for number, value in processor.items()},
        # Where runs at once cost more processor time each, no queue reaches the full factor: this one at best.
        "reachable": round(workers * processor[1] / processor[workers], 3),
        # Above about 0.05 the machine was not quiet, and the value says nothing.
        "cores_busy_elsewhere": {number: round(value, 2) for number, value in others.items()},
    }
    goal = GOAL_FOR_TWO if workers == 2 else None
    return [row(f"{workers} workers over one", took[1] / took[workers], "wall ratio", goal=goal, at_least=True, **more)]


def _busy_s() -> float:
    """Processor time of all cores that was not idle, whosever it was [s]."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))
