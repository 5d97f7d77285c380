"""Our settings against the finest that we know: how far annual demand is off.

The reference takes six timesteps an hour instead of four, all walls of all neighbours, mirrored, instead of those that
face the building, stand near and rise high, and shadows of every week instead of every twentieth day.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.energy.batch import TEXT_ENGINE, TextInputs, finish
from benchmarks.energy.district import SETTINGS, Block, chicago, models_of, varied
from benchmarks.energy.report import row
from citytwin_desktop.sim.energyplus.idf import build_idf, building_idf
from citytwin_desktop.sim.energyplus.inputs import ThermalModel
from citytwin_desktop.sim.energyplus.serialise import idf_text
from citytwin_desktop.sim.jobs.executors import local_executor
from citytwin_desktop.sim.jobs.job import Job
from citytwin_desktop.sim.jobs.queue import JobQueue

GOAL = 0.01
REFERENCE = replace(SETTINGS, timesteps_per_hour=6)
_SHADOW_DAYS = 7
_LEAST_KWH_M2 = 1.0
"""Below this a demand is too small for its share to mean anything."""


def measure(buildings: int, workers: int) -> list[dict[str, Any]]:
    """Run every building both ways: deviation of all together, and of the worst one."""
    blocks, weather = varied(buildings), chicago()
    models = models_of(blocks, weather)
    texts: dict[str, str] = {}
    for number, model in enumerate(models):
        texts[f"ours {number}"] = building_idf(model, SETTINGS)
        texts[f"reference {number}"] = _reference(model, blocks, number)
    jobs = [Job(key, TEXT_ENGINE, key, (), TextInputs(text, weather.raw)) for key, text in texts.items()]
    with JobQueue(local_executor(workers)) as queue:
        done = finish(queue, jobs)
    spent = {
        f"{kind}_cpu_s": round(sum(end.cpu_s for key, end in done.items() if key.startswith(kind)), 1)
        for kind in ("ours", "reference")
    }
    areas = np.array([model.floor_area_m2 for model in models])
    found = []
    for name in ("heating", "cooling"):
        ours, reference = (
            np.array([done[f"{kind} {number}"].outputs[name] for number in range(len(models))])
            for kind in ("ours", "reference")
        )
        counted = reference / areas > _LEAST_KWH_M2
        shares = (ours / reference - 1.0)[counted]
        worst = float(shares[np.argmax(np.abs(shares))])
        more = {"buildings": len(models), **spent}
        found += [
            row(f"recipe, {name} of all", abs(ours.sum() / reference.sum() - 1.0), "share", goal=GOAL, **more),
            row(f"recipe, {name} of the worst", abs(worst), "share", goal=GOAL, counted=int(counted.sum())),
        ]
        found[-1]["shares_percent"] = [round(100.0 * float(share), 2) for share in shares]
    return found


def _reference(model: ThermalModel, blocks: Sequence[Block], own: int) -> str:
    walls = [wall for number, block in enumerate(blocks) if number != own for wall in block.walls()]
    uncut = replace(model, shading=np.array(walls) - np.array(model.origin_m))
    document = build_idf(uncut, REFERENCE)
    (calculation,) = document.idf.idfobjects["SHADOWCALCULATION"]
    calculation.Shading_Calculation_Update_Frequency = _SHADOW_DAYS
    document.idf.idfobjects["OUTPUT:DIAGNOSTICS"].clear()
    return idf_text(document.rows())
