"""A project opened in a running window, to its first frame and until it answers, with the memory that it takes."""

import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.scene.ticks import responsive_after, until


def measured(project: Path, _count: int) -> dict[str, Any]:
    """Wall times from the choice of the file in a window that has been up for a while."""
    application, window = window_up()
    began, used, own = time.perf_counter(), time.process_time(), time.thread_time()
    window.open_path(project)
    view = window.workspace.view
    # Frames up to here are of a view that nothing was in yet.
    before = view.frames_drawn
    until(application, lambda: view.frames_drawn > before)
    opened = time.perf_counter() - began
    used, own = time.process_time() - used, time.thread_time() - own
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    calm = responsive_after(application, 5.0) - began
    until(application, lambda: not window.session.standing.counting)
    settled = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    window.close()
    application.processEvents()
    return {
        "open_s": round(opened, 2),
        "open_cpu_s": round(used, 2),
        "open_main_thread_cpu_s": round(own, 2),
        "open_responsive_s": round(calm, 2),
        "open_peak_mb": round(peak),
        "settled_peak_mb": round(settled),
    }


def window_up() -> tuple[Any, Any]:
    """The program's window as it stands when the user has read the start page: by then its own warm-up has ended."""
    from citytwin_desktop.ui.application import make_application, make_window, warm_up
    from citytwin_desktop.ui.recents import WindowSettings

    application = make_application()
    window, _ = make_window(WindowSettings(Path(tempfile.mkdtemp()) / "settings"))
    window.resize(1440, 900)
    window.show()
    until(application, window.isVisible)
    warm_up(window)
    until(application, lambda: window.workspace is not None)
    responsive_after(application, 0.3)
    return application, window
