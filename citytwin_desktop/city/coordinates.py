"""Coordinate reference systems: which a file names, which a city may have, where it lies on Earth."""

import math
import re

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError

_LARGEST_DISTORTION = 0.03
"""Of lengths; grids made for measuring stay under 1 %, web Mercator is 60 % off at 51° north."""
_REFERENCE = re.compile(r"EPSG(?:/0/|/[\d.]+/|::|:[\d.]*:|:)(\d{4,6})\b", re.IGNORECASE)


def epsg_from_reference(reference: str) -> int | None:
    """EPSG code in a CRS name of any of the usual forms (URL, URN, ``EPSG:N``), or None."""
    match = _REFERENCE.search(reference)
    return int(match.group(1)) if match else None


def projected_epsg(reference: str, source: str = "") -> int:
    """Horizontal EPSG code of a projected system in metres.

    Parameters
    ----------
    reference : str
        ``EPSG:N`` or another form that names a code; a compound system gives its horizontal part.
    source : str
        File name for messages.

    Raises
    ------
    KnownError
        When the code is unknown, geographic (degrees), not in metres (heights included), or when its
        axes do not point east and north.
    """
    import pyproj

    code = epsg_from_reference(reference)
    place = f" of “{source}”" if source else ""
    if code is None:
        msg = f"“{reference}” is no coordinate reference system{place}: state one as EPSG:N, for example EPSG:28992."
        raise KnownError(msg)
    try:
        system = pyproj.CRS.from_epsg(code)
    except pyproj.exceptions.CRSError:
        msg = f"EPSG:{code}{place} is unknown: state a projected system as EPSG:N."
        raise KnownError(msg) from None
    horizontal = system.sub_crs_list[0] if system.is_compound else system
    if not horizontal.is_projected:
        msg = f"EPSG:{code}{place} counts in degrees: convert the file to a projected system in metres first."
        raise KnownError(msg)
    if abs(horizontal.axis_info[0].unit_conversion_factor - 1.0) > 1e-9:
        unit = horizontal.axis_info[0].unit_name
        msg = f"EPSG:{code}{place} counts in {unit}: convert the file to a projected system in metres first."
        raise KnownError(msg)
    if {axis.direction for axis in horizontal.axis_info} != {"east", "north"}:
        directions = " and ".join(axis.direction for axis in horizontal.axis_info)
        msg = f"The axes of EPSG:{code}{place} point {directions}: convert the file to eastings and northings first."
        raise KnownError(msg)
    heights = system.sub_crs_list[1:] if system.is_compound else []
    if any(abs(axis.unit_conversion_factor - 1.0) > 1e-9 for part in heights for axis in part.axis_info):
        msg = f"The heights of EPSG:{code}{place} are not in metres: convert the file to a system in metres first."
        raise KnownError(msg)
    return int(horizontal.to_epsg() or code)


def check_true_lengths(epsg: int, x_m: float, y_m: float, source: str) -> None:
    """Refuse a place where a metre of the system is no metre on the ground, for areas and volumes would be wrong.

    Parameters
    ----------
    epsg : int
        Of a projected system in metres.
    x_m, y_m : float [m]
        Easting and northing of the place.
    source : str
        File name for the message.

    Raises
    ------
    KnownError
        When lengths are off by more than 3 %, or the place lies outside the system.
    """
    import pyproj

    longitude, latitude = pyproj.Transformer.from_crs(epsg, 4326, always_xy=True).transform(x_m, y_m)
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        msg = f"“{source}” lies outside EPSG:{epsg} (at {x_m:.0f}, {y_m:.0f}): state its own system with --crs EPSG:N."
        raise KnownError(msg)
    factors = pyproj.Proj(epsg).get_factors(longitude, latitude)
    off = max(abs(factors.meridional_scale - 1.0), abs(factors.parallel_scale - 1.0))
    if off > _LARGEST_DISTORTION:
        share = f"by {off:.0%} at this place" if math.isfinite(off) else "beyond measure at this place"
        msg = (
            f"EPSG:{epsg} of “{source}” distorts lengths {share}: convert the file to the local projected system first."
        )
        raise KnownError(msg)


def latitude_longitude_deg(city: CityModel) -> tuple[float, float]:
    """Latitude and longitude (WGS 84) of the city's local origin [deg].

    Raises
    ------
    KnownError
        When the city has no coordinate reference system.
    """
    import pyproj

    if not city.epsg:
        raise KnownError("The project has no coordinate reference system: import a city first.")
    transformer = pyproj.Transformer.from_crs(city.epsg, 4326, always_xy=True)
    longitude, latitude = transformer.transform(city.origin[0], city.origin[1])
    return float(latitude), float(longitude)
