"""Layers through GDAL: GeoPackage, Shapefile, FlatGeobuf."""

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely

from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.opened_source import open_sources
from citytwin_desktop.formats.source_city import UNKNOWN_KIND
from tests.formats.footprint_samples import codes, read_file, scan_file, write_layer

HOLED = shapely.Polygon([(0, 0), (20, 0), (20, 20), (0, 20)], [[(5, 5), (5, 8), (8, 8), (8, 5)]])
TWO = shapely.MultiPolygon([shapely.box(30, 0, 40, 10), shapely.box(50, 0, 60, 10)])
COLUMNS = {"gml_id": ["h1", "h2"], "HOEHE": [12.25, 7.5], "Straße": ["Königsallee", "Grüner Weg"], "baujahr": [1931, 0]}


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".fgb"])
def test_every_container_gives_the_same(tmp_path: Path, ending: str) -> None:
    path = write_layer(
        tmp_path / f"houses{ending}", [HOLED, TWO], COLUMNS, geometry_type="MultiPolygon", promote_to_multi=True
    )
    city, report = read_file(path)
    by_id = {row["id"]: place for place, row in enumerate(city.rows)}
    first, second = (city.rows[by_id[name]] for name in ("h1", "h2"))
    assert (first["measured_height_m"], first["year_built"], second["measured_height_m"]) == (12.25, 1931.0, 7.5)
    assert "year_built" not in second
    assert first["attributes"]["Straße"] == "Königsallee"
    assert np.bincount(city.owner, minlength=2)[[by_id["h1"], by_id["h2"]]].tolist() == [1, 2]
    areas = np.bincount(city.owner, city.polygons.areas_m2)
    assert areas[[by_id["h1"], by_id["h2"]]] == pytest.approx([391.0, 200.0])
    assert "25832" in city.reference.name or "UTM" in city.reference.name
    assert scan_file(path).epsg == 25832
    assert not city.has_elevations
    assert "value_without_sense" in codes(report)


def test_a_shapefile_that_came_without_its_companions(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "houses.shp", [HOLED, HOLED], COLUMNS)
    for ending in (".shx", ".prj"):
        path.with_suffix(ending).unlink()
    city, _ = read_file(path)
    assert (len(city.rows), city.reference.name) == (2, "")
    assert not path.with_suffix(".shx").exists()
    assert any("coordinate" in remark for remark in scan_file(path).remarks)
    path.with_suffix(".dbf").unlink()
    bare, _ = read_file(path)
    assert [row["id"] for row in bare.rows] == ["houses.0", "houses.1"]


@pytest.mark.parametrize(
    ("encoding", "stated"), [("cp1252", None), ("utf-8", None), ("cp1252", "UTF-8"), ("utf-8", "UTF-8")]
)
def test_texts_of_a_shapefile_in_whatever_encoding(tmp_path: Path, encoding: str, stated: str | None) -> None:
    path = write_layer(
        tmp_path / "houses.shp", [HOLED, TWO], {"name": ["AAAAAAAAAA", "BBBBBBBBBB"]}, geometry_type="Polygon"
    )
    table = path.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    for letters, word in ((b"AAAAAAAAAA", "Mühlstraße"), (b"BBBBBBBBBB", "Café Höhe")):
        start = data.index(letters)
        text = word.encode(encoding)[:12].ljust(12)
        data[start : start + 12] = text
    data[29] = 0
    table.write_bytes(data)
    path.with_suffix(".cpg").unlink()
    if stated:
        path.with_suffix(".cpg").write_text(stated)
    city, _ = read_file(path)
    assert [row["attributes"]["name"] for row in city.rows] == ["Mühlstraße", "Café Höhe"]


def test_a_zipped_shapefile(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "houses.shp", [HOLED, HOLED], COLUMNS)
    with zipfile.ZipFile(tmp_path / "houses.zip", "w") as archive:
        for ending in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            archive.write(path.with_suffix(ending), f"delivery/houses{ending}")
    member = next(item for item in open_sources(tmp_path / "houses.zip") if item.name.endswith(".shp"))
    from citytwin_desktop.formats.footprints.source import read
    from citytwin_desktop.formats.import_options import ImportOptions
    from citytwin_desktop.formats.report import ImportReport

    assert len(read(member, ImportOptions(), ImportReport()).rows) == 2


def test_layers_are_told_apart_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "town.gpkg"
    write_layer(path, [HOLED, HOLED], COLUMNS, layer="gebaeude")
    write_layer(path, [shapely.box(0, -10, 100, -5)], {"kind": ["main"]}, layer="strassen_flaechen")
    write_layer(path, [shapely.box(-500, -500, 500, 500)], {"kind": ["x"]}, layer="gemeinde")
    write_layer(path, [shapely.LineString([(0, 0), (1, 1)])], {"kind": ["x"]}, layer="axes")
    city, report = read_file(path)
    assert (len(city.rows), len(city.polygons)) == (2, 2)
    assert [(kind, len(polygons)) for kind, polygons in city.context] == [(ContextKind.ROAD, 1)]
    assert codes(report).count("layer_left_out") == 2
    assert scan_file(path).types == {"Building": 2, "strassen_flaechen": 1, "gemeinde": 1, "axes": 1}
    assert len(read_file(path, types=("gemeinde",))[0].context) == 0


def test_a_project_and_a_plain_database_are_refused(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "project.gpkg", [HOLED, HOLED], COLUMNS)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE ct_meta (key TEXT)")
        connection.commit()
    with pytest.raises(KnownError, match="open it instead"):
        read_file(path)
    other = tmp_path / "other.gpkg"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.commit()
    with pytest.raises(KnownError, match="no GeoPackage"):
        read_file(other)


def test_a_view_is_never_run(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "houses.gpkg", [HOLED, HOLED], COLUMNS)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, NULL AS geom FROM n"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE VIEW trap AS {endless}")
        columns = "table_name, data_type, identifier, srs_id"
        connection.execute(f"INSERT INTO gpkg_contents ({columns}) VALUES ('trap', 'features', 'trap', 25832)")  # noqa: S608
        connection.execute("INSERT INTO gpkg_geometry_columns VALUES ('trap', 'geom', 'POLYGON', 25832, 0, 0)")
        connection.commit()
    city, report = read_file(path)
    assert len(city.rows) == 2
    assert any("view" in item.message for item in report.items)


def walls_and_roof(x: float) -> list[shapely.Polygon]:
    corners = [(x, 0), (x + 4, 0), (x + 4, 6), (x, 6)]
    sides = zip(corners, corners[1:] + corners[:1], strict=True)
    walls = [shapely.Polygon([(*a, 0), (*b, 0), (*b, 3), (*a, 3)]) for a, b in sides]
    return [
        *walls,
        shapely.Polygon([(*corner, 3.0) for corner in corners]),
        shapely.Polygon([(*corner, 0.0) for corner in corners[::-1]]),
    ]


def test_surfaces_as_rows_become_buildings(tmp_path: Path) -> None:
    shapes = walls_and_roof(0) + walls_and_roof(10)
    kinds = (["WallSurface"] * 4 + ["RoofSurface", "GroundSurface"]) * 2
    columns = {"building_id": ["a"] * 6 + ["b"] * 6, "objectclass": kinds, "function": ["office"] * 12}
    city, _ = read_file(write_layer(tmp_path / "surfaces.gpkg", shapes, columns))
    assert [(row["id"], row["lod"], row.get("function")) for row in city.rows] == [
        ("a", "2", "office"),
        ("b", "2", "office"),
    ]
    assert city.kind.tolist() == ([SurfaceKind.WALL] * 4 + [SurfaceKind.ROOF, SurfaceKind.GROUND]) * 2
    assert city.owner.tolist() == [0] * 6 + [1] * 6
    assert city.has_elevations
    assert "objectclass" not in city.rows[0]["attributes"]
    found = scan_file(tmp_path / "surfaces.gpkg")
    assert (found.lods, found.columns["id"], found.columns["surface_type"]) == ({"2": 12}, "building_id", "objectclass")


def test_surfaces_without_a_type_and_a_building_in_one_row(tmp_path: Path) -> None:
    whole = [shapely.MultiPolygon(walls_and_roof(x)) for x in (0, 10)]
    city, _ = read_file(write_layer(tmp_path / "whole.gpkg", whole, {"name": ["a", "b"]}))
    assert (len(city.rows), len(city.polygons), set(city.kind)) == (2, 12, {UNKNOWN_KIND})


def test_polyhedral_and_triangulated_surfaces() -> None:
    from citytwin_desktop.formats.footprints.vector_layers import _from_unusual_wkb

    body = shapely.MultiPolygon(walls_and_roof(0))
    triangles = shapely.MultiPolygon([shapely.Polygon([(0, 0, 0), (1, 0, 0), (0, 1, 2)])] * 2)
    for flavour in ("iso", "extended"):
        blob = bytearray(shapely.to_wkb(body, flavor=flavour))
        blob[1] += 9  # MultiPolygon (6) to PolyhedralSurface (15)
        assert shapely.equals_exact(_from_unusual_wkb(bytes(blob)), body)
        blob = bytearray(shapely.to_wkb(triangles, flavor=flavour))
        head = bytes(blob[1:5])
        blob[1] += 10  # to TIN (16)
        inner = bytes([(head[0] - 3) % 256]) + head[1:]
        marked = bytes(blob).replace(b"\x01" + inner, b"\x01" + bytes([inner[0] + 14]) + inner[1:])
        assert shapely.equals_exact(_from_unusual_wkb(marked), triangles)
    assert _from_unusual_wkb(b"\x01\x0f\x00") is None


def test_cea_reference_case(shared_data: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(shared_data / "cea" / "cea_reference_case_inputs.zip") as archive:
        for name in archive.namelist():
            if "building-geometry/" in name and not name.endswith("/"):
                (tmp_path / Path(name).name).write_bytes(archive.read(name))
    city, _ = read_file(tmp_path / "zone.shp")
    assert (len(city.rows), city.reference.name) == (15, "EPSG:32732")
    assert city.polygons.areas_m2.sum() == pytest.approx(17_739, abs=1.0)
    assert city.rows[0]["id"] == "B1000"
    assert (city.rows[0]["measured_height_m"], city.rows[0]["storeys"]) == (21.0, 7.0)
    assert len(read_file(tmp_path / "surroundings.shp")[0].rows) == 184
