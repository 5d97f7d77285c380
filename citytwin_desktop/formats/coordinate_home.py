"""From a source's coordinates to metres east and north in the system of the project."""

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.fitting_grid import distortion, fitting_epsg
from citytwin_desktop.formats.reference_names import NamedSystem, named_system
from citytwin_desktop.formats.report import ImportItem, ImportReport
from citytwin_desktop.formats.source_city import SourceReference

LARGEST_DISTORTION = 0.005
"""Of lengths; grids made for measuring stay below, web Mercator is 60 % off at 51° north."""
_STILL_USABLE_DISTORTION = 0.03
"""Outside the area a system is made for: up to here it is taken with a warning, beyond it is refused."""
_MARGIN_DEG = 1.5
_OFTEN = 2_000
_FEW_CORNERS = 3


@dataclass(frozen=True)
class Way:
    """How to bring coordinates home.

    Parameters
    ----------
    epsg : int
        System of the result: projected, metres, east and north.
    swapped : bool
        Whether the source's first coordinate points north.
    vertical : str
        Name of the vertical datum, empty when not known.
    transformer : pyproj.Transformer, optional
        None where the coordinates are in ``epsg`` already.
    height_factor : float [m]
    """

    epsg: int
    swapped: bool
    vertical: str
    transformer: Any
    height_factor: float = 1.0

    def east_first(self, vertices: FloatArray) -> FloatArray:
        """(n, 3) float64 in the source's units, the first coordinate pointing east."""
        return vertices[:, [1, 0, 2]] if self.swapped else vertices

    def home(self, vertices: FloatArray) -> FloatArray:
        """(n, 3) float64 [m] of vertices as in the source; the same array when there is nothing to do."""
        vertices = self.east_first(vertices)
        if self.transformer is not None and len(vertices):
            x, y = self.transformer.transform(vertices[:, 0], vertices[:, 1])
            vertices = np.column_stack([x, y, vertices[:, 2]])
        if self.height_factor != 1.0:
            vertices = vertices * np.array([1.0, 1.0, self.height_factor])
        return vertices


def way_home(
    reference: SourceReference,
    stated: str | None,
    project_epsg: int,
    sample: FloatArray,
    name: str,
    report: ImportReport,
) -> Way:
    """Find out how the coordinates of a source become metres of the project.

    Parameters
    ----------
    reference : SourceReference
        The source's own.
    stated : str, optional
        ``EPSG:N`` that the user states; wins.
    project_epsg : int
        System of the project, 0 to choose: the source's own where it measures true, else the UTM zone.
    sample : ndarray, (n, 3) float64
        Vertices as in the source.
    name : str
        Of the source, for messages.
    report : ImportReport
        Told what was decided.

    Raises
    ------
    KnownError
        When there is no system, or the coordinates lie outside it.
    """
    system = _system(reference, stated, name, report)
    middle = np.median(sample[:: max(len(sample) // _OFTEN, 1)], axis=0) if len(sample) else np.zeros(3)
    if system.crs.is_projected and _like_degrees(sample):
        label = system.crs.name
        msg = f"The coordinates of “{name}” look like degrees, though it names “{label}”: state --crs EPSG:4326."
        raise KnownError(msg)
    swapped, longitude, latitude = _place(system, reference, middle, name, report)
    height_factor = _height_factor(system, name, report, told=bool(len(sample) and np.any(sample[:, 2])))
    place = (longitude, latitude)
    target = project_epsg or _own_or_fitting(system, place, name, report)
    if project_epsg:
        _check_target(target, place, name, report)
    if system.epsg == target:
        return Way(target, swapped, system.vertical, None, height_factor)
    if project_epsg and system.epsg != project_epsg:
        label = f"EPSG:{system.epsg}" if system.epsg else f"“{system.crs.name}”"
        report.add(name, "crs_converted", f"Coordinates were brought from {label} to the project's EPSG:{target}.")
    return Way(target, swapped, system.vertical, _transformer(system.crs, target), height_factor)


def placed(
    vertices: FloatArray,
    place: tuple[float, float],
    stated: str | None,
    project_epsg: int,
    name: str,
    report: ImportReport,
) -> tuple[FloatArray, SourceReference]:
    """Bring metres of a building site to where the source says that the site lies.

    Parameters
    ----------
    vertices : ndarray, (n, 3) float64 [m]
        East and north of the site.
    place : tuple of float [deg]
        Longitude and latitude of the site.
    stated : str, optional
        ``EPSG:N`` that the user states, taken where it counts true metres east and north at the place; else the
        system of the project, or the zone of the place.
    project_epsg : int
    name : str
    report : ImportReport

    Returns
    -------
    vertices : ndarray, (n, 3) float64 [m]
    reference : SourceReference
        System that they are in now.
    """
    from pyproj import CRS

    system = named_system(stated) if stated else None
    if system is not None and _counts_metres(system.crs) and distortion(system.crs, place) <= LARGEST_DISTORTION:
        crs = system.crs
    else:
        crs = CRS.from_epsg(project_epsg or fitting_epsg(place))
    x, y = _inverse(crs).transform(*place)
    message = (
        f"Its coordinates are those of a site: it was placed at latitude {place[1]:.4f}°, longitude {place[0]:.4f}°."
    )
    report.add(name, "placed_by_latitude_longitude", message, "repaired")
    return vertices + np.array([x, y, 0.0]), SourceReference(crs.to_wkt())


def _inverse(crs: Any) -> Any:
    import pyproj

    return pyproj.Transformer.from_crs(4326, crs, always_xy=True)


def _system(reference: SourceReference, stated: str | None, name: str, report: ImportReport) -> NamedSystem:
    own = _quietly(reference.name)
    if stated is not None:
        chosen = named_system(stated)
        if chosen is None:
            msg = f"“{stated}” is no coordinate reference system: state one as EPSG:N, for example EPSG:28992."
            raise KnownError(msg)
        if own is not None and own.epsg != chosen.epsg:
            message = f"EPSG:{chosen.epsg} was stated and wins over the file's own “{own.crs.name}”."
            report.add(name, "crs_stated", message)
        return chosen
    if own is None and reference.name.strip():
        msg = (
            f"“{name}” names the coordinate reference system “{reference.name.strip()[:60]}”, which is not known: "
            "state it with --crs EPSG:N."
        )
        raise KnownError(msg)
    if own is None:
        msg = f"“{name}” names no coordinate reference system: state it with --crs EPSG:N."
        raise KnownError(msg)
    return own


def _quietly(reference: str) -> NamedSystem | None:
    try:
        return named_system(reference)
    except KnownError:
        return None


def _place(
    system: NamedSystem, reference: SourceReference, middle: FloatArray, name: str, report: ImportReport
) -> tuple[bool, float, float]:
    """Order of axes, and longitude and latitude [deg] of the middle."""
    north_first = system.crs.axis_info[0].direction == "north"
    # By the letter GML follows the order of the system. Files in degrees do, those in metres mostly put east first.
    by_system = reference.east_first is None and north_first and system.crs.is_geographic
    first = bool(reference.east_first is False or by_system)
    for swapped in (first, not first):
        x, y = (middle[1], middle[0]) if swapped else (middle[0], middle[1])
        longitude, latitude = _degrees(system.crs, x, y)
        if not _inside(system.crs, longitude, latitude):
            continue
        if swapped != first:
            order = "north, east" if swapped else "east, north"
            report.add(name, "axis_order", f"Its coordinates stand in the order {order}, and were read so.", "repaired")
        elif reference.east_first is None and north_first and system.crs.is_projected:
            _tell_assumed_order(system, middle, name, report)
        return swapped, longitude, latitude
    x, y = float(middle[0]), float(middle[1])
    longitude, latitude = _degrees(system.crs, x, y)
    if _other_hemisphere(system.crs, longitude, latitude):
        zone = system.crs.utm_zone
        message = f"Its northings of {y:,.0f} m belong to the northern half of UTM zone {zone[:-1]}: read so."
        report.add(name, "crs_other_hemisphere", message, "repaired")
        return False, longitude, latitude
    label = f"EPSG:{system.epsg}" if system.epsg else f"“{system.crs.name}”"
    if system.crs.is_projected and distortion(system.crs, (longitude, latitude)) <= _STILL_USABLE_DISTORTION:
        message = (
            f"Its coordinates ({x:.6g}, {y:.6g}) lie outside the area that {label} is made for, at latitude "
            f"{latitude:.2f}°, longitude {longitude:.2f}°: if that is wrong, import it again and state the right one "
            "with --crs EPSG:N."
        )
        report.take(ImportItem(name, "warning", "crs_doubtful", message, "kept", "State the right system."))
        return False, longitude, latitude
    msg = f"“{name}” lies outside {label} (at {x:.6g}, {y:.6g}): state its own system with --crs EPSG:N."
    raise KnownError(msg)


def _tell_assumed_order(system: NamedSystem, middle: FloatArray, name: str, report: ImportReport) -> None:
    """Remark where the other order of the axes would lie in the area of the system as well."""
    if _inside(system.crs, *_degrees(system.crs, middle[1], middle[0])):
        message = (
            f"Its coordinates lie in the area of “{system.crs.name}” in either order of the axes and were read as "
            "east, north: check on the map whether they lie where they belong."
        )
        report.add(name, "axis_order_assumed", message)


def _degrees(crs: Any, x: float, y: float) -> tuple[float, float]:
    longitude, latitude = _transformer(crs, 4326).transform(float(x), float(y))
    return float(longitude), float(latitude)


def _inside(crs: Any, longitude: float, latitude: float) -> bool:
    if not (np.isfinite(longitude) and np.isfinite(latitude) and abs(latitude) <= 90.0 and abs(longitude) <= 180.0):
        return False
    area = crs.area_of_use
    if area is None:
        return True
    west, east = area.west - _MARGIN_DEG, area.east + _MARGIN_DEG
    inside = west <= longitude <= east if area.west <= area.east else longitude >= west or longitude <= east
    return bool(inside and area.south - _MARGIN_DEG <= latitude <= area.north + _MARGIN_DEG)


def _other_hemisphere(crs: Any, longitude: float, latitude: float) -> bool:
    """Whether a UTM zone is the right one but for its half of the Earth."""
    zone, area = crs.utm_zone, crs.area_of_use
    if not zone or area is None or not (np.isfinite(latitude) and abs(latitude) < 85.0):
        return False
    return bool(area.west - 0.5 <= longitude <= area.east + 0.5 and (latitude > 0.0) == zone.endswith("S"))


def _height_factor(system: NamedSystem, name: str, report: ImportReport, *, told: bool) -> float:
    if system.heights_stated or system.crs.is_geographic:
        return system.height_factor
    unit = system.crs.axis_info[0]
    factor = float(unit.unit_conversion_factor)
    if told and abs(factor - 1.0) > 1e-9:
        message = f"Its heights were taken in {unit.unit_name} like its other coordinates; check a building's height."
        report.add(name, "heights_in_unit", message, "repaired")
    return factor


def _like_degrees(sample: FloatArray) -> bool:
    """Whether a whole city is less than a metre wide, somewhere within the numbers of degrees."""
    if len(sample) < _FEW_CORNERS:
        return False
    plan = sample[:, :2]
    return bool(np.ptp(plan, axis=0).max() < 1.0 and np.abs(plan).max() <= 180.0)


def _check_target(epsg: int, place: tuple[float, float], name: str, report: ImportReport) -> None:
    """Refuse a source that lies where the project's system measures nothing true, and warn where it is a little off."""
    from pyproj import CRS

    off = distortion(CRS.from_epsg(epsg), place)
    if off <= LARGEST_DISTORTION:
        return
    share = f"{off:.1%}" if np.isfinite(off) else "beyond measure"
    if off > _STILL_USABLE_DISTORTION:
        msg = (
            f"“{name}” lies at latitude {place[1]:.2f}°, longitude {place[0]:.2f}°, where lengths in the project's "
            f"EPSG:{epsg} are off by {share}: import it into a project of its own."
        )
        raise KnownError(msg)
    message = f"It lies far from the rest: lengths in the project's EPSG:{epsg} are off by {share} there."
    report.take(ImportItem(name, "error", "crs_far_off", message, "kept", "Import it into a project of its own."))


def _own_or_fitting(system: NamedSystem, place: tuple[float, float], name: str, report: ImportReport) -> int:
    """Give the source's own system where it counts true metres east and north, else the zone it lies in."""
    crs = system.crs
    hemisphere = _other_hemisphere(crs, *place)
    if crs.is_projected and system.epsg and not hemisphere:
        usable = LARGEST_DISTORTION if _inside(crs, *place) else _STILL_USABLE_DISTORTION
        if _counts_metres(crs) and distortion(crs, place) <= usable:
            return system.epsg
    chosen = fitting_epsg(place, str(crs.geodetic_crs.name))
    label = f"EPSG:{system.epsg}" if system.epsg else f"“{crs.name}”"
    message = f"Coordinates were brought from {label} to EPSG:{chosen}, which counts true metres here."
    report.add(name, "crs_converted", message)
    return chosen


def _counts_metres(crs: Any) -> bool:
    """Whether a system counts metres to the east and to the north, in either order."""
    axes = crs.axis_info[:2]
    metres = all(abs(axis.unit_conversion_factor - 1.0) < 1e-9 for axis in axes)
    return bool(crs.is_projected and metres and {axis.direction for axis in axes} == {"east", "north"})


def _transformer(crs: Any, target: int) -> Any:
    return _made_transformer(crs.to_wkt(), target, threading.get_ident())


@lru_cache(maxsize=16)
def _made_transformer(wkt: str, target: int, _thread: int) -> Any:
    """Make a transformer once for each thread, which alone may use it: that takes PROJ up to 0.1 s."""
    import pyproj

    return pyproj.Transformer.from_crs(wkt, target, always_xy=True)
