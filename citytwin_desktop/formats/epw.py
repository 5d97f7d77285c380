"""EnergyPlus weather files (EPW): format after the EnergyPlus Auxiliary Programs reference, chapter 2."""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.epw_hours import few_columns, hour_order
from citytwin_desktop.formats.epw_lines import epw_lines
from citytwin_desktop.formats.epw_values import epw_values
from citytwin_desktop.formats.epw_writing import unfit_cells, written_epw
from citytwin_desktop.formats.opened_source import OpenedSource, open_sources

_LARGEST_BYTES = 64 << 20
_FARTHEST_FROM_NOON_H = 0.75


def read_weather_file(path: Path) -> Weather:
    """Read a weather file, also one packed as gzip, bzip2 or in a zip that holds one EPW file.

    Parameters
    ----------
    path : Path

    Raises
    ------
    KnownError
        When it cannot be read, holds no or several EPW files, or as `read_epw`.
    """
    opened = _chosen(open_sources(path), path.name)
    with opened.stream() as stream:
        data = stream.read(_LARGEST_BYTES + 1)
    if len(data) > _LARGEST_BYTES:
        msg = f"“{opened.name}” is larger than {_LARGEST_BYTES >> 20} MB, no year of weather is: choose another file."
        raise KnownError(msg)
    return read_epw(data, opened.name)


def read_epw(data: bytes, name: str) -> Weather:
    """Read a weather file.

    Whatever engines would stumble over is put right, and then the bytes that they are given are written anew:
    EnergyPlus 25.2.0 takes a file with a byte order mark for one at the equator, crashes without some of the headers
    and simulates a truncated year without a word. Nothing incomplete passes.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name, for messages.

    Raises
    ------
    KnownError
        When it is not EPW, lacks hours, has them out of order, or misses values that engines need and that may not
        be filled.
    """
    lines = epw_lines(data, name)
    order = hour_order(lines.table, name)
    latitude, longitude, zone, elevation = _location(lines.headers["LOCATION"], name)
    rows = [lines.table[row] for row in order.rows.tolist()]
    clean = epw_values(rows, name)
    changes = [*lines.changes, *order.changes, *clean.changes]
    if few_columns(rows):
        changes.append("missing columns were marked as such")
    if unfit := unfit_cells(rows):
        changes.append(f"{unfit} blank cells were marked as missing")
    noted = tuple(dict.fromkeys([*lines.noted, *changes]))
    raw = written_epw(lines, rows, clean, noted) if changes else data
    return Weather(
        name=", ".join(part for part in lines.headers["LOCATION"][1:4] if part.strip(" -")),
        latitude_deg=latitude,
        longitude_deg=longitude,
        time_zone_h=zone,
        elevation_m=elevation,
        ground_temperatures_c=_ground_temperatures(lines.headers.get("GROUND TEMPERATURES", [])),
        content_hash=hashlib.blake2b(raw, digest_size=16).hexdigest(),
        raw=raw,
        remarks=(
            *(f"{change[0].upper()}{change[1:]}." for change in noted),
            *_noon_remark(clean.values["global_horizontal_wh_m2"], longitude, zone),
        ),
        **clean.values,
    )


def _chosen(opened: list[OpenedSource], name: str) -> OpenedSource:
    """The one file of an archive that is a weather file."""
    if len(opened) == 1 and opened[0].packing != "zip":
        return opened[0]
    found = [item for item in opened if item.name.lower().endswith(".epw") and "__MACOSX" not in item.name]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(Path(item.name).name for item in found[:5])
        msg = f"“{name}” holds {len(found)} weather files ({names}): unpack it and choose one."
        raise KnownError(msg)
    msg = f"“{name}” holds no EPW weather file: choose another archive."
    raise KnownError(msg)


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
    if abs((zone - longitude / 15.0 + 12.0) % 24.0 - 12.0) > 4.0:
        msg = f"“{name}” has time zone {zone} at longitude {longitude}, which do not fit: repair its first line."
        raise KnownError(msg)
    return latitude, longitude, zone, elevation


def _noon_remark(global_horizontal_wh_m2: NDArray[np.float64], longitude: float, zone: float) -> tuple[str, ...]:
    """Remark where the sun of the file does not stand highest at noon, as in files in UTC with a local time zone."""
    by_hour = global_horizontal_wh_m2.reshape(-1, 24).sum(axis=0)
    if by_hour.sum() <= 0.0:
        return ()
    noon = 12.0 + zone - longitude / 15.0
    phase = np.exp(2j * np.pi * (np.arange(24) + 0.5 - noon) / 24.0)
    late_h = float(np.angle((by_hour * phase).sum())) * 24.0 / (2.0 * np.pi)
    if abs(late_h) <= _FARTHEST_FROM_NOON_H:
        return ()
    when = "later" if late_h > 0 else "earlier"
    return (f"Its radiation is centred {abs(late_h):.1f} h {when} than noon at the place: check its time zone.",)


def _ground_temperatures(row: list[str]) -> NDArray[np.float64]:
    """Twelve monthly values of the shallowest depth, or none."""
    sets: list[list[float]] = []
    for start in range(2, len(row) - 15, 16):
        try:
            sets.append([float(cell) for cell in (row[start], *row[start + 4 : start + 16])])
        except ValueError:
            continue
    # Values that no ground has count as none given; they would heat or cool every floor without a word.
    complete = [values for values in sets if all(abs(value) <= 60.0 for value in values)]
    return np.array(min(complete)[1:]) if complete else np.zeros(0)
