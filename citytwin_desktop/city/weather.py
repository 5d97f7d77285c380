"""A year of hourly weather as arrays, parsed once and shared by reference."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HourlyArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Weather:
    """A weather file with exactly one clean row for each hour of the year.

    Hour k runs from k:00 to k + 1:00 local standard time; hour 0 is the first of 1 January.

    Parameters
    ----------
    name : str
        Place and origin, as the file gives them, for people.
    latitude_deg, longitude_deg : float [deg]
        North and east positive.
    time_zone_h : float [h]
        Hours east of UTC; may be fractional (Nepal 5.75).
    elevation_m : float [m]
    dry_bulb_c, dew_point_c : ndarray, (hours,) float64 [°C]
    relative_humidity_percent : ndarray, (hours,) float64 [%]
    pressure_pa : ndarray, (hours,) float64 [Pa]
    global_horizontal_wh_m2, direct_normal_wh_m2, diffuse_horizontal_wh_m2 : ndarray, (hours,) float64 [Wh/m2]
        Irradiation of the hour, numerically its mean irradiance in W/m2.
    wind_speed_m_s : ndarray, (hours,) float64 [m/s]
    ground_temperatures_c : ndarray, (12,) float64 [°C]
        Monthly temperatures of undisturbed ground at the shallowest depth that the file gives;
        empty when it gives none.
    content_hash : str
        blake2b of the file's bytes; part of every result key.
    raw : bytes
        The file for engines that want it whole: as it was read, or written anew where engines would stumble over it.
    remarks : tuple of str
        Sentences on what was changed in the file, and on what is odd about it.
    """

    name: str
    latitude_deg: float
    longitude_deg: float
    time_zone_h: float
    elevation_m: float
    dry_bulb_c: HourlyArray
    dew_point_c: HourlyArray
    relative_humidity_percent: HourlyArray
    pressure_pa: HourlyArray
    global_horizontal_wh_m2: HourlyArray
    direct_normal_wh_m2: HourlyArray
    diffuse_horizontal_wh_m2: HourlyArray
    wind_speed_m_s: HourlyArray
    ground_temperatures_c: HourlyArray
    content_hash: str
    raw: bytes
    remarks: tuple[str, ...] = ()

    @property
    def hours(self) -> int:
        """8,760, or 8,784 in a leap year."""
        return len(self.dry_bulb_c)
