"""Rays against the triangles of a scene, through Embree."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.coincidence import first_of_each
from citytwin_desktop.sim.solar.crowns import Crowns, crowns_of
from citytwin_desktop.sim.solar.ray_tree import ray_tree
from citytwin_desktop.sim.solar.scene import SolarScene

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]

_LEAST_OFFSET_M = 0.001


@dataclass(frozen=True, eq=False)
class Tracer:
    """A ray tree, safe to use from several threads at once.

    Parameters
    ----------
    tree : object
        Scene of embreex.
    row : ndarray, (t,) int32
        Row of each triangle in the tree.
    normal : ndarray, (t, 3) float32
        Unit normal of each triangle, outwards.
    crowns : Crowns
        What dims the rays on their way.
    offset_m : float [m]
        How far from its surface a ray has to begin.
    """

    tree: Any
    crowns: Crowns
    row: Integers
    normal: Floats
    offset_m: float

    def distance(self, origins: Floats, directions: Floats) -> tuple[Integers, Floats]:
        """As `closest`, and how far it is, (k,) float32 [m]; very far for none."""
        found = self.tree.run(origins, directions, query="INTERSECT", output=1)
        return np.asarray(found["primID"], np.int32), np.asarray(found["tfar"], np.float32)

    def closest(self, origins: Floats, directions: Floats) -> Integers:
        """Triangle that each ray of (k, 3) float32 meets first, (k,) int32, -1 for none."""
        return np.asarray(self.tree.run(origins, directions, query="INTERSECT"), np.int32)

    def occluded(self, origins: Floats, directions: Floats) -> Integers:
        """-1 for each ray of (k, 3) float32 that meets nothing, else 0, (k,) int32."""
        return np.asarray(self.tree.run(origins, directions, query="OCCLUDED"), np.int32)

    def free(self, origins: Floats, directions: Floats) -> tuple[NDArray[np.bool_], NDArray[np.int8]]:
        """Whether nothing solid stops each ray, (k,) bool, and how many crowns it passes if so, (k,) int8."""
        free = self.occluded(origins, directions) < 0
        crossed = np.zeros(len(free), np.int8)
        if self.crowns:
            crossed[free] = self.crowns.crossings(origins[free], directions[free])
        return free, crossed

    def meets_back(self, hit: Integers, directions: Floats) -> NDArray[np.bool_]:
        """Whether each ray meets a triangle from behind, (k,) bool."""
        away = np.einsum("ij,ij->i", directions, self.normal[np.maximum(hit, 0)]) > 0.0
        return np.asarray((hit >= 0) & away)


def tracer(scene: SolarScene) -> Tracer:
    """Build the ray tree of a scene, without repeated triangles.

    Parameters
    ----------
    scene : SolarScene

    Returns
    -------
    Tracer

    Raises
    ------
    KnownError
        When the ray tracing library is not installed.
    """
    kept = first_of_each(scene.triangles_m)
    corners = np.ascontiguousarray(scene.triangles_m[kept])
    tree = ray_tree(corners)
    offset = max(_LEAST_OFFSET_M, 8 * float(np.spacing(np.abs(corners).max(initial=1.0))))
    return Tracer(tree, crowns_of(scene.crowns_m, offset), scene.triangle_row[kept], triangle_normals(corners), offset)


def triangle_normals(corners: Floats) -> Floats:
    """Compute unit normals of triangles.

    Parameters
    ----------
    corners : ndarray, (t, 3, 3) float32 [m]

    Returns
    -------
    ndarray, (t, 3) float32
    """
    wide = corners.astype(np.float64)
    vectors = np.cross(wide[:, 1] - wide[:, 0], wide[:, 2] - wide[:, 0])
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
