"""Processor time of our whole path, from city to results, over bare runs of the same input files."""

import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.energy.batch import building_job, finish, sources_compiled, warm
from benchmarks.energy.district import SETTINGS, chicago, models_of, plain
from benchmarks.energy.report import cpu_s, row
from citytwin_desktop.sim.energyplus.idf import building_idf
from citytwin_desktop.sim.energyplus.inputs import ThermalModel
from citytwin_desktop.sim.energyplus.locate import locate
from citytwin_desktop.sim.energyplus.read import read_outputs
from citytwin_desktop.sim.jobs.executors import local_executor
from citytwin_desktop.sim.jobs.queue import JobQueue

WRITING_GOAL_MS, OVERHEAD_GOAL = 10.0, 0.05
_ROUNDS = 5


def measure(buildings: int) -> list[dict[str, Any]]:
    """Run every building our way and bare, one after the other, so that both meet the same load of the machine.

    The start of the worker counts, the compilation of our sources does not: a user's machine does that once.
    """
    weather, bare_s, read_s, jobs_s, aside_s = chicago(), 0.0, 0.0, 0.0, 0.0
    blocks = plain(buildings)
    with sources_compiled():
        with JobQueue(local_executor(1)) as queue:
            warm(queue, models_of(blocks[:1], weather), weather.raw, 1)
        began = cpu_s()
        models = models_of(blocks, weather)
        prepared_s = cpu_s() - began
        with JobQueue(local_executor(1)) as queue:
            for model in models:
                jobs_s += finish(queue, [building_job(model, weather.raw)])[model.building_id].cpu_s
                before = cpu_s()
                own, reading = _bare(model, weather.raw)
                bare_s, read_s = bare_s + own, read_s + reading
                aside_s += cpu_s() - before
        ours_s = cpu_s() - began - aside_s
    per_building = 1000.0 / buildings
    shares = {
        "buildings": buildings,
        "cpu_s": round(ours_s, 2),
        "bare_cpu_s": round(bare_s, 2),
        "prepare_ms_each": round(prepared_s * per_building, 1),
        "in_worker_beyond_bare_ms_each": round((jobs_s - bare_s) * per_building, 1),
        "of_which_reading_ms_each": round(read_s * per_building, 1),
        "worker_start_and_queue_s": round(ours_s - prepared_s - jobs_s, 2),
    }
    return [row("whole path over bare EnergyPlus", ours_s / bare_s - 1.0, "CPU share", goal=OVERHEAD_GOAL, **shares)]


def writing(buildings: int) -> list[dict[str, Any]]:
    """Time to write the input file of a building, the data dictionary loaded."""
    models = models_of(plain(buildings), chicago())
    text = building_idf(models[0], SETTINGS)
    began = time.process_time()
    for _ in range(_ROUNDS):
        for model in models:
            building_idf(model, SETTINGS)
    each_ms = 1000.0 * (time.process_time() - began) / (_ROUNDS * len(models))
    return [row("input file of a building", each_ms, "CPU ms", goal=WRITING_GOAL_MS, characters=len(text))]


def _bare(model: ThermalModel, weather: bytes) -> tuple[float, float]:
    """Run the bare program: its processor time, and that of reading what it wrote [s]."""
    text = building_idf(model, SETTINGS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in.epw").write_bytes(weather)
        (folder / "in.idf").write_text(text, encoding="utf-8")
        start = os.times()
        arguments = [*locate().command, "-w", folder / "in.epw", "-d", folder, folder / "in.idf"]
        subprocess.run(arguments, check=True, capture_output=True)
        end = os.times()
        began = time.process_time()
        read_outputs(folder)
        read_s = time.process_time() - began
    return end.children_user + end.children_system - start.children_user - start.children_system, read_s
