"""The held-out experiment: calibrate on what EnergyPlus says of buildings as they are, compare on retrofits."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.estimate.districts import SampleDistrict, real, synthetic
from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.sim.energyplus.idf import building_idf
from citytwin_desktop.sim.energyplus.inputs import EnergyJobInputs, EnergySettings, ThermalModel
from citytwin_desktop.sim.estimate.climate import climate_of
from citytwin_desktop.sim.estimate.shapes import building_shapes
from citytwin_desktop.sim.estimate.solar_gains import SolarGains, SurfaceOwners, shaded_gains
from citytwin_desktop.sim.estimate.validation import BASELINE, PACKAGES, HeldOut, joined, report
from citytwin_desktop.sim.jobs.executors import local_executor
from citytwin_desktop.sim.jobs.job import Job, JobDone, JobFailed
from citytwin_desktop.sim.jobs.queue import JobQueue
from citytwin_desktop.sim.solar.build import build_operators
from citytwin_desktop.sim.solar.place import site_of
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings

SETTINGS = EnergySettings()
SEED = 31
"""Another than the one that the recipe was looked at with while it was made (20)."""


def measure(buildings: int, packages: int, workers: int, keep: Path | None) -> list[dict[str, Any]]:
    """Rows of the held-out errors, by level of calibration and package."""
    with TemporaryDirectory() as name:
        found = held_out(buildings, packages, workers, keep or Path(name))
    return [{"part": "error", "buildings": len(found), **row} for row in report(found)]


def held_out(buildings: int, packages: int, workers: int, keep: Path, seed: int = SEED) -> HeldOut:
    """Run EnergyPlus on half synthetic, half real buildings, as they are and with each package."""
    keep.mkdir(parents=True, exist_ok=True)
    actual = real(buildings // 2, seed)
    made = synthetic(buildings - (len(actual.models) if actual else 0), seed)
    parts = [_part(district, packages, workers, keep) for district in (made, actual) if district and district.models]
    return joined(parts)


def _part(district: SampleDistrict, packages: int, workers: int, keep: Path) -> HeldOut:
    states = {BASELINE: lambda spec: spec, **dict(list(PACKAGES.items())[:packages])}
    models = {
        name: [replace(model, spec=change(model.spec)) for model in district.models] for name, change in states.items()
    }
    keys = {name: [_key(model, district.weather.content_hash) for model in chosen] for name, chosen in models.items()}
    pairs = {key: model for name in states for key, model in zip(keys[name], models[name], strict=True)}
    _simulate(pairs, district.weather.raw, workers, keep)
    good = [
        place
        for place in range(len(district.models))
        if all((keep / f"{keys[name][place]}.npz").exists() for name in states)
    ]
    heating, cooling = (
        {name: np.stack([_stored(keep, keys[name][place])[part] for place in good]) for name in states}
        for part in ("heating", "cooling")
    )
    chosen = [district.models[place] for place in good]
    specs = tuple(model.spec for model in chosen)
    shapes, climate = building_shapes(chosen), climate_of(district.weather)
    return HeldOut(shapes, specs, climate, _gains(district, chosen), heating, cooling)


def _key(model: ThermalModel, weather: str) -> str:
    return content_key(building_idf(model, SETTINGS), weather)


def _simulate(models: dict[str, ThermalModel], weather: bytes, workers: int, keep: Path) -> None:
    """Run what is not kept yet; a building that fails is left out of the experiment."""
    with JobQueue(local_executor(workers)) as queue:
        for key, model in models.items():
            if not (keep / f"{key}.npz").exists():
                queue.submit(Job(key, "energyplus", model.building_id, (), EnergyJobInputs(model, weather, SETTINGS)))
        for event in queue.run():
            if isinstance(event, JobDone):
                series = {"heating": event.outputs.heating_kwh, "cooling": event.outputs.cooling_kwh}
                np.savez(keep / f"{event.key}.npz", **series)
            elif isinstance(event, JobFailed):
                print(event.message)


def _stored(keep: Path, key: str) -> dict[str, Any]:
    with np.load(keep / f"{key}.npz") as file:
        return {name: file[name] for name in file.files}


def _gains(district: SampleDistrict, models: Sequence[ThermalModel]) -> SolarGains:
    settings, conditions, city = SolarSettings(), SolarConditions(), district.city
    operators = build_operators(solar_scene(city, settings), site_of(district.weather), settings, conditions)
    place = {model.building_id: number for number, model in enumerate(models)}
    of_building = np.array([place.get(str(name), -1) for name in city.buildings.ids], np.int64)
    owners = SurfaceOwners(of_building[city.surfaces.building], city.surfaces.kind)
    return shaded_gains(operators, district.weather, owners, building_shapes(models))
