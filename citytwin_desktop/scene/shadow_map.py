"""How far the sun sees: distances from the sun to what it meets first, over the whole city, traced with Embree."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.triangulation import triangulate
from citytwin_desktop.sim.solar.ray_tree import ray_tree

QUICK_PX, LARGEST_PX, FINEST_M = 512, 2048, 0.15
LOWEST_SUN_DEG = 1.0
_RAYS_AT_ONCE = 32_768
"""The tracer holds the interpreter: in between, the window gets its turn."""

_STEPS = 2**24 - 1


@dataclass(frozen=True, eq=False)
class ShadowMap:
    """Depths seen from the sun, and the frame that they are measured in.

    Parameters
    ----------
    rgb : ndarray, (side, side, 3) uint8
        Depth as a share of the range in 24 bits, the high byte first; 1 where nothing is met.
    rows : ndarray, (3, 4) float64
        From local coordinates (x, y, z, 1) to place across, place up and depth, each 0-1 within the map.
    texel_m, range_m : float
    sun : ndarray, (3,) float64
        Unit vector towards the sun.
    """

    rgb: NDArray[np.uint8]
    rows: FloatArray
    texel_m: float
    range_m: float
    sun: FloatArray

    def depth(self) -> FloatArray:
        """(side, side) float64: depth 0-1."""
        wide = self.rgb.astype(np.int64)
        return np.asarray((wide[..., 0] * 65536 + wide[..., 1] * 256 + wide[..., 2]) / _STEPS)

    def in_shadow(self, points: FloatArray, lift_m: float = 0.05) -> NDArray[np.bool_]:
        """(n,) bool: whether something lies between points, (n, 3) float64 [m], and the sun."""
        place = np.column_stack([points, np.ones(len(points))]) @ self.rows.T
        side = len(self.rgb)
        inside = ((place[:, :2] >= 0) & (place[:, :2] < 1)).all(axis=1)
        cell = np.clip((place[:, :2] * side).astype(int), 0, side - 1)
        return np.asarray(inside & (self.depth()[cell[:, 1], cell[:, 0]] < place[:, 2] - lift_m / self.range_m))


def shadow_map(
    city: CityModel, azimuth_deg: float, altitude_deg: float, largest_px: int = LARGEST_PX
) -> ShadowMap | None:
    """Trace a map for a place of the sun; `None` when it is too low, or there is nothing to cast shadows.

    Parameters
    ----------
    city : CityModel
    azimuth_deg, altitude_deg : float
        From north over east, and over the horizon.
    largest_px : int
        Pixels along each side of the map, at most; `QUICK_PX` for a first one.
    """
    triangles = _triangles(city)
    if altitude_deg < LOWEST_SUN_DEG or not len(triangles):
        return None
    azimuth, altitude = np.radians([azimuth_deg, altitude_deg])
    sun = np.array([np.cos(altitude) * np.sin(azimuth), np.cos(altitude) * np.cos(azimuth), np.sin(altitude)])
    right = np.array([np.cos(azimuth), -np.sin(azimuth), 0.0])
    axes = np.stack([right, np.cross(sun, right), -sun])
    points = triangles.reshape(-1, 3).astype(np.float64) @ axes.T
    low, high = points.min(axis=0) - 1.0, points.max(axis=0) + 1.0
    extent = float(max(high[0] - low[0], high[1] - low[1]))
    # The ground behind the last building is met too.
    reach = float(high[2] - low[2]) + extent
    side = int(np.clip(2 ** np.ceil(np.log2(extent / FINEST_M)), 256, largest_px))
    places = (np.arange(side) + 0.5) / side * extent
    distance = _traced(triangles, axes, low, places)
    share = np.where(distance < reach, distance / reach, 1.0)
    packed = np.round(share * _STEPS).astype(np.uint32).reshape(side, side)
    rgb = np.stack([packed >> 16, (packed >> 8) & 255, packed & 255], axis=-1).astype(np.uint8)
    scale = np.array([1.0 / extent, 1.0 / extent, 1.0 / reach])
    rows = np.column_stack([axes * scale[:, None], -low * scale])
    return ShadowMap(rgb, rows, extent / side, reach, sun)


def _traced(triangles: NDArray[np.float32], axes: FloatArray, low: FloatArray, places: FloatArray) -> FloatArray:
    """Distance along the sun's light from the plane before everything, (side²,) float64 [m]."""
    tree = ray_tree(triangles)
    across, up = np.meshgrid(places + low[0], places + low[1])
    start = (np.stack([across, up, np.full_like(across, low[2])], axis=-1).reshape(-1, 3) @ axes).astype(np.float32)
    direction = np.ascontiguousarray(np.broadcast_to(axes[2].astype(np.float32), start.shape))
    found = np.empty(len(start))
    for first in range(0, len(start), _RAYS_AT_ONCE):
        part = slice(first, first + _RAYS_AT_ONCE)
        limit = np.full(len(start[part]), 1e30, np.float32)
        met = tree.run(start[part], direction[part], limit, query="INTERSECT", output=1)
        found[part] = np.where(np.asarray(met["primID"]) >= 0, np.asarray(met["tfar"], np.float64), np.inf)
        time.sleep(0.0005)
    return found


def _triangles(city: CityModel) -> NDArray[np.float32]:
    """Everything that casts a shadow, (n, 3, 3) float32 [m]."""
    shapes = [city.surfaces.polygons, *(layer.polygons for layer in city.context if layer.kind is ContextKind.TREE)]
    found = [shape.vertices[triangulate(shape).indices].astype(np.float32) for shape in shapes if len(shape)]
    return np.ascontiguousarray(np.concatenate([np.zeros((0, 3, 3), np.float32), *found]))
