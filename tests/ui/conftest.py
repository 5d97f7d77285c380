"""The real window on a real small project; needs a display, Xvfb will do."""

import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def qapp() -> Any:
    """The application as the program makes it."""
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        pytest.skip("no display for a window: run under xvfb-run")
    from citytwin_desktop.ui.application import make_application

    return make_application()


@pytest.fixture
def qtbot(qtbot: Any) -> Any:
    """A patient robot: a loaded machine may take seconds for a frame."""
    qtbot.waitUntil = partial(qtbot.waitUntil, timeout=60_000)
    return qtbot


@pytest.fixture
def project(tmp_path: Path, city_file: Callable[..., Path]) -> Path:
    """A project of four boxes, 20 m apart."""
    from citytwin_desktop.document.document import create_document

    path = tmp_path / "boxes.citytwin.gpkg"
    document = create_document(path)
    document.execute("import_city", sources=[str(city_file())])
    document.close()
    return path


@pytest.fixture
def window(qapp: Any, qtbot: Any, tmp_path: Path) -> Iterator[Any]:
    """A shown window with settings of its own; errors in slots fail the test."""
    from citytwin_desktop.ui.application import make_window
    from citytwin_desktop.ui.recents import WindowSettings

    result, _ = make_window(WindowSettings(tmp_path / "settings"))
    result.resize(1366, 768)
    with qtbot.waitExposed(result, timeout=60_000):
        result.show()
    yield result
    result.close()
    result.deleteLater()


@pytest.fixture
def opened(window: Any, project: Path, qtbot: Any) -> Any:
    """The window with the four boxes drawn."""
    window.open_path(project)
    qtbot.waitUntil(lambda: window.workspace.view.frames_drawn > 0)
    window.workspace.view.reduce_motion = True
    return window
