"""The outline of a roofed plan by the edges of its footprint: what stands over each stretch of them."""

from dataclasses import dataclass

import numpy as np

from citytwin_desktop.city.plan_faces import HalfEdges
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.roof_pieces import RoofPieces, heights_m


@dataclass(frozen=True, eq=False)
class OuterEdges:
    """Stretches of the outline, sorted by edge of the footprint and place along it.

    Parameters
    ----------
    edge : ndarray, (m,) int64
        Edge of the building's footprint, counted in the order of its `FootprintEdges`.
    start_m, end_m : ndarray, (m,) float64 [m]
        Along that edge.
    piece : ndarray, (m,) int64
        Piece of roof that stands over the stretch.
    start_top_m, end_top_m : ndarray, (m,) float64 [m]
        Height of the roof above the base at both ends.
    """

    edge: IntArray
    start_m: FloatArray
    end_m: FloatArray
    piece: IntArray
    start_top_m: FloatArray
    end_top_m: FloatArray

    def of_edge(self, edge: int) -> slice:
        """Places of the stretches of one edge."""
        first, last = np.searchsorted(self.edge, [edge, edge + 1])
        return slice(int(first), int(last))


def outer_edges(pieces: RoofPieces, edges: HalfEdges, start: FloatArray, end: FloatArray) -> OuterEdges:
    """Sort the outline of a partition by the edges of the footprint that was cut.

    Parameters
    ----------
    pieces : RoofPieces
    edges : HalfEdges
        Of the pieces' polygons.
    start, end : ndarray, (n, 2) float64 [m]
        Edges of the footprint in the same coordinates, the building on their left.
    """
    outer = edges.other < 0
    here, there, piece = edges.start[outer], edges.end[outer], edges.face[outer]
    planes = pieces.planes[piece]
    edge = _nearest(here, there, start, end)
    length = np.maximum(np.hypot(*(end - start).T), 1e-9)
    axis = ((end - start) / length[:, None])[edge]
    begin = np.clip(np.einsum("ij,ij->i", here - start[edge], axis), 0.0, length[edge])
    finish = np.clip(np.einsum("ij,ij->i", there - start[edge], axis), 0.0, length[edge])
    order = np.lexsort((begin, edge))
    return OuterEdges(
        edge=edge[order],
        start_m=begin[order],
        end_m=finish[order],
        piece=piece[order],
        start_top_m=heights_m(planes, here)[order],
        end_top_m=heights_m(planes, there)[order],
    )


def _nearest(here: FloatArray, there: FloatArray, start: FloatArray, end: FloatArray) -> IntArray:
    """(m,) int64: the edge that each stretch lies on, by distance of its middle and by direction."""
    middle = (here + there) / 2.0
    along, vector = there - here, end - start
    length = np.maximum(np.hypot(*vector.T), 1e-9)
    offset = middle[:, None, :] - start[None, :, :]
    share = np.clip(np.einsum("mnj,nj->mn", offset, vector) / length**2, 0.0, 1.0)
    distance = np.linalg.norm(offset - share[..., None] * vector, axis=2)
    size = np.maximum(np.hypot(*along.T), 1e-9)
    turn = 1.0 - (along @ vector.T) / (size[:, None] * length)
    return np.asarray(np.argmin(distance + 0.2 * turn, axis=1))
