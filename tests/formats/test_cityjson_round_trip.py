"""A CityJSON file written back keeps all that nobody changed, and shows what was changed; old versions become 2.0."""

import copy
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyproj
import pytest

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.round_trip import written_back
from citytwin_desktop.formats.cityjson.sequence import sequence_of
from citytwin_desktop.formats.cityjson.writing import city_document, write_cityjson, write_cityjsonseq
from tests.conftest import box_city, box_object
from tests.formats.cityjson_samples import (
    as_bytes,
    as_sequence,
    back,
    damaged_at_random,
    read_bare,
    read_source,
    rich_city,
)
from tests.formats.cityjson_validity import faults, sequence_faults


def with_columns(city: CityModel, **values: Any) -> CityModel:
    columns = dict(city.buildings.columns)
    for name, value in values.items():
        columns[name] = columns[name].copy()
        columns[name][0] = value
    return replace(city, buildings=Buildings(columns))


def test_what_nobody_changed_comes_back_the_same() -> None:
    document = rich_city()
    assert faults(document) == []
    assert back(document) == document


SAMPLES = ["3-20-DELFSHAVEN.city.json", "zurich_subset_lod2.city.json", "delft.city.json", "3dbag_delft_100.city.jsonl"]


def lods_as_text(document: Any) -> Any:
    for item in document["CityObjects"].values():
        for geometry in item.get("geometry", ()):
            geometry["lod"] = str(geometry["lod"])
    return document


@pytest.mark.parametrize("name", SAMPLES)
def test_real_files_come_back_whole(shared_data: Path, name: str) -> None:
    data = (shared_data / "cityjson" / name).read_bytes()
    city = read_bare(data)
    written = written_back(data, city, city, name=name)
    before, after = ([orjson.loads(line) for line in text.splitlines()] for text in (_in_lines(data), written))
    assert len(before) == len(after)
    assert (sequence_faults(written) if len(after) > 1 else faults(after[0])) == []
    for one, other in zip(before, after, strict=True):
        lods_as_text(one)
        for key in one.keys() - {"version", "metadata"}:
            assert other[key] == one[key], key
    again = read_bare(written)
    np.testing.assert_array_equal(again.surfaces.polygons.vertices, city.surfaces.polygons.vertices)
    assert (again.epsg, list(again.buildings.ids)) == (city.epsg, list(city.buildings.ids))
    metadata = after[0]["metadata"]
    assert metadata["referenceSystem"].startswith("https://www.opengis.net/def/crs/EPSG/0/")
    if name.startswith("3dbag"):
        assert metadata["identifier"] == before[0]["metadata"]["citymodelIdentifier"]
        assert metadata["title"] == before[0]["metadata"]["datasetTitle"]
        assert metadata["geographicLocation"] == "The Netherlands"
        assert metadata["pointOfContact"]["address"] == {"address": "Delft University of Technology, The Netherlands"}


def _in_lines(data: bytes) -> bytes:
    """A file on one line; a sequence as it is."""
    try:
        return orjson.dumps(orjson.loads(data))
    except orjson.JSONDecodeError:
        return data


def test_edited_columns_stand_under_the_names_of_the_standard() -> None:
    document = rich_city()
    city = with_columns(read_bare(document), year_built=1999.0, year_built_origin="edited", name="Villa", storeys=3.0)
    changed = back(document, city)
    attributes = changed["CityObjects"]["B0"].pop("attributes")
    expected = document["CityObjects"]["B0"].pop("attributes")
    edits = {
        "yearOfConstruction": 1999,
        "yearOfConstruction_origin": "edited",
        "name": "Villa",
        "storeysAboveGround": 3,
    }
    assert attributes == expected | edits
    assert changed == document, "nothing else has changed"


def test_edited_attributes_of_the_source_are_written() -> None:
    document = box_city(count=1, attributes={"a": 1, "b": [2], "c": 3})
    city = with_columns(read_bare(document), attributes={"a": 1, "b": [4], "d": 5})
    assert back(document, city)["CityObjects"]["B0"]["attributes"] == {"a": 1, "b": [4], "d": 5}


def test_a_value_taken_back_leaves_its_attribute() -> None:
    document = box_city(count=1, attributes={"yearOfConstruction": 1931})
    city = with_columns(read_bare(document), year_built=np.nan, year_built_origin="")
    assert back(document, city)["CityObjects"]["B0"]["attributes"] == {}


def raised(city: CityModel, name: str, by_m: float) -> CityModel:
    """The city with the top of one building higher."""
    polygons = city.surfaces.polygons
    mine = city.surfaces.of_building(city.buildings.row(name))
    vertices = polygons.vertices.copy()
    chosen = (polygons.vertex_polygon >= mine.start) & (polygons.vertex_polygon < mine.stop) & (vertices[:, 2] > 1.0)
    vertices[chosen, 2] += by_m
    moved = Polygons(vertices, polygons.ring_start, polygons.polygon_start)
    return replace(city, surfaces=replace(city.surfaces, polygons=moved))


@pytest.mark.parametrize("by_m", [1.5, 0.12345])
def test_a_changed_shape_replaces_all_levels_of_its_building_only(by_m: float) -> None:
    document = rich_city()
    before = read_bare(document)
    city = raised(before, "B0", by_m)
    changed = back(document, city)
    assert faults(changed) == []
    assert [geometry["lod"] for geometry in changed["CityObjects"]["B0"]["geometry"]] == ["2"]
    assert changed["CityObjects"]["B0"]["geometry"][0]["type"] == "Solid"
    assert changed["CityObjects"]["B0"]["+solar-potential"] == {"kWh": 12.5}
    assert "geographicalExtent" not in changed["CityObjects"]["B0"]
    for name in ("B1", "B2", "room", "tree", "group"):
        assert changed["CityObjects"][name] == document["CityObjects"][name]
    again = read_bare(changed)
    np.testing.assert_allclose(again.surfaces.polygons.vertices, city.surfaces.polygons.vertices, atol=1e-5)
    assert again.volumes_m3() == pytest.approx(city.volumes_m3(), rel=1e-6)
    grid = changed["transform"]["scale"]
    assert grid == pytest.approx([0.001] * 3 if by_m == 1.5 else [0.00001] * 3)
    if by_m == 1.5:
        assert changed["vertices"][: len(document["vertices"])] == document["vertices"]
    assert changed["metadata"]["geographicalExtent"] == pytest.approx([1000, 2000, 0, 1050, 2008, 6 + by_m])


def test_a_changed_kind_counts_as_a_change() -> None:
    document = rich_city()
    city = read_bare(document)
    kinds = city.surfaces.kind.copy()
    kinds[2] = 7
    changed = back(document, replace(city, surfaces=replace(city.surfaces, kind=kinds)))
    types = {surface["type"] for surface in changed["CityObjects"]["B0"]["geometry"][0]["semantics"]["surfaces"]}
    assert "ClosureSurface" in types


def test_deleted_buildings_go_with_what_is_in_them() -> None:
    document = rich_city()
    city = read_bare(document)
    changed = back(document, city.without_buildings(["B0"]))
    assert list(changed["CityObjects"]) == ["B1", "B2", "group", "tree"]
    assert faults(changed) == []
    assert changed["metadata"]["geographicalExtent"][0] == 1010.0, "where the template stands"
    orphan = back(document, city.without_buildings(["B1"]))
    assert orphan["CityObjects"]["B2"]["type"] == "Building"
    assert faults(orphan) == []


def test_new_buildings_are_added_with_their_parts() -> None:
    document = rich_city()
    before = read_bare(document)
    more = box_city(count=6)
    more["CityObjects"]["B5"] |= {"type": "BuildingPart", "parents": ["B4"]}
    more["CityObjects"]["B3"] |= {"type": "BuildingPart", "parents": ["B0"]}
    wider = read_bare(more)
    fresh = wider.at_rows(np.array([3, 4, 5]))
    buildings = Buildings.concatenate([before.buildings, fresh.buildings])
    owner = fresh.surfaces.building + len(before.buildings)
    surfaces = Surfaces.concatenate([before.surfaces, replace(fresh.surfaces, building=owner)])
    city = replace(before, buildings=buildings, surfaces=surfaces)
    changed = back(document, city)
    assert faults(changed) == []
    assert changed["CityObjects"]["B5"]["parents"] == ["B4"]
    assert changed["CityObjects"]["B0"]["children"] == ["room", "B3"]
    assert read_bare(changed).volumes_m3() == pytest.approx([480.0] * 6)
    lines = as_sequence(document)
    written = written_back(lines, city, read_bare(lines))
    assert read_bare(written).volumes_m3() == pytest.approx([480.0] * 6)
    ids = [json.loads(line).get("id") for line in written.splitlines()]
    assert ids == [None, *document["CityObjects"], "B4"], "parts of old and new buildings stand with them"


def test_a_sequence_loses_the_lines_of_deleted_buildings_and_keeps_its_grid_in_step() -> None:
    lines = as_sequence(box_city(count=3))
    before = read_bare(lines)
    city = raised(before, "B1", 0.12345).without_buildings(["B0"])
    written = written_back(lines, city, before)
    assert sequence_faults(written) == []
    assert [json.loads(line).get("id") for line in written.splitlines()] == [None, "B1", "B2"]
    np.testing.assert_allclose(
        read_bare(written).surfaces.polygons.vertices, city.surfaces.polygons.vertices, atol=1e-5
    )


def test_damaged_lines_and_objects_do_not_stop_the_writing() -> None:
    document = box_city(count=3)
    document["CityObjects"]["B0"]["geometry"][0]["boundaries"] = [[1, 2]]
    document["CityObjects"]["B1"] = None
    lines = [*as_sequence(document).splitlines(), b"{broken"]
    city = read_bare(b"\n".join(lines))
    written = written_back(b"\n".join(lines), raised(city, "B2", 1.0), city)
    assert [json.loads(line).get("id") for line in written.splitlines()] == [None, "B0", "B1", "B2"]


def test_shapes_in_another_system_go_back_to_that_of_the_source() -> None:
    document = box_city(count=1)
    document["transform"]["translate"] = [90_000.0, 430_000.0, 0.0]
    before = read_bare(document)

    def in_utm(city: CityModel) -> CityModel:
        polygons = city.surfaces.polygons
        east, north = pyproj.Transformer.from_crs(28992, 32631, always_xy=True).transform(
            polygons.vertices[:, 0], polygons.vertices[:, 1]
        )
        vertices = np.column_stack([east, north, polygons.vertices[:, 2]])
        moved = Polygons(vertices, polygons.ring_start, polygons.polygon_start)
        return replace(city, epsg=32631, surfaces=replace(city.surfaces, polygons=moved))

    data = as_bytes(document)
    changed = written_back(data, in_utm(raised(before, "B0", 1.0)), in_utm(before))
    np.testing.assert_allclose(
        read_bare(changed).surfaces.polygons.vertices, raised(before, "B0", 1.0).surfaces.polygons.vertices, atol=2e-3
    )
    del document["metadata"]["referenceSystem"]
    with pytest.raises(KnownError, match="names no known coordinate system"):
        written_back(as_bytes(document), in_utm(raised(before, "B0", 1.0)), in_utm(before))
    stated = json.loads(written_back(as_bytes(document), before, before, crs="EPSG:28992"))
    assert stated["metadata"]["referenceSystem"] == "https://www.opengis.net/def/crs/EPSG/0/28992"


def test_a_file_becomes_a_sequence_of_families() -> None:
    document = rich_city()
    data = sequence_of(document)
    assert sequence_faults(data) == []
    header, *features = [json.loads(line) for line in data.splitlines()]
    assert [list(feature["CityObjects"]) for feature in features] == [["B0", "room"], ["B1", "B2"], ["group", "tree"]]
    assert header["+census"] == {"population": 7}
    assert header["geometry-templates"] == document["geometry-templates"]
    first = features[0]
    assert first["appearance"]["textures"] == document["appearance"]["textures"]
    assert "appearance" not in features[1]
    assert len(features[1]["vertices"]) == 17
    np.testing.assert_array_equal(
        np.sort(read_bare(data).surfaces.polygons.vertices, axis=0),
        np.sort(read_bare(document).surfaces.polygons.vertices, axis=0),
    )


def test_a_sequence_becomes_a_file_again() -> None:
    document = rich_city()
    lines = sequence_of(document)
    city = read_bare(lines)
    whole = json.loads(written_back(lines, city, city, as_sequence=False))
    assert faults(whole) == []
    assert sequence_of(whole) == lines
    data = as_bytes(document)
    assert written_back(data, read_bare(data), read_bare(data), as_sequence=True) == lines
    looks = whole["CityObjects"]["room"]["geometry"][0]["texture"]["day"]["values"][0][0][0]
    assert [whole["appearance"]["vertices-texture"][place] for place in looks[1:]] == document["appearance"][
        "vertices-texture"
    ]


def test_features_with_looks_of_their_own_share_tables_in_a_file() -> None:
    document = rich_city()
    objects = document["CityObjects"]
    objects["B1"]["geometry"][0]["texture"] = {"day": {"values": [[[[0, 3, 2, 1, 0]], *[[[None]]] * 5]]}}
    objects["B1"]["geometry"][0]["material"] = {"plain": {"values": [[1] * 6]}}
    lines = sequence_of(document)
    city = read_bare(lines)
    whole = json.loads(written_back(lines, city, city, as_sequence=False))
    assert faults(whole) == []
    geometry = whole["CityObjects"]["B1"]["geometry"][0]
    texture, *points = geometry["texture"]["day"]["values"][0][0][0]
    assert whole["appearance"]["textures"][texture]["image"] == "roof.png"
    found = [whole["appearance"]["vertices-texture"][place] for place in points]
    assert found == document["appearance"]["vertices-texture"][::-1]
    assert whole["appearance"]["materials"][geometry["material"]["plain"]["values"][0][0]] == {"name": "blue"}


def test_shapes_do_not_go_back_to_heights_in_feet() -> None:
    document = box_city(count=1)
    before = read_bare(document)
    document["metadata"]["referenceSystem"] = "https://www.opengis.net/def/crs/EPSG/0/8790"
    data = as_bytes(document)
    assert written_back(data, before, before)
    with pytest.raises(KnownError, match="heights in other units"):
        written_back(data, raised(before, "B0", 1.0), before)


def test_a_damaged_file_cannot_become_a_sequence() -> None:
    document = box_city(count=2)
    document["CityObjects"]["B0"]["geometry"][0]["boundaries"][0][0][0][0] = 999
    data = as_bytes(document)
    city = read_bare(data)
    assert json.loads(written_back(data, city, city)) == document
    with pytest.raises(KnownError, match="damaged objects"):
        written_back(data, city, city, as_sequence=True)


def test_nonsense_in_the_original_is_never_a_crash() -> None:
    dice = random.Random(20261122)
    written = 0
    for number in range(200):
        document = copy.deepcopy(rich_city())
        for _ in range(dice.randint(1, 3)):
            damaged_at_random(document, dice)
        in_lines = number % 2 and isinstance(document.get("CityObjects"), dict) and "vertices" in document
        data = as_sequence(document) if in_lines else as_bytes(document)
        try:
            imported = read_bare(data)
            city = imported
            if len(imported.surfaces):
                name = str(imported.buildings.ids[imported.surfaces.building[0]])
                city = raised(imported, name, 0.01234) if number % 3 else imported.without_buildings([name])
            written += bool(written_back(data, city, imported, as_sequence=dice.choice([None, True, False])))
        except KnownError:
            continue
    assert written > 50


def test_written_cities_are_valid() -> None:
    document = rich_city()
    corners, solid = box_object(1200.0, 2000.0, 5.0, 5.0, 5.0, len(document["vertices"]))
    document["vertices"] += [[round(value * 1000) for value in corner] for corner in corners]
    document["CityObjects"]["hill"] = {
        "type": "TINRelief",
        "geometry": [
            {"type": "CompositeSurface", "lod": "1", "boundaries": [[face[0][:3]] for face in solid["boundaries"][0]]}
        ],
    }
    source_city = read_bare(document)
    city = with_columns(source_city, lod="LoD two")
    assert faults(json.loads(write_cityjson(city))) == []
    assert sequence_faults(write_cityjsonseq(city)) == []
    assert city_document(city)["CityObjects"]["B0"]["geometry"][0]["lod"] == "2"
    assert read_bare(write_cityjsonseq(city)).volumes_m3() == pytest.approx(source_city.volumes_m3())


BROKEN = {
    "no transform": lambda d: d.pop("transform"),
    "an old version": lambda d: d.update(version="1.1"),
    "an index too far": lambda d: d["CityObjects"]["B0"]["geometry"][0]["boundaries"][0][0][0].__setitem__(0, 999),
    "nesting": lambda d: d["CityObjects"]["B0"]["geometry"][0].update(boundaries=[[0, 1, 2]]),
    "a number for a level": lambda d: d["CityObjects"]["B0"]["geometry"][0].update(lod=2),
    "semantics too short": lambda d: d["CityObjects"]["B0"]["geometry"][0]["semantics"].update(values=[[0]]),
    "an unknown type": lambda d: d["CityObjects"]["B0"].update(type="House"),
    "a part without parents": lambda d: d["CityObjects"]["B2"].pop("parents"),
    "a child that is not there": lambda d: d["CityObjects"]["B1"]["children"].append("B9"),
    "a texture too far": lambda d: d["appearance"].update(textures=[]),
    "a material too far": lambda d: d["appearance"].update(materials=[]),
    "a urn": lambda d: d["metadata"].update(referenceSystem="urn:ogc:def:crs:EPSG::28992"),
    "an address alone": lambda d: d["CityObjects"]["B1"].update(address={}),
    "vertices with fractions": lambda d: d["vertices"].__setitem__(0, [0.5, 1, 2]),
    "a template too far": lambda d: d["CityObjects"]["tree"]["geometry"][0].update(template=1),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_the_checker_finds_what_is_invalid(change: Any) -> None:
    document = rich_city()
    change(document)
    assert faults(document)


def test_reading_a_source_twice_gives_the_same_city() -> None:
    one, other = (read_source(rich_city())[0] for _ in range(2))
    np.testing.assert_array_equal(one.polygons.vertices, other.polygons.vertices)
