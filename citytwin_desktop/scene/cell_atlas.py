"""Where the cells of surfaces and ground lie in one texture: each row of a layout is a rectangle of texels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.texel_image import LARGEST_SIDE_TEXELS

if TYPE_CHECKING:
    from citytwin_desktop.sim.solar.cell_maps import CellLayout

NO_RESULT, NOTHING = -2, -1
"""In place of a cell: a surface without cells, and a texel that must not be drawn."""

_BORDER = 1
"""Texels around each rectangle that repeat its rim: smoothed edges read a little beyond them."""


class CellAtlas:
    """The rectangles of all rows of a layout in one picture.

    Parameters
    ----------
    layout : CellLayout

    Attributes
    ----------
    width, height : int
        Of the picture, in texels.
    cell_of_texel : ndarray, (texels,) int32
        Cell that each texel shows, or `NO_RESULT`, or `NOTHING`.
    row_of_texel : ndarray, (texels,) int32
        Row of the layout that each texel belongs to; -1 between the rectangles.

    Raises
    ------
    KnownError
        When the picture would be larger than graphics cards take.
    """

    def __init__(self, layout: CellLayout) -> None:
        self.layout = layout
        framed = layout.grid.astype(np.int64) + 2 * _BORDER
        corner, self.width, self.height = packed_rectangles(framed)
        self._corner = corner + _BORDER
        row = np.repeat(np.arange(len(framed), dtype=np.int32), framed.prod(axis=1))
        across, up = _places(framed)
        texel = (corner[row, 1] + up) * self.width + corner[row, 0] + across
        inside = np.clip(np.stack([across, up], axis=1) - _BORDER, 0, layout.grid[row] - 1)
        cell = layout.at[layout.start[row] + inside[:, 1] * layout.grid[row, 0] + inside[:, 0]]
        self.row_of_texel = np.full(self.width * self.height, -1, np.int32)
        self.row_of_texel[texel] = row
        self.cell_of_texel = np.full(self.width * self.height, NOTHING, np.int32)
        self.cell_of_texel[texel] = np.where(cell >= 0, cell, np.where(row < layout.surface_count, NO_RESULT, NOTHING))

    def coordinates(self, row: IntArray, points_m: FloatArray) -> NDArray[np.float32]:
        """Texture coordinates of points on rows, (n, 2) float32.

        Parameters
        ----------
        row : ndarray, (n,) int64
        points_m : ndarray, (n, 3) float64 [m]
            In the coordinates of the city.
        """
        inside = np.clip(self._along(row, points_m), 0.0, self.layout.grid[row])
        return np.asarray((self._corner[row] + inside) / (self.width, self.height), np.float32)

    def cell_at(self, row: int, point_m: FloatArray) -> int:
        """Cell under a point of a row; -1 when there is none."""
        rows = np.array([row])
        place = np.floor(self._along(rows, np.asarray(point_m, float)[None, :])).astype(np.int64)[0]
        across, up = np.clip(place, 0, self.layout.grid[row] - 1)
        return int(self.layout.at[int(self.layout.start[row]) + int(up) * int(self.layout.grid[row, 0]) + int(across)])

    def _along(self, row: IntArray, points_m: FloatArray) -> FloatArray:
        """Place along both axes of the row's grid, (n, 2) float64 in cells."""
        frame = self.layout.frame[row].astype(np.float64)
        about = points_m - self.layout.middle_m
        along = [(about * frame[:, 3 * axis : 3 * axis + 3]).sum(axis=1) for axis in (0, 1)]
        return np.asarray((np.stack(along, axis=1) - frame[:, 6:8]) * frame[:, 8:10])


def _places(size: IntArray) -> tuple[IntArray, IntArray]:
    """Column and line of every texel of some rectangles, one after the other."""
    count = size.prod(axis=1)
    local = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    wide = np.repeat(size[:, 0], count)
    return local % wide, local // wide


def packed_rectangles(size: IntArray) -> tuple[IntArray, int, int]:
    """Lay rectangles on shelves, the tallest first.

    Parameters
    ----------
    size : ndarray, (n, 2) int64
        Width and height of each.

    Returns
    -------
    corner : ndarray, (n, 2) int64
    width, height : int
        Of the picture that holds them all.

    Raises
    ------
    KnownError
        When the picture would pass `LARGEST_SIDE_TEXELS`.
    """
    if not len(size):
        return np.zeros((0, 2), np.int64), 1, 1
    width = max(int(size[:, 0].max()), int(np.ceil(np.sqrt(size.prod(axis=1).sum() * 1.05))))
    order = np.lexsort((-size[:, 0], -size[:, 1]))
    end = np.cumsum(size[order, 0])
    corner = np.zeros_like(size)
    first, top = 0, 0
    while first < len(order):
        before = end[first - 1] if first else 0
        last = int(np.searchsorted(end, before + width, side="right"))
        mine = order[first:last]
        corner[mine, 0] = end[first:last] - size[mine, 0] - before
        corner[mine, 1] = top
        top += int(size[mine[0], 1])
        first = last
    if max(width, top) > LARGEST_SIDE_TEXELS:
        raise KnownError(f"The cells need a picture of {width}×{top} texels, too large to draw: choose larger cells.")
    return corner, width, top
