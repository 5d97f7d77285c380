"""Undo against doing, command by command, in the document alone: both durable."""

import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from citytwin_desktop.catalog.measures import packages

REPEATS, CHOSEN = 13, 500


def measured(project: Path, _count: int) -> dict[str, Any]:
    """Means of the middle half of thirteen; do and undo in turn.

    Commits end at ticks of the disk, often 4 ms apart: a median says one tick or two where the truth lies between.
    """
    from citytwin_desktop.document.document import open_document

    document = open_document(project)
    ids = [str(name) for name in document.city.buildings.ids[: 2 * CHOSEN : 2]]
    _furnish(document, ids)
    times: dict[str, tuple[float, float]] = {}
    for name, parameters in (_commands(ids) | _on_new_ground(document)).items():
        command = name.partition(" ")[0]
        done, undone = zip(*(_there_and_back(document, command, parameters) for _ in range(REPEATS)), strict=True)
        times[name] = _middle(done), _middle(undone)
    document.close()
    return {
        "do_s": {name: round(pair[0], 4) for name, pair in times.items()},
        "undo_s": {name: round(pair[1], 4) for name, pair in times.items()},
        "undo_over_do_max": round(max(undone / done for done, undone in times.values()), 2),
    }


def _middle(values: Sequence[float]) -> float:
    """Mean of the middle half."""
    rest = len(values) // 4
    return statistics.fmean(sorted(values)[rest : len(values) - rest])


def _commands(ids: list[str]) -> dict[str, Mapping[str, Any]]:
    years = [str(1930 + number % 60) for number in range(len(ids))]
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
        "set_collector_assumptions": {"module": "cdte"},
        "edit_values 500": {"building_ids": ids, "column": "year_built", "values": years},
        "restore_values 500": {"building_ids": ids, "column": "storeys"},
        "rotate_buildings 500": {"building_ids": ids, "angle_deg": 12.5},
        "set_storeys 500": {"building_ids": ids, "storeys": 4},
        "set_roof 1": {"building_ids": ids[:1], "shape": "gable", "pitch_deg": 30.0},
        "add_scenario": {"name": "Next", "parent_id": "full"},
        "rename_scenario": {"scenario_id": "full", "name": "Other"},
        "remove_scenario 500": {"scenario_id": "full"},
        "save_view": {"name": "Other", "content": '{"hour": 3}'},
        "rename_view": {"name": "Harbour", "new_name": "Old harbour"},
        "remove_view": {"name": "Harbour"},
        "remove_selection": {"name": "Kept"},
        "enrich": {"archetype_set": "NL", "assume_function": "office", "assume_year": 1970.0},
    }


def _furnish(document: Any, ids: list[str]) -> None:
    """What commands are carried out on that change or remove something."""
    package = next(iter(packages()))
    for name in ("Deep", "Full"):
        document.execute("add_scenario", name=name, parent_id="baseline")
    document.execute("assign_package", scenario_id="full", building_ids=ids, package_id=package)
    document.execute("save_view", name="Harbour", content='{"hour": 12}')
    document.execute("save_selection", name="Kept", building_ids=ids)
    document.execute("edit_buildings", building_ids=ids, column="storeys", value=7)
    x, y = _beside(document)
    document.execute("plant_trees", positions=[x, y - 50.0])


def _beside(document: Any) -> tuple[float, float]:
    """A place [m] where nothing stands."""
    low, high = document.city.bounds_m
    return float(np.nanmax(high[:, 0])) + 100.0, float(np.nanmin(low[:, 1]))


def _on_new_ground(document: Any) -> dict[str, Mapping[str, Any]]:
    """Commands that need a place."""
    x, y = _beside(document)
    low, high = document.city.bounds_m
    middle, name = (low[2] + high[2]) / 2.0, str(document.city.buildings.ids[2])
    here, there = float(middle[0]), float(middle[1])
    return {
        "add_building": {"footprint": [x, y, x + 12, y, x + 12, y + 9, x, y + 9], "height_m": 9.0},
        "add_massing": {
            "site": [x, y + 100, x + 80, y + 100, x + 80, y + 160, x, y + 160],
            "kind": "block", "floor_area_ratio": 1.5,
        },
        "plant_trees": {"positions": [x, y, x + 20.0, y]},
        "remove_trees": {"positions": [x, y - 50.0]},
        "set_footprint": {
            "building_id": name,
            "footprint": [here - 6, there - 6, here + 6, there - 6, here + 6, there + 6, here - 6, there + 6],
        },
        "split_building": {"building_id": name, "line": [here - 200.0, there, here + 200.0, there]},
    }  # fmt: skip


def _there_and_back(document: Any, command: str, parameters: Mapping[str, Any]) -> tuple[float, float]:
    began = time.perf_counter()
    document.execute(command, **parameters)
    middle = time.perf_counter()
    document.undo()
    return middle - began, time.perf_counter() - middle
