"""Undo against doing, command by command, in the document alone: both durable."""

import statistics
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from citytwin_desktop.catalog.measures import packages

REPEATS, CHOSEN = 5, 500


def measured(project: Path, _count: int) -> dict[str, Any]:
    """Medians of five; do and undo in turn."""
    from citytwin_desktop.document.document import open_document

    document = open_document(project)
    document.execute("add_scenario", name="Deep", parent_id="baseline")
    ids = [str(name) for name in document.city.buildings.ids[: 2 * CHOSEN : 2]]
    times: dict[str, tuple[float, float]] = {}
    for name, parameters in _commands(ids).items():
        command = name.partition(" ")[0]
        done, undone = zip(*(_there_and_back(document, command, parameters) for _ in range(REPEATS)), strict=True)
        times[name] = statistics.median(done), statistics.median(undone)
    document.close()
    return {
        "do_s": {name: round(pair[0], 4) for name, pair in times.items()},
        "undo_s": {name: round(pair[1], 4) for name, pair in times.items()},
        "undo_over_do_max": round(max(undone / done for done, undone in times.values()), 2),
    }


def _commands(ids: list[str]) -> dict[str, Mapping[str, Any]]:
    return {
        "edit_buildings 500": {"building_ids": ids, "column": "wall_u_value_w_m2k", "value": 0.29},
        "edit_buildings function 500": {"building_ids": ids, "column": "function", "value": "office"},
        "assign_package 500": {"scenario_id": "deep", "building_ids": ids, "package_id": next(iter(packages()))},
        "move_buildings 1": {"building_ids": ids[:1], "dx_m": 1.0, "dy_m": 0.0},
        "move_buildings 500": {"building_ids": ids, "dx_m": 1.0, "dy_m": 0.0},
        "set_height 1": {"building_ids": ids[:1], "height_m": 21.0},
        "set_height 500": {"building_ids": ids, "height_m": 21.0},
        "remove_buildings 1": {"building_ids": ids[:1]},
        "remove_buildings 500": {"building_ids": ids},
        "save_selection": {"name": "Some", "building_ids": ids},
        "set_solar_conditions": {"ground_reflectance": 0.33},
    }


def _there_and_back(document: Any, command: str, parameters: Mapping[str, Any]) -> tuple[float, float]:
    began = time.perf_counter()
    document.execute(command, **parameters)
    middle = time.perf_counter()
    document.undo()
    return middle - began, time.perf_counter() - middle
