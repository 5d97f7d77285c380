"""Where the walls of neighbouring buildings touch: shared stretches, with their height."""

from dataclasses import dataclass

import numpy as np

from citytwin_desktop.city.footprint_edges import FootprintEdges
from citytwin_desktop.city.near_edges import near_edges
from citytwin_desktop.city.polygons import FloatArray, IntArray

GAP_M = 0.25
MINIMUM_LENGTH_M = 0.3
MINIMUM_HEIGHT_M = 0.3
_ANTI_PARALLEL_COSINE = -np.cos(np.radians(5.0))


@dataclass(frozen=True, eq=False)
class PartyWalls:
    """Shared stretches, each listed once for either of its two walls; sorted by edge.

    Parameters
    ----------
    edge : ndarray, (n,) int64
        Index in the `FootprintEdges` that were searched.
    neighbour_row, neighbour_edge : ndarray, (n,) int64
        Building row on the other side, and its edge.
    start_m, end_m : ndarray, (n,) float64 [m]
        Where the stretch begins and ends along the edge.
    bottom_z_m, top_z_m : ndarray, (n,) float64 [m]
        Height over which both buildings stand; the wall above it is outdoors.
    """

    edge: IntArray
    neighbour_row: IntArray
    neighbour_edge: IntArray
    start_m: FloatArray
    end_m: FloatArray
    bottom_z_m: FloatArray
    top_z_m: FloatArray

    def __len__(self) -> int:
        return len(self.edge)


def find_party_walls(edges: FootprintEdges, gap_m: float = GAP_M) -> PartyWalls:
    """Find where edges of different buildings lie against each other.

    Two edges share a wall where they are anti-parallel within 5 degrees, no further apart than the
    gap at both ends of their common stretch, and stand at a common height.

    Parameters
    ----------
    edges : FootprintEdges
    gap_m : float [m]
        Largest distance between the two walls.
    """
    bounds = np.hstack([np.minimum(edges.start, edges.end), np.maximum(edges.start, edges.end)])
    one, other = near_edges(edges.start, edges.end, bounds, edges.lines, gap_m)
    facing = edges.row[one] != edges.row[other]
    direction = edges.direction
    facing &= np.einsum("ij,ij->i", direction[one], direction[other]) < _ANTI_PARALLEL_COSINE
    one, other = one[facing], other[facing]

    axis, length, origin = direction[one], edges.length_m[one], edges.start[one]
    normal = edges.outward[one]
    begin, begin_gap = _along(edges.end[other] - origin, axis, normal)
    end, end_gap = _along(edges.start[other] - origin, axis, normal)
    start_m, end_m = np.clip(begin, 0.0, length), np.clip(end, 0.0, length)
    slope = (end_gap - begin_gap) / np.maximum(end - begin, 1e-9)
    near_start, near_end = begin_gap + slope * (start_m - begin), begin_gap + slope * (end_m - begin)
    bottom = np.maximum(edges.base_z_m[one], edges.base_z_m[other])
    top = np.minimum(edges.top_z_m[one], edges.top_z_m[other])

    keep = (end_m - start_m >= MINIMUM_LENGTH_M) & (top - bottom >= MINIMUM_HEIGHT_M)
    keep &= np.maximum(np.abs(near_start), np.abs(near_end)) <= gap_m + 1e-9
    order = np.lexsort((start_m[keep], one[keep]))
    found = (one, edges.row[other], other, start_m, end_m, bottom, top)
    return PartyWalls(*(values[keep][order] for values in found))


def _along(offset: FloatArray, axis: FloatArray, normal: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Coordinates of points along an axis and across it."""
    return np.einsum("ij,ij->i", offset, axis), np.einsum("ij,ij->i", offset, normal)
