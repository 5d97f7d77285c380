"""How dark feature edges are drawn by how far away they are: none where houses are a few pixels wide."""

from collections.abc import Sequence

import numpy as np

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.mesh_actors import TileActors

REFERENCE_HEIGHT_PX = 800
FULL_M, FAINT_M, GONE_M = 0.3, 1.0, 2.0
"""Size of a pixel up to which edges have their full strength, `FAINT`, and none."""

FAINT = 0.3
FEET_FULL_M, FEET_GONE_M = 0.15, 0.3


def edge_strengths(metres_per_pixel: FloatArray) -> FloatArray:
    """Share of their full strength, 0-1, for sizes of a pixel [m]; whole blocks would turn black under their edges."""
    near = np.clip(FULL_M / np.maximum(metres_per_pixel, 1e-9), FAINT, 1.0)
    far = FAINT * (GONE_M - metres_per_pixel) / (GONE_M - FAINT_M)
    return np.asarray(np.clip(np.minimum(near, far + (metres_per_pixel < FAINT_M)), 0.0, 1.0))


def foot_shares(metres_per_pixel: FloatArray) -> FloatArray:
    """Share of the other edges' strength, 0-1, that the edges have which buildings stand on.

    They are a quarter of all, lie on the dark rim of the ground's shadow and tell nothing from afar.
    """
    return np.asarray(np.clip((FEET_GONE_M - metres_per_pixel) / (FEET_GONE_M - FEET_FULL_M), 0.0, 1.0))


def show_edges(tiles: Sequence[TileActors], camera: OrbitCamera, shown: bool) -> None:
    """Set strength and visibility of the edges of all tiles for a camera."""
    if not tiles:
        return
    bounds = np.array([tile.surface_data.GetBounds() for tile in tiles]).reshape(-1, 3, 2)
    middle, half = bounds.mean(axis=2), np.ptp(bounds, axis=2) / 2.0
    # Depth of the nearest corner of each box, for one end of a tile may be close while the other is far.
    depth = (camera.eye - middle) @ camera.axes[2] - half @ np.abs(camera.axes[2])
    scale = 1.0 if camera.parallel else np.maximum(depth, 1.0) / camera.distance_m
    sizes = camera.metres_per_pixel(REFERENCE_HEIGHT_PX) * np.broadcast_to(scale, len(tiles))
    strengths = edge_strengths(sizes)
    feet = strengths * foot_shares(sizes)
    for tile, strength, foot in zip(tiles, strengths.tolist(), feet.tolist(), strict=True):
        tile.edges.show(strength if shown else 0.0)
        tile.feet.show(foot if shown else 0.0)


def make_seen_edges(tiles: Sequence[TileActors]) -> None:
    """Make the lines that the next frame draws for the first time; called as it begins."""
    for tile in tiles:
        for lines in tile.lines:
            lines.make_if_seen()
