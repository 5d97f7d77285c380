"""The solar engine as a job of the queue: city and weather in, operators and monthly totals out."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    """

    city: CityModel
    weather: Weather
    settings: SolarSettings
    conditions: SolarConditions = field(default_factory=SolarConditions)
    operators: bytes = b""


@dataclass(frozen=True, eq=False)
class SolarOutputs:
    """What a job returns.

    Parameters
    ----------
    operators : bytes
        Serialised operators.
    monthly_irradiation_kwh_m2 : ndarray, (n_surfaces, 12) float32 [kWh/m2]
    traced : bool
        Whether rays were traced, or the given operators used.
    """

    operators: bytes
    monthly_irradiation_kwh_m2: NDArray[np.float32]
    traced: bool


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
    from citytwin_desktop.sim.solar.build import Course, build_operators
    from citytwin_desktop.sim.solar.hours import HourSynthesis
    from citytwin_desktop.sim.solar.operators import SolarOperators
    from citytwin_desktop.sim.solar.place import site_of
    from citytwin_desktop.sim.solar.scene import solar_scene
    from citytwin_desktop.sim.solar.serialisation import operators_from_bytes, operators_to_bytes

    def report(fraction: float, text: str) -> None:
        context.progress(_TRACED_SHARE * fraction, text)

    def hand_over(operators: SolarOperators) -> None:
        totals = HourSynthesis(operators, inputs.weather).monthly_irradiation()
        context.hand_over(FIRST_OPERATORS, operators_to_bytes(operators))
        context.hand_over(FIRST_TOTALS, totals.astype("<f4").tobytes())

    if inputs.operators:
        operators, data = operators_from_bytes(inputs.operators), inputs.operators
    else:
        context.progress(0.0, "Preparing the scene")
        scene = solar_scene(inputs.city, inputs.settings, inputs.conditions)
        course = Course(report, context.cancelled, context.threads)
        operators = build_operators(
            scene, site_of(inputs.weather), inputs.settings, inputs.conditions, course, hand_over
        )
        context.progress(_TRACED_SHARE, "Packing")
        data = operators_to_bytes(operators)
    context.progress(0.96, "Summing the year")
    return SolarOutputs(data, HourSynthesis(operators, inputs.weather).monthly_irradiation(), not inputs.operators)


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
