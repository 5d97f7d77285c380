"""Tables joined to a project: what is filled, what is left alone, where values say they come from, exact undo."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.document.table_join.join import preview_join
from citytwin_desktop.document.table_join.request import JoinRequest
from citytwin_desktop.errors import KnownError
from tests.conftest import CityFile, box_city

Table = Callable[[str], str]


@pytest.fixture
def document(tmp_path: Path, city_file: CityFile) -> Any:
    city = box_city(count=4)
    for number, item in enumerate(city["CityObjects"].values()):
        item["attributes"] = {
            "uprn": 1000 + number,
            "addr:street": "Some Street",
            "addr:housenumber": str(number + 1),
            "addr:postcode": "SW1A 2AA",
        }
    made = create_document(tmp_path / "p.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(document=city))])
    yield made
    made.close()


@pytest.fixture
def table(tmp_path: Path) -> Table:
    def write(text: str) -> str:
        path = tmp_path / "t.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def column(document: Document, name: str) -> list[Any]:
    return document.city.buildings.columns[name].tolist()


def test_values_and_their_origins_are_filled_and_taken_back(document: Document, table: Table) -> None:
    path = table("egid;GBAUJ;U Wand;Nutzung;Bemerkung\nB0;1931;0,35;Schule;ok\nB2;1975;1,4;Bürogebäude;007\nX;1;1;x;\n")
    pairs = ["GBAUJ=year_built", "U Wand=wall_u_value_w_m2k", "Nutzung=function", "Bemerkung=attributes"]
    document.execute("join_table", path=path, columns=pairs)
    assert column(document, "year_built")[0] == 1931.0
    assert column(document, "year_built_origin") == ["source", "", "source", ""]
    assert column(document, "function") == ["education", "", "office", ""]
    assert column(document, "wall_u_value_w_m2k")[2] == 1.4
    assert column(document, "attributes")[2]["Bemerkung"] == "007"
    noted = column(document, "value_origins")[0]["wall_u_value_w_m2k"]
    assert list(noted) == [0.35, "column U Wand of t.csv"]
    report = document.last_report
    assert (report["rows"], report["matched"], report["unmatched"], report["ambiguous"]) == (3, 2, 1, 0)
    assert report["columns"]["year_built"] == {"filled": 2, "kept": 0}
    assert report["buildings_without_row"] == 2
    assert report["items"][2]["reason"] == "No building has this identifier."
    assert document.history()[-1].title == "Join t.csv to 2 buildings"
    assert str(Path(path).parent) not in str(document.history()[-1])
    document.execute("enrich", archetype_set="NL", assume_function="residential", assume_year=1960)
    assert document.energy_spec("B0").origins["wall_u_value_w_m2k"] == "column U Wand of t.csv"
    document.undo()
    document.undo()
    assert column(document, "function") == [""] * 4
    assert "wall_u_value_w_m2k" not in column(document, "value_origins")[0]


def test_a_preview_changes_nothing(document: Document, table: Table) -> None:
    path = table("id,year_built\nB0,1931\n")
    before = len(document.history())
    report = preview_join(document.project.district, path)
    assert report["columns"] == {"year_built": {"filled": 1, "kept": 0}}
    assert report["mapping"] == {"year_built": "year_built"}
    assert len(document.history()) == before
    with pytest.raises(KnownError, match="choose one of empty, unedited, all"):
        JoinRequest(overwrite="never")


@pytest.mark.parametrize(
    ("overwrite", "years"), [("empty", (1900, 1950)), ("unedited", (1900, 2001)), ("all", (2000, 2001))]
)
def test_what_may_be_overwritten(document: Document, table: Table, overwrite: str, years: tuple[int, int]) -> None:
    document.execute("edit_buildings", building_ids=["B0"], column="year_built", value=1900)
    document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.9)
    document.execute(
        "join_table", path=table("id,y,u\nB1,1950,0.5\n"), columns=["y=year_built", "u=wall_u_value_w_m2k"]
    )
    path = table("id,y,u,note\nB0,2000,1,a\nB1,2001,2,b\n")
    pairs = ["y=year_built", "u=wall_u_value_w_m2k", "note=attributes"]
    document.execute("join_table", path=path, columns=pairs, overwrite=overwrite)
    assert tuple(column(document, "year_built")[:2]) == years
    expected = {"empty": [0.9, 0.5], "unedited": [0.9, 2.0], "all": [1.0, 2.0]}[overwrite]
    assert column(document, "wall_u_value_w_m2k")[:2] == expected
    if overwrite == "empty":
        with pytest.raises(KnownError, match="changes nothing"):
            document.execute("join_table", path=path, columns=pairs)


def test_assumed_values_give_way_to_those_of_a_table(document: Document, table: Table) -> None:
    document.execute("enrich", archetype_set="NL", assume_function="residential", assume_year=1960)
    document.execute("join_table", path=table("id,y\nB0,2018\n"), columns=["y=year_built"])
    assert column(document, "year_built")[:2] == [2018.0, 1960.0]
    assert column(document, "archetype_id")[0] == "NL-residential-2015-today"


def test_certificates_by_address(document: Document, shared_data: Path) -> None:
    path = shared_data / "tables" / "epc_domestic_official_fixture.csv"
    document.execute("join_table", path=str(path), key="address")
    report = document.last_report
    assert (report["matched"], report["buildings_matched"], report["buildings_with_several_rows"]) == (2, 1, 1)
    assert column(document, "function") == ["residential", "", "", ""]
    assert column(document, "year_built")[0] == 1750.0
    origin = column(document, "value_origins")[0]["year_built"][1]
    assert origin == "median of 2 rows: EPC certificate 0000-0000-0000-0000-0006: year “1750”"
    kept = column(document, "attributes")[0]["epc"]
    assert [item["CURRENT_ENERGY_RATING"] for item in kept] == ["e", "e"]
    assert kept[0]["WALLS_DESCRIPTION"].startswith("Solid brick")
    document.undo()
    assert "epc" not in column(document, "attributes")[0]


def test_by_another_attribute(document: Document, table: Table) -> None:
    path = table("UPRN,yr\nUPRN-000000001002,1999\n")
    document.execute("join_table", path=path, key="uprn", columns="yr=year_built")
    assert column(document, "year_built")[2] == 1999.0
    assert document.last_report["items"][0]["confidence"] == 0.95
    with pytest.raises(KnownError, match="No building has an attribute “egid”"):
        document.execute("join_table", path=path, key="egid", columns="yr=year_built")


def test_by_point(document: Document, table: Table) -> None:
    path = table("X,Y,yr\n1005,2004,1999\n1033,2004,1950\n1015,2004,1900\n9000,0,1800\n")
    asked = {"path": path, "key": "point", "columns": "yr=year_built"}
    with pytest.raises(KnownError, match=r"system of the points .* is not known: state it"):
        document.execute("join_table", **asked)
    document.execute("join_table", **asked, crs="EPSG:28992")
    assert column(document, "year_built")[:2] == [1999.0, 1950.0]
    statuses = [(item["status"], item["confidence"]) for item in document.last_report["items"]]
    assert statuses == [("matched", 1.0), ("matched", 0.92), ("ambiguous", 0.9), ("unmatched", 0.0)]


def test_degrees_are_told_and_brought_home(document: Document, table: Table) -> None:
    import pyproj

    lon, lat = pyproj.Transformer.from_crs(28992, 4326, always_xy=True).transform(1025.0, 2004.0)
    document.execute(
        "join_table", path=table(f"lat,lon,yr\n{lat},{lon},1999\n"), key="point", columns=["yr=year_built"]
    )
    assert column(document, "year_built")[1] == 1999.0
    assert "crs_assumed" in {item["code"] for item in document.last_report["remarks"]}


def test_impossible_values_are_left_out_and_named(document: Document, table: Table) -> None:
    path = table("id,y,u,h\nB0,19999,99,hovercraft\nB1,1950,n/a,gas_boiler\n")
    pairs = ["y=year_built", "u=wall_u_value_w_m2k", "h=heating_system"]
    document.execute("join_table", path=path, columns=pairs)
    assert column(document, "heating_system") == ["", "gas_boiler", "", ""]
    remarks = [item for item in document.last_report["remarks"] if item["code"] == "value_unusable"]
    assert [item["object"] for item in remarks] == ["t.csv, row 2"] * 3
    assert "“hovercraft” in column h is no usable heating system" in remarks[2]["message"]


def test_parts_get_the_values_of_their_building(tmp_path: Path, city_file: CityFile, table: Table) -> None:
    city = box_city(count=3)
    city["CityObjects"]["B1"] |= {"type": "BuildingPart", "parents": ["B0"]}
    city["CityObjects"]["B0"]["children"] = ["B1"]
    made = create_document(tmp_path / "parts.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(document=city))])
    path = table("id,u,s\nB0,0.4,5\n")
    made.execute("join_table", path=path, columns=["u=wall_u_value_w_m2k", "s=storeys"])
    rows = made.city.buildings.rows(["B0", "B1", "B2"])
    walls = made.city.buildings.columns["wall_u_value_w_m2k"][rows].tolist()
    assert walls[:2] == [0.4, 0.4]
    assert walls[2] != walls[2]
    storeys = made.city.buildings.columns["storeys"][rows]
    assert storeys[0] == 5.0
    assert storeys[1] != storeys[1], "storeys are the building's own"
    path = made.path
    made.close()
    again = open_document(path)
    assert again.city.building("B1").wall_u_value_w_m2k == 0.4
    again.undo()
    again.close()


def test_a_table_without_a_fitting_column_is_refused(document: Document, table: Table) -> None:
    with pytest.raises(KnownError, match="no column that fits “id”"):
        document.execute("join_table", path=table("a,year_built\nq,1990\n"))
    with pytest.raises(KnownError, match="no column whose meaning is known"):
        document.execute("join_table", path=table("id,zz\nB0,1990\n"))
    with pytest.raises(KnownError, match="no column “zz”"):
        document.execute("join_table", path=table("id,y\nB0,1990\n"), columns=["zz=year_built"])
    with pytest.raises(KnownError, match=r"0 of 1 rows matched; no building has this identifier"):
        document.execute("join_table", path=table("id,y\nQ9,1990\n"), columns=["y=year_built"])
