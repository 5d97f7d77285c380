"""How far the estimate is from EnergyPlus on retrofits that its calibration has not seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.estimate.archetype_calibration import pooled, shipped_calibration
from citytwin_desktop.sim.estimate.buildings import buildings_of
from citytwin_desktop.sim.estimate.calibration import Calibration, calibrate
from citytwin_desktop.sim.estimate.climate import Climate
from citytwin_desktop.sim.estimate.errors_of import monthly_sums
from citytwin_desktop.sim.estimate.expected_error import ARCHETYPE, OWN, SHIPPED, SMALL_NEED_KWH_M2
from citytwin_desktop.sim.estimate.five_r_one_c import hourly_needs
from citytwin_desktop.sim.estimate.shapes import BuildingShapes
from citytwin_desktop.sim.estimate.solar_gains import SolarGains
from citytwin_desktop.sim.estimate.variants import corrected_by_baseline

FloatArray = NDArray[np.float64]
Floats = NDArray[np.float32]

BASELINE = "baseline"
ANNUAL_GOAL, MONTHLY_GOAL = 0.05, 0.15
SMALL_MONTH = 0.1
"""Of the building's largest month in that state."""


def _upgraded(spec: EnergySpec, **limits: float) -> EnergySpec:
    """A specification in which no value is above its limit."""
    return replace(spec, **{name: min(getattr(spec, name), limit) for name, limit in limits.items()})


def _walls(spec: EnergySpec) -> EnergySpec:
    return _upgraded(spec, wall_u_value_w_m2k=0.30)


def _roofs(spec: EnergySpec) -> EnergySpec:
    return _upgraded(spec, roof_u_value_w_m2k=0.16)


def _windows(spec: EnergySpec) -> EnergySpec:
    return _upgraded(spec, window_u_value_w_m2k=1.6, window_g_value=0.63)


def _airtight(spec: EnergySpec) -> EnergySpec:
    return replace(spec, infiltration_ach=0.5 * spec.infiltration_ach)


def _recovery(spec: EnergySpec) -> EnergySpec:
    return replace(spec, heat_recovery_efficiency=max(spec.heat_recovery_efficiency, 0.8))


def _cooler(spec: EnergySpec) -> EnergySpec:
    return replace(spec, heating_setpoint_c=spec.heating_setpoint_c - 1.0)


def _envelope(spec: EnergySpec) -> EnergySpec:
    return _windows(_roofs(_walls(spec)))


def _deep(spec: EnergySpec) -> EnergySpec:
    return _upgraded(_recovery(_airtight(_envelope(spec))), floor_u_value_w_m2k=0.25)


PACKAGES: Mapping[str, Callable[[EnergySpec], EnergySpec]] = {
    "walls": _walls,
    "roofs": _roofs,
    "windows": _windows,
    "airtightness": _airtight,
    "heat recovery": _recovery,
    "set-point": _cooler,
    "envelope": _envelope,
    "deep": _deep,
}
"""Eight retrofits that change the need for heat in different ways."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Buildings with their EnergyPlus needs before and after each package.

    Parameters
    ----------
    shapes : BuildingShapes
    specs : tuple of EnergySpec
        Before.
    climate : Climate
    gains : SolarGains
    heating_kwh, cooling_kwh : mapping of str to ndarray, (n, 8760) float32 [kWh]
        By EnergyPlus, of the baseline and of each package.
    """

    shapes: BuildingShapes
    specs: tuple[EnergySpec, ...]
    climate: Climate
    gains: SolarGains
    heating_kwh: Mapping[str, Floats]
    cooling_kwh: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.specs)


def joined(parts: Sequence[HeldOut]) -> HeldOut:
    """Several districts under one weather as one.

    Raises
    ------
    BugError
        When there is none, or they differ in weather or packages.
    """
    first = parts[0] if parts else None
    if first is None or any(set(part.heating_kwh) != set(first.heating_kwh) for part in parts):
        raise BugError("the districts of an experiment have no or different packages")
    if any(not np.array_equal(part.climate.air_c, first.climate.air_c) for part in parts):
        raise BugError("the districts of an experiment differ in weather")
    heating, cooling = (
        {name: np.concatenate([getattr(part, kind)[name] for part in parts]) for name in first.heating_kwh}
        for kind in ("heating_kwh", "cooling_kwh")
    )
    return HeldOut(
        BuildingShapes.concatenate([part.shapes for part in parts]),
        tuple(spec for part in parts for spec in part.specs),
        first.climate,
        SolarGains.concatenate([part.gains for part in parts]),
        heating,
        cooling,
    )


def calibrations_of(held_out: HeldOut) -> list[Calibration]:
    """Own calibration of every building, from its baseline alone."""
    buildings = buildings_of(held_out.shapes, held_out.specs, held_out.climate)
    return [
        calibrate(
            buildings.take([place]),
            held_out.climate,
            held_out.gains.take([place]),
            held_out.heating_kwh[BASELINE][place],
            held_out.cooling_kwh[BASELINE][place],
            shipped_calibration(spec.function).multipliers,
        )
        for place, spec in enumerate(held_out.specs)
    ]


def factors_of(held_out: HeldOut, own: Sequence[Calibration], level: str) -> FloatArray:
    """(n, 7) float64: multipliers of a level; of the archetype from the other buildings of the function alone."""
    if level == OWN:
        return np.array([item.multipliers.as_array() for item in own])
    functions = [spec.function for spec in held_out.specs]
    rows = []
    for place, function in enumerate(functions):
        others = [own[k] for k, other in enumerate(functions) if other == function and k != place]
        found = pooled(others, level) if level == ARCHETYPE and others else shipped_calibration(function)
        rows.append(found.multipliers.as_array())
    return np.array(rows)


def estimates(held_out: HeldOut, own: Sequence[Calibration], level: str) -> dict[str, tuple[Floats, Floats]]:
    """Heating and cooling (n, 8760) float32 [kWh] of the baseline and each package, at a level of calibration."""
    factors, climate, gains = factors_of(held_out, own, level), held_out.climate, held_out.gains
    found: dict[str, tuple[Floats, Floats]] = {}
    base = hourly_needs(buildings_of(held_out.shapes, held_out.specs, climate), climate, gains, factors)
    for name in held_out.heating_kwh:
        change = PACKAGES.get(name)
        if change is None:
            found[name] = base.heating_kwh, base.cooling_kwh
            continue
        changed = [change(spec) for spec in held_out.specs]
        needs = hourly_needs(buildings_of(held_out.shapes, changed, climate), climate, gains, factors)
        heating, cooling = needs.heating_kwh, needs.cooling_kwh
        if level == OWN:
            truth = held_out.heating_kwh[BASELINE], held_out.cooling_kwh[BASELINE]
            heating = corrected_by_baseline(heating, base.heating_kwh, truth[0], climate.month)
            cooling = corrected_by_baseline(cooling, base.cooling_kwh, truth[1], climate.month)
        found[name] = heating, cooling
    return found


def report(held_out: HeldOut, levels: Sequence[str] = (OWN, ARCHETYPE, SHIPPED)) -> list[dict[str, Any]]:
    """Rows of errors, one for each level and package and one for all packages together.

    At the level ``own`` the baseline is what was calibrated to, and is left out; at the other levels it is an
    estimate like all.
    """
    own = calibrations_of(held_out)
    rows: list[dict[str, Any]] = []
    for level in levels:
        found = estimates(held_out, own, level)
        names = [name for name in found if level != OWN or name != BASELINE]
        errors = {name: _errors(held_out, found[name][0], held_out.heating_kwh[name]) for name in names}
        rows += [{"level": level, "package": name, **_summary([errors[name]])} for name in names]
        rows.append({"level": level, "package": "all", **_summary(list(errors.values()))})
    return rows


@dataclass(frozen=True, eq=False)
class _Errors:
    """Of n buildings in one state: annual relative error, need [kWh/m2], months and largest month (n, 12)."""

    annual: FloatArray
    need_kwh_m2: FloatArray
    estimate: FloatArray
    truth: FloatArray


def _errors(held_out: HeldOut, estimate: Floats, truth: Floats) -> _Errors:
    ours, known = (monthly_sums(values, held_out.climate.month) for values in (estimate, truth))
    annual = ours.sum(axis=1) / np.maximum(known.sum(axis=1), 1e-6) - 1.0
    return _Errors(annual, known.sum(axis=1) / held_out.shapes.floor_area_m2, ours, known)


def _summary(errors: Sequence[_Errors]) -> dict[str, Any]:
    annual = np.abs(np.concatenate([item.annual for item in errors]))
    need = np.concatenate([item.need_kwh_m2 for item in errors])
    ours, known = (np.concatenate([getattr(item, name) for item in errors]) for name in ("estimate", "truth"))
    largest = np.maximum(known.max(axis=1, keepdims=True), 1e-6)
    to_largest = np.abs(ours - known) / largest
    big = known > SMALL_MONTH * largest
    relative = np.abs(ours - known)[big] / known[big]
    usual = need >= SMALL_NEED_KWH_M2
    cvrmse = np.sqrt(((ours - known) ** 2).mean(axis=1)) / np.maximum(known.mean(axis=1), 1e-6)
    absolute = np.abs(ours.sum(axis=1) - known.sum(axis=1)) / np.maximum(known.sum(axis=1), 1e-6) * need
    return {
        "cases": len(annual),
        "annual_within_5": _share(annual <= ANNUAL_GOAL),
        "annual_median": _quantile(annual, 0.5),
        "annual_p90": _quantile(annual, 0.9),
        "annual_worst": _quantile(annual, 1.0),
        "cases_above_15_kwh_m2": int(usual.sum()),
        "annual_within_5_above_15_kwh_m2": _share(annual[usual] <= ANNUAL_GOAL),
        "annual_p90_above_15_kwh_m2": _quantile(annual[usual], 0.9),
        "annual_worst_above_15_kwh_m2": _quantile(annual[usual], 1.0),
        "absolute_p90_kwh_m2": _quantile(absolute, 0.9),
        "absolute_p90_below_15_kwh_m2": _quantile(absolute[~usual], 0.9),
        "months_within_15": _share(relative <= MONTHLY_GOAL),
        "months_median": _quantile(relative, 0.5),
        "months_p90": _quantile(relative, 0.9),
        "months_within_15_of_largest": _share(to_largest <= MONTHLY_GOAL),
        "monthly_cvrmse_p90": _quantile(cvrmse, 0.9),
        "monthly_cvrmse_p90_above_15_kwh_m2": _quantile(cvrmse[usual], 0.9),
    }


def _share(values: NDArray[np.bool_]) -> float | None:
    return round(float(values.mean()), 4) if values.size else None


def _quantile(values: FloatArray, share: float) -> float | None:
    return round(float(np.quantile(values, share)), 4) if values.size else None
