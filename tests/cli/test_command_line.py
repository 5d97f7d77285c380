"""The command line is a contract: exit codes, JSON on stdout and nothing else, sentences on stderr."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from citytwin_desktop.cli.app import run
from tests.conftest import CityFile


@pytest.fixture
def project(tmp_path: Path, city_file: CityFile, weather_file: Path) -> Path:
    path = tmp_path / "p.citytwin.gpkg"
    assert run(["import", str(city_file()), "--into", str(path), "--report", str(tmp_path / "r.json")]) == 0
    assert run(["weather", str(path), str(weather_file)]) == 0
    return path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run(list(arguments)) == 0
    return json.loads(capsys.readouterr().out)


def test_info_has_its_fixed_keys(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = printed(capsys, "info", str(project), "--json")
    assert {"project", "schema_version", "crs", "lod", "buildings", "parts", "surfaces", "areas_m2", "volume_m3",
            "weather", "scenarios", "results", "edits", "locked_by"} <= set(content)  # fmt: skip
    assert (content["buildings"], content["crs"], content["locked_by"]) == (4, "EPSG:28992", None)
    assert content["areas_m2"] == {"wall": 864.0, "roof": 320.0, "ground": 320.0}
    assert content["weather"]["latitude_deg"] == 41.98
    assert content["results"]["solar"] == {"fresh": 0, "stale": 0, "missing": 4, "failed": 0}


def test_the_import_report(project: Path) -> None:
    report = json.loads((project.parent / "r.json").read_text())
    assert report["totals"] == {"kept": 4, "repaired": 0, "skipped": 0}
    (item,) = report["items"]  # the boxes of the tests stand in a field in Burgundy
    assert {"object": "boxes.city.json", "severity": "warning", "code": "crs_doubtful", "action": "kept"}.items() <= (
        item.items()
    )


def test_edit_undo_redo_history(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit = ["edit", str(project), "edit_buildings", "building_ids=B0,B1", "column=storeys", "value=3"]
    assert run(edit) == 0
    assert run(["undo", str(project)]) == 0
    assert run(["redo", str(project)]) == 0
    assert run(["undo", str(project)]) == 0
    entries = printed(capsys, "history", str(project), "--json")
    assert [(entry["command"], entry["undone"]) for entry in entries] == [
        ("import_city", False), ("set_weather", False), ("edit_buildings", True)
    ]  # fmt: skip


@pytest.mark.parametrize(("succeeded", "code"), [(4, 0), (2, 0), (0, 1)])
def test_a_run_that_did_not_give_everything_says_so(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any, succeeded: int, code: int
) -> None:
    """Some buildings failed: the answer lists them; only where nothing succeeded is that an error."""
    from citytwin_desktop.document.document import Document

    failed = {f"B{number}": f"B{number} has no storeys." for number in range(4 - succeeded)}
    told = {"run": succeeded, "failed": [{"building": name, "message": text} for name, text in failed.items()]}
    made = SimpleNamespace(finished=True, title="EnergyPlus", state="done", failed=failed, total=4, succeeded=succeeded)
    made.skipped_fresh, made.to_json = 0, lambda: told
    monkeypatch.setattr(Document, "start_run", lambda *_, **__: made)
    capsys.readouterr()
    assert run(["simulate", str(project), "--engine", "energyplus", "--json"]) == code
    spoken = capsys.readouterr()
    assert json.loads(spoken.out) == told
    assert (f"citytwin: {4 - succeeded} of 4 failed: all other results are stored" in spoken.err) == bool(failed)


def test_scenarios(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["scenario", str(project), "add", "Deep retrofit"]) == 0
    assert capsys.readouterr().out == "deep-retrofit\n"
    assert run(["scenario", str(project), "assign", "deep-retrofit", "deep", "--where", "id != 'B0'"]) == 0
    rows = printed(capsys, "scenario", str(project), "list", "--json")
    assert rows[1] == {"id": "deep-retrofit", "name": "Deep retrofit", "parent": "baseline", "assigned": 3}


def test_check_and_export(project: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert printed(capsys, "check", str(project), "--json")["ok"]
    assert run(["export", str(project), str(tmp_path / "b.csv")]) == 0
    assert (tmp_path / "b.csv").read_text().startswith("id,parent_id,")
    assert run(["export", str(project), str(tmp_path / "copy.gpkg")]) == 0
    assert run(["export", str(project), str(project)]) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["info", "nowhere.citytwin.gpkg"], 1, "does not exist: check the name."),
        (["fly"], 2, "No such command"),
        (["info"], 2, "Missing argument"),
        (["simulate", "PROJECT", "--engine", "warp"], 1, "no engine “warp”"),
        (["simulate", "PROJECT", "--engine", "energyplus"], 1, "No archetypes"),
        (["simulate", "PROJECT", "--engine", "solar", "--executor", "dask://x"], 1, "dask://HOST:PORT"),
        (["results", "PROJECT", "--variable", "magic"], 1, "no variable “magic”"),
        (["results", "PROJECT", "--variable", "heating_demand"], 1, "no results of heating_demand"),
        (["render", "PROJECT", "x.png", "--variable", "solar_irradiation"], 1, "no results of solar_irradiation"),
        (["render", "PROJECT", "x.png", "--size", "big"], 2, "1600x1000"),
        (["edit", "PROJECT", "fly"], 1, "no command “fly”"),
        (["edit", "PROJECT", "edit_buildings", "x"], 2, "KEY=VALUE"),
        (["enrich", "PROJECT", "--archetypes", "ZZ"], 1, "no archetype set “ZZ”"),
        (["import", "a.zip", "--into", "new.citytwin.gpkg"], 1, "does not exist"),
        (["import", "a.json", "--into", "new.citytwin.gpkg", "--bbox", "1,2,3"], 2, "X0,Y0,X1,Y1"),
        (["scenario", "PROJECT", "compare", "baseline", "x"], 1, "no scenario “x”"),
    ],
)  # fmt: skip
def test_failures_are_one_sentence(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(project.parent)
    capsys.readouterr()
    assert run([str(project) if word == "PROJECT" else word for word in arguments]) == code
    output = capsys.readouterr()
    assert words in output.err
    assert output.out == ""
    assert len(output.err.strip().splitlines()) == 1
    assert not (project.parent / "new.citytwin.gpkg").exists()
    assert not (project.parent / "x.png").exists()


def test_a_report_that_cannot_be_written_takes_the_import_back(tmp_path: Path, city_file: CityFile) -> None:
    path = tmp_path / "p.citytwin.gpkg"
    arguments = ["import", str(city_file()), "--into", str(path), "--report", str(tmp_path / "missing" / "r.json")]
    assert run(arguments) == 1
    assert not path.exists()


def test_a_bug_exits_with_70(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from citytwin_desktop.cli import session

    def broken(*_arguments: Any, **_options: Any) -> Any:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("citytwin_desktop.document.document.open_document", broken)
    assert session is not None
    assert run(["info", "x.citytwin.gpkg"]) == 70
    assert "this is a bug" in capsys.readouterr().err


def test_results_stop_quietly_when_the_reader_goes_away(project: Path) -> None:
    command = f"{sys.executable} -m citytwin_desktop history {project} | head -c 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_a_table_is_joined_with_its_choices_or_not_at_all(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["nothing"])
    sheet = book.create_sheet("years")
    for line in (["id", "year_built"], ["B0", 1931], ["B1", 1975]):
        sheet.append(line)
    table = tmp_path / "t.xlsx"
    book.save(table)
    join = ["join", str(project), str(table), "--sheet", "years"]
    assert run([*join, "--report", str(tmp_path / "missing" / "r.json")]) == 1
    assert "The report “" in capsys.readouterr().err
    entries = printed(capsys, "history", str(project), "--json")
    assert [entry["undone"] for entry in entries if entry["command"] == "join_table"] == [True]
    report = tmp_path / "j.json"
    assert run([*join, "--preview", "--report", str(tmp_path / "missing" / "r.json")]) == 1
    assert printed(capsys, *join, "--report", str(report), "--json")["buildings_matched"] == 2
    assert json.loads(report.read_text())["columns"]["year_built"]["filled"] == 2
    for wrong in (["--min-confidence", "7"], ["--max-distance", "-1"], ["--encoding", "klingon"], ["--sheet", "x"]):
        text = tmp_path / "t.csv"
        text.write_text("id,year_built\nB0,1931\n")
        assert run(["join", str(project), str(text), "--preview", *wrong]) == 1, wrong
