"""Our own engine on the validation district: annual sums and single hours, as shown first and as refined."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.sim.solar.build import build_operators
from citytwin_desktop.sim.solar.hours import HourSynthesis
from citytwin_desktop.sim.solar.operators import SolarOperators
from citytwin_desktop.sim.solar.place import site_of
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings

FloatArray = NDArray[np.float64]

_WH_PER_KWH = 1000.0


@dataclass(frozen=True, eq=False)
class EngineValues:
    """What our engine says of a district.

    Parameters
    ----------
    first_beam_kwh_m2, sky_kwh_m2, reflected_kwh_m2, beam_kwh_m2 : ndarray, (surfaces,) float64 [kWh/m2]
        Of the year: the beam as the first map has it and, last, with every hour exact.
    first_annual_kwh_m2, annual_kwh_m2 : ndarray, (surfaces,) float64 [kWh/m2]
        As the engine sums the year, on the first map and refined.
    first_w_m2, refined_w_m2 : ndarray, (hours, surfaces) float64 [W/m2]
        Single hours.
    """

    first_beam_kwh_m2: FloatArray
    sky_kwh_m2: FloatArray
    reflected_kwh_m2: FloatArray
    beam_kwh_m2: FloatArray
    first_annual_kwh_m2: FloatArray
    annual_kwh_m2: FloatArray
    first_w_m2: FloatArray
    refined_w_m2: FloatArray


def engine_values(city: CityModel, weather: Weather, settings: SolarSettings, hours: NDArray[np.int64]) -> EngineValues:
    """Run our engine.

    Parameters
    ----------
    city : CityModel
    weather : Weather
    settings : SolarSettings
    hours : ndarray, (k,) int64
        Hours of the year from 0 that are wanted singly.

    Returns
    -------
    EngineValues
    """
    firsts: list[SolarOperators] = []
    operators = build_operators(solar_scene(city, settings), site_of(weather), settings, first_map=firsts.append)
    refined, first = HourSynthesis(operators, weather), HourSynthesis(firsts[0], weather)
    sums = np.zeros((4, len(operators)))
    for hour in np.flatnonzero(weather.direct_normal_wh_m2 + weather.diffuse_horizontal_wh_m2 > 0.0):
        parts = refined.parts(int(hour))
        sums += first.parts(int(hour)).beam, parts.sky, parts.reflected, parts.beam
    first_annual, annual = (each.monthly_irradiation().sum(axis=1, dtype=np.float64) for each in (first, refined))
    single = [np.array([each.irradiance(int(hour)) for hour in hours], np.float64) for each in (first, refined)]
    first_beam, sky, reflected, beam = sums / _WH_PER_KWH
    return EngineValues(first_beam, sky, reflected, beam, first_annual, annual, single[0], single[1])
