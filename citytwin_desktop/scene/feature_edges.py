"""Feature edges of one tile, each once: found when they are first asked for, as no edge is seen from far away."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.point_hash import point_hash
from citytwin_desktop.city.polygons import IntArray, Polygons

SAME_POINT_M = 0.001
_FOOT_M = 0.05
Places = NDArray[np.int32]


class FeatureEdges:
    """Edges of some polygons, in two groups: those that buildings stand on come last.

    Parameters
    ----------
    polygons : Polygons
        All of the city; kept only until the edges are found.
    surfaces : ndarray, (n_surfaces,) int64
        Those of the tile among them.
    owner : ndarray, (n_surfaces,) int64
        Place in the tile of the building that owns each; ascending.
    """

    def __init__(self, polygons: Polygons, surfaces: IntArray, owner: IntArray) -> None:
        self._source: tuple[Polygons, IntArray, IntArray] | None = (polygons, surfaces, owner)

    @property
    def found(self) -> bool:
        """Whether they have been asked for."""
        return self._source is None

    def follow(self, polygons: Polygons, surfaces: IntArray) -> None:
        """Another state of the city holds the same polygons, so that the one before need not be kept."""
        if self._source is not None:
            self._source = (polygons, surfaces, self._source[2])

    def find(self) -> None:
        """Find them now, for whoever has time."""
        self._all  # noqa: B018 - a cached property

    @property
    def points(self) -> Places:
        """(n_edges, 2) int32: pairs of points of the tile."""
        return self._all[0]

    @property
    def place(self) -> Places:
        """(n_edges,) int32: place in the tile of the building that each belongs to."""
        return self._all[1]

    @property
    def first_foot(self) -> int:
        """Place of the first edge that its building stands on."""
        return self._all[2]

    @cached_property
    def _all(self) -> tuple[Places, Places, int]:
        assert self._source is not None  # noqa: S101 - only this takes it away
        whole, surfaces, of_surface = self._source
        polygons = whole.take(surfaces)
        owner = of_surface[polygons.vertex_polygon]
        edges = np.stack([np.arange(len(polygons.vertices)), polygons.following_vertex], axis=1)
        once = _first_of_each_edge(point_hash(polygons.vertices, SAME_POINT_M), edges, owner)
        foot = _feet(polygons.vertices[:, 2], owner)[edges[once]].all(axis=1)
        once = np.concatenate([once[~foot], once[foot]])
        self._source = None
        first = int(len(once) - np.count_nonzero(foot))
        return edges[once].astype(np.int32), owner[once].astype(np.int32), first


def _feet(height_m: NDArray[np.float64], owner: IntArray) -> NDArray[np.bool_]:
    """(n_vertices,) bool: those at the lowest height of their building; none of what is flat."""
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    low, high = (extreme.reduceat(height_m, first) if len(first) else height_m for extreme in (np.minimum, np.maximum))
    counts = np.diff(first, append=len(owner))
    low, high = np.repeat(low, counts), np.repeat(high, counts)
    return np.asarray((height_m < low + _FOOT_M) & (high > low + 2.0 * _FOOT_M))


def _first_of_each_edge(point: NDArray[np.uint64], edges: IntArray, owner: IntArray) -> IntArray:
    """Indices that keep one of the edges that two surfaces of a building share (to 1 mm)."""
    key = point[edges[:, 0]] + point[edges[:, 1]] + owner.astype(np.uint64) * np.uint64(0x94D049BB133111EB)
    return np.sort(np.unique(key, return_index=True)[1])
