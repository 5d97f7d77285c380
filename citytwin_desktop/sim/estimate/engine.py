"""The estimate as a job of the queue: all buildings in, hourly needs with their expected error out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.estimate.expected_error import OWN, ExpectedError
from citytwin_desktop.sim.estimate.shapes import BuildingShapes
from citytwin_desktop.sim.jobs.context import JobContext

if TYPE_CHECKING:
    from citytwin_desktop.sim.estimate.calibration import Calibration
    from citytwin_desktop.sim.estimate.climate import Climate
    from citytwin_desktop.sim.estimate.solar_gains import SolarGains, SurfaceOwners

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Baseline:
    """What EnergyPlus found for a building in some state.

    Parameters
    ----------
    spec : EnergySpec
        Of that state.
    heating_kwh, cooling_kwh : ndarray, (8760,) float32 [kWh]
    """

    spec: EnergySpec
    heating_kwh: Floats
    cooling_kwh: Floats


@dataclass(frozen=True, eq=False)
class EstimateJobInputs:
    """Inputs of one job.

    Parameters
    ----------
    shapes : BuildingShapes
        Of all buildings.
    specs : tuple of EnergySpec
        In their order.
    weather : Weather
    archetypes : tuple of str
        Identifier of each building's archetype, empty for none.
    baselines : mapping of str to Baseline
        By building id, where EnergyPlus has a result for the same shape and weather.
    calibrations : mapping of str to Calibration
        By building id, fitted to these baselines in an earlier job.
    operators : bytes
        Serialised solar operators of the city; empty for unshaded gains.
    owners : SurfaceOwners, optional
        Whose the surfaces of the operators are; needed with them.
    gains : SolarGains, optional
        Of an earlier job with the same shapes, weather and operators; spares making them again.
    """

    shapes: BuildingShapes
    specs: tuple[EnergySpec, ...]
    weather: Weather
    archetypes: tuple[str, ...] = ()
    baselines: Mapping[str, Baseline] = field(default_factory=dict)
    calibrations: Mapping[str, Calibration] = field(default_factory=dict)
    operators: bytes = b""
    owners: SurfaceOwners | None = None
    gains: SolarGains | None = None


@dataclass(frozen=True, eq=False)
class EstimateResult:
    """An estimated year of n buildings.

    Parameters
    ----------
    building_ids : tuple of str
    heating_kwh, cooling_kwh : ndarray, (n, 8760) float32 [kWh]
        Useful needs.
    lighting_kwh, equipment_kwh : ndarray, (n, 8760) float32 [kWh]
        As EnergyPlus counts them, no estimate.
    air_c : ndarray, (n, 8760) float32 [°C]
        Of the rooms.
    floor_area_m2 : ndarray, (n,) float64 [m2]
    error : tuple of ExpectedError
        Of each building.
    calibrations : dict of str to Calibration
        Fitted in this job or given to it, by building id, for the next job.
    """

    building_ids: tuple[str, ...]
    heating_kwh: Floats
    cooling_kwh: Floats
    lighting_kwh: Floats
    equipment_kwh: Floats
    air_c: Floats
    floor_area_m2: NDArray[np.float64]
    error: tuple[ExpectedError, ...]
    calibrations: dict[str, Calibration]


def run(inputs: EstimateJobInputs, context: JobContext) -> EstimateResult:
    """Estimate a year of all buildings.

    Parameters
    ----------
    inputs : EstimateJobInputs
    context : JobContext

    Raises
    ------
    KnownError
        When the weather cannot be used, or is of another place than the solar run.
    CancelledError
        When the job was cancelled.
    """
    from citytwin_desktop.sim.estimate.climate import climate_of

    count = len(inputs.shapes)
    if len(inputs.specs) != count or len(inputs.archetypes) not in (0, count):
        raise BugError("specifications or archetypes differ in number from the shapes")
    climate = climate_of(inputs.weather)
    context.progress(0.0, "Solar gains")
    gains = inputs.gains or solar_gains(inputs)
    own = _own_calibrations(inputs, climate, gains, context)
    context.progress(0.9, "Simulating")
    return _result(inputs, climate, gains, own)


def solar_gains(inputs: EstimateJobInputs) -> SolarGains:
    """Gains from the solar operators where there are any, else unshaded.

    Raises
    ------
    KnownError
        When the operators are damaged or of another place than the weather.
    """
    from citytwin_desktop.sim.estimate.solar_gains import shaded_gains, unshaded_gains
    from citytwin_desktop.sim.solar.serialisation import operators_from_bytes

    if not inputs.operators:
        return unshaded_gains(inputs.weather, inputs.shapes)
    if inputs.owners is None:
        raise BugError("solar operators were given without the owners of their surfaces")
    return shaded_gains(operators_from_bytes(inputs.operators), inputs.weather, inputs.owners, inputs.shapes)


def _own_calibrations(
    inputs: EstimateJobInputs, climate: Climate, gains: SolarGains, context: JobContext
) -> dict[int, Calibration]:
    """Calibration of every building with a baseline, by its place."""
    from citytwin_desktop.sim.estimate.archetype_calibration import shipped_calibration
    from citytwin_desktop.sim.estimate.buildings import buildings_of
    from citytwin_desktop.sim.estimate.calibration import calibrate

    own: dict[int, Calibration] = {}
    known = [place for place, name in enumerate(inputs.shapes.building_ids) if name in inputs.baselines]
    for number, place in enumerate(known):
        context.check_cancelled()
        context.progress(0.2 + 0.7 * number / len(known), "Calibrating")
        name = inputs.shapes.building_ids[place]
        baseline = inputs.baselines[name]
        own[place] = inputs.calibrations.get(name) or calibrate(
            buildings_of(inputs.shapes.take([place]), [baseline.spec], climate),
            climate,
            gains.take([place]),
            baseline.heating_kwh,
            baseline.cooling_kwh,
            shipped_calibration(baseline.spec.function).multipliers,
        )
    return own


def _result(
    inputs: EstimateJobInputs, climate: Climate, gains: SolarGains, own: dict[int, Calibration]
) -> EstimateResult:
    from citytwin_desktop.sim.estimate.archetype_calibration import class_calibrations
    from citytwin_desktop.sim.estimate.buildings import buildings_of
    from citytwin_desktop.sim.estimate.electricity import hourly_kwh
    from citytwin_desktop.sim.estimate.expected_error import expected_error
    from citytwin_desktop.sim.estimate.five_r_one_c import hourly_needs

    shapes, specs = inputs.shapes, inputs.specs
    archetypes = inputs.archetypes or ("",) * len(shapes)
    chosen = class_calibrations(archetypes, [spec.function for spec in specs], own)
    factors = np.array([item.multipliers.as_array() for item in chosen]).reshape(len(shapes), -1)
    buildings = buildings_of(shapes, specs, climate)
    needs = hourly_needs(buildings, climate, gains, factors)
    heating, cooling = needs.heating_kwh, needs.cooling_kwh
    if own:
        _correct(inputs, climate, gains, own, factors, heating, cooling)
    per_area = heating.sum(axis=1) / shapes.floor_area_m2
    return EstimateResult(
        building_ids=shapes.building_ids,
        heating_kwh=heating,
        cooling_kwh=cooling,
        lighting_kwh=hourly_kwh(buildings.functions, "lighting", buildings.lighting_w),
        equipment_kwh=hourly_kwh(buildings.functions, "equipment", buildings.equipment_w),
        air_c=needs.air_c,
        floor_area_m2=shapes.floor_area_m2,
        error=tuple(
            expected_error(item.level, float(need), shaded=bool(shaded))
            for item, need, shaded in zip(chosen, per_area, gains.shaded, strict=True)
        ),
        calibrations={shapes.building_ids[place]: item for place, item in own.items() if item.level == OWN},
    )


def _correct(
    inputs: EstimateJobInputs,
    climate: Climate,
    gains: SolarGains,
    own: Mapping[int, Calibration],
    factors: NDArray[np.float64],
    heating: Floats,
    cooling: Floats,
) -> None:
    """Carry what the estimate of the baseline is wrong over to that of the variant, in place."""
    from citytwin_desktop.sim.estimate.buildings import buildings_of
    from citytwin_desktop.sim.estimate.five_r_one_c import hourly_needs
    from citytwin_desktop.sim.estimate.variants import corrected_by_baseline

    places = np.array(sorted(own), np.int64)
    baselines = [inputs.baselines[inputs.shapes.building_ids[place]] for place in places]
    buildings = buildings_of(inputs.shapes.take(places.tolist()), [item.spec for item in baselines], climate)
    base = hourly_needs(buildings, climate, gains.take(places), factors[places])
    truths = ([item.heating_kwh for item in baselines], [item.cooling_kwh for item in baselines])
    for needs, before, truth in zip((heating, cooling), (base.heating_kwh, base.cooling_kwh), truths, strict=True):
        needs[places] = corrected_by_baseline(needs[places], before, np.stack(truth), climate.month)
