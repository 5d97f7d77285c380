"""Names of coordinate reference systems in city files: URLs, URNs, agencies' own names, WKT."""

import re
from dataclasses import dataclass
from typing import Any

from citytwin_desktop.errors import KnownError

_EPSG = re.compile(r"EPSG(?:\.xml#|/0/|/[\d.]+/|::|:[\d.]*:|:\s*|\s+)(\d{4,6})\b", re.IGNORECASE)
_ADV = re.compile(r"urn:adv:crs:([A-Za-z0-9_.]+?)(?:\*([A-Za-z0-9_.]+))?\s*$", re.IGNORECASE)
_CRS84 = re.compile(r"(?:OGC[:/].*CRS84|^\s*(?:urn:.*)?CRS:?84)", re.IGNORECASE)
_LONGEST_NAME = 20_000

# Names of the German surveys (GeoInfoDok 7.1, appendix on coordinate reference systems) and the EPSG codes they stand
# for; heights likewise.
_ADV_HORIZONTAL = {
    "etrs89_utm31": 25831,
    "etrs89_utm32": 25832,
    "etrs89_utm33": 25833,
    "etrs89_lat-lon": 4258,
    "de_dhdn_3gk2": 31466,
    "de_dhdn_3gk3": 31467,
    "de_dhdn_3gk4": 31468,
    "de_dhdn_3gk5": 31469,
    "dhdn_3gk2": 31466,
    "dhdn_3gk3": 31467,
    "dhdn_3gk4": 31468,
    "dhdn_3gk5": 31469,
}
_ADV_HEIGHTS = {"de_dhhn92_nh": 5783, "de_dhhn2016_nh": 7837, "de_dhhn12_noh": 7699, "de_dhhn85_noh": 5784}


@dataclass(frozen=True)
class NamedSystem:
    """A reference system that a name stands for.

    Parameters
    ----------
    crs : pyproj.CRS
        Horizontal system.
    epsg : int
        Its code, 0 for none.
    vertical : str
        Name of the vertical datum, empty when not given.
    height_factor : float [m]
        Metres in one unit of height.
    heights_stated : bool
        Whether the name says what heights are counted in.
    """

    crs: Any
    epsg: int
    vertical: str = ""
    height_factor: float = 1.0
    heights_stated: bool = False


def named_system(name: str) -> NamedSystem | None:
    """What a name stands for, None when that cannot be told.

    Parameters
    ----------
    name : str
        URL, URN, ``EPSG:N`` (also two of them, of a compound), a name of the German surveys, CRS84, WKT or PROJ.

    Raises
    ------
    KnownError
        When it names a code that does not exist.
    """
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME:
        return None
    if _CRS84.search(name):
        return _system(4326, [])
    if match := _ADV.search(name):
        horizontal = _ADV_HORIZONTAL.get(match.group(1).lower())
        height = _ADV_HEIGHTS.get((match.group(2) or "").lower())
        return _system(horizontal, [height] if height else []) if horizontal else None
    is_text = name.upper().lstrip().startswith(("PROJ", "GEOG", "COMPD", "COMPOUND", "BOUND", "LOCAL_CS", "ENGCRS"))
    if not is_text and (codes := [int(code) for code in _EPSG.findall(name)]):
        return _system(codes[0], codes[1:])
    return _from_text(name)


def _system(code: int, others: list[int]) -> NamedSystem:
    crs = _from_epsg(code)
    parts = crs.sub_crs_list if crs.is_compound else [crs]
    heights = [part for part in (*parts[1:], *map(_from_epsg, others)) if part.is_vertical]
    return _named(parts[0], heights)


def _from_epsg(code: int) -> Any:
    import pyproj

    try:
        return pyproj.CRS.from_epsg(code)
    except pyproj.exceptions.CRSError:
        msg = f"EPSG:{code} is no coordinate reference system that is known: state the right one with --crs EPSG:N."
        raise KnownError(msg) from None


def _from_text(text: str) -> NamedSystem | None:
    import pyproj

    try:
        crs = pyproj.CRS.from_user_input(text)
    except (pyproj.exceptions.CRSError, ValueError, TypeError):
        return None
    parts = crs.sub_crs_list if crs.is_compound else [crs]
    if not (parts[0].is_projected or parts[0].is_geographic):
        return None  # of an engineering system nobody knows where it is
    return _named(parts[0], parts[1:])


def _named(horizontal: Any, heights: list[Any]) -> NamedSystem:
    source = horizontal.source_crs if horizontal.is_bound and horizontal.source_crs is not None else horizontal
    if not heights and len(source.axis_info) == 3:
        unit = source.axis_info[2].unit_conversion_factor
        return NamedSystem(source.to_2d(), _code(source.to_2d()), "ellipsoid", unit, heights_stated=True)
    code = _code(source)
    if not heights:
        return NamedSystem(source, code)
    factor = float(heights[0].axis_info[0].unit_conversion_factor)
    return NamedSystem(source, code, str(heights[0].name), factor, heights_stated=True)


def _code(crs: Any) -> int:
    """EPSG code of a system; a WKT that only resembles one counts when the likeness is close."""
    return int(crs.to_epsg(min_confidence=70) or 0)
