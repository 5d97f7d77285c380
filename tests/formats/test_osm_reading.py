"""OpenStreetMap files: samples with known counts, made ones with known answers, hostile ones."""

import bz2
import random
from collections import Counter
from pathlib import Path

import numpy as np
import osmium
import pytest

from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import open_sources
from citytwin_desktop.formats.osm.source import read, scan
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity
from tests.formats.footprint_samples import codes
from tests.formats.osm_samples import EAST_M, LATITUDE, LONGITUDE, NORTH_M, OsmFile, read_text


def in_metres(polygons: Polygons) -> Polygons:
    scale = np.array([EAST_M, NORTH_M, 1.0])
    vertices = (polygons.vertices - [LONGITUDE, LATITUDE, 0.0]) * scale
    return Polygons(vertices, polygons.ring_start, polygons.polygon_start)


def areas(city: SourceCity) -> dict[str, float]:
    """Plan area of each row's ground."""
    found = in_metres(city.polygons).areas_m2 * (city.kind == SurfaceKind.GROUND)
    return {
        row["id"]: float(area)
        for row, area in zip(city.rows, np.bincount(city.owner, found, len(city.rows)), strict=True)
    }


def test_neukolln(shared_data: Path) -> None:
    path = shared_data / "osm" / "neukolln.osm"
    found = scan(open_sources(path)[0])
    assert found.types["Building"] == 126
    assert found.types["BuildingPart"] == 83
    assert found.types["Road"] == 211
    assert found.extent is not None
    assert found.epsg == 4326
    levels = next(item.count for item in found.attributes if item.name == "building:levels")
    assert levels == 168
    city, report = _read(path)
    assert len([row for row in city.rows if not row["parent_id"]]) >= 126
    counts = Counter(codes(report))
    assert counts["outline_not_closed"] == 1  # the relation, whose members are outside the extract
    assert counts["part_without_height"] == 9
    assert sum("measured_height_m" in row for row in city.rows) >= 25
    assert {kind for kind, _ in city.context} >= {ContextKind.ROAD, ContextKind.GREEN, ContextKind.TREE}
    assert not city.has_elevations


def _read(path: Path) -> tuple[SourceCity, ImportReport]:
    report = ImportReport()
    return read(open_sources(path)[0], ImportOptions(), report), report


def test_west_oakland_packed(shared_data: Path) -> None:
    city, _ = _read(shared_data / "osm" / "West-Oakland.osm.bz2")
    assert (city.objects["Building"], city.objects["Road"], len(city.rows)) == (23, 31, 23)


def test_outlines_heights_and_storeys(tmp_path: Path) -> None:
    file = OsmFile()
    file.box(0, 0, 10, 8, building="house", height="9 m", building__levels="2", start_date="~1910", name="Home")
    file.box(20, 0, 10, 8, building="yes", building__levels="4")
    file.box(40, 0, 10, 8, building="no", height="5")
    file.box(60, 0, 10, 8, building="yes", location="underground")
    city, report = file.read(tmp_path)
    first, second = city.rows
    assert (first["id"], first["name"], first["function"], first["year_built"]) == (
        "way/1000",
        "Home",
        "residential",
        1910,
    )
    assert (first["measured_height_m"], first["storeys"], first["lod"]) == (9.0, 2, "0")
    floating = OsmFile()
    floating.box(0, 0, 10, 8, building="yes", building__levels="10", building__min_level="5")
    (row,) = floating.read(tmp_path)[0].rows
    assert (row["storeys"], row["measured_height_m"], row["ground_elevation_m"]) == (5, 15.0, 15.0)
    assert "measured_height_m" not in second
    assert second["storeys"] == 4
    assert areas(city) == pytest.approx({"way/1000": 80.0, "way/1001": 80.0}, rel=1e-3)
    assert "underground" in codes(report)


def test_a_relation_with_a_courtyard(tmp_path: Path) -> None:
    file = OsmFile()
    outer, inner = file.box(0, 0, 30, 20), file.box(10, 5, 10, 10)
    file.relation([(outer, "outer"), (inner, "inner")], {"type": "multipolygon", "building": "office", "height": "12"})
    city, _ = file.read(tmp_path)
    assert [row["id"] for row in city.rows] == ["relation/9000"]
    assert areas(city)["relation/9000"] == pytest.approx(500.0, rel=1e-3)


def test_parts_take_the_place_of_their_outline(tmp_path: Path) -> None:
    file = OsmFile()
    file.box(0, 0, 20, 10, building="church", height="30")
    file.box(0, 0, 5, 10, building__part="yes", height="30")
    file.box(5, 0, 15, 10, building__part="yes", height="12")
    file.box(50, 0, 20, 10, building="office", height="9")
    file.box(50, 0, 5, 10, building__part="yes", height="20")
    file.box(60, 2, 4, 4, building__part="yes", height="15", min_height="9")
    file.box(90, 0, 4, 4, building__part="yes", height="4")
    city, report = file.read(tmp_path)
    rows = {row["id"]: row for row in city.rows}
    assert [rows[f"way/100{place}"]["parent_id"] for place in (1, 2, 4, 5, 6)] == ["way/1000"] * 2 + [
        "way/1003"
    ] * 2 + [""]
    found = areas(city)
    assert found["way/1000"] == 0.0
    assert found["way/1003"] == pytest.approx(150.0, rel=1e-3)  # the tower on the roof takes nothing away
    tower = rows["way/1005"]
    assert (tower["ground_elevation_m"], tower["measured_height_m"]) == (9.0, 6.0)
    assert (
        city.polygons.vertices[city.owner[city.polygons.vertex_polygon] == list(rows).index("way/1005")][:, 2].max()
        == 9.0
    )
    assert {"described_by_parts", "partly_described_by_parts", "part_without_building"} <= set(codes(report))


def test_nine_tenths_covered_is_covered(tmp_path: Path) -> None:
    file = OsmFile()
    file.box(0, 0, 20, 10, building="yes", height="9")
    file.box(0, 0, 18.6, 10, building__part="yes", height="9")
    file.box(50, 0, 20, 10, building="yes", height="9")
    file.box(50, 0, 17, 10, building__part="yes", height="9")
    found = areas(file.read(tmp_path)[0])
    assert found["way/1000"] == 0.0
    assert found["way/1002"] == pytest.approx(30.0, rel=1e-2)


def test_a_building_relation_names_its_outline(tmp_path: Path) -> None:
    file = OsmFile()
    outline, part = file.box(0, 0, 20, 10), file.box(0, 0, 20, 10, building__part="yes", height="7")
    file.ways[0] = file.ways[0].replace("</way>", '<tag k="building" v="yes"/></way>')
    file.relation([(outline, "outline"), (part, "part")], {"type": "building", "name": "Hall", "start_date": "1931"})
    city, _ = file.read(tmp_path)
    rows = {row["id"]: row for row in city.rows}
    assert rows["way/1001"]["parent_id"] == "way/1000"
    assert (rows["way/1000"]["name"], rows["way/1000"]["year_built"]) == ("Hall", 1931.0)


def test_roofs_become_bodies(tmp_path: Path) -> None:
    file = OsmFile()
    file.box(0, 0, 12, 8, building="house", height="9", roof__shape="gabled", roof__height="3")
    file.box(30, 0, 12, 8, building="house", building__levels="2", roof__shape="hipped", roof__levels="1")
    file.box(60, 0, 12, 8, building="house", height="9", roof__shape="onion")
    file.box(90, 0, 12, 8, building="house", height="9", roof__shape="gabled")
    city, report = file.read(tmp_path)
    assert [row["lod"] for row in city.rows] == ["2", "2", "0", "2"]
    polygons = in_metres(city.polygons)
    cones = (polygons.area_vectors_m2 * polygons.vertices[polygons.first_vertex]).sum(axis=1) / 3.0
    volumes = np.bincount(city.owner, cones, len(city.rows))
    assert volumes[0] == pytest.approx(12 * 8 * 6 + 12 * 8 * 3 / 2, rel=2e-3)
    assert volumes[1] == pytest.approx(12 * 8 * 6 + 8 * 3 / 6 * (36 - 8), rel=2e-3)
    assert city.rows[1]["value_origins"]["height_m"][0] == pytest.approx(9.0)
    rise = 4 * np.tan(np.radians(35.0))
    assert volumes[3] == pytest.approx(12 * 8 * (9 - rise) + 12 * 8 * rise / 2, rel=2e-3)
    assert {"roof_built_flat", "roof_height_assumed"} <= set(codes(report))


def test_roads_water_green_and_trees(tmp_path: Path) -> None:
    file = OsmFile()
    file.way([(0, 0), (100, 0)], {"highway": "residential", "width": "6"}, closed=False)
    file.way([(0, 50), (100, 50)], {"highway": "primary", "lanes": "2"}, closed=False)
    file.way([(0, 90), (100, 90)], {"highway": "motorway", "tunnel": "yes"}, closed=False)
    file.way([(0, 20), (10, 20), (10, 30), (0, 30)], {"highway": "pedestrian", "area": "yes"})
    file.way([(0, 200), (50, 200)], {"waterway": "stream", "width": "2 m"}, closed=False)
    file.box(200, 0, 30, 30, landuse="grass")
    file.node(300, 0, natural="tree", height="8", diameter_crown="4")
    file.node(310, 0, natural="tree")
    file.way([(300, 50), (340, 50)], {"natural": "tree_row"}, closed=False)
    city, report = file.read(tmp_path)
    layers = {kind: in_metres(polygons) for kind, polygons in city.context}
    assert sorted(layers[ContextKind.ROAD].areas_m2.tolist()) == pytest.approx([100.0, 600.0, 650.0], rel=2e-3)
    assert layers[ContextKind.WATER].areas_m2.tolist() == pytest.approx([100.0], rel=2e-3)
    assert layers[ContextKind.GREEN].areas_m2.tolist() == pytest.approx([900.0], rel=2e-3)
    crowns = layers[ContextKind.TREE].vertices
    first = crowns[np.abs(crowns[:, 0] - 300) < 3][:, :]
    first = first[np.abs(first[:, 1]) < 3]
    assert (first[:, 2].max(), first[:, 2].min()) == pytest.approx((8.0, 4.0), abs=0.2)
    assert len(layers[ContextKind.TREE]) == 80 * (2 + 5)
    assert city.objects["Road"] == 4
    assert codes(report).count("tree_size_assumed") == 1
    assert "road_width_assumed" not in codes(report)
    assert not file.read(tmp_path, types=("Building", "Road"))[0].context[1:]


@pytest.mark.parametrize("order", ["wrn", "rwn", "wnr"])
def test_files_in_another_order_are_sorted(tmp_path: Path, order: str) -> None:
    file = OsmFile()
    outer = file.box(0, 0, 30, 20)
    file.relation([(outer, "outer")], {"type": "multipolygon", "building": "yes"})
    file.box(50, 0, 10, 10, building="yes")
    city, report = read_text(tmp_path, file.text(order))
    assert {row["id"] for row in city.rows} == {"way/1001", "relation/9000"}
    assert "objects_sorted" in codes(report)
    assert "objects_sorted" not in codes(file.read(tmp_path)[1])


def test_packed_and_binary_give_the_same(tmp_path: Path) -> None:
    file = OsmFile()
    file.box(0, 0, 10, 8, building="house", height="9")
    plain, _ = file.read(tmp_path)
    packed, _ = read_text(tmp_path, bz2.compress(file.text().encode()), "map.osm.bz2")
    writer = osmium.SimpleWriter(str(tmp_path / "map.osm.pbf"))
    for item in osmium.FileProcessor(str(tmp_path / "map.osm")):
        writer.add(item)
    writer.close()
    binary, _ = _read(tmp_path / "map.osm.pbf")
    for city in (packed, binary):
        assert city.rows == plain.rows
        assert city.polygons.vertices == pytest.approx(plain.polygons.vertices, abs=1e-7)


def test_a_box_leaves_out_what_lies_elsewhere(tmp_path: Path) -> None:
    file = OsmFile()
    file.box(0, 0, 10, 8, building="house")
    file.box(5000, 0, 10, 8, building="house")
    city, _ = file.read(tmp_path, bbox=(LONGITUDE - 0.001, LATITUDE - 0.001, LONGITUDE + 0.001, LATITUDE + 0.001))
    assert [row["id"] for row in city.rows] == ["way/1000"]


def test_an_unclosed_or_cut_building_is_named(tmp_path: Path) -> None:
    file = OsmFile()
    file.way([(0, 0), (5, 0), (5, 5)], {"building": "yes"}, closed=False)
    file.box(20, 0, 10, 8, building="yes")
    file.box(50, 0, 10, 8, building="yes")
    text = file.text().replace(file.nodes[-1], "")
    city, report = read_text(tmp_path, text)
    assert [row["id"] for row in city.rows] == ["way/1001"]
    assert {item.object for item in report.items if item.code == "outline_not_closed"} == {"way/1000", "way/1002"}


BOMB = '<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><osm version="0.6">&b;</osm>'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "document type"),
        ("<?xml version='1.0'?><!--" + "x" * 2_000_000 + "--><!DOCTYPE osm [<!ENTITY a 'b'>]><osm/>", "document type"),
        ("<osm version='0.6'><node id='1' lat='52' lon='13'>", "OpenStreetMap"),
        ("<gpx version='1.0'></gpx>", "OpenStreetMap"),
        ("<osm version='0.6'></osm>", "no building"),
        ("hello", "neither"),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x20" + b"\xff" * 60, "OpenStreetMap"),
        ("<osm version='0.6'><node id='1' lat='952' lon='13'/></osm>", "map.osm"),
        ("<osm version='0.6'><node id='x' lat='a' lon='b'/></osm>", "OpenStreetMap"),
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        read_text(tmp_path, text)


def test_mutated_osm(tmp_path: Path) -> None:
    file = OsmFile()
    outer, inner = file.box(0, 0, 30, 20), file.box(10, 5, 10, 10)
    file.relation([(outer, "outer"), (inner, "inner")], {"type": "multipolygon", "building": "office", "height": "12"})
    file.box(50, 0, 12, 8, building="house", height="9", roof__shape="gabled", roof__height="3")
    file.box(50, 0, 6, 8, building__part="yes", height="9")
    file.way([(0, -50), (100, -50)], {"highway": "residential", "width": "6"}, closed=False)
    original, chance, usable = file.text().encode(), random.Random(5), 0
    words = [b"nan", b"1e309", b"-1", b"", b"0", b"999999999999", b"'", b"12'6", b"52.0", b"yes"]
    for _ in range(80):
        data = bytearray(original)
        for _ in range(chance.randint(1, 4)):
            mark = b'v="' if chance.random() < 0.8 else b'="'
            starts = [place + len(mark) for place in range(len(data)) if data.startswith(mark, place)]
            first = chance.choice(starts)
            data[first : data.index(b'"', first)] = chance.choice(words)
        try:
            city, _ = read_text(tmp_path, bytes(data))
        except KnownError:
            continue
        usable += 1
        assert np.isfinite(city.polygons.vertices).all()
        assert (np.diff(city.owner) >= 0).all()
        assert len(city.kind) == len(city.polygons)
    assert usable > 10
