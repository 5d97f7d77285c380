"""Random clicks, keys, edits and dialogs: whatever is done, no error and a document that its file agrees with.

``CITYTWIN_MONKEY_EVENTS`` and ``CITYTWIN_MONKEY_SEEDS`` make it longer; ``CITYTWIN_MONKEY_RUNS=1`` lets it run engines.
"""

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLineEdit, QPushButton, QWidget

from citytwin_desktop.document.checks import check_project
from citytwin_desktop.document.document import open_document
from citytwin_desktop.project.soundness import check_district
from citytwin_desktop.ui.variables import VARIABLES
from tests.document.test_commands import fingerprint
from tests.stored_demand import store_demand
from tests.ui.monkey_deeds import Deeds

EVENTS = int(os.environ.get("CITYTWIN_MONKEY_EVENTS", "160"))
FIRST_SEED = int(os.environ.get("CITYTWIN_MONKEY_FIRST_SEED", "0"))
SEEDS = range(FIRST_SEED, FIRST_SEED + int(os.environ.get("CITYTWIN_MONKEY_SEEDS", "1")))
RUNS = os.environ.get("CITYTWIN_MONKEY_RUNS", "") == "1"
LEFT = Qt.MouseButton.LeftButton
_ENGINES = {"run.solar", "run.collectors", "run.energyplus", "run.stale"}
NEVER = frozenset({"file.quit", "file.demo", "look.turntable"} | (set() if RUNS else _ENGINES))
KEYS = [
    *(Qt.Key.Key_Tab, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Home),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_F2),
    *(Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_E, Qt.Key.Key_H, Qt.Key.Key_I, Qt.Key.Key_5, Qt.Key.Key_Backspace),
]
TEXTS = ["0,5", "1931", "", "–", "abc", "-1", "1e9", "nan", "2", "0.3", "<b>x</b>", "שלום", "🏠\nb", "x" * 300, " y "]


class Monkey(Deeds):
    """Does one random thing after another."""

    never = NEVER

    def __init__(self, window: Any, chance: random.Random, project: Path, files: list[Path]) -> None:
        self.window, self.chance, self.project, self.files = window, chance, project, files
        self.done: list[str] = []
        # A menu of a button waits for an answer in a loop of its own.
        self.closer = QTimer(window, interval=30)
        self.closer.timeout.connect(lambda: (popup := QApplication.activePopupWidget()) is not None and popup.close())
        self.closer.start()

    def step(self) -> None:
        """One thing: to a dialog when there is one, to the window otherwise."""
        if self.document is None and self.chance.random() < 0.5:
            self.window.open_path(self.project)
        shown = [form for form in self.window.findChildren(QDialog) if form.isVisible()]
        deed: Callable[[], object]
        if shown:
            self.done.append(type(shown[0]).__name__)
            self.answer(shown[0])
        else:
            deeds = [self.act] * 5 + [self.click] * 4 + [self.press, self.edit, self.choose] * 3
            deeds += [self.drag_time, self.paint, self.wheel, self.resize, self.rename, self.drop, self.view_drag] * 2
            deeds += [self.use_tool] * 10 + [self.query, self.table, self.legend, self.compare, self.charts] * 2
            deeds += [self.palette, self.find, self.history, self.storm, self.explain, self.themes]
            deed = self.chance.choice(deeds)
            self.done.append(deed.__name__)
            deed()
        for popup in iter(QApplication.activePopupWidget, None):
            popup.close()
        QApplication.processEvents()

    def act(self) -> None:
        enabled = [action for key, action in self.window.actions_.actions.items() if action.isEnabled()]
        action = self.chance.choice([action for action in enabled if action.objectName() not in NEVER])
        self.done[-1] = action.objectName()
        action.trigger()

    def click(self) -> None:
        target = self.workspace.view if self.chance.random() < 0.6 and self.document is not None else self.any_widget()
        if target is None or "quit" in target.objectName().lower() or target.objectName() == "startDemo":
            return
        place = QPoint(self.chance.randrange(max(target.width(), 1)), self.chance.randrange(max(target.height(), 1)))
        key = self.chance.choice([Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
        (QTest.mouseDClick if self.chance.random() < 0.1 else QTest.mouseClick)(target, LEFT, key, place)

    def any_widget(self) -> QWidget | None:
        place = QPoint(self.chance.randrange(self.window.width()), self.chance.randrange(40, self.window.height()))
        found = self.window.childAt(place)
        return None if found is self.window.bars.run_button else found

    def press(self) -> None:
        target = self.window.focusWidget() or self.window
        if isinstance(target, QPushButton) and "demo" in target.objectName().lower():
            return
        QTest.keyClick(target, self.chance.choice(KEYS))

    def edit(self) -> None:
        if self.document is not None:
            field = self.chance.choice(list(self.workspace.inspector.properties.values())).value
            self.type_into(field)
            QTest.keyClick(field, self.chance.choice([Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape]))

    def type_into(self, field: QLineEdit) -> None:
        if field.isEnabled() and not field.isReadOnly():
            field.setFocus()
            field.selectAll()
            field.insert(self.chance.choice(TEXTS))

    def choose(self) -> None:
        boxes = [box for box in self.window.findChildren(QComboBox) if box.isVisible() and box.isEnabled()]
        if boxes and self.document is not None:
            self.pick(self.chance.choice(boxes))

    def pick(self, box: QComboBox) -> None:
        if box.count():
            place = self.chance.randrange(box.count())
            box.setCurrentIndex(place)
            box.activated.emit(place)

    def drag_time(self) -> None:
        if self.document is not None:
            for _ in range(5):
                self.workspace.time_bar.hour_chosen.emit(self.chance.randrange(8760))

    def paint(self) -> None:
        if self.document is not None:
            self.window.colour_by(self.chance.choice(["", *VARIABLES]))
            self.chance.choice(self.workspace.time_bar.periods.buttons()).click()

    def wheel(self) -> None:
        view = self.workspace.view if self.document is not None else None
        if view is not None:
            here, delta = QPointF(view.width() / 2, view.height() / 2), QPoint(0, self.chance.choice([120, -120, 1200]))
            phase, none = Qt.ScrollPhase.NoScrollPhase, Qt.KeyboardModifier.NoModifier
            event = QWheelEvent(here, here, QPoint(), delta, Qt.MouseButton.NoButton, none, phase, False)
            QApplication.sendEvent(view, event)

    def resize(self) -> None:
        self.window.resize(*self.chance.choice([(600, 400), (1024, 640), (1366, 768), (1500, 900)]))

    def rename(self) -> None:
        panel = self.workspace.scenarios if self.document is not None else None
        if panel is not None and panel.list.count() > 1:
            item = panel.list.item(self.chance.randrange(1, panel.list.count()))
            item.setText(self.chance.choice(TEXTS))
        if panel is not None and self.chance.random() < 0.2:
            panel.remove.click()

    def drop(self) -> None:
        data, none = QMimeData(), Qt.KeyboardModifier.NoModifier
        paths = self.chance.sample(self.files, self.chance.randrange(1, 3))
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        self.window.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, LEFT, none))

    def answer(self, form: QDialog) -> None:
        for field in form.findChildren(QLineEdit):
            if self.chance.random() < 0.2 and field.objectName() != "importProject":
                self.type_into(field)
        for box in form.findChildren(QComboBox):
            self.pick(box)
        button = form.findChild(QPushButton, "primary")
        if button is not None and self.chance.random() < 0.6:
            QTest.mouseClick(button, LEFT)
        else:
            QTest.keyClick(form, Qt.Key.Key_Escape)


@pytest.fixture
def project(project: Path, weather_file: Path) -> Path:
    """Four boxes with weather, archetypes, a second scenario, and results of three of them."""
    document = open_document(project)
    document.execute("set_weather", path=str(weather_file))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1935)
    document.execute("add_scenario", name="Deep retrofit")
    document.execute("assign_package", scenario_id="deep-retrofit", building_ids=["B0", "B1"], package_id="deep")
    store_demand(document, "baseline", {"B0": 120.0, "B1": 80.0, "B2": 60.0})
    store_demand(document, "deep-retrofit", {"B0": 30.0, "B1": 90.0})
    document.close()
    return project


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", SEEDS)
def test_monkey(
    window: Any,
    project: Path,
    seed: int,
    weather_file: Path,
    city_file: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("getOpenFileName", "getSaveFileName", "getOpenFileNames", "getExistingDirectory"):
        nothing = "" if name.endswith("y") else ([], "") if name.endswith("s") else ("", "")
        monkeypatch.setattr(f"citytwin_desktop.ui.file_commands.QFileDialog.{name}", lambda *_, n=nothing, **__: n)
    other = tmp_path / "other.zip"
    other.write_bytes(b"PK")
    monkey = Monkey(window, random.Random(seed), project, [weather_file, city_file(), project, other, tmp_path])
    window.open_path(project)
    window.workspace.view.reduce_motion = True
    try:
        for _ in range(EVENTS):
            monkey.step()
    except BaseException:
        print(seed, len(monkey.done), monkey.done[-12:])  # noqa: T201
        raise
    for form in window.findChildren(QDialog):
        form.reject()
    if window.session.document is None:
        window.open_path(project)
    check(window)


def check(window: Any) -> None:
    """The document agrees with itself, with what is shown, and with its file."""
    session, document = window.session, window.session.document
    for run in session.running:
        run.cancel()
    session.poll_runs()
    assert set(document.selection) <= {str(name) for name in document.city.buildings.ids}
    assert window.workspace.scenarios.list.count() == len(document.scenarios)
    assert window.bars.scenario_box.currentData() == document.active_scenario
    scene = window.workspace.view.scene
    assert len(scene.appearance.selected) == len(document.city.buildings)
    np.testing.assert_array_equal(scene.city.surfaces.polygons.vertices, document.city.surfaces.polygons.vertices)
    check_district(document.project.district)
    found = check_project(document)
    assert found["ok"], found["problems"]
    history = [(entry.title, entry.undone) for entry in document.history()]
    content, path = fingerprint(document.project.district), document.path
    window.close_project()
    beside = open_document(path, read_only=True)
    try:
        assert fingerprint(beside.project.district) == content, "memory and file are the same"
    finally:
        beside.close()
    check_the_whole_history(path, history, content)


def check_the_whole_history(path: Path, history: list[tuple[str, bool]], content: str) -> None:
    """All the way back to nothing, and all the way on to where it was."""
    document = open_document(path)
    try:
        assert [(entry.title, entry.undone) for entry in document.history()] == history
        steps = 0
        while document.undo() is not None:
            steps += 1
        assert len(document.city.buildings) == 0
        for _ in range(steps):
            assert document.redo() is not None
        assert fingerprint(document.project.district) == content
        assert check_project(document)["ok"]
        while document.redo() is not None:
            check_district(document.project.district)
    finally:
        document.close()
