"""EnergyPlus: processor time of our whole path, from city to hours, over bare runs of the same input files."""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.formats.epw import read_epw
from citytwin_desktop.sim.energyplus.idf import building_idf
from citytwin_desktop.sim.energyplus.inputs import EnergyJobInputs, EnergySettings, ThermalModel
from citytwin_desktop.sim.energyplus.locate import locate
from citytwin_desktop.sim.energyplus.thermal_models import thermal_models
from citytwin_desktop.sim.jobs.executors import local_executor
from citytwin_desktop.sim.jobs.job import Job, JobDone
from citytwin_desktop.sim.jobs.queue import JobQueue

_SPEC = EnergySpec(
    function="office",
    wall_u_value_w_m2k=0.5,
    roof_u_value_w_m2k=0.3,
    floor_u_value_w_m2k=0.4,
    window_u_value_w_m2k=2.0,
    window_g_value=0.6,
    window_share=0.3,
    heat_capacity_kj_m2k=165.0,
    infiltration_ach=0.3,
    ventilation_l_s_m2=0.0,
    heat_recovery_efficiency=0.0,
    fan_power_w_per_l_s=0.0,
    heating_setpoint_c=20.0,
    heating_setback_c=16.0,
    cooling_setpoint_c=26.0,
    people_per_m2=0.04,
    lighting_w_m2=8.0,
    equipment_w_m2=7.0,
    hot_water_kwh_m2a=10.0,
    storey_height_m=3.0,
    heating_system="boiler",
    heating_carrier="natural_gas",
    heating_efficiency=0.9,
    heat_source="",
    cop_coefficients=(),
    supply_temperature_c=55.0,
    hot_water_system="boiler",
    hot_water_carrier="natural_gas",
    hot_water_efficiency=0.8,
    cooling_system="chiller",
    cooling_carrier="electricity",
    cooling_efficiency=3.0,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this benchmark."""
    parser.add_argument("--buildings", type=int, default=20)


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Run every building our way and bare, one after the other, so that both meet the same load of the machine."""
    city, settings = _city(arguments.buildings), EnergySettings()
    raw = next(locate().executable.parent.glob("WeatherData/*Chicago*.epw")).read_bytes()
    weather = read_epw(raw, "chicago.epw")
    began, aside_s = _cpu_s(), 0.0
    specs = dict.fromkeys(city.buildings.ids, _SPEC)
    models = thermal_models(city, range(arguments.buildings), specs, weather, settings).models
    prepared_s = _cpu_s() - began
    done = 0
    with JobQueue(local_executor(1)) as queue:
        for model in models:
            queue.submit(Job(model.building_id, "energyplus", "", (), EnergyJobInputs(model, raw, settings)))
            done += sum(isinstance(event, JobDone) for event in queue.run())
            aside_s += _bare(model, raw, settings)
    ours_s = _cpu_s() - began - aside_s
    write_s, bare_s = _writing(models, settings), sum(_bare_s)
    return {
        "buildings": done,
        "cpu_s": round(ours_s, 2),
        "bare_cpu_s": round(bare_s, 2),
        "overhead": round(ours_s / bare_s - 1.0, 4),
        "prepare_cpu_s": round(prepared_s, 3),
        "write_idf_ms": round(1000.0 * write_s, 2),
    }


def rows(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """The one row of this benchmark."""
    return [run(arguments)]


_bare_s: list[float] = []


def _bare(model: ThermalModel, raw: bytes, settings: EnergySettings) -> float:
    """Run the bare program; returns all processor time that this took, the program's own goes to the list."""
    began = _cpu_s()
    text = building_idf(model, settings)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in.epw").write_bytes(raw)
        (folder / "in.idf").write_text(text, encoding="utf-8")
        start = os.times()
        arguments = [locate().executable, "-w", folder / "in.epw", "-d", folder, folder / "in.idf"]
        subprocess.run(arguments, check=True, capture_output=True)
        end = os.times()
    _bare_s.append(end.children_user + end.children_system - start.children_user - start.children_system)
    return _cpu_s() - began


def _writing(models: list[ThermalModel], settings: EnergySettings) -> float:
    began = time.process_time()
    for model in models:
        building_idf(model, settings)
    return (time.process_time() - began) / len(models)


def _city(count: int) -> CityModel:
    """Boxes of 20 x 15 m on a grid of 32 x 27 m, three to five storeys high."""
    side = int(np.ceil(np.sqrt(count)))
    polygons, kinds, owners = [], [], []
    for row in range(count):
        x, y, top = 32.0 * (row % side), 27.0 * (row // side), 9.0 + 3.0 * (row % 3)
        ring = np.array([(x, y), (x + 20.0, y), (x + 20.0, y + 15.0), (x, y + 15.0)])
        low, high = (np.column_stack([ring, np.full(4, z)]) for z in (0.0, top))
        faces = [(SurfaceKind.GROUND, low[::-1]), (SurfaceKind.ROOF, high)]
        faces += [(SurfaceKind.WALL, np.array([low[i], low[i - 3], high[i - 3], high[i]])) for i in range(4)]
        for kind, corners in faces:
            polygons.append([corners])
            kinds.append(kind)
            owners.append(row)
    surfaces = Surfaces(
        Polygons.from_rings(polygons), np.array(kinds, np.uint8), np.array(owners), np.array([""] * len(kinds), object)
    )
    identifiers = np.array([f"B{row}" for row in range(count)], object)
    return CityModel(epsg=26916, buildings=Buildings({"id": identifiers}), surfaces=surfaces)


def _cpu_s() -> float:
    """Processor time of this process and of all children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
