"""Heating demand as an engine leaves it in a project, for tests that need results and no engine."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import StoredResult, StoredSeries

AREA_M2 = 200.0


def store_demand(document: Any, scenario_id: str, heating_kwh_m2: Mapping[str, float]) -> None:
    """Results of today's inputs of some buildings; more in January than in any other month."""
    keys = document.keys.energy(document.project.district, document.weather, scenario_id)
    shape = np.ones(8760, np.float32)
    shape[:744] = 3.0
    shape /= shape.sum()
    with document.project.writing() as connection:
        for name, demand in heating_kwh_m2.items():
            series = {"heating_demand": demand * AREA_M2, "cooling_demand": 0.0, "lighting": 500.0, "equipment": 500.0}
            summary = {key: (total, "kWh") for key, total in series.items()}
            summary |= {"floor_area_m2": (AREA_M2, "m2"), "peak_heating_demand": (demand / 10.0, "kW")}
            arrays = {key: StoredSeries("kWh", shape * np.float32(total)) for key, total in series.items()}
            made = StoredResult(keys[name], "energyplus", "1", 1.0, {}, arrays, summary=summary)
            result_store.put(connection, made)
            result_store.show(connection, "energyplus", scenario_id, [(name, keys[name], "")])
