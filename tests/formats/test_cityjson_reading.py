"""Reading of CityJSON: real files with known counts, small files with known answers, broken files."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.reading import read_cityjson
from tests.conftest import box_city


def read(document: Any, **options: Any) -> Any:
    return read_cityjson(json.dumps(document).encode(), "test.city.json", **options)


def test_boxes_have_their_areas_and_volume() -> None:
    city, report = read(box_city(count=3))
    assert city.epsg == 28992
    assert city.surfaces.area_by_kind_m2() == pytest.approx({"wall": 3 * 216.0, "roof": 240.0, "ground": 240.0})
    assert city.volumes_m3() == pytest.approx([480.0] * 3)
    assert city.buildings.columns["height_m"].tolist() == [6.0] * 3
    assert report.to_json()["totals"] == {"kept": 3, "repaired": 0, "skipped": 0}


def test_world_coordinates_survive_the_local_origin() -> None:
    city, _ = read(box_city(count=1))
    world = city.surfaces.polygons.vertices + city.origin
    assert world.min(axis=0) == pytest.approx([1000.0, 2000.0, 0.0], abs=1e-9)
    assert world.max(axis=0) == pytest.approx([1010.0, 2008.0, 6.0], abs=1e-9)


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
def test_every_version_reads_alike(version: str) -> None:
    document = box_city(count=2) | {"version": version}
    assert len(read(document)[0].buildings) == 2


def test_attributes_become_columns_with_their_origin() -> None:
    attributes = {"yearOfConstruction": 1931, "function": "Office building", "storeysAboveGround": 2, "colour": "red"}
    city, _ = read(box_city(count=1, attributes=attributes))
    building = city.building("B0")
    assert (building.year_built, building.function, building.storeys) == (1931, "office", 2)
    assert building.year_built_origin == "source"
    assert building.attributes["colour"] == "red"


def test_the_highest_level_of_detail_wins_and_solids_count_once() -> None:
    document = box_city(count=1)
    geometry = document["CityObjects"]["B0"]["geometry"]
    solid = geometry[0]
    shell = {"type": "MultiSurface", "lod": "2", "boundaries": solid["boundaries"][0]}
    flat = {"type": "MultiSurface", "lod": 0, "boundaries": [solid["boundaries"][0][0]]}
    geometry[:] = [flat, shell, solid]
    assert len(read(document)[0].surfaces) == 6
    city, _ = read(document, lod="0")
    assert len(city.surfaces) == 1
    assert city.buildings.columns["lod"].tolist() == ["0"]


def test_holes_are_taken_off_the_area() -> None:
    document = box_city(count=1)
    hole = [[2000.0, 2.0], [2000.0, 4.0], [2002.0, 4.0], [2002.0, 2.0]]
    start = len(document["vertices"])
    document["vertices"] += [[1002000 + int(x - 2000) * 1000, 2000000 + int(y) * 1000, 6000] for x, y in hole]
    roof = document["CityObjects"]["B0"]["geometry"][0]["boundaries"][0][1]
    roof.append([start, start + 1, start + 2, start + 3])
    assert read(document)[0].surfaces.area_by_kind_m2()["roof"] == pytest.approx(80.0 - 4.0)


def test_a_box_takes_only_what_lies_in_it() -> None:
    city, report = read(box_city(count=4), bbox=(1000.0, 2000.0, 1035.0, 2010.0))
    assert city.buildings.ids.tolist() == ["B0", "B1"]
    assert report.to_json()["totals"]["skipped"] == 2


def test_surfaces_without_semantics_get_their_kind_from_the_slope() -> None:
    document = box_city(count=1)
    del document["CityObjects"]["B0"]["geometry"][0]["semantics"]
    city, report = read(document)
    assert city.surfaces.count_by_kind() == {"wall": 4, "roof": 1, "ground": 1}
    assert [item.code for item in report.items] == ["kind_from_slope"]


def test_a_sequence_reads_like_a_file() -> None:
    document = box_city(count=2)
    header = {**document, "CityObjects": {}, "vertices": []}
    features = [
        {"type": "CityJSONFeature", "id": name, "CityObjects": {name: item}, "vertices": document["vertices"]}
        for name, item in document["CityObjects"].items()
    ]
    data = "\n".join(json.dumps(line) for line in [header, *features]).encode()
    city, _ = read_cityjson(data, "boxes.city.jsonl")
    assert city.volumes_m3() == pytest.approx([480.0, 480.0])


def test_without_a_reference_system_it_asks() -> None:
    with pytest.raises(KnownError, match=r"names no coordinate reference system: state it with --crs EPSG:N"):
        read(box_city(crs=None))
    assert read(box_city(crs=None), crs="EPSG:25832")[0].epsg == 25832


def test_a_stated_reference_system_wins_and_is_noted() -> None:
    city, report = read(box_city(), crs="EPSG:25832")
    assert city.epsg == 25832
    assert [item.code for item in report.items] == ["crs_stated"]


@pytest.mark.parametrize(
    ("crs", "words"), [("EPSG:4326", "degrees"), ("EPSG:999999", "unknown"), ("EPSG:2263", "foot")]
)
def test_unusable_reference_systems_are_refused_by_name(crs: str, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        read(box_city(crs=None), crs=crs)


BREAKERS = {
    "index without a vertex": lambda d: d["CityObjects"]["B0"]["geometry"][0]["boundaries"][0][0][0].__setitem__(
        0, 999
    ),
    "negative index": lambda d: d["CityObjects"]["B0"]["geometry"][0]["boundaries"][0][0][0].__setitem__(0, -1),
    "text for an index": lambda d: d["CityObjects"]["B0"]["geometry"][0]["boundaries"][0][0][0].__setitem__(0, "x"),
    "wrong nesting": lambda d: d["CityObjects"]["B0"]["geometry"][0].__setitem__("boundaries", [[1, 2, 3]]),
    "semantics too short": lambda d: d["CityObjects"]["B0"]["geometry"][0]["semantics"].__setitem__("values", [[0]]),
    "vertices of two": lambda d: d.__setitem__("vertices", [[1, 2]]),
    "vertices far away": lambda d: d["vertices"].__setitem__(0, [10**15, 0, 0]),
    "no type": lambda d: d.__setitem__("type", "Feature"),
    "version 3": lambda d: d.__setitem__("version", "3.1"),
    "no scale": lambda d: d.__setitem__("transform", {}),
    "no buildings": lambda d: d.__setitem__("CityObjects", {}),
    "objects in a list": lambda d: d.__setitem__("CityObjects", []),
    "object is a text": lambda d: d["CityObjects"].__setitem__("B0", "x"),
}


@pytest.mark.parametrize("breaker", BREAKERS.values(), ids=BREAKERS.keys())
def test_broken_files_are_refused_in_one_sentence(breaker: Any) -> None:
    document = box_city()
    breaker(document)
    with pytest.raises(KnownError, match=r"^[^\n]*“test.city.json”[^\n]*: [^\n]+\.$"):
        read(document)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"PK\x03\x04", b"\xff\xfe\x00", b'{"type": "CityJSON"}', b"null"])
def test_what_is_not_cityjson_is_refused(data: bytes) -> None:
    with pytest.raises(KnownError, match="test"):
        read_cityjson(data, "test.city.json")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=3), st.integers(0, 2000), st.integers(0, 2))
def test_damaged_bytes_never_crash(noise: bytes, place: int, kind: int) -> None:
    data = json.dumps(box_city(count=1)).encode()
    place %= len(data)
    damaged = (data[:place] + noise + data[place + kind :], data[:place], data[:place] + noise + data[place:])[kind]
    try:
        city, _ = read_cityjson(damaged, "test.city.json")
    except KnownError:
        return
    assert np.isfinite(city.surfaces.polygons.vertices).all()


REAL_FILES = [
    ("3-20-DELFSHAVEN.city.json", 28992, 853, 0, {"roof": 145002.1, "wall": 348478.0, "ground": 133597.0}),
    ("zurich_subset_lod2.city.json", 2056, 49, 161, {}),
    ("3dbag_delft_100.city.jsonl", 28992, 99, 100, {}),
    ("delft.city.json", 28992, 160, 0, {}),
]


@pytest.mark.parametrize(("name", "epsg", "buildings", "parts", "areas"), REAL_FILES)
def test_real_files(
    shared_data: Path, name: str, epsg: int, buildings: int, parts: int, areas: dict[str, float]
) -> None:
    city, _ = read_cityjson((shared_data / "cityjson" / name).read_bytes(), name)
    is_part = city.buildings.columns["parent_id"] != ""
    assert (city.epsg, int((~is_part).sum()), int(is_part.sum())) == (epsg, buildings, parts)
    for kind, area in areas.items():
        assert city.surfaces.area_by_kind_m2()[kind] == pytest.approx(area, rel=1e-4)
