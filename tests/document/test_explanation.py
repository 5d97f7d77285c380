"""Every number can be explained, and the explanation's own arithmetic gives the number."""

import contextlib
import itertools
import json
import math
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from citytwin_desktop.city.buildings import OVERRIDE_COLUMNS
from citytwin_desktop.city.numbers import number_text
from citytwin_desktop.document.building_values import of_buildings
from citytwin_desktop.document.chart_columns import chart_columns, column_values
from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.document.explaining.as_text import as_json, as_text
from citytwin_desktop.document.explanation import GEOMETRY, Explanation, Question, Term, explain, till
from citytwin_desktop.document.exporting.building_columns import building_columns
from citytwin_desktop.document.querying.fields import FIELDS
from citytwin_desktop.document.querying.reading import FieldReader
from citytwin_desktop.document.result_tables import result_table
from citytwin_desktop.document.variables import FLOW, HOURS, PEAK, VARIABLES
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import StoredResult, StoredSeries
from citytwin_desktop.ui.selection_values import SelectionValues
from tests.conftest import box_city

YEAR_BUILT = {"yearOfConstruction": 1971}
CHICAGO = "Chicago Ohare Intl Ap, IL, USA"
TOLERANCE = 0.005


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three boxes in Chicago with sun and collectors; B0 as EnergyPlus would leave it, the others as the estimate."""
    from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path

    folder = tmp_path_factory.mktemp("explanation")
    source = folder / "boxes.city.json"
    source.write_text(json.dumps(box_city(count=3, attributes=YEAR_BUILT)), encoding="utf-8")
    document = create_document(folder / "p.citytwin.gpkg")
    document.execute("import_city", sources=[str(source)])
    document.execute("set_weather", path=str(chicago_weather_path()))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1960)
    document.execute("edit_buildings", building_ids=["B0"], column="photovoltaic_share", value=0.5)
    document.execute("edit_buildings", building_ids=["B1"], column="heating_system", value="ground_source_heat_pump")
    document.start_run("solar").wait()
    time.sleep(1.1)  # moments are kept by the second, and the runs come after the edits
    energy = document.keys.energy(document.project.district, document.weather, "baseline")
    _store(document, "energyplus", {"B0": energy["B0"]})
    estimates = document.energy.estimate_keys("baseline")
    _store(document, "estimate", {name: estimates[name] for name in ("B1", "B2")})
    document.start_run("collectors").wait()
    document.close()
    return document.path


def _stored(key: str, engine: str) -> StoredResult:
    """A result as an engine leaves it; how it comes about is tested elsewhere."""
    hours = np.random.default_rng(7).random(8760)
    parts = {"heating_demand": 16000.0, "cooling_demand": 900.0, "lighting": 500.0, "equipment": 700.0}
    shares = {name: (hours / hours.sum() * total).astype(np.float32) for name, total in parts.items()}
    series = {name: StoredSeries("kWh", values) for name, values in shares.items()}
    summary = {name: (total, "kWh") for name, total in parts.items()} | {"floor_area_m2": (160.0, "m2")}
    summary |= {f"peak_{name}": (float(shares[name].max()), "kW") for name in list(parts)[:2]}
    about: dict[str, Any] = {"weather": CHICAGO, "warnings": [], "wall_s": 0.0}
    if engine == "estimate":
        error = {"annual": 0.063, "monthly": 0.083, "level": "archetype", "shaded": True}
        return StoredResult(key, engine, "1.0", 0.01, about | {"expected_error": error}, series, summary=summary)
    flows = np.linspace(-90.0, 40.0, 72, dtype=np.float32).reshape(6, 12)
    series |= {
        "flow_surface": StoredSeries("", np.arange(6, dtype=np.int32)),
        "transmission": StoredSeries("kWh", flows),
    }
    series |= {"transmitted_solar": StoredSeries("kWh", np.abs(flows))}
    counts = ("overheating_adaptive", "overheating_fixed", "overheating_night", "unmet")
    summary |= {name: (10.0 + place, "h") for place, name in enumerate(counts)}
    about |= {"zones": 2, "settings": {"timesteps_per_hour": 4}}
    return StoredResult(key, engine, "25.2.0+3", 1.9, about, series, summary=summary)


def _store(document: Document, engine: str, keys: dict[str, str]) -> None:
    with document.project.writing() as connection:
        for name, key in keys.items():
            result_store.put(connection, _stored(key, engine))
            result_store.show(connection, engine, "baseline", [(name, key, "")])


@pytest.fixture(scope="module")
def reading(finished: Path) -> Any:
    """The finished project, for tests that change nothing."""
    opened = open_document(finished, read_only=True)
    yield opened
    opened.close()


@pytest.fixture
def document(finished: Path, tmp_path: Path) -> Any:
    copy = tmp_path / "p.citytwin.gpkg"
    shutil.copy(finished, copy)
    opened = open_document(copy)
    yield opened
    opened.close()


def agrees(found: Explanation) -> bool:
    """Whether the shown lines give the value, and the lines below each line give that line."""

    def whole(term: Term) -> bool:
        given = not term.parts or till(term.parts) == pytest.approx(term.value, rel=TOLERANCE, abs=1e-6)
        return given and all(map(whole, term.parts))

    told = found.recomputed()
    if isinstance(found.value, float) and not math.isnan(told):
        assert told == pytest.approx(found.value, rel=TOLERANCE, abs=1e-6), found.title
    return all(map(whole, found.terms))


def test_every_variable_is_explained_and_its_lines_give_it(reading: Document) -> None:
    """Of one building, of several, of the city, of a surface, of a month: painted values and totals alike."""
    places: list[dict[str, Any]] = [
        {"building_ids": ("B0",)}, {"building_ids": ("B0", "B1", "B2")}, {}, {"surface": 1}, {"surface": 4},
        {"building_ids": ("B1",), "month": 0}, {"surface": 1, "month": 6},
    ]  # fmt: skip
    explained, valued = 0, set()
    for name, place in itertools.product(VARIABLES, places):
        yearly = VARIABLES[name].kind in (PEAK, HOURS) or VARIABLES[name].unit in ("kWp", "–")
        if "month" in place and yearly and VARIABLES[name].engine != "solar":
            continue
        found = explain(reading, Question(name, **place))
        assert agrees(found)
        assert found.title
        assert found.words
        assert found.inputs
        explained += 1
        valued |= {name} if isinstance(found.value, float) else set()
    assert explained > 150
    assert valued == set(VARIABLES)


def test_explanations_are_of_the_numbers_that_are_shown(reading: Document) -> None:
    """What is painted on a surface, what tables give: the same numbers."""
    for name, month in (
        ("solar_irradiation", None),
        ("solar_irradiation", 5),
        ("heating_demand", None),
        ("pv_yield", 5),
    ):
        painted = reading.surface_values(name, month=month)
        for surface in (1, 3, 5):
            found = explain(reading, Question(name, surface=surface, month=month))
            assert found.value == pytest.approx(float(painted.values[surface]), rel=1e-5), name
            assert found.unit.replace("/a", "a") in (painted.unit, f"{painted.unit}a")
    sums = reading.monthly_sums("final_energy", ["B0", "B1"])
    assert sums is not None
    together = explain(reading, Question("final_energy", building_ids=("B0", "B1")))
    assert together.value == pytest.approx(sums.monthly_kwh.sum(), rel=1e-6)
    assert "1 building of 2: an estimate" in " ".join(together.remarks)
    assert together.run is not None
    assert together.run.results == 2


def test_light_of_a_building_is_the_same_in_table_column_and_explanation(reading: Document) -> None:
    """Means over the surfaces that can get light: grounds count nowhere."""
    for name in ("solar_irradiation", "sky_view_factor"):
        table = result_table(reading, name, "baseline", "building", "year")
        column = column_values(reading, name, "baseline").values
        for row in table.rows:
            told = explain(reading, Question(name, building_ids=(row.building,))).value
            assert row.values[0] == pytest.approx(told, rel=1e-4)
            assert column[reading.city.buildings.row(row.building)] == pytest.approx(told, rel=1e-4)


def test_collectors_of_a_part_are_its_own(finished: Path, reading: Document, tmp_path: Path) -> None:
    own = {name: explain(reading, Question("pv_yield", building_ids=(name,))).value for name in ("B0", "B1")}
    copy = tmp_path / "parts.citytwin.gpkg"
    shutil.copy(finished, copy)
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE buildings SET parent_id = 'B0' WHERE id = 'B1'")
        connection.commit()
    document = open_document(copy, read_only=True)
    part, whole = (explain(document, Question("pv_yield", building_ids=(name,))) for name in ("B1", "B0"))
    assert part.value == pytest.approx(own["B1"])
    assert whole.value == pytest.approx(own["B0"] + own["B1"])
    remarks = explain(document, Question("pv_autarky", building_ids=("B1",))).remarks
    assert any("whole building “B0”" in text for text in remarks)
    document.close()


def test_a_building_with_a_part_is_the_same_number_everywhere(finished: Path, tmp_path: Path) -> None:
    """B0 has surfaces of its own and the part B1: tables, charts, conditions, the painted total and explanations."""
    copy = tmp_path / "parts.citytwin.gpkg"
    shutil.copy(finished, copy)
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE buildings SET parent_id = 'B0' WHERE id = 'B1'")
        connection.commit()
    document = open_document(copy, read_only=True)
    reader, tables = FieldReader(document), 0
    for item in chart_columns():
        if item.group not in ("Geometry", "Result"):
            continue
        column = column_values(document, item.name, "baseline").values
        assert reader.numbers(FIELDS[item.name]) == pytest.approx(column, nan_ok=True)
        variable = item.name if item.group == "Result" else ""
        for row, name in enumerate(("B0", "B1", "B2")):
            found = explain(document, Question(variable, building_ids=(name,), column="" if variable else item.name))
            agrees(found)
            told = [found.value, *(term.value for term in found.beside)]
            told = [value for value in told if isinstance(value, float)] or [math.nan]
            assert any(value == pytest.approx(column[row], rel=1e-4, nan_ok=True) for value in told), (item.name, name)
            assert ("with its 1 part" in found.subject) == (name == "B0")
        if variable and VARIABLES[variable].kind != FLOW and VARIABLES[variable].engine != "collectors":
            rows = {line.id: line for line in result_table(document, variable, "baseline", "building", "year").rows}
            told = explain(document, Question(variable, building_ids=("B0",))).value
            if variable != "final_energy":
                assert rows["B0"].values[0] == pytest.approx(told, rel=1e-4), variable
            assert "B1" not in rows, "a part is no line of its own"
            tables += 1
    assert tables > 10
    own = [explain(document, Question("heating_demand", building_ids=(name,))).value for name in ("B0", "B1")]
    total = reader.numbers(FIELDS["heating_demand_kwh"])
    assert total[:2] == pytest.approx(own)
    assert own[0] == pytest.approx(32_000.0)
    painted = of_buildings(document, document.surface_values("heating_demand"), total=True).values
    assert painted[document.city.surfaces.building < 2] == pytest.approx(own[0])
    document.select(["B0"])
    inspected = SelectionValues(document)
    for name in GEOMETRY[:-1]:
        told = explain(document, Question(column=name, building_ids=("B0",))).value
        shown = inspected.measured(name)
        assert shown.text == number_text(float(told or math.nan)), name
        assert "1 part among it" in shown.sentence
    exported = building_columns(document, "baseline")
    assert exported["heating_demand_kwh"][:2] == pytest.approx(own)
    for name in ("volume_m3", "wall_area_m2", "ground_area_m2"):
        column = "footprint_area_m2" if name.startswith("ground") else name
        assert exported[name][0] == pytest.approx(column_values(document, column, "baseline").values[0])
    document.close()


def test_sunlight_is_beam_and_sky_and_reflection(reading: Document) -> None:
    """Three numbers from the operators themselves, against the stored totals, within half a per cent."""
    for question in (
        Question("solar_irradiation", surface=3), Question("solar_irradiation", surface=3, month=5),
        Question("solar_irradiation", surface=3, hours=(4100, 4200)), Question("solar_irradiance", surface=3, hour=4118),  # noqa: E501
    ):  # fmt: skip
        found = explain(reading, question)
        assert [term.name.split(":")[0].split()[0] for term in found.terms] == ["Beam", "Diffuse", "Reflected"]
        assert all(term.value >= 0 for term in found.terms)
        assert found.recomputed() == pytest.approx(found.value, rel=TOLERANCE)
    beam = explain(reading, Question("solar_irradiance_beam", surface=1, hour=4116))
    assert [term.operation for term in beam.terms] == ["+", "×", "×"]
    assert beam.terms[0].value > 100.0
    assert beam.recomputed() == pytest.approx(beam.value, rel=1e-4)


def test_final_energy_is_demand_over_efficiency_less_own_photovoltaics(reading: Document) -> None:
    found = explain(reading, Question("final_energy", building_ids=("B0",)))
    uses = {term.name: term for term in found.terms}
    demand, efficiency = uses["Space heating"].parts
    heating = reading.building_result("heating_demand", "B0")
    assert heating is not None
    assert demand.value == pytest.approx(heating.annual_kwh)
    assert efficiency.operation == "÷"
    assert efficiency.value == reading.energy_spec("B0").heating_efficiency
    assert efficiency.note.startswith("archetype GB-residential-1967-1975: ")
    assert uses["Own photovoltaics used"].operation == "−"
    gas = explain(reading, Question("final_energy", building_ids=("B0",), column="natural_gas"))
    assert {term.note for term in gas.terms} == {"Natural gas"}
    assert gas.value == pytest.approx(gas.recomputed())
    pump = explain(reading, Question("final_energy", building_ids=("B1",)))
    performance = next(term for term in pump.terms if term.name == "Space heating").parts[1]
    assert 2.0 < performance.value < 4.0
    assert "a, b, c" in performance.note


def test_the_run_the_weather_and_the_error_are_told(reading: Document) -> None:
    found = explain(reading, Question("heating_demand", building_ids=("B0",)))
    run = found.run
    assert run is not None
    assert (run.engine, found.state) == ("EnergyPlus", "fresh")
    assert run.version.startswith("25.2")
    assert run.cpu_s > 0.1
    assert ("timesteps per hour", "4") in run.settings
    assert "2 zones" in found.words
    weather = next(item for item in found.inputs if item.name == "Weather")
    assert "TMY3" in weather.origin
    assert "87.92° W" in weather.origin
    assert "years" in weather.origin
    estimate = explain(reading, Question("heating_demand", building_ids=("B2",)))
    assert estimate.run is not None
    assert "±" in estimate.run.error
    assert "calibrated against EnergyPlus results" in estimate.run.error


def test_inputs_say_where_they_come_from_and_where_they_are_edited(reading: Document) -> None:
    found = explain(reading, Question("final_energy", building_ids=("B1",)))
    inputs = {item.column or item.name: item for item in found.inputs}
    assert (inputs["wall_u_value_w_m2k"].kind, inputs["wall_u_value_w_m2k"].value) == ("archetype", 1.6)
    assert "RdSAP 2009" in inputs["wall_u_value_w_m2k"].origin
    assert inputs["heating_system"].kind == "edited"
    assert inputs["year_built"].origin == "From boxes.city.json"
    assert (inputs["function"].kind, inputs["storeys"].kind) == ("assumed", "derived")


def test_stale_numbers_say_what_changed_since(document: Document) -> None:
    document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.3)
    document.execute("edit_buildings", building_ids=["B2"], column="wall_u_value_w_m2k", value=0.4)
    document.execute("edit_buildings", building_ids=["B0"], column="roof_u_value_w_m2k", value=0.4)
    document.undo()
    found = explain(document, Question("heating_demand", building_ids=("B0",)))
    assert found.state == "stale"
    # Not what was taken back again, nor what touched another building's walls.
    assert [text.split(" (")[0] for text in found.changes] == ["Wall U-value of 1 building"]
    assert isinstance(found.value, float)
    document.undo()
    document.undo()
    assert explain(document, Question("heating_demand", building_ids=("B0",))).state == "fresh"
    document.execute("remove_buildings", building_ids=["B2"])
    gone = explain(document, Question("solar_irradiation", building_ids=("B0",)))
    assert gone.state == "stale"
    assert any("Remove 1 building" in text for text in gone.changes)
    missing = explain(document, Question("heating_demand", scenario_id="baseline", building_ids=("B0",)))
    assert any("may shade it" in text for text in missing.changes)


def test_columns_tell_default_and_own_value(document: Document) -> None:
    name = "wall_u_value_w_m2k"
    before = explain(document, Question(column=name, building_ids=("B0",)))
    assert (before.value, before.unit) == (1.6, "W/m²K")
    assert any("RdSAP" in text for text in before.sources)
    document.execute("edit_buildings", building_ids=["B0"], column=name, value=0.3)
    after = explain(document, Question(column=name, building_ids=("B0",)))
    chain = {item.name: item for item in after.inputs}
    assert (after.value, chain["Default"].value, chain["Own value"].value) == (0.3, 1.6, 0.3)
    assert chain["Own value"].kind == "edited"
    mixed = explain(document, Question(column=name, building_ids=("B0", "B1")))
    assert mixed.value == "0.3–1.6"
    assert sorted(item.name for item in mixed.inputs) == ["1 building", "1 building"]
    for column in (*OVERRIDE_COLUMNS, *GEOMETRY, "function", "name", "package", "heat_pump_cop", "heating_carrier"):
        for ids in (("B1",), ("B0", "B1"), ()):
            found = explain(document, Question(column=column, building_ids=ids))
            assert agrees(found), column
            assert found.title


def test_geometry_is_counted_by_its_surfaces(reading: Document) -> None:
    wall = explain(reading, Question(column="wall", building_ids=("B0",)))
    assert wall.value == pytest.approx(2 * (10 + 8) * 6)
    assert len(wall.terms) == 4
    volume = explain(reading, Question(column="volume", building_ids=("B0",)))
    assert volume.recomputed() == pytest.approx(volume.value) == pytest.approx(480.0)
    height = explain(reading, Question(column="height", building_ids=("B0",)))
    assert height.recomputed() == pytest.approx(6.0)


def test_geometry_is_told_by_the_names_of_tables_with_the_numbers_that_they_show(reading: Document) -> None:
    for name in (item.name for item in chart_columns() if item.group == "Geometry"):
        shown = column_values(reading, name, "baseline").values
        for row, building in enumerate(reading.city.buildings.ids.tolist()):
            told = explain(reading, Question(column=name, building_ids=(building,)))
            assert told.value == pytest.approx(shown[row]), name
    assert explain(reading, Question(column="package_id", building_ids=("B0",))).title


def test_text_and_json_hold_all_of_it(reading: Document) -> None:
    for name in VARIABLES:
        found = explain(reading, Question(name, building_ids=("B0",)))
        text = as_text(found)
        assert found.title in text
        assert all(term.name in text for term in found.terms)
        assert orjson.loads(orjson.dumps(as_json(found)))["title"] == found.title


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question("warmth"), "no variable"), (Question(column="warmth"), "no column"),
        (Question(), "Nothing to explain"), (Question("heating_demand", building_ids=("X",)), "no building"),
        (Question("heating_demand", surface=99), "surface 99"), (Question("heating_demand", month=12), "month 13"),
        (Question("solar_irradiance", hour=8760), "8760"), (Question("peak_heating", month=1), "whole year"),
        (Question("solar_irradiation", cell=0), "map of cells"), (Question("heat_transmission", hour=1), "by month"),
        (Question("heating_demand", scenario_id="x"), "no scenario"),
    ],
)  # fmt: skip
def test_what_cannot_be_explained_is_said(reading: Document, question: Question, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        explain(reading, question)


def test_without_results_there_is_no_number(tmp_path: Path, city_file: Any) -> None:
    document = create_document(tmp_path / "e.citytwin.gpkg")
    document.execute("import_city", sources=[str(city_file())])
    for name, item in VARIABLES.items():
        found = explain(document, Question(name, building_ids=("B0",)))
        assert found.value is None, name
        assert found.freshness or found.remarks or item.kind == FLOW
        assert next(row for row in found.inputs if row.name == "Weather").value is None or item.engine == "collectors"
    document.close()
