"""Bodies that stand on outlines: the ground, the walls and a flat roof."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons


@dataclass(frozen=True, eq=False)
class Extrusion:
    """Surfaces of extruded outlines, sorted by the outline they came from.

    Parameters
    ----------
    polygons : Polygons
        For each outline its ground, its roof, then a wall for each edge; normals outwards.
    kind : ndarray, (n_surfaces,) uint8
    outline : ndarray, (n_surfaces,) int64
    """

    polygons: Polygons
    kind: NDArray[np.uint8]
    outline: IntArray


def extrude(outlines: Polygons, bottom_m: FloatArray, top_m: FloatArray) -> Extrusion:
    """Raise outlines with holes to prisms.

    Parameters
    ----------
    outlines : Polygons
        Seen from above; their own heights do not count, their winding is put right.
    bottom_m, top_m : ndarray, (n_outlines,) float64 [m]

    Returns
    -------
    Extrusion
    """
    if not len(outlines):
        return Extrusion(Polygons.empty(), np.zeros(0, np.uint8), np.zeros(0, np.int64))
    upright = _wound_for_a_roof(outlines)
    owner, corners = upright.vertex_polygon, len(upright.vertices)
    low, high = upright.vertices.copy(), upright.vertices.copy()
    low[:, 2], high[:, 2] = bottom_m[owner], top_m[owner]
    grounds = Polygons(low[_backwards(upright.ring_start)], upright.ring_start, upright.polygon_start)
    roofs = Polygons(high, upright.ring_start, upright.polygon_start)
    following = upright.following_vertex
    walls = Polygons(
        np.stack([low, low[following], high[following], high], axis=1).reshape(-1, 3),
        np.arange(corners + 1) * 4,
        np.arange(corners + 1),
    )
    count = len(outlines)
    outline = np.concatenate([np.arange(count), np.arange(count), owner])
    kinds = np.repeat([SurfaceKind.GROUND, SurfaceKind.ROOF, SurfaceKind.WALL], [count, count, corners])
    order = np.argsort(outline, kind="stable")
    polygons = Polygons.concatenate([grounds, roofs, walls]).take(order)
    return Extrusion(polygons, kinds[order].astype(np.uint8), outline[order])


def _wound_for_a_roof(outlines: Polygons) -> Polygons:
    """Outer rings counter-clockwise seen from above, holes clockwise."""
    here, there = outlines.vertices, outlines.vertices[outlines.following_vertex]
    ring = np.repeat(np.arange(len(outlines.ring_start) - 1), np.diff(outlines.ring_start))
    # Relative to the first corner of each ring, so that nothing cancels far from the origin.
    first = here[np.minimum(outlines.ring_start[:-1], max(len(here) - 1, 0))][ring]
    a, b = here - first, there - first
    area = np.bincount(ring, a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], minlength=len(outlines.ring_start) - 1)
    outer = np.zeros(len(area), bool)
    outer[outlines.polygon_start[:-1]] = True
    turned = (area < 0.0) == outer
    rows = np.arange(len(here))
    rows = np.where(turned[ring], _backwards(outlines.ring_start)[rows], rows)
    return Polygons(here[rows], outlines.ring_start, outlines.polygon_start)


def _backwards(ring_start: IntArray) -> IntArray:
    """Rows of the vertices with every ring walked the other way."""
    ring = np.repeat(np.arange(len(ring_start) - 1), np.diff(ring_start))
    return np.asarray(ring_start[ring] + ring_start[ring + 1] - 1 - np.arange(int(ring_start[-1])))
