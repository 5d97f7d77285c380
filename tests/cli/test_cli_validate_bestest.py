"""`citytwin validate bestest`: 16 of 16, a contract of keys, sentences and exit codes."""

import json
from pathlib import Path

import pytest

from citytwin_desktop.cli.app import run
from citytwin_desktop.sim.energyplus.bestest import validation


def test_sixteen_of_sixteen(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weather = shared_data / "bestest" / "725650TYCST.epw"
    if not weather.is_file():
        pytest.skip("the weather file of ASHRAE Standard 140 is not in shared/data")
    code = run(["validate", "bestest", "--weather", str(weather), "--json"])
    shown = capsys.readouterr()
    document = json.loads(shown.out)
    outside = [row for row in document["cases"] if not row["pass"]]
    assert not outside
    assert code == 0
    assert (document["check"], document["passed"], document["of"]) == ("bestest", 16, 16)
    assert "DENVER" in document["weather"].upper()
    assert [row["case"] for row in document["cases"][::2]] == [600, 620, 640, 900, 910, 920, 940, 950]
    for row in document["cases"]:
        assert set(row) == {"case", "quantity", "value_mwh", "low", "high", "pass"}
        assert row["low"] <= row["value_mwh"] <= row["high"]
    assert len([line for line in shown.err.splitlines() if line.startswith("Case ")]) == 8


def document(**changes: object) -> dict[str, object]:
    row = {"case": 600, "quantity": "heating", "value_mwh": 9.0, "low": 3.993, "high": 4.504, "pass": False}
    given = {
        "check": "bestest",
        "standard": validation.STANDARD,
        "engine": "EnergyPlus",
        "weather": "Nowhere",
        "ranges_apply": True,
        "passed": 0,
        "of": 1,
        "cases": [row],
    }
    return {**given, **changes}


def test_a_value_outside_ends_with_a_sentence_and_the_document(
    weather_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation, "validate_bestest", lambda *_all, **_named: document())
    assert run(["validate", "bestest", "--weather", str(weather_file), "--json"]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["passed"] == 0
    assert "600 heating" in shown.err
    assert run(["validate", "bestest", "--weather", str(weather_file)]) == 1
    assert "outside" in capsys.readouterr().out


def test_other_weather_is_named(
    weather_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation, "validate_bestest", lambda *_all, **_named: document(ranges_apply=False))
    assert run(["validate", "bestest", "--weather", str(weather_file)]) == 1
    shown = capsys.readouterr()
    assert "not comparable" in shown.out
    assert "Nowhere is another" in shown.err


def test_without_weather_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "bestest", "--json"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "725650TYCST.epw" in shown.err
    assert "Traceback" not in shown.err


def test_a_broken_weather_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "wrong.epw"
    wrong.write_text("nothing of weather")
    assert run(["validate", "bestest", "--weather", str(wrong)]) == 1
    assert "wrong.epw" in capsys.readouterr().err
