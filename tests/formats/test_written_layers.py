"""GeoJSON, GeoPackage and workbook of buildings, read back by other readers."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyogrio
import pyproj
import pytest
import shapely

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.written_layers.geojson import write_geojson
from citytwin_desktop.formats.written_layers.geopackage import write_geopackage
from citytwin_desktop.formats.written_layers.layer_columns import layer_columns
from citytwin_desktop.formats.written_layers.workbook import write_workbook
from tests.formats.box_models import HOSTILE, ORIGIN, box_model, courtyard_model, with_road


def table(path: Path, layer: str) -> tuple[dict[str, list[Any]], Any, Any]:
    """Columns, shapes and metadata of a layer as GDAL gives them."""
    meta, _, geometry, fields = pyogrio.raw.read(path, layer=layer)
    columns = {name: column.tolist() for name, column in zip(meta["fields"], fields, strict=True)}
    return columns, None if geometry is None else shapely.from_wkb(geometry), meta


def area_m2(coordinates: list[Any]) -> float:
    """Area of a polygon of longitude and latitude on the ellipsoid, holes off."""
    geod = pyproj.Geod(ellps="WGS84")
    return sum(geod.polygon_area_perimeter(*np.array(ring).T)[0] for ring in coordinates)


def test_geojson_is_that_of_rfc_7946() -> None:
    city = courtyard_model()
    columns = {"id": ["yard"], "heating_demand_kwh": [12.5], "energy_fresh": [False], "storeys": [None]}
    document = json.loads(write_geojson(city, columns, {"scenario": "baseline"}))
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    assert document["citytwin"] == {"scenario": "baseline"}
    (feature,) = document["features"]
    assert feature["id"] == "yard"
    outer, hole = feature["geometry"]["coordinates"]
    assert outer[0] == outer[-1]
    assert all(len(corner) == 2 and corner == [round(value, 7) for value in corner] for corner in outer + hole)
    # counter-clockwise outside counts positive, the clockwise hole negative
    assert area_m2([outer]) == pytest.approx(900.0, rel=2e-3)
    assert area_m2([hole]) == pytest.approx(-100.0, rel=5e-3)
    longitude, latitude = pyproj.Transformer.from_crs(28992, 4326, always_xy=True).transform(*ORIGIN[:2])
    assert min(np.hypot(x - longitude, y - latitude) for x, y in outer) < 1e-7
    properties = feature["properties"]
    assert (properties["heating_demand_kwh"], properties["energy_fresh"]) == (12.5, False)
    assert (properties["height_m"], properties["ground_elevation_m"], properties["mean_height_m"]) == (10.0, 2.0, 10.0)
    assert "storeys" not in properties


def test_a_building_in_parts_has_no_outline_of_its_own() -> None:
    city = box_model(["whole", "part"])
    keep = np.flatnonzero(city.surfaces.building == 1)
    city = CityModel(city.epsg, city.origin, city.buildings, city.surfaces.take(keep))
    whole, part = json.loads(write_geojson(city, {"pv_yield_kwh": [5.0, None]}, {}))["features"]
    assert whole["geometry"] is None
    assert whole["properties"]["pv_yield_kwh"] == 5.0
    assert part["geometry"]["type"] == "Polygon"


def test_our_own_reader_takes_the_geojson_back(tmp_path: Path) -> None:
    city_files = pytest.importorskip("citytwin_desktop.formats.city_files")
    try:
        import citytwin_desktop.formats.footprints.source  # noqa: F401
    except ModuleNotFoundError:
        pytest.skip("outlines are not read yet")
    path = tmp_path / "out.geojson"
    path.write_bytes(write_geojson(box_model(["A", "B"]), {"id": ["A", "B"]}, {}))
    back, _ = city_files.read_city_file(path, crs=None)
    assert back.buildings.ids.tolist() == ["A", "B"]
    assert back.volumes_m3() == pytest.approx([480.0] * 2, rel=5e-3)


def test_geopackage_has_layers_with_every_value(tmp_path: Path) -> None:
    city = with_road(box_model(["A", "B"], columns={"name": np.array(["", "Town “hall”"], object)}))
    columns = {
        "id": ["A", "B"], "name": city.buildings.columns["name"].tolist(), "heating_demand_kwh": [100.0, None],
        "energy_fresh": [True, None], "ID": ["x", "y"], "fid": [7, 8],
    }  # fmt: skip
    surfaces = {"solar_kwh_m2": np.array([np.nan, *range(11)], np.float32)}
    path = tmp_path / "out.gpkg"
    counts = write_geopackage(path, city, columns, surfaces, {"scenario": "baseline", "results": {"solar": 1}})
    assert counts == {"buildings": 2, "surfaces": 12, "surroundings": 1, "about": 2}
    found, shapes, meta = table(path, "buildings")
    assert meta["crs"] == "EPSG:28992"
    assert shapely.area(shapes) == pytest.approx([80.0, 80.0])
    assert shapes[1].bounds == pytest.approx((91020.0, 437000.0, 91030.0, 437008.0))
    assert found["heating_demand_kwh"][0] == 100.0
    assert np.isnan(found["heating_demand_kwh"][1])
    assert found["name"] == [None, "Town “hall”"]
    assert (found["ID_"], found["fid_"], found["height_m"]) == (["x", "y"], [7.0, 8.0], [6.0, 6.0])
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT energy_fresh FROM buildings ORDER BY fid").fetchall() == [(1,), (None,)]
    connection.close()
    found, shapes, _ = table(path, "surfaces")
    assert shapely.has_z(shapes).all()
    assert found["kind"][:3] == ["ground", "roof", "wall"]
    # the four walls of a box face south, east, north, west
    assert found["azimuth_deg"][2:6] == pytest.approx([180.0, 90.0, 0.0, 270.0])
    assert np.isnan(found["azimuth_deg"][:2]).all()
    assert found["tilt_deg"][:3] == pytest.approx([180.0, 0.0, 90.0])
    assert found["area_m2"][:3] == pytest.approx([80.0, 80.0, 60.0])
    assert np.isnan(found["solar_kwh_m2"][0])
    assert found["solar_kwh_m2"][1:] == list(range(11))
    assert shapely.get_coordinates(shapes[1], include_z=True)[:, 2] == pytest.approx(8.0)
    found, _, _ = table(path, "surroundings")
    assert found["kind"] == ["road"]
    found, shapes, _ = table(path, "about")
    assert found == {"name": ["scenario", "results"], "value": ["baseline", '{"solar":1}']}


def test_geopackage_in_another_system(tmp_path: Path) -> None:
    city = box_model(["A"])
    write_geopackage(tmp_path / "x.gpkg", city, {"id": ["A"]}, {}, {"a": "b"}, 25831)
    _, shapes, meta = table(tmp_path / "x.gpkg", "surfaces")
    assert meta["crs"] == "EPSG:25831"
    expected = pyproj.Transformer.from_crs(28992, 25831, always_xy=True).transform(*ORIGIN[:2])
    corners = shapely.get_coordinates(shapes[1], include_z=True)
    assert np.abs(corners - [*expected, 8.0]).sum(axis=1).min() < 1e-3
    with pytest.raises(KnownError, match="EPSG:9 is unknown"):
        write_geopackage(tmp_path / "y.gpkg", city, {"id": ["A"]}, {}, {}, 9)
    assert [path.name for path in tmp_path.iterdir()] == ["x.gpkg"]


def test_hostile_names_come_back_as_they_are(tmp_path: Path) -> None:
    city = box_model(HOSTILE)
    write_geopackage(tmp_path / "x.gpkg", city, {"id": HOSTILE}, {}, {"a": 'b"; DROP TABLE buildings;--'})
    found, _, _ = table(tmp_path / "x.gpkg", "buildings")
    assert found["id"] == [name.replace("\x00", "\ufffd") for name in HOSTILE]
    features = json.loads(write_geojson(city, {"id": HOSTILE}, {}))["features"]
    assert [feature["id"] for feature in features] == HOSTILE


def test_a_place_that_cannot_be_written_is_named_and_left_as_it_was(tmp_path: Path) -> None:
    city = box_model(["A"])
    with pytest.raises(KnownError, match="cannot be written"):
        write_geopackage(tmp_path / "no" / "x.gpkg", city, {"id": ["A"]}, {}, {})
    (tmp_path / "x.gpkg").mkdir()
    with pytest.raises(KnownError, match="cannot be written"):
        write_geopackage(tmp_path / "x.gpkg", city, {"id": ["A"]}, {}, {})
    with pytest.raises(KnownError, match="no buildings"):
        write_geopackage(tmp_path / "y.gpkg", CityModel(), {}, {}, {})
    assert [path.name for path in tmp_path.iterdir()] == ["x.gpkg"]
    with pytest.raises(KnownError, match="no buildings"):
        write_geojson(CityModel(), {}, {})
    with pytest.raises(KnownError, match="no coordinate reference system"):
        write_geojson(box_model(["A"], epsg=0), {}, {})


def test_columns_of_mixed_kinds_become_text() -> None:
    found = layer_columns({"a": [1, "x", None], "b": [{"k": 1}, {}, [1]], "c": [None, None, None], "d": [True, 2, 3]})
    assert found["a"].values.tolist() == ["1", "x", None]
    assert found["b"].values.tolist() == ['{"k":1}', None, "[1]"]
    assert found["c"].unknown.all()
    assert found["d"].values.tolist() == [1.0, 2.0, 3.0]
    assert list(layer_columns({"Name": [], "name": [], "NAME": [], "FID": []})) == ["Name", "name_", "NAME__", "FID_"]


def test_a_workbook_has_both_sheets(tmp_path: Path) -> None:
    city = box_model(["=1+1", "B"])
    sheets = write_workbook(
        tmp_path / "x.xlsx", city, {"id": ["=1+1", "B"], "kwh": [1.5, None]}, {"solar": np.full(12, np.nan)}
    )
    assert sheets == ("results", "surfaces")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert [[cell.value for cell in row] for row in book["results"]] == [["id", "kwh"], ["'=1+1", 1.5], ["B", None]]
    assert book["surfaces"].max_row == 13
    assert [cell.value for cell in book["surfaces"][3]][:6] == [
        "=1+1-1".replace("=", "'="),
        "'=1+1",
        "roof",
        80,
        None,
        0,
    ]
    book.close()


def test_delfshaven_keeps_its_areas(shared_data: Path, tmp_path: Path) -> None:
    from citytwin_desktop.formats.city_files import read_city_file

    city, _ = read_city_file(shared_data / "cityjson" / "3-20-DELFSHAVEN.city.json")
    ids = city.buildings.ids.tolist()
    write_geopackage(tmp_path / "d.gpkg", city, {"id": ids}, {}, {})
    found, _, _ = table(tmp_path / "d.gpkg", "surfaces")
    kind, area = np.array(found["kind"]), np.array(found["area_m2"])
    for name, expected in (("roof", 145_002.1), ("wall", 348_478.0), ("ground", 133_597.0)):
        assert area[kind == name].sum() == pytest.approx(expected, rel=5e-3)
    _, shapes, _ = table(tmp_path / "d.gpkg", "buildings")
    assert shapely.area(shapes).sum() == pytest.approx(133_597.0, rel=5e-3)
    features = json.loads(write_geojson(city, {"id": ids}, {}))["features"]
    parts = [
        ring
        for feature in features
        for ring in (
            [feature["geometry"]["coordinates"]]
            if feature["geometry"]["type"] == "Polygon"
            else feature["geometry"]["coordinates"]
        )
    ]
    assert sum(area_m2(rings) for rings in parts) == pytest.approx(133_597.0, rel=5e-3)
