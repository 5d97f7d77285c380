"""``citytwin explain`` and ``citytwin undo --to``: text for people, JSON for scripts, sentences for what is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from citytwin_desktop.cli.app import run
from tests.conftest import CityFile, box_city


@pytest.fixture
def project(tmp_path: Path, city_file: CityFile) -> str:
    path = str(tmp_path / "p.citytwin.gpkg")
    assert run(["import", str(city_file()), "--into", path]) == 0
    assert run(["enrich", path, "--archetypes", "NL", "--assume-function", "residential", "--assume-year", "1935"]) == 0
    assert run(["edit", path, "edit_buildings", "building_ids=B1", "column=wall_u_value_w_m2k", "value=0.3"]) == 0
    return path


def test_a_column_is_explained_as_json_and_as_text(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["explain", project, "--column", "wall_u_value_w_m2k", "--building", "B1", "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert {"title", "subject", "value", "unit", "words", "formula", "terms", "inputs", "run", "state", "freshness",
            "changes", "remarks", "sources", "recomputed", "question"} <= set(found)  # fmt: skip
    assert (found["value"], found["unit"]) == (0.3, "W/m²K")
    assert [row["kind"] for row in found["inputs"]] == ["archetype", "edited", "archetype"]
    assert run(["explain", project, "--column", "volume"]) == 0
    text = capsys.readouterr().out
    assert "Volume: 1920 m³" in text
    assert "Whole city, 4 buildings" in text
    assert "Geometry from boxes.city.json" in text


def test_a_variable_without_result_says_so(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert (
        run(["explain", project, "--variable", "solar_irradiation", "--surface", "B0:1", "--month", "6", "--json"]) == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert (found["value"], found["freshness"]) == (None, "No result: run solar")
    assert found["title"] == "Solar irradiation, June"


def test_what_is_wrong_is_one_sentence(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, code, words in (
        (["--variable", "warmth"], 1, "no variable"), (["--column", "volume", "--building", "X"], 1, "no building"),
        (["--variable", "heating_demand", "--surface", "?"], 1, "no surface"), ([], 2, "--variable or --column"),
        (["--variable", "heating_demand", "--month", "13"], 1, "no month 13"),
        (["--variable", "heating_demand", "--month", "1", "--hour", "3"], 2, "either --month or --hour"),
        (["--variable", "final_energy", "--column", "gas"], 1, "no energy carrier “gas”"),
        (["--column", "volume", "--building", ","], 1, "names no building"),
    ):  # fmt: skip
        capsys.readouterr()
        assert run(["explain", project, *arguments]) == code
        told = capsys.readouterr()
        assert words in told.err
        assert told.out == ""


def test_undo_goes_to_a_place_in_the_history(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["undo", project, "--to", "1"]) == 0
    assert "2 commands" in capsys.readouterr().err
    assert run(["history", project, "--json"]) == 0
    assert [entry["undone"] for entry in json.loads(capsys.readouterr().out)] == [False, True, True]
    assert run(["undo", project, "--to", "3"]) == 0
    assert run(["undo", project, "--to", "77"]) == 1
    assert "no command 77" in capsys.readouterr().err


def test_identifiers_with_commas_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = box_city(count=2)
    source["CityObjects"] = {"a,b": source["CityObjects"]["B0"], "[c]": source["CityObjects"]["B1"]}
    file, path = tmp_path / "odd.city.json", str(tmp_path / "odd.citytwin.gpkg")
    file.write_text(json.dumps(source), encoding="utf-8")
    assert run(["import", str(file), "--into", path]) == 0
    assert run(["edit", path, "set_height", 'building_ids=["a,b"]', "height_m=9"]) == 0
    assert run(["edit", path, "set_height", "building_ids=[c]", "height_m=8"]) == 0
    capsys.readouterr()
    assert run(["explain", path, "--column", "volume", "--building", "a,b", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == pytest.approx(720.0)
