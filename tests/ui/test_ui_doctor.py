"""The import doctor in the real window: the list of problems, the light of buildings, and the report."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from citytwin_desktop.scene.palette import PALETTES
from citytwin_desktop.scene.readiness_scale import READINESS_COLOURS, ReadinessScale
from citytwin_desktop.ui.city_light import CAN_BE_SIMULATED
from citytwin_desktop.ui.problem_model import ProblemModel
from citytwin_desktop.ui.problems import ERROR, INFO, WARNING, Problem
from citytwin_desktop.ui.theme import THEMES

LEFT = Qt.MouseButton.LeftButton
# Simulated colour deficiencies: Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1.
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def broken_city(box_city: dict[str, Any]) -> dict[str, Any]:
    """B2 repeats a corner, B3 is flat, B4 names corners that are not there."""
    objects = box_city["CityObjects"]
    faces = {name: item["geometry"][0]["boundaries"][0] for name, item in objects.items()}
    faces["B2"][1][0].insert(1, faces["B2"][1][0][0])
    flat = objects["B3"]["geometry"][0]
    flat["boundaries"], flat["semantics"]["values"] = [faces["B3"][:1]], [[0]]
    faces["B4"][5][0][1] = 9999
    return box_city


@pytest.fixture
def ill(window: Any, qtbot: Any, tmp_path: Path, city_file: Callable[..., Path]) -> Any:
    """The window on a city with faults, imported by it."""
    sound = json.loads(city_file(count=5).read_text())
    path = city_file("ill.city.json", document=broken_city(sound))
    assert window.import_city([str(path)], tmp_path / "ill.citytwin.gpkg") is None
    qtbot.waitUntil(lambda: window.workspace.view.frames_drawn > 0)
    window.workspace.view.reduce_motion = True
    qtbot.waitUntil(lambda: window.workspace.problems.model.rowCount() == 3)
    return window


def lines(window: Any, group: str) -> list[tuple[str, str, str]]:
    model = window.workspace.problems.model
    parent = model.group_index(group)
    problems = [model.problem(model.index(row, 0, parent)) for row in range(model.rowCount(parent))]
    return [(problem.severity, problem.object, problem.code) for problem in problems]


def index_of(window: Any, name: str) -> Any:
    model = window.workspace.problems.model
    for group in range(model.rowCount()):
        parent = model.index(group, 0)
        for row in range(model.rowCount(parent)):
            if model.problem(model.index(row, 0, parent)).object == name:
                return model.index(row, 0, parent)
    raise AssertionError(name)


def test_what_the_import_did_is_listed_saved_and_flown_to(
    ill: Any, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_the_list(ill)
    check_the_report(ill, tmp_path, monkeypatch)
    check_a_double_click_flies(ill, qtbot)


def check_the_list(ill: Any) -> None:
    panel = ill.workspace.problems
    assert ill.toast.text.text().startswith("4 buildings kept, 1 repaired, 1 skipped")
    found = lines(ill, "Import")
    assert (ERROR, "B4", "geometry_damaged") in found
    assert (WARNING, "B2", "consecutive_points_same") in found
    assert [item[1:] for item in lines(ill, "Can it be simulated?")] == [("B3", "no_height")]
    assert ("B3", "no_height") not in [item[1:] for item in found], "said once, where it is up to date"
    tip = index_of(ill, "B2").data(Qt.ItemDataRole.ToolTipRole)
    assert "Code: consecutive_points_same (val3dity 102)" in tip
    assert "Give it a height" in index_of(ill, "B3").data(Qt.ItemDataRole.ToolTipRole)
    counts = panel.model.counts()
    left = ill.workspace.left
    assert left.tabText(left.indexOf(ill.workspace.problems)).split()[-1] == str(counts[ERROR] + counts[WARNING])
    QTest.mouseClick(panel.filters[WARNING], LEFT)
    assert {problem.severity for problem in panel.model.problems()} == {ERROR}
    QTest.mouseClick(panel.filters[ERROR], LEFT)
    assert panel.empty.isVisibleTo(panel)
    assert "Nothing of the chosen kinds" in panel.empty.text()
    for severity in (ERROR, WARNING):
        QTest.mouseClick(panel.filters[severity], LEFT)


def check_a_double_click_flies(ill: Any, qtbot: Any) -> None:
    view, document = ill.workspace.view, ill.session.document
    ill.toast.hide()
    ill.show_import_report()
    assert ill.workspace.left.currentWidget() is ill.workspace.problems
    focus = view.scene.camera.focus
    tree = ill.workspace.problems.tree
    index = index_of(ill, "B2")
    tree.expand(index.parent())
    tree.scrollTo(index)
    for press in (QTest.mouseClick, QTest.mouseDClick):
        press(tree.viewport(), LEFT, pos=tree.visualRect(index).center())
    assert document.selection == ("B2",)
    qtbot.waitUntil(lambda: view.scene.camera.focus != focus)
    middle = np.array(view.scene.camera.focus[:2])
    assert np.linalg.norm(middle - (np.array([1045.0, 2004.0]) - document.city.origin[:2])) < 3.0
    # An object that was left out has no building to select, only a place.
    gone = Problem(ERROR, "It was left out.", "gone", point=(1300.0, 2100.0, 5.0))
    ill.workspace.problems.model.set_groups({"Import": [gone]})
    ill.workspace.problems.tree.activated.emit(index_of(ill, "gone"))
    assert document.selection == ()
    place = np.array([1300.0, 2100.0]) - document.city.origin[:2]
    qtbot.waitUntil(lambda: np.linalg.norm(view.scene.camera.focus[:2] - place) < 8.0)


def check_the_report(ill: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "report.json"
    place = "citytwin_desktop.ui.problems_panel.QFileDialog.getSaveFileName"
    monkeypatch.setattr(place, lambda *_: (str(out), ""))
    QTest.mouseClick(ill.workspace.problems.save_button, LEFT)
    assert json.loads(out.read_text("utf-8")) == json.loads(json.dumps(ill.session.document.last_report.to_json()))
    assert "report.json" in ill.toast.text.text()
    QTest.mouseClick(ill.workspace.problems.copy_button, LEFT)
    copied = QApplication.clipboard().text().splitlines()
    assert "B2: 1 repeated corner was taken out." in copied
    assert len(copied) == len(ill.workspace.problems.model.problems())


def test_the_light_is_seen_in_inspector_table_and_city(ill: Any, qtbot: Any) -> None:
    document, inspector = ill.session.document, ill.workspace.inspector
    for names, words, why in ((["B0"], "Ready", ""), (["B3"], "Cannot be simulated", "only 0.00 m high")):
        document.select(names)
        qtbot.waitUntil(lambda names=names: inspector.heading.text() == names[0])
        assert inspector.readiness.word.text() == words
        assert why in inspector.readiness.reasons.text()
    assert "Give it a height" in inspector.readiness.reasons.text(), "with what helps"
    for name, theme in THEMES.items():
        ill.set_theme(name)
        assert theme.muted in inspector.readiness.reasons.text(), "what helps is said in the theme's own colour"
    document.select(["B0", "B1", "B3"])
    qtbot.waitUntil(lambda: inspector.readiness.word.text() == "1 not, 2 ready")
    table = ill.workspace.table
    titles = [table.model.headerData(c, Qt.Orientation.Horizontal) for c in range(table.model.columnCount())]
    column = titles.index("Can be simulated")
    table.view.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    assert table.model.index(0, column).data() == "Cannot be simulated"
    assert table.model.index(0, 0).data() == "B3"
    ill.actions_["select.none"].trigger()
    ill.bars.variable_box.setCurrentIndex(ill.bars.variable_box.findData(CAN_BE_SIMULATED))
    ill.bars.variable_box.activated.emit(ill.bars.variable_box.currentIndex())
    legend = ill.workspace.legend
    qtbot.waitUntil(legend.isVisible)
    assert [(item.word, item.count) for item in legend.classes] == [
        ("Ready", 3), ("With doubts", 0), ("Cannot be simulated", 1),
    ]  # fmt: skip
    colours = ill.workspace.view.scene.appearance.base_colours()
    owner = document.city.surfaces.building
    assert {tuple(c) for c in colours[owner == document.city.buildings.row("B3")]} == {READINESS_COLOURS[2]}
    assert {tuple(c) for c in colours[owner == document.city.buildings.row("B0")]} == {READINESS_COLOURS[0]}
    ill.set_hour(100)
    assert ill.session.variable == CAN_BE_SIMULATED, "time means nothing to it"
    ill.colour_by("")
    qtbot.waitUntil(lambda: not legend.isVisible())
    check_the_light_follows_the_city(ill, qtbot)


def check_the_light_follows_the_city(ill: Any, qtbot: Any) -> None:
    document = ill.session.document
    ill.colour_by(CAN_BE_SIMULATED)
    document.select(["B3"])
    ill.actions_["model.remove"].trigger()
    model = ill.workspace.problems.model
    qtbot.waitUntil(lambda: not model.group_index("Can it be simulated?").isValid())
    qtbot.waitUntil(lambda: ill.workspace.legend.classes[2].count == 0)
    path = document.path
    ill.close_project()
    ill.open_path(path)
    assert ill.session.variable == CAN_BE_SIMULATED
    qtbot.waitUntil(lambda: bool(ill.workspace.legend.classes))


def test_an_empty_list_says_what_it_would_hold(qapp: Any, qtbot: Any) -> None:
    from citytwin_desktop.ui.problems_panel import ProblemsPanel
    from citytwin_desktop.ui.session import Session

    panel = ProblemsPanel(Session())
    qtbot.addWidget(panel)
    panel._show_counts()
    assert panel.empty.isVisibleTo(panel)
    assert "Nothing to report" in panel.empty.text()
    assert panel.bar.isHidden()


def test_thousands_of_lines_cost_no_more_than_those_in_sight(qapp: Any, qtbot: Any) -> None:
    from PySide6.QtWidgets import QTreeView

    from citytwin_desktop.ui.problem_delegate import ProblemDelegate
    from citytwin_desktop.ui.theme import DARK

    model, tree, measured = ProblemModel(), QTreeView(), []

    class Counting(ProblemDelegate):
        def sizeHint(self, option: Any, index: Any) -> Any:  # noqa: N802
            measured.append(index.row())
            return super().sizeHint(option, index)

    tree.setModel(model)
    tree.setItemDelegate(Counting(tree, DARK))
    qtbot.addWidget(tree)
    tree.resize(248, 400)
    model.set_groups({"Import": [Problem(WARNING, "A sentence of some length. " * 3, f"B{n}") for n in range(50_000)]})
    tree.expandAll()
    tree.show()
    qtbot.waitExposed(tree)
    tree.grab()
    assert 0 < len(measured) < 5_000
    model.show_severities(frozenset({INFO}))
    assert model.rowCount() == 0


def test_a_large_city_is_examined_on_a_thread(
    qapp: Any, qtbot: Any, city_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from types import SimpleNamespace

    from citytwin_desktop.formats.city_files import read_city_file
    from citytwin_desktop.ui import city_light
    from citytwin_desktop.ui.session import Session

    monkeypatch.setattr(city_light, "AT_ONCE_SURFACES", 0)
    first, second = (read_city_file(city_file(count=count))[0] for count in (3, 4))
    session, told = Session(), []
    session.light.changed.connect(lambda: told.append(len(session.light.state().level)))
    session.document = SimpleNamespace(city=first)
    assert session.light.state() is None
    session.document = SimpleNamespace(city=second)
    assert session.light.state() is None
    assert session.light.problems() == []
    qtbot.waitUntil(lambda: told == [4])
    qtbot.wait(50)
    assert told == [4], "that of the city that is gone is not told"


@pytest.mark.parametrize("name", list(DEFICIENCIES))
def test_the_three_colours_are_told_apart(name: str) -> None:
    seen = [_lab(DEFICIENCIES[name] @ _linear(c)) for c in READINESS_COLOURS]
    pairs = [(0, 1), (0, 2), (1, 2)]
    assert min(np.linalg.norm(seen[a] - seen[b]) for a, b in pairs) > 25.0  # differences of 2.3 are just seen
    for palette in PALETTES.values():
        for colour in (palette.selection, palette.no_result):
            other = _lab(DEFICIENCIES[name] @ _linear(colour))
            assert min(np.linalg.norm(one - other) for one in seen) > 10.0


def test_the_scale_gives_each_level_its_colour() -> None:
    scale = ReadinessScale()
    levels = np.array([0, 1, 2, np.nan], np.float32)
    assert [tuple(c) for c in scale.colours(levels)[:3]] == list(READINESS_COLOURS)
    table = scale.table()
    assert [tuple(table[place]) for place in scale.places(levels)[:3]] == list(READINESS_COLOURS)


def _linear(colour: Any) -> Any:
    share = np.asarray(colour, float) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def _lab(linear: Any) -> Any:
    """CIE L*a*b* (D65) of linear sRGB."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = to_xyz @ np.clip(linear, 0.0, 1.0) / np.array([0.9505, 1.0, 1.089])
    f = [np.cbrt(v) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
