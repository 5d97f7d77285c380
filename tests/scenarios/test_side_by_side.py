"""Side by side: two scenarios in two views that move together, flipped by a key, and one taken from the other."""

import gc
import json
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from citytwin_desktop.cli.app import run as command_line
from citytwin_desktop.document.building_values import energy_totals
from citytwin_desktop.document.comparison import compare_scenarios
from citytwin_desktop.document.document import open_document
from citytwin_desktop.document.variables import variable
from citytwin_desktop.scene.colour_maps import DIVERGING_MAP

BETTER, NAME = "whole-envelope", "Whole envelope"
MANY = 40


@pytest.fixture
def district(district: Path) -> Path:
    """The district with a second scenario, estimated too; most buildings stay in it as they are today."""
    document = open_document(district)
    ids = [str(name) for name in document.city.buildings.ids[document.city.rows_with_geometry]]
    document.execute("add_scenario", name=NAME)
    document.execute("assign_package", scenario_id=BETTER, building_ids=ids[:MANY], package_id="envelope")
    run = document.start_run("estimate", BETTER)
    while not run.finished:
        run.poll()
    assert run.total == MANY
    document.close()
    return district


def test_two_scenarios_side_by_side_flipped_and_subtracted(at_work: Any, capsys: pytest.CaptureFixture[str]) -> None:
    visitor = at_work
    visitor.paint("Heating demand")
    box = visitor.window.bars.scenario_box
    box.setFocus()
    visitor.type("Whole", box)
    assert visitor.document.active_scenario == BETTER
    two_views_move_together(visitor)
    flip_by_a_key(visitor)
    the_difference_is_painted(visitor)
    the_sum_is_that_of_the_command_line(visitor, capsys)
    closing_leaves_one_view(visitor)


def painted(view: Any) -> Any:
    """Value of each building as a view paints it, (n,) float64."""
    city = view.scene.city
    found = np.full(len(city.buildings), np.nan)
    found[city.surfaces.building] = view.scene.appearance.values
    return found


def by_building(visitor: Any, scenario: str) -> Any:
    city = visitor.document.city
    found = np.full(len(city.buildings), np.nan)
    found[city.surfaces.building] = visitor.document.surface_values("heating_demand", scenario).values
    return found


def two_views_move_together(visitor: Any) -> None:
    visitor.keys("Shift+F8", visitor.workspace.view)
    first, second = visitor.workspace.views_shown
    visitor.until(lambda: second.frames_drawn > 0 and second.scene.appearance.values is not None)
    np.testing.assert_array_equal(painted(first), by_building(visitor, BETTER))
    np.testing.assert_array_equal(painted(second), by_building(visitor, "baseline"))
    assert first.scene.appearance.scale == second.scene.appearance.scale, "a colour means the same on both sides"
    assert abs(first.width() - second.width()) <= 2
    visitor.picture("compare-1-side-by-side")
    for leader, follower in ((first, second), (second, first)):
        before, drawn = leader.scene.camera, follower.frames_drawn
        start = QPoint(leader.width() // 2, leader.height() // 2)
        visitor.drag(start, start + QPoint(70, -25), leader)
        assert leader.scene.camera != before
        assert follower.scene.camera == leader.scene.camera
        visitor.until(lambda view=follower, drawn=drawn: view.frames_drawn > drawn)
    place = visitor.building_at("demo-001", second)
    visitor.click(second, place)
    assert visitor.document.selection == ("demo-001",)
    for view in (first, second):
        row = view.scene.city.buildings.row("demo-001")
        assert np.flatnonzero(view.scene.appearance.selected).tolist() == [row], "selected on both sides"
    visitor.picture("compare-2-turned")


def flip_by_a_key(visitor: Any) -> None:
    first, second = visitor.workspace.views_shown
    scale, camera = first.scene.appearance.scale, first.scene.camera
    visitor.keys("F8", first)
    assert visitor.document.active_scenario == "baseline"
    visitor.until(lambda: np.array_equal(painted(first), by_building(visitor, "baseline"), equal_nan=True))
    np.testing.assert_array_equal(painted(second), by_building(visitor, BETTER))
    assert (first.scene.appearance.scale, first.scene.camera) == (scale, camera), "nothing moves but the colours"
    assert [chip.name.text() for chip in visitor.window.comparing.chips] == ["Baseline", NAME]
    visitor.keys("F8", first)
    visitor.until(lambda: np.array_equal(painted(first), by_building(visitor, BETTER), equal_nan=True))


def the_difference_is_painted(visitor: Any) -> None:
    visitor.keys("Escape", visitor.workspace.view)
    visitor.keys("Ctrl+F8", visitor.workspace.view)
    assert len(visitor.workspace.views_shown) == 1
    view, legend = visitor.workspace.view, visitor.workspace.legend
    wanted = by_building(visitor, BETTER) - by_building(visitor, "baseline")
    visitor.until(lambda: np.allclose(painted(view), wanted, equal_nan=True, atol=1e-4))
    scale = view.scene.appearance.scale
    assert (scale.map_name, scale.low) == (DIVERGING_MAP, -scale.high), "as far down as up"
    assert legend.middle_mark() == (0.5, "0")
    same = np.isfinite(wanted) & (np.abs(wanted) < 1e-6)
    better = wanted < -1.0
    assert (int(same.sum()), int(better.sum())) == (117 - MANY, MANY)
    colours, owner = view.scene.appearance.base_colours(), view.scene.city.surfaces.building
    assert (colours[same[owner]] >= 250).all(), "white where nothing changes"
    blue = colours[better[owner]].astype(int)
    assert (blue[:, 2] > blue[:, 0]).all(), "blue where there is less"
    visitor.picture("compare-3-difference")


def the_sum_is_that_of_the_command_line(visitor: Any, capsys: pytest.CaptureFixture[str]) -> None:
    content = compare_scenarios(visitor.document, "heating_demand", BETTER, "baseline")
    capsys.readouterr()
    words = ["scenario", str(visitor.document.path), "compare", BETTER, "baseline", "--json"]
    assert command_line(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["difference"] == content["difference"]
    assert told["buildings"] == 115, "a building in two parts is one"
    # What is painted is by floor area: demand over painted value is that area.
    now = energy_totals(visitor.document, variable("heating_demand"), "baseline").kwh
    area = now / by_building(visitor, "baseline")
    assert np.nansum(painted(visitor.workspace.view) * area) == pytest.approx(content["difference"], rel=1e-4)
    words_shown = visitor.workspace.compare_bar.delta.text()
    assert words_shown.startswith("Δ −")
    assert f"(−{abs(100 * content['relative']):.2g}" in words_shown


def closing_leaves_one_view(visitor: Any) -> None:
    workspace = visitor.workspace
    visitor.keys("Shift+F8", workspace.view)
    gone = [weakref.ref(workspace.second.view), weakref.ref(workspace.second.view.scene)]
    visitor.until(lambda: workspace.frames_drawn > 0)
    visitor.click(workspace.compare_bar.leave)
    assert workspace.views_shown == (workspace.view,)
    assert workspace.views.count() == 1
    assert not workspace.compare_bar.isVisible()
    assert workspace.second.mirror not in workspace.view.scene.followers
    visitor.qtbot.wait(50)
    gc.collect()
    assert [item() for item in gone] == [None, None], "nothing holds the second view"
    drawn = workspace.view.frames_drawn
    start = workspace.view.rect().center()
    visitor.drag(start, start + QPoint(60, 10))
    visitor.until(lambda: workspace.view.frames_drawn > drawn)
    visitor.picture("compare-4-closed")
