"""Exports with results: every format says what is fresh, stale, missing and estimated."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyogrio
import pytest

from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.document.exporting.building_columns import RESULT_COLUMNS, building_columns
from citytwin_desktop.document.exporting.export_values import ExportValues
from citytwin_desktop.document.exporting.moments import Moment, moment_of
from citytwin_desktop.document.exports import ENDINGS, building_table, export_document, save_project_copy
from citytwin_desktop.errors import KnownError
from tests.conftest import CityFile, box_city
from tests.formats.test_meshes_gltf import checked, properties_of

AMBER, GREY = "#C98A1E", "#B4B8BD"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three boxes with solar results, and estimates of two."""
    from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path

    folder = tmp_path_factory.mktemp("exports")
    city = box_city(count=3)
    city["transform"]["translate"] = [90_000.0, 435_000.0, 0.0]
    (folder / "boxes.city.json").write_text(json.dumps(city), encoding="utf-8")
    document = create_document(folder / "p.citytwin.gpkg")
    document.execute("import_city", sources=[str(folder / "boxes.city.json")])
    document.execute("set_weather", path=str(chicago_weather_path()))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1960)
    document.start_run("solar").wait()
    run = document.start_run("estimate", building_ids=["B0", "B1"])
    run.wait()
    assert (run.done, run.failed) == (2, {})
    document.close()
    return document.path


@pytest.fixture(scope="module")
def document(finished: Path) -> Iterator[Document]:
    """The project, with B0 edited since: its estimate is stale, B2 has none. For reading only."""
    opened = open_document(finished)
    opened.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.2)
    yield opened
    opened.close()


def layer(path: Path, name: str) -> dict[str, list[Any]]:
    meta, _, _, fields = pyogrio.raw.read(path, layer=name)
    return {field: column.tolist() for field, column in zip(meta["fields"], fields, strict=True)}


def test_the_table_says_what_is_fresh(document: Document) -> None:
    columns = building_columns(document, "baseline")
    assert columns["energy_fresh"] == [False, True, None]
    assert columns["final_energy_fresh"] == [False, True, None]
    assert columns["energy_engine"] == ["estimate", "estimate", None]
    assert columns["solar_fresh"] == [True] * 3
    assert columns["collectors_fresh"] == [None] * 3
    assert columns["heating_demand_kwh"][2] is None
    assert columns["heating_demand_kwh"][1] > 1000.0
    assert set(RESULT_COLUMNS) | {about.fresh for about in RESULT_COLUMNS.values()} <= set(columns)
    header, rows = building_table(document, "baseline")
    assert header == list(columns)
    assert [row[0] for row in rows] == ["B0", "B1", "B2"]


def test_solar_turns_stale_with_the_city(document: Document, tmp_path: Path) -> None:
    before = document.surface_values("solar_irradiation").values
    save_project_copy(document, tmp_path / "copy.citytwin.gpkg")
    copy = open_document(tmp_path / "copy.citytwin.gpkg")
    try:
        copy.execute("remove_buildings", building_ids=["B2"])
        assert building_columns(copy, "baseline")["solar_fresh"] == [False, False]
        surfaces = ExportValues(copy, "baseline").surfaces
    finally:
        copy.close()
    assert surfaces["solar_irradiation_kwh_m2"] == pytest.approx(before[:12], nan_ok=True)
    known = ~np.isnan(before[:12])
    assert surfaces["solar_irradiation_kwh_m2_fresh"].tolist() == [False if one else None for one in known]


def test_names_of_measures_carry_their_marks(document: Document) -> None:
    measures = ExportValues(document, "baseline").measures()
    assert set(measures) == {"B0", "B1", "B2"}
    assert "heating_demand_kwh_estimate_stale" in measures["B0"]
    assert "heating_demand_kwh" not in measures["B0"]
    assert measures["B1"]["heating_demand_kwh_estimate"][1] == "kWh"
    assert list(measures["B2"]) == ["solar_irradiation_kwh_m2"]
    assert measures["B2"]["solar_irradiation_kwh_m2"] == (
        pytest.approx(building_columns(document, "baseline")["solar_irradiation_kwh_m2"][2]), "kWh/m2"
    )  # fmt: skip


def test_a_mesh_shows_stale_values_in_amber(document: Document, tmp_path: Path) -> None:
    message = export_document(document, tmp_path / "x.glb", "baseline", variable="heating_demand")
    assert "6 surfaces have a stale result and stand out in amber. 6 surfaces have no result and are grey." in message
    content, binary = checked((tmp_path / "x.glb").read_bytes())
    legend = content["asset"]["extras"]["legend"]
    assert legend["surfaces"] == {"fresh": 6, "stale": 6, "no_result": 6}
    assert (legend["variable"], legend["unit"], legend["estimates"]) == ("heating_demand", "kWh/m²a", 12)
    assert content["asset"]["extras"]["scenario"] == "baseline"
    assert content["asset"]["extras"]["results"]["estimate"]["fresh"] == 1
    table = properties_of(content, binary)
    assert (table["fill"][0], table["fill"][2]) == (AMBER, GREY)
    assert table["shown_fresh"] == [0, 1, 255]
    # the scale is that of fresh values alone
    assert legend["low"] <= table["shown_value"][1] <= legend["high"]


def test_layers_have_the_values_of_the_views(document: Document, tmp_path: Path) -> None:
    shown = document.surface_values("solar_irradiation", month=5).values
    message = export_document(
        document, tmp_path / "x.gpkg", "baseline", variable="solar_irradiation", time="06", crs="EPSG:25831"
    )
    assert "Layers: buildings, surfaces, about." in message
    surfaces = layer(tmp_path / "x.gpkg", "surfaces")
    assert surfaces["shown_value"] == pytest.approx(shown.tolist(), nan_ok=True)
    year = document.surface_values("solar_irradiation").values
    assert surfaces["solar_irradiation_kwh_m2"] == pytest.approx(year.tolist(), nan_ok=True)
    buildings = layer(tmp_path / "x.gpkg", "buildings")
    assert buildings["id"] == ["B0", "B1", "B2"]
    assert "shown_value" not in buildings
    assert buildings["wall_u_value_w_m2k"][0] == 0.2
    about = layer(tmp_path / "x.gpkg", "about")
    legend = json.loads(about["value"][about["name"].index("legend")])
    assert (legend["time"], legend["colour_map"]) == ("month 6", "inferno")
    assert pyogrio.read_info(tmp_path / "x.gpkg", layer="buildings")["crs"] == "EPSG:25831"


def test_geojson_marks_every_building(document: Document, tmp_path: Path) -> None:
    export_document(document, tmp_path / "x.geojson", "baseline", variable="heating_demand")
    features = json.loads((tmp_path / "x.geojson").read_text())["features"]
    properties = [feature["properties"] for feature in features]
    assert [item.get("energy_fresh") for item in properties] == [False, True, None]
    assert (properties[0]["fill"], properties[2]["fill"]) == (AMBER, GREY)
    with pytest.raises(KnownError, match="belongs to surfaces"):
        export_document(document, tmp_path / "y.geojson", "baseline", variable="solar_irradiation")


def test_every_other_ending_is_written(document: Document, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    for ending in (".obj", ".stl", ".3dtiles", ".3tz", ".xlsx", ".csv", ".parquet", ".city.json", ".city.jsonl"):
        assert ending in ENDINGS
        assert "3 buildings written" in export_document(document, folder / f"all in one{ending}", "baseline")
    written = sorted(path.name for path in folder.iterdir())
    assert not [name for name in written if name.startswith(".")]
    assert "all_in_one.mtl" in written
    assert "mtllib all_in_one.mtl\n" in (folder / "all in one.obj").read_text()
    assert (folder / "all in one.3dtiles" / "tileset.json").is_file()
    book = openpyxl.load_workbook(folder / "all in one.xlsx")
    assert book["surfaces"].max_row == 19
    book.close()


def test_citygml_takes_the_results(document: Document, tmp_path: Path) -> None:
    export_document(document, tmp_path / "x.gml", "baseline")
    assert "heating_demand_kwh_estimate_stale" in (tmp_path / "x.gml").read_text(encoding="utf-8")


def test_a_copy_is_a_project_and_layers_are_none(document: Document, tmp_path: Path) -> None:
    export_document(document, tmp_path / "copy.citytwin.gpkg", "baseline")
    save_project_copy(document, tmp_path / "plain.gpkg")
    for name in ("copy.citytwin.gpkg", "plain.gpkg"):
        copy = open_document(tmp_path / name)
        assert len(copy.city.buildings) == 3
        copy.close()
    export_document(document, tmp_path / "layers.gpkg", "baseline")
    with pytest.raises(KnownError):
        open_document(tmp_path / "layers.gpkg")
    export_document(document, tmp_path / "layers.gpkg", "baseline")  # layers may replace layers
    with pytest.raises(KnownError, match="is a project, which layers would replace"):
        export_document(document, tmp_path / "plain.gpkg", "baseline")
    (tmp_path / "odd name %41?#.gpkg").write_bytes(b"no database")
    export_document(document, tmp_path / "odd name %41?#.gpkg", "baseline")
    assert "surfaces" in pyogrio.list_layers(tmp_path / "odd name %41?#.gpkg")


@pytest.mark.parametrize(
    ("name", "choices", "words"),
    [
        ("x.csv", {"variable": "heating_demand"}, "has no colours: leave out the variable"),
        ("x.stl", {"variable": "heating_demand"}, "has no colours"),
        ("x.glb", {"time": "06"}, "A time belongs to a variable"),
        ("x.glb", {"crs": "EPSG:25831"}, "leave out the system"),
        ("x.gpkg", {"crs": "Amersfoort"}, "no coordinate reference system"),
        ("x.gpkg", {"crs": "EPSG:99999"}, "EPSG:99999 is unknown"),
        ("x.glb", {"variable": "magic"}, "no variable “magic”"),
        ("x.glb", {"variable": "cooling_demand", "time": "06-21T12"}, "a month or the year"),
        ("x.glb", {"variable": "solar_irradiation", "time": "13"}, "of a day, a month, a span or the year"),
        ("x.glb", {"variable": "solar_irradiation", "time": "noon"}, "is no time"),
        ("x.glb", {"variable": "pv_yield"}, "run simulate --engine collectors first"),
        ("x.docx", {}, "no format that is written: choose .citytwin.gpkg, .city.json"),
        (".glb", {}, "an ending without a name"),
        ("a\nb.glb", {}, "control characters"),
        ("x" * 300 + ".glb", {}, "too long"),
        ("no/such/x.glb", {}, "cannot be written"),
        ("no/such/x.obj", {}, "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_one_sentence(
    document: Document, tmp_path: Path, name: str, choices: dict[str, Any], words: str
) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(KnownError, match=words) as raised:
        export_document(document, tmp_path / name, "baseline", **choices)
    assert str(raised.value).endswith(".")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_the_project_is_never_replaced(document: Document) -> None:
    for write in (
        lambda: export_document(document, document.path, "baseline"),
        lambda: save_project_copy(document, document.path),
    ):
        with pytest.raises(KnownError, match="would replace the project itself"):
            write()


def test_an_empty_project_has_nothing_to_write(tmp_path: Path, city_file: CityFile) -> None:
    document = create_document(tmp_path / "p.citytwin.gpkg")
    try:
        for ending in (".gpkg", ".geojson", ".glb", ".obj", ".stl", ".3dtiles", ".3tz", ".city.json"):
            with pytest.raises(KnownError, match="no buildings to write"):
                export_document(document, tmp_path / f"x{ending}", "baseline")
        with pytest.raises(KnownError, match="no scenario “x”"):
            export_document(document, tmp_path / "x.glb", "x")
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith("x")] == []
    finally:
        document.close()


def test_times_of_variables() -> None:
    assert moment_of("solar_irradiation", "06-21", 0, 8760) == Moment(hours=(4104, 4128))
    assert moment_of("solar_irradiance", None, 4116, 8760) == Moment(4116)
    assert moment_of("heating_demand", "01", 0, 8760) == Moment(month=0)
    assert Moment(hours=(4104, 4128)).words(8760) == "21 Jun 00:00 – 21 Jun 24:00"
    assert Moment(4104, whole_day=True).words(8760) == "21 Jun"
