"""Grids that count true metres at a place, and how far others are off there."""

from typing import Any

import numpy as np

from citytwin_desktop.errors import KnownError

_GOOD_AREA_SCALE = 0.001


def fitting_epsg(place: tuple[float, float], geodetic_name: str = "WGS 84") -> int:
    """Projected system in metres that measures areas within 0.1 % at a place.

    The UTM zone of the same datum, or where that is further off, as at the edge of a zone near the equator, the
    national grid that fits best.

    Parameters
    ----------
    place : tuple of float [deg]
        Longitude and latitude.
    geodetic_name : str
        Name of the geodetic system, such as ``ETRS89``.

    Raises
    ------
    KnownError
        Beyond 84° north and 80° south, where no zone is.
    """
    from pyproj import CRS
    from pyproj.aoi import AreaOfInterest
    from pyproj.database import query_crs_info, query_utm_crs_info
    from pyproj.enums import PJType

    here = AreaOfInterest(place[0], place[1], place[0], place[1])
    zones = query_utm_crs_info(geodetic_name, here) or query_utm_crs_info("WGS 84", here)
    if not zones:
        msg = f"No grid in metres is known at {place[1]:.2f}° north, {place[0]:.2f}° east: check the coordinates."
        raise KnownError(msg)
    zone = int(zones[0].code)
    if _area_error(CRS.from_epsg(zone), place) <= _GOOD_AREA_SCALE:
        return zone
    found = query_crs_info("EPSG", PJType.PROJECTED_CRS, here, contains=True)
    national = [CRS.from_epsg(int(info.code)) for info in found if not info.deprecated]
    usable = [
        crs
        for crs in national
        if all(axis.unit_name == "metre" for axis in crs.axis_info) and crs.axis_info[0].direction == "east"
    ]
    best = min(usable, key=lambda crs: _area_error(crs, place), default=None)
    return int(best.to_epsg() or zone) if best is not None and _area_error(best, place) <= _GOOD_AREA_SCALE else zone


def distortion(crs: Any, place: tuple[float, float]) -> float:
    """Greatest share by which lengths are off at a place (longitude, latitude [deg]); infinite where nobody knows.

    Parameters
    ----------
    crs : pyproj.CRS
    place : tuple of float [deg]
    """
    import pyproj

    if not (np.isfinite(place[0]) and np.isfinite(place[1])):
        return np.inf
    try:
        factors = pyproj.Proj(crs).get_factors(*place)
    except pyproj.exceptions.CRSError:  # a system that stands for no single grid, such as “UTM grid system”
        return np.inf
    off = max(abs(factors.meridional_scale - 1.0), abs(factors.parallel_scale - 1.0))
    return float(off) if np.isfinite(off) else np.inf


def _area_error(crs: Any, place: tuple[float, float]) -> float:
    import pyproj

    try:
        scale = pyproj.Proj(crs).get_factors(*place).areal_scale
    except pyproj.exceptions.CRSError:
        return np.inf
    return abs(float(scale) - 1.0) if np.isfinite(scale) else np.inf
