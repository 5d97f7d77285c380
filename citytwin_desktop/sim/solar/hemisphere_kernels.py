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
    position: Floats, normal: Floats, seed: NDArray[np.uint32], rings: Integers, sectors: Integers
) -> tuple[Floats, Floats]:
    """Rays over the hemisphere of each cell, as dense as the cosine, one in each of ``rings * sectors`` strata.

    Parameters
    ----------
    position, normal : ndarray, (cells, 3) float32
    seed : ndarray, (cells,) uint32
    rings, sectors : ndarray, (cells,) int32

    Returns
    -------
    origins, directions : ndarray, (sum of rings * sectors, 3) float32
    """
    total = 0
    for cell in range(len(position)):
        total += rings[cell] * sectors[cell]
    origins = np.empty((total, 3), np.float32)
    directions = np.empty((total, 3), np.float32)
    ray = 0
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
        columns = sectors[cell]
        for stratum in range(rings[cell] * columns):
            u = (stratum // columns + _hash(seed[cell], 2 * stratum)) / rings[cell]
            turn = 2 * np.pi * (stratum % columns + _hash(seed[cell], 2 * stratum + 1)) / columns
            radius, up = np.sqrt(u), np.sqrt(1.0 - u)
            x, y = radius * np.cos(turn), radius * np.sin(turn)
            for axis in range(3):
                origins[ray, axis] = position[cell, axis]
            directions[ray, 0] = x * tx + y * bx + up * nx
            directions[ray, 1] = x * ty + y * by + up * ny
            directions[ray, 2] = x * tz + y * bz + up * nz
            ray += 1
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
def element_hit(
    row: int,
    origin: Floats,
    direction: Floats,
    distance: float,
    frame: Floats,
    grid: Integers,
    start: Integers,
    at: Integers,
) -> int:
    """Element of a row that a ray meets, -1 where the row does not shine; arrays as in `Elements`."""
    wide, high = grid[row, 0], grid[row, 1]
    if wide == 1 and high == 1:
        return int(at[start[row]])
    u, v = -frame[row, 6], -frame[row, 7]
    for axis in range(3):
        place = origin[axis] + distance * direction[axis]
        u += place * frame[row, axis]
        v += place * frame[row, 3 + axis]
    i = min(max(int(u * frame[row, 8]), 0), wide - 1)
    j = min(max(int(v * frame[row, 9]), 0), high - 1)
    return int(at[start[row] + j * wide + i])


@compiled
def _backs(
    hit: Integers,
    directions: Floats,
    triangle_row: Integers,
    triangle_normal: Floats,
    rows: int,
    first: int,
    count: int,
) -> bool:
    """Whether most rays of a cell meet the backs of faces: it lies against or within another body, and is dark.

    Where the far side of that body touches the next one, chance decides which face a ray meets.
    """
    backs = 0
    for ray in range(first, first + count):
        triangle = hit[ray]
        if triangle >= 0 and triangle_row[triangle] < rows:
            n = triangle_normal[triangle]
            facing = directions[ray, 0] * n[0] + directions[ray, 1] * n[1] + directions[ray, 2] * n[2]
            if facing >= 0.0:
                backs += 1
    return bool(2 * backs > count)


@compiled
def bin_hits(  # noqa: C901 - one loop, unrolled for the compiler
    hit: Integers,
    distance: Floats,
    origins: Floats,
    directions: Floats,
    left: Floats,
    cell_rays: Integers,
    receiver: Integers,
    weight: Floats,
    element: Integers,
    element_weight: Floats,
    triangle_row: Integers,
    triangle_normal: Floats,
    frame: Floats,
    grid: Integers,
    start: Integers,
    at: Integers,
    elements: int,
    row_start: Integers,
    row_height: float,
) -> tuple[Floats, int, Integers, Integers, Floats]:
    """Sort the rays of a run of cells into sky patches and shining elements.

    Parameters
    ----------
    hit : ndarray, (n_rays,) int32
        Triangle that each ray meets, -1 for none.
    distance : ndarray, (n_rays,) float32 [m]
    origins, directions : ndarray, (n_rays, 3) float32
    left : ndarray, (n_rays,) float32, or (0,)
        Share of the light that the crowns on the way leave; empty without crowns.
    cell_rays : ndarray, (cells,) int32
    receiver, weight : ndarray, (cells,)
        Who gets the view (ascending), and the share of the cell in it.
    element, element_weight : ndarray, (cells,)
        Who gets the sky, and the share of the cell in it.
    triangle_row, triangle_normal : ndarray
        Of the scene; backs of triangles are black, rows without a frame are ground beyond.
    frame, grid, start, at : ndarray
        Of `Elements`.
    elements : int
        Their number.
    row_start, row_height : ndarray and float
        Of the sky patches.

    Returns
    -------
    sky : ndarray, (elements in the run, patches + 1) float32
        Share of the rays that reach each patch; the last column is the ground beyond.
    first : int
        First element of the run.
    receivers, columns : ndarray, (k,) int32
    view : ndarray, (k,) float32
        View factor of the element that is seen.
    """
    cells = len(receiver)
    patches = row_start[-1]
    first, last = element.min(), element.max()
    sky = np.zeros((last - first + 1, patches + 1), np.float32)
    seen = np.zeros(elements, np.float32)
    touched = np.empty(elements, np.int32)
    receivers, columns = np.empty(len(hit), np.int32), np.empty(len(hit), np.int32)
    view = np.empty(len(hit), np.float32)
    touched_count, found, ray = 0, 0, -1
    for cell in range(cells):
        inside = _backs(hit, directions, triangle_row, triangle_normal, len(grid), ray + 1, cell_rays[cell])
        for _ in range(cell_rays[cell]):
            ray += 1
            if inside:
                continue
            light = left[ray] / cell_rays[cell] if len(left) else np.float32(1.0) / cell_rays[cell]
            if light <= 0.0:
                continue
            x, y, z = directions[ray, 0], directions[ray, 1], directions[ray, 2]
            triangle = hit[ray]
            row = triangle_row[triangle] if triangle >= 0 else len(grid)
            if row < len(grid):
                n = triangle_normal[triangle]
                if x * n[0] + y * n[1] + z * n[2] >= 0.0:
                    continue
                other = element_hit(row, origins[ray], directions[ray], distance[ray], frame, grid, start, at)
                if other >= 0:
                    if seen[other] == 0.0:
                        touched[touched_count] = other
                        touched_count += 1
                    seen[other] += weight[cell] * light
            else:
                patch = patches if triangle >= 0 or z <= 0.0 else _patch(x, y, z, row_start, row_height)
                sky[element[cell] - first, patch] += element_weight[cell] * light
        if cell == cells - 1 or receiver[cell + 1] != receiver[cell]:
            for k in range(touched_count):
                receivers[found], columns[found], view[found] = receiver[cell], touched[k], seen[touched[k]]
                seen[touched[k]] = 0.0
                found += 1
            touched_count = 0
    return sky, first, receivers[:found].copy(), columns[:found].copy(), view[:found].copy()
