"""The edges of many footprints as arrays, the common ground of party walls and shading neighbours."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from citytwin_desktop.city.footprints import Footprint
from citytwin_desktop.city.near_edges import lines_between
from citytwin_desktop.city.polygons import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class FootprintEdges:
    """Edges of footprints, the building always on their left.

    Parameters
    ----------
    start, end : ndarray, (n_edges, 2) float64 [m]
    row : ndarray, (n_edges,) int64
        Building row that owns the edge; ascending in the order of the footprints.
    polygon, ring, position : ndarray, (n_edges,) int64
        Which polygon of the footprint, which ring of it (0 = outer), which edge of the ring.
    base_z_m, top_z_m : ndarray, (n_edges,) float64 [m]
        Base of the building and top of the flat-roofed body of its volume.
    """

    start: FloatArray
    end: FloatArray
    row: IntArray
    polygon: IntArray
    ring: IntArray
    position: IntArray
    base_z_m: FloatArray
    top_z_m: FloatArray

    def __len__(self) -> int:
        return len(self.row)

    @property
    def length_m(self) -> FloatArray:
        """(n_edges,) float64 [m]."""
        return np.asarray(np.hypot(*(self.end - self.start).T))

    @property
    def direction(self) -> FloatArray:
        """(n_edges, 2) float64: unit vectors from start to end."""
        return (self.end - self.start) / np.maximum(self.length_m, 1e-9)[:, None]

    @property
    def outward(self) -> FloatArray:
        """(n_edges, 2) float64: unit normals that point away from the building."""
        direction = self.direction
        return np.stack([direction[:, 1], -direction[:, 0]], axis=1)

    def lines(self, places: IntArray) -> NDArray[np.object_]:
        """(n,) object of shapely.LineString: some of them, as all of a large city stop other threads for long."""
        return lines_between(self.start[places], self.end[places])


def footprint_edges(plans: Iterable[Footprint]) -> FootprintEdges:
    """Edges of all rings of some footprints, in order of footprint, polygon, ring and position."""
    plans = list(plans)
    polygons = [polygon for plan in plans for polygon in plan.polygons]
    rings, polygon_index = shapely.get_rings(np.array(polygons, object), return_index=True)
    coordinates, ring_index = shapely.get_coordinates(rings, return_index=True)
    same = ring_index[1:] == ring_index[:-1]
    edge_ring = ring_index[:-1][same]
    owner = np.repeat(np.arange(len(plans)), [len(plan.polygons) for plan in plans])
    edge_polygon = polygon_index[edge_ring]
    plan_of_edge = owner[edge_polygon]
    return FootprintEdges(
        start=coordinates[:-1][same],
        end=coordinates[1:][same],
        row=np.array([plan.row for plan in plans], np.int64)[plan_of_edge],
        polygon=_counter(owner)[edge_polygon],
        ring=_counter(polygon_index)[edge_ring],
        position=_counter(edge_ring),
        base_z_m=np.array([plan.base_z_m for plan in plans])[plan_of_edge],
        top_z_m=np.array([plan.top_z_m for plan in plans])[plan_of_edge],
    )


def _counter(group: IntArray) -> IntArray:
    """(n,) int64: place of each member within its run of equal values."""
    if not len(group):
        return np.zeros(0, np.int64)
    new = np.diff(group, prepend=group[0] - 1) != 0
    starts = np.flatnonzero(new)
    return np.arange(len(group)) - np.repeat(starts, np.diff([*starts, len(group)]))
