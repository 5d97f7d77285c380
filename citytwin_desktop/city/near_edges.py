"""Which of a city's edges lie near some shapes, found place by place: no step takes long, whatever the city's size."""

from collections.abc import Callable, Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray

EDGES_OF_A_TILE = 4_000
"""GEOS and Python's lists of its shapes keep every other thread waiting until a call is done (measured: 0.5 s for the
lines of 500,000 edges, 0.6 s for their tree)."""

PAIRS_AT_ONCE = 10_000


def near_edges(
    start: FloatArray,
    end: FloatArray,
    bounds: FloatArray,
    shapes: Callable[[IntArray], NDArray[np.object_]],
    distance_m: float,
) -> tuple[IntArray, IntArray]:
    """Pairs of a shape and an edge that are no further apart than a distance.

    Parameters
    ----------
    start, end : ndarray, (n_edges, 2) float64 [m]
    bounds : ndarray, (n_shapes, 4) float64 [m]
        Least and greatest coordinates of every shape.
    shapes : callable
        Gives the shapely geometries of some places of ``bounds``.
    distance_m : float [m]

    Returns
    -------
    shape, edge : ndarray, (n_pairs,) int64
        Sorted by shape, and by edge within it.
    """
    low, high = np.minimum(start, end), np.maximum(start, end)
    # Rounding must not lose a pair at the very distance: the exact test follows.
    reach = distance_m * (1.0 + 1e-9) + 1e-9
    found = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    for tile in tiles((low + high) / 2.0, EDGES_OF_A_TILE):
        least, most = np.fmin.reduce(low[tile]) - reach, np.fmax.reduce(high[tile]) + reach
        near = np.flatnonzero(((bounds[:, :2] <= most) & (bounds[:, 2:] >= least)).all(axis=1))
        if len(near):
            tree = shapely.STRtree(lines_between(start[tile], end[tile]))
            shape, edge = tree.query(shapes(near), predicate="dwithin", distance=distance_m)
            found.append((near[shape], tile[edge]))
    shape, edge = (np.concatenate(values) for values in zip(*found, strict=True))
    order = np.lexsort((edge, shape))
    return shape[order], edge[order]


def distances_m(
    shapes: NDArray[np.object_], shape: IntArray, start: FloatArray, end: FloatArray, edge: IntArray
) -> FloatArray:
    """(n_pairs,) float64 [m]: how far apart the shape and the edge of each pair are."""
    distance = np.zeros(len(shape))
    for first in range(0, len(shape), PAIRS_AT_ONCE):
        part = slice(first, first + PAIRS_AT_ONCE)
        lines = lines_between(start[edge[part]], end[edge[part]])
        distance[part] = shapely.distance(shapes[shape[part]], lines)
    return distance


def lines_between(start: FloatArray, end: FloatArray) -> NDArray[np.object_]:
    """(n,) object of shapely.LineString."""
    lines: NDArray[np.object_] = shapely.linestrings(np.stack([start, end], axis=1))
    return lines


def tiles(points: FloatArray, most: int) -> Iterator[IntArray]:
    """Places of points, (n,) int64 each, parted across the longer side until no part has too many."""
    waiting = [np.arange(len(points))]
    while waiting:
        places = waiting.pop()
        if len(places) <= most:
            if len(places):
                yield places
            continue
        part = points[places]
        axis = int(np.argmax(np.ptp(part, axis=0)))
        order = np.argpartition(part[:, axis], len(places) // 2)
        waiting += [places[order[: len(places) // 2]], places[order[len(places) // 2 :]]]
