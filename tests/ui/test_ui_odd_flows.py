"""What users do that nobody planned: each test stands for a mistake that the window once made."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.bug_report import BugReport, show_report

LEFT = Qt.MouseButton.LeftButton


def dialog(window: Any) -> Any:
    return next(child for child in window.findChildren(QDialog) if child.isVisible())


def chosen(window: Any, qtbot: Any, *names: str) -> None:
    window.session.document.select(names)
    inspector = window.workspace.inspector
    qtbot.waitUntil(lambda: tuple(inspector._ids) == names)


def typed(window: Any, column: str, text: str) -> QLineEdit:
    edit: QLineEdit = window.workspace.inspector.properties[column].value
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)
    return edit


def dropped(window: Any, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(50, 50), copy, data, LEFT, none))


def test_what_is_typed_goes_to_the_buildings_it_was_typed_for(opened: Any, qtbot: Any) -> None:
    document = opened.session.document
    chosen(opened, qtbot, "B0")
    typed(opened, "year_built", "1931")
    chosen(opened, qtbot, "B1", "B2")
    years = document.city.buildings.column("year_built")
    assert years[0] == 1931
    assert all(year != 1931 for year in years[1:])
    assert opened.workspace.inspector.properties["year_built"].value.text() == "–"


def test_what_is_typed_is_kept_when_the_project_is_closed(opened: Any, project: Path, qtbot: Any) -> None:
    chosen(opened, qtbot, "B0")
    typed(opened, "year_built", "1931")
    opened.close_project()
    opened.open_path(project)
    assert opened.session.document.city.buildings.column("year_built")[0] == 1931


def test_escape_gives_up_what_is_typed_and_keeps_the_selection(opened: Any, qtbot: Any) -> None:
    chosen(opened, qtbot, "B0")
    entries = len(opened.session.document.history())
    edit = typed(opened, "year_built", "1931")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "–"
    assert opened.session.document.selection == ("B0",)
    assert len(opened.session.document.history()) == entries


def test_a_decimal_comma_is_one_edit(opened: Any, qtbot: Any) -> None:
    chosen(opened, qtbot, "B0")
    entries = len(opened.session.document.history())
    edit = typed(opened, "wall_u_value_w_m2k", "0,5")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: edit.text() == "0.5")
    edit.editingFinished.emit()
    assert len(opened.session.document.history()) == entries + 1


def test_names_are_shown_as_they_are(opened: Any, qtbot: Any) -> None:
    document, heading = opened.session.document, opened.workspace.inspector.heading
    for name in ("one\ntwo", "<b>bold</b>", "שלום", "🏠", " spaces "):
        document.execute("edit_buildings", building_ids=["B0"], column="name", value=name)
        chosen(opened, qtbot, "B0")
        qtbot.waitUntil(lambda name=name: heading.text() == " ".join(name.split()))
        assert heading.textFormat() == Qt.TextFormat.PlainText
        entries = len(document.history())
        opened.workspace.inspector.properties["name"].value.editingFinished.emit()
        assert len(document.history()) == entries, "looking at a name is no edit"


def test_search_field_is_seen_at_once_and_prefers_the_exact_name(opened: Any, qtbot: Any) -> None:
    qtbot.waitUntil(
        lambda: opened.bars.search.isVisible() and opened.bars.corner.width() >= opened.bars.search.width() > 100
    )
    inside = opened.menuBar().rect()
    assert inside.contains(opened.bars.corner.geometry().center())
    document = opened.session.document
    document.execute("edit_buildings", building_ids=["B0"], column="name", value="19 High Street")
    document.execute("edit_buildings", building_ids=["B2"], column="name", value="9 High Street")
    opened.bars.search.setText("9 High Street")
    QTest.keyClick(opened.bars.search, Qt.Key.Key_Return)
    assert document.selection == ("B2",)


def test_files_dropped_together(
    window: Any, city_file: Callable[..., Path], weather_file: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "city.rar"
    archive.write_bytes(b"Rar")
    for paths, words in (([archive], "“city.rar” cannot be opened"), ([tmp_path], "is a folder")):
        dropped(window, *paths)
        assert words in window.toast.text.text()
    dropped(window, weather_file, city_file())
    form = dialog(window)
    assert form.sources == [str(city_file())]
    assert form.weather.text == str(weather_file)
    form.reject()


def test_a_refused_import_leaves_neither_city_nor_weather_behind(
    opened: Any, weather_file: Path, city_file: Callable[..., Path], tmp_path: Path
) -> None:
    document = opened.session.document
    document.undo()
    wrong = tmp_path / "wrong"
    wrong.with_suffix(".epw").write_text("nothing")
    wrong.with_suffix(".json").write_text("{}")
    pairs = ((city_file(), wrong.with_suffix(".epw")), (wrong.with_suffix(".json"), weather_file))
    for city, weather in pairs:
        assert opened.import_city([str(city)], document.path, weather=str(weather))
        assert len(document.city.buildings) == 0
        assert document.weather is None
    assert opened.import_city([str(city_file())], document.path, weather=str(weather_file)) is None
    assert (len(document.city.buildings), document.weather is None) == (4, False)


def test_a_year_that_is_no_number_is_refused_not_forgotten(opened: Any) -> None:
    opened.ask_enrich()
    form = dialog(opened)
    form.year.setText("old")
    entries = len(opened.session.document.history())
    form.ok.click()
    assert "“old” is not a year" in form.problem.text()
    assert form.height() >= form.layout().heightForWidth(form.width())
    assert len(opened.session.document.history()) == entries
    form.reject()


def test_the_hour_is_not_offered_where_there_are_no_hours(opened: Any) -> None:
    opened.colour_by("heating_demand")
    bar = opened.workspace.time_bar
    buttons = {button.property("period"): button for button in bar.periods.buttons()}
    buttons["day"].click()
    assert opened.session.period == "month"
    assert buttons["month"].isChecked()


def test_nothing_of_a_closed_project_is_left(opened: Any, project: Path, qtbot: Any) -> None:
    opened.colour_by("heating_demand")
    opened.workspace.time_bar.play.click()
    opened.session.runs.append(Broken())
    opened.session.runs_changed.emit()
    assert opened.workspace.jobs.list.count() == 1
    opened.close_project()
    assert not opened.workspace.time_bar.player.playing
    opened.settings.store.remove("views")
    opened.open_path(project)
    assert opened.workspace.jobs.list.count() == 0
    assert opened.workspace.layers.paint.currentData() == opened.bars.variable_box.currentData() == ""
    assert opened.session.period == "year"


def test_the_same_project_again_is_said_and_one_open_elsewhere_is_offered_read_only(
    opened: Any, project: Path, tmp_path: Path, qtbot: Any
) -> None:
    from citytwin_desktop.ui.application import make_window
    from citytwin_desktop.ui.recents import WindowSettings

    document = opened.session.document
    opened.open_path(project)
    assert opened.session.document is document
    assert "open already" in opened.toast.text.text()
    other, _ = make_window(WindowSettings(tmp_path / "other"))
    other.show()
    other.open_path(project)
    assert "is open in" in other.toast.text.text()
    QTest.mouseClick(other.toast.action, LEFT)
    assert other.session.document.read_only
    assert not other.bars.run_button.isEnabled()
    assert "read-only" in other.bars.run_button.toolTip()
    other.close()
    other.deleteLater()


def test_a_copy_saves_what_is_open_when_its_file_is_gone(opened: Any, project: Path, tmp_path: Path) -> None:
    opened.save_copy(tmp_path / "copy")
    opened.session.document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=3)
    QTest.mouseClick(opened.toast.action, LEFT)
    assert opened.session.document.path == tmp_path / "copy.citytwin.gpkg"
    assert len(opened.session.document.city.buildings) == 4


def test_an_empty_city_invites_to_import(opened: Any, qtbot: Any) -> None:
    empty = opened.workspace.empty
    assert not empty.isVisible()
    opened.undo()
    assert empty.isVisible()
    middle = empty.geometry().center() - opened.workspace.view.rect().center()
    assert middle.manhattanLength() < 4
    opened.redo()
    assert not empty.isVisible()


class Broken:
    """A run whose results cannot be stored."""

    engine, title, total, done, failed, skipped_fresh, fraction, log = "energyplus", "Broken", 1, 0, {}, 0, 0.0, ("",)
    finished = cancelled = False

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.polls = error, 0

    def poll(self) -> None:
        self.polls += 1
        if self.error is not None:
            raise self.error

    def cancel(self) -> None:
        self.finished = self.cancelled = True


def test_a_run_that_cannot_store_its_results_stops_and_says_so_once(opened: Any) -> None:
    session = opened.session
    run = Broken(KnownError("The disk is full: free some space."))
    session.runs.append(run)
    for _ in range(3):
        session.poll_runs()
    assert run.polls == 1
    assert opened.toast.text.text() == "The disk is full: free some space."
    run = Broken(ValueError("impossible"))
    session.runs.append(run)
    with pytest.raises(ValueError, match="impossible"):
        session.poll_runs()
    session.poll_runs()
    assert run.polls == 1
    session.runs.clear()


def test_reports_do_not_stack(opened: Any) -> None:
    show_report(opened, "first")
    show_report(opened, "second")
    shown = [form for form in opened.findChildren(BugReport) if form.isVisible()]
    assert len(shown) == 1
    assert shown[0].text.toPlainText() == "first\n\nsecond"
    shown[0].accept()


def test_the_list_of_keys_fits_a_small_screen(opened: Any) -> None:
    opened.show_keys()
    form = dialog(opened)
    assert form.height() <= opened.height()
    form.reject()


def test_a_missing_input_is_one_problem_with_a_way_out(
    opened: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "citytwin_desktop.ui.file_commands.QFileDialog.getOpenFileName", lambda *a: (asked.append(a[1]), "")[::-1]
    )
    model, wanted = opened.workspace.problems.model, ["Solar, EnergyPlus, Estimate: No weather file: choose one"]
    qtbot.waitUntil(lambda: [problem.line for problem in model.problems() if not problem.code] == wanted)
    opened.workspace.problems.tree.activated.emit(model.index(0, 0, model.index(0, 0)))
    assert asked == ["Choose weather file"]


def test_a_doubtful_assumption_is_a_problem_that_leads_nowhere(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = opened.workspace.problems
    monkeypatch.setattr("citytwin_desktop.ui.problems.doubts", lambda document: ("Leaves in winter.",))
    panel.refresh()
    assert panel.model.problems()[1].line == "Leaves in winter."
    before = opened.session.document.selection
    panel.tree.activated.emit(panel.model.index(1, 0, panel.model.index(0, 0)))
    assert opened.session.document.selection == before


def test_a_fast_drag_of_the_time_bar_ends_where_the_pointer_is(opened: Any) -> None:
    ruler = opened.workspace.time_bar.ruler
    QTest.mousePress(ruler, LEFT, pos=QPoint(10, 20))
    for x in range(10, ruler.width(), 9):
        QTest.mouseMove(ruler, QPoint(x, 20))
    QTest.mouseRelease(ruler, LEFT, pos=QPoint(ruler.width() - 9, 20))
    QApplication.processEvents()
    assert opened.session.document.hour // 24 >= 360


def test_another_theme_while_another_kind_of_chart_is_on_its_way(opened: Any, qtbot: Any) -> None:
    panel = opened.workspace.charts
    opened.workspace.show_panel("charts")
    panel.show_kind("scatter")
    qtbot.waitUntil(lambda: panel.chart is not None)
    panel.show_kind("hourly")
    opened.actions_["view.theme"].trigger()
    assert panel.chart is None, "columns are no hours"
