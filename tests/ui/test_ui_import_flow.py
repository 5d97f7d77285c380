"""Imports in the real window: on a thread, with progress, refusal, cancel, and what is said at the end."""

import gc
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.import_options import ImportOptions

LEFT = Qt.MouseButton.LeftButton


def footprints(count: int = 6, **more: Any) -> dict[str, Any]:
    """A GeoJSON row of outlines near Delft, the middle ones taller."""
    features = []
    for number in range(count):
        x, y = 4.36 + 0.0004 * number, 52.01
        ring = [[x, y], [x + 0.0002, y], [x + 0.0002, y + 0.0001], [x, y + 0.0001], [x, y]]
        attributes = {"nr": f"P{number}", "HOOG": 6.0 + number, "jaar": 1950 + number, "soort": "kantoor", **more}
        features.append(
            {"type": "Feature", "properties": attributes, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )
    return {"type": "FeatureCollection", "features": features}


def ready(window: Any, qtbot: Any, *paths: Path) -> Any:
    """The import dialog with its look over."""
    form = window.show_import([str(path) for path in paths])
    qtbot.waitUntil(lambda: form.looked)
    return form


class Gate:
    """Holds the reading of city files until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from citytwin_desktop.document.commands import importing

        self.open, self.reached = threading.Event(), threading.Event()
        read = importing.read_sources

        def held(path: Path, options: ImportOptions) -> Any:
            options.watch(0.4, "reading buildings")
            self.reached.set()
            assert self.open.wait(30.0)
            options.watch(0.5, "reading buildings")
            return read(path, options)

        monkeypatch.setattr(importing, "read_sources", held)


def test_footprints_with_columns_box_and_filter(window: Any, qtbot: Any, tmp_path: Path) -> None:
    path = tmp_path / "plots.geojson"
    path.write_text(json.dumps(footprints()))
    form = ready(window, qtbot, path)
    boxes = form.columns.boxes
    for column, attribute in (("height_m", "HOOG"), ("year_built", "jaar"), ("id", "nr"), ("function", "")):
        boxes[column].setCurrentIndex(boxes[column].findData(attribute))
    form.part.sides["west"].setText("4.3603")  # the first one lies outside
    form.part.where.setText("HOOG <= 10")
    form.crs.setText("EPSG:4326")
    QTest.mouseClick(form.ok, LEFT)
    qtbot.waitUntil(lambda: window.session.document is not None)
    buildings = window.session.document.city.buildings
    assert [str(name) for name in buildings.ids] == ["P1", "P2", "P3", "P4"]
    assert buildings.column("height_m").tolist() == pytest.approx([7.0, 8.0, 9.0, 10.0], abs=0.01)
    assert buildings.column("year_built").tolist() == [1951, 1952, 1953, 1954]
    assert set(buildings.column("function")) == {""}, "none was chosen"
    assert window.toast.text.text().startswith("4 buildings kept")
    assert window.pages.currentWidget() is window.workspace
    check_what_was_removed_is_offered_back(window, qtbot, path)


def check_what_was_removed_is_offered_back(window: Any, qtbot: Any, path: Path) -> None:
    form = ready(window, qtbot, path)
    assert form.bring_back is None, "nothing was removed"
    form.reject()
    window.session.document.execute("remove_buildings", building_ids=["P2"])
    form = ready(window, qtbot, path)
    assert form.bring_back.text() == "Bring back what was removed (1)"
    assert "bring_back" not in form.parameters()
    form.bring_back.setChecked(True)
    assert form.parameters()["bring_back"] is True
    form.reject()


def test_the_window_lives_while_a_file_is_read_and_cancel_leaves_nothing(
    window: Any, qtbot: Any, city_file: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    form = ready(window, qtbot, city_file())
    QTest.mouseClick(form.ok, LEFT)
    assert not form.isVisible()
    qtbot.waitUntil(gate.reached.is_set)
    ticks: list[int] = []
    clock = QTimer(interval=5)
    clock.timeout.connect(lambda: ticks.append(1))
    clock.start()
    qtbot.waitUntil(lambda: len(ticks) > 20)  # the event loop turns while the file is being read
    qtbot.waitUntil(lambda: "reading buildings" in window.status.job.text())
    assert window.status.cancel.isVisible()
    assert 0.0 < window.status.progress.value() < 1000
    assert window.show_import([str(city_file())]) is None, "one at a time"
    QTest.mouseClick(window.status.cancel, LEFT)
    qtbot.waitUntil(lambda: not window.status.cancel.isVisible())
    assert "Import cancelled" in window.toast.text.text()
    gate.open.set()
    qtbot.waitUntil(lambda: not list(tmp_path.glob("*.gpkg*")))
    assert window.session.document is None
    assert gc.isenabled()
    QTest.mouseClick(window.toast.action, LEFT)
    assert form.isVisible(), "with all choices as they were"
    form.reject()
    check_a_refused_import_comes_back(window, qtbot, city_file, tmp_path, monkeypatch)
    check_a_bug_is_told(window, city_file, tmp_path, monkeypatch)
    monkeypatch.undo()
    check_closing_the_window_takes_the_import_along(window, qtbot, city_file, tmp_path, monkeypatch)


def check_closing_the_window_takes_the_import_along(
    window: Any, qtbot: Any, city_file: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    window.start_import(tmp_path / "last.citytwin.gpkg", {"sources": [str(city_file())]})
    qtbot.waitUntil(gate.reached.is_set)
    assert list(tmp_path.glob("last*"))
    opener = threading.Timer(0.2, gate.open.set)
    opener.start()
    window.close()
    opener.join()
    assert not list(tmp_path.glob("last*"))


def test_cancel_in_an_open_project_keeps_it_as_it_was(
    opened: Any, qtbot: Any, city_file: Callable[..., Path], weather_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = opened.session.document
    before, entries = document.city, len(document.history())
    gate = Gate(monkeypatch)
    form = ready(opened, qtbot, city_file("more.city.json", count=5))
    form.weather.edit.setText(str(weather_file))
    QTest.mouseClick(form.ok, LEFT)
    qtbot.waitUntil(gate.reached.is_set)
    assert document.weather is not None, "the weather came first"
    opened.actions_["run.cancel"].trigger()
    gate.open.set()
    qtbot.waitUntil(lambda: not opened.session.running)
    assert document.city is before or document.city.buildings.ids.tolist() == before.buildings.ids.tolist()
    assert document.weather is None
    assert [entry for entry in document.history() if not entry.undone][-1].command == "import_city"
    assert len([entry for entry in document.history() if not entry.undone]) == entries
    check_an_edit_during_the_import_is_kept(opened, qtbot, city_file, monkeypatch)


def check_an_edit_during_the_import_is_kept(
    opened: Any, qtbot: Any, city_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = opened.session.document
    gate = Gate(monkeypatch)
    form = ready(opened, qtbot, city_file("more.city.json", count=6))
    QTest.mouseClick(form.ok, LEFT)
    qtbot.waitUntil(gate.reached.is_set)
    document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=3)
    gate.open.set()
    qtbot.waitUntil(lambda: not opened.session.running)
    assert len(document.city.buildings) == 6
    assert document.city.buildings.column("storeys")[document.city.buildings.row("B0")] == 3


def check_a_refused_import_comes_back(
    window: Any, qtbot: Any, city_file: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from citytwin_desktop.document.commands import importing

    def refuse(path: Path, options: ImportOptions) -> Any:
        raise KnownError(f"“{path.name}” is damaged in the middle: get a complete copy of it.")

    monkeypatch.setattr(importing, "read_sources", refuse)
    form = ready(window, qtbot, city_file())
    QTest.mouseClick(form.ok, LEFT)
    qtbot.waitUntil(lambda: form.isVisible() and bool(form.problem.text()))
    assert "damaged in the middle" in form.problem.text()
    assert not list(tmp_path.glob("*.gpkg*"))
    form.part.where.setText("no sign")
    QTest.mouseClick(form.ok, LEFT)
    assert "cannot be read at" in form.problem.text()
    form.reject()


def check_a_bug_is_told(
    window: Any, city_file: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from citytwin_desktop.document.commands import importing

    def break_down(path: Path, options: ImportOptions) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(importing, "read_sources", break_down)
    job = window.start_import(tmp_path / "new.citytwin.gpkg", {"sources": [str(city_file())]})
    window.session._timer.stop()
    assert job.wait(30.0)
    with pytest.raises(ZeroDivisionError):
        window.session.poll_runs()
    assert job.finished
    assert not list(tmp_path.glob("*.gpkg*"))


def test_formats_are_told_by_their_names(tmp_path: Path, project: Path) -> None:
    from citytwin_desktop.ui.dropped_files import city_filter, kind_of, sorted_out, weather_filter

    layers = tmp_path / "layers.gpkg"
    layers.write_bytes(b"SQLite format 3\x00")
    kinds = {
        "a.gml": "city", "a.osm.pbf": "city", "a.shp": "city", "a.zip": "city", "a.tif": "city", "a.city.json": "city",
        "a.csv.gz": "table", "a.epw.zip": "weather", "a.xlsx.zip": "table", "a.gml.gz": "city", "a.shp.zip": "city",
        "a.csv": "table", "a.XLSX": "table", "a.epw": "weather", "a.dbf": "side", "a.exe": "",
    }  # fmt: skip
    assert {name: kind_of(tmp_path / name) for name in kinds} == kinds
    assert (kind_of(layers), kind_of(project)) == ("city", "project")
    assert all(ending in weather_filter() for ending in ("*.epw", "*.zip", "*.gz"))
    assert "*.gml" in city_filter()
    assert "*.pbf" in city_filter()
    shape = [tmp_path / name for name in ("a.shp", "a.dbf", "a.prj")]
    assert sorted_out(shape).cities == (shape[0],)
    for names, words in ((("a.dbf",), "belongs to another file"), (("a.csv", "a.gml"), "city first")):
        with pytest.raises(KnownError, match=words):
            sorted_out([tmp_path / name for name in names])


def test_options_of_the_command_line_are_fields_in_the_window(window: Any) -> None:
    from citytwin_desktop.ui.source_card import RefusedCard
    from citytwin_desktop.ui.window_words import for_window

    sentence = "“f.gml” names no coordinate reference system: state it with --crs EPSG:N."
    words = "“f.gml” names no coordinate reference system: state it in the field “Coordinates”."
    assert for_window(sentence) == words
    window.say(sentence)
    assert window.toast.text.text() == words
    card = RefusedCard("f.gml", sentence)
    assert words in [label.text() for label in card.findChildren(QLabel)]
    assert for_window("Nothing to see: go on.") == "Nothing to see: go on."
