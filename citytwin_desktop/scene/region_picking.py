"""Which buildings lie in a part of the picture: what a box or a lasso selects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.scene.appearance import OPAQUE

if TYPE_CHECKING:
    from citytwin_desktop.scene.camera import OrbitCamera
    from citytwin_desktop.scene.section_plane import CutPlane
    from citytwin_desktop.scene.tiles import TileMesh

NEAREST_M = 0.2
TINY_PX = 2.0
"""Buildings that cover less than this in the picture may miss every pixel's centre and are taken by their middle."""

LARGEST_SIDE_PX = 1600
"""Regions are looked at with every pixel up to this size, with every second one beyond, and so on."""

_BEHIND_SHARE, _BEHIND_M = 0.01, 1.0


@dataclass(frozen=True, eq=False)
class _Picture:
    """The part of the view about a region: what counts in it, and the lens that draws into it."""

    mask: NDArray[np.bool_]
    lens: FloatArray
    planes: FloatArray

    @classmethod
    def about(cls, polygon_px: FloatArray, scene: Any, width_px: int, height_px: int) -> _Picture | None:
        """As of a polygon in a view; None where they do not meet."""
        ends = np.array([width_px - 1, height_px - 1])
        low = np.clip(np.floor(polygon_px.min(axis=0)), 0, ends).astype(int)
        high = np.clip(np.ceil(polygon_px.max(axis=0)), 0, ends).astype(int)
        if (polygon_px.max(axis=0) < 0).any() or (polygon_px.min(axis=0) > ends).any():
            return None
        step = int(np.ceil(max(*(high - low + 1), 1) / LARGEST_SIDE_PX))
        width, height = ((high - low) // step + 1).tolist()
        picture = Image.new("1", (width, height))
        ImageDraw.Draw(picture).polygon([tuple(point) for point in ((polygon_px - low) / step).tolist()], fill=1)
        lens = _lens(scene.camera, width_px, height_px, low, step)
        return cls(np.array(picture, bool), lens, _planes(lens, scene.cut.planes))


def rows_in_polygon(
    scene: Any, polygon_px: FloatArray, width_px: int, height_px: int, visible_only: bool = True
) -> IntArray:
    """Rows of the buildings of which some part is seen within a polygon of the picture.

    Hidden and ghost buildings and what a section takes away neither count nor cover what stands behind them.

    Parameters
    ----------
    scene : CityScene
    polygon_px : ndarray, (n, 2) float64 [px]
        Corners from the top left of the view; parts outside it count nothing. Self-crossing ones are filled by the
        even-odd rule.
    width_px, height_px : int
        Of the view.
    visible_only : bool
        False takes buildings that others cover as well.

    Returns
    -------
    ndarray, (k,) int64
        Ascending.
    """
    polygon_px = np.asarray(polygon_px, np.float64).reshape(-1, 2)
    picture = _Picture.about(polygon_px, scene, width_px, height_px) if len(polygon_px) > 2 else None
    if picture is None or not picture.mask.any():
        return np.zeros(0, np.int64)
    return _drawn(scene, picture, not visible_only)


def warm_up() -> None:
    """Load the compiled loops, which takes a second or two the first time; may be done on another thread."""
    from citytwin_desktop.scene.row_raster import draw_triangles, project

    lens, planes, visible = np.ones(16), np.zeros((1, 4)), np.zeros(1, bool)
    points, pixels, kept, row = np.zeros((3, 3), np.float32), np.zeros((3, 3)), np.zeros(3, bool), np.zeros(1, np.int64)
    place, mask = np.zeros(3, np.int32), np.zeros((1, 1), bool)
    project(points, place, row, visible, lens, planes, False, mask, pixels, kept, np.zeros((1, 5)), visible)
    draw_triangles(
        points, pixels, kept, place[None], place[:1], row, visible, lens, planes, False, mask, np.zeros((1, 1)),
        row[None], visible,
    )  # fmt: skip


def _drawn(scene: Any, picture: _Picture, through: bool) -> IntArray:
    from citytwin_desktop.scene.row_raster import draw_triangles, project

    visible = scene.appearance.building_codes() == OPAQUE
    owner = scene.city.surfaces.building
    touched = np.zeros(len(visible), bool)
    nearness, rows = np.full(picture.mask.shape, -np.inf), np.full(picture.mask.shape, -1, np.int64)
    extents = np.tile([np.inf, -np.inf, np.inf, -np.inf, -np.inf], (len(visible), 1))
    for mesh in _near(scene.tiles, picture):
        pixels, kept, owners = np.empty((len(mesh.points), 3)), np.empty(len(mesh.points), bool), owner[mesh.surfaces]
        project(
            mesh.points, mesh.point_place, owners, visible, picture.lens, picture.planes, through, picture.mask,
            pixels, kept, extents, touched,
        )  # fmt: skip
        draw_triangles(
            mesh.points, pixels, kept, mesh.triangles, mesh.triangle_place, owners, visible, picture.lens,
            picture.planes, through, picture.mask, nearness, rows, touched,
        )  # fmt: skip
    if not through:
        seen = rows[picture.mask]
        touched[seen[seen >= 0]] = True
        touched[_tiny(extents, nearness, picture)] = True
    return np.flatnonzero(touched)


def _tiny(extents: FloatArray, nearness: FloatArray, picture: _Picture) -> IntArray:
    """Rows too small for a pixel whose middle lies in the mask with nothing before it."""
    known = np.asarray(np.isfinite(extents[:, :4]).all(axis=1))
    extents = np.where(known[:, None], extents, 0.0)
    sizes = np.maximum(extents[:, 1] - extents[:, 0], extents[:, 3] - extents[:, 2])
    tiny: IntArray = np.flatnonzero(known & (sizes < TINY_PX))
    middle = np.rint(extents[tiny][:, [0, 2]] / 2.0 + extents[tiny][:, [1, 3]] / 2.0)
    height, width = picture.mask.shape
    inside = (middle >= 0).all(axis=1) & (middle < [width, height]).all(axis=1)
    tiny, middle = tiny[inside], middle[inside].astype(int)
    parallel = picture.lens[15] > 0
    ahead, before = (_ahead(near, parallel) for near in (extents[tiny, 4], nearness[middle[:, 1], middle[:, 0]]))
    clear = ahead <= before * (1.0 + _BEHIND_SHARE) + _BEHIND_M
    wanted: NDArray[np.bool_] = np.asarray(picture.mask)[middle[:, 1], middle[:, 0]]
    return np.asarray(tiny[np.asarray(clear) & wanted])


def _ahead(nearness: FloatArray, parallel: bool) -> FloatArray:
    """Distance ahead of the eye [m], infinite where nothing was drawn."""
    if parallel:
        return -nearness
    return np.where(nearness > 0, 1.0 / np.maximum(nearness, 1e-30), np.inf)


def _lens(camera: OrbitCamera, width_px: int, height_px: int, low: IntArray, step: int) -> FloatArray:
    """The camera as 16 numbers for a picture that begins at a pixel and takes every so-many-th one."""
    scale = 1.0 / camera.metres_per_pixel(height_px)
    if not camera.parallel:
        scale *= camera.distance_m
    centre = (np.array([width_px, height_px]) / 2.0 - 0.5 - low) / step + 0.5
    return np.array([*camera.eye, *camera.axes.ravel(), scale / step, *centre, float(camera.parallel)], np.float64)


def _planes(lens: FloatArray, cuts: tuple[CutPlane, ...]) -> FloatArray:
    """(k, 4) float64: planes about what is drawn, counted from the eye: those of the section, and one before it."""
    axes = lens[3:12].reshape(3, 3) * [[1.0], [1.0], [-1.0]]
    found = [[*(axes @ cut.normal), float(cut.distance_m(lens[None, :3])[0])] for cut in cuts]
    if lens[15] < 0.5:
        found.append([0.0, 0.0, 1.0, -NEAREST_M])
    return np.array(found, np.float64).reshape(-1, 4)


def _near(tiles: Sequence[Any], picture: _Picture) -> list[TileMesh]:
    """Meshes of the tiles whose boxes meet the picture, or reach from behind the eye to before it."""
    if not tiles:
        return []
    bounds = np.array([tile.surface_data.GetBounds() for tile in tiles]).reshape(-1, 3, 2)
    corners = np.stack([bounds[:, [0, 1, 2], [x, y, z]] for x, y, z in np.ndindex(2, 2, 2)], axis=1)
    lens = picture.lens
    right, above, back = np.moveaxis((corners - lens[:3]) @ lens[3:12].reshape(3, 3).T, 2, 0)
    ahead = -back >= NEAREST_M
    parallel = lens[15] > 0.5
    share = 1.0 if parallel else 1.0 / np.where(ahead, -back, np.inf)
    x, y = lens[13] + right * lens[12] * share, lens[14] - above * lens[12] * share
    height, width = picture.mask.shape
    meets = (x.max(axis=1) >= -1) & (y.max(axis=1) >= -1) & (x.min(axis=1) <= width + 1) & (y.min(axis=1) <= height + 1)
    if not parallel:
        meets = np.where(ahead.all(axis=1), meets, ahead.any(axis=1))
    return [tiles[place].mesh for place in np.flatnonzero(meets).tolist()]
