"""What users do with tools, comparisons and explanations that nobody planned; one window does for many checks."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from citytwin_desktop.ui.compare_chip import ViewChip
from citytwin_desktop.ui.turntable_job import TurntableJob
from citytwin_desktop.ui.view_picture import GAP_PX, PictureStyle

CTRL = Qt.KeyboardModifier.ControlModifier
HOSTILE = "<b>x</b>\nR&D " + "N" * 90


def select(window: Any, qtbot: Any, *names: str) -> None:
    window.session.document.select(names)
    qtbot.waitUntil(lambda: tuple(window.workspace.inspector._ids) == names)


def active(window: Any, qtbot: Any) -> None:
    """Shortcuts work in the active window alone."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def keys_in_fields_stay_in_fields(opened: Any, qtbot: Any) -> None:
    active(opened, qtbot)
    document, view = opened.session.document, opened.workspace.view
    select(opened, qtbot, "B0")
    identifier = opened.workspace.inspector.properties["id"].value
    identifier.setFocus()
    for key in (Qt.Key.Key_G, Qt.Key.Key_B, Qt.Key.Key_E, Qt.Key.Key_Delete):
        QTest.keyClick(identifier, key)
    assert (view.tool, len(document.city.buildings)) == (None, 4)
    assert opened.actions_["view.edges"].isChecked()
    opened.colour_by("heating_demand")
    entries, low = len(document.history()), opened.workspace.layers.settings.low
    low.setFocus()
    low.selectAll()
    QTest.keyClicks(low, "7")
    QTest.keyClick(low, Qt.Key.Key_Escape)
    assert (low.text(), document.selection) == (low.value_text, ("B0",))
    document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=3)
    QTest.keyClick(low, Qt.Key.Key_Z, CTRL)
    assert (len(document.history()), document.redo_title) == (entries + 1, None), "a range is no value of the city"


def isolation_ends_with_the_last_isolated_building(opened: Any, qtbot: Any) -> None:
    select(opened, qtbot, "B0")
    opened.actions_["view.isolate"].trigger()
    scene, chip = opened.workspace.view.scene, opened.looking.parts.chip
    kept = scene.view_state()
    assert not chip.isHidden()
    opened.actions_["model.remove"].trigger()
    assert scene.appearance.isolated is None
    assert chip.isHidden()
    scene.restore_view(kept)
    assert scene.appearance.isolated is None, "a view of what is gone"
    opened.undo()


def invitation_gives_way_to_the_first_drawn_building(opened: Any) -> None:
    while opened.session.document.undo_title:
        opened.undo()
    assert opened.workspace.empty.isVisible()
    opened.actions_["shape.draw"].trigger()
    assert not opened.workspace.empty.isVisible()
    opened.workspace.view.use(None)
    assert opened.workspace.empty.isVisible()


def two_scenarios_with_everything_else_on(window: Any, tmp_path: Path, qtbot: Any) -> None:
    page = window.workspace
    document, view = window.session.document, page.view
    document.execute("add_scenario", name=HOSTILE)
    window.colour_by("heating_demand")
    select(window, qtbot, "B0")
    window.actions_["compare.side"].trigger()
    window.looking.parts.cutting.open()
    second = page.second.view
    assert second.scene.cut.planes == view.scene.cut.planes != ()
    # Narrow views: nothing lies over anything, and no number is cut.
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: view.width() < 230 and len(window.comparing.chips) == 2)
    parts = window.looking.parts
    assert parts.corner.y() > window.comparing.chips[0].geometry().bottom()
    assert parts.corner.geometry().right() <= view.width()
    assert page.compare_bar.leave.geometry().right() <= page.compare_bar.width()
    assert page.legend.geometry().right() <= view.width()
    assert window.bars.run_button.isVisible()
    # Escape where nobody took the tool puts away the tool, not the selection.
    active(window, qtbot)
    window.actions_["shape.move"].trigger()
    second.setFocus()
    QTest.keyClick(second, Qt.Key.Key_Escape)
    assert (view.tool, document.selection) == (None, ("B0",))
    # A picture shows both.
    path = tmp_path / "both.png"
    assert window.looking.save_picture(str(path), PictureStyle())
    assert QImage(str(path)).width() == view.width() + second.width() + GAP_PX
    window.looking.parts.cutting.close()
    assert second.scene.cut.planes == ()


def explanation_says_which_scenario_it_is_of(window: Any, qtbot: Any) -> None:
    document = window.session.document
    document.execute("edit_buildings", building_ids=["B0"], column="name", value=HOSTILE)
    select(window, qtbot, "B0")
    window.colour_by("heating_demand")
    window.actions_["explain.here"].trigger()
    shown = window.explaining.view
    assert "Baseline" not in shown.subject.text()
    other = document.execute("add_scenario", name=HOSTILE)
    window.session.set_scenario(document.scenarios[1].id)
    window.actions_["explain.here"].trigger()
    assert other is not None
    assert "\n" not in shown.subject.text()
    assert shown.explanation.subject.endswith(f"in “{document.scenarios[1].name}”")
    rich = [label.text() for label in shown.findChildren(QLabel) if label.textFormat() != Qt.TextFormat.PlainText]
    assert not [text for text in rich if "<b>" in text]
    document.execute("remove_scenario", scenario_id=document.scenarios[1].id)
    qtbot.waitUntil(lambda: not shown.isVisible())


def card_of_a_surface_follows_the_painting(opened: Any, monkeypatch: Any, qtbot: Any) -> None:
    scene, looking = opened.workspace.view.scene, opened.looking
    told: list[Any] = []
    monkeypatch.setattr(looking.parts, "show_surface", lambda surface, value: told.append(scene.appearance.values))
    looking.parts.card.surface = 1
    before = scene.appearance.values
    opened.colour_by("solar_irradiation")
    qtbot.waitUntil(lambda: scene.appearance.values is not before and bool(told))
    assert told[-1] is scene.appearance.values, "told after the painting, not before"
    looking.parts.card.surface = -1
    monkeypatch.undo()


def test_half_a_number_is_not_shown(qapp: Any) -> None:
    chip = ViewChip(None, "A")
    chip.show_scenario("Deep", "7\u2009060\u2009MWh", 400)
    assert not chip.number.isHidden()
    chip.fit_width(110)
    assert chip.number.isHidden()
    chip.fit_width(400)
    assert not chip.number.isHidden()
    chip.deleteLater()


def pictures_of_a_turntable_keep_their_size(opened: Any, tmp_path: Path) -> None:
    job = TurntableJob(opened.workspace.view, tmp_path / "turn", 3)
    job.poll()
    opened.resize(1200, 700)
    while not job.finished:
        job.poll()
    sizes = {QImage(str(path)).size().toTuple() for path in sorted((tmp_path / "turn").glob("*.png"))}
    assert len(sizes) == 1


def test_odd_editing(opened: Any, tmp_path: Path, qtbot: Any, monkeypatch: Any) -> None:
    keys_in_fields_stay_in_fields(opened, qtbot)
    card_of_a_surface_follows_the_painting(opened, monkeypatch, qtbot)
    isolation_ends_with_the_last_isolated_building(opened, qtbot)
    explanation_says_which_scenario_it_is_of(opened, qtbot)
    pictures_of_a_turntable_keep_their_size(opened, tmp_path)
    two_scenarios_with_everything_else_on(opened, tmp_path, qtbot)
    invitation_gives_way_to_the_first_drawn_building(opened)
