"""Commands: undo gives back the same bytes, for every command in the registry and any sequence of them."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citytwin_desktop.analysis.collector_set import CollectorAssumptions, assumption_names
from citytwin_desktop.catalog.measures import packages
from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.city.district import District
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.solar_conditions import MONTH_FIELDS, SolarConditions
from citytwin_desktop.city.surface_reflectance import surface_reflectance
from citytwin_desktop.document.commands.command import build_command, registry
from citytwin_desktop.document.commands.editing import EDITABLE_COLUMNS
from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.errors import KnownError
from tests.conftest import CityFile, box_city


def fingerprint(district: District) -> str:
    """Hash of every byte that an edit could change."""
    city = district.city
    parts: list[Any] = [city.epsg, list(city.origin), dict(city.metadata), district.weather_hash]
    parts.append(district.solar_conditions.as_mapping())
    parts.append(district.collector_choices.as_mapping())
    parts.append({kind: dict(content) for kind, content in sorted(district.named.items())})
    for name, definition in COLUMNS.items():
        column = city.buildings.columns[name]
        parts.append(column if definition.kind == "number" else column.tolist())
    polygons = city.surfaces.polygons
    parts += [polygons.vertices, polygons.ring_start, polygons.polygon_start, city.surfaces.kind]
    parts += [city.surfaces.building, city.surfaces.source_id.tolist()]
    parts += [content_key(layer.name, layer.kind.value, layer.polygons.vertices) for layer in city.context]
    parts += [dataclasses.asdict(scenario) for scenario in district.scenarios.values()]
    return content_key(*parts)


def on_disk(document: Document) -> str:
    """Fingerprint of what the file holds."""
    beside = open_document(document.path, read_only=True)
    try:
        return fingerprint(beside.project.district)
    finally:
        beside.close()


def with_terrain(city: dict[str, Any]) -> dict[str, Any]:
    """Add a slope of ground under the boxes of `box_city`."""
    first = len(city["vertices"])
    corners = [(990, 1990, 3), (1100, 1990, 14), (1100, 2030, 14), (990, 2030, 3)]
    city["vertices"] += [[value * 1000 for value in corner] for corner in corners]
    ground = [[[first, first + 1, first + 2]], [[first, first + 2, first + 3]]]
    geometry = {"type": "CompositeSurface", "lod": "1", "boundaries": ground}
    city["CityObjects"]["relief"] = {"type": "TINRelief", "geometry": [geometry]}
    return city


def with_needle(city: dict[str, Any], name: str) -> dict[str, Any]:
    """Add a surface without area to a building."""
    solid = city["CityObjects"][name]["geometry"][0]
    first = solid["boundaries"][0][0][0][3]
    x, y, z = city["vertices"][first]
    city["vertices"].append([x + 5000, y, z])
    solid["boundaries"][0].append([[first, len(city["vertices"]) - 1, first + 1]])
    solid["semantics"]["values"][0].append(2)
    return city


@pytest.fixture
def document(tmp_path: Path, city_file: CityFile) -> Any:
    made = create_document(tmp_path / "p.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(document=with_needle(with_terrain(box_city(count=4)), "B3")))])
    made.execute("enrich", archetype_set="NL", assume_function="residential", assume_year=1960)
    made.execute("add_scenario", name="Deep")
    made.execute("assign_package", scenario_id="deep", building_ids=["B0", "B1"], package_id="deep")
    made.execute("save_view", name="Harbour", content='{"hour": 12}')
    made.execute("save_selection", name="Ends", building_ids=["B0", "B3"])
    yield made
    made.close()


IDS = ["B0", "B1", "B2", "B3"]
FEW = st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True)


@st.composite
def cell_edit(draw: st.DrawFn) -> dict[str, Any]:
    column = draw(st.sampled_from(EDITABLE_COLUMNS))
    definition = COLUMNS[column]
    texts = {
        "function": ["office", "retail"],
        "archetype_id": ["GB-office-1930-1949", "NL-retail-2015-today"],
        "name": ["a", "ü"],
        "heating_system": ["air_source_heat_pump", "district_heat"],
        "cooling_system": ["chiller", "none"],
    }
    numbers: st.SearchStrategy[Any] = st.floats(definition.low, definition.high)
    if column in ("year_built", "storeys"):
        numbers = st.integers(int(definition.low), int(definition.high))
    values = numbers if definition.kind == "number" else st.sampled_from(texts[column])
    return {"building_ids": draw(FEW), "column": column, "value": draw(st.none() | values)}


SHARE = st.floats(0.0, 0.95)
MONTHS = st.lists(st.integers(1, 12), max_size=14)


@st.composite
def solar_values(draw: st.DrawFn) -> dict[str, Any]:
    names = [field.name for field in dataclasses.fields(SolarConditions)]
    values: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(names), min_size=1, unique=True)):
        values[name] = draw(MONTHS if name in MONTH_FIELDS else SHARE)
    if any("transmittance" in name for name in values):
        pair = sorted([draw(SHARE), draw(SHARE)])
        values |= dict(zip(("crown_transmittance_leaf_on", "crown_transmittance_leaf_off"), pair, strict=True))
    return values


@st.composite
def collector_values(draw: st.DrawFn) -> dict[str, Any]:
    choices: dict[str, st.SearchStrategy[Any]] = {
        "module": st.sampled_from(["cdte", "mono_perc", "multi"]),
        "inverter": st.sampled_from(["micro", "pvwatts"]),
        "collector": st.sampled_from(["flat_plate", "evacuated_tube"]),
        "photovoltaic_rack_layout": st.sampled_from(["equator", "east_west", "flat"]),
        "solar_thermal_rack_layout": st.sampled_from(["equator", "flat"]),
    }
    shares = {name: st.floats(0.02, 1.0) for name in assumption_names() if name.endswith(("_coverage", "_share"))}
    others = {name: st.floats(0.0, 10.0) for name in assumption_names() if name.endswith(("_set_back_m", "_percent"))}
    every = choices | shares | others | {"mean_fluid_temperature_c": st.integers(20, 90)}
    values = {
        name: draw(every[name]) for name in draw(st.lists(st.sampled_from(sorted(every)), max_size=4, unique=True))
    }
    rest = sorted(set(every) - set(values))
    values["reset"] = draw(st.lists(st.sampled_from(rest), min_size=0 if values else 1, max_size=3, unique=True))
    return values


EDITED = {"storeys": 7, "wall_u_value_w_m2k": 0.2, "roof_reflectance": 0.6, "function": "office"}
"""Values that `restore_values` takes back."""
_SOME = st.sampled_from([["B0"], ["B3", "B1"]])
_WAY = st.sampled_from([-7.25, 30.0])
_FOOTPRINT = st.sampled_from([[0, 0, 12, 0, 12, 5, 0, 5], [3, -2, 14, 1, 9, 9, 4, 6]])
SHAPING: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "move_buildings": st.fixed_dictionaries(
        {"building_ids": _SOME, "dx_m": _WAY, "dy_m": st.just(0.1), "dz_m": st.just(-1.5)}
    ),
    "rotate_buildings": st.fixed_dictionaries({"building_ids": _SOME, "angle_deg": st.sampled_from([90.0, 12.5])}),
    "set_height": st.fixed_dictionaries({"building_ids": _SOME, "height_m": st.sampled_from([3.0, 40.0])}),
    "change_height": st.fixed_dictionaries(
        {"building_ids": _SOME, "factor": st.sampled_from([1.0, 1.5]), "amount_m": st.sampled_from([3.0, -1.0])}
    ),
    "set_storeys": st.fixed_dictionaries(
        {"building_ids": _SOME, "storeys": st.sampled_from([1, 4]), "storey_height_m": st.sampled_from([None, 3.5])}
    ),
    "set_footprint": st.fixed_dictionaries({"building_id": st.sampled_from(IDS), "footprint": _FOOTPRINT}),
    "set_roof": st.fixed_dictionaries(
        {"building_ids": _SOME, "shape": st.sampled_from(["flat", "gable", "hip", "shed"]), "pitch_deg": st.just(30.0)}
    ),
    "split_building": st.fixed_dictionaries({"building_id": st.just("B1"), "line": st.just([-900.0, 0.5, 900, 0.0])}),
    "merge_buildings": st.fixed_dictionaries({"building_ids": st.just(["B0", "new-1"])}),
    "add_building": st.fixed_dictionaries({"footprint": _FOOTPRINT, "height_m": st.just(9.0)}),
    "add_massing": st.fixed_dictionaries(
        {
            "site": st.just([0, 100, 80, 100, 80, 160, 0, 160]),
            "kind": st.sampled_from(["block", "rows", "towers", "courtyard"]),
            "floor_area_ratio": st.just(1.5),
        }
    ),
    "plant_trees": st.fixed_dictionaries({"positions": st.sampled_from([[5.0, 30.0], [5.0, 30.0, 15.0, 30.0]])}),
    "remove_trees": st.just({"positions": [25.0, 12.0]}),
}


def parameters(context: Path, weather: Path) -> dict[str, st.SearchStrategy[dict[str, Any]]]:
    """Parameters of every command; a command without an entry here fails the test below."""
    other = context / "other.city.json"
    renamed = box_city(count=2)
    renamed["CityObjects"] = {f"X{name}": item for name, item in renamed["CityObjects"].items()}
    renamed["CityObjects"]["road"] = {
        "type": "Road",
        "geometry": [{"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1, 2]]]}],
    }
    other.write_text(json.dumps(renamed), encoding="utf-8")
    package = st.sampled_from([*packages(), None])
    table = context / "table.csv"
    table.write_text(
        "id;Baujahr;U;Use;Note\nB0;1931;0,35;Schule;ü\nB2;1975;1,4;Büro;\nB3;2004;9;x;0012\nB9;1;1;1;1\n",
        encoding="utf-8",
    )
    return {
        "edit_buildings": cell_edit(),
        "edit_values": st.fixed_dictionaries(
            {"building_ids": st.just(["B0", "B2"]), "column": st.just("year_built"), "values": st.just(["1931", ""])}
        ),
        "change_values": st.fixed_dictionaries(
            {"building_ids": FEW, "column": st.sampled_from(["year_built", "storeys"]), "amount": st.just(1.0)}
        ),
        "restore_values": st.fixed_dictionaries({"building_ids": FEW, "column": st.sampled_from(sorted(EDITED))}),
        "remove_buildings": st.fixed_dictionaries({"building_ids": FEW}),
        "assign_package": st.fixed_dictionaries(
            {"scenario_id": st.sampled_from(["baseline", "deep"]), "building_ids": FEW, "package_id": package}
        ),
        "add_scenario": st.fixed_dictionaries(
            {"name": st.sampled_from(["A", "Zeta", "Ä/b"]), "parent_id": st.sampled_from(["baseline", "deep"])}
        ),
        "rename_scenario": st.fixed_dictionaries({"scenario_id": st.just("deep"), "name": st.sampled_from(["N", "Ö"])}),
        "remove_scenario": st.fixed_dictionaries({"scenario_id": st.just("deep")}),
        "save_view": st.fixed_dictionaries(
            {"name": st.sampled_from(["Harbour", "N", " Ö "]), "content": st.sampled_from(["{}", '{"a": [1, null]}'])}
        ),
        "remove_view": st.just({"name": "Harbour"}),
        "rename_view": st.just({"name": "Harbour", "new_name": "Old harbour"}),
        "save_selection": st.fixed_dictionaries({"name": st.sampled_from(["Ends", "N"]), "building_ids": FEW}),
        "remove_selection": st.just({"name": "Ends"}),
        "set_solar_conditions": solar_values(),
        "set_collector_assumptions": collector_values(),
        "set_weather": st.fixed_dictionaries({"path": st.just(str(weather))}),
        "join_table": st.fixed_dictionaries(
            {
                "path": st.just(str(table)),
                "columns": st.lists(
                    st.sampled_from(
                        [
                            "Baujahr=year_built",
                            "U=wall_u_value_w_m2k",
                            "Use=function",
                            "Note=attributes",
                            "U=attributes",
                        ]
                    ),
                    min_size=1,
                    unique=True,
                ),
                "overwrite": st.just("all"),
            }
        ),
        "repair_buildings": st.fixed_dictionaries({"building_ids": st.sampled_from([[], ["B3"], ["B0", "B3"]])}),
        "drop_to_terrain": st.fixed_dictionaries({"building_ids": FEW | st.just([])}),
        **SHAPING,
        "import_city": st.fixed_dictionaries({"sources": st.just([str(other)])}),
        "enrich": st.fixed_dictionaries(
            {
                "archetype_set": st.sampled_from(["GB", "NL"]),
                "assume_function": st.sampled_from([None, "office"]),
                "assume_year": st.sampled_from([None, 1900.0, 2020.0]),
            }
        ),
    }


@pytest.mark.parametrize("name", sorted(registry()))
def test_do_undo_redo_is_exact(name: str, document: Document, tmp_path: Path, weather_file: Path) -> None:
    strategies = parameters(tmp_path, weather_file)
    assert name in strategies, "a new command needs parameters here"
    if name == "restore_values":
        for column, value in EDITED.items():
            document.execute("edit_buildings", building_ids=IDS, column=column, value=value)
    if name in SHAPING:
        document.execute("add_building", footprint=[-25, -4, -18, -4, -18, 2, -25, 2], height_m=9.0)
        document.execute("plant_trees", positions=[25.0, 12.0])

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategies[name])
    def check(values: dict[str, Any]) -> None:
        before = fingerprint(document.project.district)
        document.execute(name, **values)
        after = fingerprint(document.project.district)
        assert on_disk(document) == after
        document.undo()
        assert fingerprint(document.project.district) == before
        assert on_disk(document) == before
        document.redo()
        assert fingerprint(document.project.district) == after
        assert on_disk(document) == after
        # From the file, with nothing of the last step in memory.
        document.project.load()
        document.undo()
        assert fingerprint(document.project.district) == before
        assert on_disk(document) == before
        document.project.load()
        document.redo()
        assert fingerprint(document.project.district) == after
        document.undo()

    check()


def test_a_long_history_unwinds_and_rewinds_across_a_restart(document: Document) -> None:
    states = [fingerprint(document.project.district)]
    for number, name in enumerate(IDS * 3):
        document.execute("edit_buildings", building_ids=[name], column="storeys", value=1 + number)
        states.append(fingerprint(document.project.district))
    document.execute("remove_buildings", building_ids=["B1"])
    document.undo()
    path = document.path
    document.close()
    again = open_document(path)
    for state in reversed(states[:-1]):
        again.undo()
        assert fingerprint(again.project.district) == state
    for state in states[1:]:
        again.redo()
        assert fingerprint(again.project.district) == state
    assert again.redo_title == "Remove 1 building"
    again.close()
    document.project = open_document(path).project


def test_a_new_command_ends_redo(document: Document) -> None:
    document.undo()
    assert document.redo_title is not None
    document.execute("edit_buildings", building_ids=["B0"], column="name", value="x")
    assert document.redo_title is None
    assert document.redo() is None


def test_the_name_of_a_scenario_is_one_line(document: Document) -> None:
    document.execute("add_scenario", name=" two\nlines\tof \u202ename ")
    assert document.scenarios[-1].name == "two lines of \u202ename"
    document.execute("rename_scenario", scenario_id=document.scenarios[-1].id, name="a\r\nb")
    assert document.scenarios[-1].name == "a b"


def test_a_failed_command_changes_nothing(document: Document) -> None:
    before, entries = fingerprint(document.project.district), len(document.history())
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("edit_buildings", {"building_ids": ["B0", "nobody"], "column": "storeys", "value": 3}),
        ("edit_buildings", {"building_ids": ["B0"], "column": "storeys", "value": 0}),
        ("edit_buildings", {"building_ids": ["B0"], "column": "wall_u_value_w_m2k", "value": "thick"}),
        ("edit_buildings", {"building_ids": ["B0"], "column": "height_m", "value": 3}),
        ("edit_buildings", {"building_ids": [], "column": "storeys", "value": 3}),
        ("assign_package", {"scenario_id": "none", "building_ids": ["B0"], "package_id": "deep"}),
        ("assign_package", {"scenario_id": "deep", "building_ids": ["B0"], "package_id": "magic"}),
        ("remove_scenario", {"scenario_id": "baseline"}),
        ("add_scenario", {"name": "Deep"}),
        ("add_scenario", {"name": "\nDeep\t"}),
        ("add_scenario", {"name": "\u200b"}),
        ("save_view", {"name": "\u200b\n", "content": "{}"}),
        ("set_weather", {"path": "nowhere.epw"}),
        ("import_city", {"sources": ["nowhere.city.json"]}),
        ("enrich", {"archetype_set": "ZZ"}),
        ("enrich", {"archetype_set": "NL", "assume_year": 99999}),
        ("enrich", {"archetype_set": "NL", "assume_function": "castle"}),
        ("set_solar_conditions", {}),
        ("set_solar_conditions", {"ground_reflectance": 1.2}),
        ("set_solar_conditions", {"ground_reflectance": float("nan")}),
        ("set_solar_conditions", {"snow_months": "12,13"}),
        ("set_solar_conditions", {"snow_months": "December"}),
        ("set_solar_conditions", {"leaf_on_months": [2.5]}),
        ("set_solar_conditions", {"crown_transmittance_leaf_on": 0.5}),
        ("set_solar_conditions", {"sky_reflectance": 0.5}),
        ("set_collector_assumptions", {}),
        ("set_collector_assumptions", {"module": "perovskite"}),
        ("set_collector_assumptions", {"collector": "7"}),
        ("set_collector_assumptions", {"photovoltaic_rack_layout": "round"}),
        ("set_collector_assumptions", {"solar_thermal_roof_set_back_m": -1}),
        ("set_collector_assumptions", {"dc_ac_ratio": float("nan")}),
        ("set_collector_assumptions", {"dc_ac_ratio": "wide"}),
        ("set_collector_assumptions", {"technology": "photovoltaic"}),
        ("set_collector_assumptions", {"reset": ["colour"]}),
        ("set_collector_assumptions", {"reset": ["module"], "module": "cdte"}),
        ("edit_buildings", {"building_ids": ["B0"], "column": "wall_reflectance", "value": 0.96}),
        ("join_table", {"path": "nowhere.csv"}),
        ("join_table", {"path": "nowhere.csv", "columns": ["A=height_m"]}),
        ("join_table", {"path": "nowhere.csv", "columns": ["A"]}),
        ("join_table", {"path": "nowhere.csv", "overwrite": "some"}),
        ("join_table", {"path": "nowhere.csv", "min_confidence": 2}),
        ("drop_to_terrain", {"building_ids": ["nobody"]}),
        ("repair_buildings", {"building_ids": ["nobody"]}),
        ("repair_buildings", {"building_ids": ["B0"]}),
        ("fly", {}),
        ("edit_buildings", {"building_ids": ["B0"]}),
        ("edit_buildings", {"building_ids": ["B0"], "column": "storeys", "height": 3}),
    ]
    for name, values in wrong:
        with pytest.raises(KnownError, match=r": .+\.$"):
            document.execute(name, **values)
    assert fingerprint(document.project.district) == before
    assert len(document.history()) == entries


def test_texts_of_a_command_line_become_values() -> None:
    command: Any = build_command("edit_buildings", {"building_ids": "B0,B1", "column": "storeys", "value": "3"})
    assert (command.building_ids, command.value) == (("B0", "B1"), 3.0)
    cleared: Any = build_command("edit_buildings", {"building_ids": "B0", "column": "storeys", "value": ""})
    assert cleared.value is None


def test_solar_conditions_are_told_stored_and_taken_back(document: Document) -> None:
    heard: list[Any] = []
    document.events.changed.connect(heard.append)
    document.execute("set_solar_conditions", ground_reflectance="0.35", snow_months="2,1,12,1")
    assert [type(event).__name__ for event in heard] == ["SolarConditionsChanged", "HistoryChanged"]
    assert document.solar_conditions == SolarConditions(ground_reflectance=0.35, snow_months=(1, 2, 12))
    assert document.history()[-1].title == "Set 2 solar conditions"
    document.execute("set_solar_conditions", snow_months="")
    assert document.solar_conditions == SolarConditions(ground_reflectance=0.35)
    path = document.path
    document.close()
    again = open_document(path)
    assert again.solar_conditions.ground_reflectance == 0.35
    again.undo()
    again.undo()
    assert again.solar_conditions == SolarConditions()
    again.redo()
    assert again.solar_conditions.snow_months == (1, 2, 12)
    again.close()
    document.project = open_document(path).project


def test_collector_assumptions_are_told_stored_and_taken_back(document: Document) -> None:
    heard: list[Any] = []
    document.events.changed.connect(heard.append)
    document.execute("set_collector_assumptions", module="cdte", photovoltaic_rack_tilt_deg="30")
    assert [type(event).__name__ for event in heard] == ["CollectorAssumptionsChanged", "HistoryChanged"]
    assert document.collectors.assumptions.photovoltaic.module == "cdte"
    assert document.collectors.assumptions.photovoltaic_placement.rack_tilt_deg == 30.0
    assert document.collectors.assumptions.solar_thermal_placement.rack_tilt_deg == 40.0
    origins = document.collectors.assumptions.origins()
    assert origins["module"] == origins["photovoltaic_rack_tilt_deg"] == "edited in this project"
    assert "PVWatts" in origins["soiling_loss_percent"]
    document.execute("set_collector_assumptions", photovoltaic_rack_tilt_deg=15, reset="inverter")
    assert document.project.district.collector_choices.as_mapping() == {"module": "cdte"}, "15 is the catalogue's"
    document.execute("set_collector_assumptions", reset="module")
    assert document.collectors.assumptions == CollectorAssumptions.standard()
    assert document.history()[-1].title == "Set module back to the catalogue"
    path = document.path
    document.close()
    again = open_document(path)
    again.undo()
    assert again.collectors.assumptions.photovoltaic.module == "cdte"
    again.close()
    document.project = open_document(path).project


def test_reflectances_of_a_building_leave_its_energy_key_alone(document: Document, weather_file: Path) -> None:
    document.execute("set_weather", path=str(weather_file))
    before = document.keys.energy(document.project.district, document.weather, "baseline")
    document.execute("edit_buildings", building_ids=["B0"], column="wall_reflectance", value=0.7)
    document.execute("set_solar_conditions", wall_reflectance=0.1)
    after = document.keys.energy(document.project.district, document.weather, "baseline")
    assert before == after
    assert len(set(before.values())) > 1
    found = surface_reflectance(document.city, document.solar_conditions)
    walls = document.city.surfaces.kind == SurfaceKind.WALL
    mine = document.city.surfaces.building == document.city.buildings.row("B0")
    assert found[walls & mine] == pytest.approx(0.7)
    assert found[walls & ~mine] == pytest.approx(0.1)


def test_an_edited_year_changes_the_archetype_and_its_origin(document: Document) -> None:
    document.execute("edit_buildings", building_ids=["B0"], column="year_built", value=2018)
    building = document.city.building("B0")
    assert building.archetype_id == "NL-residential-2015-today"
    assert building.year_built_origin == "edited"
    document.execute("enrich", archetype_set="NL", assume_function="office", assume_year=1900)
    assert document.city.building("B0").year_built == 2018
    assert document.city.building("B1").archetype_id == "NL-office-before-1964"


def test_assumptions_are_listed(document: Document) -> None:
    document.execute("enrich", archetype_set="GB", assume_function="residential")
    report = document.last_report
    assert report["counts"] == {"function_assumed": 4, "year_built_missing": 4, "storeys_missing": 4}
    assert report["archetypes_assigned"] == 0
    assert np.isnan(document.city.buildings.columns["year_built"]).all()


def test_listeners_hear_once_and_cannot_edit(document: Document) -> None:
    heard: list[Any] = []
    document.events.changed.connect(heard.append)
    document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=3)
    assert [type(event).__name__ for event in heard] == ["BuildingsChanged", "HistoryChanged"]
    assert heard[0].ids == ("B0",)
    document.events.changed.disconnect(heard.append)

    def meddle(_event: Any) -> None:
        document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=4)

    document.events.changed.connect(meddle)
    with pytest.raises(Exception, match="listener tried to change"):
        document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=5)
    document.events.changed.disconnect(meddle)


def test_removed_buildings_leave_the_selection(document: Document) -> None:
    document.select(["B0", "B1"])
    document.execute("remove_buildings", building_ids=["B0"])
    assert document.selection == ("B1",)


def test_importing_the_same_file_twice_changes_no_building(document: Document, city_file: Callable[..., Path]) -> None:
    before = document.city.buildings.columns["fid"].copy()
    document.execute("import_city", sources=[str(city_file(count=4))])
    assert (document.city.buildings.columns["fid"] == before).all()
    assert {"delivered_again"} <= {item.code for item in document.last_report.items}
    assert len(document.city.metadata["sources"]) == 1
