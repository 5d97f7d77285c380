"""What of an outline the pointer can take hold of: corners, middles of edges, edges."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from citytwin_desktop.city.polygons import FloatArray

CORNER, MIDDLE, EDGE = "corner", "middle", "edge"
SHORT_EDGE_PX = 36.0
"""Edges that look shorter have no handle in their middle."""
_CORNER_PX, _MIDDLE_PX, _EDGE_PX = 9.0, 6.0, 7.0
Rings = tuple[FloatArray, ...]


@dataclass(frozen=True)
class Grip:
    """What is under the pointer.

    Parameters
    ----------
    kind : str
        ``corner``, ``middle`` (of an edge, to insert a corner) or ``edge`` (to shift it whole).
    ring, place : int
        Ring, and the corner or the one where the edge begins.
    """

    kind: str
    ring: int
    place: int


def grip_at(rings_px: Sequence[FloatArray], here: FloatArray) -> Grip | None:
    """What is under a pixel; a corner goes before a middle, and that before an edge.

    Parameters
    ----------
    rings_px : sequence of ndarray, (n, 2) float64
        Where the corners of each ring appear.
    here : ndarray, (2,) float64
    """
    best: tuple[int, float, Grip] | None = None
    for number, start in enumerate(rings_px):
        if not np.isfinite(start).all():
            continue
        end = np.roll(start, -1, axis=0)
        roomy = np.hypot(*(end - start).T) >= SHORT_EDGE_PX
        reaches = (
            (CORNER, np.hypot(*(start - here).T), _CORNER_PX),
            (MIDDLE, np.where(roomy, np.hypot(*((start + end) / 2.0 - here).T), np.inf), _MIDDLE_PX),
            (EDGE, _distances(start, end, here), _EDGE_PX),
        )
        for rank, (kind, distance, reach) in enumerate(reaches):
            place = int(np.argmin(distance))
            if distance[place] <= reach and (best is None or (rank, distance[place]) < best[:2]):
                best = (rank, float(distance[place]), Grip(kind, number, place))
    return None if best is None else best[2]


def same_rings(one: Rings, other: Rings) -> bool:
    """Whether no corner is another."""
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def _distances(start: FloatArray, end: FloatArray, point: FloatArray) -> FloatArray:
    """Distances of a point from line segments, (n,) float64."""
    way = end - start
    length = np.maximum(np.einsum("ij,ij->i", way, way), 1e-12)
    share = np.clip(np.einsum("ij,ij->i", point - start, way) / length, 0.0, 1.0)
    return np.asarray(np.hypot(*(start + way * share[:, None] - point).T))
