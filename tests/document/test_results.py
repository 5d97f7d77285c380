"""Runs, freshness and reading of results, with both real engines on four boxes."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.document.result_tables import result_table
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.inputs import EnergySettings
from tests.conftest import CityFile


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of four boxes with results of both engines for two and four of them."""
    import json

    from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path
    from tests.conftest import box_city

    folder = tmp_path_factory.mktemp("results")
    source = folder / "boxes.city.json"
    source.write_text(json.dumps(box_city(count=4)), encoding="utf-8")
    document = create_document(folder / "p.citytwin.gpkg")
    document.execute("import_city", sources=[str(source)])
    document.execute("set_weather", path=str(chicago_weather_path()))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1960)
    document.start_run("solar").wait()
    run = document.start_run("energyplus", building_ids=["B0", "B1"])
    run.wait()
    assert (run.done, run.failed) == (2, {})
    document.close()
    return document.path


@pytest.fixture
def document(finished: Path, tmp_path: Path) -> Any:
    import shutil

    copy = tmp_path / "p.citytwin.gpkg"
    shutil.copy(finished, copy)
    opened = open_document(copy)
    yield opened
    opened.close()


def test_fresh_results_are_not_run_again(document: Document) -> None:
    run = document.start_run("energyplus", building_ids=["B0", "B1"])
    run.wait()
    assert (run.total, run.skipped_fresh) == (0, 2)
    solar = document.start_run("solar")
    solar.wait()
    assert solar.skipped_fresh == 4


def test_an_edit_makes_its_own_result_stale_and_undo_makes_it_fresh_again(document: Document) -> None:
    document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.2)
    status = document.status("energyplus")
    assert (status.fresh, status.stale, status.missing) == ({"B1"}, {"B0"}, {"B2", "B3"})
    result = document.building_result("heating_demand", "B0")
    assert result is not None
    assert not result.fresh
    assert document.status("solar").stale == frozenset()
    document.undo()
    assert document.status("energyplus").fresh == {"B0", "B1"}
    result = document.building_result("heating_demand", "B0")
    assert result is not None
    assert result.fresh


def test_better_walls_need_less_heat(document: Document) -> None:
    before = document.building_result("heating_demand", "B0")
    document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.2)
    document.start_run("energyplus", building_ids=["B0"]).wait()
    after = document.building_result("heating_demand", "B0")
    assert before is not None
    assert after is not None
    assert after.fresh
    assert after.annual_kwh < 0.75 * before.annual_kwh


def test_a_neighbour_that_goes_makes_results_stale(document: Document) -> None:
    document.execute("remove_buildings", building_ids=["B3"])
    assert document.status("energyplus").stale == {"B0", "B1"}
    status = document.status("solar")
    assert (status.fresh, status.stale) == (frozenset(), {"B0", "B1", "B2"})
    values = document.surface_values("solar_irradiation")
    assert values.stale.any()
    assert np.isfinite(values.values[values.stale]).all()


def test_another_place_makes_everything_stale(document: Document, shared_data: Path) -> None:
    document.execute("set_weather", path=str(next((shared_data / "epw").glob("GBR*"))))
    assert document.status("energyplus").stale == {"B0", "B1"}
    assert document.status("solar").stale == {"B0", "B1", "B2", "B3"}


def test_solar_values_are_plausible_and_add_up(document: Document) -> None:
    year = document.surface_values("solar_irradiation").values
    months = sum(document.surface_values("solar_irradiation", month=month).values for month in range(12))
    np.testing.assert_allclose(year, months, rtol=1e-5)
    kind = document.city.surfaces.kind
    weather = document.weather
    assert weather is not None
    roofs = year[kind == 1]
    assert roofs == pytest.approx(weather.global_horizontal_wh_m2.sum() / 1000.0, rel=0.02)
    noon, night = (document.surface_values("solar_irradiance", hour=hour).values for hour in (4116, 4104))
    assert np.nanmax(noon) > 500.0
    assert np.nanmax(night) == 0.0


def test_tables_agree_with_each_other(document: Document) -> None:
    hours = result_table(document, "heating_demand", "baseline", "building", "hour")
    months = result_table(document, "heating_demand", "baseline", "building", "month")
    city = result_table(document, "heating_demand", "baseline", "city", "year")
    assert [row.id for row in hours.rows] == ["B0", "B1"]
    assert all(len(row.values) == 8760 for row in hours.rows)
    for hour, month in zip(hours.rows, months.rows, strict=True):
        assert hour.values.sum() == pytest.approx(month.values.sum())
    assert city.rows[0].values[0] == pytest.approx(sum(row.values.sum() for row in hours.rows))
    surfaces = result_table(document, "solar_irradiation", "baseline", "surface", "year")
    assert len(surfaces.rows) == len(document.city.surfaces)


def test_what_is_not_there_is_said(document: Document) -> None:
    for words, arguments in {
        "no variable": ("heat", "baseline", "building", "year"),
        "no scenario": ("heating_demand", "x", "building", "year"),
        "no grouping": ("heating_demand", "baseline", "street", "year"),
        "no resolution": ("heating_demand", "baseline", "building", "day"),
        "by building or city": ("heating_demand", "baseline", "surface", "year"),
    }.items():
        with pytest.raises(KnownError, match=words):
            result_table(document, *arguments)


def test_run_says_what_is_missing(tmp_path: Path, city_file: CityFile, weather_file: Path) -> None:
    document = create_document(tmp_path / "q.citytwin.gpkg")
    assert document.missing_for("solar") == "No buildings: import a city file"
    document.execute("import_city", sources=[str(city_file())])
    assert document.missing_for("solar") == "No weather file: choose one"
    with pytest.raises(KnownError, match="No weather file"):
        document.start_run("solar")
    document.execute("set_weather", path=str(weather_file))
    assert document.missing_for("solar") is None
    assert document.missing_for("energyplus") == "No archetypes: run Enrich to assign them"
    document.close()


def energyplus_children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if "energyplus" in child.name()]


def wait_for_child(run: Any) -> None:
    deadline = time.monotonic() + 60.0
    while not energyplus_children():
        run.poll(0.05)
        assert time.monotonic() < deadline


def test_cancel_leaves_no_child_and_keeps_what_arrived(document: Document) -> None:
    run = document.start_run("energyplus", building_ids=["B2", "B3"], workers=1)
    wait_for_child(run)
    began = time.monotonic()
    run.cancel()
    assert time.monotonic() - began < 2.0
    assert run.cancelled
    assert not psutil.Process().children(recursive=True) or not energyplus_children()
    assert document.status("energyplus").fresh == {"B0", "B1"}


def test_a_killed_worker_fails_its_own_building_only(document: Document) -> None:
    run = document.start_run("energyplus", building_ids=["B2", "B3"], workers=1)
    wait_for_child(run)
    worker = energyplus_children()[0].parent()
    assert worker is not None
    os.kill(worker.pid, signal.SIGKILL)
    run.wait()
    assert run.done == 2
    assert len(run.failed) <= 1
    for sentence in run.failed.values():
        assert sentence.endswith(".")
    status = document.status("energyplus")
    assert len(status.fresh) + len(status.failed) == 4


def test_months_of_a_demand_are_painted_as_months(document: Document) -> None:
    year = document.surface_values("heating_demand")
    months = [document.surface_values("heating_demand", month=month) for month in range(12)]
    assert (year.unit, months[0].unit) == ("kWh/m²a", "kWh/m²")
    known = ~np.isnan(year.values)
    assert known.any()
    np.testing.assert_allclose(sum(month.values[known] for month in months), year.values[known], rtol=1e-4)
    assert (months[0].values[known] > 5 * months[6].values[known]).all()


def test_what_cannot_run_is_told_apart_from_what_ran(document: Document) -> None:
    document.execute("edit_buildings", building_ids=["B1", "B2", "B3"], column="archetype_id", value=None)
    document.execute("edit_buildings", building_ids=["B0"], column="storeys", value=3)
    run = document.start_run("energyplus")
    run.wait()
    assert (run.succeeded, set(run.failed)) == (1, {"B1", "B2", "B3"})
    assert run.state == "1 done, 3 failed."


def test_months_over_buildings_are_the_sum_of_their_hours(document: Document) -> None:
    one, other = (document.building_result("electricity_use", name) for name in ("B0", "B1"))
    sums = document.monthly_sums("electricity_use", ["B0", "B1", "B2"])
    assert one is not None
    assert other is not None
    assert sums is not None
    assert (sums.buildings, sums.fresh, sums.engine) == (2, True, "energyplus")
    january = float((one.values + other.values)[: 31 * 24].sum(dtype=np.float64))
    assert sums.monthly_kwh[0] == pytest.approx(january, rel=1e-6)
    assert sums.monthly_kwh.sum() == pytest.approx(one.annual_kwh + other.annual_kwh, rel=1e-6)
    assert document.monthly_sums("electricity_use", ["B2"]) is None
    document.execute("edit_buildings", building_ids=["B1"], column="window_share", value=0.5)
    stale = document.monthly_sums("electricity_use", ["B0", "B1"])
    assert stale is not None
    assert not stale.fresh


def test_solar_takes_the_cores_it_is_given_and_no_more(document: Document) -> None:
    from citytwin_desktop.document.run_plan import plan_run

    (job,), _ = plan_run(document, "solar", "baseline", None, cores=3).prepare()
    assert job.threads == 3


def test_a_bug_in_the_preparation_ends_the_run(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_options: Any) -> Any:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("citytwin_desktop.sim.energyplus.thermal_models.thermal_models", broken)
    run = document.start_run("energyplus", building_ids=["B2"])
    with pytest.raises(ZeroDivisionError):
        run.wait()
    assert run.finished
    assert document.status("energyplus").missing == {"B2", "B3"}


def rows_of(document: Document, name: str, by: str = "building", resolution: str = "year") -> dict[Any, Any]:
    table = result_table(document, name, "baseline", by, resolution)
    return {(row.id, row.carrier): row for row in table.rows}


def test_final_energy_is_demand_over_the_systems_by_carrier(document: Document) -> None:
    spec = document.energy_spec("B0")
    heat = rows_of(document, "heating_demand")["B0", ""].values[0]
    water = rows_of(document, "hot_water_demand")["B0", ""].values[0]
    area = document.building_result("heating_demand", "B0").floor_area_m2
    assert water == pytest.approx(spec.hot_water_kwh_m2a * area, rel=1e-6)
    final = rows_of(document, "final_energy")
    gas = heat / spec.heating_efficiency + water / spec.hot_water_efficiency
    assert final["B0", "natural_gas"].values[0] == pytest.approx(gas, rel=1e-5)
    electricity = rows_of(document, "electricity_use")["B0", ""].values[0]
    assert final["B0", "electricity"].values[0] == pytest.approx(electricity)
    months = rows_of(document, "final_energy", resolution="month")["B0", "natural_gas"].values
    assert (len(months), months.sum()) == (12, pytest.approx(gas, rel=1e-5))


def test_a_heat_pump_changes_carriers_at_once_and_leaves_demand_fresh(document: Document) -> None:
    before = rows_of(document, "electricity_use")["B0", ""].values[0]
    document.execute("edit_buildings", building_ids=["B0"], column="heating_system", value="air_source_heat_pump")
    assert document.status("energyplus").fresh == {"B0", "B1"}
    final = rows_of(document, "final_energy")
    assert ("B0", "natural_gas") not in final
    assert final["B0", "electricity"].fresh
    extra = final["B0", "electricity"].values[0] - before
    heat = rows_of(document, "heating_demand")["B0", ""].values[0]
    water = rows_of(document, "hot_water_demand")["B0", ""].values[0]
    assert 1.8 < (heat + water) / extra < 4.5


def test_loads_and_hours(document: Document) -> None:
    hours = document.building_result("heating_demand", "B0").values
    assert rows_of(document, "peak_heating")["B0", ""].values[0] == pytest.approx(hours.max(), rel=1e-6)
    both = hours + document.building_result("heating_demand", "B1").values
    assert rows_of(document, "peak_heating", by="city")["city", ""].values[0] == pytest.approx(both.max(), rel=1e-6)
    warm = rows_of(document, "overheating_hours_fixed")["B0", ""].values[0]
    assert 0.0 < warm < 4000.0
    with pytest.raises(KnownError, match="whole year"):
        result_table(document, "peak_heating", "baseline", "building", "hour")


def test_heat_through_real_surfaces_is_that_of_the_building(document: Document) -> None:
    rows = list(result_table(document, "heat_transmission", "baseline", "surface", "year").rows)
    assert {row.building for row in rows} == {"B0", "B1"}
    assert len(rows) == 2 * 6, "four walls, roof and ground of each box"
    assert all(row.fresh for row in rows)
    assert min(row.values[0] for row in rows) > 5.0, "every surface of an old house loses heat"
    painted = document.surface_values("heat_transmission")
    own = document.city.surfaces.of_building(document.city.buildings.row("B0"))
    assert np.isfinite(painted.values[own]).all()
    assert np.isnan(painted.values[document.city.surfaces.of_building(document.city.buildings.row("B2"))]).all()
    sun = document.surface_values("transmitted_solar").values[own]
    assert (sun > 0).sum() == 4, "windows are in walls"
    with pytest.raises(KnownError, match="by surface"):
        result_table(document, "heat_transmission", "baseline", "building", "year")


def test_a_failed_run_leaves_the_last_result_in_sight(document: Document) -> None:
    before = document.building_result("heating_demand", "B0").annual_kwh
    document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.2)
    document.keys.energy_settings = EnergySettings(timeout_s=0.01)
    run = document.start_run("energyplus", building_ids=["B0"])
    run.wait()
    assert set(run.failed) == {"B0"}
    assert set(document.status("energyplus").failed) == {"B0"}
    shown = document.building_result("heating_demand", "B0")
    assert (shown.annual_kwh, shown.fresh) == (before, False)
    document.undo()
    assert document.building_result("heating_demand", "B0").fresh
    assert not document.status("energyplus").failed


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM ct_series WHERE key = :key AND name = 'heating_demand'",
        "DELETE FROM ct_series WHERE key = :key AND name = 'equipment'",
        "DELETE FROM ct_summary WHERE key = :key",
    ],
)
def test_a_result_that_is_half_gone_is_none_and_is_run_again(document: Document, damage: str) -> None:
    from sqlalchemy import text

    key = document.energy.shown()["B0"].key
    with document.project.writing() as connection:
        connection.execute(text(damage), {"key": key})
    assert set(document.energy.shown()) == {"B1"}
    assert "B0" not in document.status("energyplus").fresh
    run = document.start_run("energyplus", building_ids=["B0"])
    run.cancel()
    assert run.total == 1


def test_a_year_that_no_engine_has_stored_is_refused(document: Document) -> None:
    from sqlalchemy import text

    from citytwin_desktop.project.packing import pack

    key = document.energy.shown()["B0"].key
    for values in (np.ones(4000, np.float32), np.full(8760, np.nan, np.float32)):
        row = {"key": key, "data": pack({"unit": "kWh"}, {"values": values})}
        with document.project.writing() as connection:
            connection.execute(text("UPDATE ct_series SET data = :data WHERE key = :key AND name LIKE 'heating%'"), row)
        for variable in ("heating_demand", "final_energy"):
            with pytest.raises(KnownError, match="no whole year of numbers"):
                result_table(document, variable, "baseline", "city", "hour")


def test_places_of_heat_flows_outside_the_building_are_left_out(document: Document) -> None:
    from sqlalchemy import text

    from citytwin_desktop.project.packing import pack

    before = result_table(document, "heat_transmission", "baseline", "surface", "year").to_json()["rows"]
    key = document.energy.shown()["B1"].key
    places = np.array([-6, -5, -4, -3, -2, -1], np.int32)  # counted from B1 these are surfaces of B0
    row = {"key": key, "data": pack({"unit": ""}, {"values": places})}
    with document.project.writing() as connection:
        connection.execute(text("UPDATE ct_series SET data = :data WHERE key = :key AND name = 'flow_surface'"), row)
    after = result_table(document, "heat_transmission", "baseline", "surface", "year").to_json()["rows"]
    assert after == [line for line in before if line["building"] == "B0"]


def test_damaged_words_about_a_result_are_refused(document: Document) -> None:
    from sqlalchemy import text

    with document.project.writing() as connection:
        connection.execute(text("UPDATE ct_result SET about_json = '{' WHERE engine = 'energyplus'"))
    with pytest.raises(KnownError, match="restore the project file"):
        result_table(document, "final_energy", "baseline", "city", "year")
