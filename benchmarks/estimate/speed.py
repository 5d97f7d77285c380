"""Processor time of the estimate, compiled kernels warm and imports done."""

import time
from typing import Any

import numpy as np

from benchmarks.estimate.districts import synthetic
from citytwin_desktop.sim.estimate.buildings import buildings_of
from citytwin_desktop.sim.estimate.climate import climate_of
from citytwin_desktop.sim.estimate.five_r_one_c import hourly_needs
from citytwin_desktop.sim.estimate.shapes import building_shapes
from citytwin_desktop.sim.estimate.solar_gains import unshaded_gains

_DIFFERENT = 40


def measure(count: int) -> list[dict[str, Any]]:
    """Time each stage for a district; thermal models are made for a part of it and scaled up."""
    began = time.process_time()
    district = synthetic(_DIFFERENT, seed=5)
    models_s = (time.process_time() - began) * count / _DIFFERENT
    began = time.process_time()
    shapes = building_shapes(district.models)
    shapes_s = (time.process_time() - began) * count / _DIFFERENT
    rows = (np.arange(count) % _DIFFERENT).tolist()
    many, specs = shapes.take(rows), [district.models[row].spec for row in rows]
    climate = climate_of(district.weather)
    gains = unshaded_gains(district.weather, many)
    hourly_needs(buildings_of(many.take([0]), specs[:1], climate), climate, gains.take([0]))
    began = time.process_time()
    needs = hourly_needs(buildings_of(many, specs, climate), climate, gains)
    year_s = time.process_time() - began
    return [
        {
            "part": "speed",
            "buildings": count,
            "year_cpu_s": round(year_s, 3),
            "thermal_models_cpu_s": round(models_s, 2),
            "shapes_cpu_s": round(shapes_s, 2),
            "output_mb": round(sum(part.nbytes for part in (needs.heating_kwh, needs.cooling_kwh, needs.air_c)) / 1e6),
        }
    ]
