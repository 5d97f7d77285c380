"""A plan cut by a straight line into faces that share their corners exactly."""

import numpy as np
import shapely

from citytwin_desktop.city.polygons import FloatArray

ON_LINE_M = 1e-6
"""A corner no further from the line than this lies on it."""


def cut_by_line(plan: shapely.Polygon, point: FloatArray, along: FloatArray) -> list[tuple[shapely.Polygon, int]]:
    """Faces of a plan on either side of a line.

    Parameters
    ----------
    plan : shapely.Polygon
        Valid.
    point : ndarray, (2,) float64 [m]
    along : ndarray, (2,) float64
        Unit direction of the line.

    Returns
    -------
    list of (shapely.Polygon, int)
        Wound counter-clockwise; 1 for what lies on the left of the line, -1 on the right. They tile the plan, and
        neighbours share all their corners bit by bit.
    """
    left = np.array([-along[1], along[0]])
    rings = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(plan)]
    noded = [_with_crossings(ring, (ring - point) @ left) for ring in rings]
    on_line = np.concatenate([ring[on] for ring, on in noded])
    cuts = _cuts_inside(plan, on_line, (on_line - point) @ along)
    if not len(cuts):
        whole = 1 if float((shapely.get_coordinates(plan.representative_point())[0] - point) @ left) > 0 else -1
        return [(shapely.orient_polygons(plan), whole)]
    edges = [np.stack([ring, np.roll(ring, -1, axis=0)], axis=1) for ring, _ in noded]
    lines = shapely.linestrings(np.concatenate([*edges, cuts]))
    faces = shapely.orient_polygons(shapely.get_parts(shapely.polygonize(lines)))
    middle = shapely.point_on_surface(faces)
    inside = shapely.contains(plan, middle)
    side = np.where((shapely.get_coordinates(middle) - point) @ left > 0, 1, -1)
    return list(zip(faces[inside].tolist(), side[inside].tolist(), strict=True))


def _with_crossings(ring: FloatArray, distance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A ring with corners where it crosses the line, and which corners lie on the line."""
    distance = np.where(np.abs(distance) <= ON_LINE_M, 0.0, distance)
    there, beyond = np.roll(ring, -1, axis=0), np.roll(distance, -1)
    crosses = distance * beyond < 0.0
    share = distance[crosses] / (distance[crosses] - beyond[crosses])
    new = ring[crosses] + share[:, None] * (there[crosses] - ring[crosses])
    place = np.flatnonzero(crosses) + 1
    return np.insert(ring, place, new, axis=0), np.insert(distance == 0.0, place, True)


def _cuts_inside(plan: shapely.Polygon, points: FloatArray, along: FloatArray) -> FloatArray:
    """(k, 2, 2) float64 [m]: stretches of the line inside the plan, between points on its rings."""
    order = np.argsort(along, kind="stable")
    points, along = points[order], along[order]
    pairs = np.stack([points[:-1], points[1:]], axis=1) if len(points) > 1 else np.zeros((0, 2, 2))
    pairs = pairs[np.diff(along) > ON_LINE_M] if len(pairs) else pairs
    return pairs[shapely.contains(plan, shapely.points(pairs.mean(axis=1)))] if len(pairs) else pairs
