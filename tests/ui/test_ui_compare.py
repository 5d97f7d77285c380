"""Two scenarios side by side, flipped, and one taken from the other, in the real window."""

import gc
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QFont, QTextLayout
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from citytwin_desktop.document.comparison import compare_scenarios
from citytwin_desktop.document.queries import matching_rows
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.appearance import OPAQUE, STALE
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.colour_maps import DIVERGING_MAP
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.paint_words import minus_words
from citytwin_desktop.ui.scenario_rows import DELTA_ROLE
from tests.stored_demand import store_demand

DEEP = {"B0": 30.0, "B1": 90.0}
NOW = {"B0": 120.0, "B1": 80.0, "B2": 60.0}


@pytest.fixture
def project(project: Path, weather_file: Path) -> Path:
    """Four boxes; results of three today, and of two of the three that have a package."""
    from citytwin_desktop.document.document import open_document

    document = open_document(project)
    document.execute("set_weather", path=str(weather_file))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1935)
    document.execute("add_scenario", name="Deep retrofit")
    document.execute("assign_package", scenario_id="deep-retrofit", building_ids=list(NOW), package_id="deep")
    store_demand(document, "baseline", NOW)
    store_demand(document, "deep-retrofit", DEEP)
    document.close()
    return project


@pytest.fixture
def painted(opened: Any) -> Any:
    """The window painted with the heating demand of the deep retrofit."""
    opened.colour_by("heating_demand")
    opened.session.set_scenario(opened.session.document.scenarios[-1].id)
    return opened


def values_of(window: Any) -> dict[str, float]:
    scene = window.workspace.view.scene
    owner, ids = scene.city.surfaces.building, scene.city.buildings.ids
    return {str(ids[row]): float(value) for row, value in zip(owner, scene.appearance.values, strict=True)}


def test_a_project_opens_on_its_results_until_none_is_chosen(opened: Any, project: Path) -> None:
    assert opened.session.variable == "heating_demand", "no sun was computed"
    pill = opened.bars.stale_pill
    assert pill.text() == "1 without a result", "of B3 nothing is known"
    assert "1 building without a result" in pill.toolTip()
    assert not pill.isEnabled()
    opened.colour_by("")
    opened.close_project()
    opened.open_path(project)
    assert opened.session.variable == ""


def test_two_scenarios_side_by_side(painted: Any, qtbot: Any) -> None:
    check_two_views_share_camera_selection_and_colours(painted, qtbot)
    check_the_second_view_draws_the_same_meshes_and_looks_alike(painted, qtbot)
    check_tools_work_in_both_views(painted, qtbot)
    check_opening_and_closing_leaves_no_view_behind(painted, qtbot)
    check_scenarios_are_copied_and_given_packages(painted, qtbot)
    painted.session.comparison.set_mode("side")
    painted.close_project()
    assert painted.workspace.second.view is None, "closed with the project"


def check_two_views_share_camera_selection_and_colours(painted: Any, qtbot: Any) -> None:
    painted.actions_["compare.side"].trigger()
    workspace = painted.workspace
    first, second = workspace.views_shown
    assert painted.session.compared == "baseline"
    qtbot.waitUntil(lambda: second.frames_drawn > 0)
    QTest.qWait(50)
    assert values_of(painted)["B0"] == 30.0
    assert second.scene.appearance.values is not None
    assert np.nanmax(second.scene.appearance.values) == 120.0
    assert first.scene.appearance.scale == second.scene.appearance.scale, "one scale for both sides"
    assert first.scene.appearance.scale.high >= 120.0

    for leader, follower in ((first, second), (second, first)):
        leader.look(leader.scene.camera.orbited(20.0, 5.0))
        assert follower.scene.camera == leader.scene.camera

    second.clicked.emit(2, False)
    assert painted.session.document.selection == ("B2",)
    assert first.scene.appearance.selected.tolist() == second.scene.appearance.selected.tolist()
    painted.actions_["view.hide"].trigger()
    assert second.scene.appearance.hidden.tolist() == [False, False, True, False]
    painted.actions_["view.show_all"].trigger()
    assert not second.scene.appearance.hidden.any()

    chips = [chip.name.text() for chip in painted.comparing.chips]
    assert chips == ["Deep retrofit", "Baseline"]
    content = compare_scenarios(painted.session.document, "heating_demand", "deep-retrofit", "baseline")
    assert content["buildings"] == 2
    assert painted.workspace.legend.difference == "Bars: A, outline: B"
    bar = painted.workspace.compare_bar
    assert bar.delta.text().startswith("Δ −")
    share = f"({number_text(100.0 * content['relative'], 2)}\u2009% of Baseline)"
    assert share in bar.delta.accessibleName(), "the reference stands beside the number"
    assert "2 buildings with results in both scenarios; shares are of Baseline" in bar.delta.accessibleName()
    check_the_threshold_reaches_both(painted, first, second)


def check_the_threshold_reaches_both(painted: Any, first: Any, second: Any) -> None:
    legend = painted.workspace.legend
    legend.filtered.emit((100.0, 3e38))
    rgba = second.scene.appearance.surface_rgba()
    assert len(np.unique(rgba[second.scene.city.surfaces.building != 0], axis=0)) <= 2, "filtered and without a result"
    assert legend.filter.isVisible()
    assert legend.filter.words.text() == "A 0 of 2, B 1 of 3"
    assert not legend.filter.select.isEnabled()
    assert first.scene.appearance.look == second.scene.appearance.look


def check_the_second_view_draws_the_same_meshes_and_looks_alike(painted: Any, qtbot: Any) -> None:
    first, second = painted.workspace.views_shown
    parts = painted.looking.parts
    for mine, theirs in zip(second.scene.tiles, first.scene.tiles, strict=True):
        assert mine.surface_data.GetPoints() is theirs.surface_data.GetPoints()
        assert mine.surface.GetTexture() is not theirs.surface.GetTexture(), "in other colours"
    assert second.scene.picker is first.scene.picker

    painted.looking.show_labels("painted")
    qtbot.waitUntil(lambda: bool(parts.labels.shown) and bool(painted.comparing.look.labels.shown))
    texts = [{label.text for label in layer.shown} for layer in (parts.labels, painted.comparing.look.labels)]
    assert "30" in texts[0]
    assert "120" in texts[1], "each view tells its own numbers"
    painted.looking.toggle_section()
    assert len(second.scene.cut.planes) == 1
    assert second.scene.cut == first.scene.cut
    painted.looking.toggle_section()
    parts.sun.toggle()
    qtbot.waitUntil(lambda: parts.sun.shadows.map is not None)
    assert painted.comparing.look.shadows.map is parts.sun.shadows.map
    parts.sun.toggle()
    assert painted.comparing.look.shadows.map is None
    painted.looking.toggle_surfaces()
    second.surface_clicked.emit(3)
    assert parts.card.surface == 3
    painted.looking.toggle_surfaces()
    assert not second.picks_surfaces
    painted.looking.show_labels("")


def enter(view: Any) -> None:
    """Bring the pointer over a view."""
    QApplication.sendEvent(view, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))


def check_tools_work_in_both_views(painted: Any, qtbot: Any) -> None:
    document = painted.session.document
    first, second = painted.workspace.views_shown
    painted.actions_["select.box"].trigger()
    assert type(second.tool) is type(first.tool)
    enter(first)
    assert not second.overlay.isVisible(), "one tool at a time is seen"
    enter(second)
    assert second.overlay.isVisible()
    assert not first.overlay.isVisible()
    document.select([])
    ends = (QPoint(1, 1), QPoint(second.width() - 2, second.height() - 2))
    QTest.mousePress(second, Qt.MouseButton.LeftButton, pos=ends[0])
    QTest.mouseMove(second, ends[1])
    QTest.mouseRelease(second, Qt.MouseButton.LeftButton, pos=ends[1])
    assert len(document.selection) == 4
    QTest.keyClick(second, Qt.Key.Key_Escape)
    assert first.tool is None
    assert second.tool is None

    document.select(["B0"])
    painted.actions_["shape.height"].trigger()
    enter(second)
    untouched = [tile.mesh for tile in first.scene.tiles if 0 not in tile.mesh.rows]
    QTest.keyClicks(second, "21")
    QTest.keyClick(second, Qt.Key.Key_Return)
    row = document.city.buildings.row("B0")
    assert np.ptp([bound[row, 2] for bound in document.city.bounds_m]) == pytest.approx(21.0)
    assert (first.tool, second.tool) == (None, None)
    meshes = [[tile.mesh for tile in view.scene.tiles] for view in (first, second)]
    assert all(mine is theirs for mine, theirs in zip(*meshes, strict=True)), "made once, drawn twice"
    assert all(any(mesh is kept for kept in meshes[0]) for mesh in untouched)
    document.undo()
    QTest.qWait(20)
    assert second.scene.city is first.scene.city
    painted.looking.toggle_walk()
    camera = first.scene.camera
    QTest.mousePress(second, Qt.MouseButton.LeftButton, pos=ends[0])
    QTest.mouseMove(second, QPoint(80, 80))
    QTest.mouseRelease(second, Qt.MouseButton.LeftButton, pos=ends[0])
    assert first.scene.camera == camera, "who walks leads the camera alone"
    painted.looking.toggle_walk()
    document.execute("change_values", building_ids=["B0", "B3"], column="wall_u_value_w_m2k", factor=0.5)
    own = document.city.buildings.column("wall_u_value_w_m2k")
    assert own[[0, 3]].tolist() == [0.8, 0.8], "from 1.6 of the archetype, whatever the package of the scenario says"
    document.undo()


def test_a_less_b_is_read_from_the_left_in_any_script(qapp: Any) -> None:
    assert minus_words("Deep", "Baseline") == "Deep − Baseline"
    for first, second in (("שלום", "x"), ("x", "سلام"), ("שלום", "سلام"), ("\u202eevil", "שלום")):
        text = minus_words(first, second)
        layout = QTextLayout(text, QFont())
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        places = [text.index(first) + len(first) - 1, text.index("−"), text.rindex(second)]
        left, sign, right = (float(line.cursorToX(place)[0]) for place in places)
        assert left < sign < right, text


def test_one_view_flips_and_shows_the_difference(painted: Any, project: Path, qtbot: Any) -> None:
    check_flipping_keeps_view_and_range_and_reads_nothing_again(painted, qtbot)
    check_the_difference_is_signed_centred_and_grey_without_both(painted, qtbot)
    check_differences_reach_table_conditions_and_charts(painted, qtbot)
    painted.session.comparison.choose("")
    painted.session.comparison.set_mode("side")
    painted.session.comparison.choose("")
    check_the_box_of_the_toolbar_and_the_view_that_is_kept(painted, project, qtbot)
    painted.actions_["compare.difference"].trigger()
    check_a_removed_scenario_ends_it(painted)


def check_differences_reach_table_conditions_and_charts(painted: Any, qtbot: Any) -> None:
    document, workspace = painted.session.document, painted.workspace
    table, charts = workspace.table, workspace.charts
    workspace.show_panel("table")
    model = table.model
    place = model.columns.index("heating_demand")
    assert model.columns[place + 1 : place + 3] == ("heating_demand_difference", "heating_demand_change")
    model.sort(place + 2)
    lines = [[model.data(model.index(line, place + step)) for step in (1, 2)] for line in range(4)]
    assert lines == [["−90", "−75"], ["+10", "+12.5"], ["", ""], ["", ""]], "unknown last"
    tip = model.headerData(place + 2, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "Deep retrofit − Baseline as a share of Baseline" in tip
    path = document.path.with_name("shown.csv")
    with qtbot.waitSignal(painted.session.notice):
        table.commands.save(path)
    assert "B0,,residential" in path.read_text("utf-8")
    assert ",30,-90,-75," in path.read_text("utf-8"), "numbers, which no spreadsheet takes for formulas"
    painted.selecting.select_where("heating_demand_change < -50")
    assert document.selection == ("B0",)

    workspace.show_panel("charts")
    charts.show_kind("scatter")
    charts.controls.up.setCurrentIndex(charts.controls.up.findData("heating_demand_change"))
    qtbot.waitUntil(lambda: charts.chart is not None and charts.chart.columns[1].column.unit == "%")
    assert sorted(charts.chart.y.tolist()) == [-75.0, 12.5]
    workspace.toggle_panel("charts")

    painted.actions_["compare.swap"].trigger()
    assert model.store.cells("heating_demand_difference").text(0) == "+90", "the other way round"
    painted.actions_["compare.swap"].trigger()
    painted.session.comparison.choose("")
    assert not any("A − B" in model.headerData(section, Qt.Orientation.Horizontal) for section in range(place + 3))
    assert model.sorting is None
    with pytest.raises(KnownError, match="compare the active one with another first"):
        matching_rows(model.fields.reader, "heating_demand_change < -50")
    charts.controls.show_compared(False)
    assert charts.controls.up.findData("heating_demand_change") == -1
    painted.actions_["compare.difference"].trigger()


def check_flipping_keeps_view_and_range_and_reads_nothing_again(painted: Any, qtbot: Any) -> None:
    painted.actions_["compare.one"].trigger()
    QTest.qWait(50)
    session, scene = painted.session, painted.workspace.view.scene
    assert values_of(painted)["B0"] == 30.0
    scale, camera = scene.appearance.scale, scene.camera
    read: list[str] = []
    document = session.document
    plain = document.surface_values
    document.surface_values = lambda name, scenario, **time: read.append(scenario) or plain(name, scenario, **time)
    painted.actions_["compare.swap"].trigger()
    qtbot.waitUntil(lambda: values_of(painted)["B0"] == 120.0)
    assert (document.active_scenario, session.compared) == ("baseline", "deep-retrofit")
    assert scene.appearance.scale == scale, "the same colours mean the same"
    assert scene.camera == camera
    assert not read, "both are remembered"
    painted.actions_["compare.swap"].trigger()
    qtbot.waitUntil(lambda: values_of(painted)["B0"] == 30.0)
    assert not read
    document.surface_values = plain


def check_the_difference_is_signed_centred_and_grey_without_both(painted: Any, qtbot: Any) -> None:
    painted.actions_["compare.difference"].trigger()
    QTest.qWait(50)
    found, scene = values_of(painted), painted.workspace.view.scene
    assert found["B0"] == -90.0
    assert found["B1"] == 10.0
    assert np.isnan(found["B2"])
    scale = scene.appearance.scale
    assert (scale.map_name, scale.low) == (DIVERGING_MAP, -scale.high)
    colours, owner = scene.appearance.base_colours().astype(int), scene.city.surfaces.building
    assert (colours[owner == 0, 2] > colours[owner == 0, 0] + 50).all(), "less is blue"
    assert (colours[owner == 1, 0] > colours[owner == 1, 2]).all(), "more is red"
    assert {tuple(c) for c in colours[owner == 2]} == {scene.palette.no_result}
    legend = painted.workspace.legend
    assert legend.title == "Heating demand: A − B"
    assert legend.difference == "Deep retrofit − Baseline"
    assert legend.middle_mark() == (0.5, "0")
    maps, bar = painted.workspace.layers.settings.maps, painted.workspace.compare_bar
    assert maps.closed_text == "Blue–red", "not the map that is painted otherwise"
    assert not bar.stale.isVisible()
    painted.session.document.execute("edit_buildings", building_ids=["B0"], column="storeys", value="9")
    qtbot.waitUntil(lambda: set(scene.appearance.surface_rgba()[owner == 0, 3]) == {STALE})
    assert set(scene.appearance.surface_rgba()[owner == 1, 3]) == {OPAQUE}
    assert bar.stale.isVisible()
    assert bar.stale.text() == "● A, B stale"
    painted.session.document.undo()
    painted.colour_by("solar_irradiation")
    QTest.qWait(50)
    assert "same in all scenarios" in legend.difference
    painted.colour_by("heating_demand")


def check_a_removed_scenario_ends_it(painted: Any) -> None:
    painted.session.document.execute("remove_scenario", scenario_id="deep-retrofit")
    QTest.qWait(30)
    assert painted.session.compared == ""
    assert not painted.workspace.compare_bar.isVisible()
    assert not painted.actions_["compare.stop"].isEnabled()


def check_opening_and_closing_leaves_no_view_behind(painted: Any, qtbot: Any) -> None:
    session, gone = painted.session, []
    for _ in range(5):
        session.comparison.set_mode("side")
        view = painted.workspace.second.view
        qtbot.waitUntil(lambda view=view: view.frames_drawn > 0)
        gone += [weakref.ref(view), weakref.ref(view.scene)]
        session.comparison.choose("")
        assert painted.workspace.second.view is None
        del view
        QTest.qWait(20)
    gc.collect()
    assert painted.workspace.views.count() == 1
    assert len(painted.workspace.view.scene.followers) == 0 or painted.workspace.second.mirror not in (
        painted.workspace.view.scene.followers
    )
    assert sum(ref() is not None for ref in gone) <= 1, "the last one may still be held by a frame of this test"
    frames = painted.workspace.view.frames_drawn
    painted.workspace.view.look(OrbitCamera())
    qtbot.waitUntil(lambda: painted.workspace.view.frames_drawn > frames)


def check_the_box_of_the_toolbar_and_the_view_that_is_kept(painted: Any, project: Path, qtbot: Any) -> None:
    box = painted.bars.compare_box
    assert [box.itemText(place) for place in range(box.count())] == ["Compare with…", "vs Baseline"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert painted.session.comparison.side_by_side
    painted.workspace.compare_bar.modes.buttons()[2].click()
    assert painted.session.comparison.shows_difference
    painted.session.set_style(range_mode="custom", low=-50.0, high=50.0)
    painted.close_project()
    painted.open_path(project)
    assert painted.session.comparison.shows_difference
    assert painted.session.style.typed_range == (-50.0, 50.0)
    qtbot.waitUntil(lambda: painted.workspace.legend.isVisible())
    assert painted.workspace.view.scene.appearance.scale.high == 50.0
    QTest.keyClick(painted.workspace.compare_bar.leave, Qt.Key.Key_Space)
    assert painted.session.compared == ""


def check_scenarios_are_copied_and_given_packages(painted: Any, qtbot: Any) -> None:
    panel, document = painted.workspace.scenarios, painted.session.document
    painted.actions_["scenario.duplicate"].trigger()
    assert document.scenarios[-1].name == "Deep retrofit copy"
    assert document.scenarios[-1].assignments == document.scenario("deep-retrofit").assignments
    assert document.active_scenario == document.scenarios[-1].id
    QTest.keyClick(painted.focusWidget(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(panel.list.item(1).data(DELTA_ROLE)))
    told = compare_scenarios(document, "heating_demand", "deep-retrofit", "baseline")
    assert panel.list.item(1).data(DELTA_ROLE).startswith(f"−{abs(told['difference']) / 1000:.0f}")
    share = f"({number_text(100.0 * told['relative'], 2)}\u2009% of Baseline)"
    assert panel.list.item(1).data(DELTA_ROLE).endswith(share)
    assert panel.list.item(0).data(DELTA_ROLE) == "", "the baseline has no difference to itself"
    painted.actions_["scenario.assign_query"].trigger()
    form = next(child for child in painted.findChildren(QDialog) if child.isVisible())
    form.which.setCurrentIndex(form.which.findData("query"))
    assert not form.ok.isEnabled()
    form.condition.setText("height_m >")
    form.count()
    assert form.problem.text()
    form.condition.setText("id = 'B3'")
    form.count()
    assert form.ok.text() == "Assign to 1 building"
    form.packages.setCurrentIndex(form.packages.findData("deep"))
    form.ok.click()
    assert not form.isVisible()
    assert document.scenario(document.active_scenario).assignments["B3"] == "deep"
