"""For everybody: names for screen readers, everything by keyboard, larger text, a small screen."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

from citytwin_desktop.document.document import open_document
from tests.stored_demand import store_demand
from tests.ui.audit import cut_off, focusable, letters_let_through, nameless, path_of, tabbed_through

FACTORS = os.environ.get("CITYTWIN_SCALE_FACTORS", "1.5").split(",")
DIALOGS = (
    *("scenario.add", "scenario.assign", "scenario.assign_query", "model.enrich", "select.similar", "select.save"),
    *("run.estimate", "file.export", "file.picture", "look.turntable", "finding.palette", "help.keys", "help.about"),
    *("look.save_view", "file.join", "file.terrain"),
)


@pytest.fixture
def project(project: Path, weather_file: Path) -> Path:
    """Four boxes with weather, archetypes, two scenarios and results."""
    document = open_document(project)
    document.execute("set_weather", path=str(weather_file))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1935)
    document.execute("add_scenario", name="Deep retrofit")
    store_demand(document, "baseline", {"B0": 120.0, "B1": 80.0})
    store_demand(document, "deep-retrofit", {"B0": 30.0, "B1": 90.0})
    document.close()
    return project


def states(window: Any) -> Iterator[tuple[str, QWidget]]:
    """The window in all that it can show without a dialog, one after the other."""
    workspace = window.workspace
    window.colour_by("heating_demand")
    window.session.document.select(["B0"])
    QTest.qWait(60)
    for place in range(workspace.left.count()):
        workspace.left.setCurrentIndex(place)
        yield f"left panel {place}", window
    for name in ("charts", "table", "jobs"):
        workspace.show_panel(name)
        QTest.qWait(120)
        yield name, window
    workspace.toggle_panel("jobs")
    window.actions_["select.query"].trigger()
    yield "condition", window
    window.selecting.close_query()
    window.actions_["compare.side"].trigger()
    QTest.qWait(60)
    yield "side by side", window
    window.actions_["compare.difference"].trigger()
    QTest.qWait(60)
    yield "difference", window
    window.actions_["compare.stop"].trigger()
    window.actions_["explain.here"].trigger()
    yield "explanation", window
    window.session.document.select(["B0", "B1"])
    QTest.qWait(60)
    yield "two buildings", window


def single_keys(window: Any) -> dict[Qt.Key, str]:
    """Some shortcuts of one key that a list or a field has another use for."""
    keys = [action.shortcut() for action in window.actions_.actions.values() if action.shortcut().count() == 1]
    plain = [key[0].key() for key in keys if key[0].keyboardModifiers() == Qt.KeyboardModifier.NoModifier]
    typed = {key: chr(key).lower() for key in plain if key < 128}
    assert len(typed) > 12
    return dict(sorted(typed.items())[::6])


def dialogs(window: Any, monkeypatch: pytest.MonkeyPatch, chosen: str) -> Iterator[tuple[str, QDialog]]:
    """The dialogs, one after the other."""
    for name, found in (
        ("getOpenFileName", (chosen, "")),
        ("getOpenFileNames", ([], "")),
        ("getSaveFileName", ("", "")),
    ):
        monkeypatch.setattr(f"citytwin_desktop.ui.file_commands.QFileDialog.{name}", lambda *_, f=found, **__: f)
    for name in DIALOGS:
        assert window.actions_[name].isEnabled(), name
        window.actions_[name].trigger()
        QTest.qWait(10)
        for form in [form for form in window.findChildren(QDialog) if form.isVisible()]:
            yield name, form
            form.reject()


def test_every_control_has_a_name_and_all_its_room(
    window: Any, project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = {"start page": (nameless(window.start), cut_off(window.start))}
    window.open_path(project)
    QTest.qWait(50)
    for name, root in states(window):
        QTest.qWait(40)
        found[name] = (nameless(root), cut_off(root), letters_let_through(window, single_keys(window)))
        assert (window.width(), window.height()) == (1366, 768), f"{name} makes the window larger"
    table = tmp_path / "t.csv"
    table.write_text("id,year\nB0,1931\n")
    for name, form in dialogs(window, monkeypatch, str(table)):
        found[name] = (nameless(form), cut_off(form))
    wrong = {name: problems for name, problems in found.items() if any(problems)}
    assert not wrong, "\n".join(f"{name}: {line}" for name, both in wrong.items() for part in both for line in part)
    assert len(found) > 20


def test_the_focus_goes_round_and_is_caught_nowhere(window: Any, project: Path) -> None:
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    way = tabbed_through(window, window.start.openers["startOpenCity"])
    missed = [path_of(one) for one in focusable(window.start) if one not in way]
    assert not missed, "the start page works by keyboard alone"
    window.open_path(project)
    window.session.document.select(["B0"])
    window.workspace.show_panel("table")
    QTest.qWait(60)
    # The first view makes Qt give the window another handle, and nobody gives that one the focus without a manager.
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    way = tabbed_through(window, window.workspace.view)
    reachable = [one for one in focusable(window) if one.window() is window]
    missed = [path_of(one) for one in reachable if one not in way]
    assert not missed, f"caught at {path_of(way[-1])}, not reached:\n" + "\n".join(missed)
    assert len(way) > 30


SCRIPT = """
import json, sys
from pathlib import Path
from PySide6.QtTest import QTest
from citytwin_desktop.ui.application import make_application, make_window
from citytwin_desktop.ui.recents import WindowSettings
from tests.ui.audit import cut_off
folder, project, pictures = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
application = make_application()
window, _ = make_window(WindowSettings(folder / "settings"))
window.resize(1366, 768)
window.show()
found = {}
def look(name):
    QTest.qWait(150)
    found[name] = cut_off(window)
    if pictures:
        window.screen().grabWindow(window.winId()).save(f"{pictures}/scaled-{window.devicePixelRatio()}-{name}.png")
look("start")
window.open_path(project)
window.colour_by("heating_demand")
window.session.document.select(["B0"])
look("building")
window.workspace.show_panel("table")
look("table")
window.actions_["compare.side"].trigger()
look("compare")
found["size"] = [window.width(), window.height(), window.devicePixelRatio()]
window.close()
print(json.dumps(found))
"""


@pytest.mark.parametrize("factor", FACTORS)
def test_nothing_is_cut_off_on_a_scaled_screen(qapp: Any, project: Path, tmp_path: Path, factor: str) -> None:
    pictures = os.environ.get("CITYTWIN_SCREENSHOTS", "")
    environment = {**os.environ, "QT_SCALE_FACTOR": factor, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), str(project), pictures],
        env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found.pop("size") == [1366, 768, float(factor)]
    wrong = [f"{name}: {line}" for name, lines in found.items() for line in lines]
    assert not wrong, "\n".join(wrong)
