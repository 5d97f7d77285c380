"""Direct sunlight on groups of surfaces, hour by hour."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.compiling import compiled

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@compiled
def beam_of_groups(
    rows: Integers,
    group: Integers,
    normal: Floats,
    area_m2: Floats,
    visibility: NDArray[np.uint8],
    node_sun: Floats,
    hours: Integers,
    sun: Floats,
    columns: NDArray[np.int32],
    weights: Floats,
    beam: Floats,
    angular: Floats,
    plain: Floats,
    through: Floats,
) -> None:
    """Add area times beam irradiance of surfaces to the rows of their groups.

    Parameters
    ----------
    rows, group : ndarray, (k,) int64
        Surfaces and the group of each.
    normal : ndarray, (n, 3) float32
    area_m2 : ndarray, (n,) float32 [m2]
    visibility : ndarray, (n_suns, n) uint8
        255 for all of the surface.
    node_sun : ndarray, (n_suns, 3) float32
    hours : ndarray, (h,) int64
        Hours of the year with sun.
    sun : ndarray, (h, 3) float32
    columns, weights : ndarray, (h, 2)
        Place of each hour among the suns.
    beam : ndarray, (h,) float32 [W/m2]
        Direct normal irradiance.
    angular : ndarray, (steps + 1,) float32
        Share that passes glass at even steps of the cosine.
    plain, through : ndarray, (groups, hours of the year) float32 [W]
        Added to.
    """
    steps = len(angular) - 1
    seen = np.empty(len(node_sun), np.float32)
    for place in range(len(rows)):
        i, mine = rows[place], group[place]
        nx, ny, nz, area = normal[i, 0], normal[i, 1], normal[i, 2], area_m2[i] / np.float32(255.0)
        for node in range(len(node_sun)):
            faces = nx * node_sun[node, 0] + ny * node_sun[node, 1] + nz * node_sun[node, 2] > 0.0
            # Suns behind the surface do not count in the mean of the two around an hour.
            seen[node] = np.float32(visibility[node, i]) if faces else np.float32(-1.0)
        for k in range(len(hours)):
            cosine = nx * sun[k, 0] + ny * sun[k, 1] + nz * sun[k, 2]
            if cosine <= 0.0:
                continue
            one, other = seen[columns[k, 0]], seen[columns[k, 1]]
            one_part = weights[k, 0] if one >= 0.0 else np.float32(0.0)
            other_part = weights[k, 1] if other >= 0.0 else np.float32(0.0)
            weight = one_part + other_part
            if weight <= 0.0:
                continue
            watts = area * beam[k] * cosine * (one_part * one + other_part * other) / weight
            at = min(cosine, np.float32(1.0)) * steps
            below = min(int(at), steps - 1)
            share = angular[below] + (at - below) * (angular[below + 1] - angular[below])
            plain[mine, hours[k]] += watts
            through[mine, hours[k]] += watts * share
