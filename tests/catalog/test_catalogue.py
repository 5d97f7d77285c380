"""The catalogue: every value has its source, agrees with it where the source is at hand, and resolves in order."""

import csv
import itertools
from dataclasses import fields
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from citytwin_desktop.catalog.archetypes import archetype, archetype_id, archetype_sets, year_classes
from citytwin_desktop.catalog.functions import FUNCTIONS, function_from_text
from citytwin_desktop.catalog.measures import measures, package, packages
from citytwin_desktop.catalog.resolution import energy_spec
from citytwin_desktop.catalog.tables import table
from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.errors import KnownError

TABLES = [
    "envelope_archetypes.csv",
    "envelope_codes.csv",
    "air_and_mass.csv",
    "usage.csv",
    "usage_profiles.csv",
    "systems.csv",
    "system_defaults.csv",
]
OWN = "Assumption of CityTwin Desktop: "


def every_archetype() -> list[str]:
    return [
        archetype_id(chosen, function, last if first == 0 else first)
        for chosen in archetype_sets()
        for first, last in year_classes(chosen)
        for function in FUNCTIONS
    ]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_names_source_year_and_licence(name: str) -> None:
    for row in table(name):
        assert len(row["source"]) > 10
        assert 1990 <= int(row["source_year"]) <= 2026
        assert row["licence"] in ("own", "cited figure", "CC BY 4.0")
        # What is our own says so and says why.
        assert (row["licence"] == "own") == row["source"].startswith(OWN)
        assert row["source"].removeprefix(OWN)


@pytest.mark.parametrize("chosen", archetype_sets())
def test_year_classes_cover_every_year_once(chosen: str) -> None:
    classes = year_classes(chosen)
    assert classes[0][0] == 0
    assert classes[-1][1] == 9999
    assert all(first[1] + 1 == second[0] for first, second in itertools.pairwise(classes))
    assert len(classes) >= 5


def test_every_archetype_resolves_to_a_whole_specification() -> None:
    identifiers = every_archetype()
    assert len(identifiers) == len(set(identifiers)) > 450
    needed = {item.name for item in fields(EnergySpec)} - {"origins"}
    for identifier in identifiers:
        found = archetype(identifier)
        spec = energy_spec(found)
        assert found.identifier == identifier
        assert set(spec.origins) == needed
        assert all(len(text) > 10 for name, text in spec.origins.items() if name != "function")


def test_every_value_is_plausible() -> None:
    limits = {
        "wall_u_value_w_m2k": (0.1, 3.0),
        "roof_u_value_w_m2k": (0.1, 3.2),
        "floor_u_value_w_m2k": (0.1, 3.0),
        "window_u_value_w_m2k": (0.7, 5.0),
        "window_g_value": (0.35, 0.9),
        "window_share": (0.05, 0.4),
        "heat_capacity_kj_m2k": (80, 370),
        "infiltration_ach": (0.05, 0.5),
        "ventilation_l_s_m2": (0.25, 2.1),
        "heat_recovery_efficiency": (0.0, 0.95),
        "fan_power_w_per_l_s": (0.0, 2.5),
        "hot_water_kwh_m2a": (1.0, 60.0),
        "heating_efficiency": (0.6, 1.0),
        "hot_water_efficiency": (0.55, 1.0),
        "cooling_efficiency": (0.0, 5.0),
        "supply_temperature_c": (35.0, 80.0),
        "window_opening_ach": (0.5, 5.0),
        "photovoltaic_share": (0.0, 0.0),
    }
    for identifier in every_archetype():
        values = energy_spec(archetype(identifier)).values()
        for name, (low, high) in limits.items():
            assert low <= values[name] <= high, (identifier, name, values[name])
        for name in set(values) & set(OVERRIDE_COLUMNS):
            assert COLUMNS[name].low <= values[name] <= COLUMNS[name].high
        assert values["heating_setback_c"] < values["heating_setpoint_c"] < values["cooling_setpoint_c"]


def test_values_of_tabula_are_those_of_the_workbook(shared_data: Path) -> None:
    book = openpyxl.load_workbook(shared_data / "tables" / "tabula-values.xlsx", read_only=True, data_only=True)
    known: dict[str, dict[str, Any]] = {}
    for sheet in ("Tab.Building.Constr", "Tab.U.Class.Constr"):
        lines = book[sheet].iter_rows(values_only=True)
        names = next(lines)
        known |= {str(line[0]): dict(zip(names, line, strict=True)) for line in lines}
    years = {
        (str(line[2]), line[7], line[8]) for line in book["Tab.ConstrYearClass"].iter_rows(values_only=True) if line[2]
    }
    book.close()
    by_class = {"wall": "U_Class_Wall_Default", "roof": "U_Class_Roof_Default", "floor": "U_Class_Floor_Default"}
    for row in table("envelope_archetypes.csv"):
        found, element = known[row["source_code"]], row["field"].split("_")[0]
        column = by_class[element] if ".Gen." in row["source_code"] else "U"
        column = "g_gl_n" if row["field"] == "window_g_value" else column
        assert float(row["value"]) == pytest.approx(found[column], abs=0.0006)
        assert row["source_code"].startswith(row["set"])
        # The sets but for GB, whose classes are the age bands of RdSAP, have TABULA's own classes.
        assert row["set"] == "GB" or (row["set"], int(row["year_from"]), int(row["year_to"])) in years


def test_british_walls_are_those_of_the_age_bands(shared_data: Path) -> None:
    with (shared_data / "tables" / "rdsap2009_table_s6_wall_u.csv").open(encoding="utf-8", newline="") as file:
        walls = {row["WallType"].strip(): row for row in csv.DictReader(file)}
    middle = dict(zip("ABCDEFGHIJK", (1850, 1915, 1940, 1960, 1970, 1980, 1985, 1993, 2000, 2005, 2009), strict=True))
    for band, year in middle.items():
        kind = "Solid brick (as built)" if band in "AB" else "Cavity (as built)"
        value = archetype(archetype_id("GB", "residential", year)).values["wall_u_value_w_m2k"]
        assert value.value == float(walls[kind][band])
        assert f"age band {band}" in value.source


def test_american_codes_are_converted_from_their_units() -> None:
    # 90.1-2013 Table 5.5-5: 0.055 Btu/hft2F for steel-framed walls, 0.032 for roofs; 1 Btu/hft2F = 5.678 W/m2K.
    office = archetype("US-office-2014-2016").values
    assert office["wall_u_value_w_m2k"].value == pytest.approx(0.055 * 5.678, abs=0.001)
    assert office["roof_u_value_w_m2k"].value == pytest.approx(0.032 * 5.678, abs=0.001)
    home = archetype("US-residential-2014-2016").values
    assert home["wall_u_value_w_m2k"].value == pytest.approx(0.051 * 5.678, abs=0.001)
    assert archetype("CA-office-2021-today").values["window_u_value_w_m2k"].value == 1.73


@pytest.mark.parametrize("chosen", archetype_sets())
def test_newest_buildings_are_better_than_the_oldest(chosen: str) -> None:
    old, new = (energy_spec(archetype(archetype_id(chosen, "residential", year))) for year in (1850, 2024))
    for name in ("wall_u_value_w_m2k", "roof_u_value_w_m2k", "window_u_value_w_m2k", "infiltration_ach"):
        assert getattr(new, name) < getattr(old, name)


def test_values_of_dwellings_say_so_for_other_functions() -> None:
    assert "dwellings" in energy_spec(archetype("DE-office-1969-1978")).origins["wall_u_value_w_m2k"]
    assert "dwellings" not in energy_spec(archetype("DE-residential-1969-1978")).origins["wall_u_value_w_m2k"]
    assert "dwellings" not in energy_spec(archetype("US-office-2014-2016")).origins["wall_u_value_w_m2k"]


def test_ventilation_follows_from_its_standard() -> None:
    for function in ("office", "education", "hotel"):
        values = archetype(archetype_id("NL", function, 1970)).values
        expected = 7.0 * values["people_per_m2"].value + 0.7
        assert values["ventilation_l_s_m2"].value == pytest.approx(expected, abs=0.005)
    # TABULA: 0.4 1/h by use in rooms of 2.5 m.
    home = archetype("NL-residential-1965-1974").values["ventilation_l_s_m2"].value
    assert home == pytest.approx(0.4 * 2.5 / 3.6, abs=0.0005)
    american = archetype("US-office-2014-2016").values
    assert american["ventilation_l_s_m2"].value == pytest.approx(2.5 * american["people_per_m2"].value + 0.3, abs=0.005)


def test_old_classes_of_stored_projects_still_mean_something() -> None:
    assert archetype("GB-office-1919-1944").identifier == "GB-office-1930-1949"
    assert archetype("GB-residential-2010-today").identifier == "GB-residential-2012-today"


@pytest.mark.parametrize(
    "identifier", ["", "NL", "NL-castle-before-1964", "ZZ-office-before-1964", "NL-office-1900-1901"]
)
def test_unknown_archetypes_are_refused(identifier: str) -> None:
    with pytest.raises(KnownError, match=r": .+\.$"):
        archetype(identifier)


def test_package_wins_over_own_value_over_archetype() -> None:
    found = archetype("NL-residential-before-1964")
    base = energy_spec(found)
    own = energy_spec(found, {"wall_u_value_w_m2k": 1.0, "floor_u_value_w_m2k": 0.9})
    deep = energy_spec(found, {"wall_u_value_w_m2k": 1.0, "floor_u_value_w_m2k": 0.9}, package("deep"))
    walls = [spec.wall_u_value_w_m2k for spec in (base, own, deep)]
    assert walls == [pytest.approx(1.613), 1.0, 0.3]
    assert deep.floor_u_value_w_m2k == 0.9
    assert (deep.heating_system, deep.heating_carrier) == ("air_source_heat_pump", "electricity")
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
    assert {"wall_insulation", "roof_insulation", "new_windows", "heat_pump", "envelope", "deep"} <= set(packages())


@pytest.mark.parametrize("identifier", [item for item in every_archetype() if "-residential-" in item])
def test_no_package_makes_a_building_worse(identifier: str) -> None:
    before = energy_spec(archetype(identifier))
    for item in packages().values():
        after = energy_spec(archetype(identifier), package=item)
        for name in ("wall", "roof", "floor", "window"):
            field = f"{name}_u_value_w_m2k"
            assert getattr(after, field) <= getattr(before, field)
        assert after.infiltration_ach <= before.infiltration_ach
        assert after.heat_recovery_efficiency >= before.heat_recovery_efficiency
        assert after.lighting_w_m2 <= before.lighting_w_m2
        assert after.cooling_efficiency >= before.cooling_efficiency
        assert bool(after.heat_source) >= (bool(before.heat_source) and item.id != "district_heat")


def test_a_measure_that_is_no_better_is_left_out_and_says_so() -> None:
    found = archetype("DE-residential-2023-today")
    after = energy_spec(found, package=package("envelope"))
    assert after == energy_spec(found)
    assert "would not improve it" in after.origins["wall_u_value_w_m2k"]
    # The g-value goes with the window: an old, clear pane is not put into a better frame.
    assert after.window_g_value == 0.5
    pump = energy_spec(found, package=package("heat_pump"))
    assert "left out" in pump.origins["heating_system"]


def test_at_least_eight_packages_change_the_demand_each_in_its_way() -> None:
    found = archetype("DE-residential-1958-1968")
    base = energy_spec(found).thermal_values()
    thermal = {item.id: energy_spec(found, package=item).thermal_values() for item in packages().values()}
    changed = {name: repr(values) for name, values in thermal.items() if values != base}
    assert len(set(changed.values())) == len(changed) >= 8
    assert set(changed).isdisjoint({"heat_pump", "ground_heat_pump", "district_heat", "photovoltaics"})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Residential", "residential"),
        ("woonfunctie", "residential"),
        ("woonfunctie,winkelfunctie", "residential"),
        ("Kantoorfunctie", "office"),
        ("school", "education"),
        ("Wohn- und Geschäftshaus", "residential"),
        ("Bürogebäude", "office"),
        ("Krankenhaus", "healthcare"),
        ("Hôtel de ville", "office"),
        ("Hôtel", "hotel"),
        ("École", "education"),
        ("Commercial et services", "retail"),
        ("residenziale", "residential"),
        ("Uffici", "office"),
        ("Warehouse", "industrial"),
        ("Workshop", "industrial"),
        ("office_building", "office"),
        ("31001_1010", "residential"),
        ("31001_2020", "office"),
        ("31001_3021", "education"),
        ("31001_2463", ""),
        ("1010", "residential"),
        ("1120", ""),
        ("Indifférencié", ""),
        ("building", ""),
        ("???", ""),
    ],
)
def test_functions_from_words(text: str, code: str) -> None:
    assert function_from_text(text) == code
