"""Editing shapes: what an edit touches becomes stale and nothing else, one click runs it again, undo needs no run."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from citytwin_desktop.document.document import open_document
from citytwin_desktop.document.freshness import GAP_M
from citytwin_desktop.scene.appearance import OPAQUE, STALE

HOUSE, OTHER = "demo-014", "demo-034"
ALL = 117


def test_an_edit_of_geometry_and_one_of_a_value_run_again_what_they_touch(at_work: Any) -> None:
    visitor = at_work
    visitor.paint("Heating demand")
    before = values_of(visitor)
    heighten_with_the_mouse(visitor)
    touched = near_the_house(visitor)
    only_these_are_stale(visitor, touched)
    visitor.picture("edit-2-stale")
    type_a_value(visitor)
    only_these_are_stale(visitor, touched | {OTHER})
    visitor.picture("edit-3-typed")
    run_what_is_stale(visitor, touched | {OTHER})
    after = values_of(visitor)
    assert changed(before, after) <= touched | {OTHER}
    assert {HOUSE, OTHER} <= changed(before, after)
    undo_brings_the_old_results_back(visitor, before, after)
    the_file_agrees(visitor, after)


def values_of(visitor: Any) -> dict[str, float]:
    """Heating demand of each building with surfaces."""
    city = visitor.document.city
    values = visitor.document.surface_values("heating_demand").values
    names = city.buildings.ids[city.surfaces.building]
    return dict(zip(names.tolist(), values.tolist(), strict=True))


def changed(before: dict[str, float], after: dict[str, float]) -> set[str]:
    return {name for name, value in after.items() if value != before[name]}


def height_m(document: Any, name: str) -> float:
    row = document.city.buildings.row(name)
    low, high = document.city.bounds_m
    return float(high[row][2] - low[row][2])


def heighten_with_the_mouse(visitor: Any) -> None:
    view, document = visitor.workspace.view, visitor.document
    visitor.click(view, visitor.building_at(HOUSE))
    assert document.selection == (HOUSE,)
    visitor.keys("Ctrl+G", view)
    start = visitor.building_at(HOUSE)
    was = height_m(document, HOUSE)
    visitor.point(start)
    visitor.keys("T", view)
    assert type(view.tool).__name__ == "HeightTool"
    for up in (20, 60, 90):
        visitor.point(start - QPoint(0, up))
    shown = view.tool.height_m
    assert shown > was + 2.0
    visitor.until(lambda: view.tool.proposal.prepared is not None)
    visitor.picture("edit-1-height")
    assert height_m(document, HOUSE) == was, "nothing has happened yet"
    visitor.click(view, start - QPoint(0, 90))
    assert view.tool is None
    assert height_m(document, HOUSE) == pytest.approx(shown, abs=0.1)
    assert document.history()[-1].command == "set_height"
    visitor.keys("Home", view)


def near_the_house(visitor: Any) -> set[str]:
    """Buildings that the house may shade: those within the reach of the keys, by the plain distance of their boxes."""
    city, settings = visitor.document.city, visitor.document.keys.energy_settings
    rows = city.rows_with_geometry
    low, high = (bound[rows][:, :2] for bound in city.bounds_m)
    house = city.buildings.ids[rows].tolist().index(HOUSE)
    gap = np.maximum(np.maximum(low - high[house], low[house] - high), 0.0)
    near = set(city.buildings.ids[rows[np.hypot(*gap.T) <= settings.shading_radius_m + GAP_M]].tolist())
    assert 1 < len(near) < ALL / 2
    assert OTHER not in near
    return near


def only_these_are_stale(visitor: Any, touched: set[str]) -> None:
    standing = visitor.result("estimate")
    assert standing.stale == touched
    assert len(standing.fresh) == ALL - len(touched)
    pill, scene = visitor.window.bars.stale_pill, visitor.workspace.view.scene
    visitor.until(lambda: pill.text() == f"● {len(touched)} stale")
    rows = set(visitor.document.city.buildings.rows(sorted(touched)).tolist())

    def marked() -> bool:
        alpha, owner = scene.appearance.surface_rgba()[:, 3], scene.city.surfaces.building
        return set(owner[alpha == STALE].tolist()) == rows and set(alpha.tolist()) == {STALE, OPAQUE}

    visitor.until(marked)


def type_a_value(visitor: Any) -> None:
    view, document = visitor.workspace.view, visitor.document
    visitor.click(view, visitor.building_at(OTHER))
    assert document.selection == (OTHER,)
    visitor.until(lambda: visitor.workspace.inspector.properties["wall_u_value_w_m2k"].value.isVisible())
    field = visitor.workspace.inspector.properties["wall_u_value_w_m2k"].value
    visitor.workspace.inspector.show_row("wall_u_value_w_m2k")
    field.setFocus()
    field.selectAll()
    visitor.type("0,25", field)
    visitor.keys("Return", field)
    assert document.city.buildings.column("wall_u_value_w_m2k")[document.city.buildings.row(OTHER)] == 0.25
    assert document.history()[-1].command == "edit_buildings"


def run_what_is_stale(visitor: Any, touched: set[str]) -> None:
    session, runs = visitor.window.session, len(visitor.window.session.runs)
    visitor.click(visitor.window.bars.stale_pill)
    visitor.until(lambda: len(session.runs) > runs and not session.running)
    assert [(run.engine, run.total, run.failed) for run in session.runs[runs:]] == [("estimate", len(touched), {})]
    assert not visitor.result("estimate").stale
    visitor.until(lambda: visitor.window.bars.stale_pill.text() == "Nothing stale")
    assert not visitor.window.bars.stale_pill.isEnabled()
    scene = visitor.workspace.view.scene
    visitor.until(lambda: set(scene.appearance.surface_rgba()[:, 3].tolist()) == {OPAQUE})
    visitor.picture("edit-4-fresh")


def undo_brings_the_old_results_back(visitor: Any, before: dict[str, float], after: dict[str, float]) -> None:
    view, session = visitor.workspace.view, visitor.window.session
    runs = len(session.runs)
    for _ in range(2):
        visitor.keys("Ctrl+Z", view)
    assert len(visitor.result("estimate").fresh) == ALL
    assert values_of(visitor) == before
    assert visitor.window.bars.stale_pill.text() == "Nothing stale"
    visitor.picture("edit-5-undone")
    for _ in range(2):
        visitor.keys("Ctrl+Shift+Z", view)
    assert len(visitor.result("estimate").fresh) == ALL
    assert values_of(visitor) == after
    assert len(session.runs) == runs, "nothing was run for it"


def the_file_agrees(visitor: Any, after: dict[str, float]) -> None:
    path, shape = visitor.document.path, visitor.document.city.surfaces.polygons.vertices.copy()
    visitor.window.close_project()
    document = open_document(path, read_only=True)
    try:
        np.testing.assert_array_equal(document.city.surfaces.polygons.vertices, shape)
        assert [entry.command for entry in document.history()][-2:] == ["set_height", "edit_buildings"]
        assert len(document.status("estimate").fresh) == ALL
        row = document.city.buildings.row(HOUSE)
        value = document.surface_values("heating_demand").values[document.city.surfaces.building == row][0]
        assert value == after[HOUSE]
    finally:
        document.close()
