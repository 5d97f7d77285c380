"""The solar engine as a job of the queue: city and weather in, operators and monthly totals out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.sim.jobs.context import JobContext
from citytwin_desktop.sim.solar.settings import SolarSettings

if TYPE_CHECKING:
    from citytwin_desktop.sim.solar.cell_maps import CellMap
    from citytwin_desktop.sim.solar.operators import SolarOperators

FIRST_OPERATORS, FIRST_TOTALS = "first operators", "first totals"
"""Names of what a job hands over before it is done."""

_TRACED_SHARE = 0.93


@dataclass(frozen=True, eq=False)
class SolarJobInputs:
    """Inputs of one job.

    Parameters
    ----------
    city : CityModel
        Identifiers, surfaces, context and reflectances are used.
    weather : Weather
    settings : SolarSettings
    conditions : SolarConditions
    operators : bytes
        Operators of an earlier run of the same geometry, place, settings and conditions; empty to trace anew.
    trace_file : str
        Where what is traced is kept from run to run; empty to keep nothing.
    """

    city: CityModel
    weather: Weather
    settings: SolarSettings
    conditions: SolarConditions = field(default_factory=SolarConditions)
    operators: bytes = b""
    trace_file: str = ""


@dataclass(frozen=True, eq=False)
class SolarOutputs:
    """What a job returns.

    Parameters
    ----------
    operators : bytes
        Serialised operators.
    monthly_irradiation_kwh_m2 : ndarray, (n_surfaces, 12) float32 [kWh/m2]
    traced_share : float
        Share of the cells that rays were traced from; 0 when nothing had changed, or the given operators were used.
    """

    operators: bytes
    monthly_irradiation_kwh_m2: NDArray[np.float32]
    traced_share: float


def run(inputs: SolarJobInputs, context: JobContext) -> SolarOutputs:
    """Trace the city unless that was done before, then sum the year.

    Parameters
    ----------
    inputs : SolarJobInputs
    context : JobContext

    Raises
    ------
    KnownError
        When the city or the weather cannot be used.
    """
    from citytwin_desktop.sim.solar.hours import HourSynthesis
    from citytwin_desktop.sim.solar.serialisation import operators_to_bytes

    known = _usable(inputs.operators)
    if known is not None:
        operators, data, share = known, inputs.operators, 0.0
    else:
        operators, share = _traced(inputs, context)
        context.progress(_TRACED_SHARE, "Packing")
        data = operators_to_bytes(operators)
    context.progress(0.96, "Summing the year")
    return SolarOutputs(data, HourSynthesis(operators, inputs.weather).monthly_irradiation(), share)


def _usable(data: bytes) -> SolarOperators | None:
    """Operators of an earlier run; None without any, or when they are damaged."""
    from citytwin_desktop.errors import KnownError
    from citytwin_desktop.sim.solar.serialisation import operators_from_bytes

    try:
        return operators_from_bytes(data) if data else None
    except KnownError:
        return None


def _traced(inputs: SolarJobInputs, context: JobContext) -> tuple[SolarOperators, float]:
    """Operators, and the share of the cells that had to be traced for them."""
    from citytwin_desktop.sim.solar.build import Course, prepare, solve, trace_rows
    from citytwin_desktop.sim.solar.fingerprint import fingerprint
    from citytwin_desktop.sim.solar.place import site_of
    from citytwin_desktop.sim.solar.retrace import OldTrace, retrace
    from citytwin_desktop.sim.solar.scene import solar_scene
    from citytwin_desktop.sim.solar.solving import leaf_transmittances
    from citytwin_desktop.sim.solar.sun_nodes import sun_plan
    from citytwin_desktop.sim.solar.trace_file import TraceOf, read_trace, write_trace

    def report(fraction: float, text: str) -> None:
        context.progress(_TRACED_SHARE * fraction, text)

    def hand_over(operators: SolarOperators) -> None:
        _hand_over(operators, inputs.weather, context)

    context.progress(0.0, "Preparing the scene")
    settings, conditions, site = inputs.settings, inputs.conditions, site_of(inputs.weather)
    course = Course(report, context.cancelled, context.threads)
    ready = prepare(solar_scene(inputs.city, settings, conditions), settings, course)
    plan = sun_plan(site.latitude_deg, site.solar_offset_h, settings)
    made_for = TraceOf(settings, leaf_transmittances(ready.scene, conditions), site)
    rows, path = fingerprint(ready), Path(inputs.trace_file)
    known = read_trace(path, made_for, plan) if inputs.trace_file else None
    found = retrace(known[0], rows, ready, plan, settings, conditions, course) if known and known[1] else None
    if found is not None:
        sky, sun, share = found.sky, found.sun, found.share
    else:
        same = known is not None and np.array_equal(known[0].rows.mark, rows.mark)
        same = same and known is not None and known[0].rows.others == rows.others
        old_sky = known[0].sky if known is not None and same else None
        sky, sun = trace_rows(ready, site, settings, conditions, course, hand_over, old_sky)
        share = 1.0
    operators = solve(ready, site, settings, conditions, sky, sun, course.stage("Reflections", 0.9, 1.0))
    if inputs.trace_file:
        write_trace(path, made_for, OldTrace(rows, sky, sun))
    return operators, share


def _hand_over(operators: SolarOperators, weather: Weather, context: JobContext) -> None:
    """Give the first map away."""
    from citytwin_desktop.sim.solar.hours import HourSynthesis
    from citytwin_desktop.sim.solar.serialisation import operators_to_bytes

    totals = HourSynthesis(operators, weather).monthly_irradiation()
    context.hand_over(FIRST_OPERATORS, operators_to_bytes(operators))
    context.hand_over(FIRST_TOTALS, totals.astype("<f4").tobytes())


def run_cells(inputs: SolarJobInputs, context: JobContext) -> CellMap:
    """Trace the city and the ground around it cell by cell.

    Parameters
    ----------
    inputs : SolarJobInputs
        With the wanted cell size in the settings.
    context : JobContext

    Raises
    ------
    KnownError
        When the city cannot be used, or has too many cells.
    """
    from citytwin_desktop.sim.solar.build import Course
    from citytwin_desktop.sim.solar.cell_maps import cell_map
    from citytwin_desktop.sim.solar.place import site_of
    from citytwin_desktop.sim.solar.scene import solar_scene

    context.progress(0.0, "Preparing the scene")
    scene = solar_scene(inputs.city, inputs.settings, inputs.conditions)
    course = Course(context.progress, context.cancelled, context.threads)
    return cell_map(scene, site_of(inputs.weather), inputs.settings, inputs.conditions, course)
