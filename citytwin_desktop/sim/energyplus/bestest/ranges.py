"""What other programs give for the cases of ASHRAE Standard 140-2020.

Annual loads [MWh] of BSIMAC, CSE, DeST, EnergyPlus, ESP-r and TRNSYS, informative annex B8, tables B8-1 (heating) and
B8-2 (sensible cooling); lowest and highest of the six. They hold for the standard's weather file
725650TYCST.epw (Denver International Airport) only: the files DRYCOLD of earlier editions give other loads.
"""

import hashlib

from citytwin_desktop.city.weather import Weather

RANGES_MWH = {
    (600, "heating"): (3.993, 4.504),
    (600, "cooling"): (5.432, 6.162),
    (620, "heating"): (4.094, 4.719),
    (620, "cooling"): (3.841, 4.404),
    (640, "heating"): (2.403, 2.682),
    (640, "cooling"): (5.237, 5.893),
    (900, "heating"): (1.379, 1.814),
    (900, "cooling"): (2.267, 2.714),
    (910, "heating"): (1.648, 2.163),
    (910, "cooling"): (1.191, 1.490),
    (920, "heating"): (2.956, 3.607),
    (920, "cooling"): (2.549, 3.128),
    (940, "heating"): (0.863, 1.389),
    (940, "cooling"): (2.203, 2.613),
    (950, "heating"): (0.0, 0.0),
    (950, "cooling"): (0.586, 0.707),
}
"""Lowest and highest annual load by case and quantity."""

_ROUNDING_MWH = 0.0005
"""The tables are given to the kilowatt-hour."""
_STANDARD_WEATHER = "9826ce8e418817df0dfb625f257ff95b"


def within(case: int, quantity: str, value_mwh: float) -> bool:
    """Whether an annual load lies between the lowest and the highest of the other programs."""
    low, high = RANGES_MWH[case, quantity]
    return low - _ROUNDING_MWH <= value_mwh <= high + _ROUNDING_MWH


def is_standard_weather(weather: Weather) -> bool:
    """Whether a weather file is that of the standard: same temperatures and radiation in every hour.

    Not by its name, which other years of the same station share, nor by its bytes, which line endings change.
    """
    return weather_digest(weather) == _STANDARD_WEATHER


def weather_digest(weather: Weather) -> str:
    """Digest of the hourly temperatures, radiation and wind."""
    digest = hashlib.blake2b(digest_size=16)
    for values in (
        weather.dry_bulb_c,
        weather.direct_normal_wh_m2,
        weather.diffuse_horizontal_wh_m2,
        weather.wind_speed_m_s,
    ):
        digest.update(values.astype("<f8").tobytes())
    return digest.hexdigest()
