"""Calibration, classes of buildings, variants, and the engine that brings them together."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from estimate_samples import box, chicago, district, spec

from citytwin_desktop.catalog.usage_profiles import profile_year
from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.errors import BugError, CancelledError, KnownError
from citytwin_desktop.sim.energyplus.engine import run as run_energyplus
from citytwin_desktop.sim.energyplus.inputs import EnergyJobInputs, EnergySettings
from citytwin_desktop.sim.estimate.archetype_calibration import class_calibrations, pooled, shipped_calibration
from citytwin_desktop.sim.estimate.buildings import buildings_of, estimate_buildings
from citytwin_desktop.sim.estimate.calibration import DEFAULT_MULTIPLIERS, Calibration, calibrate
from citytwin_desktop.sim.estimate.climate import climate_of
from citytwin_desktop.sim.estimate.engine import Baseline, EstimateJobInputs, run
from citytwin_desktop.sim.estimate.errors_of import annual_error, monthly_cvrmse, monthly_sums
from citytwin_desktop.sim.estimate.expected_error import LEVELS, expected_error
from citytwin_desktop.sim.estimate.five_r_one_c import MULTIPLIER_NAMES, Multipliers, hourly_needs
from citytwin_desktop.sim.estimate.shapes import building_shapes
from citytwin_desktop.sim.estimate.solar_gains import unshaded_gains
from citytwin_desktop.sim.estimate.validation import BASELINE, PACKAGES, HeldOut, joined, report
from citytwin_desktop.sim.estimate.variants import corrected_by_baseline, monthly_correction
from citytwin_desktop.sim.jobs.context import JobContext

MONTH = month_of_hour()


class Context(JobContext):
    """A context that writes nothing."""

    def __init__(self, *, stop: bool = False) -> None:
        self._stop = stop

    def progress(self, fraction: float, text: str = "") -> None:
        assert 0.0 <= fraction <= 1.0

    def cancelled(self) -> bool:
        return self._stop


def truth(multipliers: Multipliers, chosen=None):
    """Shapes, climate, gains and the needs of a box by known multipliers, as if EnergyPlus had made them."""
    model = box(spec=chosen or spec())
    climate, shapes = climate_of(chicago()), building_shapes([model])
    gains = unshaded_gains(chicago(), shapes)
    needs = hourly_needs(estimate_buildings([model], climate), climate, gains, multipliers.as_array())
    return model, shapes, climate, gains, needs


def calibration(level: str = "own", **multipliers: float) -> Calibration:
    return Calibration(replace(DEFAULT_MULTIPLIERS, **multipliers), level, 0.01, -0.02, 0.03, float("nan"))


def test_calibration_meets_the_year_and_the_months() -> None:
    known = replace(DEFAULT_MULTIPLIERS, opaque=1.15, aperture=0.8, capacity=1.3)
    model, _, climate, gains, needs = truth(known)
    found = calibrate(estimate_buildings([model], climate), climate, gains, needs.heating_kwh[0], needs.cooling_kwh[0])
    before = hourly_needs(estimate_buildings([model], climate), climate, gains, DEFAULT_MULTIPLIERS.as_array())
    assert abs(annual_error(before.heating_kwh[0], needs.heating_kwh[0])) > 0.05
    assert abs(found.heating_error) < 0.002
    assert abs(found.cooling_error) < 0.005
    assert found.heating_cvrmse < 0.02
    # Walls and windows lose alike; only their product is seen well.
    assert found.multipliers.opaque * found.multipliers.window > 1.08
    assert found.multipliers.aperture < 0.9
    assert found.level == "own"


def test_calibration_stays_at_its_prior_when_nothing_is_wrong() -> None:
    model, _, climate, gains, needs = truth(DEFAULT_MULTIPLIERS)
    found = calibrate(estimate_buildings([model], climate), climate, gains, needs.heating_kwh[0], needs.cooling_kwh[0])
    np.testing.assert_allclose(found.multipliers.as_array(), DEFAULT_MULTIPLIERS.as_array(), rtol=1e-3)


def test_a_need_that_no_building_has_stays_bounded() -> None:
    model, _, climate, gains, needs = truth(DEFAULT_MULTIPLIERS)
    nothing = np.zeros(8760, np.float32)
    found = calibrate(estimate_buildings([model], climate), climate, gains, nothing, needs.cooling_kwh[0])
    ratio = found.multipliers.as_array() / DEFAULT_MULTIPLIERS.as_array()
    assert (ratio <= np.exp(1.21)).all()
    assert (ratio >= np.exp(-1.21)).all()
    assert np.isnan(found.heating_error)


def test_calibration_travels_as_json_and_refuses_what_is_none() -> None:
    made = calibration(window=1.1)
    again = Calibration.from_mapping(json.loads(json.dumps(made.as_mapping())))
    assert again.multipliers == made.multipliers
    assert (again.level, again.heating_error, again.buildings) == ("own", 0.01, 1)
    assert np.isnan(again.cooling_cvrmse)
    plain = made.as_mapping()
    for wrong in ({}, {**plain, "multipliers": {}}, {**plain, "heating_error": "x"}):
        with pytest.raises(KnownError, match="run the estimate again"):
            Calibration.from_mapping(wrong)
    zero = {**plain, "multipliers": {**plain["multipliers"], "air": 0.0}}
    with pytest.raises(KnownError, match="zero"):
        Calibration.from_mapping(zero)


def test_buildings_take_the_best_calibration_there_is() -> None:
    archetypes = ["A", "A", "A", "A", "B", "B", "", "C"]
    functions = ["office"] * 6 + ["hotel", "office"]
    own = {0: calibration(air=0.9), 1: calibration(air=1.0), 2: calibration(air=5.0), 4: calibration(air=1.2)}
    chosen = class_calibrations(archetypes, functions, own)
    assert [item.level for item in chosen] == [
        "own", "own", "own", "archetype", "own", "function", "shipped", "function",
    ]  # fmt: skip
    assert chosen[3].multipliers.air == 1.0
    assert chosen[5].multipliers.air == pytest.approx(1.1)
    assert (chosen[3].buildings, chosen[5].buildings) == (3, 4)
    assert pooled([calibration(), calibration()], "function").heating_error == 0.01
    assert (shipped_calibration("no such use").multipliers.as_array() > 0.0).all()


def test_every_level_has_a_measured_error_and_better_knowledge_is_no_worse() -> None:
    errors = [expected_error(level).annual for level in LEVELS]
    assert all(0.0 < error < 0.5 for error in errors)
    assert errors == sorted(errors)
    assert not expected_error("own", shaded=False).shaded
    passive = expected_error("own", 2.0)
    assert passive.annual > 5 * expected_error("own", 60.0).annual
    assert passive.annual == pytest.approx(2 * expected_error("own", 4.0).annual)
    assert expected_error("own", 0.0).annual == np.inf


def test_a_variant_that_changes_nothing_has_the_months_of_energyplus() -> None:
    _, _, _, _, needs = truth(DEFAULT_MULTIPLIERS)
    base = needs.heating_kwh
    known = base * np.linspace(0.8, 1.2, 12, dtype=np.float32)[MONTH]
    found = corrected_by_baseline(base, base, known, MONTH)
    ours, theirs = monthly_sums(found, MONTH)[0], monthly_sums(known, MONTH)[0]
    np.testing.assert_allclose(ours, theirs, atol=0.01 * theirs.max())
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.005)
    halved = corrected_by_baseline(0.5 * base, base, known, MONTH)
    np.testing.assert_allclose(halved, 0.5 * found, rtol=1e-5)


def test_small_months_are_hardly_corrected_and_none_without_bound() -> None:
    base, known = np.full((1, 8760), 0.001, np.float32), np.full((1, 8760), 0.001, np.float32)
    base[0, :744], known[0, :744] = 10.0, 50.0
    known[0, MONTH == 6] = 0.002
    correction = monthly_correction(base, known, MONTH)[0]
    assert correction[0] == 2.0
    assert correction[6] == pytest.approx(1.0, abs=0.01)
    assert (monthly_correction(base * 0.0, known * 0.0, MONTH) == 1.0).all()


def test_errors_of_sums() -> None:
    known = np.ones(8760, np.float32)
    assert annual_error(1.1 * known, known) == pytest.approx(0.1, rel=1e-5)
    assert monthly_cvrmse(1.1 * known, known, MONTH) == pytest.approx(0.1, rel=0.01)
    assert np.isnan(annual_error(known, 0.0 * known))
    assert np.isnan(monthly_cvrmse(known, 0.0 * known, MONTH))


def test_engine_gives_every_building_its_year_its_level_and_its_error() -> None:
    _, models = district()
    shapes, specs = building_shapes(models), tuple(model.spec for model in models)
    climate = climate_of(chicago())
    known = hourly_needs(
        buildings_of(shapes, specs, climate), climate, unshaded_gains(chicago(), shapes),
        np.tile(replace(DEFAULT_MULTIPLIERS, opaque=1.2).as_array(), (len(models), 1)),
    )  # fmt: skip
    first = models[0].building_id
    baselines = {first: Baseline(specs[0], known.heating_kwh[0], known.cooling_kwh[0])}
    inputs = EstimateJobInputs(shapes, specs, chicago(), ("A",) * len(models), baselines)
    result = run(inputs, Context())
    assert result.building_ids == tuple(model.building_id for model in models)
    assert [error.level for error in result.error] == ["own"] + ["shipped"] * (len(models) - 1)
    assert not any(error.shaded for error in result.error)
    assert result.heating_kwh.shape == (len(models), 8760)
    assert result.heating_kwh.dtype == np.float32
    assert result.heating_kwh[0].sum() == pytest.approx(known.heating_kwh[0].sum(), rel=0.005)
    lit = profile_year("office", "lighting") * 8.0 * shapes.floor_area_m2[0] / 1000.0
    np.testing.assert_allclose(result.lighting_kwh[0], lit, rtol=1e-5)
    assert result.equipment_kwh[0].sum() == pytest.approx(
        profile_year("office", "equipment").sum() * 7.0 * shapes.floor_area_m2[0] / 1000.0, rel=1e-5
    )
    assert set(result.calibrations) == {first}
    again = run(replace(inputs, calibrations=result.calibrations), Context())
    np.testing.assert_array_equal(again.heating_kwh, result.heating_kwh)


def test_engine_refuses_and_stops() -> None:
    _, models = district()
    shapes, specs = building_shapes(models), tuple(model.spec for model in models)
    with pytest.raises(BugError, match="number"):
        run(EstimateJobInputs(shapes, specs[1:], chicago()), Context())
    with pytest.raises(BugError, match="owners"):
        run(EstimateJobInputs(shapes, specs, chicago(), operators=b"x"), Context())
    leap = replace(chicago(), dry_bulb_c=np.zeros(8784))
    with pytest.raises(KnownError, match="common year"):
        run(EstimateJobInputs(shapes, specs, leap), Context())
    nothing = np.zeros(8760, np.float32)
    baselines = {models[0].building_id: Baseline(specs[0], nothing, nothing)}
    with pytest.raises(CancelledError):
        run(EstimateJobInputs(shapes, specs, chicago(), baselines=baselines), Context(stop=True))


def test_report_sees_an_error_and_where_there_is_none() -> None:
    _, models = district()
    shapes, specs = building_shapes(models), tuple(model.spec for model in models)
    climate = climate_of(chicago())
    gains = unshaded_gains(chicago(), shapes)
    factors = np.array([shipped_calibration(item.function).multipliers.as_array() for item in specs])
    states = {BASELINE: lambda item: item, "walls": PACKAGES["walls"], "set-point": PACKAGES["set-point"]}
    needs = {
        name: hourly_needs(buildings_of(shapes, [change(item) for item in specs], climate), climate, gains, factors)
        for name, change in states.items()
    }
    heating = {name: item.heating_kwh for name, item in needs.items()}
    cooling = {name: item.cooling_kwh for name, item in needs.items()}
    exact = HeldOut(shapes, specs, climate, gains, heating, cooling)
    rows = {(row["level"], row["package"]): row for row in report(joined([exact]))}
    assert rows["own", "all"]["annual_within_5"] == 1.0
    assert rows["own", "all"]["annual_worst"] < 0.01
    assert ("own", BASELINE) not in rows
    assert rows["shipped", BASELINE]["annual_worst"] == 0.0
    wrong = replace(exact, heating_kwh={**heating, "walls": 1.2 * heating["walls"]})
    rows = {(row["level"], row["package"]): row for row in report(wrong, ["shipped"])}
    assert rows["shipped", "walls"]["annual_median"] == pytest.approx(1.0 - 1.0 / 1.2, abs=0.001)
    assert rows["shipped", "walls"]["annual_within_5"] == 0.0
    assert rows["shipped", "set-point"]["annual_within_5"] == 1.0
    assert len(PACKAGES) == 8


def test_against_energyplus_itself(tmp_path: Path) -> None:
    """Calibrated on a house as it is, the estimate knows its retrofit within 5 % of EnergyPlus."""
    (tmp_path / "work").mkdir()
    model = district()[1][0]
    dwelling = spec(
        function="residential", cooling_efficiency=0.0, wall_u_value_w_m2k=1.6, window_u_value_w_m2k=3.0,
        window_share=0.2, lighting_w_m2=4.0, equipment_w_m2=3.0, ventilation_l_s_m2=0.3,
    )  # fmt: skip
    retrofit = replace(dwelling, wall_u_value_w_m2k=0.3, heating_setpoint_c=19.0)
    needs = []
    for number, state in enumerate((dwelling, retrofit)):
        (tmp_path / str(number) / "work").mkdir(parents=True)
        context = JobContext(tmp_path / str(number))
        inputs = EnergyJobInputs(
            replace(model, spec=state, shading=np.zeros((0, 4, 3))), chicago().raw, EnergySettings()
        )
        needs.append(run_energyplus(inputs, context))
    shapes = building_shapes([model])
    baseline = Baseline(dwelling, needs[0].heating_kwh, needs[0].cooling_kwh)
    inputs = EstimateJobInputs(shapes, (retrofit,), chicago(), baselines={model.building_id: baseline})
    result = run(inputs, Context())
    assert result.calibrations[model.building_id].heating_cvrmse < 0.08
    assert needs[1].heating_kwh.sum() < 0.8 * needs[0].heating_kwh.sum()
    assert annual_error(result.heating_kwh[0], needs[1].heating_kwh) == pytest.approx(0.0, abs=0.05)
    ours, theirs = (monthly_sums(item, MONTH) for item in (result.heating_kwh[0], needs[1].heating_kwh))
    large = theirs > 0.1 * theirs.max()
    np.testing.assert_allclose(ours[large], theirs[large], rtol=0.15)
    assert set(MULTIPLIER_NAMES) == set(DEFAULT_MULTIPLIERS.__dict__)
