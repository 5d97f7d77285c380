"""A city written as CityJSON and read again is the same city."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.catalog.resources import resource_path
from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import ContextKind, SurfaceKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.reading import read_cityjson
from citytwin_desktop.formats.cityjson.writing import MILLIMETRE, write_cityjson
from citytwin_desktop.formats.cityjson.written_geometry import is_closed
from tests.conftest import box_city
from tests.formats.cityjson_samples import read_bare


def read(data: bytes) -> CityModel:
    return read_bare(data)


def again(city: CityModel) -> CityModel:
    return read_bare(write_cityjson(city))


def assert_same(one: CityModel, other: CityModel, within_m: float) -> None:
    assert one.epsg == other.epsg
    for name in ("id", "parent_id", "name", "lod", "function", "attributes"):
        assert list(one.buildings.columns[name]) == list(other.buildings.columns[name]), name
    for name in ("year_built", "storeys"):
        np.testing.assert_array_equal(one.buildings.columns[name], other.buildings.columns[name])
    np.testing.assert_array_equal(one.surfaces.kind, other.surfaces.kind)
    np.testing.assert_array_equal(one.surfaces.building, other.surfaces.building)
    assert_same_polygons(one.surfaces.polygons, one, other.surfaces.polygons, other, within_m)


def assert_same_polygons(mine: Polygons, one: CityModel, theirs: Polygons, other: CityModel, within_m: float) -> None:
    np.testing.assert_array_equal(mine.ring_start, theirs.ring_start)
    np.testing.assert_array_equal(mine.polygon_start, theirs.polygon_start)
    moved = theirs.vertices + (np.array(other.origin) - np.array(one.origin))
    assert np.abs(mine.vertices - moved).max() <= within_m


def test_the_demo_district_comes_back_to_the_millimetre() -> None:
    city = read(resource_path("demo", "district.city.json").read_bytes())
    data = write_cityjson(city)
    assert orjson.loads(data)["transform"]["scale"] == [MILLIMETRE] * 3
    back = read(data)
    assert_same(city, back, 1e-6)
    assert [layer.kind for layer in back.context] == [layer.kind for layer in city.context]
    for mine, theirs in zip(city.context, back.context, strict=True):
        assert_same_polygons(mine.polygons, city, theirs.polygons, back, 1e-6)
    objects = orjson.loads(data)["CityObjects"]
    assert "invented" in orjson.loads(data)["metadata"]["title"]
    built = [item for item in objects.values() if item["type"].startswith("Building") and item["geometry"]]
    assert {item["geometry"][0]["type"] for item in built} == {"Solid"}
    whole = [item for item in objects.values() if item.get("children")]
    assert len(whole) == 2
    assert all(objects[child]["type"] == "BuildingPart" for item in whole for child in item["children"])


def test_delfshaven_comes_back(shared_data: Path) -> None:
    path = shared_data / "cityjson" / "3-20-DELFSHAVEN.city.json"
    if not path.exists():
        pytest.skip("shared/data has no Delfshaven file")
    city = read_cityjson(path.read_bytes(), path.name)[0]
    back = again(city)
    assert list(back.buildings.ids) == list(city.buildings.ids)
    assert list(back.buildings.columns["attributes"]) == list(city.buildings.columns["attributes"])
    np.testing.assert_array_equal(back.surfaces.kind, city.surfaces.kind)
    np.testing.assert_array_equal(back.surfaces.building, city.surfaces.building)
    np.testing.assert_allclose(back.surfaces.polygons.areas_m2, city.surfaces.polygons.areas_m2, atol=1e-3)
    np.testing.assert_allclose(back.volumes_m3(), city.volumes_m3(), atol=1e-3)


places = st.integers(-500_000_000, 500_000_000).map(lambda count: count / 100_000)
sizes = st.floats(1.0, 200.0)
texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)
attributes = st.dictionaries(
    texts.map(lambda text: f"x_{text}"), st.one_of(texts, st.integers(-(2**53), 2**53), st.booleans()), max_size=4
)


@settings(max_examples=40, deadline=None)
@given(places, places, sizes, sizes, sizes, st.booleans(), attributes)
def test_any_box_with_a_court_comes_back(
    x: float, y: float, width: float, depth: float, height: float, hole: bool, own: dict[str, Any]
) -> None:
    def ring(shrink: float, z: float, *, clockwise: bool) -> Any:
        w, d = width * (0.5 - shrink), depth * (0.5 - shrink)
        corners = np.array([[x - w, y - d, z], [x + w, y - d, z], [x + w, y + d, z], [x - w, y + d, z]])
        return corners[::-1] if clockwise else corners

    ground, roof = [ring(0, 0, clockwise=True)], [ring(0, height, clockwise=False)]
    if hole:
        ground.append(ring(0.2, 0, clockwise=False))
        roof.append(ring(0.2, height, clockwise=True))
    city = read(json.dumps(box_city(count=1, attributes=own)).encode())
    surfaces = replace(
        city.surfaces.take(np.array([0, 1])),
        polygons=Polygons.from_rings([ground, roof]),
        kind=np.array([SurfaceKind.GROUND, SurfaceKind.OUTER_FLOOR], np.uint8),
    )
    city = replace(city, surfaces=surfaces)
    back = again(city)
    assert_same(city, back, 1e-5)
    np.testing.assert_allclose(back.surfaces.polygons.areas_m2, surfaces.polygons.areas_m2, rtol=1e-3)


def with_columns(city: CityModel, **values: Any) -> CityModel:
    columns = dict(city.buildings.columns)
    for name, value in values.items():
        columns[name] = columns[name].copy()
        columns[name][0] = value
    return replace(city, buildings=Buildings(columns))


def written_attributes(city: CityModel) -> dict[str, Any]:
    attributes: dict[str, Any] = orjson.loads(write_cityjson(city))["CityObjects"]["B0"]["attributes"]
    return attributes


def test_edits_are_written_and_the_words_of_the_source_stay_where_they_agree() -> None:
    source = {"function": "woonfunctie", "yearOfConstruction": 1931, "owner": "nobody"}
    city = read(json.dumps(box_city(count=1, attributes=source)).encode())
    assert city.buildings.columns["function"][0] == "residential"
    assert written_attributes(city) == source
    edited = with_columns(city, function="office", function_origin="edited", year_built=1999.0, storeys=3.0)
    found = written_attributes(edited)
    assert found == {
        "function": "office",
        "function_origin": "edited",
        "yearOfConstruction": 1999,
        "storeysAboveGround": 3,
        "owner": "nobody",
    }


def test_an_assumption_is_never_written_as_a_fact() -> None:
    city = read(json.dumps(box_city(count=1)).encode())
    found = written_attributes(with_columns(city, year_built=1935.0, year_built_origin="assumed"))
    assert found == {"yearOfConstruction": 1935, "yearOfConstruction_origin": "assumed"}


def test_an_open_body_is_no_solid() -> None:
    city = read(json.dumps(box_city(count=2)).encode())
    opened = replace(city, surfaces=city.surfaces.take(np.array([0, 1, 2, 3, 4, *range(6, 12)])))
    objects = orjson.loads(write_cityjson(opened))["CityObjects"]
    assert objects["B0"]["geometry"][0]["type"] == "MultiSurface"
    assert objects["B1"]["geometry"][0]["type"] == "Solid"
    assert_same(opened, again(opened), 1e-6)


def test_edges_decide_whether_a_body_is_closed() -> None:
    tetrahedron = [[[0, 2, 1]], [[0, 1, 3]], [[1, 2, 3]], [[2, 0, 3]]]
    assert is_closed(tetrahedron)
    assert not is_closed(tetrahedron[:3])
    assert not is_closed([*tetrahedron[:3], [[0, 2, 3]]]), "one face turned over"


def test_terrain_is_written_as_triangles() -> None:
    city = read(json.dumps(box_city(count=1)).encode())
    square = np.array([[0.0, 0, 0], [9, 0, 0], [9, 9, 0], [0, 9, 0]])
    city = replace(city, context=(ContextLayer("Terrain", ContextKind.TERRAIN, Polygons.from_rings([[square]])),))
    back = again(city)
    assert back.context[0].kind is ContextKind.TERRAIN
    assert np.diff(back.context[0].polygons.ring_start).tolist() == [3, 3]
    assert back.context[0].polygons.areas_m2.sum() == pytest.approx(81.0)


def test_a_context_layer_cannot_take_the_place_of_a_building() -> None:
    city = read(json.dumps(box_city(count=1)).encode())
    columns = {**city.buildings.columns, "id": np.array(["context-1-green"], object)}
    square = np.array([[0.0, 0, 0], [9, 0, 0], [9, 9, 0]])
    layer = ContextLayer("Green", ContextKind.GREEN, Polygons.from_rings([[square]]))
    back = again(replace(city, buildings=Buildings(columns), context=(layer,)))
    assert (len(back.buildings), len(back.context)) == (1, 1)


def test_an_empty_city_is_refused() -> None:
    with pytest.raises(KnownError, match="import a city first"):
        write_cityjson(CityModel())
