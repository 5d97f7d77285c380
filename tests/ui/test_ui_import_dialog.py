"""The import dialog by itself: what a look at files tells, and what its choices become."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.source_scan import AttributeSummary, SourceScan
from citytwin_desktop.ui.import_dialog import ImportDialog, look_at
from citytwin_desktop.ui.source_words import extent_text, types_text
from citytwin_desktop.ui.theme import DARK
from citytwin_desktop.ui.window_words import inside

LEFT = Qt.MouseButton.LeftButton
SCAN = SourceScan(
    "town.geojson",
    "GeoJSON",
    12_345_678,
    {"Building": 853, "BuildingPart": 120, "Road": 1},
    {"1.2": 853, "2.2": 840},
    "urn:ogc:def:crs:EPSG::28992",
    28992,
    (90_000.0, 435_000.0, -1.0, 91_000.0, 436_000.0, 60.0),
    (
        AttributeSummary("HOEHE", 850, ("12.5", "7")),
        AttributeSummary("H", 10, ("3",)),
        AttributeSummary("Use type", 853, ("office", "home")),
    ),
    {"height_m": "HOEHE"},
)


@pytest.fixture
def made(qapp: Any, qtbot: Any, tmp_path: Path) -> Callable[..., ImportDialog]:
    """Maker of dialogs on given scans."""
    parent = QWidget()
    qtbot.addWidget(parent)

    def make(*scans: SourceScan, looked: Any = None) -> ImportDialog:
        answer = looked or [(str(tmp_path / scan.name), (scan,), "") for scan in scans]
        form = ImportDialog(parent, [path for path, _, _ in answer], None, DARK, look=lambda _: answer)
        form.show()
        qtbot.waitUntil(lambda: form.looked)
        return form

    return make


def texts(form: ImportDialog) -> str:
    return "\n".join(label.text() for label in form.cards[0].findChildren(QLabel)).replace("\u2009", " ")


def test_a_look_tells_counts_levels_coordinates_and_size(made: Callable[..., ImportDialog]) -> None:
    form = made(SCAN)
    for words in (
        "853 buildings, 120 parts, 1 road", "LoD 1.2 (853), 2.2 (840)", "EPSG:28992 Amersfoort / RD New",
        "1 000 m × 1 000 m", "GeoJSON  ·  12.3 MB",
    ):  # fmt: skip
        assert words in texts(form)
    assert form.ok.text() == "Import 853 buildings, 120 parts"
    assert [form.lod.itemData(row) for row in range(form.lod.count())] == ["", "1.2", "2.2"]
    assert form.columns_section.heading.isChecked(), "whoever has outlines must see what their heights are taken from"
    assert not form.part_section.heading.isChecked()
    assert form.height() <= 768


def test_nothing_chosen_asks_for_everything(made: Callable[..., ImportDialog]) -> None:
    form = made(SCAN)
    assert form.parameters() == {"sources": form.sources, "crs": None, "lod": None}


def test_choices_become_parameters(made: Callable[..., ImportDialog]) -> None:
    form = made(SCAN)
    form.lod.setCurrentIndex(1)
    form.columns.boxes["height_m"].setCurrentIndex(form.columns.boxes["height_m"].findData("H"))
    form.columns.boxes["name"].setCurrentIndex(form.columns.boxes["name"].findData("Use type"))
    form.columns.storey_height.setText("2,8")
    form.part.sides["east"].setText("90500")
    form.part.where.setText("HOEHE > 5")
    form.part.types.item(2).setCheckState(Qt.CheckState.Unchecked)
    assert form.parameters() == {
        "sources": form.sources, "crs": None, "lod": "1.2", "bbox": (90_000.0, 435_000.0, 90_500.0, 436_000.0),
        "types": ("Building", "BuildingPart"), "where": "HOEHE > 5", "columns": ("height_m=H", "name=Use type"),
        "storey_height_m": 2.8,
    }  # fmt: skip
    assert form.part.note() == "box, 2 of 3 types, filter"
    form.columns.boxes["height_m"].setCurrentIndex(0)
    assert "height_m=" in form.parameters()["columns"], "none at all is a choice too"


def test_a_box_is_drawn_with_the_mouse(made: Callable[..., ImportDialog]) -> None:
    form = made(SCAN)
    form.part_section.heading.setChecked(True)
    plan = form.part.plan
    start, end = (plan.to_pixel(*place).toPoint() for place in ((90_200.0, 435_800.0), (90_700.0, 435_300.0)))
    QTest.mousePress(plan, LEFT, pos=start)
    QTest.mouseMove(plan, end)
    QTest.mouseRelease(plan, LEFT, pos=end)
    pixel = plan.to_place(plan.rect().bottomRight().toPointF())[0] - plan.to_place(plan.rect().center().toPointF())[0]
    step = 2.0 * pixel / plan.width()
    assert form.part.box() == pytest.approx((90_200.0, 435_300.0, 90_700.0, 435_800.0), abs=2.0 * step)
    QTest.mouseClick(plan, LEFT, pos=QPoint(5, 5))
    assert form.part.box() is None


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [("west", "x", "four numbers"), ("west", "95000", "empty"), ("where", "HOEHE >", "cannot be read")],
)
def test_nonsense_is_refused_in_a_sentence(
    made: Callable[..., ImportDialog], field: str, text: str, words: str
) -> None:
    form = made(SCAN)
    (form.part.where if field == "where" else form.part.sides[field]).setText(text)
    with pytest.raises(KnownError, match=words):
        form.parameters()


def test_a_file_without_coordinates_asks_for_them(made: Callable[..., ImportDialog]) -> None:
    from dataclasses import replace

    form = made(replace(SCAN, epsg=0, reference=""))
    card = form.cards[0]
    assert "names no coordinate system" in card.reference.text()
    assert card.reference.objectName() == "stale"
    with pytest.raises(KnownError, match="names no coordinate reference system"):
        form.parameters()
    form.crs.setText("epsg:25832")
    assert form.crs_name.text() == "ETRS89 / UTM zone 32N"
    assert card.reference.objectName() == "muted"
    assert form.parameters()["crs"] == "EPSG:25832"
    form.crs.setText("99")
    assert "not a known" in form.crs_name.text()


@pytest.mark.parametrize(
    ("extent", "words"),
    [
        ((-122.3, 37.8, 0.0, -122.2, 37.9, 9.0), "122.30000° to 122.20000° west, 37.80000° to 37.90000° north"),
        ((18.0, -34.0, 0.0, 18.1, -33.9, 9.0), "18.00000° to 18.10000° east, 34.00000° to 33.90000° south"),
    ],
)
def test_degrees_are_said_with_their_direction(extent: Any, words: str) -> None:
    assert extent_text(SourceScan("a", "b", epsg=4326, extent=extent)) == words


def test_names_are_completed_word_by_word(made: Callable[..., ImportDialog]) -> None:
    form = made(SCAN)
    form.part_section.heading.setChecked(True)
    QTest.keyClicks(form.part.where, "HOEHE > 5 and use")
    assert form.part.completion.completer.completionCount() == 1
    form.part.completion.put("Use type")
    assert form.part.where.text().strip() == 'HOEHE > 5 and "Use type"'


def test_a_file_that_cannot_be_read_says_why_and_keeps_the_button_off(
    made: Callable[..., ImportDialog], tmp_path: Path, city_file: Callable[..., Path]
) -> None:
    bad = tmp_path / "bad.gml"
    bad.write_text("<html><body>no city</body></html>")
    looked = look_at([str(bad)])
    assert looked[0][1] == ()
    form = made(looked=looked)
    assert not form.ok.isEnabled()
    assert any("bad.gml" in label.text() for label in form.findChildren(QLabel, "failed"))
    good = city_file()
    both = made(looked=look_at([str(good), str(bad)]))
    assert both.problem.text() == "1 of 2 files cannot be read and will be left out."
    assert both.parameters()["sources"] == [str(good)]


def test_a_press_during_the_look_counts_when_it_is_over(qapp: Any, qtbot: Any, tmp_path: Path) -> None:
    import threading

    parent, gate, pressed = QWidget(), threading.Event(), []
    qtbot.addWidget(parent)

    def slow(paths: list[str]) -> Any:
        gate.wait(10.0)
        return [(paths[0], (SCAN,), "")]

    form = ImportDialog(parent, [str(tmp_path / "town.geojson")], None, DARK, look=slow)
    form.submitted.connect(lambda: pressed.append(form.looked))
    form.show()
    form.submit_when_looked()
    assert pressed == []
    gate.set()
    qtbot.waitUntil(lambda: pressed == [True])


def test_the_dialog_can_be_closed_while_it_looks(qapp: Any, qtbot: Any, tmp_path: Path) -> None:
    import threading

    parent, gate = QWidget(), threading.Event()
    qtbot.addWidget(parent)
    form = ImportDialog(parent, [str(tmp_path / "a.json")], None, DARK, look=lambda _: gate.wait(10.0) and [])
    closed: list[int] = []
    form.finished.connect(closed.append)
    form.show()
    form.reject()
    qtbot.wait(50)
    assert closed == [0], "it waits for nobody"
    gate.set()
    qtbot.wait(50)
    assert closed == [0]


def test_a_real_scan_fills_the_columns(tmp_path: Path) -> None:
    square = [[4.0, 52.0], [4.0001, 52.0], [4.0001, 52.0001], [4.0, 52.0001], [4.0, 52.0]]
    feature = {
        "type": "Feature", "properties": {"hoogte": 9.5, "bouwjaar": 1931},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }  # fmt: skip
    path = tmp_path / "one.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    [(_, scans, sentence)] = look_at([str(path)])
    assert sentence == ""
    assert scans[0].columns["height_m"] == "hoogte"
    assert scans[0].columns["year_built"] == "bouwjaar"


def test_counts_and_titles_are_said_as_people_say_them() -> None:
    found = types_text({"Building": 1, "WaterBody": 1, "PlantCover": 1, "CityFurniture": 2, "Odd": 1})
    assert found == "1 building, 1 water body, 1 area of plants, 2 pieces of street furniture, 1 Odd"
    assert extent_text(SourceScan("a", "b", epsg=28992, extent=(0, 0, 2, 30, 20, 9))).endswith(
        ", heights 2 to 9\u2009m"
    )
    assert (inside("Wall U-value"), inside("EnergyPlus"), inside("")) == ("wall U-value", "EnergyPlus", "")
