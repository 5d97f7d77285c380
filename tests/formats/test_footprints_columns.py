"""Which attribute fills which column, for tables as cities of many countries publish them."""

import pytest

from citytwin_desktop.formats.footprints.column_choice import chosen_columns, guess_columns, plain_name, unit_m

TABLES = {
    "CEA": (
        {"Name": ["B1", "B2"], "floors_bg": [1, 1], "height_bg": [3, 3], "floors_ag": [7, 2], "height_ag": [21, 6]},
        {"height_m": "height_ag", "storeys": "floors_ag", "id": "Name", "name": "Name"},
    ),
    "France, BD TOPO": (
        {
            "ID": ["BAT1", "BAT2"],
            "NATURE": ["Indifférenciée", "Eglise"],
            "USAGE1": ["Résidentiel", "Commercial et services"],
            "DATE_APP": ["1965-01-01", "1974-01-01"],
            "NB_ETAGES": [4, 2],
            "HAUTEUR": [12.1, 6.0],
            "Z_MIN_SOL": [35.2, 34.9],
        },
        {
            "height_m": "HAUTEUR",
            "storeys": "NB_ETAGES",
            "year_built": "DATE_APP",
            "function": "USAGE1",
            "id": "ID",
            "ground_elevation_m": "Z_MIN_SOL",
        },
    ),
    "Germany, cut off by a Shapefile": (
        {"gml_id": ["a", "b"], "measuredHe": ["12.5", "8,4"], "yearOfCons": [1960, 0], "storeysAbo": [3, 2]},
        {"height_m": "measuredHe", "year_built": "yearOfCons", "storeys": "storeysAbo", "id": "gml_id"},
    ),
    "Netherlands, BAG": (
        {"identificatie": ["01", "02"], "bouwjaar": [1930, 2001], "gebruiksdoel": ["woonfunctie", "kantoorfunctie"]},
        {"year_built": "bouwjaar", "function": "gebruiksdoel", "id": "identificatie"},
    ),
    "Switzerland, register": (
        {"EGID": [1, 2], "GBAUJ": [1961, 1970], "GASTW": [3, 5], "GELAENDEPUNKT": [410.2, 411], "DACH_MAX": [422, 430]},
        {
            "id": "EGID",
            "year_built": "GBAUJ",
            "storeys": "GASTW",
            "ground_elevation_m": "GELAENDEPUNKT",
            "top_elevation_m": "DACH_MAX",
        },
    ),
    "Italy": (
        {"altezza": [9.5, 12.0], "num_piani": [3, 4], "anno": [1950, 1960], "uso": ["abitativo", "commerciale"]},
        {"height_m": "altezza", "storeys": "num_piani", "year_built": "anno", "function": "uso"},
    ),
    "OpenStreetMap": (
        {"osm_id": ["1", "2"], "building": ["house", "yes"], "building:levels": ["2", None], "height": [None, "9 m"]},
        {"height_m": "height", "storeys": "building:levels", "id": "osm_id", "function": "building"},
    ),
    "URBANopt": (
        {"id": ["1", "2"], "type": ["Building", "x"], "building_type": ["Office", "Hotel"], "number_of_floors": [4, 1]},
        {"id": "id", "function": "building_type", "storeys": "number_of_floors"},
    ),
    "New York": (
        {"bin": [1], "base_bbl": ["a"], "heightroof": [29.7], "groundelev": [12], "cnstrct_yr": [1931]},
        {"id": "bin", "height_m": "heightroof", "ground_elevation_m": "groundelev", "year_built": "cnstrct_yr"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_columns_of_public_tables(table: str) -> None:
    columns, expected = TABLES[table]
    found = guess_columns(columns)
    assert {key: found.get(key) for key in expected} == expected
    assert set(found) - set(expected) <= {"name", "function"}


def test_values_without_sense_do_not_fill_a_column() -> None:
    columns = {"height": [0, -9999, None], "h": [3.5, 12.0, 9.0], "year": [0, 0, 1], "storeys": ["a", "b", "c"]}
    assert guess_columns(columns) == {"height_m": "h"}


def test_an_attribute_of_few_different_values_identifies_nothing() -> None:
    assert "id" not in guess_columns({"id": ["house"] * 50 + ["shed"] * 50})
    assert guess_columns({"id": [str(i) for i in range(100)]})["id"] == "id"
    assert guess_columns({"building_id": [str(i // 4) for i in range(100)]})["id"] == "building_id"


def test_the_user_overrules_the_guess() -> None:
    columns = {"height": [3, 4], "eaves": [2.5, 3.5], "name": ["a", "b"]}
    found, missing = chosen_columns(columns, {"height_m": "eaves", "name": "", "storeys": "nowhere"})
    assert found["height_m"] == "eaves"
    assert "name" not in found
    assert missing == ["nowhere"]


@pytest.mark.parametrize(
    ("name", "beside", "metres"),
    [
        ("height", (), 1.0),
        ("height_m", (), 1.0),
        ("HEIGHT_FT", (), 0.3048),
        ("hgt_maxcm", (), 0.01),
        ("maximum_roof_height", (), 0.3048),
        ("heightroof", (), 1.0),
        ("heightroof", ("bin", "base_bbl"), 0.3048),
        ("shaft", (), 1.0),
    ],
)
def test_units_by_name(name: str, beside: tuple[str, ...], metres: float) -> None:
    assert unit_m(name, beside) == metres


def test_names_are_compared_without_dress() -> None:
    assert plain_name("Gebäudehöhe") == "gebaudehohe"
    assert plain_name("measuredHeight") == "measured_height"
    assert plain_name("building:levels") == "building_levels"
    assert plain_name("名称")
