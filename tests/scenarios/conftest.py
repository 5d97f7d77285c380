"""The real window for user stories; ``CITYTWIN_SCREENSHOTS`` keeps the pictures, ``CITYTWIN_STORY_SIZE`` is W×H."""

import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from citytwin_desktop.catalog.resources import resource_path
from tests.ui.conftest import qapp, qtbot, window

__all__ = ["qapp", "qtbot", "window"]
LEFT = Qt.MouseButton.LeftButton


class Visitor:
    """Somebody at the window, whose clicks are counted.

    Parameters
    ----------
    window : MainWindow
    qtbot : QtBot
    folder : Path
        Where pictures and files go.
    """

    def __init__(self, window: Any, qtbot: Any, folder: Path) -> None:
        self.window, self.qtbot, self.folder, self.clicks = window, qtbot, folder, 0

    @property
    def workspace(self) -> Any:
        return self.window.workspace

    @property
    def document(self) -> Any:
        return self.window.session.document

    def click(self, widget: QWidget, place: QPoint | None = None, key: Any = Qt.KeyboardModifier.NoModifier) -> None:
        assert widget.isVisible(), f"{widget.objectName()} cannot be seen"
        assert widget.isEnabled(), f"{widget.objectName()} cannot be clicked: {widget.toolTip()}"
        self.clicks += 1
        QTest.mouseClick(widget, LEFT, key, place if place is not None else widget.rect().center())

    def dialog(self) -> Any:
        return next(child for child in self.window.findChildren(QDialog) if child.isVisible())

    def primary(self) -> QPushButton:
        button: QPushButton = self.dialog().findChild(QPushButton, "primary")
        return button

    def until(self, condition: Any, timeout: int = 120_000) -> None:
        self.qtbot.waitUntil(condition, timeout=timeout)

    def drawn(self) -> None:
        """Wait until the view has drawn what was asked for last."""
        view = self.workspace.view
        before = view.frames_drawn
        view.update()
        self.until(lambda: view.frames_drawn > before)

    def picture(self, name: str) -> None:
        """Keep what the whole window shows, in both themes."""
        if "CITYTWIN_SCREENSHOTS" not in os.environ:
            return
        for theme in ("light", "dark"):
            self.window.set_theme(theme)
            self.qtbot.wait(400)
            size = f"{self.window.width()}x{self.window.height()}"
            shot = self.window.screen().grabWindow(self.window.winId())
            assert shot.save(str(self.folder / f"{name}-{theme}-{size}.png"))

    def demo_city(self) -> Path:
        """The shipped district as a file of the visitor's own."""
        source = self.folder / "district.city.json"
        source.write_bytes(resource_path("demo", "district.city.json").read_bytes())
        return source


@pytest.fixture
def visitor(window: Any, qtbot: Any, tmp_path: Path) -> Visitor:
    folder = Path(os.environ.get("CITYTWIN_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    width, _, height = os.environ.get("CITYTWIN_STORY_SIZE", "1366x768").partition("x")
    window.resize(int(width), int(height))
    return Visitor(window, qtbot, folder)


@pytest.fixture(scope="session")
def _district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped district with weather, archetypes and estimates of everything, made once."""
    from citytwin_desktop.document.document import create_document
    from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path

    path = tmp_path_factory.mktemp("district") / "district.citytwin.gpkg"
    document = create_document(path)
    document.execute("import_city", sources=[str(resource_path("demo", "district.city.json"))])
    document.execute("set_weather", path=str(chicago_weather_path()))
    document.execute("enrich", archetype_set="US", assume_function="residential", assume_year=1960)
    run = document.start_run("estimate")
    while not run.finished:
        run.poll()
    document.close()
    return path


@pytest.fixture
def district(_district: Path, tmp_path: Path) -> Path:
    """An own copy of the estimated district."""
    path = tmp_path / "district.citytwin.gpkg"
    path.write_bytes(_district.read_bytes())
    return path


@pytest.fixture
def at_work(visitor: Visitor, district: Path) -> Visitor:
    """A visitor with the estimated district open and drawn."""
    visitor.window.open_path(district)
    visitor.until(lambda: visitor.workspace is not None and visitor.workspace.view.frames_drawn > 0)
    visitor.workspace.view.reduce_motion = True
    return visitor
