"""Compiled loops for the direct sun."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.compiling import compiled

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


@compiled
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


@compiled
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


@compiled
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
