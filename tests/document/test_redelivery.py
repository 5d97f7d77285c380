"""A newer delivery of a city brings buildings up to date and keeps what the user edited."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.document.document import Document, create_document, open_document
from tests.conftest import CityFile, box_city

Deliver = Callable[..., set[tuple[str, str]]]


@pytest.fixture
def document(tmp_path: Path, city_file: CityFile) -> Iterator[Document]:
    made = create_document(tmp_path / "p.citytwin.gpkg")
    city = box_city(count=4, attributes={"function": "office", "yearOfConstruction": 1990, "owner": "a"})
    made.execute("import_city", sources=[str(city_file(document=city))])
    made.execute("enrich", archetype_set="NL")
    yield made
    made.close()


@pytest.fixture
def deliver(document: Document, city_file: CityFile) -> Deliver:
    """Import a changed city; gives (object, code) of the remarks."""

    def bring(change: Callable[[dict[str, Any]], object], name: str = "newer.city.json") -> set[tuple[str, str]]:
        city = box_city(count=4, attributes={"function": "office", "yearOfConstruction": 1990, "owner": "a"})
        change(city)
        document.execute("import_city", sources=[str(city_file(name=name, document=city))])
        return {(item.object, item.code) for item in document.last_report.items}

    return bring


def higher(city: dict[str, Any], first: int, millimetres: int) -> None:
    for corner in city["vertices"][first + 4 : first + 8]:
        corner[2] += millimetres


def test_geometry_and_attributes_follow_the_delivery(document: Document, deliver: Deliver) -> None:
    def change(city: dict[str, Any]) -> None:
        higher(city, 8, 1500)
        city["CityObjects"]["B2"]["attributes"]["owner"] = "b"

    rows = document.city.buildings.columns["fid"].copy()
    deliver(change)
    assert document.city.building("B1").height_m == pytest.approx(7.5)
    assert document.city.building("B2").attributes["owner"] == "b"
    assert document.city.building("B0").height_m == pytest.approx(6.0)
    assert (document.city.buildings.columns["fid"] == rows).all()
    assert document.city.building("B1").archetype_id


def test_edits_stay_and_conflicts_are_listed(document: Document, deliver: Deliver) -> None:
    document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.3)
    document.execute("edit_buildings", building_ids=["B1"], column="year_built", value=1950)
    document.execute("assign_package", scenario_id="baseline", building_ids=["B2"], package_id="deep")

    def change(city: dict[str, Any]) -> None:
        for name in ("B0", "B1"):
            city["CityObjects"][name]["attributes"]["yearOfConstruction"] = 2001

    remarks = deliver(change)
    city = document.city
    assert city.building("B0").wall_u_value_w_m2k == 0.3
    assert (city.building("B0").year_built, city.building("B1").year_built) == (2001, 1950)
    assert ("B1", "conflict_kept_edit") in remarks
    assert ("B0", "archetype_cleared") in remarks
    assert not city.building("B0").archetype_id
    assert city.building("B1").archetype_id
    assert document.package_id("B2") == "deep"


def test_new_buildings_come_and_missing_ones_are_listed(document: Document, deliver: Deliver) -> None:
    def change(city: dict[str, Any]) -> None:
        city["CityObjects"]["B9"] = city["CityObjects"].pop("B1")

    remarks = deliver(change)
    assert ("B1", "not_in_delivery") in remarks
    assert list(document.city.buildings.ids) == ["B0", "B1", "B2", "B3", "B9"]


def test_a_removal_is_an_edit_and_stays(document: Document, deliver: Deliver, city_file: CityFile) -> None:
    """A new delivery leaves out what was removed, says so, and brings it back when asked to."""
    from tests.document.test_commands import fingerprint

    document.execute("remove_buildings", building_ids=["B1"])
    document.execute("remove_buildings", building_ids=["B3"])
    path = document.path
    before = fingerprint(document.project.district)
    remarks = deliver(lambda city: higher(city, 0, 900))
    assert list(document.city.buildings.ids) == ["B0", "B2"]
    assert document.city.building("B0").height_m == pytest.approx(6.9)
    assert {("B1", "removed_stays"), ("B3", "removed_stays"), ("newer.city.json", "removed_left_out")} <= remarks
    told = next(item for item in document.last_report.items if item.code == "removed_left_out")
    assert told.message == "2 removed buildings were left out."
    assert "Bring back" in told.remedy
    assert document.last_report.to_json()["totals"] == {"kept": 2, "repaired": 0, "skipped": 2}
    document.undo()
    assert fingerprint(document.project.district) == before
    document.close()
    again = open_document(path)  # after the file was closed, too
    again.execute("import_city", sources=[str(city_file(name="later.city.json"))])
    assert list(again.city.buildings.ids) == ["B0", "B2"]

    def elsewhere(name: str) -> str:
        city = box_city(count=2)
        city["transform"]["translate"] = [5000.0, 0.0, 0.0]
        city["CityObjects"] = {
            f"B{place}": item for place, item in zip((0, 3), city["CityObjects"].values(), strict=True)
        }
        return str(city_file(name=name, document=city))

    again.execute("import_city", sources=[elsewhere("tile.city.json")])
    assert list(again.city.buildings.ids) == ["B0", "B2", "tile:B0", "B3"], "of the same name, but elsewhere"
    again.undo()
    rebuilt = box_city(count=4)
    for corner in rebuilt["vertices"][24:32]:
        corner[0] += 90_000
    again.execute("import_city", sources=[str(city_file(name="rebuilt.city.json", document=rebuilt))])
    assert list(again.city.buildings.ids) == ["B0", "B2", "B3"], "B3 stands elsewhere than what was removed"
    again.undo()
    again.execute("import_city", sources=[str(city_file(name="later.city.json"))], bring_back="yes")
    assert sorted(again.city.buildings.ids) == ["B0", "B1", "B2", "B3"]
    again.execute("import_city", sources=[str(city_file(name="later.city.json"))])
    assert len(again.city.buildings) == 4, "nothing is noted as removed any more"
    again.execute("remove_buildings", building_ids=[f"B{n}" for n in range(4)])
    again.execute("import_city", sources=[str(city_file(name="later.city.json"))])
    assert len(again.city.buildings) == 4, "with nothing of it left, a file is a new beginning"
    again.close()


def test_an_identifier_that_is_used_elsewhere_is_another_building(document: Document, deliver: Deliver) -> None:
    def change(city: dict[str, Any]) -> None:
        city["transform"]["translate"] = [5000.0, 0.0, 0.0]

    remarks = deliver(change)
    assert {code for _, code in remarks} >= {"identifier_taken"}
    assert list(document.city.buildings.ids) == ["B0", "B1", "B2", "B3", *(f"newer:B{n}" for n in range(4))]
    low, _ = document.city.bounds_m
    assert low[4, 0] - low[0, 0] == pytest.approx(5000.0)


def test_edited_geometry_stays(document: Document, deliver: Deliver) -> None:
    from citytwin_desktop.city.changes import DeleteBuildings, InsertBuildings
    from citytwin_desktop.document.commands.editing import fragment_of

    fragment = fragment_of(document.city, np.array([1]))
    moved = fragment_of(document.city, np.array([1]))
    moved.surfaces.polygons.vertices[:, 0] += 1.0
    document.project.execute("move", "Move", {}, (DeleteBuildings(fragment), InsertBuildings(moved)))
    remarks = deliver(lambda city: higher(city, 8, 1500))
    assert ("B1", "conflict_kept_geometry") in remarks
    assert document.city.building("B1").height_m == pytest.approx(6.0)
    again = deliver(lambda city: higher(city, 8, 2500))
    assert ("B1", "conflict_kept_geometry") in again, "an edit stays one at the next delivery too"


def test_a_delivery_is_one_step_and_undone_to_the_last_byte(document: Document, deliver: Deliver) -> None:
    from tests.document.test_commands import fingerprint

    before = fingerprint(document.project.district)
    deliver(lambda city: higher(city, 0, 900))
    after = fingerprint(document.project.district)
    assert before != after
    document.undo()
    assert fingerprint(document.project.district) == before
    document.redo()
    assert fingerprint(document.project.district) == after
    beside = open_document(document.path, read_only=True)
    assert fingerprint(beside.project.district) == after
    beside.close()


def test_a_joined_table_stays(document: Document, deliver: Deliver, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("id,Baujahr,U,Note\nB0,1923,0.4,listed\n")
    columns = ["Baujahr=year_built", "U=wall_u_value_w_m2k", "Note=attributes"]
    document.execute("join_table", path=str(table), columns=columns, overwrite="all")
    deliver(lambda city: higher(city, 0, 500))
    building = document.city.building("B0")
    assert (building.year_built, building.wall_u_value_w_m2k, building.attributes["Note"]) == (1923, 0.4, "listed")
    assert document.energy_spec("B1").origins["wall_u_value_w_m2k"]
    assert building.height_m == pytest.approx(6.5)


def test_a_name_and_an_emptied_value_stay(document: Document, deliver: Deliver) -> None:
    document.execute("edit_buildings", building_ids=["B0"], column="name", value="Mine")
    document.execute("edit_buildings", building_ids=["B1"], column="year_built", value=None)

    def change(city: dict[str, Any]) -> None:
        city["CityObjects"]["B0"]["attributes"]["name"] = "Theirs"

    remarks = deliver(change)
    assert document.city.building("B0").name == "Mine"
    assert np.isnan(document.city.building("B1").year_built)
    assert {("B0", "conflict_kept_edit"), ("B1", "conflict_kept_edit")} <= remarks


def test_a_value_that_nobody_touched_goes_when_the_delivery_drops_it(document: Document, deliver: Deliver) -> None:
    deliver(lambda city: city["CityObjects"]["B0"]["attributes"].pop("yearOfConstruction"))
    assert np.isnan(document.city.building("B0").year_built)


def test_a_neighbouring_tile_takes_nothing_away(tmp_path: Path, city_file: CityFile) -> None:
    first, second = box_city(count=4), box_city(count=4)
    ring = [len(first["vertices"]) + k for k in range(4)]
    first["vertices"] += [
        [900_000, 1_900_000, 0],
        [1_200_000, 1_900_000, 0],
        [1_200_000, 1_950_000, 0],
        [900_000, 1_950_000, 0],
    ]
    road = {"type": "MultiSurface", "lod": "1", "boundaries": [[ring]]}
    first["CityObjects"]["road"] = {"type": "Road", "geometry": [road]}
    for number in range(1, 4):
        second["CityObjects"][f"C{number}"] = second["CityObjects"].pop(f"B{number}")
    document = create_document(tmp_path / "tiles.citytwin.gpkg")
    document.execute("import_city", sources=[str(city_file(name="a.city.json", document=first))])
    document.execute("import_city", sources=[str(city_file(name="b.city.json", document=second))])
    assert [layer.name for layer in document.city.context] == ["Road"]
    assert [source["name"] for source in document.city.metadata["sources"]] == ["a.city.json", "b.city.json"]
    document.execute("import_city", sources=[str(city_file(name="a.city.json", document=first))])
    assert [layer.name for layer in document.city.context] == ["Road"]
    document.close()


def test_families_that_lie_apart_are_not_merged_though_the_building_has_no_shape(
    tmp_path: Path, city_file: CityFile
) -> None:
    def family(shift: float) -> dict[str, Any]:
        city = box_city(count=1)
        city["CityObjects"]["1-0"] = {**city["CityObjects"].pop("B0"), "type": "BuildingPart", "parents": ["1"]}
        city["CityObjects"]["1"] = {"type": "Building", "children": ["1-0"], "attributes": {"at": shift}}
        city["transform"]["translate"] = [shift, 0.0, 0.0]
        return city

    document = create_document(tmp_path / "families.citytwin.gpkg")
    document.execute("import_city", sources=[str(city_file(name="a.city.json", document=family(0.0)))])
    document.execute("import_city", sources=[str(city_file(name="b.city.json", document=family(5000.0)))])
    parents = dict(zip(document.city.buildings.ids, document.city.buildings.columns["parent_id"], strict=True))
    assert parents == {"1": "", "1-0": "1", "b:1": "", "b:1-0": "b:1"}
    assert document.city.building("1").attributes == {"at": 0.0}
    document.close()


def test_a_part_of_a_delivery_says_nothing_of_the_rest(document: Document, city_file: CityFile) -> None:
    city = box_city(count=4, attributes={"owner": "a"})
    document.execute("import_city", sources=[str(city_file(document=city))], bbox=(990, 1990, 1015, 2015))
    assert "not_in_delivery" not in {item.code for item in document.last_report.items}


def test_time_series_follow_their_building_and_its_undo(
    tmp_path: Path, city_file: CityFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from citytwin_desktop.document.delivered import delivered_series
    from citytwin_desktop.formats import assembly

    def series(rows: list[dict[str, Any]]) -> dict[str, Any]:
        values = [rows[0]["attributes"]["kwh"]] * 3
        about = {"name": "heat", "variable": "heating_demand", "unit": "kWh", "interval_s": 3600.0}
        return {"delivered": {rows[0]["id"]: [{**about, "values": values}]}}

    monkeypatch.setattr(assembly, "_delivered", series)
    document = create_document(tmp_path / "series.citytwin.gpkg")
    for name, kwh, east in (("one.city.json", 1.0, 0.0), ("two.city.json", 2.0, 5000.0)):
        city = box_city(count=1, attributes={"kwh": kwh})
        city["transform"]["translate"] = [east, 0.0, 0.0]
        document.execute("import_city", sources=[str(city_file(name=name, document=city))])
    found = {item.building: item.values.tolist() for item in delivered_series(document.project)}
    assert found == {"B0": [1.0] * 3, "two:B0": [2.0] * 3}
    document.undo()
    assert [item.values.tolist() for item in delivered_series(document.project)] == [[1.0] * 3]
    document.redo()
    assert len(delivered_series(document.project)) == 2
    assert delivered_series(document.project)[0].to_json()["unit"] == "kWh"
    document.close()


def test_a_flat_map_beside_heights_is_named(document: Document, tmp_path: Path) -> None:
    """Boxes stand at 0 m here; a map is read at 0 m too, so the boxes are lifted first."""
    from citytwin_desktop.document.commands.importing import _tell_levels
    from citytwin_desktop.formats.report import ImportReport

    city = document.city
    flat = {**city.metadata["sources"][0], "has_elevations": False}
    lifted = city.surfaces.polygons.moved(np.array([0.0, 0.0, 400.0]))
    high = CityModel(surfaces=Surfaces(lifted, city.surfaces.kind, city.surfaces.building, city.surfaces.source_id),
                     buildings=city.buildings)  # fmt: skip
    report = ImportReport()
    addition = CityModel(buildings=city.buildings, surfaces=city.surfaces, metadata={"sources": [flat]})
    _tell_levels(high, addition, "map.geojson", report)
    assert [item.code for item in report.items] == ["levels_differ"]
    report = ImportReport()
    _tell_levels(city, addition, "map.geojson", report)
    assert not report.items
