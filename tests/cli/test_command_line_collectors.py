"""Collectors on the command line: refused without solar, run, tables, potential, assumptions."""

import json
from pathlib import Path
from typing import Any

import pytest

from citytwin_desktop.cli.app import run
from tests.conftest import CityFile


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run(list(arguments)) == 0
    return json.loads(capsys.readouterr().out)


def _refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(list(arguments)) == 1
    output = capsys.readouterr()
    assert output.out == ""
    return output.err.strip()


def test_the_whole_way(
    tmp_path: Path, city_file: CityFile, weather_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = str(tmp_path / "p.citytwin.gpkg")
    assert run(["import", str(city_file(count=2)), "--into", project]) == 0
    assert run(["weather", project, str(weather_file)]) == 0
    for command in (["simulate", project, "--engine", "collectors"], ["potential", project]):
        assert _refused(capsys, *command).endswith("first.")
    assert run(["simulate", project, "--engine", "solar"]) == 0
    done = _printed(capsys, "simulate", project, "--engine", "collectors", "--json")
    assert (done["engine"], done["run"], done["failed"]) == ("collectors", 1, [])
    assert _printed(capsys, "info", project, "--json")["results"]["collectors"]["fresh"] == 2

    year = _printed(capsys, "results", project, "--variable", "pv_yield")
    assert {"variable", "unit", "scenario", "by", "resolution", "rows", "exact"} == set(year)
    assert {"id", "building", "values", "fresh", "estimate"} <= set(year["rows"][0])
    assert (year["unit"], len(year["rows"]), year["rows"][0]["fresh"]) == ("kWh", 2, True)
    surfaces = _printed(
        capsys, "results", project, "--variable", "pv_yield", "--by", "surface", "--resolution", "month"
    )
    total = sum(sum(row["values"]) for row in surfaces["rows"])
    assert total == pytest.approx(sum(row["values"][0] for row in year["rows"]))
    assert "hour" not in _refused(capsys, "results", project, "--variable", "pv_autarky")
    assert "energyplus" in _refused(capsys, "results", project, "--variable", "pv_self_consumption", "--by", "city")
    assert "does not change" in _refused(
        capsys, "results", project, "--variable", "sky_view_factor", "--resolution", "hour"
    )

    found = _printed(capsys, "potential", project)
    assert found["fresh"]
    assert found["rows"][0]["pv_yield_kwh"] == pytest.approx(year["rows"][0]["values"][0])
    assert found["rows"][0]["pv_autarky_share"] is None
    assert found["origins"]["photovoltaic_roof_set_back_m"].startswith("assumption of CityTwin Desktop")
    by_surface = _printed(capsys, "potential", project, "--by", "surface")
    assert {row["pv_why_none"] for row in by_surface["rows"]} >= {"", "no roof and no wall, or an underside"}
    assert run(["potential", project, "--format", "csv", "--out", str(tmp_path / "p.csv")]) == 0
    assert (tmp_path / "p.csv").read_text().startswith("id,pv_area_m2,pv_capacity_kwp")

    assert run(["edit", project, "set_collector_assumptions", "module=cdte", "photovoltaic_rack_tilt_deg=30"]) == 0
    assert not _printed(capsys, "potential", project)["fresh"]
    assert run(["undo", project]) == 0
    assert _printed(capsys, "potential", project)["fresh"]


@pytest.mark.parametrize(
    ("variable", "time", "words"),
    [
        ("pv_yield", "4116", "is of a month or the year"),
        ("sky_view_factor", "06", "is of the year"),
        ("solar_irradiance_beam", "06", "is of an hour"),
    ],
)
def test_a_time_that_means_nothing_is_refused(
    tmp_path: Path, city_file: CityFile, capsys: pytest.CaptureFixture[str], variable: str, time: str, words: str
) -> None:
    project = str(tmp_path / "p.citytwin.gpkg")
    assert run(["import", str(city_file(count=1)), "--into", project]) == 0
    arguments = ["render", project, str(tmp_path / "x.png"), "--variable", variable, "--time", time]
    assert words in _refused(capsys, *arguments)
