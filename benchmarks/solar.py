"""The solar engine on synthetic districts: first map, exact year, one hour, other weather, an edit, memory, bytes.

Each size runs in a process of its own, so that its peak memory is its own, and once more for what is drawn. Compiled
kernels are warmed up first. The districts have as many surfaces and cells for each building as the one that the goals
were set on; ``--towers`` makes one with twice the cells. Shared cores make all times vary; run it on an idle machine.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import numpy as np

LATITUDE_DEG = 39.8
_FEW_TOWERS, _TOWERS = 3.8, 1.0
_HOURS = range(4000, 4048)
_MOST_FOR_THREADS = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which districts to build."""
    parser.add_argument("--buildings", default="25,100", help="numbers of buildings, for example 25,100,500")
    parser.add_argument("--cell-size", type=float, default=4.0, help="largest cell [m]")
    parser.add_argument("--towers", action="store_true", help="heights evenly from 5 to 60 m: twice the cells")
    parser.add_argument("--no-drawing", action="store_true", help="leave out what is drawn")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--drawn", type=int, help=argparse.SUPPRESS)


def rows(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure every size, and how the time grows with it."""
    if arguments.child:
        return [measure(arguments.child, arguments.cell_size, towers=arguments.towers)]
    if arguments.drawn:
        return [drawn(arguments.drawn, towers=arguments.towers)]
    found = []
    for count in (int(text) for text in arguments.buildings.split(",")):
        row = _in_a_process("--child", count, arguments)
        if not arguments.no_drawing:
            row |= _in_a_process("--drawn", count, arguments)
        found.append(row)
    large = [row for row in found if row["buildings"] >= 100]
    if len(large) > 1:
        sizes, times = (np.log([row[name] for row in large]) for name in ("buildings", "cpu_s"))
        found.append({"log_log_slope": round(float((times[-1] - times[0]) / (sizes[-1] - sizes[0])), 3)})
    return found


def _in_a_process(option: str, count: int, arguments: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks", "solar", "--json", option, str(count)]
    command += ["--cell-size", str(arguments.cell_size), *(["--towers"] if arguments.towers else [])]
    # As in the window, where numeric libraries keep their threads at rest between frames.
    quiet = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=quiet)
    row: dict[str, Any] = json.loads(done.stdout)["rows"][0]
    return row


def district(count: int, *, towers: bool) -> Any:
    """Make a district."""
    from citytwin_desktop.sim.solar.radiance.district import synthetic_district

    return synthetic_district(count, height_power=_TOWERS if towers else _FEW_TOWERS, pairs_are_two=True)


class Clock:
    """Processor and wall time since it was made."""

    def __init__(self) -> None:
        self._cpu, self._wall = time.process_time(), time.perf_counter()

    @property
    def cpu_s(self) -> float:
        """Processor time of all threads [s]."""
        return round(time.process_time() - self._cpu, 3)

    @property
    def wall_s(self) -> float:
        """Wall time [s]."""
        return round(time.perf_counter() - self._wall, 3)


def measure(count: int, cell_size_m: float, *, towers: bool) -> dict[str, Any]:
    """Build the operators of one district and use them."""
    from citytwin_desktop.sim.solar.build import build_operators, prepare
    from citytwin_desktop.sim.solar.hours import HourSynthesis
    from citytwin_desktop.sim.solar.place import Site
    from citytwin_desktop.sim.solar.scene import solar_scene
    from citytwin_desktop.sim.solar.serialisation import operators_to_bytes
    from citytwin_desktop.sim.solar.settings import SolarSettings

    settings, site, weather = SolarSettings(cell_size_m=cell_size_m), Site(LATITUDE_DEG), plain_weather(LATITUDE_DEG)
    warm = build_operators(solar_scene(district(4, towers=towers), settings), site, settings, first_map=_ignore)
    HourSynthesis(warm, weather).monthly_irradiation()
    city = district(count, towers=towers)
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    clock = Clock()
    operators = build_operators(solar_scene(city, settings), site, settings)
    HourSynthesis(operators, weather).monthly_irradiation()
    row: dict[str, Any] = {"buildings": count, "cpu_s": clock.cpu_s, "wall_s": clock.wall_s}
    row["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    row["before_mb"] = round(before_mb)
    row["stored_mb"] = round(len(operators_to_bytes(operators)) / 1e6, 2)

    row |= _first_map(city, site, settings, weather)
    synthesis = HourSynthesis(operators, replace(weather, name="another year"))
    clock = Clock()
    synthesis.monthly_irradiation()
    row["weather_change_cpu_s"] = clock.cpu_s
    synthesis.irradiance(_HOURS.start)
    clock = Clock()
    for hour in _HOURS:
        synthesis.irradiance(hour)
    row["hour_cpu_ms"] = round(clock.cpu_s / len(_HOURS) * 1000, 3)
    ready = prepare(solar_scene(city, settings), settings)
    row |= {"surfaces": ready.scene.surface_count, "rows": ready.scene.row_count, "cells": len(ready.cells)}
    row |= {"elements": len(ready.elements)}
    if count <= _MOST_FOR_THREADS:
        row |= _edit(city, ready, site, settings) | _threads(ready, site, settings)
    return row


def _ignore(_operators: Any) -> None:
    """Nobody looks at it."""


def _first_map(city: Any, site: Any, settings: Any, weather: Any) -> dict[str, Any]:
    """From the city to the totals of the first map."""
    from citytwin_desktop.city.solar_conditions import SolarConditions
    from citytwin_desktop.sim.solar.build import Course, prepare, solve, trace_sky, trace_sun
    from citytwin_desktop.sim.solar.hours import HourSynthesis
    from citytwin_desktop.sim.solar.scene import solar_scene
    from citytwin_desktop.sim.solar.sun_nodes import sun_plan

    clock, course, conditions = Clock(), Course(), SolarConditions()
    ready = prepare(solar_scene(city, settings), settings)
    sky = trace_sky(ready, settings, conditions, course.stage("", 0.0, 1.0))
    sun = trace_sun(ready, sun_plan(site.latitude_deg, 0.0, settings.first_map()), conditions, course, 0.0, 1.0)
    operators = solve(ready, site, settings, conditions, sky, sun, course.stage("", 0.0, 1.0))
    HourSynthesis(operators, weather).monthly_irradiation()
    return {"first_map_cpu_s": clock.cpu_s, "first_map_wall_s": clock.wall_s}


def _edit(city: Any, ready: Any, site: Any, settings: Any) -> dict[str, Any]:
    """Take one building in the middle away, and trace what that affects."""
    from citytwin_desktop.city.solar_conditions import SolarConditions
    from citytwin_desktop.sim.solar.build import Course, prepare, solve, trace_rows
    from citytwin_desktop.sim.solar.fingerprint import fingerprint
    from citytwin_desktop.sim.solar.retrace import OldTrace, retrace
    from citytwin_desktop.sim.solar.scene import solar_scene
    from citytwin_desktop.sim.solar.sun_nodes import sun_plan

    conditions, course, plan = SolarConditions(), Course(), sun_plan(site.latitude_deg, 0.0, settings)
    old = OldTrace(fingerprint(ready), *trace_rows(ready, site, settings, conditions, course))
    count = len(city.buildings)
    edited = city.without_buildings([str(city.buildings.ids[count // 2 + int(np.sqrt(count)) // 2])])
    clock = Clock()
    now = prepare(solar_scene(edited, settings), settings)
    found = retrace(old, fingerprint(now), now, plan, settings, conditions, course)
    if found is None:
        return {"edit_cpu_s": None, "edit_share": 1.0}
    solve(now, site, settings, conditions, found.sky, found.sun, course.stage("", 0.0, 1.0))
    return {"edit_cpu_s": clock.cpu_s, "edit_share": round(found.share, 4)}


def _threads(ready: Any, site: Any, settings: Any) -> dict[str, Any]:
    """Wall time of everything that is traced, with one thread and with two."""
    from citytwin_desktop.city.solar_conditions import SolarConditions
    from citytwin_desktop.sim.solar.build import Course, trace_rows

    wall = []
    for threads in (1, 2):
        clock = Clock()
        trace_rows(ready, site, settings, SolarConditions(), Course(threads=threads))
        wall.append(clock.wall_s)
    return {"two_threads_times": round(wall[0] / wall[1], 2)}


def drawn(count: int, *, towers: bool) -> dict[str, Any]:
    """Frames of a whole district at noon: unchanged, and with the colours of another hour."""
    import pyvista

    from citytwin_desktop.scene.city_scene import CityScene
    from citytwin_desktop.scene.colour_maps import ColourScale
    from citytwin_desktop.scene.render import use_off_screen_window

    city = district(count, towers=towers)
    use_off_screen_window()
    plotter = pyvista.Plotter(off_screen=True, window_size=(1280, 800))
    scene = CityScene(plotter)
    scene.set_city(city)
    scene.set_camera(scene.home_camera(1.6))
    random = np.random.default_rng(1).random((8, len(city.surfaces))).astype(np.float32)
    scale = ColourScale.fitted(random[0], "inferno")
    scene.paint_values(random[0], None, scale)
    plotter.render_window.Render()
    still, changed = [], []
    for values in random:
        clock = Clock()
        plotter.render_window.Render()
        still.append(clock.wall_s)
        clock = Clock()
        scene.paint_values(values, None, scale)
        plotter.render_window.Render()
        changed.append(clock.wall_s)
    static, moving = float(np.median(still)), float(np.median(changed))
    plotter.close()
    return {"static_frame_ms": round(static * 1000, 1), "hour_drawn_beyond_ms": round((moving - static) * 1000, 1)}


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
