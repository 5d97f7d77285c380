"""Compiled loops that scatter rays over hemispheres and sort what they meet."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.compiling import compiled

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


@compiled
def _hash(a: int, b: int) -> float:
    """Reproducible number in [0, 1) of two integers."""
    x = np.uint32(a) * np.uint32(2654435761) + np.uint32(b) * np.uint32(2246822519) + np.uint32(374761393)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(2146121005)
    x = np.uint32(x)
    x = (x ^ (x >> np.uint32(12))) * np.uint32(2221713035)
    x = np.uint32(x)
    x = x ^ (x >> np.uint32(16))
    return np.float64(np.uint32(x) >> np.uint32(8)) / 16777216.0


@compiled
def hemisphere_rays(
    position: Floats, normal: Floats, seed: NDArray[np.uint32], rows: int, columns: int
) -> tuple[Floats, Floats]:
    """Rays over the hemisphere of each cell, as dense as the cosine, one in each of ``rows * columns`` strata.

    Parameters
    ----------
    position, normal : ndarray, (cells, 3) float32
    seed : ndarray, (cells,) uint32
    rows, columns : int

    Returns
    -------
    origins, directions : ndarray, (cells * rows * columns, 3) float32
    """
    rays = rows * columns
    origins = np.empty((len(position) * rays, 3), np.float32)
    directions = np.empty((len(position) * rays, 3), np.float32)
    for cell in range(len(position)):
        nx, ny, nz = normal[cell, 0], normal[cell, 1], normal[cell, 2]
        # Any tangent will do; it is taken from the axis that the normal follows least.
        if abs(nz) < 0.9:
            length = np.sqrt(nx * nx + ny * ny)
            tx, ty, tz = -ny / length, nx / length, 0.0
        else:
            length = np.sqrt(ny * ny + nz * nz)
            tx, ty, tz = 0.0, -nz / length, ny / length
        bx, by, bz = ny * tz - nz * ty, nz * tx - nx * tz, nx * ty - ny * tx
        for stratum in range(rays):
            u = (stratum // columns + _hash(seed[cell], 2 * stratum)) / rows
            turn = 2 * np.pi * (stratum % columns + _hash(seed[cell], 2 * stratum + 1)) / columns
            radius, up = np.sqrt(u), np.sqrt(1.0 - u)
            x, y = radius * np.cos(turn), radius * np.sin(turn)
            ray = cell * rays + stratum
            for axis in range(3):
                origins[ray, axis] = position[cell, axis]
            directions[ray, 0] = x * tx + y * bx + up * nx
            directions[ray, 1] = x * ty + y * by + up * ny
            directions[ray, 2] = x * tz + y * bz + up * nz
    return origins, directions


@compiled
def _patch(x: float, y: float, z: float, row_start: Integers, row_height: float) -> int:
    """Sky patch of an upward direction, as `SkyPatches.patch_of`."""
    ring = min(int(np.arcsin(np.minimum(z, 1.0)) / row_height), len(row_start) - 2)
    count = row_start[ring + 1] - row_start[ring]
    turn = np.arctan2(x, y) / (2 * np.pi)
    turn -= np.floor(turn)
    return int(row_start[ring] + min(int(turn * count), count - 1))


@compiled
def bin_hits(
    hit: Integers,
    directions: Floats,
    cell_row: Integers,
    cell_weight: Floats,
    triangle_row: Integers,
    triangle_normal: Floats,
    reflectance: Floats,
    row_start: Integers,
    row_height: float,
) -> tuple[Floats, Integers, Integers, Floats]:
    """Sort the rays of a run of cells into sky patches and reflecting rows.

    Parameters
    ----------
    hit : ndarray, (cells * rays,) int32
        Triangle that each ray meets, -1 for none.
    directions : ndarray, (cells * rays, 3) float32
    cell_row, cell_weight : ndarray, (cells,)
        Row (ascending) and share of the row's area.
    triangle_row, triangle_normal, reflectance : ndarray
        Of the scene; backs of triangles are black.
    row_start, row_height : ndarray and float
        Of the sky patches.

    Returns
    -------
    sky : ndarray, (rows in the run, patches + 1) float32
        Share of the rays of each row that reach each patch; the last column is the ground beyond.
    rows, columns : ndarray, (k,) int32
    exchange : ndarray, (k,) float32
        View factor times reflectance of the row that is seen.
    """
    cells = len(cell_row)
    rays = len(hit) // cells
    first_row = cell_row[0]
    patches = row_start[-1]
    sky = np.zeros((cell_row[-1] - first_row + 1, patches + 1), np.float32)
    seen = np.zeros(len(reflectance), np.float32)
    touched = np.empty(len(reflectance), np.int32)
    rows, columns = np.empty(len(hit), np.int32), np.empty(len(hit), np.int32)
    exchange = np.empty(len(hit), np.float32)
    touched_count, found = 0, 0
    for cell in range(cells):
        row = cell_row[cell]
        share = cell_weight[cell] / rays
        for ray in range(cell * rays, cell * rays + rays):
            x, y, z = directions[ray, 0], directions[ray, 1], directions[ray, 2]
            triangle = hit[ray]
            if triangle >= 0:
                n = triangle_normal[triangle]
                other = triangle_row[triangle]
                if reflectance[other] > 0.0 and x * n[0] + y * n[1] + z * n[2] < 0.0:
                    if seen[other] == 0.0:
                        touched[touched_count] = other
                        touched_count += 1
                    seen[other] += share * reflectance[other]
            elif z <= 0.0:
                sky[row - first_row, patches] += share
            else:
                sky[row - first_row, _patch(x, y, z, row_start, row_height)] += share
        if cell == cells - 1 or cell_row[cell + 1] != row:
            for k in range(touched_count):
                rows[found], columns[found], exchange[found] = row, touched[k], seen[touched[k]]
                seen[touched[k]] = 0.0
                found += 1
            touched_count = 0
    return sky, rows[:found].copy(), columns[:found].copy(), exchange[:found].copy()
