"""Single hours by Radiance: the sun as a light source and the Perez sky of that hour, all bounces traced."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.sim.solar.radiance.daylight import SUBDIVISION, Daylight, hourly_skies
from citytwin_desktop.sim.solar.radiance.programs import Programs
from citytwin_desktop.sim.solar.radiance.radiance_scene import suns_text, write_sky
from citytwin_desktop.sim.solar.radiance.sensors import FloatArray, Sensors
from citytwin_desktop.sim.solar.radiance.tracing import Effort, irradiance, octree

_LOWEST_SINE = 0.1
_CLOUDY_BEAM_W_M2 = 20.0
_SUNNY_QUANTILE, _CLOUDY_QUANTILE = 0.8, 0.6


def choose_hours(light: Daylight, count: int, year_hours: int = 8760) -> NDArray[np.int64]:
    """Pick sunny and cloudy hours spread over the seasons and over the day.

    Of every three, two are sunny (in the morning, in the afternoon) and one is cloudy; the quarters of the
    year take turns.

    Parameters
    ----------
    light : Daylight
    count : int
    year_hours : int

    Returns
    -------
    ndarray, (at most count,) int64
        Places in ``light``, ascending.
    """
    quarter = (month_of_hour(year_hours)[light.hour] + 1) % 12 // 3
    high = light.direction[:, 2] > _LOWEST_SINE
    sunny = high & (light.beam_w_m2 > _CLOUDY_BEAM_W_M2)
    kinds = (
        (sunny & (light.direction[:, 0] > 0), light.beam_w_m2, _SUNNY_QUANTILE),
        (high & ~sunny, light.diffuse_w_m2, _CLOUDY_QUANTILE),
        (sunny & (light.direction[:, 0] <= 0), light.beam_w_m2, _SUNNY_QUANTILE),
    )
    chosen: set[int] = set()
    for turn in range(count):
        mask, measure, quantile = kinds[turn % 3]
        places = np.flatnonzero(mask & (quarter == turn % 4))
        places = np.setdiff1d(places, list(chosen))
        if len(places):
            ordered = places[np.argsort(measure[places], kind="stable")]
            chosen.add(int(ordered[int(quantile * (len(ordered) - 1))]))
    return np.array(sorted(chosen), np.int64)


def hourly_reference(
    programs: Programs, city_tree: str, sensors: Sensors, weather: Weather, light: Daylight, effort: Effort
) -> FloatArray:
    """Trace the hours of ``light`` one by one.

    Parameters
    ----------
    programs : Programs
    city_tree : str
    sensors : Sensors
    weather : Weather
    light : Daylight
        A few hours only.
    effort : Effort

    Returns
    -------
    ndarray, (hours, cells) float64 [W/m2]
    """
    skies = hourly_skies(programs, weather, light)

    def one(k: int) -> FloatArray:
        files = [write_sky(programs, f"hour{k}_sky", skies[:, k], SUBDIVISION)]
        if light.beam_w_m2[k] > 0.0:
            text = suns_text(light.direction[[k]], light.beam_w_m2[[k]])
            files.append(programs.write(f"hour{k}_sun.rad", text))
        tree = octree(programs, f"hour{k}", files, city_tree)
        return irradiance(programs, tree, sensors, effort, order=k)

    return np.stack(programs.at_once(one, range(len(light.hour))))
