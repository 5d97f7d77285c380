"""Compiled inner loops. They hold no state and release the interpreter while they run.

Compiled code is kept beside this file, or in the user's cache directory where that cannot be written.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import platformdirs
from numpy.typing import NDArray

if "NUMBA_CACHE_DIR" not in os.environ and not os.access(Path(__file__).parent, os.W_OK):
    os.environ["NUMBA_CACHE_DIR"] = str(
        Path(platformdirs.user_cache_dir("citytwin-desktop", appauthor=False)) / "numba"
    )

import numba  # after the place of its cache is set, for it reads that when it is imported

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]
Function = TypeVar("Function", bound=Callable[..., Any])


def _compiled(function: Function) -> Function:
    return cast("Function", numba.njit(cache=True, nogil=True)(function))


@_compiled
def samples_in_triangles(
    uv: NDArray[np.float64], step: NDArray[np.float64], fill: bool, triangle: Integers, place: Integers, weights: Floats
) -> int:
    """Points of a regular grid that lie in triangles.

    Call it without ``fill`` for the count, then with it.

    Parameters
    ----------
    uv : ndarray, (t, 3, 2) float64 [m]
        Corners in the plane of the row, from the lower corner of its bounding box.
    step : ndarray, (t, 2) float64 [m]
        Grid spacing along u and v.
    fill : bool
    triangle : ndarray, (samples,) int32
        Output.
    place : ndarray, (samples, 2) int32
        Output, place in the grid.
    weights : ndarray, (samples, 3) float32
        Output, weights of the three corners.

    Returns
    -------
    int
        Number of samples.
    """
    count = 0
    for t in range(len(uv)):
        ax, ay = uv[t, 0, 0], uv[t, 0, 1]
        bx, by = uv[t, 1, 0] - ax, uv[t, 1, 1] - ay
        cx, cy = uv[t, 2, 0] - ax, uv[t, 2, 1] - ay
        area = bx * cy - by * cx
        if abs(area) < 1e-12:
            continue
        su, sv = step[t, 0], step[t, 1]
        first_u = max(int((ax + min(0.0, bx, cx)) / su) - 1, 0)
        last_u = int((ax + max(0.0, bx, cx)) / su) + 1
        first_v = max(int((ay + min(0.0, by, cy)) / sv) - 1, 0)
        last_v = int((ay + max(0.0, by, cy)) / sv) + 1
        for i in range(first_u, last_u):
            # A little off the middle, or points would fall on the diagonals that two triangles share.
            px = (i + 0.5137) * su - ax
            for j in range(first_v, last_v):
                py = (j + 0.4929) * sv - ay
                wb = (px * cy - py * cx) / area
                wc = (bx * py - by * px) / area
                if wb >= 0.0 and wc >= 0.0 and wb + wc < 1.0:
                    if fill:
                        triangle[count] = t
                        place[count, 0], place[count, 1] = i, j
                        weights[count, 0], weights[count, 1], weights[count, 2] = 1.0 - wb - wc, wb, wc
                    count += 1
    return count


@_compiled
def _hash(a: int, b: int) -> float:
    """Reproducible number in [0, 1) of two integers."""
    x = np.uint32(a) * np.uint32(2654435761) + np.uint32(b) * np.uint32(2246822519) + np.uint32(374761393)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(2146121005)
    x = np.uint32(x)
    x = (x ^ (x >> np.uint32(12))) * np.uint32(2221713035)
    x = np.uint32(x)
    x = x ^ (x >> np.uint32(16))
    return np.float64(np.uint32(x) >> np.uint32(8)) / 16777216.0


@_compiled
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


@_compiled
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
    last_sky_row = len(row_start) - 2
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
                ring = min(int(np.arcsin(min(z, np.float32(1.0))) / row_height), last_sky_row)
                count = row_start[ring + 1] - row_start[ring]
                turn = np.arctan2(x, y) / (2 * np.pi)
                turn -= np.floor(turn)
                sky[row - first_row, row_start[ring] + min(int(turn * count), count - 1)] += share
        if cell == cells - 1 or cell_row[cell + 1] != row:
            for k in range(touched_count):
                rows[found], columns[found], exchange[found] = row, touched[k], seen[touched[k]]
                seen[touched[k]] = 0.0
                found += 1
            touched_count = 0
    return sky, rows[:found].copy(), columns[:found].copy(), exchange[:found].copy()


@_compiled
def sun_rays(position: Floats, normal: Floats, sun: Floats) -> tuple[Floats, Floats, Integers]:
    """Rays from cells to every sun that they face.

    Parameters
    ----------
    position, normal : ndarray, (cells, 3) float32
    sun : ndarray, (n_suns, 3) float32

    Returns
    -------
    origins, directions : ndarray, (k, 3) float32
    pair : ndarray, (k,) int32
        Cell times n_suns plus sun.
    """
    most = len(position) * len(sun)
    origins, directions = np.empty((most, 3), np.float32), np.empty((most, 3), np.float32)
    pair = np.empty(most, np.int32)
    count = 0
    for cell in range(len(position)):
        for s in range(len(sun)):
            cosine = normal[cell, 0] * sun[s, 0] + normal[cell, 1] * sun[s, 1] + normal[cell, 2] * sun[s, 2]
            if cosine > 0.0:
                for axis in range(3):
                    origins[count, axis] = position[cell, axis]
                    directions[count, axis] = sun[s, axis]
                pair[count] = cell * len(sun) + s
                count += 1
    return origins[:count], directions[:count], pair[:count]


@_compiled
def sum_visible(hit: Integers, pair: Integers, suns: int, cell_row: Integers, cell_weight: Floats) -> Floats:
    """Share of each row's area that sees each sun.

    Parameters
    ----------
    hit : ndarray, (k,) int32
        -1 where nothing is in the way.
    pair : ndarray, (k,) int32
    suns : int
    cell_row, cell_weight : ndarray, (cells,)

    Returns
    -------
    ndarray, (rows in the run, suns) float32
    """
    visible = np.zeros((cell_row[-1] - cell_row[0] + 1, suns), np.float32)
    for k in range(len(hit)):
        if hit[k] < 0:
            cell = pair[k] // suns
            visible[cell_row[cell] - cell_row[0], pair[k] % suns] += cell_weight[cell]
    return visible


@_compiled
def beam_by_month(
    normal: Floats,
    visibility: NDArray[np.uint8],
    sun: Floats,
    grid_sun: Floats,
    columns: Integers,
    weights: Floats,
    beam: Floats,
    month: Integers,
) -> NDArray[np.float64]:
    """Beam irradiation of surfaces, summed by month.

    Parameters
    ----------
    normal : ndarray, (n, 3) float32
    visibility : ndarray, (n, n_suns) uint8
        255 for all of the surface.
    sun : ndarray, (hours, 3) float32
        Sun of each hour.
    grid_sun : ndarray, (n_suns, 3) float32
    columns, weights : ndarray, (hours, 4)
        Place of each hour in the grid.
    beam : ndarray, (hours,) float32 [W/m2]
        Direct normal irradiance.
    month : ndarray, (hours,) int32

    Returns
    -------
    ndarray, (n, 12) float64 [Wh/m2]
    """
    total = np.zeros((len(normal), 12))
    for i in range(len(normal)):
        nx, ny, nz = normal[i, 0], normal[i, 1], normal[i, 2]
        facing = np.empty(len(grid_sun), np.bool_)
        for s in range(len(grid_sun)):
            facing[s] = nx * grid_sun[s, 0] + ny * grid_sun[s, 1] + nz * grid_sun[s, 2] > 0.0
        for hour in range(len(sun)):
            cosine = nx * sun[hour, 0] + ny * sun[hour, 1] + nz * sun[hour, 2]
            if cosine <= 0.0:
                continue
            share, weight = 0.0, 0.0
            for corner in range(4):
                column = columns[hour, corner]
                if facing[column]:
                    weight += weights[hour, corner]
                    share += weights[hour, corner] * visibility[i, column]
            if weight > 0.0:
                total[i, month[hour]] += beam[hour] * cosine * share / (255.0 * weight)
    return total
