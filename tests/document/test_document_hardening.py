"""What must never be shown as whole, fresh or done when it is not; and odd words from outside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.document.document import Document, create_document
from citytwin_desktop.document.energy_values import DEMANDS
from citytwin_desktop.document.queries import matching_ids_of
from citytwin_desktop.document.result_tables import result_table
from citytwin_desktop.document.run_plan import plan_run
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import result_store, schema
from citytwin_desktop.project.result_store import StoredResult, StoredSeries
from tests.conftest import CityFile, box_city


@pytest.fixture
def document(tmp_path: Path, city_file: CityFile, weather_file: Path) -> Iterator[Document]:
    """Four boxes: B1 is a part of B0, and B3 stands exactly where B2 stands."""
    city = box_city()
    city["CityObjects"]["B1"] |= {"type": "BuildingPart", "parents": ["B0"]}
    city["CityObjects"]["B3"]["geometry"] = city["CityObjects"]["B2"]["geometry"]
    made = create_document(tmp_path / "p.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(document=city))])
    made.execute("set_weather", path=str(weather_file))
    made.execute("enrich", archetype_set="NL", assume_function="residential", assume_year=1960)
    yield made
    made.close()


def store(document: Document, *names: str) -> None:
    current = document.keys.energy(document.project.district, document.weather, "baseline")
    hour = StoredSeries("kWh", np.full(8760, 1.0, np.float32))
    series, summary = dict.fromkeys(DEMANDS, hour), {"floor_area_m2": (100.0, "m2")}
    with document.project.writing() as connection:
        for name in names:
            about: dict[str, Any] = {"warnings": []}
            made = StoredResult(current[name], "energyplus", "1", 1.0, about, series, summary=summary)
            result_store.put(connection, made)


def rows(document: Document, by: str) -> dict[str, tuple[float, bool, int]]:
    table = result_table(document, "heating_demand", "baseline", by, "year").to_json()
    return {row["id"]: (row["values"][0], row["fresh"], row["missing"]) for row in table["rows"]}


def test_a_sum_with_something_missing_is_not_fresh(document: Document) -> None:
    store(document, "B0", "B2")
    assert rows(document, "building") == {"B0": (8760.0, False, 1), "B2": (8760.0, True, 0), "B3": (8760.0, True, 0)}
    assert rows(document, "city") == {"city": (26280.0, False, 1)}
    store(document, "B1")
    assert rows(document, "building")["B0"] == (17520.0, True, 0)
    assert rows(document, "city") == {"city": (35040.0, True, 0)}


def test_buildings_that_coincide_share_one_job(document: Document) -> None:
    plan = plan_run(document, "energyplus", "baseline", None)
    jobs, refused = plan.prepare()
    assert refused == {}
    assert plan.total == sum(len(plan.subjects(job)) for job in jobs) == 4
    assert sorted(job.building_ids for job in jobs) == [("B0",), ("B1",), ("B2", "B3")]
    assert len({job.key for job in jobs}) == len(jobs)


@pytest.mark.parametrize(
    ("expression", "found"),
    [("name = 'a=b'", ["B0"]), ('name == "a=b"', ["B0"]), ("name='a==b'", []), ("id = 'B1' or name = 'a=b'", None)],
)
def test_an_equals_sign_in_a_text_stays(document: Document, expression: str, found: list[str] | None) -> None:
    document.execute("edit_buildings", building_ids=["B0"], column="name", value="a=b")
    assert matching_ids_of(document, expression, "baseline") == (["B0", "B1"] if found is None else found)


def test_a_condition_that_is_too_long_is_not_cut(document: Document) -> None:
    with pytest.raises(KnownError, match="at most 2000"):
        matching_ids_of(document, "id = 'B0' or " * 200 + "id = 'B1'", "baseline")


@pytest.mark.parametrize(
    ("command", "parameters", "sentence"),
    [
        ("edit_buildings", {"column": "storeys", "value": 2.5}, "give a whole number"),
        ("edit_buildings", {"column": "year_built", "value": "1964.5"}, "give a whole number"),
        ("edit_buildings", {"column": "storeys", "value": 10**400}, "is not a text"),
        ("enrich", {"archetype_set": "NL", "assume_year": 1964.5}, "no whole number"),
    ],
)
def test_halves_and_giants_are_refused(
    document: Document, command: str, parameters: dict[str, Any], sentence: str
) -> None:
    chosen = {"building_ids": ["B0"]} if command == "edit_buildings" else {}
    before = len(document.history())
    with pytest.raises(KnownError, match=sentence):
        document.execute(command, **chosen, **parameters)
    assert len(document.history()) == before


def test_a_result_that_lost_its_series_is_not_fresh(document: Document) -> None:
    store(document, "B0", "B1")
    assert document.status("energyplus").fresh == {"B0", "B1"}
    current = document.keys.energy(document.project.district, document.weather, "baseline")
    with document.project.writing() as connection:
        connection.execute(schema.series.delete().where(schema.series.c.key == current["B1"]))
    assert document.status("energyplus").fresh == {"B0"}
    assert plan_run(document, "energyplus", "baseline", ["B1"]).total == 1
