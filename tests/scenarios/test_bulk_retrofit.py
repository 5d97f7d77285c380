"""A bulk retrofit: buildings found by a condition get a package in one step, and their results follow by one click."""

from typing import Any

import numpy as np

from citytwin_desktop.document.building_values import energy_totals
from citytwin_desktop.document.document import open_document
from citytwin_desktop.document.events import ResultsArrived
from citytwin_desktop.document.variables import variable

CONDITION = "year < 1965 and function = 'residential' and heating_demand > 150"
SCENARIO = "old-houses"


def test_a_query_gets_a_package_and_new_results(at_work: Any) -> None:
    visitor = at_work
    visitor.paint("Heating demand")
    chosen = choose_by_condition(visitor)
    before = heating_kwh(visitor.document, "baseline")
    add_a_scenario(visitor)
    assign(visitor, chosen)
    estimate_by_one_click(visitor, chosen)
    compare_the_numbers(visitor, chosen, before)
    undo_and_redo_take_all_at_once(visitor, chosen)
    reopen(visitor, chosen)


def choose_by_condition(visitor: Any) -> set[str]:
    visitor.keys("Ctrl+Shift+F")
    bar = visitor.window.selecting.bar
    assert bar.isVisible()
    assert bar.edit.hasFocus()
    visitor.type(CONDITION)
    expected = expected_buildings(visitor.document)
    assert 10 < len(expected) < 60, "a real part of the district"
    visitor.until(lambda: bar.count.text() == f"{len(expected)} of 117")
    visitor.picture("retrofit-1-condition")
    visitor.keys("Return")
    assert set(visitor.document.selection) == expected
    shown = visitor.workspace.view.scene
    rows = visitor.document.city.buildings.rows(sorted(expected))
    visitor.until(lambda: set(np.flatnonzero(shown.appearance.selected)) == set(rows))
    visitor.keys("Escape")
    assert not bar.isVisible()
    assert set(visitor.document.selection) == expected, "closing the bar leaves the selection"
    visitor.picture("retrofit-2-selected")
    return expected


def expected_buildings(document: Any) -> set[str]:
    """What the condition means, worked out from the columns and from the painted values."""
    city = document.city
    value = np.full(len(city.buildings), np.nan)
    value[city.surfaces.building] = document.surface_values("heating_demand", "baseline").values
    old = city.buildings.column("year_built") < 1965
    rows = np.flatnonzero(old & (city.buildings.column("function") == "residential") & (value > 150.0))
    return {str(name) for name in city.buildings.ids[rows]}


def add_a_scenario(visitor: Any) -> None:
    visitor.keys("Ctrl+Shift+N", visitor.workspace.view)
    visitor.type("Old houses", visitor.dialog().name)
    visitor.keys("Return", visitor.dialog().name)
    assert visitor.document.active_scenario == SCENARIO
    assert len(visitor.result("estimate").fresh) == 117, "nothing is different yet: what is known is known here too"


def assign(visitor: Any, chosen: set[str]) -> None:
    steps = len(visitor.document.history())
    visitor.command("assign package to selection")
    dialog = visitor.dialog()
    dialog.choice.setFocus()
    visitor.type("Deep", dialog.choice)
    visitor.picture("retrofit-3-package")
    visitor.click(visitor.primary())
    scenario = visitor.document.scenario(SCENARIO)
    assert scenario.assignments == dict.fromkeys(chosen, "deep"), "all of them, and nobody else"
    assert len(visitor.document.history()) == steps + 1, "one step, however many buildings"
    standing = visitor.result("estimate")
    assert standing.fresh.isdisjoint(chosen)
    assert len(standing.fresh) == 117 - len(chosen), "the others stay fresh"
    visitor.until(visitor.window.toast.isVisible)
    visitor.picture("retrofit-4-assigned")


def estimate_by_one_click(visitor: Any, chosen: set[str]) -> None:
    clicks, told, session = visitor.clicks, [], visitor.window.session
    visitor.document.events.changed.connect(told.append)
    assert visitor.window.toast.action.text() == "Estimate now"
    visitor.click(visitor.window.toast.action)
    visitor.until(lambda: len(visitor.result("estimate").fresh) == 117 and not session.running)
    visitor.document.events.changed.disconnect(told.append)
    assert visitor.clicks == clicks + 1
    arrived = [event for event in told if isinstance(event, ResultsArrived)]
    assert {name for event in arrived for name in event.building_ids} == chosen, "nobody else was estimated again"
    assert (session.runs[-1].total, session.runs[-1].failed) == (len(chosen), {})


def heating_kwh(document: Any, scenario: str) -> dict[str, float]:
    totals = energy_totals(document, variable("heating_demand"), scenario)
    known = np.isfinite(totals.kwh)
    return dict(zip(document.city.buildings.ids[known].tolist(), totals.kwh[known].tolist(), strict=True))


def compare_the_numbers(visitor: Any, chosen: set[str], before: dict[str, float]) -> None:
    after = heating_kwh(visitor.document, SCENARIO)
    assert set(after) == set(before)
    for name, kwh in before.items():
        assert after[name] < 0.8 * kwh if name in chosen else after[name] == kwh, name
    assert sum(after.values()) < sum(before.values())
    scene = visitor.workspace.view.scene
    owner = scene.city.surfaces.building
    row = scene.city.buildings.row(min(chosen))
    wanted = visitor.document.surface_values("heating_demand", SCENARIO).values[owner == row][0]
    visitor.until(lambda: np.all(scene.appearance.values[owner == row] == wanted))
    visitor.picture("retrofit-5-result")


def undo_and_redo_take_all_at_once(visitor: Any, chosen: set[str]) -> None:
    visitor.keys("Ctrl+H", visitor.workspace.view)
    history = visitor.window.explaining.history
    visitor.until(history.list.isVisible)
    line = history.model.index(0, 0).data()
    assert f"{len(chosen)} buildings" in line
    visitor.picture("retrofit-6-history")
    visitor.keys("Ctrl+Z", visitor.workspace.view)
    assert not visitor.document.scenario(SCENARIO).assignments, "all of them at once"
    assert len(visitor.result("estimate").fresh) == 117
    visitor.keys("Ctrl+Shift+Z", visitor.workspace.view)
    assert visitor.document.scenario(SCENARIO).assignments == dict.fromkeys(chosen, "deep")
    assert len(visitor.result("estimate").fresh) == 117, "its results were kept: nothing to run again"


def reopen(visitor: Any, chosen: set[str]) -> None:
    path = visitor.document.path
    visitor.window.close_project()
    document = open_document(path, read_only=True)
    try:
        assert document.scenario(SCENARIO).assignments == dict.fromkeys(chosen, "deep")
        assert [entry.command for entry in document.history()][-2:] == ["add_scenario", "assign_package"]
        assert len(document.status("estimate", SCENARIO).fresh) == 117
    finally:
        document.close()
