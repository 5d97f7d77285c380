"""“Explain this number” in the window, and the inspector's origins with their way back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from citytwin_desktop.document.explanation import Question
from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import StoredResult, StoredSeries
from citytwin_desktop.ui.explanation_rows import InputRow
from citytwin_desktop.ui.value_grid import NumberLabel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def made() -> list[bytes]:
    """The project file, once it was made."""
    return []


@pytest.fixture
def project(project: Path, weather_file: Path, made: list[bytes]) -> Path:
    """Four houses; B0 with a result as EnergyPlus leaves it, 16 000 kWh of heating."""
    if made:
        project.write_bytes(made[0])
        return project
    from citytwin_desktop.document.document import open_document

    document = open_document(project)
    document.execute("set_weather", path=str(weather_file))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1935)
    key = document.keys.energy(document.project.district, document.weather, "baseline")["B0"]
    parts = {"heating_demand": 16000.0, "cooling_demand": 10.0, "lighting": 500.0, "equipment": 700.0}
    series = {name: StoredSeries("kWh", np.full(8760, total / 8760, np.float32)) for name, total in parts.items()}
    summary = {name: (total, "kWh") for name, total in parts.items()} | {"floor_area_m2": (160.0, "m2")}
    summary |= {"peak_heating_demand": (2.0, "kW"), "peak_cooling_demand": (0.1, "kW"), "unmet": (3.0, "h")}
    about = {"zones": 2, "warnings": ["a wall was odd"], "settings": {"terrain": "City"}}
    with document.project.writing() as connection:
        result = StoredResult(key, "energyplus", "25.2", 1.5, about, series, summary=summary)
        result_store.put(connection, result)
        result_store.show(connection, "energyplus", "baseline", [("B0", key, "")])
    document.close()
    made.append(project.read_bytes())
    return project


def chosen(window: Any, qtbot: Any, *names: str) -> Any:
    inspector = window.workspace.inspector
    window.session.document.select(list(names))
    qtbot.waitUntil(lambda: inspector._ids == list(names))
    return inspector


def texts(view: Any) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if not label.isHidden()]


def until(qtbot: Any, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition)


def a_result_is_explained_by_a_click_and_follows_edits(opened: Any, qtbot: Any) -> None:
    inspector = chosen(opened, qtbot, "B0")
    view = opened.explaining.view
    assert view.isHidden()
    number = next(
        label for label in inspector.results.findChildren(NumberLabel) if "Heating demand" in label.accessibleName()
    )
    QTest.mouseClick(number, LEFT)
    assert view.isVisible()
    assert (view.title.text(), view.subject.text()) == ("Heating demand", "B0")
    shown = texts(view)
    assert "16\u2009000\u2009kWh/a" in shown
    assert "Fresh: of today's inputs" in shown
    assert "January" in shown
    assert view.sections["Run"].heading.text().startswith("Run")
    assert "a wall was odd" in texts(view.sections["Run"])
    # An edit makes it stale, and says so with what was edited; undo makes it fresh again.
    opened.session.document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.3)
    until(qtbot, lambda: any("Wall U-value of 1 building" in text for text in texts(view)))
    assert any(text.startswith("Stale") for text in texts(view))
    opened.session.document.undo()
    until(qtbot, lambda: "Fresh: of today's inputs" in texts(view))
    view.copy.click()
    assert "Heating demand: 16000 kWh/a" in QApplication.clipboard().text()
    QTest.keyClick(view.close_button, Qt.Key.Key_Escape)
    assert view.isHidden()


def an_input_leads_to_its_row_and_a_building_to_its_place(opened: Any, qtbot: Any) -> None:
    inspector = chosen(opened, qtbot, "B1")
    opened.session.explain_wanted.emit(Question("heating_demand", building_ids=("B0",)))
    view = opened.explaining.view
    link = next(row.findChild(QPushButton) for row in view.findChildren(InputRow) if row.item.column == "lighting_w_m2")
    link.click()
    until(qtbot, lambda: inspector._ids == ["B0"])
    row = inspector.properties["lighting_w_m2"]
    assert row.isVisible()
    assert opened.focusWidget() is row.value
    opened.session.explain_wanted.emit(Question("final_energy"))
    next(
        button
        for button in view.findChildren(QPushButton)
        if button.text() == "B0" or button.text() == "Go to building"
    )
    opened.session.explain_wanted.emit(Question("heating_demand", building_ids=("B0", "B1")))
    assert "1 building of 2 have no result and are not in it." in texts(view)


def the_key_explains_the_focused_value_or_what_is_painted(opened: Any, qtbot: Any) -> None:
    inspector, view = chosen(opened, qtbot, "B0"), opened.explaining.view
    view.close_button.click()
    opened.colour_by("")
    opened.workspace.view.setFocus()
    opened.actions_["explain.here"].trigger()
    assert view.isHidden()
    assert "paint a variable" in opened.toast.text.text()
    inspector.properties["roof_u_value_w_m2k"].value.setFocus()
    opened.actions_["explain.here"].trigger()
    assert view.title.text() == "Roof U-value"
    opened.workspace.view.setFocus()
    opened.session.set_variable("heating_demand")
    opened.actions_["explain.here"].trigger()
    assert view.title.text() == "Heating demand"
    opened.session.document.execute("remove_buildings", building_ids=["B0"])
    until(qtbot, view.isHidden)


def edits_have_a_way_back_that_says_where_to(opened: Any, qtbot: Any) -> None:
    inspector, document = chosen(opened, qtbot, "B0"), opened.session.document
    row, other = inspector.properties["wall_u_value_w_m2k"], inspector.properties["roof_u_value_w_m2k"]
    assert row.back.isHidden()
    document.execute("edit_buildings", building_ids=["B0", "B1"], column="wall_u_value_w_m2k", value=0.3)
    document.execute("edit_buildings", building_ids=["B0"], column="heating_system", value="ground_source_heat_pump")
    until(qtbot, row.back.isVisible)
    assert other.back.isHidden()
    assert "Back to 1.6 W/m²K: archetype GB-residential-1930-1949" in row.back.toolTip()
    assert inspector.choices["heating_system"].back.isVisible()
    row.back.click()
    until(qtbot, row.back.isHidden)
    columns = document.city.buildings.columns["wall_u_value_w_m2k"]
    assert np.isnan(columns[0])
    assert columns[1] == 0.3
    menu = row.menu.menu()
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Explain this number", "Copy", "Back to default", "Select buildings with the same value",
    ]  # fmt: skip
    assert not menu.actions()[2].isEnabled()
    menu.actions()[-1].trigger()
    until(qtbot, lambda: inspector._ids == ["B0", "B2", "B3"])
    menu.close()


def a_bulk_edit_touches_its_field_alone_and_mixed_values_are_ranges(opened: Any, qtbot: Any) -> None:
    document = opened.session.document
    document.execute("edit_buildings", building_ids=["B1"], column="wall_u_value_w_m2k", value=0.3)
    inspector = chosen(opened, qtbot, "B0", "B1")
    assert inspector.properties["wall_u_value_w_m2k"].value.value_text == "0.3–1.6"
    before = {name: column.copy() for name, column in document.city.buildings.columns.items()}
    roof = inspector.properties["roof_u_value_w_m2k"].value
    roof.setFocus()
    roof.selectAll()
    QTest.keyClicks(roof, "0.5")
    QTest.keyClick(roof, Qt.Key.Key_Return)
    after = document.city.buildings.columns
    assert after["roof_u_value_w_m2k"].tolist()[:2] == [0.5, 0.5]
    changed = [
        name for name in after if not all(str(a) == str(b) for a, b in zip(before[name], after[name], strict=True))
    ]
    assert changed == ["roof_u_value_w_m2k"]


def the_history_of_a_building_holds_its_own_edits(opened: Any, qtbot: Any) -> None:
    document = opened.session.document
    for name in ("B1", "B2"):
        document.execute("edit_buildings", building_ids=[name], column="name", value=f"House {name}")
    inspector = chosen(opened, qtbot, "B2")
    inspector.show_row("name")
    inspector.sections["History"].heading.setChecked(True)
    text = inspector.history.text
    until(qtbot, lambda: "Import 4 buildings" in text.text())
    assert text.text().count("Name of 1 building") == 1


def test_numbers_are_explained_in_one_window(opened: Any, qtbot: Any) -> None:
    """A window takes seconds to make: what is asked of it one after the other is asked of the same one."""
    a_result_is_explained_by_a_click_and_follows_edits(opened, qtbot)
    an_input_leads_to_its_row_and_a_building_to_its_place(opened, qtbot)
    the_key_explains_the_focused_value_or_what_is_painted(opened, qtbot)


def test_the_inspector_tells_origins_and_takes_edits_back(opened: Any, qtbot: Any) -> None:
    edits_have_a_way_back_that_says_where_to(opened, qtbot)
    a_bulk_edit_touches_its_field_alone_and_mixed_values_are_ranges(opened, qtbot)
    the_history_of_a_building_holds_its_own_edits(opened, qtbot)
