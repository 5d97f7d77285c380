"""Start of the window: application, event loop, error catcher."""

import asyncio
import importlib
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QSurfaceFormat
from PySide6.QtWidgets import QApplication

from citytwin_desktop.ui.bug_report import ExceptionCatcher, show_report
from citytwin_desktop.ui.main_window import MainWindow
from citytwin_desktop.ui.recents import WindowSettings
from citytwin_desktop.ui.theme import window_font

WARM_UP_DELAY_MS = 600
SWITCH_S = 0.0005
"""How long another thread may keep the window's from going on: Python's own 5 ms are paid at each call that Qt makes
into Python, some hundred in a frame, while anything is worked out on a thread."""
HEAVY_MODULES = (
    "scipy",
    "matplotlib.pyplot",
    "vtkmodules.all",
    "pyvista",
    "pyvistaqt",
    "pyproj",
    "citytwin_desktop.document.document",
    "citytwin_desktop.ui.workspace",
    "citytwin_desktop.ui.workspace_links",
)


def run(project: Path | None = None) -> int:
    """Show the window, on a project when one is given, until it is closed.

    Parameters
    ----------
    project : Path, optional
        A project or a city file.

    Returns
    -------
    int
        Exit code.
    """
    import qasync

    application = make_application()
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    window, catcher = make_window()
    catcher.install()
    window.show()
    if project is not None:
        loop.call_soon(window.open_path, project)
    else:
        QTimer.singleShot(WARM_UP_DELAY_MS, lambda: warm_up(window))
    application.aboutToQuit.connect(loop.stop)
    with loop:
        loop.run_forever()
    return 0


def warm_up(window: MainWindow, place: int = 0) -> None:
    """Import what takes seconds while the user reads the start page, piece by piece between events.

    Not in a thread: two threads in the middle of one package see it half made. The working page comes last: it is
    made of hundreds of widgets, and a project that is opened then has it already.
    """
    if place < len(HEAVY_MODULES):
        importlib.import_module(HEAVY_MODULES[place])
        QTimer.singleShot(50, lambda: warm_up(window, place + 1))
    elif window.isVisible():
        window.ensure_workspace()


def make_application() -> QApplication:
    """The application with its names, its style and the OpenGL format that VTK needs."""
    existing = QApplication.instance()
    if existing is None:
        # VTK draws with the 3.2 core profile; this must stand before the first window.
        surface = QSurfaceFormat()
        surface.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
        surface.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
        surface.setVersion(3, 2)
        QSurfaceFormat.setDefaultFormat(surface)
        existing = QApplication(sys.argv[:1])
    sys.setswitchinterval(SWITCH_S)
    existing.setApplicationName("CityTwin Desktop")
    existing.setOrganizationName("CityTwin")
    existing.setStyle("Fusion")
    existing.setFont(window_font(existing.font()))
    return existing


def make_window(settings: WindowSettings | None = None) -> tuple[MainWindow, ExceptionCatcher]:
    """The window and the catcher that shows errors in it; the catcher is not installed yet."""
    window = MainWindow(settings)
    catcher = ExceptionCatcher(window)
    catcher.known.connect(window.say)
    catcher.bug.connect(lambda report: show_report(window, report))
    return window, catcher
