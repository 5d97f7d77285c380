"""Building energy in the window: systems, results with their estimates, loads and hours, heat through surfaces."""

import itertools
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QWidget

from citytwin_desktop.catalog.archetypes import archetype
from citytwin_desktop.catalog.resolution import energy_spec
from citytwin_desktop.document.variables import VARIABLES as KNOWN
from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import StoredResult, StoredSeries
from citytwin_desktop.ui import arriving_values
from citytwin_desktop.ui.estimate_words import error_text, estimate_badge
from citytwin_desktop.ui.inspector_rows import means_something
from citytwin_desktop.ui.legend import Legend
from citytwin_desktop.ui.variables import VARIABLES

LEFT = Qt.MouseButton.LeftButton
AREA_M2 = 160.0
ERROR = {"annual": 0.088, "monthly": 0.12, "level": "archetype", "shaded": False}

STORED_ERROR = error_text(0.088)
"""What is written beside the estimates stored here."""


def stored(key: str, engine: str, heating_kwh: float) -> StoredResult:
    """A result as an engine leaves it, the same in every hour."""
    year = np.full(8760, 1 / 8760, np.float32)
    series = {"heating_demand": heating_kwh, "cooling_demand": 1000.0, "lighting": 500.0, "equipment": 500.0}
    summary = {name: (total, "kWh") for name, total in series.items()}
    summary |= {"peak_heating_demand": (heating_kwh / 8760, "kW"), "peak_cooling_demand": (1000 / 8760, "kW")}
    summary |= {"floor_area_m2": (AREA_M2, "m2")}
    if engine == "energyplus":
        summary |= {"overheating_adaptive": (120.0, "h"), "overheating_fixed": (300.0, "h"), "unmet": (7.0, "h")}
    about = {} if engine == "energyplus" else {"expected_error": ERROR}
    arrays = {name: StoredSeries("kWh", year * np.float32(total)) for name, total in series.items()}
    return StoredResult(key, engine, "1", 1.0, about, arrays, summary=summary)


def store(document: Any, engine: str, keys: dict[str, str]) -> None:
    """Results of one engine for some buildings."""
    with document.project.writing() as connection:
        for name, key in keys.items():
            result_store.put(connection, stored(key, engine, 16000.0))
            result_store.show(connection, engine, "baseline", [(name, key, "")])


@pytest.fixture(scope="module")
def made() -> list[bytes]:
    """The project file, once it was made."""
    return []


@pytest.fixture
def project(project: Path, weather_file: Path, made: list[bytes]) -> Path:
    """Four houses: B0 and B1 simulated, B2 estimated, B3 without a result."""
    if made:
        project.write_bytes(made[0])
        return project
    from citytwin_desktop.document.document import open_document

    document = open_document(project)
    document.execute("set_weather", path=str(weather_file))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1935)
    keys = document.keys.energy(document.project.district, document.weather, "baseline")
    store(document, "energyplus", {name: keys[name] for name in ("B0", "B1")})
    # What an estimate is calibrated by is a part of its key.
    store(document, "estimate", {"B2": document.energy.estimate_keys("baseline")["B2"]})
    document.close()
    made.append(project.read_bytes())
    return project


@pytest.fixture
def energetic(opened: Any) -> Any:
    opened.session.document.select(["B0"])
    wait_for(lambda: opened.workspace.inspector.heading.text() == "B0")
    return opened


def wait_for(condition: Callable[[], bool]) -> None:
    """Let the window go on until something holds; a loaded machine may take seconds."""
    last = time.monotonic() + 60.0
    while not condition():
        assert time.monotonic() < last
        QTest.qWait(10)


def chosen(window: Any, *names: str) -> Any:
    """The inspector once it shows some buildings."""
    inspector, values = window.workspace.inspector, list(names)
    window.session.document.select(values)
    wait_for(lambda: inspector._ids == values)
    QTest.qWait(50)
    return inspector


def pick(box: QComboBox, key: str) -> None:
    place = box.findData(key)
    assert place >= 0
    box.setCurrentIndex(place)
    box.activated.emit(place)


def cut(inspector: Any) -> list[str]:
    """Widgets of the inspector that stand out of their parents or of the column, and values without room."""
    viewport, found = inspector.scroll.viewport(), []
    for widget in inspector.scroll.widget().findChildren(QWidget):
        if not widget.isVisible():
            continue
        right = widget.mapTo(viewport, widget.rect().topRight()).x()
        if right > viewport.width():
            found.append(f"{widget.objectName()} ends at {right} of {viewport.width()}")
        if isinstance(widget, QLineEdit) and widget.fontMetrics().horizontalAdvance(widget.text()) > widget.width() - 8:
            found.append(f"“{widget.text()}” has {widget.width()} px")
    return found


def test_nothing_in_the_inspector_is_cut(energetic: Any) -> None:
    document = energetic.session.document
    document.execute("edit_buildings", building_ids=["B1"], column="heating_system", value="ground_source_heat_pump")
    for width, names in itertools.product((312, 330), (["B0"], ["B1"], ["B2"], ["B0", "B1", "B2", "B3"])):
        energetic.workspace.columns.setSizes([276, 1366 - 276 - width, 0, width])  # the explanation is hidden
        inspector = chosen(energetic, *names)
        for section in (*inspector.sections.values(), *inspector.folds):
            section.heading.setChecked(True)
        QTest.qWait(50)
        assert inspector.width() == width
        assert inspector.scroll.widget().minimumSizeHint().width() <= inspector.scroll.viewport().width()
        assert cut(inspector) == []


def test_long_labels_give_way_to_their_numbers_and_say_all_of_it(qapp: Any) -> None:
    from citytwin_desktop.ui.section import PropertyRow

    row = PropertyRow("x", "Heat recovery of the ventilation of all rooms together", "W per l/s", editable=True)
    row.show_value("0.123–0.456", "archetype", "archetype “<b>” says so")
    row.resize(240, 26)
    row.show()
    assert row.label.shown.endswith("…")
    assert row.value.width() >= row.value.fontMetrics().horizontalAdvance("0.123–0.456") + 12
    assert row.value.geometry().right() < row.mark.geometry().left()
    assert "all rooms together" in row.label.toolTip()
    assert "&lt;b&gt;" in row.label.toolTip(), "names come from other people's files"
    row.deleteLater()


def test_a_system_is_chosen_by_its_code_and_undone(energetic: Any) -> None:
    document, inspector = energetic.session.document, energetic.workspace.inspector
    before, fresh = document.building_result("final_energy", "B0").annual_kwh, document.status("energyplus").fresh
    assert inspector.properties["parent_id"].isHidden()
    assert inspector.properties["heat_source"].isHidden()
    assert inspector.properties["heat_pump_cop"].isHidden()
    pick(inspector.choices["heating_system"].box, "air_source_heat_pump")
    assert document.city.buildings.column("heating_system").tolist() == ["air_source_heat_pump", "", "", ""]
    assert document.history()[-1].command == "edit_buildings"
    inspector = chosen(energetic, "B0")
    assert inspector.properties["heat_source"].value.text() == "Outdoor air"
    assert 2.0 < float(inspector.properties["heat_pump_cop"].value.text()) < 4.5
    assert not inspector.properties["heat_pump_cop"].isHidden()
    assert inspector.properties["heating_efficiency"].isHidden()
    assert inspector.properties["heating_carrier"].value.text() == "Electricity"
    assert any("edited" in fold.heading.text() for fold in inspector.folds)
    assert document.building_result("final_energy", "B0").annual_kwh < 0.6 * before
    assert document.status("energyplus").fresh == fresh, "a system leaves demand as it is"
    energetic.actions_["edit.undo"].trigger()
    assert document.city.buildings.column("heating_system")[0] == ""


def test_rows_that_mean_nothing_are_known() -> None:
    spec = energy_spec(archetype("GB-residential-1930-1949"), {}, None)
    cooled = replace(spec, cooling_efficiency=3.0)
    bare = replace(spec, cooling_efficiency=0.0, fan_power_w_per_l_s=0.0, hot_water_kwh_m2a=0.0)
    assert means_something("cooling_setpoint_c", [bare, cooled])
    assert not means_something("cooling_setpoint_c", [bare])
    assert means_something("window_opening_ach", [bare])
    assert not means_something("window_opening_ach", [cooled])
    assert not means_something("fan_power_w_per_l_s", [bare])
    assert not means_something("hot_water_efficiency", [bare])
    assert means_something("wall_u_value_w_m2k", [bare])
    assert means_something("heat_source", []), "without archetypes nothing is known to be idle"


def test_results_of_a_building_are_complete_and_with_units(energetic: Any) -> None:
    results = chosen(energetic, "B0").results
    assert results.grid.texts()[:6] == ["Demand", "MWh/a", "kWh/m²a", "Heating demand", "16", "100"]
    final = energetic.session.document.building_result("final_energy", "B0").annual_kwh
    texts = results.carriers.texts()
    total = texts.index("All carriers")
    assert texts[:3] == ["Final energy", "MWh/a", "kWh/m²a"]
    assert float(texts[total + 1]) == pytest.approx(final / 1000, rel=0.01)
    assert float(texts[total + 2]) == pytest.approx(final / AREA_M2, rel=0.01)
    assert results.loads.texts()[:6] == ["Loads", "kW", "W/m²", "Peak heating load", "1.83", "11.4"]
    hours = results.hours.texts()
    assert hours[hours.index("Overheating, adaptive limit") + 1].endswith("h")
    tips = {label.text(): label.toolTip() for label in results.hours.findChildren(QLabel)}
    assert "3 % of the occupied hours" in tips["Overheating, adaptive limit"]
    assert "300 in a year" in tips["Hours with set-point missed"]
    assert not results.badge.isVisible()


def test_an_estimate_is_italic_and_badged_with_its_error(energetic: Any) -> None:
    results, document = chosen(energetic, "B2").results, energetic.session.document
    assert estimate_badge(document, ["B0"]).text == "Estimate", "a simulated building has no error of an estimate"
    assert estimate_badge(document, ["B2"], of_heating=True).text == f"Estimate {STORED_ERROR}"
    assert results.badge.text.text() == f"Estimate (heating {STORED_ERROR})"
    assert "its archetype" in results.badge.toolTip()
    assert "run solar first" in results.badge.toolTip()
    assert "italics" in results.note.text()
    number = next(label for label in results.grid.findChildren(QLabel) if label.text() == "16")
    assert number.objectName() == "estimate"
    assert number.font().italic()
    assert results.hours.isHidden(), "an estimate knows nothing of hours too warm"


def test_the_legend_badges_a_picture_with_an_estimate(energetic: Any) -> None:
    legend = energetic.workspace.legend
    energetic.colour_by("heating_demand")
    wait_for(lambda: legend.badge.text.text() == f"Estimate {STORED_ERROR}")
    energetic.session.document.execute("edit_buildings", building_ids=["B1"], column="wall_u_value_w_m2k", value=0.2)
    wait_for(lambda: legend.badge.text.text() == f"Estimate {STORED_ERROR}, stale")
    energetic.colour_by("overheating_hours")
    wait_for(lambda: legend.badge.text.text() == "Stale: hatched")


def test_values_marked_as_estimates_are_badged_whatever_the_document_says(
    energetic: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, legend = energetic.session.document, energetic.workspace.legend
    plain = document.surface_values("heating_demand")
    none = replace(plain, estimate=np.zeros_like(plain.estimate))
    monkeypatch.setattr(document, "surface_values", lambda *_, **__: none)
    energetic.session.painted.forget()
    energetic.colour_by("heating_demand")
    energetic.session.view_changed.emit()
    wait_for(lambda: legend.isVisible() and legend.title == "Heating demand")
    wait_for(lambda: legend.badge.text.text() == "")
    every = replace(plain, estimate=np.ones_like(plain.estimate))
    monkeypatch.setattr(document, "surface_values", lambda *_, **__: every)
    energetic.session.painted.forget()
    energetic.session.view_changed.emit()
    wait_for(lambda: legend.badge.text.text().startswith("Estimate"))


def test_errors_are_said_in_whole_per_cents_and_never_invented() -> None:
    assert error_text(0.0727) == "±7.3 %"
    assert error_text(0.31) == "±31 %"
    assert error_text(float("inf")) == "over ±100 %"
    assert error_text(float("nan")) == ""


def test_the_legend_says_what_a_value_is_of(energetic: Any) -> None:
    legend = energetic.workspace.legend
    for variable, unit in {
        "final_energy": "kWh/m²a floor area",
        "peak_heating": "kW per building",
        "overheating_hours": "h a year per building",
        "heat_transmission": "kWh/m²a of the surface",
        "transmitted_solar": "kWh/m²a of the surface",
    }.items():
        energetic.colour_by(variable)
        wait_for(lambda variable=variable: legend.title == KNOWN[variable].title)
        assert legend.unit == unit


def test_every_title_fits_the_closed_list(opened: Any) -> None:
    box = opened.bars.variable_box
    for variable in VARIABLES.values():
        box.setCurrentIndex(box.findData(variable.name))
        assert box.shown == variable.short_title


def test_losses_and_gains_are_told_apart_and_zero_is_marked(qapp: Any, opened: Any) -> None:
    from citytwin_desktop.scene.colour_maps import FLOW_MAP, ColourScale

    scale = ColourScale.fitted(np.array([-6.0, 3.0, 10.0]), FLOW_MAP)
    gain, none, loss = scale.colours(np.array([-6.0, 0.0, 10.0])).astype(int)
    assert gain[2] > gain[0] + 30, "gains are blue"
    assert loss[0] > loss[2] + 80, "losses are red"
    assert none.min() > 245, "nothing is white"
    assert ColourScale.fitted(np.array([20.0, 90.0]), FLOW_MAP).low == 0.0
    legend: Legend = opened.workspace.legend
    legend.bar.scale = scale
    assert legend.middle_mark() == (pytest.approx(6 / 16), "0")
    legend.bar.scale = ColourScale(FLOW_MAP, 0.0, 90.0)
    assert legend.middle_mark() == (0.5, "45")


def test_estimating_is_offered_in_the_menu_and_says_what_is_missing(energetic: Any) -> None:
    action = energetic.actions_["run.estimate"]
    assert action.isVisible()
    assert action.isEnabled()
    assert action in energetic.bars.run_menu.actions()
    energetic.session.document.missing_for = lambda *_: "No archetypes: run Enrich to assign them"
    energetic.session.standing.count()
    energetic.refresh()
    assert not action.isEnabled()
    assert action.text() == "Estimate (seconds)  –  No archetypes: run Enrich to assign them"


def test_a_package_offers_to_estimate_what_it_does(energetic: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    inspector, started = chosen(energetic, "B0", "B3"), []
    monkeypatch.setattr(energetic.session, "start_run", lambda *arguments: started.append(arguments))
    pick(inspector.choices["package"].box, "deep")
    assert set(energetic.session.document.scenario("baseline").assignments) == {"B0", "B3"}
    assert energetic.toast.action.text() == "Estimate now"
    assert not started, "runs start when they are asked for"
    assert not any(dialog.isVisible() for dialog in energetic.findChildren(QDialog))
    QTest.mouseClick(energetic.toast.action, LEFT)
    assert started == [("estimate", ["B0", "B3"])]
    energetic.actions_["run.estimate"].trigger()
    form = next(child for child in energetic.findChildren(QDialog) if child.isVisible())
    assert form.ok.text() == "Estimate 2 buildings"
    assert form.findChild(QComboBox, "runWhich").isVisible()
    assert form.findChild(QComboBox, "runWorkers") is None
    form.reject()


def test_the_table_lists_results_with_their_marks(energetic: Any) -> None:
    from citytwin_desktop.ui.building_table import SHOWN

    energetic.session.document.execute("edit_buildings", building_ids=["B1"], column="wall_u_value_w_m2k", value=0.2)
    QTest.qWait(100)
    model, role = energetic.workspace.table.model, Qt.ItemDataRole
    column = {name: SHOWN.index(name) for name in ("heating_demand", "final_energy", "overheating_hours")}

    def cell(row: int, name: str, what: Any = role.DisplayRole) -> Any:
        return model.data(model.index(row, column[name]), what)

    assert [cell(row, "heating_demand") for row in range(4)] == ["100", "100", "100", ""]
    final = energetic.session.document.building_result("final_energy", "B0").annual_kwh
    assert float(cell(0, "final_energy")) == pytest.approx(final / AREA_M2, rel=0.01)
    assert [cell(row, "overheating_hours") for row in range(4)] == ["120", "120", "", ""]
    assert cell(0, "heating_demand", role.DecorationRole) is None
    assert cell(1, "heating_demand", role.DecorationRole) is not None, "stale, also in a selected row"
    assert cell(2, "heating_demand", role.FontRole).italic()
    assert model.headerData(column["final_energy"], Qt.Orientation.Horizontal) == "Final energy [kWh/m²a]"


def test_the_probe_tells_an_estimate(energetic: Any) -> None:
    energetic.colour_by("heating_demand")
    probe, surfaces = energetic.workspace.probe, energetic.session.document.city.surfaces
    request = energetic.session.request()
    texts = [probe._values(request, int(np.flatnonzero(surfaces.building == row)[0]), cells=False) for row in (0, 2, 3)]
    assert texts[0][0].endswith("kWh/m²a floor area")
    assert [state for _, state in texts] == ["", "Estimate", ""]
    assert texts[2][0] == "No result here"


def test_what_arrives_in_a_large_city_is_read_aside_and_then_painted(
    energetic: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, document = energetic.session, energetic.session.document
    energetic.colour_by("heating_demand")
    qtbot.waitUntil(lambda: energetic.workspace.painter.shown is not None)
    monkeypatch.setattr(arriving_values, "AT_ONCE_BUILDINGS", 0)
    own: list[str] = []
    read = document.surface_values
    monkeypatch.setattr(document, "surface_values", lambda name, *a, **k: own.append(name) or read(name, *a, **k))
    keys = document.keys.energy(document.project.district, document.weather, "baseline")
    with document.project.writing_aside() as connection:
        result_store.put(connection, stored(keys["B3"], "energyplus", 8000.0))
        result_store.show(connection, "energyplus", "baseline", [("B3", keys["B3"], "")])
    mine = document.city.surfaces.of_building(document.city.buildings.row("B3"))
    assert np.isnan(energetic.workspace.painter.shown.values[mine]).all()
    for _ in range(2):
        document.results_arrived("energyplus", ("B3",))
    qtbot.waitUntil(lambda: bool(np.isfinite(energetic.workspace.painter.shown.values[mine]).all()))
    qtbot.waitUntil(lambda: session.painted.arriving._work is None)
    assert own == [], "the window read what a thread was to read"
    assert "Estimate" in energetic.workspace.legend.badge.text.text()
    # An edit is painted at once, and what was being read for the city before it is not painted after it.
    document.results_arrived("energyplus", ("B3",))
    session.execute("edit_buildings", building_ids=["B3"], column="wall_u_value_w_m2k", value=0.2)
    qtbot.waitUntil(lambda: session.painted.arriving._work is None)
    qtbot.waitUntil(lambda: bool(energetic.workspace.painter.shown.stale[mine].all()))


def test_results_of_another_engine_draw_no_frame(energetic: Any, qtbot: Any) -> None:
    view, document = energetic.workspace.view, energetic.session.document
    for variable in ("", "solar_irradiation"):
        energetic.colour_by(variable)
        QTest.qWait(400)
        painted: list[str] = []
        energetic.workspace.painter.told.append(lambda: painted.append("painted"))  # noqa: B023
        document.results_arrived("estimate", ("B0",))
        QTest.qWait(50)
        assert painted == [], "a frame costs a quarter of a second in a large city"
        energetic.workspace.painter.told.pop()
    energetic.colour_by("heating_demand")
    frames = view.frames_drawn
    document.results_arrived("estimate", ("B0",))
    qtbot.waitUntil(lambda: view.frames_drawn > frames)


def test_cancelling_asks_and_does_not_wait(energetic: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run = energetic.run_engine("energyplus", ["B3"], 1)
    monkeypatch.setattr(run, "cancel", lambda: pytest.fail("waited for the workers"))
    qtbot.waitUntil(lambda: run.state != "Preparing")
    energetic.cancel_run()
    assert run.cancelled
    assert not energetic.workspace.jobs.cancel.isVisible()
    qtbot.waitUntil(lambda: run.finished)
    assert run.state.startswith("Cancelled after")
    assert energetic.session.running == []
