"""Polygons of gbXML surfaces, with openings cut out of them."""

import math
from typing import Any

import numpy as np
import shapely

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.formats.gbxml.document import child, children, number

_SAME_M = 1e-6
_FURTHEST_M = 1e7


def ring_of(item: Any, metres: float) -> FloatArray | None:
    """(n, 3) float64 [m]: outline of a surface or opening; None where it has no usable one.

    Its planar geometry counts; where that is missing, the rectangle that it states instead.
    """
    planar = child(item, "PlanarGeometry")
    loop = None if planar is None else child(planar, "PolyLoop")
    ring = None if loop is None else _loop(loop, metres)
    return _rectangle(child(item, "RectangularGeometry"), metres) if ring is None else ring


def lowest_m(item: Any, metres: float) -> float:
    """Lowest point of all loops below an element [m], nan for none."""
    rings = [ring for loop in item.iter("{*}PolyLoop") if (ring := _loop(loop, metres)) is not None]
    return min((float(ring[:, 2].min()) for ring in rings), default=math.nan)


def _loop(loop: Any, metres: float) -> FloatArray | None:
    points = [_point(point) for point in children(loop, "CartesianPoint")]
    if len(points) < 3 or any(len(point) != 3 for point in points):
        return None
    ring = np.array(points, np.float64) * metres
    if not (np.abs(ring) < _FURTHEST_M).all():
        return None
    if (ring[0] == ring[-1]).all():
        ring = ring[:-1]
    return ring if len(ring) > 2 else None


def _point(point: Any) -> list[float]:
    return [number(coordinate.text) for coordinate in children(point, "Coordinate")]


def _rectangle(item: Any, metres: float) -> FloatArray | None:
    """Rectangle from its lower left corner as seen from outside, azimuth and tilt."""
    if item is None:
        return None
    given = [number(getattr(child(item, tag), "text", None)) for tag in ("Azimuth", "Tilt", "Height", "Width")]
    start = child(item, "CartesianPoint")
    corner = _point(start) if start is not None else []
    if len(corner) != 3 or not all(map(math.isfinite, [*given, *corner])):
        return None
    azimuth, tilt = math.radians(given[0]), math.radians(given[1])
    right = np.array([-math.cos(azimuth), math.sin(azimuth), 0.0])
    outwards = np.array([math.sin(azimuth) * math.sin(tilt), math.cos(azimuth) * math.sin(tilt), math.cos(tilt)])
    up = np.cross(outwards, right)
    origin, height, width = np.array(corner), given[2], given[3]
    steps = [origin, origin + right * width, origin + right * width + up * height, origin + up * height]
    ring = np.array(steps) * metres
    return ring if (np.abs(ring) < _FURTHEST_M).all() else None


def cut_out(ring: FloatArray, openings: list[FloatArray]) -> tuple[list[list[FloatArray]], float]:
    """Take openings out of a surface.

    Parameters
    ----------
    ring : ndarray, (n, 3) float64 [m]
    openings : list of ndarray, (k, 3) float64 [m]

    Returns
    -------
    tuple of list of list of ndarray, float
        What is left of the surface, for each piece its outer ring and holes with corners that were there before
        kept exactly; area of the openings that lies outside the surface [m2].
    """
    origin, east, north = _plane(ring)
    basis = np.column_stack([east, north])
    flat = [(corners - origin) @ basis for corners in (ring, *openings)]
    whole, *holes = (shapely.make_valid(shapely.polygons(corners)) for corners in flat)
    taken = shapely.union_all(holes)
    rest = shapely.difference(whole, taken)
    outside = float(shapely.area(shapely.difference(taken, whole)))
    known, places = np.concatenate(flat), np.concatenate([ring, *openings])
    pieces = [part for part in shapely.get_parts(rest) if part.geom_type == "Polygon" and part.area > 1e-4]
    lifted = [
        [_lifted(shapely.get_coordinates(edge)[:-1], known, places, origin, basis) for edge in shapely.get_rings(part)]
        for part in (shapely.orient_polygons(piece) for piece in pieces)
    ]
    return lifted, outside


def _plane(ring: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Origin and two axes, so that the ring runs counter-clockwise."""
    origin = ring[0]
    local = ring - origin
    normal = np.cross(local, np.roll(local, -1, axis=0)).sum(axis=0)
    length = float(np.linalg.norm(normal))
    normal = normal / length if length > 0.0 else np.array([0.0, 0.0, 1.0])
    side = np.eye(3)[int(np.argmin(np.abs(normal)))]
    east = np.cross(side, normal)
    east = east / np.linalg.norm(east)
    return origin, east, np.cross(normal, east)


def _lifted(
    flat: FloatArray, known: FloatArray, places: FloatArray, origin: FloatArray, basis: FloatArray
) -> FloatArray:
    gap = np.hypot(flat[:, None, 0] - known[:, 0], flat[:, None, 1] - known[:, 1])
    nearest = np.argmin(gap, axis=1)
    close = gap[np.arange(len(flat)), nearest] < _SAME_M
    return np.where(close[:, None], places[nearest], origin + flat @ basis.T)


def area_m2(ring: FloatArray) -> float:
    """Area of a planar ring [m2]."""
    local = ring - ring[0]
    return float(np.linalg.norm(np.cross(local, np.roll(local, -1, axis=0)).sum(axis=0)) / 2.0)
