"""Compiled loops that lay points on triangles."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.compiling import compiled

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


@compiled
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
