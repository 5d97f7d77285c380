"""Photovoltaics and solar thermal of a document: run, read, stale, matched with the demand; both engines are real."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.analysis.self_consumption import self_consumption
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.document.exports import building_table
from citytwin_desktop.document.result_tables import result_table
from citytwin_desktop.errors import CancelledError, KnownError
from citytwin_desktop.project import result_store
from tests.conftest import box_city

ROOF_KWP = 9.0 * 7.0 * 0.5 * 0.1994
"""A roof of 10 × 8 m less the set-back of 0.5 m, half of it racks, standard modules."""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three boxes in Chicago with solar, collectors, and EnergyPlus for the first alone."""
    from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path

    folder = tmp_path_factory.mktemp("collectors")
    source = folder / "boxes.city.json"
    source.write_text(json.dumps(box_city(count=3)), encoding="utf-8")
    document = create_document(folder / "p.citytwin.gpkg")
    document.execute("import_city", sources=[str(source)])
    document.execute("set_weather", path=str(chicago_weather_path()))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1960)
    document.start_run("solar").wait()
    document.start_run("energyplus", building_ids=["B0"]).wait()
    run = document.start_run("collectors")
    run.wait()
    assert (run.done, run.failed) == (1, {})
    document.close()
    return document.path


@pytest.fixture
def document(finished: Path, tmp_path: Path) -> Any:
    copy = tmp_path / "p.citytwin.gpkg"
    shutil.copy(finished, copy)
    opened = open_document(copy)
    yield opened
    opened.close()


def test_the_yield_of_a_flat_roof_in_chicago(document: Document) -> None:
    potential = document.solar_potential()
    assert potential is not None
    assert potential.fresh
    roofs = document.city.surfaces.kind == SurfaceKind.ROOF
    power = potential.photovoltaic
    assert power.size[roofs] == pytest.approx(ROOF_KWP, rel=1e-4)
    # PVWatts gives 1,200 to 1,300 kWh/kWp for 15 degrees to the south at this weather, without shade between rows.
    assert power.annual_kwh[roofs] / power.size[roofs] == pytest.approx(1230.0, rel=0.06)
    grounds = np.flatnonzero(document.city.surfaces.kind == SurfaceKind.GROUND)
    assert power.why_none(int(grounds[0])) == "no roof and no wall, or an underside"
    assert power.place(int(np.flatnonzero(roofs)[0])) == "flat roof"
    north = document.city.surfaces.polygons.normals[:, 1] > 0.9
    assert {power.why_none(int(wall)) for wall in np.flatnonzero(north)} == {"less sun in a year than the threshold"}
    heat = potential.solar_thermal
    assert 200.0 < heat.annual_kwh[roofs].sum() / heat.size[roofs].sum() < 600.0


def test_buildings_add_up(document: Document) -> None:
    potential = document.solar_potential()
    assert potential is not None
    found = potential.buildings()
    assert [item.building_id for item in found] == ["B0", "B1", "B2"]
    assert sum(item.photovoltaic_kwp for item in found) == pytest.approx(potential.photovoltaic.size.sum(), rel=1e-6)
    assert sum(item.solar_thermal_kwh for item in found) == pytest.approx(potential.solar_thermal.annual_kwh.sum())
    first = found[0]
    assert first.specific_yield_kwh_kwp == pytest.approx(first.photovoltaic_kwh / first.photovoltaic_kwp)
    assert potential.about["origins"]["module"].startswith("California Energy Commission")


def test_tables_agree_with_each_other(document: Document) -> None:
    for name in ("pv_yield", "solar_thermal_yield"):
        year = {by: result_table(document, name, "baseline", by, "year").rows for by in ("surface", "building", "city")}
        months = result_table(document, name, "baseline", "building", "month").rows
        hours = result_table(document, name, "baseline", "building", "hour").rows
        city = result_table(document, name, "baseline", "city", "hour").rows[0]
        assert len(year["surface"]) == len(document.city.surfaces)
        assert all(row.fresh for row in (*year["surface"], *months, *hours))
        total = year["city"][0].values[0]
        for rows in year.values():
            assert sum(row.values[0] for row in rows) == pytest.approx(total)
        for whole, month, hour in zip(year["building"], months, hours, strict=True):
            assert month.values.sum() == pytest.approx(whole.values[0], rel=1e-5)
            assert hour.values.sum() == pytest.approx(whole.values[0], rel=1e-4)
        assert city.values.sum() == pytest.approx(total, rel=1e-4)
    capacity = result_table(document, "pv_capacity", "baseline", "city", "year")
    potential = document.solar_potential()
    assert potential is not None
    assert capacity.unit == "kWp"
    assert capacity.rows[0].values[0] == pytest.approx(potential.photovoltaic.size.sum(), rel=1e-6)


def test_generation_is_held_against_the_demand_hour_by_hour(document: Document) -> None:
    potential = document.solar_potential()
    assert potential is not None
    first, second = potential.of_row(0), potential.of_row(1)
    (batch,) = document.collectors.hourly(np.array([0]))
    demand = document.building_result("electricity_use", "B0")
    assert demand is not None
    wanted = self_consumption(batch.photovoltaic.hourly_kwh[0], demand.values)
    assert first.self_consumption_share == pytest.approx(float(wanted.self_consumption_share), rel=1e-4)
    assert first.autarky_share == pytest.approx(float(wanted.autarky_share), rel=1e-4)
    assert 0.1 < float(wanted.autarky_share) < 0.7
    assert first.match_fresh
    assert "all uses of electricity" in first.demand
    assert (second.self_consumption_share, second.autarky_share, second.demand) == (None, None, "")
    rows = result_table(document, "pv_autarky", "baseline", "building", "year").rows
    assert [(row.id, row.fresh) for row in rows] == [("B0", True)]
    city = result_table(document, "pv_self_consumption", "baseline", "city", "year").rows[0]
    assert (city.fresh, city.missing) == (False, 2)


def test_a_changed_demand_makes_only_the_shares_stale(document: Document) -> None:
    document.execute("edit_buildings", building_ids=["B0"], column="wall_u_value_w_m2k", value=0.2)
    potential = document.solar_potential()
    assert potential is not None
    assert potential.of_row(0).fresh
    assert not potential.of_row(0).match_fresh
    assert not result_table(document, "pv_autarky", "baseline", "building", "year").rows[0].fresh
    document.undo()
    again = document.solar_potential()
    assert again is not None
    assert again.of_row(0).match_fresh


def test_new_demand_is_matched_by_the_next_run(document: Document) -> None:
    assert document.start_run("collectors").total == 0
    document.start_run("energyplus", building_ids=["B1"]).wait()
    run = document.start_run("collectors")
    run.wait()
    assert (run.total, run.succeeded) == (1, 1)
    potential = document.solar_potential()
    assert potential is not None
    assert [potential.of_row(row).match_fresh for row in range(3)] == [True, True, False]
    assert document.start_run("collectors").skipped_fresh == 3


def test_other_assumptions_make_it_stale_and_undo_makes_it_fresh(document: Document) -> None:
    before = result_table(document, "pv_yield", "baseline", "city", "year").rows[0].values[0]
    document.execute("set_collector_assumptions", photovoltaic_rack_coverage=0.25)
    assert document.status("collectors").stale == {"B0", "B1", "B2"}
    assert document.status("solar").fresh == {"B0", "B1", "B2"}
    table = result_table(document, "pv_yield", "baseline", "city", "year")
    assert not table.rows[0].fresh
    with pytest.raises(KnownError, match="today's result: run simulate --engine collectors"):
        result_table(document, "pv_yield", "baseline", "building", "hour")
    assert document.surface_values("pv_yield").stale.any()
    assert document.building_result("pv_yield", "B0") is None
    document.start_run("collectors").wait()
    after = result_table(document, "pv_yield", "baseline", "city", "year").rows[0]
    assert after.fresh
    assert after.values[0] < 0.9 * before
    document.undo()
    assert document.status("collectors").fresh == {"B0", "B1", "B2"}
    assert result_table(document, "pv_yield", "baseline", "city", "year").rows[0].values[0] == before


def test_windows_take_room_on_walls_and_count_in_the_key(document: Document) -> None:
    document.execute("set_collector_assumptions", photovoltaic_facade_threshold_kwh_m2=100)
    document.start_run("collectors").wait()
    before = document.solar_potential()
    document.execute("edit_buildings", building_ids=["B1"], column="window_share", value=0.5)
    assert document.status("collectors").stale == {"B0", "B1", "B2"}
    document.start_run("collectors").wait()
    after = document.solar_potential()
    assert before is not None
    assert after is not None
    walls = (document.city.surfaces.kind == SurfaceKind.WALL) & (before.photovoltaic.size > 0)
    ratio = after.photovoltaic.area_m2[walls] / before.photovoltaic.area_m2[walls]
    mine = document.city.surfaces.building[walls] == 1
    assert ratio[~mine] == pytest.approx(1.0)
    assert ratio[mine] == pytest.approx((1 - 0.5) / (1 - 0.18), rel=1e-5)  # the archetype has 0.18


def test_a_building_that_goes_leaves_the_others_their_last_values(document: Document) -> None:
    before = {row.id: row.values[0] for row in result_table(document, "pv_yield", "baseline", "building", "year").rows}
    document.execute("remove_buildings", building_ids=["B0"])
    rows = result_table(document, "pv_yield", "baseline", "building", "year").rows
    assert {row.id: row.values[0] for row in rows} == {name: before[name] for name in ("B1", "B2")}
    assert not any(row.fresh for row in rows)
    with pytest.raises(KnownError, match=r"No solar result of today's city and weather: run solar first\."):
        document.start_run("collectors")


def test_without_solar_nothing_can_run(tmp_path: Path, city_file: Any, weather_file: Path) -> None:
    document = create_document(tmp_path / "q.citytwin.gpkg")
    document.execute("import_city", sources=[str(city_file(count=1))])
    document.execute("set_weather", path=str(weather_file))
    try:
        with pytest.raises(KnownError, match="run solar first"):
            document.start_run("collectors")
        with pytest.raises(KnownError, match=r"no results of pv_yield .* run simulate --engine collectors"):
            result_table(document, "pv_yield", "baseline", "city", "year")
        assert document.solar_potential() is None
        assert document.status("collectors").missing == {"B0"}
        assert np.isnan(document.surface_values("pv_yield").values).all()
        assert document.monthly_sums("pv_yield", ["B0"]) is None
        assert building_table(document, "baseline")[1][0][-6:] == [None] * 6
    finally:
        document.close()


@pytest.mark.parametrize(
    ("name", "by", "resolution", "words"),
    [
        ("pv_capacity", "building", "hour", "of the whole year"),
        ("pv_autarky", "city", "month", "of the whole year"),
        ("pv_autarky", "surface", "year", "belongs to buildings"),
        ("pv_yield", "surface", "hour", "by building and city"),
    ],
)
def test_what_cannot_be_said_is_refused(document: Document, name: str, by: str, resolution: str, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        result_table(document, name, "baseline", by, resolution)


def test_what_views_ask_for(document: Document) -> None:
    year, july = document.surface_values("pv_yield"), document.surface_values("pv_yield", month=6)
    potential = document.solar_potential()
    assert potential is not None
    area = document.city.surfaces.polygons.areas_m2
    assert (year.unit, july.unit) == ("kWh/m²a", "kWh/m²")
    np.testing.assert_allclose(year.values * area, potential.photovoltaic.annual_kwh, rtol=1e-5)
    assert 0.0 < july.values.sum() < year.values.sum()
    autarky = document.surface_values("pv_autarky")
    assert (autarky.unit, np.isfinite(autarky.values).sum()) == ("–", 6)
    sums = document.monthly_sums("pv_yield", ["B0", "B2"])
    one = document.building_result("pv_yield", "B0")
    assert sums is not None
    assert one is not None
    assert (sums.buildings, sums.fresh, one.engine, len(one.values)) == (2, True, "collectors", 8760)
    assert one.annual_kwh == pytest.approx(potential.of_row(0).photovoltaic_kwh, rel=1e-4)
    assert sums.monthly_kwh.sum() == pytest.approx(sum(potential.of_row(row).photovoltaic_kwh for row in (0, 2)))
    for ask in (document.monthly_sums, document.building_result):
        names = ["B0"] if ask == document.monthly_sums else "B0"
        with pytest.raises(KnownError, match="whole year"):
            ask("pv_capacity", names)
        with pytest.raises(KnownError, match="by surface"):
            ask("solar_irradiation", names)
    with pytest.raises(KnownError, match="choose the year"):
        document.surface_values("pv_capacity", month=3)


def test_a_city_without_a_usable_surface_has_zeros_and_the_reason(document: Document) -> None:
    kinds, places = ("photovoltaic", "solar_thermal"), ("roof", "facade")
    never = {f"{kind}_{place}_threshold_kwh_m2": 3000.0 for kind in kinds for place in places}
    document.execute("set_collector_assumptions", **never)
    run = document.start_run("collectors")
    run.wait()
    assert (run.succeeded, run.failed) == (1, {})
    potential = document.solar_potential()
    assert potential is not None
    roof = int(np.flatnonzero(document.city.surfaces.kind == SurfaceKind.ROOF)[0])
    assert potential.photovoltaic.why_none(roof) == "less sun in a year than the threshold"
    first = potential.of_row(0)
    assert (first.photovoltaic_kwh, first.specific_yield_kwh_kwp, first.self_consumption_share) == (0.0, None, None)
    assert first.autarky_share == 0.0
    for name in ("pv_yield", "solar_thermal_yield"):
        found, months = document.building_result(name, "B1"), document.monthly_sums(name, ["B1"])
        assert found is not None
        assert months is not None
        assert found.fresh
        assert found.values.shape == (8760,)
        assert not found.values.any()
        assert (found.annual_kwh, months.monthly_kwh.tolist()) == (0.0, [0.0] * 12)
        rows = result_table(document, name, "baseline", "building", "hour").rows
        assert [row.id for row in rows] == ["B0", "B1", "B2"]
        assert not any(row.values.any() for row in rows)


def test_a_part_shows_what_its_building_has(tmp_path: Path, weather_file: Path) -> None:
    source = box_city(count=3)
    source["CityObjects"]["B1"] |= {"type": "BuildingPart", "parents": ["B0"]}
    source["CityObjects"]["B0"]["children"] = ["B1"]
    (tmp_path / "parts.city.json").write_text(json.dumps(source), encoding="utf-8")
    document = create_document(tmp_path / "parts.citytwin.gpkg")
    document.execute("import_city", sources=[str(tmp_path / "parts.city.json")])
    document.execute("set_weather", path=str(weather_file))
    for engine in ("solar", "collectors"):
        document.start_run(engine).wait()
    whole, part = (document.building_result("pv_yield", name) for name in ("B0", "B1"))
    assert whole is not None
    assert part is not None
    rows = result_table(document, "pv_yield", "baseline", "building", "year").rows
    assert whole.annual_kwh == part.annual_kwh == pytest.approx(rows[0].values[0], rel=1e-4)
    assert part.annual_kwh == pytest.approx(2.0 * rows[1].values[0], rel=0.05)
    for ids in (["B0"], ["B1"], ["B0", "B1"]):
        months = document.monthly_sums("pv_yield", ids)
        assert months is not None
        assert months.buildings == 1
        assert months.monthly_kwh.sum() == pytest.approx(whole.annual_kwh, rel=1e-4)
    both = document.monthly_sums("pv_yield", ["B1", "B2"])
    assert both is not None
    assert both.buildings == 2
    document.close()


def test_cancelled_collectors_leave_nothing_behind(document: Document) -> None:
    document.execute("set_collector_assumptions", module="cdte")
    run = document.start_run("collectors")
    began = time.monotonic()
    while run.state == "Preparing" and time.monotonic() < began + 10:
        run.poll(0.05)
    run.cancel()
    assert run.cancelled
    assert document.status("collectors").stale == {"B0", "B1", "B2"}


def test_the_engine_stops_between_batches(document: Document, tmp_path: Path) -> None:
    from citytwin_desktop.document.run_plan import plan_run
    from citytwin_desktop.sim.collectors.engine import run
    from citytwin_desktop.sim.jobs.context import JobContext

    class Impatient(JobContext):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 2

    document.execute("set_collector_assumptions", module="cdte")
    (job,), _ = plan_run(document, "collectors", "baseline", None).prepare()
    with pytest.raises(CancelledError):
        run(job.inputs, Impatient(tmp_path))


def test_a_result_takes_little_room(document: Document) -> None:
    potential = document.solar_potential()
    assert potential is not None
    with document.project.reading() as connection:
        blob = result_store.blob(connection, potential.key, "photovoltaic_monthly")
    assert blob is not None
    assert len(blob) < 48 * len(document.city.surfaces)


def test_a_damaged_result_is_refused(document: Document) -> None:
    potential = document.solar_potential()
    assert potential is not None
    from sqlalchemy import text

    with document.project.writing() as connection:
        connection.execute(text("DELETE FROM ct_series WHERE name = 'photovoltaic_verdict'"))
    path = document.path
    document.close()
    again = open_document(path)
    with pytest.raises(KnownError, match="incomplete: run collectors again"):
        again.solar_potential()
    again.close()
    document.project = open_document(path).project
