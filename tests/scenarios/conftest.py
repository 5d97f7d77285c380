"""The real window for user stories; ``CITYTWIN_SCREENSHOTS`` keeps the pictures, ``CITYTWIN_STORY_SIZE`` is W×H."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from citytwin_desktop.catalog.resources import resource_path
from tests.ui.audit import cut_off
from tests.ui.conftest import qapp, qtbot, window

__all__ = ["qapp", "qtbot", "window"]
LEFT = Qt.MouseButton.LeftButton
LAYOUT_LOOKS = 20


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

    def keys(self, shortcut: str, target: QWidget | None = None) -> None:
        """Press keys as they are written in menus, on what has the focus or on a widget."""
        if QApplication.activeWindow() is None:
            # Without a window manager nobody gives the focus back when a dialog closes.
            self.window.activateWindow()
            QTest.qWaitForWindowActive(self.window)
        pressed = QKeySequence(shortcut, QKeySequence.SequenceFormat.PortableText)[0]
        aim = target or QApplication.focusWidget() or self.window
        QTest.keyClick(aim, pressed.key(), pressed.keyboardModifiers())

    def type(self, text: str, target: QWidget | None = None) -> None:
        """Type letters into what has the focus, or into a widget."""
        QTest.keyClicks(target or QApplication.focusWidget(), text)

    def command(self, words: str) -> None:
        """Do something by typing its name into the palette."""
        self.keys("Ctrl+Shift+P", self.workspace.view)
        palette = self.dialog()
        self.type(words, palette.field)
        self.keys("Return", palette.field)

    def paint(self, title: str) -> None:
        """Choose a painted variable in the box of the toolbar by typing the first word of its name."""
        box = self.window.bars.variable_box
        box.setFocus()
        self.type(title.split()[0], box)  # a space would open the list
        self.until(lambda: title in self.workspace.legend.title)

    def pixel(self, point: Any, view: Any = None) -> QPoint:
        """Where a point of the city, (3,) [m], is seen in a view."""
        seen = view or self.workspace.view
        found = seen.scene.camera.pixel(np.asarray(point, np.float64), seen.width(), seen.height())
        return QPoint(*(round(value) for value in found))

    def point(self, place: QPoint, view: Any = None) -> None:
        """Move the pointer over a view."""
        QTest.mouseMove(view or self.workspace.view, place)

    def drag(self, start: QPoint, end: QPoint, view: Any = None, steps: int = 4) -> None:
        """Drag with the left button, in some steps."""
        seen = view or self.workspace.view
        QTest.mousePress(seen, LEFT, Qt.KeyboardModifier.NoModifier, start)
        for step in range(1, steps + 1):
            QTest.mouseMove(seen, start + (end - start) * (step / steps))
        QTest.mouseRelease(seen, LEFT, Qt.KeyboardModifier.NoModifier, end)

    def building_at(self, name: str, view: Any = None) -> QPoint:
        """A place of a view where a click hits a building; KeyError where it is not seen."""
        seen = view or self.workspace.view
        city = seen.scene.city
        row = city.buildings.row(name)
        low, high = (bound[row] for bound in city.bounds_m)
        for share in np.random.default_rng(0).uniform(0.2, 0.8, (60, 2)):
            place = self.pixel([*(low[:2] + share * (high - low)[:2]), high[2]], seen)
            if seen.rect().contains(place) and seen.childAt(place) is None and seen.row_at(place.toPointF()) == row:
                return place
        raise KeyError(name)

    def result(self, engine: str, scenario: str | None = None) -> Any:
        """Which buildings have fresh, stale or missing results of an engine."""
        return self.document.status(engine, scenario or self.document.active_scenario)

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
        """Nothing may be cut off; keep what the whole window shows, in both themes."""
        if self.workspace is not None:
            self.until(lambda: not self.window.links._panels.waiting)  # panels come after the frame
        self.qtbot.wait(30)
        for _ in range(LAYOUT_LOOKS):
            if not (wrong := cut_off(self.window)):
                break
            self.qtbot.wait(100)  # on a loaded machine a layout may still be on its way
        assert not wrong, f"{name}: " + "\n".join(wrong)
        if "CITYTWIN_SCREENSHOTS" not in os.environ:
            return
        self.window.toast._timer.stop()  # pictures take longer than a message is shown
        for theme in ("light", "dark"):
            self.window.set_theme(theme)
            self.qtbot.wait(400)
            size = f"{self.window.width()}x{self.window.height()}"
            shot = self.window.screen().grabWindow(self.window.winId())
            assert shot.save(str(self.folder / f"{name}-{theme}-{size}.png"))
        if self.window.toast.isVisible():
            self.window.toast._timer.start()

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
    visitor.window.activateWindow()
    QTest.qWaitForWindowActive(visitor.window)
    visitor.workspace.view.setFocus()
    return visitor
