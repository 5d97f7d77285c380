"""Attributes of many countries are known by their meaning; what is implausible says nothing."""

from typing import Any

import pytest

from citytwin_desktop.formats.known_attributes import NAMES, guessed_columns, known_columns, stated_origin


@pytest.mark.parametrize(
    ("attributes", "columns"),
    [
        # The Netherlands (3DBAG), Switzerland, Germany, France (BD TOPO), the USA, CityGML 2.0 and 3.0.
        ({"oorspronkelijkbouwjaar": 1931, "b3_bouwlagen": 3}, {"year_built": 1931, "storeys": 3}),
        ({"GEBAEUDEBAUJAHR": "1931", "GASTW": 4}, {"year_built": 1931, "storeys": 4}),
        ({"Baujahr": 1931, "Anzahl Geschosse": "2"}, {"year_built": 1931, "storeys": 2}),
        ({"date_d_apparition": "1931-05-01", "nombre_d_etages": 5}, {"year_built": 1931, "storeys": 5}),
        ({"YEAR_BUILT": 1931.0, "NUM_FLOORS": 12.0}, {"year_built": 1931, "storeys": 12}),
        ({"bldg:measuredHeight": "12,5"}, {"measured_height_m": 12.5}),
        ({"measuredHeight": {"value": 9.25, "uom": "#m"}}, {"measured_height_m": 9.25}),
        ({"measuredHeight": {"value": 30, "uom": "ft"}}, {"measured_height_m": 9.144}),
        ({"measuredHeight": {"value": 30, "uom": "urn:ogc:def:uom:UCUM::[ft_i]"}}, {"measured_height_m": 9.144}),
        ({"measuredHeight": 30.0, "measuredHeight_uom": "ft"}, {"measured_height_m": 9.144}),
        ({"measuredHeight": 30.0, "measuredHeight_uom": "kg"}, {}),
        ({"con:dateOfConstruction": "1931-01-01"}, {"year_built": 1931}),
        ({"usage": "residential", "name": "Villa"}, {"function": "residential", "name": "Villa"}),
        ({"gebruiksdoel": ["kantoorfunctie", "woonfunctie"]}, {"function": "office"}),
        ({"class": "xyz", "function": "31001_1010"}, {"function": "residential"}),
    ],
)
def test_names_of_many_countries(attributes: dict[str, Any], columns: dict[str, Any]) -> None:
    assert known_columns(attributes) == columns


@pytest.mark.parametrize(
    "value", [None, "", "unknown", -9999, 0, 99999, True, [], {}, float("nan"), float("inf"), 10**400, "NaN", "19x1"]
)
def test_what_is_no_year_says_nothing_and_the_next_name_is_asked(value: Any) -> None:
    assert known_columns({"yearOfConstruction": value}) == {}
    assert known_columns({"yearOfConstruction": value, "baujahr": 1931}) == {"year_built": 1931}


@pytest.mark.parametrize("value", [{"value": 30, "uom": "kg"}, {"value": 3500, "uom": "ft"}, 0.1, 5000, "high"])
def test_what_is_no_height_says_nothing(value: Any) -> None:
    assert known_columns({"measuredHeight": value}) == {}


def test_the_best_name_counts_whatever_the_order() -> None:
    assert known_columns({"baujahr": 1900, "yearOfConstruction": 1931})["year_built"] == 1931
    assert guessed_columns(["baujahr", "hoogte", "yearOfConstruction", "x"]) == {
        "year_built": "yearOfConstruction",
        "height_m": "hoogte",
    }


def test_a_chosen_attribute_overrules_the_guess() -> None:
    attributes = {"yearOfConstruction": 1931, "umbau": 1999, "h": 7.5}
    chosen = {"year_built": "umbau", "height_m": "h", "id": "x"}
    assert known_columns(attributes, chosen) == {"year_built": 1999, "measured_height_m": 7.5}
    assert known_columns(attributes, {"year_built": ""}) == {}
    assert known_columns(attributes, {"year_built": "not there"}) == {}


def test_origins_that_a_file_of_ours_notes_are_kept() -> None:
    noted = {"yearOfConstruction": 1931, "yearOfConstruction_origin": "assumed"}
    assert stated_origin(noted, "year_built") == "assumed"
    assert stated_origin({"yearOfConstruction": 1931, "yearOfConstruction_origin": "guessed"}, "year_built") == "source"
    assert stated_origin({"bouwjaar": 1931}, "year_built") == "source"


def test_no_name_stands_for_two_columns() -> None:
    names = [name for known in NAMES.values() for name in known]
    assert len(names) == len(set(names))
    assert all(name == name.lower() and ":" not in name for name in names)
