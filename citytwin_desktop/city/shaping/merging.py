"""Several bodies made one: what touches loses the walls between, what overlaps is drawn anew as their union."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.shaping.arrangement import Shapes, dissolved, faces_between, outline_of, without_slivers
from citytwin_desktop.city.shaping.outlines import plans_of
from citytwin_desktop.city.shaping.plan_bodies import body_over
from citytwin_desktop.city.shaping.roof_plans import RoofPlans
from citytwin_desktop.city.surfaces import Surfaces

TOUCHING_M = 0.05
"""Faces no further apart than this are one wall between two buildings."""
_GRID_M = 1e-6
_OVERLAP_M2, _OVERLAP_SHARE = 0.05, 0.002
_COMMON_HEIGHT_M = 0.05
_PARALLEL = 0.9995
_SMALLEST_M2 = 1e-4
_NARROWEST_M = 2e-3
_LEVEL = 0.05


@dataclass(frozen=True, eq=False)
class Merged:
    """One body of several.

    Parameters
    ----------
    surfaces : Surfaces
        ``building`` is 0; names are empty where a surface is new.
    redrawn : bool
        Whether the bodies overlapped, so that their union was drawn anew from roofs and plans.
    removed_m2 : float [m2]
        Area of walls between them that went, both sides counted.
    """

    surfaces: Surfaces
    redrawn: bool
    removed_m2: float


def touching_groups(surfaces: Surfaces, count: int) -> IntArray:
    """(count,) int64: number of the cluster of rows that touch or overlap in plan each belongs to."""
    parts = _by_row(surfaces, count)
    plans = [shapely.union_all(plans_of(part)) for part in parts]
    label = np.arange(count)
    for one in range(count):
        for other in range(one):
            near = shapely.dwithin(plans[one], plans[other], TOUCHING_M)
            if near and _common_rise_m(parts[one], parts[other]) >= -TOUCHING_M:
                label[label == label[one]] = label[other]
    return np.unique(label, return_inverse=True)[1].astype(np.int64)


def merge(surfaces: Surfaces, count: int) -> Merged | None:
    """Merge the bodies of some rows.

    Parameters
    ----------
    surfaces : Surfaces
        ``building`` counts from 0 to ``count``.
    count : int

    Returns
    -------
    Merged or None
        None where bodies overlap that are more than a roof above a ground, so that no union can be drawn of them.
    """
    if _overlapping(surfaces, count):
        return _redrawn(surfaces, count)
    return _joined(surfaces)


def _by_row(surfaces: Surfaces, count: int) -> list[Surfaces]:
    return [surfaces.stretch(surfaces.of_building(row)) for row in range(count)]


def _overlapping(surfaces: Surfaces, count: int) -> bool:
    """Whether two rows fill common space: in plan, and in height where that is."""
    parts = _by_row(surfaces, count)
    plans = [shapely.union_all(plans_of(part)) for part in parts]
    for one in range(count):
        for other in range(one):
            area = plans[one].intersection(plans[other]).area
            least = min(plans[one].area, plans[other].area)
            common = area > max(_OVERLAP_M2, _OVERLAP_SHARE * least)
            if common and _common_rise_m(parts[one], parts[other]) > _COMMON_HEIGHT_M:
                return True
    return False


def _common_rise_m(one: Surfaces, other: Surfaces) -> float:
    """Height over which two bodies stand side by side [m]; negative for the gap between them."""
    z, w = one.polygons.vertices[:, 2], other.polygons.vertices[:, 2]
    return float(min(z.max(), w.max()) - max(z.min(), w.min()))


def _joined(surfaces: Surfaces) -> Merged:
    """All surfaces less what lies on each other face to face."""
    polygons = surfaces.polygons
    low, high = np.full((len(surfaces), 3), np.inf), np.full((len(surfaces), 3), -np.inf)
    np.minimum.at(low, polygons.vertex_polygon, polygons.vertices)
    np.maximum.at(high, polygons.vertex_polygon, polygons.vertices)
    boxes = shapely.box(*(low[:, :2] - TOUCHING_M).T, *(high[:, :2] + TOUCHING_M).T)
    one, other = shapely.STRtree(boxes).query(boxes)
    normals = polygons.normals
    facing = (surfaces.building[one] != surfaces.building[other]) & (
        np.einsum("ij,ij->i", normals[one], normals[other]) < -_PARALLEL
    )
    facing &= (low[one, 2] < high[other, 2] + TOUCHING_M) & (low[other, 2] < high[one, 2] + TOUCHING_M)
    offset = polygons.centroids[other] - polygons.centroids[one]
    facing &= np.abs(np.einsum("ij,ij->i", offset, normals[one])) <= TOUCHING_M
    one, other = one[facing], other[facing]
    found: dict[int, list[list[FloatArray]]] = {}
    removed = 0.0
    for place in np.unique(one).tolist():
        left, gone = _less(polygons, place, other[one == place])
        if gone > _SMALLEST_M2:
            found[place], removed = left, removed + gone
    rings, kinds, names = [], [], []
    for place in range(len(surfaces)):
        parts = found.get(place, [polygons.rings(place)])
        rings += parts
        kinds += [surfaces.kind[place]] * len(parts)
        names += [surfaces.source_id[place] if place not in found else ""] * len(parts)
    name = np.empty(len(names), object)
    name[:] = names
    merged = Surfaces(Polygons.from_rings(rings), np.array(kinds, np.uint8), np.zeros(len(kinds), np.int64), name)
    return Merged(merged, redrawn=False, removed_m2=removed)


def _less(polygons: Polygons, place: int, others: IntArray) -> tuple[list[list[FloatArray]], float]:
    """What is left of a polygon beside those that face it, and the area that went [m2]."""
    normal = polygons.normals[place]
    origin = polygons.rings(place)[0][0]
    first = np.array([-normal[1], normal[0], 0.0]) if abs(normal[2]) < 1.0 - _LEVEL else np.array([1.0, 0.0, 0.0])
    first -= normal * float(first @ normal)
    first /= np.linalg.norm(first)
    axes = np.stack([first, np.cross(normal, first)])
    corner_of: dict[tuple[float, float], FloatArray] = {}

    def flat(index: int, keep: bool) -> shapely.Polygon:
        rings = []
        for ring in polygons.rings(index):
            points = np.round((ring - origin) @ axes.T / _GRID_M) * _GRID_M
            if keep:
                corner_of.update({(round(x, 6), round(y, 6)): p for (x, y), p in zip(points, ring, strict=True)})
            rings.append(points)
        shape = shapely.Polygon(rings[0], rings[1:])
        return shape if shape.is_valid else shapely.make_valid(shape)

    mine = flat(place, keep=True)
    beside = shapely.union_all([flat(index, keep=False) for index in others.tolist()], grid_size=_GRID_M)
    left = shapely.difference(mine, beside, grid_size=_GRID_M)
    parts = [part for part in shapely.get_parts(left) if part.geom_type == "Polygon" and _counts(part)]
    back = [
        [
            np.array([corner_of.get((round(x, 6), round(y, 6)), origin + x * axes[0] + y * axes[1])
                      for x, y in shapely.get_coordinates(ring)[:-1].tolist()])
            for ring in shapely.get_rings(part)
        ]
        for part in shapely.orient_polygons(np.array(parts, object))
    ]  # fmt: skip
    return back, float(mine.area - sum(part.area for part in parts))


def _counts(part: shapely.Polygon) -> bool:
    """Whether a rest of a wall is more than a crack."""
    return bool(part.area > _SMALLEST_M2 and 2.0 * part.area / part.length > _NARROWEST_M)


def _redrawn(surfaces: Surfaces, count: int) -> Merged | None:
    """Union of bodies that are each a roof above a ground: the highest roof and the lowest ground at every place."""
    anchor = surfaces.polygons.vertices[0, :2].copy()
    roofs = RoofPlans.of(surfaces, anchor)
    plans = [
        shapely.transform(shapely.union_all(plans_of(part)), lambda points: points - anchor)
        for part in _by_row(surfaces, count)
    ]
    base = np.full(count, np.inf)
    np.minimum.at(base, surfaces.building[surfaces.polygons.vertex_polygon], surfaces.polygons.vertices[:, 2])
    faces = faces_between([shape.boundary for shape in (*roofs.shapes, *plans)])
    middles = shapely.point_on_surface(faces)
    inside = np.array([shapely.intersects(plan, middles) for plan in plans], bool).reshape(count, -1)
    heights = roofs.heights_m(middles, shapely.get_coordinates(middles))
    of_row = [np.where(roofs.row[:, None] == row, heights, -np.inf) for row in range(count)]
    top = np.array([mine.max(axis=0, initial=-np.inf) for mine in of_row])
    bottom = np.where(inside, base[:, None], np.inf).min(axis=0)
    levels, level_of = np.unique(bottom, return_inverse=True)
    label = np.where(inside.any(axis=0), np.argmax(heights, axis=0) * len(levels) + level_of, -1)
    wide = _is_wide(faces)
    # Where a plan has no roof of its own above it, there is no telling how high it is.
    if (np.isneginf(top) & inside)[:, wide].any() or _with_gap(top[:, wide], base, inside[:, wide]):
        return None
    label = without_slivers(faces, label)
    kept = label >= 0
    shared, label = dissolved(faces[kept], label[kept])
    planes_of, bottoms = roofs.planes[label // len(levels)], levels[label % len(levels)]
    level = len(np.unique(bottoms)) == 1
    outline = outline_of(shared) if level else None
    body = body_over(shared, planes_of, bottoms, anchor, outline)
    names = np.full(len(body.kind), "", object)
    merged = Surfaces(body.polygons, body.kind, np.zeros(len(body.kind), np.int64), names)
    walls = surfaces.kind == SurfaceKind.WALL
    before = float(surfaces.polygons.areas_m2[walls].sum())
    after = float(body.polygons.areas_m2[body.kind == SurfaceKind.WALL].sum())
    return Merged(merged, redrawn=True, removed_m2=before - after)


def _with_gap(top: FloatArray, base: FloatArray, inside: NDArray[np.bool_]) -> bool:
    """Whether at any place one body hangs in the air above another, so that a roof would be lost between them."""
    for place in range(top.shape[1]):
        here = np.flatnonzero(inside[:, place])
        order = here[np.argsort(base[here])]
        reached = -np.inf
        for number, row in enumerate(order.tolist()):
            if number and base[row] > reached + TOUCHING_M:
                return True
            reached = max(reached, float(top[row, place]))
    return False


def _is_wide(faces: Shapes) -> NDArray[np.bool_]:
    return np.asarray(2.0 * shapely.area(faces) / np.maximum(shapely.length(faces), 1e-9) > _NARROWEST_M / 2.0)
