"""Outdoor air in real runs: ventilation costs heat, recovery saves most of it, opened windows cool in summer."""

from dataclasses import replace
from pathlib import Path

import pytest
from energy_samples import chicago, model, spec

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.engine import run
from citytwin_desktop.sim.energyplus.idf import building_idf
from citytwin_desktop.sim.energyplus.inputs import EnergyJobInputs, EnergySettings
from citytwin_desktop.sim.energyplus.read import RunOutputs
from citytwin_desktop.sim.energyplus.result import EnergyResult
from citytwin_desktop.sim.energyplus.run import run_idf
from citytwin_desktop.sim.energyplus.sanity import check_balance
from citytwin_desktop.sim.jobs import run_folders
from citytwin_desktop.sim.jobs.context import JobContext

STILL = spec(cooling_efficiency=0.0, infiltration_ach=0.1)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory) -> dict[str, EnergyResult]:
    cases = {
        "still": STILL,
        "aired": replace(STILL, ventilation_l_s_m2=0.5),
        "useless": replace(STILL, ventilation_l_s_m2=0.5, heat_recovery_efficiency=0.001),
        "recovered": replace(STILL, ventilation_l_s_m2=0.5, heat_recovery_efficiency=0.8),
        "opened": replace(STILL, ventilation_l_s_m2=0.5, window_opening_ach=3.0),
    }
    found = {}
    for number, (name, given) in enumerate(cases.items(), start=1):
        context = JobContext(run_folders.create_job_folder(tmp_path_factory.mktemp("runs"), number))
        found[name] = run(EnergyJobInputs(model(spec=given), chicago(), EnergySettings()), context)
    return found


def heat(result: EnergyResult) -> float:
    return float(result.heating_kwh.sum(dtype="float64"))


def test_ventilation_costs_heat_and_recovery_saves_most_of_it(simulated: dict[str, EnergyResult]) -> None:
    air = heat(simulated["aired"]) - heat(simulated["still"])
    saved = heat(simulated["useless"]) - heat(simulated["recovered"])
    assert air > 0.1 * heat(simulated["still"])
    # The exchanger works only while its air is cooler than the room; the rest of the loss remains.
    assert 0.6 * air < saved < 1.0 * air
    assert heat(simulated["useless"]) == pytest.approx(heat(simulated["aired"]), rel=0.05)


def test_opened_windows_spare_overheating_and_cost_no_heat(simulated: dict[str, EnergyResult]) -> None:
    opened, closed = simulated["opened"], simulated["aired"]
    assert opened.overheating_adaptive_h < 0.7 * closed.overheating_adaptive_h
    assert opened.overheating_fixed_h < closed.overheating_fixed_h
    assert heat(opened) == pytest.approx(heat(closed), rel=0.02)


def test_the_balance_of_a_year_closes_and_a_lost_part_is_refused(tmp_path: Path) -> None:
    context = JobContext(run_folders.create_job_folder(tmp_path, 1))
    outputs: RunOutputs = run_idf(building_idf(model(), EnergySettings()), chicago(), context, 300.0).outputs
    check_balance(outputs)
    with pytest.raises(KnownError, match="does not close"):
        check_balance(replace(outputs, outdoor_air_kwh=0.0))
