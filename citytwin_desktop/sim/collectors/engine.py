"""The collector engine as a job of the queue: solar results and assumptions in, areas and yields out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.collector_set import TECHNOLOGIES, CollectorAssumptions
from citytwin_desktop.analysis.usable_area import UsableArea, usable_area
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.jobs.context import JobContext

if TYPE_CHECKING:
    from citytwin_desktop.sim.collectors.generation import CollectorBatch
    from citytwin_desktop.sim.solar.operators import SolarOperators

COLLECTORS_VERSION = "1.0"
"""Part of every result key; raised whenever the same inputs would give other numbers."""

Floats = NDArray[np.float32]
_PLACED_SHARE = 0.15


@dataclass(frozen=True, eq=False)
class CollectorJobInputs:
    """Inputs of one job.

    Parameters
    ----------
    polygons : Polygons
        Surfaces of the city.
    kinds : ndarray, (n_surfaces,) uint8
    row : ndarray, (n_surfaces,) int64
        Row of the building table that each surface belongs to.
    group : ndarray, (n_surfaces,) int64
        Building of each surface, parts counted to it.
    window_share : ndarray, (n_surfaces,) float64
        Windows of each wall that its polygon does not show as holes; nan where nothing is known.
    irradiation_kwh_m2 : ndarray, (n_surfaces,) float64 [kWh/m2]
        Of the year.
    operators : bytes
        Serialised solar operators.
    weather : Weather
    assumptions : CollectorAssumptions
    demand_kwh : mapping of int to ndarray, (hours,) float32 [kWh]
        Electricity demand of the buildings (groups) that have one.
    """

    polygons: Polygons
    kinds: NDArray[np.uint8]
    row: NDArray[np.int64]
    group: NDArray[np.int64]
    window_share: NDArray[np.float64]
    irradiation_kwh_m2: NDArray[np.float64]
    operators: bytes
    weather: Weather
    assumptions: CollectorAssumptions
    demand_kwh: Mapping[int, Floats] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class CollectorYield:
    """One kind of collector on all surfaces.

    Parameters
    ----------
    size : ndarray, (n_surfaces,) float32
        Peak power [kWp] of photovoltaics, gross area [m2] of solar thermal.
    area_m2 : ndarray, (n_surfaces,) float32 [m2]
    placement, verdict : ndarray, (n_surfaces,) uint8
        Values of `citytwin_desktop.analysis.usable_area.Placement` and ``Verdict``.
    monthly_kwh : ndarray, (n_surfaces, 12) float32 [kWh]
    city_hourly_kwh : ndarray, (hours,) float32 [kWh]
        All surfaces together.
    """

    size: Floats
    area_m2: Floats
    placement: NDArray[np.uint8]
    verdict: NDArray[np.uint8]
    monthly_kwh: Floats
    city_hourly_kwh: Floats


@dataclass(frozen=True, eq=False)
class CollectorOutputs:
    """What a job returns.

    Parameters
    ----------
    photovoltaic, solar_thermal : CollectorYield
    matched_kwh : mapping of int to (generation, demand, self-consumed) [kWh]
        Of the year, for each building of ``demand_kwh``.
    """

    photovoltaic: CollectorYield
    solar_thermal: CollectorYield
    matched_kwh: Mapping[int, tuple[float, float, float]]


def placed_areas(inputs: CollectorJobInputs, operators: SolarOperators) -> tuple[UsableArea, UsableArea]:
    """Collector area on every surface, for photovoltaics and for solar thermal.

    Parameters
    ----------
    inputs : CollectorJobInputs
    operators : SolarOperators
        They know which way surfaces face, also of bodies that are inside out.

    Raises
    ------
    KnownError
        When the operators are of another city, or an irradiation is not possible.
    """
    if len(operators) != len(inputs.kinds):
        raise KnownError("The solar result is of another city than today's: run solar again.")
    normals = operators.normals.astype(np.float64)
    power, heat = (
        usable_area(
            inputs.polygons, inputs.kinds, inputs.irradiation_kwh_m2, inputs.assumptions.placement(technology),
            inputs.window_share, inputs.row, normals,
        )
        for technology in TECHNOLOGIES
    )  # fmt: skip
    return power, heat


def run(inputs: CollectorJobInputs, context: JobContext) -> CollectorOutputs:
    """Place collectors on all surfaces and work out their year.

    Parameters
    ----------
    inputs : CollectorJobInputs
    context : JobContext

    Raises
    ------
    KnownError
        When solar results or weather cannot be used.
    CancelledError
        When somebody asked to stop.
    """
    from citytwin_desktop.sim.collectors.generation import generate
    from citytwin_desktop.sim.solar.hours import HourSynthesis
    from citytwin_desktop.sim.solar.serialisation import operators_from_bytes

    context.progress(0.0, "Placing collectors")
    operators = operators_from_bytes(inputs.operators)
    areas = placed_areas(inputs, operators)
    context.check_cancelled()
    gathered = _Gathered(areas, inputs)
    synthesis = HourSynthesis(operators, inputs.weather)
    for batch in generate(synthesis, areas, inputs.assumptions, inputs.group, check=context.check_cancelled):
        gathered.take(batch)
        context.progress(_PLACED_SHARE + (1.0 - _PLACED_SHARE) * gathered.share_done, "A year of collectors")
    return gathered.outputs()


class _Gathered:
    """Sums over batches."""

    def __init__(self, areas: tuple[UsableArea, UsableArea], inputs: CollectorJobInputs) -> None:
        count, hours = len(inputs.kinds), inputs.weather.hours
        self._areas, self._demand = areas, inputs.demand_kwh
        self._size = np.zeros((2, count), np.float32)
        self._monthly = np.zeros((2, count, 12), np.float32)
        self._hourly = np.zeros((2, hours))
        # Without collectors nothing is generated, whatever the demand.
        self._matched = {
            group: (0.0, float(demand.sum(dtype=np.float64)), 0.0) for group, demand in inputs.demand_kwh.items()
        }
        self._usable = int(((areas[0].collector_m2 > 0.0) | (areas[1].collector_m2 > 0.0)).sum())
        self._done = 0

    @property
    def share_done(self) -> float:
        return self._done / max(self._usable, 1)

    def take(self, batch: CollectorBatch) -> None:
        for place, potential in enumerate((batch.photovoltaic, batch.solar_thermal)):
            self._size[place, batch.surfaces] = potential.size
            self._monthly[place, batch.surfaces] = potential.monthly_kwh
            self._hourly[place] += potential.hourly_kwh.sum(axis=0, dtype=np.float64)
        self._match(batch)
        self._done += len(batch.surfaces)

    def _match(self, batch: CollectorBatch) -> None:
        from citytwin_desktop.analysis.self_consumption import self_consumption

        with_demand = [place for place, group in enumerate(batch.groups.tolist()) if group in self._demand]
        if not with_demand:
            return
        groups = [int(batch.groups[place]) for place in with_demand]
        demand = np.stack([self._demand[group] for group in groups])
        found = self_consumption(batch.photovoltaic.hourly_kwh[with_demand], demand)
        parts = (found.generation_kwh, found.demand_kwh, found.self_consumed_kwh)
        for place, group in enumerate(groups):
            self._matched[group] = (float(parts[0][place]), float(parts[1][place]), float(parts[2][place]))

    def outputs(self) -> CollectorOutputs:
        power, heat = (
            CollectorYield(
                self._size[place],
                area.collector_m2.astype(np.float32),
                area.placement,
                area.verdict,
                self._monthly[place],
                self._hourly[place].astype(np.float32),
            )
            for place, area in enumerate(self._areas)
        )
        return CollectorOutputs(power, heat, self._matched)
