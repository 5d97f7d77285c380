"""Measures of rings and surfaces, all at once: repeated corners, width, bending, winding."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.diagnosis.by_group import count_by, largest_by, sum_by
from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.triangulation import project_to_plane, triangulate

SAME_CORNER_M = 1e-4
"""Neighbouring corners no further apart are one."""
NO_WIDTH_M = 5e-4
"""Surfaces narrower than this are none: half of the grid on which corners are matched."""
SLIVER_WIDTH_M = 0.01
_BENT_M = 0.01
"""Tolerance of val3dity for the distance from the plane."""
_FOLDED_DEG = 20.0
"""Tolerance of val3dity for the deviation of normals."""
_FOLD_WORTH_A_LOOK_M = 2e-3
_LEAST_CORNERS = 3

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class RingChecks:
    """What can be measured on each ring and surface.

    Parameters
    ----------
    polygons : Polygons
    """

    polygons: Polygons

    @cached_property
    def ring_of_vertex(self) -> IntArray:
        """(n_vertices,) int64."""
        lengths = np.diff(self.polygons.ring_start)
        return np.repeat(np.arange(len(lengths)), lengths)

    @cached_property
    def polygon_of_ring(self) -> IntArray:
        """(n_rings,) int64."""
        return np.repeat(np.arange(len(self.polygons)), np.diff(self.polygons.polygon_start))

    @cached_property
    def edges_m(self) -> FloatArray:
        """(n_vertices, 3) float64 [m]: from each vertex to the following."""
        vertices = self.polygons.vertices
        return vertices[self.polygons.following_vertex] - vertices

    @cached_property
    def lengths_m(self) -> FloatArray:
        """(n_vertices,) float64 [m]: of those edges."""
        edges = self.edges_m
        return np.asarray(np.sqrt(np.einsum("ij,ij->i", edges, edges)))

    @cached_property
    def repeated(self) -> BoolArray:
        """(n_vertices,) bool: vertices that repeat the one before them, or as the last of their ring the first."""
        again = np.zeros(len(self.lengths_m), bool)
        same = np.flatnonzero(self.lengths_m <= SAME_CORNER_M)
        again[np.maximum(same, self.polygons.following_vertex[same])] = True
        return again

    @cached_property
    def short_rings(self) -> BoolArray:
        """(n_rings,) bool: rings of fewer than three different corners."""
        rings = len(self.polygons.ring_start) - 1
        repeats = count_by(self.ring_of_vertex[self.repeated], rings)
        return np.asarray(np.diff(self.polygons.ring_start) - repeats < _LEAST_CORNERS)

    @cached_property
    def perimeters_m(self) -> FloatArray:
        """(n_polygons,) float64 [m]: of all rings."""
        return sum_by(self.polygons.vertex_polygon, self.lengths_m, len(self.polygons))

    @cached_property
    def widths_m(self) -> FloatArray:
        """(n_polygons,) float64 [m]: area over half the perimeter."""
        half = self.perimeters_m / 2.0
        return np.divide(self.polygons.areas_m2, half, out=np.zeros(len(half)), where=half > 0)

    @cached_property
    def flat(self) -> BoolArray:
        """(n_polygons,) bool: surfaces whose corners all lie along one line, so that nothing is lost without them.

        Not the area decides, for a ring that crosses itself may have none and yet be large.
        """
        flat = np.zeros(len(self.polygons), bool)
        thin = np.flatnonzero(self.widths_m <= NO_WIDTH_M)
        if len(thin):
            few = self.polygons.take(thin)
            spread = np.abs(_fan_cross(few))
            reach = sum_by(few.vertex_polygon, spread, len(few)) / 2.0
            flat[thin] = reach <= NO_WIDTH_M * self.perimeters_m[thin] / 2.0
        return flat

    @cached_property
    def bend_m(self) -> FloatArray:
        """(n_polygons,) float64 [m]: greatest distance of a corner from the plane of the surface."""
        polygons, owner = self.polygons, self.polygons.vertex_polygon
        offset = polygons.vertices - polygons.centroids[owner]
        distance = np.abs(np.einsum("ij,ij->i", offset, polygons.normals[owner]))
        return largest_by(owner, distance, len(polygons), 0.0)

    @property
    def bent(self) -> BoolArray:
        """(n_polygons,) bool: surfaces that are not flat in val3dity's sense (203)."""
        return self.bend_m > _BENT_M

    def folds_deg(self) -> tuple[IntArray, FloatArray]:
        """Surfaces that are flat by their corners but folded (204), and the angles of their worst triangles [deg]."""
        chosen = np.flatnonzero((self.bend_m > _FOLD_WORTH_A_LOOK_M) & ~self.bent & (self.widths_m > SLIVER_WIDTH_M))
        if not len(chosen):
            return chosen, np.zeros(0)
        few = self.polygons.take(chosen)
        triangles = triangulate(few)
        a, b, c = (few.vertices[triangles.indices[:, corner]] for corner in range(3))
        normal = np.cross(b - a, c - a)
        size = np.linalg.norm(normal, axis=1)
        longest = np.linalg.norm(np.stack([b - a, c - b, a - c]), axis=2).max(axis=0)
        wide = size > longest * _FOLD_WORTH_A_LOOK_M
        cosine = np.einsum("ij,ij->i", normal, few.normals[triangles.polygon])[wide] / size[wide]
        angle = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
        worst = largest_by(triangles.polygon[wide], angle, len(few), 0.0)
        folded = worst > _FOLDED_DEG
        return chosen[folded], worst[folded]

    @cached_property
    def holes_like_outline(self) -> BoolArray:
        """(n_rings,) bool: holes that run in the direction of their outline (208)."""
        polygons = self.polygons
        counts = np.diff(polygons.polygon_start)
        wrong = np.zeros(len(polygons.ring_start) - 1, bool)
        holed = np.flatnonzero(counts > 1)
        if not len(holed):
            return wrong
        vectors = ring_vectors_m2(few := polygons.take(holed))
        outer = np.repeat(few.polygon_start[:-1], np.diff(few.polygon_start))
        inner = np.arange(len(vectors)) != outer
        same = np.einsum("ij,ij->i", vectors, vectors[outer]) > 0
        wrong[np.flatnonzero((counts > 1)[self.polygon_of_ring])[inner & same]] = True
        return wrong

    @cached_property
    def plane_m(self) -> FloatArray:
        """(n_vertices, 2) float64 [m]: see `project_to_plane`."""
        return project_to_plane(self.polygons)

    @cached_property
    def convex(self) -> BoolArray:
        """(n_polygons,) bool: single rings that turn left at each corner and go round once: they cannot be invalid."""
        polygons, plane = self.polygons, self.plane_m
        along = plane[polygons.following_vertex] - plane
        before = np.empty(len(plane), np.int64)
        before[polygons.following_vertex] = np.arange(len(plane))
        turn = along[before, 0] * along[:, 1] - along[before, 1] * along[:, 0]
        rising = along[:, 0] > 0
        changes = count_by(polygons.vertex_polygon[rising != rising[before]], len(polygons))
        left = count_by(polygons.vertex_polygon[turn <= 0], len(polygons)) == 0
        return np.asarray(left & (changes == 2) & (np.diff(polygons.polygon_start) == 1))


def ring_vectors_m2(polygons: Polygons) -> FloatArray:
    """(n_rings, 3) float64 [m2]: Newell normal times area of each ring."""
    rings = Polygons(polygons.vertices, polygons.ring_start, np.arange(len(polygons.ring_start)))
    return rings.area_vectors_m2


def _fan_cross(polygons: Polygons) -> FloatArray:
    """(n_vertices,) float64 [m2]: size of the cross product of each edge with the way from the first vertex."""
    from_first = polygons.vertices - polygons.vertices[polygons.first_vertex[polygons.vertex_polygon]]
    return np.asarray(np.linalg.norm(np.cross(from_first, from_first[polygons.following_vertex]), axis=1))
