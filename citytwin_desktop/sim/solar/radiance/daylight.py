"""Skies and suns of a weather file for Radiance: gendaymtx's sky, our hours."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.calendar import MONTH_DAYS, month_of_hour
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.solar.radiance.programs import Programs
from citytwin_desktop.sim.solar.sky import sky_patches
from citytwin_desktop.sim.solar.sun import FloatArray, day_angle_rad, equation_of_time_min, sun_path

SUBDIVISION = 4
"""Of the Reinhart sky of the reference: 2,305 patches."""

_SUN_ABOVE_SINE = 0.001


@dataclass(frozen=True, eq=False)
class Daylight:
    """The hours in which the sun is up, as both engines see them.

    Parameters
    ----------
    hour : ndarray, (k,) int64
        Of the year, from 0.
    direction : ndarray, (k, 3) float64
        Towards the sun in the middle of the daylit part of the hour.
    beam_w_m2, diffuse_w_m2 : ndarray, (k,) float64 [W/m2]
    clock_h : ndarray, (k,) float64 [h]
        Local standard time of that moment, 0-24.
    dark_diffuse_wh_m2 : float [Wh/m2]
        What the weather gives of diffuse light in all the other hours.
    """

    hour: NDArray[np.int64]
    direction: FloatArray
    beam_w_m2: FloatArray
    diffuse_w_m2: FloatArray
    clock_h: FloatArray
    dark_diffuse_wh_m2: float

    def take(self, chosen: NDArray[np.int64]) -> "Daylight":
        """Some of the hours; what the dark ones give stays."""
        parts = ("hour", "direction", "beam_w_m2", "diffuse_w_m2", "clock_h")
        return replace(self, **{name: getattr(self, name)[chosen] for name in parts})


def daylight(weather: Weather) -> Daylight:
    """Find the hours with light and where the sun stands in them.

    Parameters
    ----------
    weather : Weather

    Returns
    -------
    Daylight
    """
    path = sun_path(weather.latitude_deg, weather.longitude_deg, weather.time_zone_h, weather.hours)
    beam, diffuse = weather.direct_normal_wh_m2, weather.diffuse_horizontal_wh_m2
    up = path.up & (path.sine_altitude > _SUN_ABOVE_SINE)
    hour = np.flatnonzero(up & (beam + diffuse > 0.0))
    middle = _middle_hour_angle_deg(weather)
    late = (path.hour_angle_deg - middle + 180) % 360 - 180
    return Daylight(
        hour, path.direction[hour], beam[hour], diffuse[hour],
        hour % 24 + 0.5 + late[hour] / 15, float(diffuse[~up].sum()),
    )  # fmt: skip


def patch_directions(subdivision: int) -> FloatArray:
    """Middles of the patches as Radiance lays them, the first of each row due north, (patches, 3) float64.

    Ours begin at north instead; half a patch at 2,305 patches is 1.5 degrees.

    Parameters
    ----------
    subdivision : int
    """
    ours = sky_patches(subdivision)
    counts = np.diff(ours.row_start)
    row = np.repeat(np.arange(len(counts)), counts)
    azimuth = 2 * np.pi * (np.arange(len(row)) - ours.row_start[row]) / counts[row]
    height = ours.direction[:, 2]
    flat = np.sqrt(1.0 - height**2)
    return np.stack([flat * np.sin(azimuth), flat * np.cos(azimuth), height], axis=1)


def average_sky(programs: Programs, weather: Weather, light: Daylight) -> FloatArray:
    """Mean sky over the hours of ``light`` without the sun, (2305,) float64 [W/m2sr]; see `hourly_skies`."""
    return _skies(programs, weather, light, ["-A"])[:, 0]


def hourly_skies(programs: Programs, weather: Weather, light: Daylight) -> FloatArray:
    """Compute skies of the Perez model without the sun, as Radiance sees it.

    Parameters
    ----------
    programs : Programs
    weather : Weather
        Place.
    light : Daylight

    Returns
    -------
    ndarray, (2305, hours) float64 [W/m2sr]
    """
    return _skies(programs, weather, light, [])


def sun_difference_deg(programs: Programs, weather: Weather, light: Daylight) -> float:
    """Angle between our sun and that of gendaymtx, which 99 % of the hours with beam stay under [deg].

    Radiance's declination is a single sine, up to 1.4 degrees off in autumn; ours is Spencer's series. Only the
    bright part of the sky around the sun feels it, for the suns of the reference are ours: in Chicago the sky alone
    differs by 0.4 % of a year on a south wall, by 0.2 % or less on the others and on the horizontal.

    Parameters
    ----------
    programs : Programs
    weather : Weather
    light : Daylight

    Raises
    ------
    BugError
        When gendaymtx tells no sun of our hours.
    """
    programs.run("gendaymtx", ["-h", "-d", "-O1", "-D", "suns.rad", "-M", "suns.mod"], _wea(weather, light))
    words = (programs.folder / "suns.rad").read_text().split()
    # Each sun is named after its minute of the year: "solar462 source sun462 0 0 4 x y z diameter".
    places = [k for k, word in enumerate(words) if word == "source"]
    theirs = {int(words[k + 1].removeprefix("sun")): [float(x) for x in words[k + 5 : k + 8]] for k in places}
    minute = np.rint(light.hour // 24 * 1440 + light.clock_h * 60).astype(np.int64)
    angles = [
        np.degrees(np.arccos(np.clip(light.direction[k] @ np.array(theirs[int(m)]), -1.0, 1.0)))
        for k, m in enumerate(minute)
        if int(m) in theirs and light.beam_w_m2[k] > 0.0
    ]
    if not angles:
        raise BugError("gendaymtx tells no sun of our hours")
    return float(np.quantile(angles, 0.99))


def _middle_hour_angle_deg(weather: Weather) -> FloatArray:
    """Hour angle at half past each hour, also when the sun has set by then."""
    clock = np.arange(weather.hours) % 24 + 0.5
    equation_min = equation_of_time_min(day_angle_rad(weather.hours))
    return 15 * (clock + 4 / 60 * (weather.longitude_deg - 15 * weather.time_zone_h) + equation_min / 60 - 12)


def _skies(programs: Programs, weather: Weather, light: Daylight, more: list[str]) -> FloatArray:
    options = ["-h", "-s", "-m", str(SUBDIVISION), "-O1", "-c", "1", "1", "1", "-of", *more]
    data = np.frombuffer(programs.run("gendaymtx", options, _wea(weather, light)), np.float32)
    columns = 1 if more else len(light.hour)
    if data.size % (3 * columns):
        raise BugError(f"gendaymtx gave {data.size} numbers for {columns} skies")
    # The first row is the ground, which our scenes have as a polygon.
    return data.reshape(-1, columns, 3)[1:, :, 0].astype(np.float64)


def _wea(weather: Weather, light: Daylight) -> bytes:
    """Hours and irradiances in the format of gendaymtx, which counts longitudes westwards."""
    lines = [
        "place validation",
        f"latitude {weather.latitude_deg:.6f}",
        f"longitude {-weather.longitude_deg:.6f}",
        f"time_zone {-15 * weather.time_zone_h:.6f}",
        f"site_elevation {weather.elevation_m:.1f}",
        "weather_data_file_units 1",
    ]
    month = month_of_hour(weather.hours)
    lengths = list(MONTH_DAYS)
    lengths[1] += (weather.hours - 8760) // 24
    first_day = np.concatenate([[0], np.cumsum(lengths)])
    for k, hour in enumerate(light.hour):
        day = hour // 24 - first_day[month[hour]] + 1
        lines.append(
            f"{month[hour] + 1} {day} {light.clock_h[k]:.5f} {light.beam_w_m2[k]:.3f} {light.diffuse_w_m2[k]:.3f}"
        )
    return ("\n".join(lines) + "\n").encode()
