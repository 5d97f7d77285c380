"""Solar operators of synthetic districts: processor time, memory, bytes stored, one hour, one year.

Each size runs in a process of its own, so that its peak memory is its own. Compiled kernels are warmed up first.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which districts to build."""
    parser.add_argument("--buildings", default="25,100", help="numbers of buildings, for example 25,100,500")
    parser.add_argument("--cell-size", type=float, default=4.0, help="largest cell [m]")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)


def rows(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure every size."""
    if arguments.child:
        return [measure(arguments.child, arguments.cell_size)]
    found = []
    for count in (int(text) for text in arguments.buildings.split(",")):
        command = [sys.executable, "-m", "benchmarks", "solar", "--json", "--child", str(count)]
        command += ["--cell-size", str(arguments.cell_size)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found += json.loads(done.stdout)["rows"]
    return found


def measure(count: int, cell_size_m: float) -> dict[str, Any]:
    """Build the operators of one district and use them."""
    from citytwin_desktop.sim.solar.build import build_operators
    from citytwin_desktop.sim.solar.hours import HourSynthesis
    from citytwin_desktop.sim.solar.radiance.district import synthetic_district
    from citytwin_desktop.sim.solar.scene import solar_scene
    from citytwin_desktop.sim.solar.serialisation import operators_to_bytes
    from citytwin_desktop.sim.solar.settings import SolarSettings

    settings = SolarSettings(cell_size_m=cell_size_m)
    warm = synthetic_district(1)
    weather = plain_weather(39.8)
    HourSynthesis(build_operators(solar_scene(warm, settings), 39.8, settings), weather).monthly_irradiation()
    city = synthetic_district(count)
    cpu, wall = time.process_time(), time.perf_counter()
    scene = solar_scene(city, settings)
    operators = build_operators(scene, 39.8, settings)
    cpu_operators, wall_operators = time.process_time() - cpu, time.perf_counter() - wall
    cpu = time.process_time()
    synthesis = HourSynthesis(operators, weather)
    synthesis.monthly_irradiation()
    cpu_year = time.process_time() - cpu
    synthesis.irradiance(4000)
    cpu = time.process_time()
    for hour in range(4000, 4048):
        synthesis.irradiance(hour)
    cpu_hour = (time.process_time() - cpu) / 48
    return {
        "buildings": count,
        "surfaces": scene.surface_count,
        "rows": scene.row_count,
        "cpu_s": round(cpu_operators + cpu_year, 2),
        "wall_s": round(wall_operators + cpu_year, 2),
        "operators_cpu_s": round(cpu_operators, 2),
        "year_cpu_s": round(cpu_year, 2),
        "hour_cpu_ms": round(cpu_hour * 1000, 3),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "stored_mb": round(len(operators_to_bytes(operators)) / 1e6, 2),
    }


def plain_weather(latitude_deg: float) -> Any:
    """Make a year without clouds; the work does not depend on its values."""
    from citytwin_desktop.city.weather import Weather
    from citytwin_desktop.sim.solar.sun import sun_path

    path = sun_path(latitude_deg, 0.0, 0.0, 8760)
    height = np.maximum(path.sine_altitude, 1e-3)
    beam = np.where(path.up, 950 * np.exp(-0.15 / height), 0.0)
    diffuse = np.where(path.up, 20 + 100 * height, 0.0)
    rest = np.zeros(8760)
    return Weather(
        "cloudless",
        latitude_deg,
        0.0,
        0.0,
        0.0,
        rest,
        rest,
        rest,
        rest + 1e5,
        rest,
        beam,
        diffuse,
        rest,
        np.zeros(0),
        "0",
        b"",
    )
