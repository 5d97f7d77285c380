"""Cells of surfaces: the points that rays start from."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.sampling_kernels import samples_in_triangles
from citytwin_desktop.sim.solar.scene import SolarScene, triangle_areas_m2
from citytwin_desktop.sim.solar.tracing import Floats, Integers, Tracer, triangle_normals

SAMPLES_PER_SIDE = 3
"""Test points along each side of a cell: they measure its share of the surface and find its middle."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Ray origins, sorted by row.

    Parameters
    ----------
    position : ndarray, (cells, 3) float32 [m]
        On the surface.
    normal : ndarray, (cells, 3) float32
        Of the triangle at that point.
    row : ndarray, (cells,) int32
    weight : ndarray, (cells,) float32
        Share of the row's area; they sum to one by row.
    seed : ndarray, (cells,) uint32
        For the scatter of the rays; depends on the position alone, so an edit elsewhere changes nothing here.
    """

    position: Floats
    normal: Floats
    row: Integers
    weight: Floats
    seed: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.row)

    def lifted(self, offset_m: float) -> Floats:
        """Ray origins a little off the surface, (cells, 3) float32 [m]."""
        return self.position + np.float32(offset_m) * self.normal


@dataclass(frozen=True, eq=False)
class _Samples:
    """Test points in cells."""

    position: Floats
    triangle: NDArray[np.int64]
    row: Integers
    place: NDArray[np.int64]

    def take(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> "_Samples":
        return _Samples(self.position[chosen], self.triangle[chosen], self.row[chosen], self.place[chosen])


def make_cells(scene: SolarScene, rays: Tracer, cell_m: float, ground_cell_m: float) -> Cells:
    """Divide the sensor rows of a scene into cells.

    Each row is laid out in a grid along its horizontal and its upward edge. A cell begins at the test point
    nearest to the middle of what belongs to it. Ground under buildings has no cells.

    Parameters
    ----------
    scene : SolarScene
    rays : Tracer
    cell_m, ground_cell_m : float [m]

    Returns
    -------
    Cells
    """
    samples = _samples(scene, cell_m, ground_cell_m)
    ground = np.flatnonzero(samples.row >= scene.surface_count)
    free = np.ones(len(samples.row), bool)
    free[ground] = ~_under_a_building(scene, rays, samples.position[ground])
    samples = samples.take(free)
    normals = triangle_normals(scene.triangles_m)
    return _one_for_each_place(samples, normals)


def one_for_each_row(cells: Cells) -> Cells:
    """Pick the heaviest cell of each row.

    Parameters
    ----------
    cells : Cells

    Returns
    -------
    Cells
    """
    order = np.lexsort((-cells.weight, cells.row))
    first = order[np.flatnonzero(np.diff(cells.row[order], prepend=-1))]
    return take_cells(cells, first)


def take_cells(cells: Cells, chosen: NDArray[np.int64] | slice) -> Cells:
    """Take some of the cells, weights unchanged.

    Parameters
    ----------
    cells : Cells
    chosen : ndarray of int64, or slice

    Returns
    -------
    Cells
    """
    parts = {name: getattr(cells, name)[chosen] for name in ("position", "normal", "row", "weight", "seed")}
    return replace(cells, **parts)


def _samples(scene: SolarScene, cell_m: float, ground_cell_m: float) -> _Samples:
    """Test points of all sensor rows; a sliver that escapes the grid gets the middle of its largest triangle."""
    used = np.flatnonzero(scene.sensors[scene.triangle_row])
    row = scene.triangle_row[used]
    corners = scene.triangles_m[used].astype(np.float64)
    uv = _in_plane(corners, scene.normals[row])
    rows, start, member = np.unique(row, return_index=True, return_inverse=True)
    if not len(rows):
        return _Samples(np.zeros((0, 3), np.float32), np.zeros(0, np.int64), row, np.zeros(0, np.int64))
    low = np.minimum.reduceat(uv.min(axis=1), start)
    extent = np.maximum(np.maximum.reduceat(uv.max(axis=1), start) - low, 1e-3)
    size = np.where(rows < scene.surface_count, cell_m, ground_cell_m)
    # A hair of tolerance, or a 20 m wall in 4 m cells could come out six cells wide.
    count = np.maximum(np.ceil(extent / size[:, None] - 1e-4), 1).astype(np.int64)
    step = extent / (count * SAMPLES_PER_SIDE)
    found, place, weights = _fill(uv - low[member][:, None], step[member])
    inside = place // SAMPLES_PER_SIDE
    number = inside[:, 1].astype(np.int64) * (count[member[found], 0] + 1) + inside[:, 0]
    position = np.einsum("sc,scx->sx", weights, corners[found])
    missed = np.setdiff1d(rows, row[found])
    largest = _largest_triangles(corners, row, missed)
    return _Samples(
        np.concatenate([position, corners[largest].mean(axis=1)]).astype(np.float32),
        np.concatenate([used[found], used[largest]]),
        np.concatenate([row[found], missed.astype(np.int32)]),
        np.concatenate([number, np.zeros(len(missed), np.int64)]),
    )


def _in_plane(corners: NDArray[np.float64], normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coordinates (t, 3, 2) along the horizontal and the upward direction of each row."""
    flat = np.abs(normal[:, 2]) > 0.999
    level = np.where(flat[:, None], [1.0, 0.0, 0.0], np.cross([0.0, 0.0, 1.0], normal))
    level /= np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-12)
    upward = np.cross(normal, level)
    return np.stack([np.einsum("tcx,tx->tc", corners, axis) for axis in (level, upward)], axis=-1)


def _fill(uv: NDArray[np.float64], step: NDArray[np.float64]) -> tuple[Integers, Integers, Floats]:
    nothing = np.zeros(0, np.int32), np.zeros((0, 2), np.int32), np.zeros((0, 3), np.float32)
    count = samples_in_triangles(uv, step, False, *nothing)
    found = np.empty(count, np.int32), np.empty((count, 2), np.int32), np.empty((count, 3), np.float32)
    samples_in_triangles(uv, step, True, *found)
    return found


def _largest_triangles(corners: NDArray[np.float64], row: Integers, wanted: Integers) -> NDArray[np.int64]:
    candidates = np.flatnonzero(np.isin(row, wanted))
    order = candidates[np.lexsort((-triangle_areas_m2(corners[candidates]), row[candidates]))]
    return order[np.flatnonzero(np.diff(row[order], prepend=-1))]


def _under_a_building(scene: SolarScene, rays: Tracer, position: Floats) -> NDArray[np.bool_]:
    """Whether the first thing straight above is a floor on the soil, or the inside of something."""
    up = np.tile(np.array([0, 0, 1], np.float32), (len(position), 1))
    hit = rays.closest(position + np.float32(rays.offset_m) * up, up)
    floor = (hit >= 0) & scene.on_soil[rays.row[np.maximum(hit, 0)]]
    return np.asarray(floor | rays.meets_back(hit, up))


def _one_for_each_place(samples: _Samples, normals: Floats) -> Cells:
    order = np.lexsort((samples.place, samples.row))
    samples = samples.take(order)
    begins = (np.diff(samples.row, prepend=-1) != 0) | (np.diff(samples.place, prepend=-1) != 0)
    cell = np.cumsum(begins) - 1
    count = np.bincount(cell)
    middle = np.stack([np.bincount(cell, samples.position[:, axis]) / count for axis in range(3)], axis=1)
    distance = ((samples.position - middle[cell]) ** 2).sum(axis=1)
    nearest = np.lexsort((distance, cell))[np.flatnonzero(begins)]
    row, position = samples.row[nearest], samples.position[nearest]
    weight = count / np.bincount(samples.row)[row]
    whole = np.rint(position.astype(np.float64) * 1000).astype(np.int64)
    seed = (whole @ np.array([73856093, 19349663, 83492791])) & 0xFFFFFFFF
    return Cells(position, normals[samples.triangle[nearest]], row, weight.astype(np.float32), seed.astype(np.uint32))
