"""Odd and hostile CityJSON: refused by name, or the bad object left out with a remark; never read as something else."""

import io
import json
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.scanning import scan_stream
from citytwin_desktop.formats.cityjson.source import read_stream
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import UNKNOWN_KIND
from tests.conftest import box_city
from tests.formats.cityjson_samples import Document, as_bytes, as_sequence, damaged_at_random, read_city, read_source


def codes(report: Any) -> dict[str, tuple[str, str]]:
    return {item.object: (item.code, item.action) for item in report.items}


def solid(document: Document, name: str = "B0") -> Document:
    found: Document = document["CityObjects"][name]["geometry"][0]
    return found


REFUSED: dict[str, tuple[Callable[[Document], Any], str]] = {
    "no transform": (lambda d: d.pop("transform"), "no transform to make metres"),
    "mirrored": (lambda d: d["transform"].update(scale=[-0.001, 0.001, 0.001]), "three positive scales"),
    "flattened": (lambda d: d["transform"].update(scale=[0.0, 0.001, 0.001]), "three positive scales"),
    "endless": (lambda d: d["transform"].update(translate=[10**400, 0, 0]), "three positive scales"),
    "one scale": (lambda d: d["transform"].update(scale=0.001), "three positive scales"),
    "no scale": (lambda d: d.update(transform={}), "three positive scales"),
    "all vertices texts": (lambda d: d.update(vertices=[["1", "2", "3"]] * 32), "no vertex of three numbers"),
    "vertices of two": (lambda d: d.update(vertices=[[1, 2]]), "no vertex of three numbers"),
    "vertices in a table": (lambda d: d.update(vertices={"0": [1, 2, 3]}), "not numbers in threes"),
    "all vertices far away": (lambda d: d.update(vertices=[[10**15, 0, 0]] * 32), "no vertex of three numbers"),
    "no type": (lambda d: d.update(type="Feature"), "is not a CityJSON file"),
    "a feature alone": (lambda d: d.update(type="CityJSONFeature"), "lacks its first line"),
    "version 3": (lambda d: d.update(version="3.1"), "version “3.1”"),
    "version 0.9": (lambda d: d.update(version="0.9"), "version “0.9”"),
    "objects in a list": (lambda d: d.update(CityObjects=[]), "no table of “CityObjects”"),
}


@pytest.mark.parametrize(("change", "sentence"), REFUSED.values(), ids=REFUSED)
def test_unusable_files_are_refused_in_one_sentence(change: Callable[[Document], Any], sentence: str) -> None:
    document = box_city()
    change(document)
    with pytest.raises(KnownError, match=sentence) as refusal:
        read_source(document)
    assert "“test.city.json”" in str(refusal.value)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b" \n\n", b"{", b"[]", b"PK\x03\x04", b"\xff\xfe\x00", b'{"type": "CityJSON"}', b"null", b"7"),
        *(b'"CityJSON"', b"[" * 100_000, b'{"a":' * 100_000, b"\x00" * 1000, b"<gml/>", as_bytes(box_city())[:-200]),
    ],
)
def test_what_is_not_cityjson_is_refused(data: bytes) -> None:
    with pytest.raises(KnownError, match=r"test\.city\.json"):
        read_source(data)
    with pytest.raises(KnownError, match=r"test\.city\.json"):
        scan_stream(io.BytesIO(data), "test.city.json", len(data))


def boundary(document: Document) -> list[Any]:
    found: list[Any] = solid(document)["boundaries"][0][0][0]
    return found


SKIPPED: dict[str, Callable[[Document], Any]] = {
    "index without a vertex": lambda d: boundary(d).__setitem__(0, 999),
    "negative index": lambda d: boundary(d).__setitem__(0, -1),
    "huge index": lambda d: boundary(d).__setitem__(0, 2**70),
    "text for an index": lambda d: boundary(d).__setitem__(0, "1"),
    "fraction for an index": lambda d: boundary(d).__setitem__(0, 1.0),
    "truth for an index": lambda d: boundary(d).__setitem__(0, True),
    "null for an index": lambda d: boundary(d).__setitem__(0, None),
    "list for an index": lambda d: boundary(d).__setitem__(0, [1]),
    "nested too little": lambda d: solid(d).update(boundaries=[[1, 2, 3]]),
    "nested too deeply": lambda d: solid(d).update(boundaries=[solid(d)["boundaries"]]),
    "text for boundaries": lambda d: solid(d).update(boundaries="abc"),
    "table for boundaries": lambda d: solid(d).update(boundaries={"0": [[[0, 1, 2]]]}),
    "no boundaries": lambda d: solid(d).pop("boundaries"),
    "text for a ring": lambda d: solid(d)["boundaries"][0][0].__setitem__(0, "012"),
    "a vertex of text": lambda d: d["vertices"].__setitem__(0, ["1", "2", "3"]),
    "a vertex of two": lambda d: d["vertices"].__setitem__(0, [1, 2]),
    "a vertex of nothing": lambda d: d["vertices"].__setitem__(0, None),
    "a vertex of truth": lambda d: d["vertices"].__setitem__(0, [True, 1, 2]),
    "a vertex far away": lambda d: d["vertices"].__setitem__(0, [10**15, 0, 0]),
    "a vertex beyond numbers": lambda d: d["vertices"].__setitem__(0, [10**400, 0, 0]),
}


@pytest.mark.parametrize("change", SKIPPED.values(), ids=SKIPPED)
def test_a_damaged_geometry_is_left_out_by_name_and_the_others_kept(change: Callable[[Document], Any]) -> None:
    document = box_city(count=5)
    change(document)
    source, report = read_source(document)
    found = codes(report)
    assert found.pop("test.city.json", ("not_a_number", "repaired")) == ("not_a_number", "repaired")
    assert found == {"B0": ("geometry_damaged", "skipped")}
    assert np.bincount(source.owner, minlength=5).tolist() == [0, 6, 6, 6, 6]
    assert np.isfinite(source.polygons.vertices).all()


def test_a_city_is_made_of_what_is_left() -> None:
    document = box_city(count=3)
    boundary(document)[0] = 999
    assert list(read_city(document)[0].buildings.ids) == ["B1", "B2"]


WRONG_SEMANTICS: dict[str, Callable[[Document], Any]] = {
    "negative": lambda s: s.update(values=[[-1] * 6]),
    "truth": lambda s: s.update(values=[[True] * 6]),
    "fractions": lambda s: s.update(values=[[0.0] * 6]),
    "too short": lambda s: s.update(values=[[0]]),
    "not nested": lambda s: s.update(values=[0, 1, 2, 2, 2, 2]),
    "out of range": lambda s: s.update(values=[[0, 1, 2, 2, 2, 3]]),
    "enormous": lambda s: s.update(values=[[0, 1, 2, 2, 2, 2**80]]),
    "text": lambda s: s.update(values="abc"),
    "no surfaces": lambda s: s.pop("surfaces"),
    "no values": lambda s: s.pop("values"),
    "no types": lambda s: s.update(surfaces=[{}, {}, {}]),
    "types in lists": lambda s: s["surfaces"].__setitem__(0, {"type": ["WallSurface"]}),
}


@pytest.mark.parametrize("change", WRONG_SEMANTICS.values(), ids=WRONG_SEMANTICS)
def test_wrong_semantics_are_ignored_and_the_shape_is_kept(change: Callable[[Document], Any]) -> None:
    document = box_city(count=3)
    change(solid(document)["semantics"])
    source, report = read_source(document)
    assert codes(report) == {"B0": ("semantics_ignored", "repaired")}
    assert source.kind.tolist() == [UNKNOWN_KIND] * 6 + [2, 1, 0, 0, 0, 0] * 2


@pytest.mark.parametrize("field", [5, {"a": 1}, "x", [None, 3], [{"type": ["Solid"]}], [{"type": {"a": 1}}], None])
def test_geometry_of_the_wrong_type_is_no_geometry(field: Any) -> None:
    document = box_city()
    document["CityObjects"]["B0"]["geometry"] = field
    source, report = read_source(document)
    assert "B0" not in [row["id"] for row in source.rows]
    assert codes(report) == {"B0": ("no_geometry", "skipped")}


@pytest.mark.parametrize("field", [5, {"x": 1}, [None], [["B1"]], [], "", 0])
def test_parents_and_children_of_the_wrong_type_are_none(field: Any) -> None:
    document = box_city()
    document["CityObjects"]["B0"] |= {"parents": field, "children": field}
    source, _ = read_source(document)
    assert source.rows[0]["parent_id"] == ""


@pytest.mark.parametrize("item", ["x", None, 7, []])
def test_an_object_that_is_none_is_left_out(item: Any) -> None:
    document = box_city(count=2)
    document["CityObjects"]["B0"] = item
    document["CityObjects"][""] = document["CityObjects"]["B1"]
    source, report = read_source(document)
    assert [row["id"] for row in source.rows] == ["B1"]
    assert codes(report) == {
        "B0": ("object_damaged", "skipped"),
        "(no identifier)": ("object_damaged", "skipped"),
    }


@pytest.mark.parametrize("attributes", [5, [], "x", None])
def test_attributes_of_the_wrong_type_are_none(attributes: Any) -> None:
    document = box_city(count=1)
    document["CityObjects"]["B0"]["attributes"] = attributes
    assert read_source(document)[0].rows[0]["attributes"] == {}


def test_attributes_nested_beyond_reason_are_left_out() -> None:
    deep: Any = {"a": 1}
    for _ in range(200):
        deep = {"a": [deep]}
    document = box_city(count=1, attributes={"deep": deep, "flat": {"a": [1, {"b": 2}]}})
    source, report = read_source(document)
    assert source.rows[0]["attributes"] == {"flat": {"a": [1, {"b": 2}]}}
    assert codes(report) == {"B0": ("attribute_too_deep", "repaired")}


def test_thin_surfaces_and_holes_are_left_out() -> None:
    document = box_city(count=2)
    faces = solid(document, "B1")["boundaries"][0]
    faces[1].append([8, 9])
    faces.append([[8, 9]])
    faces.append([])
    solid(document, "B1")["semantics"]["values"][0] += [0, 0]
    source, report = read_source(document)
    assert codes(report) == {"B1": ("surface_without_corners", "repaired")}
    assert np.bincount(source.owner).tolist() == [6, 6]
    assert np.diff(source.polygons.polygon_start).tolist() == [1] * 12


def test_nan_and_foreign_encodings_are_put_right_with_a_remark() -> None:
    text = json.dumps(box_city(count=1, attributes={"height": float("nan"), "owner": "Café"}), ensure_ascii=False)
    source, report = read_source(text.encode("cp1252"))
    assert source.rows[0]["attributes"] == {"height": None, "owner": "Café"}
    assert [item.code for item in report.items] == ["encoding_guessed", "not_a_number"]
    plain = text.replace("NaN", "null")
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        source, report = read_source(plain.encode(encoding))
        assert (source.rows[0]["attributes"]["owner"], report.items) == ("Café", [])


def test_an_identifier_that_is_there_twice_is_named() -> None:
    text = json.dumps(box_city(count=3)).replace('"B1"', '"B0"')
    source, report = read_source(text.encode())
    assert [row["id"] for row in source.rows] == ["B0", "B2"]
    assert codes(report) == {"B0": ("doubled_key", "skipped")}


def test_numbers_beyond_any_are_no_values() -> None:
    text = json.dumps(box_city(count=1, attributes={"a": 1, "b": 2, "c": 3}))
    for old, new in (("1", "1e999"), ("2", "9" * 400), ("3", "9" * 30)):
        letter = {"1": "a", "2": "b", "3": "c"}[old]
        text = text.replace(f'"{letter}": {old}', f'"{letter}": {new}')
    attributes = read_source(text.encode())[0].rows[0]["attributes"]
    assert attributes == {"a": None, "b": None, "c": pytest.approx(1e30)}


def test_damaged_lines_of_a_sequence_are_left_out() -> None:
    lines = as_sequence(box_city(count=5)).splitlines()
    foreign = box_city(count=1) | {"metadata": {"referenceSystem": "EPSG:2056"}}
    lines[2] = lines[2][:100]
    lines[3] = b'{"type": "Feature"}'
    lines[4] = as_bytes(foreign)
    lines.append(b'{"type": "CityJSONFeature", "CityObjects": {"X": {}}, "vertices": [["a", 1, 2]]}')
    source, report = read_source(b"\n".join(lines))
    assert [row["id"] for row in source.rows] == ["B0", "B4"]
    assert codes(report) == dict.fromkeys(("line 3", "line 4", "line 5", "line 7"), ("line_damaged", "skipped"))
    assert all(item.message.startswith(f"“test.city.json, {item.object}”") for item in report.items)
    assert scan_stream(io.BytesIO(b"\n".join(lines)), "x", 1).remarks == ("3 lines are damaged and would be left out.",)


def test_one_bad_object_among_many_costs_little() -> None:
    document = box_city(count=400)
    boundary(document)[0] = 10**6
    calls = []
    read_source(document, watch=lambda share, what: calls.append((share, what)))
    source, _ = read_source(document)
    assert len(source.polygons) == 399 * 6
    assert calls


def test_a_sequence_is_never_in_memory_as_a_whole() -> None:
    lines = as_sequence(box_city(count=2)).splitlines()
    data = b"\n".join([lines[0], *([lines[1]] * 1500)])
    stream = io.BytesIO(data)
    tracemalloc.start()
    read_stream(stream, "x", len(data), ImportOptions(bbox=(0.0, 0.0, 1.0, 1.0)), ImportReport())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(data) > 1_200_000
    assert peak < 400_000


def test_watching_can_end_an_import() -> None:
    def stop(share: float, what: str) -> None:
        assert 0.0 <= share <= 1.0
        raise InterruptedError(what)

    with pytest.raises(InterruptedError, match="reading buildings"):
        read_source(box_city(), watch=stop)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=3), st.integers(0, 2000), st.integers(0, 2))
def test_damaged_bytes_never_crash(noise: bytes, place: int, kind: int) -> None:
    data = as_bytes(box_city(count=1))
    place %= len(data)
    damaged = (data[:place] + noise + data[place + kind :], data[:place], data[:place] + noise + data[place:])[kind]
    check(damaged)


@pytest.mark.parametrize("lines", [False, True], ids=["file", "sequence"])
def test_nonsense_anywhere_is_never_a_crash(lines: bool) -> None:
    dice = random.Random(20261122)
    whole = full_city()
    for _ in range(250):
        document = json.loads(json.dumps(whole))
        for _ in range(dice.randint(1, 3)):
            damaged_at_random(document, dice)
        if lines and isinstance(document.get("CityObjects"), dict) and "vertices" in document:
            check(as_sequence(document))
        else:
            check(as_bytes(document))


def full_city() -> Document:
    """A bit of everything that the reader knows."""
    document = box_city(count=2, attributes={"function": "office", "yearOfConstruction": "1931-05-01"})
    objects = document["CityObjects"]
    objects["B1"] |= {"type": "BuildingPart", "parents": ["B0"]}
    objects["B0"]["children"] = ["B1"]
    shell = solid(document)["boundaries"][0]
    window = {"type": "MultiSurface", "lod": "3", "boundaries": [[[0, 1, 5, 4]], [[0, 1, 5]]]}
    window["semantics"] = {"surfaces": [{"type": "WallSurface"}, {"type": "Window"}], "values": [0, 1]}
    objects["house"] = {"type": "Building", "geometry": [window]}
    document["geometry-templates"] = {
        "templates": [{"type": "MultiSurface", "lod": "2", "boundaries": shell}],
        "vertices-templates": [[x % 7, x % 5, x % 3] for x in range(8)],
    }
    instance = {"type": "GeometryInstance", "template": 0, "boundaries": [0]}
    instance["transformationMatrix"] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    objects["tree"] = {"type": "SolitaryVegetationObject", "geometry": [instance]}
    objects["hut"] = {"type": "Building", "geometry": [instance]}
    crown = {"height": 8, "crownDiameter": 4}
    point = {"type": "MultiPoint", "lod": "0", "boundaries": [3]}
    objects["oak"] = {"type": "SolitaryVegetationObject", "attributes": crown, "geometry": [point]}
    cover = {"type": "MultiSurface", "lod": "1", "boundaries": shell}
    objects["wood"] = {"type": "PlantCover", "attributes": {"averageHeight": 5}, "geometry": [cover]}
    objects["road"] = {"type": "Road", "geometry": [cover]}
    objects["balcony"] = {"type": "BuildingInstallation", "parents": ["B0"], "geometry": [cover]}
    return document


def check(data: bytes) -> None:
    """Read and scan; nothing but a sentence may come out, and nothing that is no number may come in."""
    try:
        source, report = read_source(data)
    except KnownError:
        return
    assert np.isfinite(source.polygons.vertices).all()
    assert all(np.isfinite(layer.vertices).all() for _, layer in source.context)
    assert len(source.polygons) == len(source.kind) == len(source.owner)
    assert not len(source.owner) or int(source.owner.max()) < len(source.rows)
    assert all(item.message.endswith(".") for item in report.items)
    json.dumps(scan_stream(io.BytesIO(data), "x", len(data)).to_json())


def test_full_city_is_read_in_full() -> None:
    source, report = read_source(full_city())
    assert sorted({row["id"] for row in source.rows}) == ["B0", "B1", "house", "hut"]
    assert {kind.value for kind, _ in source.context} == {"tree", "road"}
    assert {"crown_from_attributes", "plant_cover_raised", "templates_placed"} <= {item.code for item in report.items}


def test_mutated_real_files_never_crash(shared_data: Path) -> None:
    dice = random.Random(7)
    for name in ("zurich_subset_lod2.city.json", "3dbag_delft_100.city.jsonl"):
        lines = (shared_data / "cityjson" / name).read_bytes().splitlines()
        data = b"\n".join(lines[:12]) if name.endswith("l") else b"".join(line.strip() for line in lines)
        for _ in range(12):
            damaged = bytearray(data)
            for _ in range(dice.randint(1, 20)):
                damaged[dice.randrange(len(damaged))] = dice.randrange(256)
            check(bytes(damaged[: dice.choice([len(damaged), len(damaged) - dice.randrange(5000)])]))
