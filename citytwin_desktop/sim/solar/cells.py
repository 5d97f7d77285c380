"""Cells of surfaces: the points that rays start from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.sampling_kernels import cells_of_rows
from citytwin_desktop.sim.solar.scene import SolarScene, triangle_areas_m2
from citytwin_desktop.sim.solar.threads import Watch, chunks
from citytwin_desktop.sim.solar.tracing import Floats, Integers, Tracer, triangle_normals

SAMPLES_PER_SIDE = 3
"""Test points along each side of a cell: they measure its share of the surface and find its middle."""

_ROWS_AT_ONCE = 2048
_SMALLEST_EXTENT_M = 1e-3


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
        Share of the row's area; they sum to one by row, less what lies in the soil.
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


def make_cells(scene: SolarScene, rays: Tracer, cell_m: float, ground_parts: int, watch: Watch) -> Cells:
    """Divide the sensor rows of a scene into cells.

    Each row is laid out in a grid along its horizontal and its upward edge. A cell begins at the test point
    nearest to the middle of what belongs to it. Ground under buildings has no cells, and what lies in the soil has
    none either, so that it stays dark.

    Parameters
    ----------
    scene : SolarScene
    rays : Tracer
    cell_m : float [m]
    ground_parts : int
        How many cells a side of each ground row is divided into.
    watch : Watch

    Returns
    -------
    Cells
    """
    normals = triangle_normals(scene.triangles_m)
    used = np.append(scene.sensors, False)[scene.triangle_row] & (scene.triangle_row < scene.surface_count)
    city = np.flatnonzero(used)

    ground = scene.triangles_m[scene.triangle_row >= scene.surface_count]
    highest_m = float(ground[..., 2].max(initial=-np.inf))

    def divide(part: NDArray[np.int64]) -> Cells:
        found = _cells_of(scene, normals, part, cell_m)
        return take_cells(found, ~_in_the_soil(scene, rays, found, highest_m))

    parts = list(watch.in_order(divide, _whole_rows(scene.triangle_row[city], city)))
    return _joined([*parts, _ground_cells(scene, rays, ground_parts)])


def in_plane(
    corners: NDArray[np.float64], normal: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Horizontal and upward direction of each triangle's row, and its corners along them.

    Parameters
    ----------
    corners : ndarray, (t, 3, 3) float64 [m]
    normal : ndarray, (t, 3) float64
        Of the row.

    Returns
    -------
    axes : ndarray, (t, 6) float64
    uv : ndarray, (t, 3, 2) float64 [m]
    """
    flat = np.abs(normal[:, 2]) > 0.999
    level = np.where(flat[:, None], [1.0, 0.0, 0.0], np.cross([0.0, 0.0, 1.0], normal))
    level /= np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-12)
    upward = np.cross(normal, level)
    uv = np.stack([np.einsum("tcx,tx->tc", corners, axis) for axis in (level, upward)], axis=-1)
    return np.concatenate([level, upward], axis=1), uv


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


def take_cells(cells: Cells, chosen: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Cells:
    """Take some of the cells, weights unchanged.

    Parameters
    ----------
    cells : Cells
    chosen : ndarray of int64 or bool, or slice

    Returns
    -------
    Cells
    """
    return Cells(
        cells.position[chosen], cells.normal[chosen], cells.row[chosen], cells.weight[chosen], cells.seed[chosen]
    )  # fmt: skip


def _whole_rows(row: Integers, triangles: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Cut triangles into pieces of whole rows."""
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    cuts = [int(starts[piece.start]) for piece in chunks(len(starts), _ROWS_AT_ONCE)]
    return [part for part in np.split(triangles, cuts) if len(part)]


def _cells_of(scene: SolarScene, normals: Floats, used: NDArray[np.int64], size_m: float) -> Cells:
    """Cells of whole rows; a sliver that escapes the grid gets the middle of its largest triangle."""
    row = scene.triangle_row[used]
    corners = scene.triangles_m[used].astype(np.float64)
    rows, start, member = np.unique(row, return_index=True, return_inverse=True)
    _, uv = in_plane(corners, scene.normals[row])
    low = np.minimum.reduceat(uv.min(axis=1), start)
    extent = np.maximum(np.maximum.reduceat(uv.max(axis=1), start) - low, _SMALLEST_EXTENT_M)
    # A hair of tolerance, or a 20 m wall in 4 m cells could come out six cells wide.
    grid = np.maximum(np.ceil(extent / size_m - 1e-4), 1).astype(np.int64)
    step = extent / (grid * SAMPLES_PER_SIDE)
    uv = (uv - low[member][:, None]) / step[member][:, None]
    starts = np.append(start, len(row)).astype(np.int64)
    place, triangle, weights, share = cells_of_rows(uv, starts, grid, SAMPLES_PER_SIDE)
    position = np.einsum("sc,scx->sx", weights, corners[triangle])
    missed = np.setdiff1d(np.arange(len(rows)), place)
    largest = _largest_triangles(corners, member, missed)
    cell_row = np.concatenate([rows[place], rows[missed]])
    order = np.argsort(cell_row, kind="stable")
    return _as_cells(
        np.concatenate([position, corners[largest].mean(axis=1)])[order],
        normals[used[np.concatenate([triangle, largest])]][order],
        cell_row[order],
        np.concatenate([share, np.ones(len(missed), np.float32)])[order],
    )


def _as_cells(position: NDArray[np.float64], normal: Floats, row: Integers, weight: Floats) -> Cells:
    place = position.astype(np.float32)
    whole = np.rint(place.astype(np.float64) * 1000).astype(np.int64)
    seed = (whole @ np.array([73856093, 19349663, 83492791])) & 0xFFFFFFFF
    return Cells(place, normal, row.astype(np.int32), weight.astype(np.float32), seed.astype(np.uint32))


def _joined(parts: list[Cells]) -> Cells:
    names = ("position", "normal", "row", "weight", "seed")
    return Cells(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _largest_triangles(
    corners: NDArray[np.float64], member: NDArray[np.int64], wanted: NDArray[np.int64]
) -> NDArray[np.int64]:
    candidates = np.flatnonzero(np.isin(member, wanted))
    order = candidates[np.lexsort((-triangle_areas_m2(corners[candidates]), member[candidates]))]
    return order[np.flatnonzero(np.diff(member[order], prepend=-1))]


def _ground_cells(scene: SolarScene, rays: Tracer, parts: int) -> Cells:
    """Cells of the ground that do not lie under a building."""
    rows = np.arange(scene.surface_count, scene.row_count)
    first = np.searchsorted(scene.triangle_row, rows)
    corner = [scene.triangles_m[first, 0], scene.triangles_m[first, 1], scene.triangles_m[first, 2]]
    corner = [point[:, None, :] for point in (*corner, scene.triangles_m[first + 1, 2])]
    side = parts * SAMPLES_PER_SIDE
    share = ((np.arange(side) + 0.5) / side).astype(np.float32)
    u, v = (axis.ravel()[:, None] for axis in np.meshgrid(share, share, indexing="ij"))
    points = (1 - u) * (1 - v) * corner[0] + u * (1 - v) * corner[1] + u * v * corner[2] + (1 - u) * v * corner[3]
    free = ~_under_a_building(scene, rays, points.reshape(-1, 3)).reshape(len(rows), -1)
    # One cell after another, each with its test points together.
    shape = (len(rows), parts, SAMPLES_PER_SIDE, parts, SAMPLES_PER_SIDE)
    points = points.reshape(*shape, 3).swapaxes(2, 3).reshape(-1, SAMPLES_PER_SIDE**2, 3)
    by_cell = free.reshape(shape).swapaxes(2, 3).reshape(-1, SAMPLES_PER_SIDE**2)
    lit = np.flatnonzero(by_cell.any(axis=1))
    points, by_cell = points[lit], by_cell[lit]
    count = by_cell.sum(axis=1)
    middle = (points * by_cell[..., None]).sum(axis=1) / count[:, None]
    distance = np.where(by_cell, ((points - middle[:, None]) ** 2).sum(axis=2), np.inf)
    row = lit // parts**2
    weight = count / free.sum(axis=1)[row]
    position = points[np.arange(len(lit)), distance.argmin(axis=1)].astype(np.float64)
    return _as_cells(position, scene.normals[rows[row]].astype(np.float32), rows[row].astype(np.int32), weight)


def _in_the_soil(scene: SolarScene, rays: Tracer, cells: Cells, highest_m: float) -> NDArray[np.bool_]:
    """Whether the first thing straight above each cell is the underside of the ground."""
    below = np.flatnonzero(cells.position[:, 2] < highest_m)
    up = np.tile(np.array([0, 0, 1], np.float32), (len(below), 1))
    hit = rays.closest(cells.lifted(rays.offset_m)[below], up)
    found = np.zeros(len(cells), bool)
    found[below] = rays.meets_back(hit, up) & (rays.row[np.maximum(hit, 0)] >= scene.surface_count)
    return found


def _under_a_building(scene: SolarScene, rays: Tracer, position: Floats) -> NDArray[np.bool_]:
    """Whether the first thing straight above is a floor on the soil, or the inside of something."""
    up = np.tile(np.array([0, 0, 1], np.float32), (len(position), 1))
    hit = rays.closest(position + np.float32(rays.offset_m) * up, up)
    floor = (hit >= 0) & np.append(scene.on_soil, False)[rays.row[np.maximum(hit, 0)]]
    return np.asarray(floor | rays.meets_back(hit, up))
