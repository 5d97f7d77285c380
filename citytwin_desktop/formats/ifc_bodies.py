"""Storeys of an IFC building as stacked bodies."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, Polygons

_GAP_M = 0.4
"""Gaps between elements up to twice this are closed."""
_COURTYARD_M2 = 4.0
_SAME_SHARE = 0.05
_LEAST_STOREY_M = 1.5
_SMALLEST_M2 = 1.0
_OUTLINES = ("wall", "wallstandardcase", "curtainwall", "slab", "space", "wallelementedcase", "slabstandardcase")


@dataclass(frozen=True, eq=False)
class Shape:
    """Triangles of one element.

    Parameters
    ----------
    kind : str
        ``roof``, or the element's class without ``Ifc``, in small letters.
    triangles : ndarray, (t, 3, 3) float64 [m]
    storey : int
        Number of its storey, -1 for none.
    """

    kind: str
    triangles: FloatArray
    storey: int


@dataclass(frozen=True, eq=False)
class StoreyOutline:
    """One storey.

    Parameters
    ----------
    outline : shapely polygon or multipolygon [m]
    base_m, top_m : float [m]
    """

    outline: Any
    base_m: float
    top_m: float


def storey_outlines(shapes: Sequence[Shape], levels: Mapping[int, float]) -> list[StoreyOutline]:
    """Outline and height of each storey, from the ground up.

    Parameters
    ----------
    shapes : sequence of Shape
    levels : mapping of int to float
        Elevation of each storey [m], nan for unknown.
    """
    used = [shape for shape in shapes if shape.kind in _OUTLINES]
    if not used:
        return []
    groups: dict[int, list[Shape]] = {}
    for shape in used:
        groups.setdefault(shape.storey, []).append(shape)
    base_of = {storey: _base_m(storey, group, levels) for storey, group in groups.items()}
    order = sorted(groups, key=lambda storey: base_of[storey])
    covered = _plan([shape for shape in shapes if shape.kind in ("slab", "roof", "space", "slabstandardcase")])
    top = _top_m(shapes)
    found: list[StoreyOutline] = []
    for place, storey in enumerate(order):
        walls = [shape for shape in groups[storey] if shape.kind not in ("slab", "slabstandardcase")]
        base = base_of[storey]
        above = base_of[order[place + 1]] if place + 1 < len(order) else top
        if not walls or above - base < _LEAST_STOREY_M:
            continue  # a foundation, or a roof that stands as a storey
        outline = _outline(groups[storey], covered)
        if not outline.is_empty:
            found.append(StoreyOutline(outline, base, above))
    return _joined(found, top)


def _joined(found: list[StoreyOutline], top_m: float) -> list[StoreyOutline]:
    """Storeys without gaps between them, with one outline where they hardly differ."""
    joined: list[StoreyOutline] = []
    for place, storey in enumerate(found):
        above = found[place + 1].base_m if place + 1 < len(found) else top_m
        outline = storey.outline
        if joined:
            last = joined[-1].outline
            if shapely.area(shapely.symmetric_difference(last, outline)) < _SAME_SHARE * shapely.area(last):
                outline = last
        joined.append(StoreyOutline(outline, storey.base_m, above))
    return joined


def _base_m(storey: int, group: list[Shape], levels: Mapping[int, float]) -> float:
    level = levels.get(storey, math.nan)
    lowest = min(float(shape.triangles[..., 2].min()) for shape in group)
    return level if math.isfinite(level) else lowest


def _top_m(shapes: Sequence[Shape]) -> float:
    """Top of the building: the mean height of its roof's upper side, else that of its highest wall."""
    roofs = [shape.triangles for shape in shapes if shape.kind == "roof"]
    walls = max(float(shape.triangles[..., 2].max()) for shape in shapes if shape.kind in _OUTLINES)
    if not roofs:
        return walls
    triangles = np.concatenate(roofs)
    edges = triangles[:, 1:] - triangles[:, :1]
    up = np.cross(edges[:, 0], edges[:, 1])[:, 2]
    seen = up > 1e-9
    if not seen.any():
        return walls
    return float(np.average(triangles[seen].mean(axis=1)[:, 2], weights=up[seen]))


def _plan(shapes: Sequence[Shape]) -> Any:
    """Union of what shapes cover in plan."""
    if not shapes:
        return shapely.Polygon()
    flat = np.concatenate([shape.triangles for shape in shapes])[..., :2]
    sides = flat[:, 1:] - flat[:, :1]
    area = np.abs(sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]) / 2.0
    return shapely.union_all(shapely.polygons(flat[area > 1e-6]), grid_size=1e-4)


def _outline(group: Sequence[Shape], covered: Any) -> Any:
    """Outline of a storey: gaps closed, holes filled that are no courtyard."""
    plan = shapely.buffer(_plan(group), _GAP_M, join_style="mitre")
    closed = shapely.buffer(plan, -_GAP_M, join_style="mitre")
    kept = []
    for part in shapely.get_parts(closed):
        if part.geom_type != "Polygon" or part.area < _SMALLEST_M2:
            continue
        holes = [hole for hole in map(shapely.Polygon, part.interiors) if _is_courtyard(hole, covered)]
        kept.append(shapely.Polygon(part.exterior, [hole.exterior for hole in holes]))
    return shapely.simplify(shapely.union_all(kept), 0.01) if kept else shapely.Polygon()


def _is_courtyard(hole: Any, covered: Any) -> bool:
    """Whether no slab, roof or space lies over a hole; a model without any of them does not tell."""
    if hole.area <= _COURTYARD_M2 or covered.is_empty:
        return False
    return bool(shapely.intersection(hole, covered).area < 0.5 * hole.area)


def stacked_surfaces(storeys: Sequence[StoreyOutline]) -> tuple[Polygons, NDArray[np.uint8]]:
    """Outer surfaces of stacked storeys, normals outwards.

    Parameters
    ----------
    storeys : sequence of StoreyOutline
        From the ground up, without gaps.
    """
    rings: list[list[FloatArray]] = []
    kinds: list[int] = []

    def add(kind: SurfaceKind, area: Any, level_m: float, *, up: bool) -> None:
        for part in shapely.get_parts(area):
            if part.geom_type == "Polygon" and part.area > 0.01:
                corners = [
                    shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(shapely.orient_polygons(part))
                ]
                flat = [np.column_stack([ring, np.full(len(ring), level_m)]) for ring in corners]
                rings.append([ring if up else ring[::-1] for ring in flat])
                kinds.append(kind)

    for place, storey in enumerate(storeys):
        below = storeys[place - 1].outline if place else shapely.Polygon()
        above = storeys[place + 1].outline if place + 1 < len(storeys) else shapely.Polygon()
        underside = shapely.difference(storey.outline, below)
        add(SurfaceKind.OUTER_CEILING if place else SurfaceKind.GROUND, underside, storey.base_m, up=False)
        add(SurfaceKind.ROOF, shapely.difference(storey.outline, above), storey.top_m, up=True)
        for part in shapely.get_parts(shapely.orient_polygons(storey.outline)):
            for ring in shapely.get_rings(part):
                rings.extend([wall] for wall in _walls(shapely.get_coordinates(ring), storey.base_m, storey.top_m))
                kinds.extend([SurfaceKind.WALL] * (len(shapely.get_coordinates(ring)) - 1))
    return Polygons.from_rings(rings), np.array(kinds, np.uint8)


def _walls(ring: FloatArray, base_m: float, top_m: float) -> list[FloatArray]:
    return [
        np.array([[*here, base_m], [*there, base_m], [*there, top_m], [*here, top_m]]) for here, there in pairwise(ring)
    ]
