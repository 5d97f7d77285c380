"""Solar in the window: which map is shown, cells, spans of hours, surroundings, and the note beside the pointer."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.document.document import open_document
from citytwin_desktop.document.solar_values import SolarShown
from citytwin_desktop.ui.painting import span_label
from citytwin_desktop.ui.result_badge import EXACT, FIRST, REFINING, STALE, badge_of
from citytwin_desktop.ui.variables import VARIABLES

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
NOON = 4116


@pytest.fixture(scope="module")
def solar_project() -> Iterator[list[Path]]:
    """Where the one project with solar results is, once a test has made it."""
    with TemporaryDirectory() as folder:
        yield [Path(folder) / "sunny.citytwin.gpkg"]


@pytest.fixture
def project(project: Path, weather_file: Path, solar_project: list[Path]) -> Path:
    """The four boxes with a solar result, which is computed once and copied."""
    kept = solar_project[0]
    if not kept.exists():
        document = open_document(project)
        document.execute("set_weather", path=str(weather_file))
        run = document.start_run("solar")
        run.wait()
        document.close()
        assert run.failed == {}
        shutil.copy(project, kept)
    return Path(shutil.copy(kept, project))


@pytest.fixture
def sunny(opened: Any) -> Any:
    """The window with solar results."""
    return opened


@pytest.fixture
def celled(sunny: Any, qtbot: Any) -> Any:
    """The window with a map of cells of 4 m, painted at noon."""
    sunny.colour_by("solar_irradiation")
    sunny.set_hour(NOON)
    sunny.workspace.legend.switch.buttons["cells"].click()
    assert sunny.session.detail.run is not None
    qtbot.waitUntil(lambda: "Mapping cells of 4 m" in sunny.workspace.legend.badge.text.text())
    qtbot.waitUntil(lambda: sunny.workspace.view.scene.shows_cells)
    return sunny


def pixels(window: Any) -> np.ndarray:
    image = window.workspace.view.grabFramebuffer()
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3].astype(int)


def session_with(shown: SolarShown, running: tuple[Any, ...] = (), *, wanted: bool = False) -> Any:
    cells = SimpleNamespace(layout=None if not wanted else object(), cell_size_m=4.0)
    document = SimpleNamespace(solar=SimpleNamespace(shown=lambda: shown), solar_cells=cells)
    detail = SimpleNamespace(run=None, wanted=wanted, drawable=False, cell_size_m=4.0)
    return SimpleNamespace(document=document, running=list(running), detail=detail)


def test_the_badge_tells_first_map_refinement_exact_and_stale() -> None:
    first, exact = SolarShown("k", "o", fresh=True), SolarShown("k", "o", fresh=True, exact=True)
    run = SimpleNamespace(engine="solar", fraction=0.4)
    refining = badge_of(session_with(first, (run,)), stale=False, cells=False)
    assert (refining.text, refining.fraction) == ("First map – exact hours follow", 0.4)
    assert badge_of(session_with(first), stale=False, cells=False) == FIRST
    assert "Run solar" in FIRST.tip
    assert badge_of(session_with(exact, (run,)), stale=False, cells=False) == EXACT
    assert badge_of(session_with(exact), stale=True, cells=False) == STALE
    assert badge_of(session_with(first), stale=False, cells=True).text == "Cells of 4 m"
    assert "stale" in badge_of(session_with(exact, wanted=True), stale=False, cells=False).text
    assert len({badge.icon + badge.text for badge in (FIRST, REFINING, EXACT, STALE)}) == 4


def test_all_solar_variables_are_offered_in_groups(opened: Any) -> None:
    box = opened.bars.variable_box
    names = [box.itemData(place) for place in range(box.count())]
    assert [name for name in names if name] == ["can_be_simulated", *VARIABLES]
    solar = [name for name, variable in VARIABLES.items() if variable.engine == "solar"]
    assert len(solar) == 7
    heading = box.findText("Solar")
    assert not box.model().item(heading).isEnabled()
    assert names[heading + 1 : heading + 8] == solar


def test_exact_hours_are_said_and_an_edit_makes_them_stale(sunny: Any, qtbot: Any) -> None:
    sunny.colour_by("solar_irradiation")
    badge = sunny.workspace.legend.badge
    qtbot.waitUntil(lambda: badge.text.text() == "Exact hours")
    tiles = sunny.workspace.view.scene.tiles
    sunny.session.execute("set_solar_conditions", ground_reflectance=0.5)
    qtbot.waitUntil(lambda: badge.text.text() == "Stale: hatched")
    assert sunny.workspace.view.scene.tiles is tiles, "surroundings must not build the scene anew"
    sunny.actions_["edit.undo"].trigger()
    qtbot.waitUntil(lambda: badge.text.text() == "Exact hours")


def test_parts_of_an_hour_sum_to_the_whole(sunny: Any) -> None:
    document = sunny.session.document
    values = [
        document.surface_values(f"solar_irradiance{part}", hour=NOON).values
        for part in ("", "_beam", "_diffuse", "_reflected")
    ]
    roof = int(np.flatnonzero(document.city.surfaces.kind == SurfaceKind.ROOF)[0])
    sunny.colour_by("solar_irradiance")
    sunny.set_hour(NOON)
    view, probe = sunny.workspace.view, sunny.workspace.probe
    x, y = view.scene.camera.pixel(document.city.surfaces.polygons.centroids[roof], view.width(), view.height())
    view.rested.emit(QPointF(x, y))
    assert probe.isVisible()
    assert probe.value.text().endswith("W/m²")
    whole, *parts = (float(item[roof]) for item in values)
    assert sum(parts) == pytest.approx(whole, rel=0.01)
    said = [float(word.split()[1].replace("\u2009W/m²", "")) for word in probe.parts.text().split("·")]
    assert said == pytest.approx(parts, rel=0.01)
    assert "Roof of B" in probe.place.text()
    view.stirred.emit()
    assert not probe.isVisible()


def test_cells_are_mapped_painted_and_followed_by_the_slider(celled: Any, qtbot: Any) -> None:
    legend, view = celled.workspace.legend, celled.workspace.view
    qtbot.waitUntil(lambda: legend.badge.text.text() == "Cells of 4 m")
    qtbot.wait(300)
    noon, frames = pixels(celled), view.frames_drawn
    celled.set_hour(NOON - 5)
    qtbot.waitUntil(lambda: view.frames_drawn > frames)
    assert view.frames_drawn - frames == 1
    assert view.scene.shows_cells
    assert np.abs(pixels(celled) - noon).mean() > 2
    ground = view.scene.pick_cell(view.width() / 2, view.height() - 20, view.width(), view.height())
    assert ground is None or ground.surface == -1
    legend.switch.buttons["surfaces"].click()
    qtbot.waitUntil(lambda: not view.scene.shows_cells)
    legend.switch.buttons["cells"].click()
    assert celled.session.detail.run is None, "the map that is held is fresh"
    qtbot.waitUntil(lambda: view.scene.shows_cells)


def test_cells_give_way_while_the_city_is_another_and_come_back_with_undo(celled: Any, qtbot: Any) -> None:
    scene, switch = celled.workspace.view.scene, celled.workspace.legend.switch
    celled.session.execute("remove_buildings", building_ids=["B1"])
    qtbot.waitUntil(lambda: not scene.shows_cells)
    qtbot.waitUntil(lambda: celled.workspace.legend.badge.text.text() == "Surfaces: cells are stale")
    switch.refresh()
    assert switch.again.isVisible()
    celled.actions_["edit.undo"].trigger()
    qtbot.waitUntil(lambda: scene.shows_cells)
    qtbot.waitUntil(lambda: celled.workspace.legend.badge.text.text() == "Cells of 4 m")


def test_cells_of_another_surrounding_are_stale_not_gone(celled: Any, qtbot: Any) -> None:
    celled.session.execute("set_solar_conditions", wall_reflectance=0.6)
    qtbot.waitUntil(lambda: celled.workspace.legend.badge.text.text() == "Stale: hatched")
    assert celled.workspace.view.scene.shows_cells


def test_cancelled_cells_leave_the_surfaces(sunny: Any, qtbot: Any) -> None:
    sunny.colour_by("solar_irradiation")
    sunny.session.detail.choose("cells")
    sunny.session.detail.run.cancel()
    sunny.session.runs_changed.emit()
    assert sunny.session.detail.chosen == "surfaces"
    assert sunny.workspace.legend.switch.buttons["surfaces"].isChecked()
    assert not sunny.workspace.view.scene.shows_cells


def test_a_span_is_dragged_with_shift_and_typed(sunny: Any, qtbot: Any) -> None:
    sunny.colour_by("solar_irradiation")
    bar, session = sunny.workspace.time_bar, sunny.session
    ruler = bar.ruler
    start, end = (QPoint(round(ruler.x_of(day * 24 + 12)), 22) for day in (100, 160))
    QTest.mousePress(ruler, LEFT, SHIFT, start)
    QTest.mouseMove(ruler, end)
    QTest.mouseRelease(ruler, LEFT, SHIFT, end)
    assert session.period == "span"
    first, last = session.span
    assert (first % 24, last % 24) == (0, 0)
    assert abs(first / 24 - 100) <= 1
    assert abs(last / 24 - 161) <= 1
    assert bar.span.isVisible()
    bar.span.first.setDateTime(bar.span.first.dateTime().addSecs(8 * 3600))
    assert session.span == (first + 8, last)
    values, document = session.values(), session.document
    assert values.unit == "kWh/m²"
    year = document.surface_values("solar_irradiation").values
    known = np.isfinite(year) & (year > 50)
    assert (values.values[known] < year[known]).all()
    assert (values.values[known] > 0).all()
    qtbot.waitUntil(lambda: sunny.workspace.legend.detail == span_label(first + 8, last))
    QTest.keyClick(ruler, Qt.Key.Key_Right, SHIFT)
    assert session.span == (first + 8, last + 1)
    QTest.mouseClick(ruler, LEFT, pos=start)
    assert session.period == "day"


def test_span_labels_name_whole_days_and_hours() -> None:
    assert span_label(0, 24) == "1 Jan"
    assert span_label(0, 48) == "1 Jan – 2 Jan"
    assert span_label(4104 + 8, 4104 + 18) == "21 Jun 08:00–18:00"
    assert span_label(8758, 8760) == "31 Dec 22:00–24:00"
    assert span_label(8782, 8784, 8784) == "31 Dec 22:00–24:00"
    assert span_label(1416, 1440, 8784) == "29 Feb"


def test_direct_sunlight_is_of_the_day(sunny: Any, qtbot: Any) -> None:
    sunny.colour_by("direct_sunlight")
    sunny.set_hour(NOON)
    bar, legend = sunny.workspace.time_bar, sunny.workspace.legend
    qtbot.waitUntil(lambda: legend.unit == "h")
    buttons = {button.property("period"): button for button in bar.periods.buttons()}
    assert buttons["day"].text() == "Day"
    assert not buttons["month"].isEnabled()
    assert not buttons["span"].isVisible()
    assert legend.detail == "21 Jun"
    assert 13 < legend.scale.high < 16
    assert not sunny.workspace.painter.paint_hour(), "another hour of the day is the same picture"
    sunny.set_hour(8508)
    assert legend.detail == "21 Dec"
    assert legend.scale.high < 10


def test_the_sky_view_factor_has_no_time(sunny: Any, qtbot: Any) -> None:
    sunny.colour_by("sky_view_factor")
    qtbot.waitUntil(lambda: sunny.workspace.legend.unit == "share of the sky")
    assert (sunny.workspace.legend.scale.low, sunny.workspace.legend.scale.high) == (0.0, 1.0)
    assert not any(button.isEnabled() for button in sunny.workspace.time_bar.periods.buttons())
    sunny.set_hour(NOON + 1)
    assert sunny.session.variable == "sky_view_factor"


def retype(row: Any, text: str) -> None:
    row.value.setFocus()
    row.value.selectAll()
    QTest.keyClicks(row.value, text)
    QTest.keyClick(row.value, Qt.Key.Key_Return)


def test_surroundings_are_edited_and_undone(opened: Any, qtbot: Any) -> None:
    panel, document = opened.workspace.inspector.conditions, opened.session.document
    assert panel.isVisible()
    row = panel.rows["ground_reflectance"]
    assert "EnergyPlus Input Output Reference" in row.value.toolTip()
    retype(row, "0.35")
    assert document.solar_conditions.ground_reflectance == 0.35
    assert row.mark.text() == "e"
    panel.months["snow_months"].buttons[0].click()
    panel.months["snow_months"].buttons[11].click()
    assert document.solar_conditions.snow_months == (1, 12)
    retype(panel.rows["snow_reflectance"], "2")
    assert document.solar_conditions.snow_reflectance == 0.6
    assert "0.95" in opened.toast.text.text()
    assert panel.rows["snow_reflectance"].value.text() == "0.6"
    for _ in range(3):
        opened.actions_["edit.undo"].trigger()
    qtbot.waitUntil(lambda: row.value.text() == "0.2")
    assert document.solar_conditions.snow_months == ()
    assert row.mark.text() == "a"


def test_a_buildings_reflectance_names_its_origin(opened: Any, qtbot: Any) -> None:
    document, inspector = opened.session.document, opened.workspace.inspector
    document.select(["B0"])
    qtbot.waitUntil(lambda: inspector.heading.text() == "B0")
    row = inspector.properties["wall_reflectance"]
    assert row.value.text() == "0.3"
    assert "Unknown" in row.value.toolTip()
    assert row.mark.text() == "a"
    retype(row, "0.55")
    assert document.city.buildings.column("wall_reflectance")[0] == 0.55
    qtbot.waitUntil(lambda: row.mark.text() == "e")
    opened.actions_["edit.undo"].trigger()
    qtbot.waitUntil(lambda: row.mark.text() == "a")
    document.select([])
    qtbot.waitUntil(inspector.conditions.isVisible)


def test_the_solar_potential_invites_to_run_first(sunny: Any, qtbot: Any) -> None:
    document, view = sunny.session.document, sunny.workspace.inspector.potential
    document.select(["B0"])
    qtbot.waitUntil(lambda: sunny.workspace.inspector.heading.text() == "B0")
    assert view.run.isVisibleTo(view)
    assert not view.grid.isVisibleTo(view)


def test_solar_potential_of_a_building(sunny: Any, qtbot: Any) -> None:
    run = sunny.run_engine("collectors")
    qtbot.waitUntil(lambda: run.finished)
    assert run.failed == {}
    document, view = sunny.session.document, sunny.workspace.inspector.potential
    document.select(["B0"])
    qtbot.waitUntil(lambda: sunny.workspace.inspector.heading.text() == "B0")
    assert view.grid.isVisibleTo(view)
    texts = [view.grid._grid.itemAt(place).widget().text() for place in range(view.grid._grid.count())]
    assert "Photovoltaics  kWp" in texts
    expected = document.solar_potential().of_row(document.city.buildings.row("B0"))
    assert expected.photovoltaic_kwp > 0
    assert any(text.startswith(f"{expected.photovoltaic_kwp:.3g}"[:3]) for text in texts)
    sunny.colour_by("pv_yield")
    qtbot.waitUntil(lambda: sunny.workspace.legend.unit == "kWh/m²a")


def test_a_span_is_kept_for_the_next_time(sunny: Any, qtbot: Any, project: Path) -> None:
    sunny.colour_by("solar_irradiation")
    sunny.session.set_span(240, 480)
    sunny.close_project()
    assert sunny.session.span == (0, 24)
    sunny.open_path(project)
    assert (sunny.session.span, sunny.session.period) == ((240, 480), "span")
