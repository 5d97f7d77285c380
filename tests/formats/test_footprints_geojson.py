"""GeoJSON in all the forms that people send."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.errors import KnownError
from tests.formats.footprint_samples import codes, collection, feature, read_json, scan_file, square

HOUSES = collection(
    feature({"id": "A", "height": 9.5, "storeys": 3, "use": "Büro", "year": "1890s"}, square(13.0, 52.0, 0.001)),
    feature(
        {"id": "B", "height": "NULL", "storeys": "2"}, square(13.01, 52.0, 0.001), square(13.0102, 52.0002, 0.0003)
    ),
)


def test_rows_have_what_their_attributes_say(tmp_path: Path) -> None:
    city, report = read_json(tmp_path, HOUSES)
    first, second = city.rows
    assert (first["id"], first["lod"], first["measured_height_m"], first["storeys"]) == ("A", "0", 9.5, 3.0)
    assert (first["year_built"], first["function"]) == (1895.0, "office")
    assert "measured_height_m" not in second
    assert second["storeys"] == 2.0
    assert city.reference.name == "EPSG:4326"
    assert city.reference.east_first
    assert not city.has_elevations
    assert city.owner.tolist() == [0, 1]
    assert city.kind.tolist() == [SurfaceKind.GROUND] * 2
    assert [len(city.polygons.rings(place)) for place in range(2)] == [1, 2]
    assert np.array_equal(city.polygons.rings(0)[0][:, :2], np.array(square(13.0, 52.0, 0.001))[:-1])
    assert first["attributes"]["use"] == "Büro"
    assert "columns_by_name" in codes(report)


@pytest.mark.parametrize(
    "variant",
    [
        b"\xef\xbb\xbf" + json.dumps(HOUSES).encode(),
        json.dumps(HOUSES).encode("utf-16"),
        json.dumps(HOUSES, ensure_ascii=False).encode("cp1252"),
        b"\n".join(json.dumps(item).encode() for item in HOUSES["features"]),
        b"".join(b"\x1e" + json.dumps(item).encode() + b"\n" for item in HOUSES["features"]),
        json.dumps(HOUSES, indent=2).encode(),
        json.dumps({"features": HOUSES["features"]}).encode(),
    ],
    ids=["mark", "utf-16", "cp1252", "lines", "sequence", "indented", "untyped"],
)
def test_dialects_give_the_same_rows(tmp_path: Path, variant: bytes) -> None:
    plain, _ = read_json(tmp_path, HOUSES)
    city, _ = read_json(tmp_path, variant)
    assert [row["attributes"] for row in city.rows] == [row["attributes"] for row in plain.rows]
    assert np.array_equal(city.polygons.vertices, plain.polygons.vertices)


def test_a_bare_feature_and_a_bare_geometry(tmp_path: Path) -> None:
    assert len(read_json(tmp_path, HOUSES["features"][0])[0].rows) == 1
    both = {"type": "MultiPolygon", "coordinates": [[square(0, 0, 1)], [square(5, 5, 1)]]}
    city, _ = read_json(
        tmp_path, {"type": "GeometryCollection", "geometries": [both, {"type": "Point", "coordinates": [0, 0]}]}
    )
    assert (len(city.rows), len(city.polygons)) == (1, 2)


def test_the_crs_of_old_counts(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25833"}}
    assert read_json(tmp_path, {**HOUSES, "crs": crs})[0].reference.name == "urn:ogc:def:crs:EPSG::25833"
    crs84 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert read_json(tmp_path, {**HOUSES, "crs": crs84})[0].reference.name == "EPSG:4326"


def test_one_bad_feature_is_named_and_the_rest_kept(tmp_path: Path) -> None:
    bad: list[Any] = [
        {"type": "Feature", "id": "null", "properties": {}, "geometry": None},
        {"type": "Feature", "id": "point", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}},
        feature({}, square(0, 0, 1)[:2], id="two corners"),
        feature({}, [["a", "b"], [1, 2], [3, 4]], id="words"),
        feature({}, [[0, 0], [1e300, 0], [1, 1], [0, 0]], id="far away"),
        feature({}, [[0, 0], [None, 1], [1, 1], [0, 0]], id="nothing"),
        feature({}, [1, 2, 3], id="flat"),
        feature({}, square(20, 20, 1)[:-1], id="open"),
        feature({}, square(30, 30, 1, 4.0)[:3] + square(30, 30, 1)[3:], id="mixed"),
        "no object",
        None,
    ]
    city, report = read_json(tmp_path, collection(*HOUSES["features"], *bad))
    assert {"A", "B"} <= {row["id"] for row in city.rows} or len(city.rows) == 4
    assert len(city.rows) == 4
    said = {(item.object, item.code) for item in report.items}
    assert {("two corners", "too_few_corners"), ("words", "geometry_damaged"), ("flat", "geometry_damaged")} <= said
    assert {("far away", "coordinates_without_sense"), ("nothing", "geometry_damaged")} <= said
    assert ("open", "ring_not_closed") in said
    assert np.isfinite(city.polygons.vertices).all()


def test_what_python_writes_and_json_may_not_hold(tmp_path: Path) -> None:
    text = json.dumps(HOUSES).replace('"NULL"', "NaN").replace('"storeys": "2"', '"storeys": 12345678901234567890123')
    text = text.replace('"B"', '"B\\ud800", "far": Infinity')
    city, report = read_json(tmp_path, text.encode())
    row = city.rows[1]
    assert row["id"] == "B?"
    assert row["attributes"] == {"id": "B?", "storeys": "12345678901234567890123"}
    assert "storeys" not in row
    assert "value_without_sense" in codes(report)
    json.dumps(row, allow_nan=False).encode()


def test_rows_with_one_identifier(tmp_path: Path) -> None:
    same = [feature({"building_id": "X", "height": 5}, square(place, 0, 1)) for place in range(3)]
    parts = [feature({"building_id": "Y", "height": 4 + place}, square(place, 5, 1)) for place in range(2)]
    city, report = read_json(tmp_path, collection(*same, *parts))
    assert [(row["id"], row["parent_id"]) for row in city.rows] == [("X", ""), ("Y", ""), ("Y-1", "Y"), ("Y-2", "Y")]
    assert city.owner.tolist() == [0, 0, 0, 2, 3]
    assert "measured_height_m" not in city.rows[1]
    assert {"rows_joined", "rows_are_parts"} <= set(codes(report))


def test_only_what_is_called_a_building_is_one(tmp_path: Path) -> None:
    root = collection(
        feature({"type": "Building", "number_of_stories": 2, "maximum_roof_height": 30.0}, square(0, 0, 1)),
        feature({"type": "District System"}, square(3, 0, 1)),
    )
    city, report = read_json(tmp_path, root)
    assert city.objects == {"Building": 1, "District System": 1}
    assert city.rows[0]["measured_height_m"] == pytest.approx(9.144)
    assert "converted_from_feet" in codes(report)
    tagged = collection(
        feature({"building": "house"}, square(0, 0, 1)),
        feature({"landuse": "grass"}, square(0, 0, 9)),
        feature({"building": "no"}, square(0, 5, 1)),
        feature({"building:part": "yes"}, square(0, 0, 1)),
    )
    assert len(read_json(tmp_path, tagged)[0].rows) == 1


def test_elevations_and_undersides(tmp_path: Path) -> None:
    root = collection(
        feature({"id": "a", "height": 12, "min_height": 3, "ground_elevation": 100.0}, square(0, 0, 1)),
        feature({"id": "b", "height": 6, "ground_elevation": 101.5}, square(3, 0, 1)),
    )
    city, _ = read_json(tmp_path, root)
    assert city.has_elevations
    assert (city.rows[0]["ground_elevation_m"], city.rows[0]["measured_height_m"]) == (103.0, 9.0)
    assert (city.rows[1]["ground_elevation_m"], city.rows[1]["measured_height_m"]) == (101.5, 6.0)
    roofs = collection(feature({"absh2": 120.5, "abshmin": 110.0}, square(0, 0, 1)))
    assert read_json(tmp_path, roofs)[0].rows[0]["measured_height_m"] == 10.5


def test_an_outline_on_a_slope_is_laid_level(tmp_path: Path) -> None:
    ring = [[0, 0, 50.0], [10, 0, 51.0], [10, 10, 51.5], [0, 10, 50.5], [0, 0, 50.0]]
    crs = {"type": "name", "properties": {"name": "EPSG:25832"}}
    city, report = read_json(tmp_path, collection(feature({"height": 5}, ring), crs=crs))
    assert city.polygons.vertices[:, 2].tolist() == [50.0] * 4
    assert city.has_elevations
    assert "outline_levelled" in codes(report)


def test_columns_as_the_user_says(tmp_path: Path) -> None:
    city, report = read_json(tmp_path, HOUSES, columns={"height_m": "storeys", "function": "", "name": "gone"})
    assert city.rows[0]["measured_height_m"] == 3.0
    assert "function" not in city.rows[0]
    assert [item.severity for item in report.items if item.code == "attribute_missing"] == ["error"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no GeoJSON"),
        (b"   {", "no JSON"),
        (b"[1, 2]", "no GeoJSON"),
        (b'{"type": "Topology", "objects": {}}', "TopoJSON"),
        (b'{"version": 0.6, "elements": []}', "Overpass"),
        (b'{"features": [{"attributes": {}, "geometry": {"rings": []}}]}', "Esri"),
        (b'{"type": "FeatureCollection", "features": []}', "no polygons"),
        (b'{"type": "FeatureCollection", "features": [' + b"[" * 5000, "no JSON"),
        (b'{"a":' * 200_000, "no JSON"),
        (b'{"type": "Banana"}', "Banana"),
        (b"hello", "no GeoJSON"),
    ],
)
def test_what_is_no_geojson_is_told(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        read_json(tmp_path, data)


def test_a_long_file_of_lines_is_read_within_its_box(tmp_path: Path) -> None:
    lines = [
        json.dumps(feature({"n": place, "pad": "x" * 400}, square(place * 0.01, 50, 0.001))) for place in range(3000)
    ]
    city, _ = read_json(tmp_path, "\n".join(lines).encode(), "houses.geojsonl", bbox=(0.995, 49.0, 1.006, 51.0))
    assert {row["attributes"]["n"] for row in city.rows} >= {100}
    assert len(city.rows) < 10
    assert city.rows[0]["id"] == f"houses.{city.rows[0]['attributes']['n']}"
    assert city.format == "GeoJSON, line by line"


def test_scan_tells_columns_and_types(tmp_path: Path) -> None:
    read_json(tmp_path, HOUSES)
    found = scan_file(tmp_path / "houses.geojson")
    assert found.types == {"Building": 2}
    assert found.columns["height_m"] == "height"
    assert (found.epsg, found.exact, found.lods) == (4326, True, {"0": 2})
    assert found.extent == pytest.approx((13.0, 52.0, 0.0, 13.011, 52.001, 0.0))
    storeys = next(item for item in found.attributes if item.name == "storeys")
    assert (storeys.count, storeys.samples) == (2, ("3", "2"))


def test_urbanopt_sample(shared_data: Path) -> None:
    from tests.formats.footprint_samples import read_file

    city, _ = read_file(shared_data / "geojson" / "urbanopt_buffalo_electric_network.geojson")
    assert city.objects == {"Building": 13, "District System": 4, "LineString": 23, "Point": 28}
    assert len(city.rows) == len(city.polygons) == 13
    assert all(row["storeys"] >= 1 for row in city.rows)
    assert {row.get("function") for row in city.rows} >= {"office", "healthcare", "hotel"}


def test_a_file_that_breaks_off_is_refused_with_its_line(tmp_path: Path) -> None:
    houses = [feature({"id": f"é{i}", "height": 5}, square(i, 50, 0.5)) for i in range(20)]
    data = json.dumps(collection(*houses), ensure_ascii=False).encode()
    with pytest.raises(KnownError, match="is damaged: what follows line 1 cannot be read"):
        read_json(tmp_path, data[: len(data) // 2])
    with pytest.raises(KnownError, match="no JSON"):
        read_json(tmp_path, data[:60])


def test_heights_beside_coordinates_in_feet_are_questioned(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2263"}}  # New York, US survey feet
    city, report = read_json(tmp_path, collection(feature({"height": 30}, square(0, 0, 50)), crs=crs))
    assert city.rows[0]["measured_height_m"] == 30.0
    assert "height_unit_assumed" in codes(report)
    _, sure = read_json(tmp_path, collection(feature({"height_ft": 30}, square(0, 0, 50)), crs=crs))
    assert {"converted_from_feet"} == {"converted_from_feet", "height_unit_assumed"} & set(codes(sure))
