"""The solar engine as a job of the queue: city and weather in, operators and monthly totals out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.sim.jobs.context import JobContext
from citytwin_desktop.sim.solar.settings import SolarSettings


@dataclass(frozen=True, eq=False)
class SolarJobInputs:
    """Inputs of one job.

    Parameters
    ----------
    city : CityModel
        Only its surfaces and identifiers are used.
    weather : Weather
    settings : SolarSettings
    operators : bytes
        Operators of an earlier run of the same geometry, latitude and settings; empty to trace anew.
    """

    city: CityModel
    weather: Weather
    settings: SolarSettings
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
    from citytwin_desktop.sim.solar.build import build_operators
    from citytwin_desktop.sim.solar.hours import monthly_irradiation
    from citytwin_desktop.sim.solar.scene import solar_scene
    from citytwin_desktop.sim.solar.serialisation import operators_from_bytes, operators_to_bytes

    if inputs.operators:
        operators, data = operators_from_bytes(inputs.operators), inputs.operators
    else:
        context.progress(0.0, "Preparing the scene")
        scene = solar_scene(inputs.city, inputs.settings)
        latitude = inputs.weather.latitude_deg
        report = _share(context, 0.9)
        operators = build_operators(
            scene, latitude, inputs.settings, report, context.cancelled, context.threads
        )  # fmt: skip
        data = operators_to_bytes(operators)
    context.progress(0.92, "Summing the year")
    return SolarOutputs(data, monthly_irradiation(operators, inputs.weather), traced=not inputs.operators)


def _share(context: JobContext, share: float) -> Callable[[float, str], None]:
    def report(fraction: float, text: str) -> None:
        context.progress(share * fraction, text)

    return report
