"""Elements: pieces of surfaces that shine evenly.

A tall wall is bright at the top and dark at its foot, so what it reflects is followed by pieces of some metres. What
it gets by reflection is taken to be even over the whole surface.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.cells import Cells, in_plane
from citytwin_desktop.sim.solar.scene import SolarScene
from citytwin_desktop.sim.solar.tracing import Floats, Integers


@dataclass(frozen=True, eq=False)
class Elements:
    """Elements of all rows, sorted by row.

    Parameters
    ----------
    row : ndarray, (n_elements,) int32
    of_cell : ndarray, (cells,) int32
        Element that each cell lies in.
    cell_share : ndarray, (cells,) float32
        Share of each cell in its element; they sum to one by element.
    frame : ndarray, (rows, 10) float32
        Of each row: level axis, upward axis, lower corner along both, and elements for each metre along both.
    grid : ndarray, (rows, 2) int32
        Elements along both axes.
    start : ndarray, (rows,) int32
        First place of each row in ``at``.
    at : ndarray, (places,) int32
        Element at each place of the grids; -1 for rows that do not shine.
    """

    row: Integers
    of_cell: Integers
    cell_share: Floats
    frame: Floats
    grid: Integers
    start: Integers
    at: Integers

    def __len__(self) -> int:
        return len(self.row)


def make_elements(scene: SolarScene, cells: Cells, element_m: float, ground_parts: int = 1) -> Elements:
    """Divide the rows that have cells into elements.

    Parameters
    ----------
    scene : SolarScene
        All rows face outwards.
    cells : Cells
    element_m : float [m]
        Largest side.
    ground_parts : int
        How many a side of each square of ground is divided into.

    Returns
    -------
    Elements
    """
    rows = scene.row_count
    frame, extent = _frames(scene)
    grid = np.maximum(np.ceil(extent / element_m - 1e-4), 1).astype(np.int64)
    lit = np.bincount(cells.row, minlength=rows) > 0
    grid[~lit] = 1
    grid[scene.surface_count :] = np.where(lit[scene.surface_count :, None], ground_parts, 1)
    frame[:, 8:] = grid / np.maximum(extent, 1e-3)
    start = np.concatenate([[0], np.cumsum(grid.prod(axis=1))])
    place = start[cells.row] + _place_in_row(cells, frame, grid)
    used, of_cell = np.unique(place, return_inverse=True)
    row = np.searchsorted(start, used, side="right") - 1
    at = np.full(start[-1], -1, np.int32)
    at[used] = np.arange(len(used))
    _fill_gaps(at, start, grid, lit)
    whole = np.bincount(of_cell, cells.weight, minlength=len(used))
    return Elements(
        row.astype(np.int32),
        of_cell.astype(np.int32),
        (cells.weight / whole[of_cell]).astype(np.float32),
        frame.astype(np.float32),
        grid.astype(np.int32),
        start[:-1].astype(np.int32),
        at,
    )


def _frames(scene: SolarScene) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Axes and lower corners (rows, 10), the last two columns left free, and extents (rows, 2) [m]."""
    own = np.flatnonzero(scene.triangle_row < scene.row_count)
    row = scene.triangle_row[own]
    axes, uv = in_plane(scene.triangles_m[own].astype(np.float64), scene.normals[row])
    present, start = np.unique(row, return_index=True)
    frame, extent = np.zeros((scene.row_count, 10)), np.zeros((scene.row_count, 2))
    if len(present):
        frame[present, :6] = axes[start]
        frame[present, 6:8] = np.minimum.reduceat(uv.min(axis=1), start)
        extent[present] = np.maximum.reduceat(uv.max(axis=1), start) - frame[present, 6:8]
    # Squares of ground are divided as seen from above, whatever their slope.
    ground = slice(scene.surface_count, None)
    corner = scene.triangles_m[np.searchsorted(scene.triangle_row, np.arange(scene.row_count)[ground])]
    frame[ground] = [1, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    frame[ground, 6:8] = corner[:, 0, :2]
    extent[ground] = corner[:, 2, :2] - corner[:, 0, :2]
    return frame, extent


def _place_in_row(cells: Cells, frame: NDArray[np.float64], grid: NDArray[np.int64]) -> NDArray[np.int64]:
    mine = frame[cells.row]
    position = cells.position.astype(np.float64)
    place = np.zeros((len(cells), 2), np.int64)
    for axis in (0, 1):
        along = (position * mine[:, 3 * axis : 3 * axis + 3]).sum(axis=1)
        place[:, axis] = np.floor((along - mine[:, 6 + axis]) * mine[:, 8 + axis])
    place = np.clip(place, 0, grid[cells.row] - 1)
    return np.asarray(place[:, 1] * grid[cells.row, 0] + place[:, 0])


def _fill_gaps(at: Integers, start: NDArray[np.int64], grid: NDArray[np.int64], lit: NDArray[np.bool_]) -> None:
    """Give places without a cell, as a thin end may be, the nearest element of their row."""
    owner = np.repeat(np.arange(len(grid)), np.diff(start))
    for row in np.unique(owner[(at < 0) & lit[owner]]):
        own = slice(start[row], start[row + 1])
        there = np.flatnonzero(at[own] >= 0)
        missing = np.flatnonzero(at[own] < 0)
        wide = grid[row, 0]
        apart = np.abs(missing[:, None] % wide - there % wide) + np.abs(missing[:, None] // wide - there // wide)
        at[start[row] + missing] = at[start[row] + there[apart.argmin(axis=1)]]
