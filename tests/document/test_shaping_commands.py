"""Commands that shape buildings: geometry, columns, what is refused, and what a newer delivery leaves alone."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.context_triangles import crown_triangles
from citytwin_desktop.city.diagnosis.examination import examine
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.shaping import footprint_of
from citytwin_desktop.document.commands.planting import PLANTED, trees_at
from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.document.events import GeometryChanged
from citytwin_desktop.errors import KnownError
from tests.conftest import CityFile, box_city

NOTES = {"split_edges", "multiple_connected_components", "no_function", "no_year"}
X, Y = 1000.0, 2000.0
"""Where the first box of `box_city` begins in the world."""


@pytest.fixture
def document(tmp_path: Path, city_file: CityFile) -> Any:
    made = create_document(tmp_path / "p.citytwin.gpkg")
    source = box_city(count=4, attributes={"measuredHeight": 6.0})
    made.execute("import_city", sources=[str(city_file(document=source))])
    made.execute("enrich", archetype_set="NL", assume_function="residential", assume_year=1960)
    yield made
    made.close()


def row(document: Document, name: str) -> int:
    return document.city.buildings.row(name)


def height_m(document: Document, name: str) -> float:
    low, high = document.city.bounds_m
    return float((high - low)[row(document, name), 2])


def volume_m3(document: Document, name: str) -> float:
    return float(document.city.signed_volumes_m3()[row(document, name)])


def local(document: Document, *points: tuple[float, float]) -> list[float]:
    """Places of the row of boxes, which begins at 0, 0, in the project's coordinates."""
    origin = document.city.origin
    return [value for x, y in points for value in (x + X - origin[0], y + Y - origin[1])]


def check_doctor(document: Document) -> None:
    city = document.city
    assert {item.code for item in examine(city).items(city)} <= NOTES
    assert (city.signed_volumes_m3()[city.rows_with_geometry] > 0).all()


def test_moves_turns_and_their_titles(document: Document) -> None:
    heard: list[Any] = []
    document.events.changed.connect(heard.append)
    before = document.city.surfaces.polygons.vertices.copy()
    document.execute("move_buildings", building_ids=["B0", "B1", "B1"], dx_m=7.5, dy_m=-10.0)
    assert document.history()[-1].title == "Move 2 buildings 12.5 m"
    assert GeometryChanged(("B0", "B1")) in heard
    document.execute("move_buildings", building_ids=["B0", "B1"], dx_m=-7.5, dy_m=10.0)
    assert np.abs(document.city.surfaces.polygons.vertices - before).max() < 1e-9
    document.execute("rotate_buildings", building_ids=["B0"], angle_deg=90.0)
    ring = footprint_of(document.city, 0)[0]
    assert np.ptp(ring, axis=0) == pytest.approx([8.0, 10.0])
    x, y = local(document, (0.0, 0.0))
    document.execute("rotate_buildings", building_ids=["B1"], angle_deg=180.0, about_x_m=x, about_y_m=y)
    assert document.city.bounds_m[0][1, 0] == pytest.approx(x - 30.0)
    check_doctor(document)
    noted = document.city.buildings.columns["value_origins"][0]["geometry"]
    assert noted[1] == "turned by 90° in the project"
    document.undo()
    document.undo()
    assert np.abs(document.city.surfaces.polygons.vertices - before).max() < 1e-9


def test_heights_roofs_and_storeys_go_together(document: Document) -> None:
    document.execute("set_height", building_ids=["B0"], height_m=9.5)
    columns = document.city.buildings.columns
    assert height_m(document, "B0") == pytest.approx(9.5)
    assert volume_m3(document, "B0") == pytest.approx(760.0)
    assert columns["storeys"][0] == 3.0
    assert columns["storeys_origin"][0] == "derived"
    document.execute("set_roof", building_ids=["B0", "B1"], shape="gable", pitch_deg=45)
    assert height_m(document, "B0") == pytest.approx(13.5)
    assert volume_m3(document, "B0") == pytest.approx(760.0 + 80.0 * 4.0 / 2.0)
    document.execute("set_height", building_ids=["B0"], height_m=10.0)
    assert volume_m3(document, "B0") == pytest.approx(80.0 * 6.0 + 160.0)
    document.execute("set_storeys", building_ids=["B1"], storeys=3, storey_height_m=3.0)
    assert document.history()[-1].title == "Set 1 building to 3 storeys of 3 m"
    assert height_m(document, "B1") == pytest.approx(13.0)
    document.execute("set_storeys", building_ids=["B1"], storeys=6)
    assert height_m(document, "B1") == pytest.approx(22.0)
    assert document.city.buildings.columns["storeys_origin"][1] == "edited"
    document.execute("set_roof", building_ids=["B0", "B1"], shape="flat")
    assert [height_m(document, name) for name in ("B0", "B1")] == pytest.approx([6.0, 18.0])
    document.execute("set_roof", building_ids=["B2"], shape="shed", pitch_deg=40)
    with pytest.raises(KnownError, match="eaves of “B2” would come down to the ground"):
        document.execute("set_height", building_ids=["B2"], height_m=6.5)
    check_doctor(document)


def test_heights_of_the_source_follow_the_geometry(document: Document) -> None:
    if not np.isfinite(document.city.buildings.columns["height_m"][0]):
        pytest.fail("the import has not read the measured height")
    document.execute("set_height", building_ids=["B0"], height_m=9.0)
    columns = document.city.buildings.columns
    assert columns["height_m"].tolist() == [9.0, 6.0, 6.0, 6.0]
    assert columns["value_origins"][0]["height_m"] == [9.0, "height set to 9 m in the project"]
    assert columns["attributes"][0] == columns["attributes"][1]


def test_a_footprint_keeps_roof_and_heights(document: Document) -> None:
    document.execute("set_roof", building_ids=["B0"], shape="hip", pitch_deg=45)
    wider = local(document, (0, 0), (0, 12), (16, 12), (16, 0))
    document.execute("set_footprint", building_id="B0", footprint=wider)
    assert document.last_report["roof"] == "hip"
    assert height_m(document, "B0") == pytest.approx(10.0)
    assert volume_m3(document, "B0") == pytest.approx(16 * 12 * 6 + 12 * 4 * (3 * 16 - 12) / 6)
    yard = local(document, (4, 4), (8, 4), (8, 8), (4, 8))
    document.execute("set_footprint", building_id="B1", footprint=wider, holes=yard)
    assert volume_m3(document, "B1") == pytest.approx((16 * 12 - 16) * 6)
    document.undo()
    check_doctor(document)


def test_a_cut_building_becomes_two_and_merges_again(document: Document) -> None:
    document.execute("add_scenario", name="Deep")
    document.execute("assign_package", scenario_id="deep", building_ids=["B1"], package_id="deep")
    document.execute("set_roof", building_ids=["B1"], shape="gable", pitch_deg=30)
    whole = volume_m3(document, "B1")
    document.execute("split_building", building_id="B1", line=local(document, (23, -1), (24, 9)))
    assert document.history()[-1].title == "Split B1, new B1-2"
    assert volume_m3(document, "B1") > volume_m3(document, "B1-2")
    assert volume_m3(document, "B1") + volume_m3(document, "B1-2") == pytest.approx(whole)
    columns, new = document.city.buildings.columns, row(document, "B1-2")
    assert columns["function"][new] == "residential"
    assert "delivered" not in columns["value_origins"][new]
    assert document.project.district.scenario("deep").assignments["B1-2"] == "deep"
    check_doctor(document)
    document.execute("merge_buildings", building_ids=["B1-2", "B1"])
    assert document.last_report["kept"] == "B1"
    assert volume_m3(document, "B1") == pytest.approx(whole)
    assert "B1-2" not in document.city.buildings
    assert "B1-2" not in document.project.district.scenario("deep").assignments
    check_doctor(document)


def test_a_drawn_building_knows_its_place(document: Document) -> None:
    corners = local(document, (0, 20), (14, 20), (14, 30), (0, 30))
    made = {"footprint": corners, "height_m": 9.0, "roof": "gable", "pitch_deg": 40, "function": "office"}
    document.execute("add_building", **made, year_built=1970, name="New  hall")
    building = document.city.building("new-1")
    assert (building.name, building.height_m, building.function_origin) == ("New hall", 9.0, "edited")
    assert building.archetype_id == "NL-office-1965-1974"
    assert height_m(document, "new-1") == pytest.approx(9.0)
    rise = 5.0 * math.tan(math.radians(40))
    assert volume_m3(document, "new-1") == pytest.approx(140.0 * (9.0 - rise / 2.0))
    assert document.last_report["base_from"] == "neighbours"
    document.execute("add_building", footprint=corners, height_m=9.0)
    assert document.last_report["id"] == "new-2"
    assert document.last_report["overlaps"] == ["new-1"]
    document.undo()
    check_doctor(document)
    assert document.city.buildings.ids.tolist() == ["B0", "B1", "B2", "B3", "new-1"]


def test_a_proposal_says_what_it_reaches(document: Document) -> None:
    site = local(document, (0, 40), (100, 40), (100, 100), (0, 100))
    given = {"site": site, "setback_m": 4, "spacing_m": 14, "function": "residential", "year_built": 2020}
    document.execute("add_massing", **given, kind="rows", floor_area_ratio=1.8)
    report = document.last_report
    ids = report["ids"]
    floors = sum(document.city.building(name).ground_area_m2 * document.city.building(name).storeys for name in ids)
    assert report["gross_floor_area_m2"] == pytest.approx(floors)
    assert report["floor_area_ratio"] == pytest.approx(floors / 6000.0)
    assert len(ids) == 2
    assert document.city.building(ids[0]).archetype_id.startswith("NL-residential-2015")
    assert height_m(document, ids[0]) == pytest.approx(report["storeys"][0] * 3.2)
    document.undo()
    document.execute("add_massing", **given, kind="courtyard", height_m=13.0)
    assert document.last_report["storeys"] == [4]
    check_doctor(document)


def test_trees_stand_in_a_layer_of_their_own(document: Document, tmp_path: Path) -> None:
    places = local(document, (5, 20), (25, 20))
    document.execute("plant_trees", positions=places, height_m=12, crown_diameter_m=6)
    document.execute("plant_trees", positions=local(document, (45, 20)))
    (layer,) = document.city.context
    assert (layer.name, layer.kind) == (PLANTED, ContextKind.TREE)
    assert len(layer.polygons) == 240
    assert np.abs(layer.polygons.area_vectors_m2.sum(axis=0)).max() < 1e-9
    top = layer.polygons.vertices[:, 2].reshape(3, -1).max(axis=1)
    assert top == pytest.approx([12.0, 12.0, 8.0], abs=0.3)
    document.execute("remove_trees", positions=places[:2])
    assert trees_at(document.city, np.array(places).reshape(-1, 2))[:, 0].tolist() == [-1, 0]
    with pytest.raises(KnownError, match="no tree at"):
        document.execute("remove_trees", positions=places[:2])
    document.execute("remove_trees", positions=[*places[2:], *local(document, (45, 20))])
    assert document.city.context == ()


def test_new_things_stand_on_the_terrain(document: Document, city_file: CityFile) -> None:
    relief = box_city(count=1)
    relief["CityObjects"] = {}
    relief["vertices"] = [[1000 * x, 1000 * y, 1000 * z] for x, y, z in ((990, 1990, 0), (1100, 1990, 11))]
    relief["vertices"] += [[1000 * x, 1000 * y, 1000 * z] for x, y, z in ((1100, 2100, 11), (990, 2100, 0))]
    ground = {"type": "CompositeSurface", "lod": "1", "boundaries": [[[0, 1, 2]], [[0, 2, 3]]]}
    relief["CityObjects"]["relief"] = {"type": "TINRelief", "geometry": [ground]}
    document.execute("import_city", sources=[str(city_file("relief.city.json", document=relief))])
    base = document.city.origin[2]
    document.execute("add_building", footprint=local(document, (20, 20), (30, 20), (30, 30), (20, 30)), height_m=9)
    assert document.last_report["base_from"] == "terrain"
    assert document.city.bounds_m[0][row(document, "new-1"), 2] + base == pytest.approx(3.0)
    document.execute("plant_trees", positions=local(document, (40, 50)), height_m=10, crown_diameter_m=6)
    crown = next(layer for layer in document.city.context if layer.name == PLANTED).polygons.vertices
    assert crown[:, 2].mean() + base == pytest.approx(5.0 + 10.0 - 3.0)
    assert len(crown_triangles(document.city)) == 80
    site = local(document, (0, 40), (100, 40), (100, 100), (0, 100))
    document.execute("add_massing", site=site, kind="towers", storeys=4)
    low = document.city.bounds_m[0]
    for name in document.last_report["ids"]:
        x, _, z = low[row(document, name)]
        assert z + base == pytest.approx((x + document.city.origin[0] - 990.0) / 10.0)


def test_parts_go_with_their_whole(tmp_path: Path, city_file: CityFile) -> None:
    source = box_city(count=4)
    source["CityObjects"]["B0"] = {"type": "Building", "children": ["B1", "B2"], "attributes": {"name": "Whole"}}
    for part in ("B1", "B2"):
        source["CityObjects"][part] |= {"type": "BuildingPart", "parents": ["B0"]}
    made = create_document(tmp_path / "w.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(document=source))])
    made.execute("set_height", building_ids=["B0"], height_m=9.0)
    assert [height_m(made, name) for name in ("B1", "B2", "B3")] == pytest.approx([9.0, 9.0, 6.0])
    with pytest.raises(KnownError, match="“B0” has 2 parts"):
        made.execute("set_footprint", building_id="B0", footprint=local(made, (0, 0), (9, 0), (9, 9)))
    made.execute("split_building", building_id="B0", line=local(made, (35, -1), (35, 9)))
    assert made.last_report == {"kept": "B0", "new": "B0-2", "parts_moved": ["B2"]}
    parents = made.city.buildings.columns["parent_id"]
    assert [parents[row(made, name)] for name in ("B1", "B2", "B0-2")] == ["B0", "B0-2", ""]
    made.execute("split_building", building_id="B0", line=local(made, (26, -1), (26, 9)))
    parents = made.city.buildings.columns["parent_id"]
    assert parents[row(made, "B1-2")] == "B0-3"
    assert [volume_m3(made, name) for name in ("B1", "B1-2")] == pytest.approx([6 * 72, 4 * 72])
    made.execute("merge_buildings", building_ids=["B0", "B0-3"])
    assert volume_m3(made, "B0") == pytest.approx(720.0)
    assert made.city.buildings.ids.tolist() == ["B0", "B2", "B3", "B0-2"]
    check_doctor(made)
    for _ in range(4):
        made.undo()
    assert made.city.buildings.ids.tolist() == ["B0", "B1", "B2", "B3"]
    made.close()


def test_a_newer_delivery_keeps_edited_geometry(tmp_path: Path, city_file: CityFile) -> None:
    source = box_city(count=4)
    made = create_document(tmp_path / "d.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(document=source))])
    made.execute("set_roof", building_ids=["B0"], shape="hip")
    made.execute("move_buildings", building_ids=["B1"], dx_m=0.0, dy_m=3.0)
    made.execute("split_building", building_id="B2", line=local(made, (44, -1), (44, 9)))
    volumes = [volume_m3(made, name) for name in ("B0", "B1", "B2", "B2-2")]
    newer = json.loads(json.dumps(source))
    for vertex in newer["vertices"]:
        vertex[2] = vertex[2] * 2
    made.execute("import_city", sources=[str(city_file("boxes.city.json", document=newer))])
    assert [volume_m3(made, name) for name in ("B0", "B1", "B2", "B2-2")] == pytest.approx(volumes)
    assert height_m(made, "B3") == pytest.approx(12.0)
    kept = {item.object for item in made.last_report.items if item.code == "conflict_kept_geometry"}
    assert kept == {"B0", "B1", "B2"}
    made.close()


def test_a_newer_delivery_leaves_merged_buildings_merged(document: Document, city_file: CityFile) -> None:
    document.execute("move_buildings", building_ids=["B1"], dx_m=-10, dy_m=0)
    document.execute("merge_buildings", building_ids=["B0", "B1"])
    for _ in range(2):  # the delivery after the next knows it too
        document.execute("import_city", sources=[str(city_file(document=box_city(count=4)))])
        assert "B1" not in document.city.buildings
        assert volume_m3(document, "B0") == pytest.approx(960.0)
        told = {item.object: item.message for item in document.last_report.items}
        assert "merged into “B0”" in told["B1"]
    document.go_to(2)
    assert volume_m3(document, "B1") == pytest.approx(480.0)


def _in_faces(name: str, lod: str, faces: list[Any], kinds: list[str]) -> dict[str, Any]:
    """An object of surfaces out of the solid of a box."""
    semantics = {"surfaces": [{"type": kind} for kind in kinds], "values": list(range(len(kinds)))}
    return {
        "type": name,
        "geometry": [{"type": "MultiSurface", "lod": lod, "boundaries": faces, "semantics": semantics}],
    }


def test_a_footprint_without_body_gets_one_of_the_height(tmp_path: Path, city_file: CityFile) -> None:
    source = box_city(count=2)
    for name, item in source["CityObjects"].items():
        ground = [item["geometry"][0]["boundaries"][0][0]]
        source["CityObjects"][name] = _in_faces("Building", "0", ground, ["GroundSurface"])
    made = create_document(tmp_path / "flat.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(document=source))])
    made.execute("enrich", archetype_set="NL", assume_function="residential", assume_year=1960)
    assert volume_m3(made, "B0") == 0.0
    made.execute("set_height", building_ids=["B0"], height_m=9)
    made.execute("set_storeys", building_ids=["B1"], storeys=2, storey_height_m=3)
    assert [volume_m3(made, name) for name in ("B0", "B1")] == pytest.approx([720.0, 480.0])
    assert made.city.bounds_m[0][:, 2] == pytest.approx([0.0, 0.0])
    assert made.city.buildings.columns["lod"].tolist() == ["1", "1"]
    assert made.city.building("B0").storeys in (3, 4)  # 9 m of its archetype's storeys
    check_doctor(made)
    made.close()


def test_a_ground_that_is_a_row_of_its_own_stays_below_its_parts(tmp_path: Path, city_file: CityFile) -> None:
    source = box_city(count=1)
    faces = source["CityObjects"]["B0"]["geometry"][0]["boundaries"][0]
    whole = _in_faces("Building", "2", faces[:1], ["GroundSurface"])
    part = _in_faces("BuildingPart", "2", faces[1:], ["RoofSurface", *["WallSurface"] * 4])
    source["CityObjects"] = {"B0": whole | {"children": ["P"]}, "P": part | {"parents": ["B0"]}}
    made = create_document(tmp_path / "parts.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(document=source))])
    made.execute("set_height", building_ids=["B0"], height_m=9)
    low, high = made.city.bounds_m
    rows = made.city.buildings.rows(["B0", "P"])
    assert low[rows, 2] == pytest.approx([0.0, 0.0])
    assert high[rows, 2] == pytest.approx([0.0, 9.0])
    made.execute("enrich", archetype_set="NL", assume_function="residential", assume_year=1960)
    derived = made.city.building("P").storeys
    made.execute("set_storeys", building_ids=["B0"], storeys=6, storey_height_m=3)
    assert made.city.building("B0").storeys == 6
    assert made.city.building("P").storeys == 2 * derived
    made.close()


def test_parts_with_storeys_of_their_own_get_as_many_more(tmp_path: Path, city_file: CityFile) -> None:
    source = box_city(count=4)
    source["CityObjects"]["B0"] = {
        "type": "Building",
        "children": ["B1", "B2"],
        "attributes": {"storeysAboveGround": 4},
    }
    for part, storeys in (("B1", 4), ("B2", 2)):
        source["CityObjects"][part] |= {"type": "BuildingPart", "parents": ["B0"]}
        source["CityObjects"][part]["attributes"] = {"storeysAboveGround": storeys}
    made = create_document(tmp_path / "s.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(document=source))])
    made.execute("set_storeys", building_ids=["B0"], storeys=6)
    assert [made.city.building(name).storeys for name in ("B0", "B1", "B2")] == [6, 6, 4]
    assert made.last_report == {"parts_by_as_many": {"B1": 6.0, "B2": 4.0}}
    assert made.history()[-1].title.endswith("in proportion, 2 parts by as many")
    assert [height_m(made, name) for name in ("B1", "B2", "B3")] == pytest.approx([9.0, 9.0, 6.0])
    made.execute("set_storeys", building_ids=["B2"], storeys=3)
    assert [made.city.building(name).storeys for name in ("B0", "B1", "B2")] == [6, 6, 3], "a part alone is meant"
    for _ in range(2):
        made.undo()
    assert [made.city.building(name).storeys for name in ("B0", "B1", "B2")] == [4, 4, 2]
    made.close()


def test_a_new_roof_leaves_windows_in_walls_that_stay(tmp_path: Path, city_file: CityFile) -> None:
    """One window well below the eaves and one in the roof: the wall's stays, cut out of the new wall."""
    source = box_city(count=2)
    faces = source["CityObjects"]["B0"]["geometry"][0]["boundaries"][0]
    wall, top = (next(face[0] for face in faces if _is(source, face[0], upright=it)) for it in (True, False))
    holes = [_inset(source, ring, 0.4) for ring in (wall, top)]
    plain = [face for face in faces if face[0] not in (wall, top)]
    kinds = ["GroundSurface" if _level(source, face[0]) == 0 else "WallSurface" for face in plain]
    boundaries = [*plain, [wall, holes[0][::-1]], [top, holes[1][::-1]], [holes[0]], [holes[1]]]
    kinds += ["WallSurface", "RoofSurface", "Window", "Window"]
    source["CityObjects"]["B0"] = _in_faces("Building", "2", boundaries, kinds)
    made = create_document(tmp_path / "o.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(document=source))])
    walls = made.city.surfaces.area_by_kind_m2()["wall"]
    windows = made.city.surfaces.area_by_kind_m2()["window"]
    made.execute("set_roof", building_ids=["B0"], shape="hip", pitch_deg=30)
    report = made.last_report
    assert (report["openings_kept"], report["openings_lost"], len(report["openings_dropped"])) == (1, 1, 1)
    assert made.history()[-1].title == "Hip roof of 30° on 1 building, 1 drawn opening dropped"
    found = made.city.surfaces.area_by_kind_m2()
    assert 0 < found["window"] < windows
    assert found["wall"] == pytest.approx(walls), "the window is no wall as well"
    check_doctor(made)
    made.undo()
    assert made.city.surfaces.area_by_kind_m2()["window"] == pytest.approx(windows)
    square = local(made, (0, 0), (14, 0), (14, 8), (0, 8))
    made.execute("set_footprint", building_id="B0", footprint=square)
    assert made.last_report["openings_kept"] + made.last_report["openings_lost"] == 2
    check_doctor(made)
    made.close()


def _level(source: dict[str, Any], ring: list[int]) -> float:
    return float(max(source["vertices"][corner][2] for corner in ring))


def _is(source: dict[str, Any], ring: list[int], *, upright: bool) -> bool:
    heights = {source["vertices"][corner][2] for corner in ring}
    return len(heights) == 2 if upright else heights == {_level(source, ring)} and _level(source, ring) > 0


def _inset(source: dict[str, Any], ring: list[int], share: float) -> list[int]:
    """New corners between those of a ring and its middle."""
    corners = np.array([source["vertices"][corner] for corner in ring], float)
    inner = np.round(corners + (corners.mean(axis=0) - corners) * share).astype(int).tolist()
    first = len(source["vertices"])
    source["vertices"] += inner
    return list(range(first, first + len(inner)))


def test_degenerate_input_is_refused_by_name(document: Document) -> None:
    before = document.city
    square = local(document, (0, 20), (9, 20), (9, 29), (0, 29))
    wrong: list[tuple[str, dict[str, Any], str]] = [
        ("move_buildings", {"building_ids": [], "dx_m": 1, "dy_m": 0}, "No building is chosen"),
        ("remove_buildings", {"building_ids": []}, "No building is chosen"),
        ("save_selection", {"name": "\udcff", "building_ids": ["B0"]}, "character that is none"),
        ("move_buildings", {"building_ids": ["B9"], "dx_m": 1, "dy_m": 0}, "no building “B9”"),
        ("move_buildings", {"building_ids": ["B0"], "dx_m": 0, "dy_m": 0}, "stay where they are"),
        ("move_buildings", {"building_ids": ["B0"], "dx_m": float("nan"), "dy_m": 0}, "way east is nan"),
        ("move_buildings", {"building_ids": ["B0"], "dx_m": 999_999, "dy_m": 0, "dz_m": -1e7}, "way up"),
        ("move_buildings", {"building_ids": ["B3"], "dx_m": 999_999, "dy_m": 0}, "1,000 km away"),
        ("rotate_buildings", {"building_ids": ["B0"], "angle_deg": 720}, "no whole turn"),
        ("rotate_buildings", {"building_ids": ["B0"], "angle_deg": 7, "about_x_m": 1}, "give both"),
        ("set_height", {"building_ids": ["B0"], "height_m": 1001}, "from 0.5 to 1"),
        ("set_height", {"building_ids": ["B0"], "height_m": float("inf")}, "The height is inf m"),
        ("set_storeys", {"building_ids": ["B0"], "storeys": 2.5}, "whole number"),
        ("set_storeys", {"building_ids": ["B0"], "storeys": 200, "storey_height_m": 9}, "higher than 1,000 m"),
        ("set_footprint", {"building_id": "B0", "footprint": [0, 0, 4, 4, 4, 0, 0, 4]}, "crosses or touches"),
        ("set_roof", {"building_ids": ["B0"], "shape": "dome"}, "no roof shape “dome”"),
        ("set_roof", {"building_ids": ["B0"], "shape": "hip", "pitch_deg": 89}, "The pitch is 89 °"),
        ("split_building", {"building_id": "B0", "line": [0, 0, 0, 0]}, "two different ends"),
        ("split_building", {"building_id": "B0", "line": local(document, (0, 50), (9, 50))}, "no piece of “B0”"),
        ("merge_buildings", {"building_ids": ["B0"]}, "Only one building"),
        ("merge_buildings", {"building_ids": ["B0", "B1"]}, "does not touch"),
        ("add_building", {"footprint": square, "height_m": 3, "roof": "gable", "pitch_deg": 60}, "roof alone"),
        ("add_building", {"footprint": square, "height_m": 9, "function": "castle"}, "no function “castle”"),
        ("add_building", {"footprint": square, "height_m": 9, "year_built": 20}, "year built is 20"),
        ("add_massing", {"site": square, "kind": "tower", "height_m": 9}, "no massing “tower”"),
        ("add_massing", {"site": square, "kind": "block"}, "give one of"),
        ("add_massing", {"site": square, "kind": "rows", "storeys": 3}, "No row fits"),
        ("plant_trees", {"positions": [1, 2, 3]}, "3 numbers"),
        ("plant_trees", {"positions": [1, 2], "height_m": 200}, "height of the trees is 200 m"),
        ("remove_trees", {"positions": [1, 2]}, "no tree at"),
    ]
    for command, values, words in wrong:
        with pytest.raises(KnownError, match=words):
            document.execute(command, **values)
    assert document.city is before


def test_real_buildings_survive_every_command(tmp_path: Path, shared_data: Path) -> None:
    source = shared_data / "cityjson" / "3-20-DELFSHAVEN.city.json"
    if not source.exists():
        pytest.skip("the sample of Delfshaven is not beside this checkout")
    made = create_document(tmp_path / "r.citytwin.gpkg")
    made.execute("import_city", sources=[str(source)])
    ids = [str(name) for name in made.city.buildings.ids[[3, 500]]]
    for name in ids:
        ring = footprint_of(made.city, row(made, name))[0]
        middle = ring.mean(axis=0)
        line = middle + np.array([[-1.0, -0.3], [1.0, 0.3]])
        larger = (middle + (ring - middle) * 1.05).ravel().tolist()
        for command, values in (
            ("set_footprint", {"building_id": name, "footprint": larger}),
            ("set_storeys", {"building_ids": [name], "storeys": 5, "storey_height_m": 3}),
            ("set_roof", {"building_ids": [name], "shape": "hip"}),
            ("split_building", {"building_id": name, "line": line.ravel().tolist()}),
            ("merge_buildings", {"building_ids": [name, f"{name}-2"]}),
            ("rotate_buildings", {"building_ids": [name], "angle_deg": 15}),
        ):
            made.execute(command, **values)
            assert volume_m3(made, name) > 10.0, (command, name)
    steps, after = 6 * len(ids), made.city.surfaces.polygons.vertices
    for _ in range(steps):
        made.undo()
    for _ in range(steps):
        made.redo()
    assert np.array_equal(made.city.surfaces.polygons.vertices, after)
    made.close()
    again = open_document(made.path)
    assert np.array_equal(again.city.surfaces.polygons.vertices, after)
    again.close()
