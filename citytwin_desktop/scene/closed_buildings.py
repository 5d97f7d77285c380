"""Buildings that are closed all around: from outside nobody sees the far side of their faces.

Leaving those faces out draws the same picture in two thirds of the time. Whatever might let somebody look in keeps
them: a gap, a face turned inside out, a section, translucent faces, an eye within the box of the tile.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.polygons import IntArray, Polygons
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.surface_shaders import see_from

FLAT_M = 0.02
"""Surfaces that bend more than this may show a part of themselves to an eye behind them."""

_OPENINGS = (SurfaceKind.WINDOW, SurfaceKind.DOOR)
_NEAR_CORNER = 2.0
"""Corners of the near plane are farther from the eye than its middle: 1.3 times at 60°, 1.9 in a wide lens."""


def closed_rows(
    polygons: Polygons, kinds: NDArray[np.uint8], owner: IntArray, point: NDArray[np.uint64], count: int
) -> NDArray[np.bool_]:
    """(count,) bool: rows of which every edge bounds two faces that run along it in opposite ways, none inside out.

    Parameters
    ----------
    polygons : Polygons
        All surfaces of the rows.
    kinds : ndarray, (n_surfaces,) uint8
    owner : ndarray, (n_surfaces,) int64
        Row of each surface.
    point : ndarray, (n_vertices,) uint64
        Number that stands for the place of each vertex, as of `point_hash`.
    count : int
    """
    if not len(kinds):
        return np.zeros(count, bool)
    place = polygons.vertex_polygon
    row, opening = owner[place], np.isin(kinds, _OPENINGS)[place]
    ways = _ways(point, point[polygons.following_vertex])
    # Windows fill holes of their walls in some files, and lie on whole walls in others.
    fits = _sums(row, ways, count) == 0
    if opening.any():
        fits |= _sums(row, np.where(opening, np.uint64(0), ways), count) == 0
    corner = polygons.vertices[polygons.first_vertex]
    volume = np.bincount(owner, np.einsum("ij,ij->i", polygons.area_vectors_m2, corner), count)
    normals, upward = polygons.normals, polygons.normals[:, 2]
    wrong = ((kinds == SurfaceKind.ROOF) & (upward < 0.0)) | ((kinds == SurfaceKind.GROUND) & (upward > 0.0))
    off = np.einsum("ij,ij->i", polygons.vertices, normals[place]) - np.einsum("ij,ij->i", corner, normals)[place]
    bent = np.abs(off) > FLAT_M
    good = (np.bincount(owner[wrong], minlength=count) == 0) & (np.bincount(row[bent], minlength=count) == 0)
    return np.asarray(fits & good & (volume > 0.0))


def leave_out_far_sides(scene: Any) -> None:
    """Tell the shaders from where all tiles are seen; for each new camera, and when faces are cut or turn translucent.

    Parameters
    ----------
    scene : CityScene
    """
    if not scene.tiles:
        return
    camera: OrbitCamera = scene.camera
    near_m = scene.renderer.GetActiveCamera().GetClippingRange()[0]
    bounds = np.array([tile.surface_data.GetBounds() for tile in scene.tiles]).reshape(-1, 3, 2)
    eye = camera.eye
    beyond = np.maximum(np.maximum(bounds[:, :, 0] - eye, eye - bounds[:, :, 1]), 0.0)
    outside = camera.parallel | (np.linalg.norm(beyond, axis=1) > _NEAR_CORNER * near_m)
    if scene.cut.planes or scene.appearance.look.see_through:
        outside[:] = False  # one may look into buildings
    seen = (*camera.axes[2].tolist(), 0.0) if camera.parallel else (*eye.tolist(), 1.0)
    for tile, whole in zip(scene.tiles, outside.tolist(), strict=True):
        see_from(tile.surface, seen, leave_out=whole)
        see_from(tile.ghost, seen, leave_out=False)


def _ways(start: NDArray[np.uint64], end: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers of edges; of one edge and of its reverse they add up to nothing (modulo 2 to the 64)."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    mixed = (low ^ (high * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray(np.where(start < end, mixed, np.uint64(0) - mixed) * (start != end))


def _sums(owner: IntArray, values: NDArray[np.uint64], count: int) -> NDArray[np.uint64]:
    """(count,) uint64: sums modulo 2 to the 64 by owner, which ascends."""
    running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(values, dtype=np.uint64)])
    ends = np.searchsorted(owner, np.arange(count + 1))
    return np.asarray(running[ends[1:]] - running[ends[:-1]])
