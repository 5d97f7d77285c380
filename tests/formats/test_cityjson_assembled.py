"""CityJSON all the way to a city: coordinate systems, parents, kinds by slope, boxes."""

from typing import Any

import pytest

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.reading import read_cityjson
from citytwin_desktop.formats.report import ImportReport
from tests.conftest import box_city
from tests.formats.cityjson_samples import Document, as_bytes

# Within the Netherlands, as EPSG:28992 wants it.
DELFT_M = [84_000.0, 445_000.0, 0.0]


def delft(count: int = 4, **arguments: Any) -> Document:
    """The row of boxes where their coordinate system is meant for."""
    document = box_city(count=count, **arguments)
    document["transform"]["translate"] = DELFT_M
    return document


def read(document: Document, **options: Any) -> tuple[CityModel, ImportReport]:
    return read_cityjson(as_bytes(document), "test.city.json", **options)


def codes(report: ImportReport) -> dict[str, str]:
    return {item.object: item.code for item in report.items}


def test_a_sound_city_has_no_remarks() -> None:
    city, report = read(delft())
    assert city.volumes_m3() == pytest.approx([480.0] * 4)
    assert report.items == []


def test_surfaces_without_semantics_get_their_kind_from_the_slope() -> None:
    document = delft(count=1)
    del document["CityObjects"]["B0"]["geometry"][0]["semantics"]
    city, report = read(document)
    assert city.surfaces.count_by_kind() == {"wall": 4, "roof": 1, "ground": 1}
    assert codes(report) == {"B0": "kind_from_slope"}


def test_a_box_takes_only_what_lies_in_it() -> None:
    x, y, _ = DELFT_M
    city, _ = read(delft(), bbox=(x + 1000.0, y + 2000.0, x + 1035.0, y + 2010.0))
    assert city.buildings.ids.tolist() == ["B0", "B1"]


def test_a_stated_reference_system_wins_and_is_noted() -> None:
    city, report = read(delft(), crs="EPSG:28991")
    assert city.epsg == 28991
    assert "crs_stated" in [item.code for item in report.items]


@pytest.mark.parametrize("crs", ["EPSG:999999", "nonsense"])
def test_unusable_reference_systems_are_refused_by_name(crs: str) -> None:
    with pytest.raises(KnownError, match=crs):
        read(delft(crs=None), crs=crs)


def test_circles_of_parents_are_cut() -> None:
    document = delft()
    for name, parent in (("B0", "B1"), ("B1", "B0"), ("B2", "B2")):
        document["CityObjects"][name]["parents"] = [parent]
    city, report = read(document)
    assert set(city.buildings.columns["parent_id"]) == {""}
    assert codes(report) == dict.fromkeys(("B0", "B1", "B2"), "parent_circular")


def test_nested_parts_belong_to_the_outermost_building() -> None:
    document = delft()
    document["CityObjects"]["B1"]["parents"] = ["B0"]
    document["CityObjects"]["B2"]["parents"] = ["B1"]
    city, report = read(document)
    assert city.building("B2").parent_id == "B0"
    assert codes(report) == {"B2": "parent_nested"}


def test_buildings_whose_parts_have_no_geometry_are_not_counted() -> None:
    document = delft()
    objects = document["CityObjects"]
    objects["whole"] = {"type": "Building", "children": ["B0"]}
    objects["bare"] = {"type": "Building", "children": ["nobody"]}
    objects["B0"]["parents"] = ["whole"]
    city, report = read(document)
    assert sorted(city.buildings.ids) == ["B0", "B1", "B2", "B3", "whole"]
    assert codes(report) == {"bare": "no_geometry"}
    assert report.kept == 5


def test_an_outline_with_a_height_becomes_a_body() -> None:
    document = delft(count=1, attributes={"measuredHeight": 7.5})
    solid = document["CityObjects"]["B0"]["geometry"][0]
    outline = {"type": "MultiSurface", "lod": "0", "boundaries": [solid["boundaries"][0][0]]}
    document["CityObjects"]["B0"]["geometry"] = [outline]
    city, report = read(document)
    assert city.volumes_m3() == pytest.approx([600.0])
    assert codes(report) == {"B0": "raised_to_height"}
