"""EnergyPlus weather files (EPW): format after the EnergyPlus Auxiliary Programs reference, chapter 2."""

import csv
import hashlib
import io

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.calendar import MONTH_DAYS
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError

# Column, name for messages, lowest and highest plausible value; the format's "missing" codes lie outside.
_FIELDS = {
    "dry_bulb_c": (6, "dry-bulb temperature", -70.0, 70.0),
    "dew_point_c": (7, "dew-point temperature", -70.0, 70.0),
    "relative_humidity_percent": (8, "relative humidity", 0.0, 110.0),
    "pressure_pa": (9, "pressure", 31000.0, 120000.0),
    "global_horizontal_wh_m2": (13, "global horizontal radiation", 0.0, 1600.0),
    "direct_normal_wh_m2": (14, "direct normal radiation", 0.0, 1600.0),
    "diffuse_horizontal_wh_m2": (15, "diffuse horizontal radiation", 0.0, 1600.0),
    "wind_speed_m_s": (21, "wind speed", 0.0, 80.0),
}
_FEWEST_COLUMNS = 22


def read_epw(data: bytes, name: str) -> Weather:
    """Read a weather file.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name, for messages.

    Raises
    ------
    KnownError
        When it is not EPW, lacks hours, has them out of order, or misses a value that engines need:
        EnergyPlus version 25.2.0 simulates a truncated year without a word, so nothing incomplete passes.
    """
    try:
        rows = [row for row in csv.reader(io.StringIO(_text(data), newline=None)) if row]
    except csv.Error as error:
        msg = f"“{name}” is not an EPW weather file ({error}): get an undamaged copy of it."
        raise KnownError(msg) from None
    if not rows or rows[0][0].strip().upper() != "LOCATION" or len(rows[0]) < 10:
        msg = f"“{name}” is not an EPW weather file (no LOCATION line): choose another file."
        raise KnownError(msg)
    headers = {row[0].strip().upper(): row for row in rows[:8]}
    start = next((place for place, row in enumerate(rows) if row[0].strip().upper() == "DATA PERIODS"), None)
    if start is None:
        msg = f"“{name}” has no DATA PERIODS line: get an undamaged copy of it."
        raise KnownError(msg)
    if len(rows[start]) > 2 and rows[start][2].strip() not in ("1", ""):
        msg = f"“{name}” has {rows[start][2].strip()} records in each hour: use a file with one."
        raise KnownError(msg)
    table = rows[start + 1 :]
    _check_hours(table, name)
    latitude, longitude, zone, elevation = _location(rows[0], name)
    values = {key: _column(table, name, *field) for key, field in _FIELDS.items()}
    return Weather(
        name=", ".join(part.strip() for part in rows[0][1:4] if part.strip(" -")),
        latitude_deg=latitude,
        longitude_deg=longitude,
        time_zone_h=zone,
        elevation_m=elevation,
        ground_temperatures_c=_ground_temperatures(headers.get("GROUND TEMPERATURES", [])),
        content_hash=hashlib.blake2b(data, digest_size=16).hexdigest(),
        raw=data,
        **values,
    )


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _location(row: list[str], name: str) -> tuple[float, float, float, float]:
    try:
        latitude, longitude, zone, elevation = (float(cell) for cell in row[6:10])
    except ValueError:
        msg = f"“{name}” gives no latitude, longitude, time zone and elevation as numbers: repair its first line."
        raise KnownError(msg) from None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180 and -12 <= zone <= 14):
        msg = f"“{name}” lies at latitude {latitude}, longitude {longitude}, zone {zone}: repair its first line."
        raise KnownError(msg)
    if not -500 <= elevation <= 9000:
        msg = f"“{name}” lies {elevation:g} m above the sea: repair its first line."
        raise KnownError(msg)
    if abs(zone - longitude / 15.0) > 4.0:
        msg = f"“{name}” has time zone {zone} at longitude {longitude}, which do not fit: repair its first line."
        raise KnownError(msg)
    return latitude, longitude, zone, elevation


def _check_hours(table: list[list[str]], name: str) -> None:
    if len(table) not in (8760, 8784):
        msg = f"“{name}” holds {len(table)} hours instead of 8,760: get a complete copy of it."
        raise KnownError(msg)
    days = list(MONTH_DAYS)
    days[1] += (len(table) - 8760) // 24
    stamps = ((month + 1, day + 1, hour) for month in range(12) for day in range(days[month]) for hour in range(1, 25))
    for line, (row, stamp) in enumerate(zip(table, stamps, strict=True), start=1):
        if len(row) < _FEWEST_COLUMNS:
            msg = f"“{name}” breaks off in hour {line} ({len(row)} columns): get an undamaged copy of it."
            raise KnownError(msg)
        if [cell.strip().lstrip("0") for cell in row[1:4]] != [str(part) for part in stamp]:
            month, day, hour = stamp
            msg = f"“{name}” has hour {line} out of order (not day {day} of month {month}, hour {hour}): repair it."
            raise KnownError(msg)


def _column(table: list[list[str]], name: str, place: int, title: str, low: float, high: float) -> NDArray[np.float64]:
    try:
        values = np.array([row[place] for row in table], np.float64)
    except ValueError:
        msg = f"“{name}” has a {title} that is no number: get an undamaged copy of it."
        raise KnownError(msg) from None
    bad = ~((values >= low) & (values <= high))
    if bad.any():
        hour = int(np.flatnonzero(bad)[0])
        first = f"first: hour {hour + 1}, value {values[hour]:g}"
        msg = f"“{name}” lacks a usable {title} in {int(bad.sum())} hours ({first}): fill the gaps or take another."
        raise KnownError(msg)
    return values


def _ground_temperatures(row: list[str]) -> NDArray[np.float64]:
    """Twelve monthly values of the shallowest depth, or none."""
    try:
        count = int(row[1])
        sets = [[float(cell) for cell in (row[2 + 16 * k], *row[6 + 16 * k : 18 + 16 * k])] for k in range(count)]
    except (IndexError, ValueError):
        return np.zeros(0)
    # Values that no ground has count as none given; they would heat or cool every floor without a word.
    complete = [values for values in sets if len(values) == 13 and all(abs(value) <= 60.0 for value in values)]
    return np.array(min(complete)[1:]) if complete else np.zeros(0)
