"""The wall that closes a body where an upright plane has cut it."""

from itertools import pairwise

import numpy as np
import shapely

from citytwin_desktop.city.polygons import FloatArray

_SAME_M = 1e-6
_GRID_M = 1e-6
_SMALLEST_M2 = 1e-6
_GAP_SHARE = 0.01

Corner = tuple[float, float, float]
Rings = list[list[Corner]]
Flat = tuple[float, float]


def section_polygons(
    pieces: list[Rings], start_m: FloatArray, along: FloatArray, on_plane_m: float
) -> tuple[list[Rings], bool]:
    """Polygons in the plane that close what lies on its left.

    Parameters
    ----------
    pieces : list of rings
        Surfaces of what lies left of the plane.
    start_m, along : ndarray, (2,) float64
        Point [m] and unit direction of the plane, seen from above.
    on_plane_m : float [m]
        How far a corner of the plane may be off it.

    Returns
    -------
    polygons : list of rings
        Facing right, away from the body on the left.
    closed : bool
        Whether they cover what lies between the lines that the plane cuts out of the surfaces, to a hundredth.
    """
    left = np.array([-along[1], along[0]])
    corner_of: dict[Flat, Corner] = {}

    def flat(corner: Corner) -> Flat | None:
        offset = (corner[0] - start_m[0], corner[1] - start_m[1])
        if abs(offset[0] * left[0] + offset[1] * left[1]) > on_plane_m:
            return None
        place = (round(offset[0] * along[0] + offset[1] * along[1], 6), round(corner[2], 6))
        corner_of.setdefault(place, corner)
        return place

    directed: set[tuple[Flat, Flat]] = set()
    for rings in pieces:
        for ring in rings:
            places = [flat(corner) for corner in ring]
            for here, there in zip(places, [*places[1:], places[0]], strict=True):
                if here is not None and there is not None and here != there:
                    if (there, here) in directed:
                        directed.remove((there, here))
                    else:
                        directed.add((here, there))
    if not directed:
        return [], False
    edges = sorted(directed)
    lines = [shapely.LineString(edge) for edge in [*edges, *_uprights(edges)]]
    noded = shapely.union_all(np.array(lines, object), grid_size=_GRID_M)
    faces = shapely.polygonize([noded])
    found = [face for face in shapely.get_parts(shapely.orient_polygons(faces)) if face.area > _SMALLEST_M2]
    found = [face for face in found if _is_section(face, directed)]
    wanted, reached = _area_m2(edges), sum(face.area for face in found)
    # Seen from the right, the way along the line runs to the right: counter-clockwise there faces right.
    back = [
        [[_corner(point, corner_of, start_m, along) for point in shapely.get_coordinates(ring)[:-1].tolist()]
         for ring in shapely.get_rings(face)]
        for face in found
    ]  # fmt: skip
    return back, bool(found) and abs(wanted - reached) <= _GAP_SHARE * max(wanted, reached)


def _uprights(edges: list[tuple[Flat, Flat]]) -> list[tuple[Flat, Flat]]:
    """Upright lines between loose ends that lie above each other, where a wall is missing between two houses."""
    balance: dict[Flat, int] = {}
    for here, there in edges:
        balance[here] = balance.get(here, 0) + 1
        balance[there] = balance.get(there, 0) - 1
    loose = sorted(place for place, count in balance.items() if count)
    found = []
    column: list[Flat] = []
    for place in [*loose, (np.inf, np.inf)]:
        if column and abs(place[0] - column[0][0]) > 1e-3:
            found += [(low, high) for low, high in zip(column[::2], column[1::2], strict=False)]
            column = []
        column.append(place)
    return found


def _area_m2(edges: list[tuple[Flat, Flat]]) -> float:
    """Area between directed lines: exact although upright ones are missing, for these count nothing."""
    return abs(sum((here[1] + there[1]) / 2.0 * (there[0] - here[0]) for here, there in edges))


def _is_section(face: shapely.Polygon, directed: set[tuple[Flat, Flat]]) -> bool:
    """Whether the body is on the inside of a face: the surfaces run against its outline."""
    ring = [(round(x, 6), round(y, 6)) for x, y in shapely.get_coordinates(face.exterior).tolist()]
    with_it = sum((here, there) in directed for here, there in pairwise(ring))
    against = sum((there, here) in directed for here, there in pairwise(ring))
    return against >= with_it


def _corner(point: list[float], corner_of: dict[Flat, Corner], start_m: FloatArray, along: FloatArray) -> Corner:
    known = corner_of.get((round(point[0], 6), round(point[1], 6)))
    if known is not None:
        return known
    return (float(start_m[0] + point[0] * along[0]), float(start_m[1] + point[0] * along[1]), point[1])
