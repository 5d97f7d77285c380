"""Outlines of buildings in plan: read off their surfaces, and made of numbers that someone drew or typed."""

from collections.abc import Sequence

import numpy as np
import shapely

from citytwin_desktop.city.footprints import plan_polygons
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.errors import KnownError

FARTHEST_M = 1e6
"""Local coordinates beyond this are a slip, not a place in the project."""
SAME_CORNER_M = 1e-3
SMALLEST_AREA_M2 = 1.0
NARROWEST_M = 0.05
MOST_CORNERS = 2_000
_LEVEL_M2 = 1e-3
_TOGETHER_M = 1e-3


def footprint_of(city: CityModel, row: int) -> list[FloatArray]:
    """Outline of one building row, corner by corner as it stands.

    Parameters
    ----------
    city : CityModel
    row : int

    Returns
    -------
    list of ndarray, (n, 2) float64 [m]
        The outer ring counter-clockwise, then holes clockwise, none closed by a repeated corner; in local
        coordinates. Of a building on several plots that of the largest; empty for a row without surfaces.
    """
    plans = plans_of(city.surfaces.stretch(city.surfaces.of_building(row)))
    return rings_of(plans[0]) if plans else []


def plans_of(surfaces: Surfaces) -> list[shapely.Polygon]:
    """Plan of one building: the union of its grounds, of its roofs where it has none, the largest polygon first.

    Parameters
    ----------
    surfaces : Surfaces
        Of one row.
    """
    plan = np.abs(surfaces.polygons.area_vectors_m2[:, 2]) if len(surfaces) else np.zeros(0)
    for kinds in ((SurfaceKind.GROUND,), (SurfaceKind.ROOF, SurfaceKind.OUTER_FLOOR), tuple(SurfaceKind)):
        chosen = np.flatnonzero(np.isin(surfaces.kind, kinds) & (plan > _LEVEL_M2))
        if len(chosen):
            break
    else:
        return []
    shapes = plan_polygons(surfaces.polygons.take(chosen))
    union = shapes[0] if len(shapes) == 1 else shapely.union_all(shapes, grid_size=_TOGETHER_M)
    parts = [part for part in shapely.get_parts(union) if part.geom_type == "Polygon" and part.area > _LEVEL_M2]
    return sorted((shapely.orient_polygons(part) for part in parts), key=lambda part: -part.area)


def rings_of(polygon: shapely.Polygon) -> list[FloatArray]:
    """Rings of a polygon, the outer one first, none closed by a repeated corner; (n, 2) float64 [m]."""
    return [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(polygon)]


def checked_points(values: Sequence[float], what: str) -> FloatArray:
    """(n, 2) float64 [m]: places of a flat list x0, y0, x1, y1 and so on.

    Raises
    ------
    KnownError
        When a number is missing, no number, or far outside the project.
    """
    numbers = np.asarray(values, np.float64)
    if len(numbers) % 2 or not len(numbers):
        msg = f"{what} has {len(numbers)} numbers: give x and y of every point, as x0,y0,x1,y1."
        raise KnownError(msg)
    if not np.isfinite(numbers).all():
        msg = f"{what} holds a coordinate that is no number: give all of them in metres."
        raise KnownError(msg)
    if np.abs(numbers).max() > FARTHEST_M:
        msg = f"{what} lies more than 1,000 km away: give local coordinates of the project, in metres."
        raise KnownError(msg)
    return numbers.reshape(-1, 2)


def checked_outline(
    values: Sequence[float], what: str, holes: Sequence[float] = (), hole_sizes: Sequence[float] = ()
) -> shapely.Polygon:
    """Polygon of corners that someone drew; its winding and repeated corners are put right.

    Parameters
    ----------
    values : sequence of float [m]
        x0, y0, x1, y1… of the outer ring, in either direction, closed or not.
    what : str
        Beginning of the sentence when it is refused, such as “The footprint”.
    holes : sequence of float [m]
        Corners of all holes one after another.
    hole_sizes : sequence of float
        Number of corners of each hole; may be left out for a single hole.

    Returns
    -------
    shapely.Polygon
        Valid, the outer ring counter-clockwise, holes clockwise.

    Raises
    ------
    KnownError
        When it crosses itself, is tiny or narrow, or its numbers make no ring.
    """
    outer = _ring(checked_points(values, what), what)
    inner = [_ring(part, f"A hole of {what[0].lower()}{what[1:]}") for part in _split(holes, hole_sizes, what)]
    polygon = shapely.Polygon(outer, inner)
    if not polygon.is_valid:
        reason = shapely.is_valid_reason(polygon)
        place = reason.partition("[")[2].rstrip("]").replace(" ", ", ")
        msg = f"{what} crosses or touches itself near {place}: draw it without crossings."
        raise KnownError(msg)
    if polygon.area < SMALLEST_AREA_M2:
        msg = f"{what} has only {polygon.area:.2f} m²: draw at least {SMALLEST_AREA_M2:g} m²."
        raise KnownError(msg)
    if polygon.area / polygon.length * 2.0 < NARROWEST_M:
        msg = f"{what} is narrower than {NARROWEST_M * 100:.0f} cm: draw it wider."
        raise KnownError(msg)
    return shapely.orient_polygons(polygon)


def _split(holes: Sequence[float], sizes: Sequence[float], what: str) -> list[FloatArray]:
    if not len(holes):
        return []
    points = checked_points(holes, f"The holes of {what[0].lower()}{what[1:]}")
    # Sizes are compared before they are rounded: some are no numbers at all.
    whole = all(3 <= size <= len(points) and size == int(size) for size in sizes)
    counts = [int(size) for size in sizes] if whole and len(sizes) else [len(points)]
    if not whole or sum(counts) != len(points):
        msg = f"The holes have {len(points)} corners in all: give as hole_sizes how many each has, at least 3."
        raise KnownError(msg)
    return np.split(points, np.cumsum(counts)[:-1])


def _ring(points: FloatArray, what: str) -> FloatArray:
    """Corners without repeated neighbours."""
    if len(points) > MOST_CORNERS:
        msg = f"{what} has {len(points)} corners: give {MOST_CORNERS} at most."
        raise KnownError(msg)
    step = np.hypot(*(points - np.roll(points, 1, axis=0)).T)
    kept = points[step > SAME_CORNER_M] if len(points) > 1 else points
    if len(kept) < 3:
        msg = f"{what} has only {len(kept)} different corners: give three or more."
        raise KnownError(msg)
    return kept
