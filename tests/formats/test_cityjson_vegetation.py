"""Plants and terrain from CityJSON: drawn, placed by templates, stated in attributes; hostile files stay small."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citytwin_desktop.city.context_triangles import crown_triangles, terrain_triangles
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats import report as reports
from citytwin_desktop.formats.cityjson import placing
from citytwin_desktop.formats.cityjson.writing import write_cityjson
from citytwin_desktop.formats.report import ImportReport
from tests.conftest import SHARED_DATA, box_city, box_object
from tests.formats.cityjson_samples import as_sequence, bare_city

CORNERS = np.array([[0.0, 0, 2], [3, 0, 2], [0, 3, 2], [0, 0, 7]])
FACES = [[[0, 2, 1]], [[0, 1, 3]], [[1, 2, 3]], [[2, 0, 3]]]
TETRAHEDRON = {"type": "MultiSurface", "lod": "3", "boundaries": FACES}
TETRAHEDRON_M3 = 7.5
IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]


def template_city(
    matrix: Any = IDENTITY, template: Any = 0, version: str = "2.0", boundaries: Any = None, **item: Any
) -> dict[str, Any]:
    """A row of boxes and a plant at (1005.5, 2003, 1.25) that places a tetrahedron."""
    city = box_city(count=2)
    city["version"] = version
    city["vertices"].append([1005500, 2003000, 1250])
    city["geometry-templates"] = {"templates": [TETRAHEDRON], "vertices-templates": CORNERS.tolist()}
    instance = {
        "type": "GeometryInstance",
        "template": template,
        "boundaries": [len(city["vertices"]) - 1] if boundaries is None else boundaries,
        "transformationMatrix": matrix,
    }
    city["CityObjects"]["tree"] = {"type": "SolitaryVegetationObject", "geometry": [instance], **item}
    return city


def plant_city(points: list[list[float]], **item: Any) -> dict[str, Any]:
    """A row of boxes and a plant with nothing but points."""
    city = box_city(count=2)
    first = len(city["vertices"])
    city["vertices"] += [[round(value * 1000) for value in point] for point in points]
    geometry = {"type": "MultiPoint", "lod": "0", "boundaries": list(range(first, first + len(points)))}
    city["CityObjects"]["tree"] = {"type": "SolitaryVegetationObject", "geometry": [geometry], **item}
    return city


def read(city: dict[str, Any], **options: Any) -> tuple[CityModel, ImportReport]:
    return bare_city(city, "c.city.json", **options)


def codes(report: ImportReport) -> list[tuple[str, str]]:
    return [(item.code, item.action) for item in report.items]


def volume_m3(triangles: FloatArray) -> float:
    a, b, c = triangles.transpose(1, 0, 2) - triangles.reshape(-1, 3).mean(axis=0)
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)


def kinds(city: CityModel) -> set[ContextKind]:
    return {layer.kind for layer in city.context}


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
def test_a_template_stands_at_its_reference_point(version: str) -> None:
    turned = [0, -2, 0, 10, 2, 0, 0, -5, 0, 0, 2, 0.5, 0, 0, 0, 1]  # a quarter turn left, twice the size, then moved
    city, report = read(template_city(turned, version=version))
    corners = crown_triangles(city).reshape(-1, 3) + city.origin
    expected = np.add([[0, 0, 4], [0, 6, 4], [-6, 0, 4], [0, 0, 14]], [1015.5, 1998.0, 1.75])
    np.testing.assert_allclose(np.unique(corners.round(6), axis=0), np.unique(expected, axis=0))
    assert volume_m3(crown_triangles(city)) == pytest.approx(8 * TETRAHEDRON_M3)
    assert codes(report) == [("templates_placed", "kept")]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-4, 4), min_size=12, max_size=12))
def test_any_affine_matrix_places_a_body_with_its_faces_outwards(numbers: list[float]) -> None:
    matrix = np.array([*numbers, 0, 0, 0, 1]).reshape(4, 4)
    determinant = abs(np.linalg.det(matrix[:3, :3]))
    if determinant < 0.01:
        return
    city, _ = read(template_city(matrix.reshape(-1).tolist()))
    triangles = crown_triangles(city)
    assert volume_m3(triangles) == pytest.approx(TETRAHEDRON_M3 * determinant, rel=1e-6)
    world = (matrix @ np.column_stack([CORNERS, np.ones(4)]).T).T[:, :3] + [1005.5, 2003.0, 1.25]
    found = triangles.reshape(-1, 3) + city.origin
    assert np.abs(found[:, None] - world).max(axis=2).min(axis=1).max() < 1e-6


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"template": 1}, "places template 1, which is not there"),
        ({"template": -1}, "not there"),
        ({"template": True}, "not there"),
        ({"template": 0.0}, "not there"),
        ({"template": None}, "not there"),
        ({"template": "0"}, "not there"),
        ({"template": [0] * 100000}, "not there"),
        ({"matrix": None}, "16 numbers"),
        ({"matrix": IDENTITY[:15]}, "16 numbers"),
        ({"matrix": ["a"] * 16}, "16 numbers"),
        ({"matrix": [*IDENTITY[:12], 0, 0, 1, 1]}, "16 numbers"),
        ({"matrix": [[*IDENTITY]]}, "16 numbers"),
        ({"matrix": [1e300, *IDENTITY[1:]]}, "blown up"),
        ({"matrix": [1e5, *IDENTITY[1:]]}, "blown up"),
        ({"matrix": [1, 0, 0, 1e12, *IDENTITY[4:]]}, "carried off"),
        ({"matrix": [0] * 15 + [1]}, "shrunk to nothing"),
        ({"boundaries": []}, "exactly one point"),
        ({"boundaries": [0, 1]}, "exactly one point"),
        ({"boundaries": [10**9]}, "exactly one point"),
        ({"boundaries": [-1]}, "exactly one point"),
        ({"boundaries": [[0]]}, "exactly one point"),
        ({"boundaries": "x"}, "exactly one point"),
    ],
)
def test_an_impossible_instance_is_left_out_by_name(change: dict[str, Any], sentence: str) -> None:
    city, report = read(template_city(**change))
    assert ContextKind.TREE not in kinds(city)
    assert [(item.object, item.code, item.action) for item in report.items] == [
        ("tree", "template_not_placed", "skipped")
    ]
    assert sentence in report.items[0].message


@pytest.mark.parametrize(
    "template",
    [
        None,
        [],
        {},
        {"type": "Solid"},
        {"type": "GeometryInstance", "template": 0, "boundaries": [0], "transformationMatrix": IDENTITY},
        {"type": "MultiSurface", "boundaries": [[[0, 1, 9]]]},
        {"type": "MultiSurface", "boundaries": [[[0, 1]]]},
        {"type": "MultiSurface", "boundaries": 7},
        {"type": "MultiPoint", "boundaries": [0]},
    ],
)
def test_an_impossible_template_is_left_out(template: Any) -> None:
    document = template_city()
    document["geometry-templates"]["templates"] = [template]
    city, report = read(document)
    assert ContextKind.TREE not in kinds(city)
    assert codes(report) == [("template_not_placed", "skipped")]


@pytest.mark.parametrize("library", [5, [], {"templates": {}}, {"templates": [], "vertices-templates": 5}])
def test_a_damaged_template_library_is_refused(library: Any) -> None:
    with pytest.raises(KnownError, match=r"c\.city\.json.*: get an undamaged copy"):
        read({**template_city(), "geometry-templates": library})


def test_a_sequence_shares_the_templates_of_its_header() -> None:
    whole = template_city()
    city, _ = bare_city(as_sequence(whole), "c.city.jsonl")
    np.testing.assert_array_equal(crown_triangles(city), crown_triangles(read(whole)[0]))


def test_a_million_crowns_are_capped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "MOST_MADE_CORNERS", 120)
    monkeypatch.setattr(reports, "MOST_REMARKS", 3)
    document = template_city()
    tree = document["CityObjects"]["tree"]
    document["CityObjects"] |= {f"t{number}": tree for number in range(29)}
    city, report = read(document)
    assert len(crown_triangles(city)) == 4 * 10
    remarks = [item for item in report.remarks() if item.code == "too_many_templates"]
    assert [item.object for item in remarks][:3] == ["t9", "t10", "t11"]
    assert "17 more objects" in remarks[3].message
    assert "placed 10 times" in next(item.message for item in report.items if item.code == "templates_placed")


def test_the_finest_level_is_taken_drawn_or_placed() -> None:
    document = template_city()
    drawn = {"type": "MultiSurface", "lod": "1", "boundaries": [[[0, 1, 2]], [[1, 2, 3]]]}
    geometries = document["CityObjects"]["tree"]["geometry"]
    geometries.insert(0, drawn)
    assert len(crown_triangles(read(document)[0])) == 4
    drawn["lod"] = "3.1"
    assert len(crown_triangles(read(document)[0])) == 2
    drawn["lod"], geometries[1]["template"] = "1", 7
    city, report = read(document)
    assert len(crown_triangles(city)) == 2
    geometries[1]["template"], geometries[1]["boundaries"] = 0, [99]
    assert codes(read(document)[1]) == [("template_not_placed", "skipped")]
    assert codes(report) == []


def test_a_solid_plant_is_a_tree_and_a_box_leaves_far_ones_out() -> None:
    document = box_city(count=2)
    for number, x in enumerate((1000.0, 5000.0)):
        corners, solid = box_object(x, 2050.0, 3.0, 3.0, 6.0, len(document["vertices"]))
        document["vertices"] += [[round(value * 1000) for value in corner] for corner in corners]
        document["CityObjects"][f"tree{number}"] = {"type": "SolitaryVegetationObject", "geometry": [solid]}
    assert volume_m3(crown_triangles(read(document)[0])[:12]) == pytest.approx(54.0)
    assert len(crown_triangles(read(document)[0])) == 24
    assert len(crown_triangles(read(document, bbox=(900, 1900, 1100, 2100))[0])) == 12


def cover_city(geometry: dict[str, Any] | None = None, **attributes: Any) -> dict[str, Any]:
    document = box_city(count=1)
    corners, solid = box_object(1000.0, 2050.0, 4.0, 5.0, 2.0, len(document["vertices"]))
    document["vertices"] += [[round(value * 1000) for value in corner] for corner in corners]
    flat = {"type": "MultiSurface", "lod": "1", "boundaries": [solid["boundaries"][0][0]]}
    item = {"type": "PlantCover", "attributes": attributes, "geometry": [flat if geometry is None else solid]}
    document["CityObjects"]["cover"] = item
    return document


def test_plant_cover_shades_only_where_it_stands_up() -> None:
    flat, report = read(cover_city())
    assert kinds(flat) == {ContextKind.GREEN}
    assert report.items == []
    body, report = read(cover_city({}))
    assert kinds(body) == {ContextKind.TREE}
    assert volume_m3(crown_triangles(body)) == pytest.approx(40.0)
    assert codes(report) == [("plant_cover_stands", "kept")]


@pytest.mark.parametrize(
    ("height", "volume"),
    [(1.5, 30.0), ("1.5", 30.0), ({"value": 1.5, "uom": "m"}, 30.0)]
    + [(value, 0.0) for value in (0.1, 500, -2, True, "high", [3], {"value": 1.5, "uom": "ft"}, {"uom": "m"}, None)],
)
def test_plant_cover_is_raised_to_a_plausible_height_it_states(height: Any, volume: float) -> None:
    city, report = read(cover_city(averageHeight=height))
    assert volume_m3(crown_triangles(city)) == pytest.approx(volume) if volume else kinds(city) == {ContextKind.GREEN}
    assert codes(report) == ([("plant_cover_raised", "repaired")] if volume else [])


def test_a_crown_is_made_of_stated_sizes() -> None:
    attributes = {"height": 9, "crownDiameter": {"value": 6, "uom": "m"}}
    city, report = read(plant_city([[1050.0, 2040.0, 1.5]], attributes=attributes))
    assert codes(report) == [("crown_from_attributes", "repaired")]
    crown = crown_triangles(city)
    assert crown.shape == (80, 3, 3)
    doubled = np.linalg.norm(np.cross(crown[:, 1] - crown[:, 0], crown[:, 2] - crown[:, 0]), axis=1)
    assert doubled.sum() / 2 == pytest.approx(np.pi * 36.0)
    assert volume_m3(crown) == pytest.approx(np.pi * 36.0, rel=0.05)
    middle = crown.reshape(-1, 3).mean(axis=0) + city.origin
    assert middle == pytest.approx([1050.0, 2040.0, 1.5 + 6.0], abs=1e-6)
    # Shadows: area seen from every direction is that of the disc, within the roughness of 80 triangles.
    normals = np.cross(crown[:, 1] - crown[:, 0], crown[:, 2] - crown[:, 0]) / 2.0
    directions = np.random.default_rng(1).normal(size=(50, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    shadows = np.abs(normals @ directions.T).sum(axis=0) / 2.0
    assert shadows == pytest.approx(np.pi * 9.0, rel=0.03)


@pytest.mark.parametrize(
    ("points", "attributes"),
    [
        ([[1050.0, 2040.0, 0.0]], {"height": 9}),
        ([[1050.0, 2040.0, 0.0]], {"crownDiameter": 6}),
        ([[1050.0, 2040.0, 0.0]], {"height": 900, "crownDiameter": 6}),
        ([[1050.0, 2040.0, 0.0]], {"height": "tall", "crownDiameter": 6}),
        ([[1050.0, 2040.0, 0.0]], {"height": float("nan"), "crownDiameter": 6}),
        ([[1050.0, 2040.0, 0.0]], None),
        ([[1050.0, 2040.0, 0.0], [1060.0, 2040.0, 0.0]], {"height": 9, "crownDiameter": 6}),
        ([], {"height": 9, "crownDiameter": 6}),
    ],
)
def test_nothing_is_made_up_where_sizes_are_not_stated(points: Any, attributes: Any) -> None:
    document = json.dumps(plant_city(points, attributes=attributes)).replace("NaN", "null")
    city, report = bare_city(document.encode(), "c.city.json")
    assert city.context == ()
    assert codes(report) == [("plant_without_geometry", "skipped")]


def terrain_city() -> dict[str, Any]:
    document = box_city(count=1)
    first = len(document["vertices"])
    document["vertices"] += [
        [(900 + 50 * x) * 1000, (1900 + 50 * y) * 1000, x * y * 1000] for y in range(5) for x in range(5)
    ]
    corner = [[first + 5 * y + x for x in range(5)] for y in range(5)]
    triangles = [
        [[a, b, c]]
        for y in range(4)
        for x in range(4)
        for a, b, c in (
            (corner[y][x], corner[y][x + 1], corner[y + 1][x + 1]),
            (corner[y][x], corner[y + 1][x + 1], corner[y + 1][x]),
        )
    ]
    flat = [[[first, first, first + 1]], [[first, first + 1]]]
    geometry = {"type": "CompositeSurface", "lod": "2", "boundaries": triangles + flat}
    document["CityObjects"]["ground"] = {"type": "TINRelief", "geometry": [geometry]}
    return document


def test_terrain_keeps_its_triangles() -> None:
    city, report = read(terrain_city())
    triangles = terrain_triangles(city)
    assert triangles.shape == (32, 3, 3)
    plan = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])[:, 2] / 2.0
    assert (plan > 0).all()
    assert plan.sum() == pytest.approx(200.0 * 200.0)
    assert codes(report) == [("surface_without_corners", "repaired"), ("terrain_read", "kept")]
    assert "33 faces" in report.items[1].message


def same(first: FloatArray, other: FloatArray) -> bool:
    return first.shape == other.shape and bool(np.abs(first - other).max(initial=0.0) < 2e-5)


@pytest.mark.parametrize("make", [template_city, terrain_city, cover_city])
def test_what_was_read_comes_back_from_a_written_file(make: Any) -> None:
    city, _ = read(make())
    again, _ = bare_city(write_cityjson(city), "again.city.json")
    assert [layer.kind for layer in again.context] == [layer.kind for layer in city.context]
    shift = np.subtract(again.origin, city.origin)
    assert same(crown_triangles(again) + shift, crown_triangles(city))
    assert same(terrain_triangles(again) + shift, terrain_triangles(city))


def test_crowns_made_or_raised_come_back_as_trees() -> None:
    for document in (
        plant_city([[1050.0, 2040.0, 1.5]], attributes={"height": 9, "crownDiameter": 6}),
        cover_city({}),
        cover_city(averageHeight=2),
    ):
        city, _ = read(document)
        again, report = bare_city(write_cityjson(city), "again.city.json")
        assert kinds(again) == {ContextKind.TREE}
        assert report.items == []
        shift = np.subtract(again.origin, city.origin)
        assert same(crown_triangles(again) + shift, crown_triangles(city))


def test_plant_cover_of_a_real_city_stays_flat() -> None:
    path: Path = SHARED_DATA / "cityjson" / "delft.city.json"
    if not path.is_file():
        pytest.skip("the folder shared/data with delft.city.json is not beside this checkout")
    document = json.loads(path.read_bytes())
    green = [item for item in document["CityObjects"].values() if item["type"] in ("PlantCover", "LandUse")]
    rings = sum(len(geometry["boundaries"]) for item in green for geometry in item["geometry"])
    city, report = bare_city(path.read_bytes(), path.name)
    layers: dict[ContextKind, Polygons] = {layer.kind: layer.polygons for layer in city.context}
    assert len(layers[ContextKind.GREEN]) == rings
    assert ContextKind.TREE not in layers
    assert {item.code for item in report.items} == {"type_not_used"}
