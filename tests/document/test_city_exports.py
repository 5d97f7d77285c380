"""CityJSON out of a project: as it came where nothing was changed, as it is where something was."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from citytwin_desktop.document.document import Document, create_document
from citytwin_desktop.document.exports import export_document
from citytwin_desktop.project import result_store
from citytwin_desktop.project.result_store import StoredResult, StoredSeries
from tests.conftest import CityFile, box_city


@pytest.fixture
def document(tmp_path: Path, city_file: CityFile) -> Iterator[Document]:
    city = box_city(count=3, attributes={"yearOfConstruction": 1990, "measured": 12.345678901})
    city["+extra"] = {"kept": [1, 2]}
    city["CityObjects"]["road"] = {"type": "Bridge", "attributes": {"lanes": 2}}
    made = create_document(tmp_path / "p.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file(document=city))])
    yield made
    made.close()


def written(document: Document, name: str = "out.city.json") -> dict[str, dict[str, object]]:
    out = document.path.parent / name
    export_document(document, out, "baseline")
    return json.loads(out.read_text())  # type: ignore[no-any-return]


def test_what_was_not_touched_is_written_as_it_came(document: Document) -> None:
    source = json.loads((document.path.parent / "boxes.city.json").read_text())
    assert written(document) == source


def test_an_edit_is_written_and_all_else_stays(document: Document) -> None:
    source = json.loads((document.path.parent / "boxes.city.json").read_text())
    document.execute("edit_buildings", building_ids=["B1"], column="year_built", value=2001)
    document.execute("remove_buildings", building_ids=["B2"])
    found = written(document)
    assert found["CityObjects"]["B1"]["attributes"]["yearOfConstruction"] == 2001  # type: ignore[index]
    assert found["CityObjects"]["B0"] == source["CityObjects"]["B0"]
    assert found["CityObjects"]["road"] == source["CityObjects"]["road"]
    assert "B2" not in found["CityObjects"]
    assert found["+extra"] == source["+extra"]


def test_a_project_of_several_sources_is_written_as_one_city(document: Document, city_file: CityFile) -> None:
    other = box_city(count=1)
    other["CityObjects"]["C0"] = other["CityObjects"].pop("B0")
    other["transform"]["translate"] = [500.0, 0.0, 0.0]
    document.execute("import_city", sources=[str(city_file(name="other.city.json", document=other))])
    assert set(written(document)["CityObjects"]) >= {"B0", "B1", "B2", "C0"}


def test_results_stand_among_the_attributes(document: Document) -> None:
    names = ("heating_demand", "cooling_demand", "lighting", "equipment")
    series = {name: StoredSeries("kWh", np.full(8760, 0.1, np.float32)) for name in names}
    summary = {**dict.fromkeys(names, (876.0, "kWh")), "floor_area_m2": (80.0, "m2")}
    with document.project.writing() as connection:
        result_store.put(connection, StoredResult("k", "energyplus", "25.2", 1.0, {}, series, summary=summary))
        result_store.show(connection, "energyplus", "baseline", [("B0", "k", "")])
    attributes = written(document)["CityObjects"]["B0"]["attributes"]
    assert any(str(name).startswith("heating_demand_kwh") for name in attributes)  # type: ignore[attr-defined]
