"""Import and enrich a synthetic CityJSON city with gabled houses, as a user does: two processes."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.energy.report import row

GOAL_CPU_S, GOAL_MB = 2.6, 400.0
_FUNCTIONS = ("residential", "residential", "residential", "office", "retail")
_FACES = ([3, 2, 1, 0], [0, 1, 5, 4], [2, 3, 7, 6], [1, 2, 6, 9, 5], [3, 0, 4, 8, 7], [4, 5, 9, 8], [6, 7, 8, 9])
_SEMANTICS = {
    "surfaces": [{"type": "GroundSurface"}, {"type": "WallSurface"}, {"type": "RoofSurface"}],
    "values": [[0, 1, 1, 1, 1, 2, 2]],
}


def measure(buildings: int) -> list[dict[str, Any]]:
    """Processor time of both commands together, and the peak memory of the larger."""
    # As on a user's machine, where sources are compiled once: also where this shell forbids writing bytecode.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        commands = []
        for stem, count in (("warm", 3), ("measured", buildings)):
            source, project = folder / f"{stem}.city.json", folder / f"{stem}.citytwin.gpkg"
            source.write_text(json.dumps(gabled_city(count)), encoding="utf-8")
            commands = [["import", str(source), "--into", str(project)], ["enrich", str(project), "--archetypes", "NL"]]
            used = [_used(command, environment) for command in commands]
    steps = {command[0]: round(cpu, 2) for command, (cpu, _) in zip(commands, used, strict=True)}
    peaks = {command[0]: round(peak) for command, (_, peak) in zip(commands, used, strict=True)}
    total, peak = sum(cpu for cpu, _ in used), max(peak for _, peak in used)
    return [
        row("import and enrich", total, "CPU-s", goal=GOAL_CPU_S, buildings=buildings, **steps),
        row("import and enrich, peak memory", peak, "MB", goal=GOAL_MB, **peaks),
    ]


def gabled_city(count: int) -> dict[str, Any]:
    """A CityJSON document of houses with function, year and storeys."""
    objects, vertices = {}, []
    for number in range(count):
        x, y = 85000.0 + 15.0 * (number % 40), 447000.0 + 18.0 * (number // 40)
        eaves, ridge = 5.5 + number % 4, 8.0 + number % 4
        first = len(vertices)
        ring = [(x, y), (x + 8.0, y), (x + 8.0, y + 10.0), (x, y + 10.0)]
        vertices += [[*corner, z] for z in (0.0, eaves) for corner in ring]
        vertices += [[x, y + 5.0, ridge], [x + 8.0, y + 5.0, ridge]]
        boundaries = [[[[first + index for index in face]] for face in _FACES]]
        solid = {"type": "Solid", "lod": "2.2", "boundaries": boundaries, "semantics": _SEMANTICS}
        attributes = {
            "function": _FUNCTIONS[number % len(_FUNCTIONS)],
            "yearOfConstruction": 1900 + number % 120,
            "storeysAboveGround": 2,
        }
        objects[f"house-{number}"] = {"type": "Building", "geometry": [solid], "attributes": attributes}
    return {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/28992"},
        "transform": {"scale": [0.001, 0.001, 0.001], "translate": [0.0, 0.0, 0.0]},
        "CityObjects": objects,
        "vertices": [[round(1000.0 * value) for value in vertex] for vertex in vertices],
    }


def _used(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Processor time [s] and peak memory [MB] of one command."""
    arguments = [sys.executable, "-m", "citytwin_desktop", *command]
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(arguments, env=environment, stdout=printed, stderr=printed)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            printed.seek(0)
            raise SystemExit(printed.read().decode())
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024.0
