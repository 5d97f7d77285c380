"""Estimates in a project: badged, calibrated by what EnergyPlus has found, replaced by it."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.document.estimate_plan import CALIBRATION
from citytwin_desktop.document.explanation import Question, explain
from citytwin_desktop.document.result_tables import result_table
from citytwin_desktop.project import result_store, schema
from tests.conftest import box_city


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four houses, one of them simulated."""
    from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path

    folder = tmp_path_factory.mktemp("estimates")
    source = folder / "boxes.city.json"
    source.write_text(json.dumps(box_city(count=4)), encoding="utf-8")
    document = create_document(folder / "p.citytwin.gpkg")
    document.execute("import_city", sources=[str(source)])
    document.execute("set_weather", path=str(chicago_weather_path()))
    document.execute("enrich", archetype_set="GB", assume_function="residential", assume_year=1960)
    document.start_run("energyplus", building_ids=["B0"]).wait()
    document.close()
    return document.path


@pytest.fixture
def document(simulated: Path, tmp_path: Path) -> Any:
    copy = tmp_path / "p.citytwin.gpkg"
    shutil.copy(simulated, copy)
    opened = open_document(copy)
    yield opened
    opened.close()


def heating(document: Document, name: str, scenario: str = "baseline") -> Any:
    return document.building_result("heating_demand", name, scenario)


def calibrations(document: Document) -> dict[str, Any]:
    """Multipliers that the project has stored, by key."""
    results = schema.results.c
    with document.project.reading() as connection:
        keys = list(connection.execute(select(results.key).where(results.engine == CALIBRATION)).scalars())
        return {key: result_store.about(connection, key).about["multipliers"] for key in keys}


def test_an_estimate_fills_what_energyplus_has_not_done_and_says_so(document: Document) -> None:
    run = document.start_run("estimate")
    run.wait()
    assert (run.failed, run.total, run.skipped_fresh) == ({}, 3, 1)
    rows = {row.id: row for row in result_table(document, "heating_demand", "baseline", "building", "year").rows}
    assert {name for name, row in rows.items() if row.estimate} == {"B1", "B2", "B3"}
    assert all(row.fresh for row in rows.values())
    found = heating(document, "B1")
    assert (found.engine, found.estimate) == ("estimate", True)
    assert found.about["expected_error"]["level"] in ("archetype", "function", "shipped")
    assert 0.0 < found.about["expected_error"]["annual"] < 1.0
    assert result_table(document, "final_energy", "baseline", "building", "year").rows[-1].estimate
    painted = document.surface_values("heating_demand")
    assert painted.estimate is not None
    assert painted.estimate[document.city.surfaces.of_building(document.city.buildings.row("B1"))].all()
    status = document.status("estimate")
    assert (len(status.fresh), status.stale, status.missing) == (4, frozenset(), frozenset())


def test_a_package_is_estimated_from_the_buildings_own_result(document: Document) -> None:
    truth = heating(document, "B0").annual_kwh
    document.execute("add_scenario", name="Walls")
    scenario = document.scenarios[-1].id
    document.execute("assign_package", scenario_id=scenario, building_ids=("B0",), package_id="wall_insulation")
    document.start_run("estimate", scenario, ["B0"]).wait()
    found = heating(document, "B0", scenario)
    assert found.estimate
    assert found.about["expected_error"]["level"] == "own"
    document.start_run("energyplus", scenario, ["B0"]).wait()
    after = heating(document, "B0", scenario)
    assert (after.estimate, after.engine) == (False, "energyplus"), "the truth replaces the estimate"
    assert after.annual_kwh < 0.9 * truth
    assert found.annual_kwh == pytest.approx(after.annual_kwh, rel=0.05)


def test_an_edit_makes_estimates_stale_and_undo_makes_them_fresh(document: Document) -> None:
    document.start_run("estimate").wait()
    document.execute("edit_buildings", building_ids=["B2"], column="roof_u_value_w_m2k", value=0.2)
    status = document.status("estimate")
    assert "B2" in status.stale
    assert not heating(document, "B2").fresh
    again = document.start_run("estimate")
    again.wait()
    assert (again.total, again.failed) == (1, {})
    document.undo()
    assert heating(document, "B2").fresh
    assert document.status("estimate").stale == frozenset()


def test_what_was_run_in_the_baseline_goes_stale_in_a_scenario_of_the_same_packages_too(document: Document) -> None:
    document.start_run("estimate").wait()
    document.execute("add_scenario", name="Walls")
    scenario = document.scenarios[-1].id
    document.execute("assign_package", scenario_id=scenario, building_ids=("B3",), package_id="wall_insulation")
    document.execute("edit_buildings", building_ids=["B2", "B3"], column="roof_u_value_w_m2k", value=0.2)
    status = document.status("estimate", scenario)
    assert (status.stale, status.missing) == (frozenset({"B2"}), frozenset({"B3"})), "B3 never ran with its package"
    assert not heating(document, "B2", scenario).fresh
    assert heating(document, "B3", scenario) is None


def test_solar_gains_of_the_solar_engine_make_a_better_estimate(document: Document) -> None:
    document.start_run("estimate").wait()
    before = heating(document, "B3").about["expected_error"]
    unshaded = calibrations(document)
    document.start_run("solar").wait()
    assert "B3" in document.status("estimate").stale
    why = explain(document, Question("heating_demand", building_ids=("B3",))).changes
    assert why == ("solar: the sun was simulated since, and shading by neighbours is known now",)
    document.start_run("estimate").wait()
    after = heating(document, "B3").about["expected_error"]
    # What was fitted to a sun without shade must not be used with the shaded one.
    added = {key: found for key, found in calibrations(document).items() if key not in unshaded}
    assert (len(unshaded), len(added)) == (1, 1)
    assert list(unshaded.values()) != list(added.values())
    assert (before["shaded"], after["shaded"]) == (False, True)
    assert np.isfinite(heating(document, "B3").values).all()
