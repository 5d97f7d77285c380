"""Checks before Qt and VTK load: without its libraries Qt aborts and VTK crashes. Standard library only."""

import ctypes
import os
import sys

from citytwin_desktop.errors import KnownError

OFFSCREEN_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11.so.6": "libx11-6",
}
"""Shared objects and the Debian packages that hold them, for pictures and EnergyPlus without a display."""

WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libXcursor.so.1": "libxcursor1",
}
"""The same, for a window on X."""


NUMERIC_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def calm_numeric_threads() -> None:
    """Keep numeric libraries of this process to one thread, unless the user chose otherwise; before numpy loads.

    Their threads spin after each product and take the cores from a software renderer: one hour of the time bar
    then costs 1.7 static frames instead of 1.1. Heavy work runs in worker processes, which set their own number.
    """
    for name in NUMERIC_THREADS:
        os.environ.setdefault(name, "1")


def missing_packages(*, window: bool) -> list[str]:
    """Debian packages whose libraries are not there; empty on other systems, which bring their own.

    Parameters
    ----------
    window : bool
        Whether a window is wanted, or only pictures and runs.
    """
    if not sys.platform.startswith("linux"):
        return []
    wanted = {**OFFSCREEN_LIBRARIES, **(WINDOW_LIBRARIES if window else {})}
    return [package for library, package in wanted.items() if not _loads(library)]


def require_window_libraries() -> None:
    """Refuse to open a window that would only crash.

    Raises
    ------
    KnownError
        When there is no display, or libraries are missing.
    """
    if not has_display():
        raise KnownError("There is no display to open a window on: use a command, see citytwin --help.")
    if missing := missing_packages(window=os.environ.get("QT_QPA_PLATFORM", "xcb") == "xcb"):
        msg = f"System libraries are missing: install them with “sudo apt-get install {' '.join(missing)}”."
        raise KnownError(msg)


def has_display() -> bool:
    """Whether a window can be opened."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
