"""Groups of the faces of a plan: which belong together as one piece of roof."""

import numpy as np
import shapely

from citytwin_desktop.city.plan_faces import HalfEdges, Shapes
from citytwin_desktop.city.polygons import FloatArray, IntArray

COPLANAR_M = 0.15
"""Planes that differ by less over a piece are taken for one."""


class PieceGroups:
    """Faces by the piece of roof that they belong to; starts with one group for each connected roof.

    Parameters
    ----------
    faces : ndarray, (n,) of shapely.Polygon
    edges : HalfEdges
        Of the faces.
    label : ndarray, (n,) int64
        Row of ``planes`` over each face.
    planes : ndarray, (k, 3) float64
    covered : ndarray, (n,) bool
        Groups never mix covered faces with others.
    height_known : ndarray, (n,) bool
        False where the plane is only a closing and says nothing about the height.

    Attributes
    ----------
    of_face : ndarray, (n,) int64
        Group of each face.
    label : ndarray, (n,) int64
        Row of the given planes that each group has, by group.
    planes : ndarray, (n, 3) float64
        Plane of each group.
    covered : ndarray, (n,) bool
        By group.
    """

    def __init__(
        self,
        faces: Shapes,
        edges: HalfEdges,
        label: IntArray,
        planes: FloatArray,
        covered: np.ndarray[tuple[int], np.dtype[np.bool_]],
        height_known: np.ndarray[tuple[int], np.dtype[np.bool_]],
    ) -> None:
        count = len(faces)
        self.of_face = np.arange(count)
        self.label, self.planes, self.covered = label.copy(), planes[label], covered.copy()
        self._known = height_known.copy()
        self._area = np.asarray(shapely.area(faces)).tolist()
        points, owner = shapely.get_coordinates(faces, return_index=True)
        limits = np.searchsorted(owner, np.arange(count + 1))
        self._points = [points[limits[face] : limits[face + 1]] for face in range(count)]
        self._moments = np.asarray(shapely.get_coordinates(shapely.centroid(faces))) * np.array(self._area)[:, None]
        self._volume = (self.planes[:, :2] * self._moments).sum(axis=1) + self.planes[:, 2] * np.array(self._area)
        self._shared: list[dict[int, float]] = [{} for _ in range(count)]
        inner = edges.other >= 0
        triples = zip(
            edges.face[inner].tolist(), edges.other[inner].tolist(), edges.length_m[inner].tolist(), strict=True
        )
        for face, other, length in triples:
            self._shared[face][other] = self._shared[face].get(other, 0.0) + length
        self._alive = set(range(count))
        self._join_equal()

    def absorb(self, smallest_m2: float) -> None:
        """Take every group that is smaller into a neighbour, the smallest first."""
        stuck: set[int] = set()
        while True:
            small = [group for group in self._alive - stuck if self._area[group] < smallest_m2]
            if not small:
                return
            smallest = min(small, key=lambda group: (self._area[group], group))
            into = self._closest(smallest)
            if into < 0:
                stuck.add(smallest)
            else:
                self._take(into, smallest, keep_volume=False)

    def absorb_to(self, most: int) -> None:
        """Take the smallest groups into neighbours until so few are left."""
        while len(self._alive) > most:
            before = len(self._alive)
            areas = sorted(self._area[group] for group in self._alive)
            self.absorb(areas[before - most] * 1.000001)
            if len(self._alive) == before:
                return

    def join_coplanar(self) -> None:
        """Join neighbours whose planes hardly differ over both; the joint plane keeps their volume."""
        queue = sorted(self._alive, key=lambda group: (-self._area[group], group))
        for group in queue:
            if group not in self._alive:
                continue
            tried: set[int] = set()
            while True:
                others = [other for other in self._shared[group] if other not in tried]
                other = next((other for other in others if self._one_plane(group, other)), -1)
                tried.update(others if other < 0 else [])
                if other < 0:
                    break
                self._take(group, other, keep_volume=True)

    def _one_plane(self, group: int, other: int) -> bool:
        if self.covered[group] != self.covered[other]:
            return False
        points = np.concatenate([self._points[group], self._points[other]])
        a, b, c = self.planes[group] - self.planes[other]
        return bool(np.abs(points[:, 0] * a + points[:, 1] * b + c).max() <= COPLANAR_M)

    def _join_equal(self) -> None:
        for group in sorted(self._alive):
            if group not in self._alive:
                continue
            alike = True
            while alike:
                alike = False
                for other in list(self._shared[group]):
                    if self.label[other] == self.label[group] and self.covered[other] == self.covered[group]:
                        self._take(group, other, keep_volume=False)
                        alike = True
                        break

    def _closest(self, group: int) -> int:
        """The neighbour whose plane goes on best over a group; -1 without any."""
        neighbours = self._shared[group]
        if not neighbours:
            return -1
        if not self._known[group]:
            return max(neighbours, key=lambda other: (bool(self._known[other]), neighbours[other], -other))
        points, own = self._points[group], self.planes[group]

        def misfit(other: int) -> tuple[bool, float]:
            a, b, c = self.planes[other] - own
            return not self._known[other], float(np.abs(points[:, 0] * a + points[:, 1] * b + c).max())

        longest = max(neighbours.values())
        worthy = [other for other in sorted(neighbours) if neighbours[other] >= 0.1 * longest]
        return min(worthy, key=misfit)

    def _take(self, group: int, other: int, *, keep_volume: bool) -> None:
        """Let a group take in another; its plane is shifted where the volume of both is to stay."""
        self._area[group] += self._area[other]
        self._moments[group] += self._moments[other]
        self._points[group] = np.concatenate([self._points[group], self._points[other]])
        if keep_volume:
            self._volume[group] += self._volume[other]
            a, b, _ = self.planes[group]
            x, y = self._moments[group]
            self.planes[group, 2] = (self._volume[group] - a * x - b * y) / self._area[group]
        else:
            self._volume[group] = (
                self.planes[group, :2] @ self._moments[group] + self.planes[group, 2] * self._area[group]
            )
        for third, length in self._shared[other].items():
            del self._shared[third][other]
            if third != group:
                self._shared[group][third] = self._shared[group].get(third, 0.0) + length
                self._shared[third][group] = self._shared[group][third]
        self._alive.discard(other)
        self.of_face[self.of_face == other] = group
