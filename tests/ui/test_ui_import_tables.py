"""Tables joined and cities exported in the real window."""

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from citytwin_desktop.document.exports import ENDINGS
from citytwin_desktop.ui.export_dialog import FORMATS

LEFT = Qt.MouseButton.LeftButton


def test_a_table_is_matched_shown_and_joined(opened: Any, qtbot: Any, tmp_path: Path) -> None:
    document = opened.session.document
    table = tmp_path / "years.csv"
    table.write_text("id,bouwjaar,label\nB0,1931,x\nB1,1950,y\nB9,2000,z\n")
    opened.open_dropped([table])
    form = next(child for child in opened.children() if child.objectName() == "joinDialog")
    qtbot.waitUntil(lambda: not form.matching)
    assert "3 rows: 2 matched (2 certain), 1 unmatched" in form.matches.counts.text()
    assert form.matches.rows.items[0]["row"] == 4, "the doubtful ones first"
    assert form.columns.boxes["bouwjaar"].currentData() == "year_built"
    label = form.columns.boxes["label"]
    label.setCurrentIndex(label.findData("name"))
    label.activated.emit(label.currentIndex())
    assert form.matching
    QTest.mouseClick(form.ok, LEFT)
    assert form.isVisible(), "not before the report of these choices is there"
    qtbot.waitUntil(lambda: not form.matching)
    assert form.ok.text() == "Join to 2 buildings"
    QTest.mouseClick(form.ok, LEFT)
    assert document.city.buildings.column("year_built")[:2].tolist() == [1931, 1950]
    assert document.city.buildings.column("name")[:2].tolist() == ["x", "y"]
    assert "2 buildings filled" in opened.toast.text.text()
    opened.undo()
    assert document.city.buildings.column("name")[0] == ""

    check_a_table_that_fits_nothing(opened, qtbot, tmp_path)


def check_a_table_that_fits_nothing(opened: Any, qtbot: Any, tmp_path: Path) -> None:
    table = tmp_path / "odd.csv"
    table.write_text("a,b\n1,2\n")
    form = opened.show_join(table)
    qtbot.waitUntil(lambda: not form.matching)
    assert "odd.csv" in form.matches.counts.text()
    assert form.matches.counts.objectName() == "failed"
    assert not form.ok.isEnabled()
    form.key.setCurrentIndex(form.key.findData("point"))
    assert form.crs.isVisible()
    form.confidence.setText("much")
    qtbot.waitUntil(lambda: "not a number" in form.matches.counts.text())
    form.reject()
    opened.close_project()
    assert opened.show_join(table) is None
    assert "import a city first" in opened.toast.text.text()


def test_every_format_that_is_written_is_offered() -> None:
    assert {item.ending for item in FORMATS} == set(ENDINGS) - {".citytwin.gpkg"}


def test_an_export_follows_format_and_choices(opened: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened.actions_["file.export"].trigger()
    form = next(child for child in opened.children() if child.objectName() == "exportDialog")
    assert form.file.text == str(tmp_path / "boxes.city.json")
    assert not form.variable.isVisible()
    form.format.setCurrentIndex(next(i for i, item in enumerate(FORMATS) if item.ending == ".geojson"))
    assert form.file.text == str(tmp_path / "boxes.geojson")
    assert form.variable.isVisible()
    form.file.edit.setText(str(tmp_path / "boxes.shp"))
    QTest.mouseClick(form.ok, LEFT)
    assert "must end in .geojson" in form.problem.text()
    form.file.edit.setText(str(tmp_path / "out.geojson"))
    QTest.mouseClick(form.ok, LEFT)
    assert len(json.loads((tmp_path / "out.geojson").read_text())["features"]) == 4
    assert "4 buildings written" in opened.toast.text.text()
    check_buildings_are_set_on_the_terrain(opened, monkeypatch)


def check_buildings_are_set_on_the_terrain(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document = opened.session.document
    opened.drop_to_terrain()
    assert "import a terrain" in opened.toast.text.text()
    asked: list[Any] = []

    def carry_out(command: str, **parameters: Any) -> Any:
        asked.append((command, parameters["building_ids"]))
        document.last_report = {"moved": 3, "off_terrain": ["B3"]}
        return object()

    monkeypatch.setattr(document, "execute", carry_out)
    for selection in ((), ("B1",)):
        document.select(selection)
        opened.actions_["model.terrain"].trigger()
        assert asked.pop() == ("drop_to_terrain", list(selection))
        assert "3 buildings set on the terrain" in opened.toast.text.text()
        assert "no ground is known under 1 building" in opened.toast.text.text()
