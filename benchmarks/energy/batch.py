"""Runs of the product's queue, and of given input files through the product's runner."""

import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.energy.district import SETTINGS
from citytwin_desktop.sim.energyplus.inputs import EnergyJobInputs, ThermalModel
from citytwin_desktop.sim.energyplus.run import run_idf
from citytwin_desktop.sim.jobs.context import JobContext
from citytwin_desktop.sim.jobs.job import Job, JobDone, JobFailed
from citytwin_desktop.sim.jobs.queue import JobQueue

TEXT_ENGINE = "benchmarks.energy.batch:run_text"


@dataclass(frozen=True)
class TextInputs:
    """An input file and its weather."""

    text: str
    weather: bytes


def run_text(inputs: TextInputs, context: JobContext) -> dict[str, float]:
    """Annual heating and cooling [kWh] of an input file."""
    series = run_idf(inputs.text, inputs.weather, context, 1800.0).series
    return {name: float(np.sum(series[f"{name}_kwh"], dtype=np.float64)) for name in ("heating", "cooling")}


def building_job(model: ThermalModel, weather: bytes, name: str = "") -> Job:
    """The job that the product makes of a building."""
    key = f"{model.building_id}{name}"
    return Job(key, "energyplus", key, (), EnergyJobInputs(model=model, weather=weather, settings=SETTINGS))


def finish(queue: JobQueue, jobs: Iterable[Job]) -> dict[str, JobDone]:
    """Run jobs to their end; one that fails ends the benchmark."""
    queue.submit_all(jobs)
    done: dict[str, JobDone] = {}
    for event in queue.run():
        if isinstance(event, JobFailed):
            raise SystemExit(f"{event.message}\n{event.detail}")
        if isinstance(event, JobDone):
            done[event.key] = event
    return done


@contextmanager
def sources_compiled() -> Iterator[None]:
    """Let workers keep compiled sources for one another, also where the shell forbids writing them."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def warm(queue: JobQueue, models: Sequence[ThermalModel], weather: bytes, workers: int) -> None:
    """Let every worker load its libraries and the data dictionary."""
    finish(queue, [building_job(models[number % len(models)], weather, f" warm {number}") for number in range(workers)])


def wall_s(queue: JobQueue, jobs: Sequence[Job]) -> tuple[float, dict[str, Any]]:
    """Wall time of some jobs [s], and what they gave."""
    began = time.perf_counter()
    done = finish(queue, jobs)
    return time.perf_counter() - began, done
