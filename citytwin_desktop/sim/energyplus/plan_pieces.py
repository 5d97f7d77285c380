"""Cut plans into polygons that EnergyPlus takes: no holes, no more than 120 corners, convex where they cast shade."""

import math

import numpy as np
import shapely

from citytwin_desktop.city.polygons import FloatArray

MOST_CORNERS = 100
CORNER_M = 0.015
"""EnergyPlus takes corners that are closer than 0.01 m for one."""
_FEWEST_CORNERS = 3
_SMALLEST_PIECE_M2 = 0.01
_REFLEX_M = 1e-6
"""A corner that lies no farther inside the line between its neighbours counts as straight."""


def polygon_pieces(polygon: shapely.Polygon) -> list[FloatArray]:
    """Simple polygons that cover a polygon without overlap.

    Parameters
    ----------
    polygon : shapely.Polygon

    Returns
    -------
    list of ndarray, (n, 2) float64 [m]
        Counter-clockwise, not closed.
    """
    return _distinct([_corners(piece) for piece in _cut(polygon)])


def convex_pieces(polygon: shapely.Polygon) -> list[FloatArray]:
    """Convex polygons that cover a polygon without overlap: triangles, joined where they stay convex.

    The method of Hertel & Mehlhorn (1983, doi:10.1007/3-540-12689-9_105): at most four times the fewest possible.

    Parameters
    ----------
    polygon : shapely.Polygon

    Returns
    -------
    list of ndarray, (n, 2) float64 [m]
        Counter-clockwise, not closed.
    """
    whole = _corners(polygon)
    if not polygon.interiors and _convex(whole.tolist()):
        return _distinct([whole])
    rings = [_corners(part).tolist() for part in shapely.get_parts(shapely.constrained_delaunay_triangles(polygon))]
    joined = True
    while joined:
        joined = False
        edges = {(tuple(a), tuple(b)): place for place, ring in enumerate(rings) for a, b in _sides(ring)}
        for (a, b), place in sorted(edges.items(), key=lambda item: -math.dist(*item[0])):
            other = edges.get((b, a), -1)
            if other < 0:
                continue
            union = _joined(rings[place], rings[other], a, b)
            if _convex(union):
                rings = [ring for number, ring in enumerate(rings) if number not in (place, other)] + [union]
                joined = True
                break
    return _distinct([np.array(ring) for ring in rings])


def _distinct(rings: list[FloatArray]) -> list[FloatArray]:
    """Rings without corners that EnergyPlus would take for the one before."""
    kept = []
    for ring in rings:
        gaps = np.hypot(*(ring - np.roll(ring, 1, axis=0)).T)
        if (gaps > CORNER_M).sum() >= _FEWEST_CORNERS:
            kept.append(ring[gaps > CORNER_M])
    return kept


def _sides(ring: list[list[float]]) -> list[tuple[list[float], list[float]]]:
    return list(zip(ring, [*ring[1:], ring[0]], strict=True))


def _joined(
    one: list[list[float]], two: list[list[float]], a: tuple[float, ...], b: tuple[float, ...]
) -> list[list[float]]:
    """Two rings without their common side, which runs from a to b in the first."""
    end, start = one.index(list(b)), two.index(list(a))
    first = one[end:] + one[:end]
    second = two[start:] + two[:start]
    return first + second[1:-1]


def _convex(ring: list[list[float]]) -> bool:
    for (ax, ay), (bx, by), (cx, cy) in zip(ring, [*ring[1:], ring[0]], [*ring[2:], *ring[:2]], strict=True):
        turn = (bx - ax) * (cy - by) - (by - ay) * (cx - bx)
        if turn < -_REFLEX_M * math.hypot(cx - ax, cy - ay):
            return False
    return True


def _cut(polygon: shapely.Polygon) -> list[shapely.Polygon]:
    """Halve along north-south lines, through the first hole where there is one, until every piece is simple."""
    if not polygon.interiors and shapely.get_num_coordinates(polygon) <= MOST_CORNERS + 1:
        return [polygon]
    through = polygon.interiors[0] if polygon.interiors else polygon
    low, _, high, _ = through.bounds
    west, south, east, north = polygon.bounds
    middle = (low + high) / 2.0
    pieces: list[shapely.Polygon] = []
    for side in (
        shapely.box(west - 1, south - 1, middle, north + 1),
        shapely.box(middle, south - 1, east + 1, north + 1),
    ):
        for part in shapely.get_parts(shapely.intersection(polygon, side)):
            if isinstance(part, shapely.Polygon) and part.area > _SMALLEST_PIECE_M2:
                pieces.extend(_cut(part))
    return pieces


def _corners(polygon: shapely.Polygon) -> FloatArray:
    coordinates = shapely.get_coordinates(shapely.orient_polygons(polygon))[:-1]
    return np.asarray(coordinates, np.float64)
