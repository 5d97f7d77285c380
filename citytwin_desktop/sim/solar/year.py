"""Sun and sky of every hour of a weather file."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.sky import SkyPatches, sky_radiance
from citytwin_desktop.sim.solar.sun import SunPath, day_angle_rad, sun_path

Floats = NDArray[np.float32]

_HOURS_AT_ONCE = 512
_CLOSURE, _BEAM_AT_NIGHT = 0.15, 0.03
"""Sound files close within a hundredth and have no beam at night."""


@dataclass(frozen=True, eq=False)
class SolarYear:
    """Sun and sky of a weather file, as the operators want them.

    Parameters
    ----------
    path : SunPath
    beam_w_m2 : ndarray, (hours,) float32 [W/m2]
        Direct normal irradiance, zero while the sun is down.
    global_horizontal_w_m2 : ndarray, (hours,) float32 [W/m2]
        Of open ground.
    radiance : ndarray, (hours, patches) float32 [W/m2sr]
        Of the sky patches.
    """

    path: SunPath
    beam_w_m2: Floats
    global_horizontal_w_m2: Floats
    radiance: Floats

    def ground_radiance(self, reflectance: float) -> Floats:
        """Radiance of unshaded ground, (hours,) float32 [W/m2sr]."""
        return np.asarray(np.float32(reflectance / np.pi) * self.global_horizontal_w_m2)


def solar_year(weather: Weather, patches: SkyPatches) -> SolarYear:
    """Work out sun and sky of every hour.

    Parameters
    ----------
    weather : Weather
    patches : SkyPatches

    Returns
    -------
    SolarYear

    Raises
    ------
    KnownError
        When an irradiance is missing or negative.
    """
    beam, diffuse = weather.direct_normal_wh_m2, weather.diffuse_horizontal_wh_m2
    for what, values in (("direct normal", beam), ("diffuse horizontal", diffuse)):
        bad = np.flatnonzero(~(values >= 0.0) | ~np.isfinite(values))
        if len(bad):
            raise KnownError(
                f"Weather {weather.name}: the {what} irradiation of hour {bad[0] + 1} is {values[bad[0]]:g} Wh/m²; "
                "use a weather file without gaps."
            )
    path = sun_path(weather.latitude_deg, weather.longitude_deg, weather.time_zone_h, weather.hours)
    _require_agreement(weather, path)
    beam = np.where(path.up, beam, 0.0)
    global_horizontal = diffuse + beam * np.maximum(path.sine_altitude, 0.0)
    day_angle = day_angle_rad(weather.hours)
    radiance = np.empty((weather.hours, len(patches.direction)), np.float32)
    for first in range(0, weather.hours, _HOURS_AT_ONCE):
        part = slice(first, first + _HOURS_AT_ONCE)
        sun = np.where(path.up[part, None], path.direction[part], -1.0)
        radiance[part] = sky_radiance(diffuse[part], beam[part], sun, day_angle[part], patches)
    return SolarYear(path, beam.astype(np.float32), global_horizontal.astype(np.float32), radiance)


def _require_agreement(weather: Weather, path: SunPath) -> None:
    """Refuse radiation that contradicts itself, as with a wrong clock or with columns that were never filled."""
    stated = float(weather.global_horizontal_wh_m2.sum())
    if not stated > 0.0:
        return
    beam = weather.direct_normal_wh_m2
    height = np.where(path.up, np.maximum(path.sine_altitude, 0.0), 0.0)
    share = float((weather.diffuse_horizontal_wh_m2 + beam * height).sum()) / stated
    dark = float(beam[~path.up].sum()) / max(float(beam.sum()), 1.0)
    if abs(share - 1.0) > _CLOSURE or dark > _BEAM_AT_NIGHT:
        raise KnownError(
            f"Weather {weather.name}: its diffuse and direct radiation make {share:.0%} of its global radiation "
            f"over the year, and {dark:.0%} of the direct falls while the sun is down; "
            "check its clock, place and columns."
        )
