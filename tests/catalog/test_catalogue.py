"""The catalogue: every value has its source, agrees with it where the source is at hand, and resolves in order."""

import itertools
from pathlib import Path

import openpyxl
import pytest

from citytwin_desktop.catalog.archetypes import archetype, archetype_id, archetype_sets, year_classes
from citytwin_desktop.catalog.functions import FUNCTIONS, function_from_text
from citytwin_desktop.catalog.measures import measures, package, packages
from citytwin_desktop.catalog.resolution import energy_spec
from citytwin_desktop.catalog.tables import table
from citytwin_desktop.errors import KnownError

TABLES = ["envelope_archetypes.csv", "usage.csv", "airtightness.csv", "heating_systems.csv"]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_names_source_year_and_licence(name: str) -> None:
    for row in table(name):
        assert len(row["source"]) > 10
        assert 1990 <= int(row["source_year"]) <= 2026
        assert row["licence"]


@pytest.mark.parametrize("chosen", archetype_sets())
def test_year_classes_cover_every_year_once(chosen: str) -> None:
    classes = sorted(year_classes(chosen))
    assert classes[0][0] == 0
    assert classes[-1][1] == 9999
    assert all(first[1] + 1 == second[0] for first, second in itertools.pairwise(classes))


@pytest.mark.parametrize("chosen", archetype_sets())
@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_archetype_resolves_to_a_whole_specification(chosen: str, function: str) -> None:
    for first, last in year_classes(chosen):
        found = archetype(archetype_id(chosen, function, min(max(first, 1), last)))
        spec = energy_spec(found)
        assert set(spec.values()) == set(spec.origins)
        assert 0.1 <= spec.wall_u_value_w_m2k <= 3.0
        assert 0.3 <= spec.infiltration_ach <= 1.5
        assert spec.heating_setpoint_c < spec.cooling_setpoint_c


def test_u_values_are_those_of_tabula(shared_data: Path) -> None:
    book = openpyxl.load_workbook(shared_data / "tables" / "tabula-values.xlsx", read_only=True, data_only=True)
    known = {row[0]: row for row in book["Tab.Building.Constr"].iter_rows(values_only=True)}
    for row in table("envelope_archetypes.csv"):
        place = 18 if row["field"] == "window_g_value" else 17
        assert float(row["value"]) == pytest.approx(known[row["source_code"]][place], abs=0.0006)
    book.close()


def test_newer_walls_are_better() -> None:
    for chosen in archetype_sets():
        values = [
            archetype(archetype_id(chosen, "residential", year)).values["wall_u_value_w_m2k"].value
            for year in (1900, 1970, 2020)
        ]
        assert values[0] > values[1] > values[2]


def test_package_wins_over_own_value_over_archetype() -> None:
    found = archetype("NL-residential-before-1964")
    base = energy_spec(found)
    own = energy_spec(found, {"wall_u_value_w_m2k": 1.0, "floor_u_value_w_m2k": 0.9})
    deep = energy_spec(found, {"wall_u_value_w_m2k": 1.0, "floor_u_value_w_m2k": 0.9}, package("deep"))
    walls = [spec.wall_u_value_w_m2k for spec in (base, own, deep)]
    assert walls == [pytest.approx(1.613), 1.0, 0.3]
    assert deep.floor_u_value_w_m2k == 0.9
    assert (deep.heating_system, deep.heating_carrier) == ("heat_pump", "electricity")
    assert [spec.origins["wall_u_value_w_m2k"].split()[0] for spec in (base, own, deep)] == [
        "archetype",
        "edited",
        "package",
    ]


def test_specifications_compare_by_value_not_by_origin() -> None:
    found = archetype("NL-residential-before-1964")
    same = energy_spec(found, {"wall_u_value_w_m2k": energy_spec(found).wall_u_value_w_m2k})
    assert same == energy_spec(found)
    assert hash(same) == hash(energy_spec(found))


def test_packages_name_known_measures() -> None:
    for item in packages().values():
        assert set(item.measures) <= set(measures())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Residential", "residential"),
        ("woonfunctie", "residential"),
        ("Kantoorfunctie", "office"),
        ("school", "education"),
        ("???", ""),
    ],
)
def test_functions_from_words(text: str, code: str) -> None:
    assert function_from_text(text) == code


@pytest.mark.parametrize(
    "identifier", ["", "NL", "NL-castle-before-1964", "ZZ-office-before-1964", "NL-office-1900-1901"]
)
def test_unknown_archetypes_are_refused(identifier: str) -> None:
    with pytest.raises(KnownError, match=r": .+\.$"):
        archetype(identifier)
