"""Compiled loops that divide surfaces into cells."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.compiling import compiled

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Integers = NDArray[np.int32]


@compiled
def cells_of_rows(  # noqa: C901 - one loop, unrolled for the compiler
    uv: Doubles, row_start: NDArray[np.int64], grid: NDArray[np.int64], samples: int
) -> tuple[Integers, Integers, Floats, Floats]:
    """Cells of a grid over each row, each with the test point nearest to the middle of what belongs to it.

    Parameters
    ----------
    uv : ndarray, (t, 3, 2) float64
        Corners of the triangles in units of the test grid of their row, from the lower corner of its bounding box.
    row_start : ndarray, (rows + 1,) int64
        First triangle of each row.
    grid : ndarray, (rows, 2) int64
        Number of cells along u and v.
    samples : int
        Test points along each side of a cell.

    Returns
    -------
    row : ndarray, (cells,) int32
    triangle : ndarray, (cells,) int32
    weights : ndarray, (cells, 3) float32
        Of the triangle's corners, for the place of the cell.
    share : ndarray, (cells,) float32
        Of the row's test points.
    """
    rows = len(grid)
    capacity = max(int(rows * 8), 16)
    row_of, triangle_of = np.empty(capacity, np.int32), np.empty(capacity, np.int32)
    weights_of, share_of = np.empty((capacity, 3), np.float32), np.empty(capacity, np.float32)
    found = 0
    largest = 1
    for row in range(rows):
        largest = max(largest, grid[row, 0] * grid[row, 1])
    count, middle_u, middle_v = np.zeros(largest, np.int64), np.zeros(largest), np.zeros(largest)
    nearest, best = np.zeros(largest), np.zeros(largest, np.int64)
    best_weights = np.zeros((largest, 3), np.float32)
    for row in range(rows):
        wide, high = grid[row, 0], grid[row, 1]
        places = wide * high
        count[:places], middle_u[:places], middle_v[:places], nearest[:places] = 0, 0.0, 0.0, np.inf
        all_count = 0
        for turn in range(2):
            for t in range(row_start[row], row_start[row + 1]):
                ax, ay = uv[t, 0, 0], uv[t, 0, 1]
                bx, by = uv[t, 1, 0] - ax, uv[t, 1, 1] - ay
                cx, cy = uv[t, 2, 0] - ax, uv[t, 2, 1] - ay
                area = bx * cy - by * cx
                if abs(area) < 1e-12:
                    continue
                for i in range(max(int(ax + min(0.0, bx, cx)) - 1, 0), int(ax + max(0.0, bx, cx)) + 1):
                    # A little off the middle, or points would fall on the diagonals that two triangles share.
                    px = i + 0.5137 - ax
                    for j in range(max(int(ay + min(0.0, by, cy)) - 1, 0), int(ay + max(0.0, by, cy)) + 1):
                        py = j + 0.4929 - ay
                        wb = (px * cy - py * cx) / area
                        wc = (bx * py - by * px) / area
                        if wb < 0.0 or wc < 0.0 or wb + wc >= 1.0:
                            continue
                        place = min(j // samples, high - 1) * wide + min(i // samples, wide - 1)
                        if turn == 0:
                            count[place] += 1
                            all_count += 1
                            middle_u[place] += i
                            middle_v[place] += j
                            continue
                        off_u = i - middle_u[place] / count[place]
                        off_v = j - middle_v[place] / count[place]
                        distance = off_u * off_u + off_v * off_v
                        if distance < nearest[place] - 1e-9:
                            nearest[place], best[place] = distance, t
                            best_weights[place, 0], best_weights[place, 1] = 1.0 - wb - wc, wb
                            best_weights[place, 2] = wc
        for place in range(places):
            if count[place] == 0:
                continue
            if found == capacity:
                capacity *= 2
                row_of, triangle_of, weights_of, share_of = _roomier(row_of, triangle_of, weights_of, share_of)
            row_of[found], triangle_of[found] = row, best[place]
            weights_of[found] = best_weights[place]
            share_of[found] = count[place] / all_count
            found += 1
    return row_of[:found].copy(), triangle_of[:found].copy(), weights_of[:found].copy(), share_of[:found].copy()


@compiled
def _roomier(
    row_of: Integers, triangle_of: Integers, weights_of: Floats, share_of: Floats
) -> tuple[Integers, Integers, Floats, Floats]:
    """Double the room for cells."""
    count = len(row_of)
    rows, triangles = np.empty(2 * count, np.int32), np.empty(2 * count, np.int32)
    weights, shares = np.empty((2 * count, 3), np.float32), np.empty(2 * count, np.float32)
    rows[:count], triangles[:count], weights[:count], shares[:count] = row_of, triangle_of, weights_of, share_of
    return rows, triangles, weights, shares
