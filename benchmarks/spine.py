"""The numbers of the spine on a real city: import, first frame, solar, one hour of the slider, pick, memory.

Run under a display, for example ``xvfb-run -a -s "-screen 0 1600x1000x24" python -m benchmarks spine --json``. Every
latency counts frames that VTK has really drawn.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from citytwin_desktop.preflight import calm_numeric_threads

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FRAMES = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which city and weather to take."""
    parser.add_argument("--city", type=Path, default=DATA / "cityjson" / "3-20-DELFSHAVEN.city.json")
    parser.add_argument("--weather", type=Path, default=next((DATA / "epw").glob("GBR*.epw"), None))
    parser.add_argument("--child", help=argparse.SUPPRESS)


def rows(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure everything, each step in a process of its own."""
    if arguments.child:
        return window_rows(Path(arguments.child))
    found = []
    with tempfile.TemporaryDirectory() as folder:
        # As on a user's machine, where sources are compiled once: also where this shell forbids writing bytecode.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        # As the start of the program does, before numpy loads: here for the processes to come.
        calm_numeric_threads()
        project = Path(folder) / "warm.citytwin.gpkg"
        timed("import", arguments.city, "--into", project)
        warm = [sys.executable, "-c", "import citytwin_desktop.ui.application, citytwin_desktop.ui.workspace"]
        subprocess.run(warm, check=True, capture_output=True)
        project = Path(folder) / "spine.citytwin.gpkg"
        found.append(row("import to project", *timed("import", arguments.city, "--into", project), goal=3.0))
        timed("weather", project, arguments.weather)
        found.append(row("solar, first map", *timed("simulate", project, "--engine", "solar"), goal=15.0))
        child = [sys.executable, "-X", "faulthandler", "-m", "benchmarks", "spine", "--json", "--child", str(project)]
        done = subprocess.run(child, capture_output=True, text=True, check=True)
        found += json.loads(done.stdout)["rows"]
    return found


def row(measure: str, value: float, unit: str, peak_mb: float | None = None, *, goal: float) -> dict[str, Any]:
    """One line of the table."""
    line = {"measure": measure, "value": round(value, 3), "unit": unit, "goal": goal}
    return {**line, "peak_mb": round(peak_mb)} if peak_mb is not None else line


def timed(*arguments: Any) -> tuple[float, str, float]:
    """Processor time of one command with all its children, and the peak memory of the largest process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "citytwin_desktop", *(str(word) for word in arguments)]
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, "CPU-s", after.ru_maxrss / 1024


def window_rows(project: Path) -> list[dict[str, Any]]:
    """Open the window on a project and measure what its user waits for."""
    began, cpu = time.perf_counter(), time.process_time()
    from citytwin_desktop.ui.application import make_application, make_window

    application = make_application()
    window, _ = make_window()
    window.show()
    window.open_path(project)
    view = window.workspace.view
    until(application, lambda: view.frames_drawn > 0 and view.isVisible())
    opened, opened_cpu = time.perf_counter() - began, time.process_time() - cpu
    settle(application, 0.8)
    found = [row("open to first drawn frame", opened, "wall s", goal=3.0)]
    found.append(row("open to first drawn frame", opened_cpu, "CPU-s", goal=3.0))
    static = frames(application, view, lambda _: (view.moving(), view.update()))
    window.colour_by("solar_irradiation")
    window.set_hour(4100)
    settle(application, 0.8)
    coloured = frames(application, view, lambda _: (view.moving(), view.update()))
    scrub = frames(application, view, lambda number: window.set_hour(24 * (150 + number) + 12))
    pick = frames(application, view, lambda number: click(view, window, number))
    lines = {"static frame, neutral": static, "static frame, solar colours": coloured, "one hour of the slider": scrub}
    for name, (wall, used) in {**lines, "click to highlighted frame": pick}.items():
        found += [row(name, wall * 1000, "wall ms", goal=0.0), row(name, used * 1000, "CPU ms", goal=0.0)]
    found += [
        row("slider over static frame", scrub[0] / coloured[0], "wall ratio", goal=1.3),
        row("slider over static frame", scrub[1] / coloured[1], "CPU ratio", goal=1.3),
        row("click beyond a static frame", (pick[0] - coloured[0]) * 1000, "wall ms", goal=20.0),
        row("click beyond a static frame", (pick[1] - coloured[1]) * 1000, "CPU ms", goal=20.0),
        row("pick query", query(view) * 1000, "wall ms", goal=20.0),
        row("peak memory of the window", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", goal=1500.0),
    ]
    window.close()
    settle(application, 0.2)
    return found


def until(application: Any, condition: Any, limit_s: float = 60.0) -> None:
    """Process events until something holds."""
    deadline = time.perf_counter() + limit_s
    while not condition():
        application.processEvents()
        if time.perf_counter() > deadline:
            raise TimeoutError


def settle(application: Any, seconds: float) -> None:
    """Process events for a while."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        application.processEvents()
        time.sleep(0.005)


def frames(application: Any, view: Any, act: Any) -> tuple[float, float]:
    """Median wall and processor time [s] from an action to the next frame that was really drawn."""
    times = []
    for number in range(FRAMES):
        before, began, cpu = view.frames_drawn, time.perf_counter(), time.process_time()
        act(number)
        until(application, lambda before=before: view.frames_drawn > before)
        times.append((time.perf_counter() - began, time.process_time() - cpu))
    settle(application, 0.4)
    return statistics.median(t for t, _ in times[4:]), statistics.median(c for _, c in times[4:])


def click(view: Any, window: Any, number: int) -> None:
    """Click another building each time, where it is seen."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    document, place = window.session.document, QPoint()
    for attempt in range(400):
        step = number * 37 + attempt * 53
        x = view.width() // 4 + step % (view.width() // 2)
        y = view.height() // 4 + (step * 7) % (view.height() // 2)
        found, place = view.scene.pick(x, y, view.width(), view.height()), QPoint(x, y)
        if found is not None and (str(document.city.buildings.ids[found.building]),) != document.selection:
            break
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)


def query(view: Any) -> float:
    """Median time [s] of asking which surface lies under a pixel."""
    times = []
    for number in range(200):
        began = time.perf_counter()
        view.scene.pick(100 + 5 * number % view.width(), view.height() // 2, view.width(), view.height())
        times.append(time.perf_counter() - began)
    return statistics.median(times)
