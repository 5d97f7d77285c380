from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QToolButton

from citytwin_desktop.city.kinds import SurfaceKind

LEFT = Qt.MouseButton.LeftButton


def pixels(window: Any) -> np.ndarray:
    image = window.workspace.view.grabFramebuffer()
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3].astype(int)


def roof(window: Any, row: int) -> QPoint:
    view, surfaces = window.workspace.view, window.session.document.city.surfaces
    place = np.flatnonzero((surfaces.building == row) & (surfaces.kind == SurfaceKind.ROOF))[0]
    x, y = view.scene.camera.pixel(surfaces.polygons.centroids[place], view.width(), view.height())
    return QPoint(round(x), round(y))


def field(window: Any, column: str) -> QLineEdit:
    return window.workspace.inspector.properties[column].value


def retype(edit: QLineEdit, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def dialog(window: Any) -> QDialog:
    return next(child for child in window.findChildren(QDialog) if child.isVisible())


def test_start_page_works_by_keyboard(window: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(
        "citytwin_desktop.ui.file_commands.QFileDialog.getOpenFileName", lambda *a: (asked.append(a), "")
    )
    button = window.findChild(QToolButton, "startOpenProject")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert len(asked) == 1
    assert window.pages.currentWidget() is window.start
    assert not window.actions_["run.solar"].isEnabled()


def test_project_opens_with_one_frame_of_the_city(opened: Any, qtbot: Any) -> None:
    assert opened.pages.currentWidget() is opened.workspace
    assert "4 buildings" in opened.status.facts.text()
    assert "EPSG:28992" in opened.status.facts.text()
    assert pixels(opened).std() > 10


def test_a_click_selects_and_highlights_with_one_frame(opened: Any, qtbot: Any) -> None:
    view, document = opened.workspace.view, opened.session.document
    qtbot.wait(50)
    place, before, frames = roof(opened, 2), pixels(opened), view.frames_drawn
    QTest.mouseClick(view, LEFT, pos=place)
    assert document.selection == ("B2",)
    qtbot.waitUntil(lambda: view.frames_drawn > frames)
    qtbot.wait(150)
    assert view.frames_drawn - frames <= 2
    after = pixels(opened)[place.y(), place.x()]
    assert after[0] > before[place.y(), place.x()][0] - 5
    assert after[0] - after[2] > 40, "blue over red: the selection colour"
    assert opened.workspace.inspector.heading.text() == "B2"
    QTest.mouseClick(view, LEFT, Qt.KeyboardModifier.ControlModifier, roof(opened, 1))
    assert document.selection == ("B2", "B1")
    QTest.mouseClick(view, LEFT, pos=QPoint(5, 5))
    assert document.selection == ()


def test_a_drag_orbits_and_selects_nothing(opened: Any, qtbot: Any) -> None:
    view = opened.workspace.view
    azimuth, middle = view.scene.camera.azimuth_deg, QPoint(view.width() // 2, view.height() // 2)
    QTest.mousePress(view, LEFT, pos=middle)
    QTest.mouseMove(view, middle + QPoint(20, 0))
    QTest.mouseMove(view, middle + QPoint(60, 0))
    QTest.mouseRelease(view, LEFT, pos=middle + QPoint(60, 0))
    assert view.scene.camera.azimuth_deg == pytest.approx(azimuth + 60 * 0.3, abs=0.5)
    assert opened.session.document.selection == ()
    opened.actions_["view.home"].trigger()
    assert view.scene.camera.azimuth_deg == pytest.approx(225.0)


def test_edit_in_the_inspector_undo_and_redo(opened: Any, qtbot: Any) -> None:
    document = opened.session.document
    QTest.mouseClick(opened.workspace.view, LEFT, pos=roof(opened, 0))
    qtbot.waitUntil(lambda: opened.workspace.inspector.heading.text() == "B0")
    retype(field(opened, "year_built"), "1931")
    assert document.city.buildings.column("year_built")[0] == 1931
    assert document.history()[-1].command == "edit_buildings"
    qtbot.waitUntil(opened.actions_["edit.undo"].isEnabled)
    assert "year built" in opened.actions_["edit.undo"].text()
    opened.workspace.view.setFocus()
    opened.actions_["edit.undo"].trigger()
    assert np.isnan(document.city.buildings.column("year_built")[0])
    qtbot.waitUntil(lambda: field(opened, "year_built").text() == "–")
    opened.actions_["edit.redo"].trigger()
    assert document.city.buildings.column("year_built")[0] == 1931


def test_nonsense_is_refused_in_a_sentence_and_nothing_changes(opened: Any, qtbot: Any) -> None:
    document = opened.session.document
    document.select(["B0"])
    qtbot.waitUntil(lambda: opened.workspace.inspector.heading.text() == "B0")
    entries = len(document.history())
    retype(field(opened, "year_built"), "old")
    assert "“old” is not a number" in opened.toast.text.text()
    assert opened.toast.isVisible()
    retype(field(opened, "year_built"), "99999")
    assert len(document.history()) == entries
    assert field(opened, "year_built").text() == "–"


def test_mixed_selection_edits_only_that_field(opened: Any, qtbot: Any) -> None:
    document = opened.session.document
    document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=2)
    document.execute("edit_buildings", building_ids=["B1"], column="storeys", value=5)
    document.select(["B0", "B1"])
    qtbot.waitUntil(lambda: field(opened, "storeys").text() == "2–5")
    retype(field(opened, "year_built"), "1960")
    assert document.city.buildings.column("year_built")[:2].tolist() == [1960, 1960]
    assert document.city.buildings.column("storeys")[:2].tolist() == [2, 5]


def test_table_and_view_stay_in_step(opened: Any, qtbot: Any) -> None:
    opened.actions_["window.table"].trigger()
    view = opened.workspace.table.view
    opened.session.document.select(["B3"])
    assert view.selected_ids() == ["B3"]
    view.selectRow(1)
    assert opened.session.document.selection == ("B1",)
    qtbot.waitUntil(lambda: opened.workspace.inspector.heading.text() == "B1")


def test_run_is_greyed_with_a_sentence(opened: Any) -> None:
    action = opened.actions_["run.solar"]
    assert not action.isEnabled()
    assert "No weather file" in action.text()
    opened.ask_run("solar")
    assert "No weather file" in opened.toast.text.text()


def test_scenario_is_added_and_becomes_active(opened: Any) -> None:
    opened.actions_["scenario.add"].trigger()
    form = dialog(opened)
    retype(form.findChild(QLineEdit, "dialogName"), "Deep retrofit")
    document = opened.session.document
    assert [scenario.name for scenario in document.scenarios][-1] == "Deep retrofit"
    assert document.active_scenario == document.scenarios[-1].id
    assert opened.bars.scenario_box.currentText() == "Deep retrofit"


def test_time_bar_moves_the_hour(opened: Any) -> None:
    ruler = opened.workspace.time_bar.ruler
    ruler.setFocus()
    hour = opened.session.document.hour
    QTest.keyClick(ruler, Qt.Key.Key_Right)
    assert opened.session.document.hour == hour + 1
    QTest.mouseClick(ruler, LEFT, pos=QPoint(round(ruler.x_of(31 * 24 + 12)), 20))
    assert opened.session.document.hour // 24 == 31
    assert opened.workspace.time_bar.label.text().startswith("1 Feb")


def test_isolate_and_hide_change_the_picture(opened: Any, qtbot: Any) -> None:
    qtbot.wait(300)
    whole = pixels(opened)
    opened.session.document.select(["B0"])
    opened.actions_["view.hide"].trigger()
    hidden = pixels(opened)
    assert (np.abs(hidden - whole).sum(axis=2) > 60).sum() > 500
    opened.actions_["view.show_all"].trigger()
    qtbot.wait(300)  # the smooth frame comes when changes have stopped
    assert (np.abs(pixels(opened) - whole).sum(axis=2) > 60).sum() < 100


def test_theme_changes_at_once_and_is_remembered(opened: Any, qtbot: Any) -> None:
    dark = opened.grab().toImage().pixelColor(300, 45).lightness()
    opened.actions_["view.theme"].trigger()
    assert opened.grab().toImage().pixelColor(300, 45).lightness() > dark + 100
    assert opened.settings.value("theme") == "light"
    assert pixels(opened)[5, 5].mean() > 150


def test_dropped_city_file_asks_and_imports(
    window: Any, city_file: Callable[..., Path], tmp_path: Path, qtbot: Any
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(city_file(crs=None)))])
    actions = Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(QPointF(50, 50), actions, data, LEFT, Qt.KeyboardModifier.NoModifier))
    form = dialog(window)
    button = form.findChild(QPushButton, "primary")
    QTest.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: "coordinate reference system" in form.problem.text())
    assert not list(tmp_path.glob("*.gpkg")), "a refused import leaves nothing behind"
    QTest.keyClicks(form.findChild(QLineEdit, "importCrs"), "28992")
    QTest.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: window.session.document is not None)
    assert window.session.document.path == tmp_path / "boxes.citytwin.gpkg"
    assert len(window.session.document.city.buildings) == 4


def test_closed_project_is_listed_with_its_picture(opened: Any, project: Path) -> None:
    opened.close_project()
    assert opened.pages.currentWidget() is opened.start
    recent = opened.settings.recents()[0]
    assert (recent.path, recent.buildings) == (project, 4)
    assert recent.picture.is_file()
    button = opened.findChild(QToolButton, "recentProject")
    assert (button.title.text(), button.note.shown[:11]) == (project.name.partition(".")[0], "4 buildings")
    QTest.mouseClick(button, LEFT)
    assert opened.session.document.path == project


def test_errors_in_slots_are_shown_not_swallowed(opened: Any, qapp: Any) -> None:
    from citytwin_desktop.errors import BugError, KnownError
    from citytwin_desktop.ui.bug_report import BugReport, ExceptionCatcher

    catcher = ExceptionCatcher()
    catcher.known.connect(opened.say)
    catcher.bug.connect(lambda report: BugReport(opened, report).open())
    catcher.catch(KnownError, KnownError("No such file: choose another."), None)
    assert opened.toast.text.text() == "No such file: choose another."
    catcher.catch(BugError, BugError("impossible"), None)
    report = dialog(opened)
    assert "impossible" in report.text.toPlainText()
    report.accept()


def test_reopened_project_looks_as_it_did(opened: Any, project: Path) -> None:
    view = opened.workspace.view
    opened.session.document.set_hour(1234)
    opened.colour_by("solar_irradiation")
    view.look(view.scene.camera.orbited(33.0, 4.0))
    opened.session.document.select(["B1"])
    opened.actions_["view.hide"].trigger()
    camera = view.scene.camera
    opened.close_project()
    opened.open_path(project)
    assert opened.session.document.hour == 1234
    assert opened.bars.variable_box.currentData() == "solar_irradiation"
    assert view.scene.camera == camera
    assert view.scene.view_state()["hidden"] == ["B1"]


def test_demo_opens_with_weather_and_archetypes(window: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = "citytwin_desktop.ui.file_commands.QStandardPaths.writableLocation"
    monkeypatch.setattr(place, lambda _: str(tmp_path))
    QTest.mouseClick(window.findChild(QToolButton, "startDemo"), LEFT)
    document = window.session.document
    assert document.path.parent == tmp_path / "CityTwin demo"
    assert 80 <= len(document.city.rows_with_geometry) <= 150
    assert window.actions_["run.energyplus"].isEnabled()


def test_solar_runs_from_the_dialog_and_paints(opened: Any, weather_file: Path, qtbot: Any) -> None:
    opened.open_path(weather_file)
    opened.actions_["run.solar"].trigger()
    form = dialog(opened)
    assert form.ok.text() == "Run 4 buildings"
    QTest.mouseClick(form.ok, LEFT)
    run = opened.session.runs[-1]
    assert opened.status.cancel.isVisible()
    qtbot.waitUntil(lambda: run.finished)
    assert run.failed == {}
    neutral = pixels(opened)
    qtbot.waitUntil(lambda: opened.toast.action.text() == "Show result")
    QTest.mouseClick(opened.toast.action, LEFT)
    assert opened.session.variable == "solar_irradiation"
    qtbot.waitUntil(opened.workspace.legend.isVisible)
    legend, place = opened.workspace.legend, roof(opened, 0)
    assert legend.unit.startswith("kWh/m²")
    # A flat unshaded roof in Chicago sees its global horizontal irradiation, 1,300 to 1,600 kWh/m² in a year.
    values = opened.session.values().values
    roofs = opened.session.document.city.surfaces.kind == SurfaceKind.ROOF
    assert 1200 < np.nanmean(values[roofs]) < 1700
    assert legend.scale.high >= np.nanmax(values[roofs]) * 0.99
    assert np.abs(pixels(opened)[place.y(), place.x()] - neutral[place.y(), place.x()]).sum() > 60
    frames = opened.workspace.view.frames_drawn
    opened.set_hour(4116)
    assert opened.session.period == "day"
    qtbot.waitUntil(lambda: opened.workspace.view.frames_drawn > frames)
    assert legend.unit == "W/m²"
    noon = pixels(opened)[place.y(), place.x()]
    opened.set_hour(4116 + 12)
    qtbot.wait(100)
    assert pixels(opened)[place.y(), place.x()].sum() < noon.sum() - 100


def test_cancel_stops_the_run(opened: Any, weather_file: Path, qtbot: Any) -> None:
    opened.set_weather(weather_file)
    run = opened.run_engine("solar")
    QTest.mouseClick(opened.status.cancel, LEFT)
    qtbot.waitUntil(lambda: run.finished)
    qtbot.waitUntil(lambda: not opened.status.cancel.isVisible())
    assert not opened.session.document.status("solar", "baseline").fresh
