"""The main job on a real file nobody here made: Rotterdam Delfshaven, from import to picture, by the command line."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from citytwin_desktop.cli.app import run

SOURCES = {"roof": (2998, 145002.1), "wall": (11631, 348478.0), "ground": (853, 133597.0)}
CHOSEN = 20


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run(list(arguments)) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.timeout(600)
def test_the_main_job_on_a_real_city(shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = str(tmp_path / "delfshaven.citytwin.gpkg")
    source = shared_data / "cityjson" / "3-20-DELFSHAVEN.city.json"
    weather = next((shared_data / "epw").glob("GBR*.epw"))

    assert run(["import", str(source), "--into", project, "--report", str(tmp_path / "report.json")]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["totals"] == {"kept": 853, "repaired": 104, "skipped": 0}
    assert run(["weather", project, str(weather)]) == 0
    assumed = printed(capsys, "enrich", project, "--assume-function", "residential", "--assume-year", "1935", "--json")
    assert assumed["counts"] == {"function_assumed": 853, "year_built_assumed": 853, "storeys_derived": 853}

    content = printed(capsys, "info", project, "--json")
    assert (content["buildings"], content["parts"], content["crs"], content["lod"]) == (853, 0, "EPSG:28992", "2")
    for kind, (count, area) in SOURCES.items():
        assert content["surfaces"][kind] == pytest.approx(count, rel=0.005)
        assert content["areas_m2"][kind] == pytest.approx(area, rel=0.005)

    done = printed(capsys, "simulate", project, "--engine", "solar", "--json")
    assert (done["requested"], done["run"], done["failed"]) == (853, 1, [])
    ids = _twenty_of_all_sizes(project)
    done = printed(capsys, "simulate", project, "--engine", "energyplus", "--buildings", ",".join(ids), "--json")
    assert (done["requested"], done["run"], done["skipped_fresh"], done["failed"]) == (CHOSEN, CHOSEN, 0, [])
    again = printed(capsys, "simulate", project, "--engine", "energyplus", "--buildings", ",".join(ids), "--json")
    assert (again["run"], again["skipped_fresh"]) == (0, CHOSEN)

    content = printed(capsys, "info", project, "--json")
    assert content["results"]["solar"] == {"fresh": 853, "stale": 0, "missing": 0, "failed": 0}
    assert content["results"]["energyplus"] == {"fresh": CHOSEN, "stale": 0, "missing": 853 - CHOSEN, "failed": 0}

    _solar_is_plausible(printed(capsys, "results", project, "--variable", "solar_irradiation", "--by", "surface"))
    heat = printed(capsys, "results", project, "--variable", "heating_demand", "--resolution", "month")
    assert {row["id"] for row in heat["rows"]} == set(ids)
    assert all(row["fresh"] and not row["estimate"] and len(row["values"]) == 12 for row in heat["rows"])
    assert all(row["values"][0] > 10 * row["values"][6] for row in heat["rows"]), "January is colder than July"

    for variable in ("solar_irradiation", "heating_demand"):
        picture = tmp_path / f"{variable}.png"
        assert run(["render", project, str(picture), "--variable", variable, "--size", "800x500"]) == 0
        pixels = np.asarray(Image.open(picture).convert("RGB"))
        assert pixels.shape == (500, 800, 3)
        assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 200
    assert printed(capsys, "check", project, "--json") == {
        "project": project,
        "ok": True,
        "problems": [],
        "stale": dict.fromkeys(("solar", "energyplus", "estimate", "collectors"), 0),
    }
    assert sorted(item.name for item in tmp_path.glob("delfshaven*")) == ["delfshaven.citytwin.gpkg"]


def _twenty_of_all_sizes(project: str) -> list[str]:
    """Buildings spread over the range of heights, the tallest tenth left out for the time they take."""
    from citytwin_desktop.document.document import open_document

    document = open_document(project, read_only=True)
    order = np.argsort(document.city.buildings.columns["storeys"], kind="stable")
    places = np.linspace(0, 0.9 * len(order), CHOSEN).astype(int)
    chosen = [str(document.city.buildings.ids[order[place]]) for place in places]
    document.close()
    return chosen


def _solar_is_plausible(table: Any) -> None:
    values = np.array([row["values"][0] for row in table["rows"]])
    assert table["unit"] == "kWh/m2"
    assert len(values) > 14000
    assert values.min() >= 0.0
    # London: 1,100 kWh/m2 on the horizontal; the best slope gets about a fifth more.
    assert 1100.0 < values.max() < 1400.0
