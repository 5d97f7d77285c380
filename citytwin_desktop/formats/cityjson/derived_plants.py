"""Bodies of plants whose size a file states in attributes instead of drawing them."""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.templates import reference_point

# Names of CityGML 3.0 (OGC 20-010, Vegetation module) as CityJSON writes them, and their spelling in tables.
_HEIGHT = ("height", "height_m")
_CROWN_DIAMETER = ("crownDiameter", "crown_diameter", "crown_diameter_m")
_AVERAGE_HEIGHT = ("averageHeight", "average_height", "average_height_m")
# The tallest tree known has 116 m, the widest crowns some 60 m.
_LOWEST_M, _TALLEST_M, _WIDEST_CROWN_M = 0.5, 120.0, 70.0


def crown_of(item: Mapping[str, Any], vertices: FloatArray) -> tuple[Polygons, float, float] | None:
    """Crown of a plant that states its height, its crown's diameter and the one point where it stands.

    The crown is as high as wide, but no higher than the plant, and ends at the plant's height above the point.
    Its 80 triangles have the surface area of the ellipsoid they stand for, so that its shadow is on average as
    large (Cauchy: the mean shadow of a convex body is a quarter of its surface).

    Parameters
    ----------
    item : mapping
        A SolitaryVegetationObject.
    vertices : ndarray, (n, 3) float64 [m]

    Returns
    -------
    tuple of Polygons, float, float, or None
        Triangles in world coordinates, height [m] and crown diameter [m]; None where anything is not stated.
    """
    height_m = _length_m(item, _HEIGHT, _TALLEST_M)
    diameter_m = _length_m(item, _CROWN_DIAMETER, _WIDEST_CROWN_M)
    point = _standing_point(item, vertices)
    if height_m is None or diameter_m is None or point is None:
        return None
    half = np.array([diameter_m, diameter_m, min(diameter_m, height_m)]) / 2.0
    corners, triangles = _sphere()
    ellipsoid = point + [0.0, 0.0, height_m - half[2]] + corners * half
    return Polygons.from_rings([ring] for ring in ellipsoid[triangles]), height_m, diameter_m


@cache
def unit_crown() -> FloatArray:
    """(3 k, 3) float64: corners of the triangles of a crown with half axes of 1 around the origin; do not write."""
    corners, triangles = _sphere()
    return corners[triangles].reshape(-1, 3)


def stated_thickness_m(item: Mapping[str, Any]) -> float | None:
    """Average height of a plant cover above the ground [m], None where it is not stated or that of a lawn."""
    return _length_m(item, _AVERAGE_HEIGHT, _TALLEST_M)


def raised(polygons: Polygons, thickness_m: float) -> Polygons:
    """Bodies that stand on flat polygons: the tops, the undersides and the sides between.

    Parameters
    ----------
    polygons : Polygons
    thickness_m : float [m]
    """
    up = np.array([0.0, 0.0, thickness_m])
    # The top must look up, whichever way round the file drew the plan.
    upright = [
        [ring if normal[2] >= 0.0 else ring[::-1] for ring in polygons.rings(place)]
        for place, normal in enumerate(polygons.normals)
    ]
    tops = [[ring + up for ring in rings] for rings in upright]
    undersides = [[ring[::-1] for ring in rings] for rings in upright]
    sides = [
        [np.array([here, there, there + up, here + up])]
        for rings in upright
        for ring in rings
        for here, there in zip(ring, np.roll(ring, -1, axis=0), strict=True)
    ]
    return Polygons.from_rings([*tops, *undersides, *sides])


def _length_m(item: Mapping[str, Any], names: tuple[str, ...], high: float) -> float | None:
    attributes = item.get("attributes")
    given = (
        next((attributes[name] for name in names if name in attributes), None) if isinstance(attributes, dict) else None
    )
    if isinstance(given, dict):
        given = given.get("value") if given.get("uom", "m") in ("m", "metre", "meter", "#m") else None
    try:
        length = float(given) if isinstance(given, int | float | str) and not isinstance(given, bool) else math.nan
    except (ValueError, OverflowError):
        return None
    return length if _LOWEST_M <= length <= high else None


def _standing_point(item: Mapping[str, Any], vertices: FloatArray) -> FloatArray | None:
    geometries = item.get("geometry")
    points = [
        geometry
        for geometry in (geometries if isinstance(geometries, list) else [])
        if isinstance(geometry, dict) and geometry.get("type") == "MultiPoint"
    ]
    if len(points) != 1:
        return None
    try:
        return reference_point(points[0], vertices)
    except KnownError:
        return None


@cache
def _sphere() -> tuple[FloatArray, IntArray]:
    """Corners and triangles (80, outwards) of a ball with the surface area of the unit sphere."""
    golden = (1.0 + math.sqrt(5.0)) / 2.0
    base = [(0.0, short, long) for short in (-1.0, 1.0) for long in (-golden, golden)]
    corners = np.array([point[turn:] + point[:turn] for turn in range(3) for point in base])
    # The faces of an icosahedron are the threes of corners that lie an edge of length 2 from each other.
    near = np.isclose(np.linalg.norm(corners[:, None] - corners, axis=2), 2.0)
    threes = [
        (a, b, c) for a in range(12) for b in range(a) for c in range(b) if near[a, b] and near[b, c] and near[a, c]
    ]
    quarters = []
    for a, b, c in corners[np.array(threes)]:
        ab, bc, ca = (a + b) / 2.0, (b + c) / 2.0, (c + a) / 2.0
        quarters += [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    triangles = np.array(quarters)
    triangles /= np.linalg.norm(triangles, axis=2, keepdims=True)
    a, b, c = triangles.transpose(1, 0, 2)
    inwards = np.einsum("ij,ij->i", np.cross(b - a, c - a), a) < 0.0
    triangles[inwards] = triangles[inwards][:, ::-1]
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2.0
    points = triangles.reshape(-1, 3) * math.sqrt(4.0 * math.pi / area)
    return points, np.arange(len(points)).reshape(-1, 3)
