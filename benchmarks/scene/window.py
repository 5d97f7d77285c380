"""Edits in the real window, until they are on the screen and the window answers, and its gaps while an engine runs."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.scene.opening import window_up
from benchmarks.scene.ticks import gaps, responsive_after, until
from citytwin_desktop.catalog.measures import packages

EDITED_AT_ONCE, REPEATS, RUN_BUILDINGS = 500, 3, 1_000
ALLOWED_MS = 30.0


def measured(project: Path, count: int) -> dict[str, Any]:
    """Wall times, medians of three."""
    application, window = window_up()
    window.open_path(project)
    view, document = window.workspace.view, window.session.document
    view.reduce_motion = True
    until(application, lambda: view.frames_drawn > 0 and not window.session.standing.counting)
    responsive_after(application)
    frame = statistics.median(_to_pixels(application, view, lambda: (view.moving(), view.update())) for _ in range(5))
    ids = [str(name) for name in document.city.buildings.ids[: 2 * EDITED_AT_ONCE : 2]]
    values = iter((0.31, 0.32, 0.33, 0.34))
    bulk = [
        _edit(application, view, lambda: document.execute(
            "edit_buildings", building_ids=ids, column="wall_u_value_w_m2k", value=next(values)))
        for _ in range(REPEATS)
    ]  # fmt: skip
    moved = [
        _edit(application, view, lambda: document.execute("move_buildings", building_ids=ids[:1], dx_m=1.0, dy_m=0.0))
        for _ in range(REPEATS)
    ]
    selected = [_edit(application, view, lambda n=n: document.select(ids[: 100 + n])) for n in range(REPEATS)]
    edit_ms = statistics.median(shown for _, shown, _, _ in moved) * 1000
    found = {
        "window_frame_ms": round(frame * 1000, 1),
        "bulk_edit_s": round(statistics.median(shown for _, shown, _, _ in bulk), 3),
        "bulk_edit_commit_s": round(statistics.median(done for done, _, _, _ in bulk), 3),
        "bulk_edit_responsive_s": round(statistics.median(calm for _, _, calm, _ in bulk), 3),
        "bulk_edit_main_thread_cpu_s": round(statistics.median(cpu for _, _, _, cpu in bulk), 3),
        "geometry_edit_ms": round(edit_ms, 1),
        "geometry_edit_frames_beyond_30_ms": round(max(edit_ms - ALLOWED_MS, 0.0) / (frame * 1000), 2),
        "select_responsive_s": round(statistics.median(calm for _, _, calm, _ in selected), 3),
    }
    ids = [str(name) for name in document.city.buildings.ids[: min(count, RUN_BUILDINGS)]]
    found |= _gaps_of_a_run(application, window, ids, "run_gap")
    # The same in a scenario of its own, as nothing is run twice, while what arrives is painted.
    document.execute("add_scenario", name="Gaps", parent_id="baseline")
    document.execute("assign_package", scenario_id="gaps", building_ids=ids, package_id=next(iter(packages())))
    window.session.set_scenario("gaps")
    window.colour_by("heating_demand")
    responsive_after(application)
    found |= _gaps_of_a_run(application, window, ids, "painted_run_gap")
    window.close()
    application.processEvents()
    return found


def _to_pixels(application: Any, view: Any, act: Callable[[], Any]) -> float:
    """Time [s] from an act to the next frame that VTK has ended."""
    before, began = view.frames_drawn, time.perf_counter()
    act()
    until(application, lambda: view.frames_drawn > before)
    spent = time.perf_counter() - began
    responsive_after(application, 0.4)
    return spent


def _edit(application: Any, view: Any, act: Callable[[], Any]) -> tuple[float, float, float, float]:
    """Times [s] from an act until it is durable, until it is on the screen, and until the window answers again.

    The last is the time that the thread of the window worked for it.
    """
    before, began, own = view.frames_drawn, time.perf_counter(), time.thread_time()
    act()
    done = time.perf_counter() - began
    until(application, lambda: view.frames_drawn > before)
    shown = time.perf_counter() - began
    calm = max(responsive_after(application) - began, shown)
    return done, shown, calm, time.thread_time() - own


def _gaps_of_a_run(application: Any, window: Any, ids: list[str], name: str) -> dict[str, float]:
    """Longest times without an answer while the estimate of some buildings runs, and in the second after it.

    Also of those in which no frame was drawn, which takes its time on a software renderer, and what the process
    worked in them at most.
    """
    view = window.workspace.view
    run = window.run_engine("estimate", ids, 1)
    responsive_after(application, 0.3)
    every = gaps(application, view, lambda: run.finished)
    ends = time.perf_counter() + 1.0
    every += gaps(application, view, lambda: time.perf_counter() > ends)
    frameless = [gap for gap in every if not gap.frames]
    return {
        f"{name}_ms": round(max(gap.wall_s for gap in every) * 1000, 1),
        f"{name}_without_frames_ms": round(max(gap.wall_s for gap in frameless) * 1000, 1),
        f"{name}_without_frames_work_ms": round(max(gap.process_s for gap in frameless) * 1000, 1),
    }
