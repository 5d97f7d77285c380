"""Coordinate reference systems: which a file names, which a city may have, where it lies on Earth."""

import re

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError

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
        When the code is unknown, geographic (degrees) or not in metres.
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
    return int(horizontal.to_epsg() or code)


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
