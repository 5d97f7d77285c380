"""The demo project: the shipped district with weather and archetypes, ready to run, made once."""

from pathlib import Path

import pytest

from citytwin_desktop.document.demo_district import open_demo
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.thermal_models import thermal_models


def test_it_is_ready_to_run_and_made_once(tmp_path: Path) -> None:
    document = open_demo(tmp_path / "new" / "folder")
    try:
        city = document.city
        rows = city.rows_with_geometry
        assert len(rows) >= 100
        assert all(city.buildings.columns["archetype_id"][rows])
        assert document.weather is not None
        assert "Chicago" in document.weather.name
        edits = len(document.history())
    finally:
        document.close()
    again = open_demo(tmp_path / "new" / "folder")
    try:
        assert len(again.history()) == edits
        assert len(again.city.buildings) == len(city.buildings)
    finally:
        again.close()


def test_every_building_has_a_thermal_model_close_to_its_volume(tmp_path: Path) -> None:
    from citytwin_desktop.document.specifications import specification

    document = open_demo(tmp_path)
    try:
        district, city, weather = document.project.district, document.city, document.weather
        assert weather is not None
        rows = [int(row) for row in city.rows_with_geometry]
        scenario = district.scenario("baseline")
        specs = {str(city.buildings.ids[row]): specification(district, row, scenario) for row in rows}
        made = thermal_models(city, rows, {name: spec for name, spec in specs.items() if spec}, weather)
    finally:
        document.close()
    assert made.refused == {}
    volumes = city.volumes_m3()
    for model in made.models:
        assert model.volume_m3 == pytest.approx(volumes[city.buildings.row(model.building_id)], rel=0.002)
    touching = sum(bool(model.party) for model in made.models)
    assert touching > 60


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KnownError, match="choose another with --dir"):
        open_demo(tmp_path / "file" / "demo")
