"""Odd and hostile CityJSON: refused by name, or put right with a remark; never read as something else."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.reading import read_cityjson
from citytwin_desktop.formats.report import ImportReport
from tests.conftest import box_city

Document = dict[str, Any]


def read(document: Document, **options: Any) -> tuple[CityModel, ImportReport]:
    return read_cityjson(json.dumps(document).encode(), "odd.city.json", **options)


def codes(report: ImportReport) -> dict[str, str]:
    return {item.object: item.code for item in report.items}


def solid(document: Document, name: str = "B0") -> dict[str, Any]:
    found: dict[str, Any] = document["CityObjects"][name]["geometry"][0]
    return found


BAD: dict[str, tuple[Callable[[Document], Any], str]] = {
    "empty identifier": (lambda d: d["CityObjects"].update({"": d["CityObjects"].pop("B0")}), "empty identifier"),
    "negative semantics": (lambda d: solid(d)["semantics"].update(values=[[-1] * 6]), "“B0”, has boundaries or sem"),
    "boolean semantics": (lambda d: solid(d)["semantics"].update(values=[[True] * 6]), "“B0”, has boundaries or sem"),
    "texts as vertices": (lambda d: d["vertices"].__setitem__(0, ["1", "2", "3"]), "not numbers in threes"),
    "no transform": (lambda d: d.pop("transform"), "no transform to make metres"),
    "mirrored": (lambda d: d["transform"].update(scale=[-0.001, 0.001, 0.001]), "three positive scales"),
    "flattened": (lambda d: d["transform"].update(scale=[0.0, 0.001, 0.001]), "three positive scales"),
    "one scale": (lambda d: d["transform"].update(scale=0.001), "three positive scales"),
    "stray vertex": (lambda d: d["vertices"].__setitem__(0, [10**11, 0, 0]), "“B0”, is .* km wide"),
    "high vertex": (lambda d: d["vertices"].__setitem__(0, [10**6, 2 * 10**6, 10**8]), "“B0”, is .* km high"),
    "south-west axes": (lambda d: d["metadata"].update(referenceSystem="EPSG:2053"), "point west and south"),
    "polar axes": (lambda d: d["metadata"].update(referenceSystem="EPSG:3031"), "point north and north"),
    "feet of height": (lambda d: d["metadata"].update(referenceSystem="EPSG:8790"), "EPSG:8790"),
}


@pytest.mark.parametrize(("change", "sentence"), BAD.values(), ids=BAD)
def test_wrong_numbers_are_refused_by_name(change: Callable[[Document], Any], sentence: str) -> None:
    document = box_city()
    change(document)
    with pytest.raises(KnownError, match=sentence):
        read(document)


def test_web_mercator_is_refused_where_it_distorts() -> None:
    document = box_city()
    document["metadata"]["referenceSystem"] = "EPSG:3857"
    document["transform"]["translate"] = [500_000.0, 6_780_000.0, 0.0]  # 51.9° north: areas 2.6 times too large
    with pytest.raises(KnownError, match=r"EPSG:3857 .* distorts lengths by 6.%"):
        read(document)


@pytest.mark.parametrize("field", [5, {"a": 1}, "x", [None, 3], [{"type": ["Solid"]}], [{"type": {"a": 1}}]])
def test_geometry_of_the_wrong_type_is_no_geometry(field: Any) -> None:
    document = box_city()
    document["CityObjects"]["B0"]["geometry"] = field
    city, report = read(document)
    assert "B0" not in city.buildings
    assert codes(report) == {"B0": "no_geometry"}


@pytest.mark.parametrize("field", [5, {"x": 1}, [None], [["B1"]], []])
def test_parents_of_the_wrong_type_are_none(field: Any) -> None:
    document = box_city()
    document["CityObjects"]["B0"]["parents"] = field
    city, _ = read(document)
    assert city.building("B0").parent_id == ""


def test_circles_of_parents_are_cut() -> None:
    document = box_city()
    for name, parent in (("B0", "B1"), ("B1", "B0"), ("B2", "B2")):
        document["CityObjects"][name]["parents"] = [parent]
    city, report = read(document)
    assert set(city.buildings.columns["parent_id"]) == {""}
    assert codes(report) == dict.fromkeys(("B0", "B1", "B2"), "parent_circular")


def test_nested_parts_belong_to_the_outermost_building() -> None:
    document = box_city()
    document["CityObjects"]["B1"]["parents"] = ["B0"]
    document["CityObjects"]["B2"]["parents"] = ["B1"]
    city, report = read(document)
    assert city.building("B2").parent_id == "B0"
    assert codes(report) == {"B2": "parent_nested"}


def test_buildings_whose_parts_are_elsewhere_are_not_counted() -> None:
    document = box_city()
    objects = document["CityObjects"]
    objects["near"] = {"type": "Building", "children": ["B0"]}
    objects["far"] = {"type": "Building", "children": ["B3"]}
    objects["bare"] = {"type": "Building", "children": ["nobody"]}
    objects["B0"]["parents"], objects["B3"]["parents"] = ["near"], ["far"]
    city, report = read(document, bbox=(990.0, 1990.0, 1015.0, 2015.0))
    assert sorted(city.buildings.ids) == ["B0", "near"]
    assert city.surfaces.of_building(city.buildings.row("B0")) == slice(0, 6)
    assert {"far", "bare", "B3"} <= set(codes(report))
    assert report.kept == 2


def test_a_geometry_given_twice_counts_once() -> None:
    document = box_city(count=1)
    document["CityObjects"]["B0"]["geometry"] *= 2
    city, _ = read_cityjson(json.dumps(document).encode(), "test.city.json")
    assert len(city.surfaces) == 6
    assert city.volumes_m3() == pytest.approx([480.0])
