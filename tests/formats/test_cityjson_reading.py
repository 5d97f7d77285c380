"""Reading of CityJSON: real files with known counts, small files with known answers, all that versions allow."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.reading import read_cityjson
from citytwin_desktop.formats.cityjson.writing import write_cityjson
from citytwin_desktop.formats.source_city import UNKNOWN_KIND
from tests.conftest import box_city, box_object
from tests.formats.cityjson_samples import as_bytes, read_bare, read_source

Document = dict[str, Any]


def codes(report: Any) -> list[str]:
    return [item.code for item in report.items]


def test_boxes_have_their_areas_and_volume() -> None:
    city, report = read_cityjson(as_bytes(box_city(count=3)), "test.city.json")
    assert city.epsg == 28992
    assert city.surfaces.area_by_kind_m2() == pytest.approx({"wall": 3 * 216.0, "roof": 240.0, "ground": 240.0})
    assert city.volumes_m3() == pytest.approx([480.0] * 3)
    assert city.buildings.columns["height_m"].tolist() == [6.0] * 3
    assert report.to_json()["totals"] == {"kept": 3, "repaired": 0, "skipped": 0}
    world = city.surfaces.polygons.vertices + city.origin
    assert world.min(axis=0) == pytest.approx([1000.0, 2000.0, 0.0], abs=1e-9)
    assert world.max(axis=0) == pytest.approx([1050.0, 2008.0, 6.0], abs=1e-9)


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
def test_every_version_reads_alike(version: str) -> None:
    source, report = read_source(box_city(count=2) | {"version": version})
    assert (len(source.rows), source.format, codes(report)) == (2, f"CityJSON {version}", [])


def test_attributes_become_columns() -> None:
    attributes = {"yearOfConstruction": 1931, "function": "Office building", "storeysAboveGround": 2, "colour": "red"}
    row = read_source(box_city(count=1, attributes=attributes))[0].rows[0]
    assert (row["year_built"], row["function"], row["storeys"]) == (1931, "office", 2)
    assert row["attributes"] == attributes
    noted = read_source(box_city(count=1, attributes={"function": "office", "function_origin": "assumed"}))[0].rows[0]
    assert noted["function_origin"] == "assumed"


def test_a_chosen_column_overrules_the_guess() -> None:
    document = box_city(count=1, attributes={"yearOfConstruction": 1931, "renovated": 1999})
    source, report = read_source(document, columns={"year_built": "renovated", "id": "renovated"})
    assert (source.rows[0]["year_built"], source.rows[0]["id"]) == (1999, "B0")
    assert codes(report) == ["id_column_not_used"]
    assert "year_built" not in read_source(document, columns={"year_built": ""})[0].rows[0]


def levels_city() -> Document:
    document = box_city(count=1)
    geometry = document["CityObjects"]["B0"]["geometry"]
    solid = geometry[0]
    shell = {"type": "MultiSurface", "lod": "2", "boundaries": solid["boundaries"][0]}
    flat = {"type": "MultiSurface", "lod": 0, "boundaries": [solid["boundaries"][0][0]]}
    geometry[:] = [flat, shell, solid]
    return document


def test_the_highest_level_of_detail_wins_and_solids_count_once() -> None:
    document = levels_city()
    assert len(read_source(document)[0].polygons) == 6
    source, _ = read_source(document, lod="0")
    assert (len(source.polygons), source.rows[0]["lod"]) == (1, "0")
    document["CityObjects"]["B0"]["geometry"][2]["lod"] = "2.2"
    assert read_source(document, lod="2")[0].rows[0]["lod"] == "2"
    del document["CityObjects"]["B0"]["geometry"][1]
    assert read_source(document, lod="2")[0].rows[0]["lod"] == "2.2", "a refined level stands for the whole one"
    assert codes(read_source(document, lod="3")[1]) == ["no_geometry"]


def test_of_solid_and_surfaces_the_one_with_meaning_counts() -> None:
    document = levels_city()
    shell, solid = document["CityObjects"]["B0"]["geometry"][1:]
    shell["semantics"] = {"surfaces": solid["semantics"]["surfaces"], "values": solid["semantics"]["values"][0]}
    del solid["semantics"]
    assert UNKNOWN_KIND not in read_source(document)[0].kind
    document["CityObjects"]["B0"]["geometry"][1:] = [solid, dict(solid)]
    assert len(read_source(document)[0].polygons) == 6, "a geometry given twice counts once"


def test_of_two_outlines_the_one_on_the_ground_counts() -> None:
    document = box_city(count=1)
    faces = document["CityObjects"]["B0"]["geometry"][0]["boundaries"][0]
    document["CityObjects"]["B0"]["geometry"] = [
        {"type": "MultiSurface", "lod": "0.3", "boundaries": [faces[1]], "semantics": named("RoofSurface")},
        {"type": "MultiSurface", "lod": "0.3", "boundaries": [faces[0]], "semantics": named("GroundSurface")},
    ]
    source, _ = read_source(document)
    assert source.polygons.vertices[:, 2].tolist() == [0.0] * 4


def named(*types: str) -> Document:
    return {"surfaces": [{"type": kind} for kind in types], "values": list(range(len(types)))}


def add_hole(document: Document) -> None:
    start = len(document["vertices"])
    document["vertices"] += [[1_000_000 + x, 2_000_000 + y, 6000] for x, y in ((2, 2), (2, 4), (4, 4), (4, 2))]
    for corner in document["vertices"][start:]:
        corner[0], corner[1] = 1_002_000 + (corner[0] % 10 - 2) * 1000, 2_002_000 + (corner[1] % 10 - 2) * 1000
    roof = document["CityObjects"]["B0"]["geometry"][0]["boundaries"][0][1]
    roof.append([start, start + 1, start + 2, start + 3])


def test_holes_are_taken_off_the_area() -> None:
    document = box_city(count=1)
    add_hole(document)
    assert read_bare(document).surfaces.area_by_kind_m2()["roof"] == pytest.approx(80.0 - 4.0)


def test_every_solid_and_surface_type_reads_the_same() -> None:
    solid = box_city(count=1)["CityObjects"]["B0"]["geometry"][0]
    shell, values = solid["boundaries"][0], solid["semantics"]["values"][0]
    forms: dict[str, tuple[Any, Any]] = {
        "MultiSurface": (shell, values),
        "CompositeSurface": (shell, values),
        "Solid": ([shell], [values]),
        "MultiSolid": ([[shell]], [[values]]),
        "CompositeSolid": ([[shell[:3]], [shell[3:]]], [[values[:3]], [values[3:]]]),
    }
    for kind, (boundaries, numbers) in forms.items():
        document = box_city(count=1)
        semantics = {**solid["semantics"], "values": numbers}
        document["CityObjects"]["B0"]["geometry"] = [
            {"type": kind, "lod": "2", "boundaries": boundaries, "semantics": semantics}
        ]
        city = read_bare(document)
        assert city.volumes_m3() == pytest.approx([480.0]), kind
        assert city.surfaces.count_by_kind() == {"ground": 1, "roof": 1, "wall": 4}, kind


def test_walls_between_the_solids_of_a_building_do_not_bound_it() -> None:
    document = box_city(count=1)
    corners, _ = box_object(1010.0, 2000.0, 10.0, 8.0, 6.0, 8)
    document["vertices"] += [[round(value * 1000) for value in corner] for corner in corners if corner[0] > 1015.0]
    shell = document["CityObjects"]["B0"]["geometry"][0]["boundaries"][0]
    beside = {0: 1, 1: 8, 2: 9, 3: 2, 4: 5, 5: 10, 6: 11, 7: 6}
    twin = [[[beside[corner] for corner in ring] for ring in face] for face in shell]
    document["CityObjects"]["B0"]["geometry"] = [
        {"type": "CompositeSolid", "lod": "2", "boundaries": [[shell], [twin]]}
    ]
    city = read_bare(document)
    assert city.volumes_m3() == pytest.approx([960.0])
    assert len(city.surfaces) == 10
    assert city.surfaces.polygons.areas_m2.sum() == pytest.approx(2 * 160.0 + 2 * (20.0 + 8.0) * 6.0)


def test_an_address_is_read_with_the_attributes() -> None:
    document = box_city(count=1, attributes={"a": 1})
    address = {"ThoroughfareName": "Kade", "ThoroughfareNumber": "7"}
    point = {"location": {"type": "MultiPoint", "lod": "1", "boundaries": [0]}}
    for given in ([address | point], address | point):
        document["CityObjects"]["B0"]["address"] = given
        assert read_source(document)[0].rows[0]["attributes"] == {"a": 1, "address": [address]}
    written = json.loads(write_cityjson(read_bare(document)))["CityObjects"]["B0"]
    assert (written["attributes"], written["address"]) == ({"a": 1}, [address])
    for odd in (None, 5, [], [5], [point]):
        document["CityObjects"]["B0"]["address"] = odd
        assert read_source(document)[0].rows[0]["attributes"] == {"a": 1}


def test_the_inner_shell_of_a_solid_is_taken_off_its_volume() -> None:
    document = box_city(count=1)
    corners, inner = box_object(1002.0, 2002.0, 2.0, 2.0, 2.0, 8)
    document["vertices"] += [[round(x * 1000), round(y * 1000), round(z * 1000) + 1000] for x, y, z in corners]
    solid = document["CityObjects"]["B0"]["geometry"][0]
    solid["boundaries"].append([[ring[::-1] for ring in face] for face in inner["boundaries"][0]])
    solid["semantics"]["values"].append(None)
    city = read_bare(document)
    assert city.volumes_m3() == pytest.approx([480.0 - 8.0])
    assert city.surfaces.kind.tolist()[6:] == [UNKNOWN_KIND] * 6


@pytest.mark.parametrize("values", [None, [None], [[0, None, 2, 2, None, 2]]])
def test_surfaces_without_semantics_are_unknown(values: Any) -> None:
    document = box_city(count=1)
    document["CityObjects"]["B0"]["geometry"][0]["semantics"]["values"] = values
    source, report = read_source(document)
    expected = [UNKNOWN_KIND] * 6 if not values or values == [None] else [2, UNKNOWN_KIND, 0, 0, UNKNOWN_KIND, 0]
    assert source.kind.tolist() == expected
    assert codes(report) == []


def test_inner_walls_and_floors_are_no_envelope() -> None:
    document = box_city(count=1)
    document["CityObjects"]["B0"]["geometry"][0]["semantics"]["surfaces"][2]["type"] = "InteriorWallSurface"
    assert read_source(document)[0].kind.tolist() == [SurfaceKind.GROUND, SurfaceKind.ROOF]


def test_rings_that_repeat_their_first_corner_are_opened() -> None:
    document = box_city(count=1)
    add_hole(document)
    before = read_source(document)[0].polygons
    for face in document["CityObjects"]["B0"]["geometry"][0]["boundaries"][0]:
        for ring in face:
            ring.append(ring[0])
    after = read_source(document)[0].polygons
    np.testing.assert_array_equal(after.ring_start, before.ring_start)
    np.testing.assert_array_equal(after.vertices, before.vertices)


def test_parts_of_a_building_with_an_outline_stand_for_it() -> None:
    document = box_city(count=2)
    objects = document["CityObjects"]
    outline = {"type": "MultiSurface", "lod": "0", "boundaries": [[[0, 1, 2, 3]]]}
    objects["whole"] = {"type": "Building", "children": ["B0"], "geometry": [outline]}
    objects["B0"] |= {"type": "BuildingPart", "parents": ["whole"]}
    objects["alone"] = {"type": "Building", "children": ["balcony"], "geometry": [outline]}
    objects["balcony"] = {"type": "BuildingInstallation", "parents": ["alone"], "geometry": [outline]}
    source, report = read_source(document)
    surfaces = np.bincount(source.owner, minlength=4).tolist()
    assert {row["id"]: count for row, count in zip(source.rows, surfaces, strict=True)} == {
        "B0": 6,
        "B1": 6,
        "whole": 0,
        "alone": 1,
    }
    assert codes(report) == ["installations_not_used"]
    objects["B0"]["geometry"] = [outline]
    coarse, _ = read_source(document)
    assert np.bincount(coarse.owner, minlength=4).tolist() == [1, 6, 0, 1], "parts that are outlines stand for it too"
    del objects["B0"]["geometry"]
    bare, _ = read_source(document)
    assert [row["lod"] for row in bare.rows if row["id"] == "whole"] == ["0"], "a part without any does not"


def test_installations_make_a_building_that_has_nothing_else() -> None:
    document = box_city(count=1)
    objects = document["CityObjects"]
    objects["shed"] = {"type": "Building", "children": ["roof", "room"]}
    objects["roof"] = {"type": "BuildingInstallation", "parents": ["shed"], "geometry": objects["B0"]["geometry"]}
    objects["room"] = {"type": "BuildingRoom", "parents": ["shed"], "geometry": objects["B0"]["geometry"]}
    source, report = read_source(document)
    assert np.bincount(source.owner).tolist() == [6, 6]
    assert sorted(codes(report)) == ["installations_used", "interior_not_used"]
    assert source.objects == {"Building": 2, "BuildingInstallation": 1, "BuildingRoom": 1}


def test_groups_are_no_parents_and_extended_buildings_are_buildings() -> None:
    document = box_city(count=2)
    objects = document["CityObjects"]
    objects["group"] = {"type": "CityObjectGroup", "children": ["B0"]}
    objects["B0"]["parents"] = ["group"]
    objects["B1"]["type"] = "+NoiseBuilding"
    objects["thing"] = {"type": "+Antenna"}
    source, report = read_source(document)
    assert [row["parent_id"] for row in source.rows] == ["", ""]
    assert [item.object for item in report.items if item.code == "type_not_used"] == ["group", "thing"]


def test_types_filter_what_is_read() -> None:
    document = box_city(count=2)
    document["CityObjects"]["B1"] |= {"type": "BuildingPart", "parents": ["B0"]}
    document["CityObjects"]["road"] = {
        "type": "Road",
        "geometry": [{"type": "MultiSurface", "lod": "1", "boundaries": [[[0, 1, 2]]]}],
    }
    both, _ = read_source(document, types=("Building",))
    assert (len(both.rows), both.context) == (2, [])
    road, _ = read_source(document, types=("Road",))
    assert (len(road.rows), len(road.context)) == (0, 1)


@pytest.mark.parametrize("kind", ["window in a closed wall", "window in its hole", "door across an edge"])
def test_openings_count_their_area_once(kind: str) -> None:
    document = box_city(count=1)
    solid = document["CityObjects"]["B0"]["geometry"][0]
    start = len(document["vertices"])
    # The third face is the wall at y = 2000.
    left = -1000 if kind == "door across an edge" else 2000
    document["vertices"] += [
        [1_000_000 + x, 2_000_000, z] for x, z in ((left, 1000), (left + 2000, 1000), (left + 2000, 3000), (left, 3000))
    ]
    pane = [start, start + 1, start + 2, start + 3]
    if kind == "window in its hole":
        solid["boundaries"][0][2].append(pane[::-1])
    document["CityObjects"]["B0"]["geometry"] = [
        {
            "type": "MultiSurface",
            "lod": "3",
            "boundaries": [*solid["boundaries"][0], [pane]],
            "semantics": {
                "surfaces": [*solid["semantics"]["surfaces"], {"type": "Window", "parent": 2}],
                "values": [0, 1, 2, 2, 2, 2, 3],
            },
        }
    ]
    source, report = read_source(document)
    areas = read_bare(document).surfaces.area_by_kind_m2()
    wall = 216.0 if kind == "door across an edge" else 212.0
    assert (areas["wall"], areas["window"]) == pytest.approx((wall, 4.0))
    expected = {"window in a closed wall": ["opening_cut_out"], "door across an edge": ["opening_overlaps"]}
    assert codes(report) == expected.get(kind, [])
    assert len(source.polygons) == 7


def test_templates_make_buildings_too() -> None:
    document = box_city(count=1)
    solid = document["CityObjects"]["B0"]["geometry"][0]
    corners = [[x / 1000 - 1000, y / 1000 - 2000, z / 1000] for x, y, z in document["vertices"]]
    document["geometry-templates"] = {"templates": [solid], "vertices-templates": corners}
    matrix = [2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    instance = {"type": "GeometryInstance", "template": 0, "boundaries": [6], "transformationMatrix": matrix}
    document["CityObjects"]["twin"] = {"type": "Building", "geometry": [instance]}
    document["CityObjects"]["B1"] = document["CityObjects"]["B0"]
    city = read_bare(document)
    assert city.volumes_m3() == pytest.approx([480.0, 960.0, 480.0])
    assert city.surfaces.building.tolist() == [0] * 6 + [1] * 6 + [2] * 6
    assert city.surfaces.count_by_kind() == {"ground": 3, "roof": 3, "wall": 12}
    assert city.building("twin").lod == "2"


def test_version_1_0_may_lack_a_transform() -> None:
    document = box_city(count=1) | {"version": "1.0"}
    del document["transform"]
    document["vertices"] = [[value / 1000 for value in corner] for corner in document["vertices"]]
    assert read_bare(document).volumes_m3() == pytest.approx([480.0])


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        (
            {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415"},
            "https://www.opengis.net/def/crs/EPSG/0/7415",
        ),
        ({"referenceSystem": "urn:ogc:def:crs:EPSG::7415"}, "urn:ogc:def:crs:EPSG::7415"),
        ({"referenceSystem": 28992}, "EPSG:28992"),
        ({"referenceSystem": "28992"}, "EPSG:28992"),
        ({"crs": {"epsg": 28992}}, "EPSG:28992"),
        ({"crs": {"type": "name", "properties": {"name": "EPSG:2056"}}}, "EPSG:2056"),
        ({"referenceSystem": None}, ""),
        ({"referenceSystem": []}, ""),
        ("nothing", ""),
        (None, ""),
    ],
)
def test_reference_systems_in_any_form(metadata: Any, name: str) -> None:
    source, _ = read_source(box_city(count=1) | {"metadata": metadata})
    assert (source.reference.name, source.reference.east_first) == (name, True)


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


def test_real_files_as_the_reader_gives_them(shared_data: Path) -> None:
    counts = {}
    for name, *_ in REAL_FILES:
        source, report = read_source((shared_data / "cityjson" / name).read_bytes(), name)
        counts[name] = (len(source.rows), len(source.polygons), sum(len(layer) for _, layer in source.context))
        assert set(codes(report)) <= {"type_not_used"}
        assert (np.diff(source.owner) >= 0).all()
    # Of 36,271 surfaces in Delft, 2,379 belong to bridges and generic objects; 3DBAG is taken at LoD 2.2.
    assert counts["3-20-DELFSHAVEN.city.json"] == (853, 15482, 0)
    assert counts["zurich_subset_lod2.city.json"] == (210, 2039, 0)
    assert counts["delft.city.json"] == (160, 5563, 36271 - 5563 - 2379)


def test_without_a_reference_system_it_asks() -> None:
    with pytest.raises(KnownError, match=r"state"):
        read_cityjson(as_bytes(box_city(crs=None)), "test.city.json")
