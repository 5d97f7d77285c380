"""`citytwin validate solar`: a contract of keys, and its sentence when Radiance is missing."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from citytwin_desktop.cli.app import run


@pytest.mark.skipif(find_spec("pyradiance") is None, reason="pyradiance is not installed (extra “validation”)")
def test_json_has_its_fixed_keys(
    weather_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from citytwin_desktop.sim.solar.radiance import reference
    from citytwin_desktop.sim.solar.radiance.annual_reference import AnnualEffort
    from citytwin_desktop.sim.solar.radiance.tracing import Effort

    least = reference.ValidationPlan(2, 2, AnnualEffort(64, 2, 1), Effort(3, 16))
    monkeypatch.setattr(reference, "QUICK", least)
    assert run(["validate", "solar", "--quick", "--weather", str(weather_file), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["check"] == "solar"
    assert {"mbe", "rrmse", "p90"} <= set(document["annual"])
    assert "rrmse" in document["hourly"]["first"]
    assert "rrmse" in document["hourly"]["refined"]
    assert document["hidden_wall_kwh_m2_max"] >= 0.0
    assert document["buildings"] == 2
    assert isinstance(document["pass"], bool)
    assert set(document["goals"]["annual.mbe"]) == {"value", "at_most", "pass"}


def test_without_radiance_one_sentence(
    weather_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from citytwin_desktop.errors import KnownError
    from citytwin_desktop.sim.solar.radiance import programs, validation

    def missing() -> Path:
        raise KnownError("Radiance is not here: install it.")

    monkeypatch.setattr(programs, "radiance_package", missing)
    monkeypatch.setattr(validation, "radiance_reference", lambda *_all: missing())
    assert run(["validate", "solar", "--quick", "--weather", str(weather_file), "--json"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Radiance is not here" in shown.err


def test_a_wrong_weather_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "wrong.epw"
    wrong.write_text("nothing of weather")
    assert run(["validate", "solar", "--weather", str(wrong)]) == 1
    assert "wrong.epw" in capsys.readouterr().err


def test_the_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, weather_file: Path) -> None:
    from citytwin_desktop.sim.solar.radiance import validation
    from citytwin_desktop.sim.solar.radiance.report import GOALS

    document = {
        "goals": {
            place: {"value": 0.004, "at_most": goal, "pass": place != "annual.p90"} for place, goal in GOALS.items()
        },
        "reference": {"surfaces": 3, "hours": [1, 2], "rrmse": 0.001},
        "buildings": 2,
        "weather": "Nowhere",
    }  # fmt: skip
    monkeypatch.setattr(validation, "validate_solar", lambda *_all, **_named: document)
    assert run(["validate", "solar", "--weather", str(weather_file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + len(GOALS)
    assert [line for line in lines if line.endswith("missed")] == [next(line for line in lines if "9 of 10" in line)]
    assert "0.40" in lines[1]
