"""Compiled loops that find rays through boxes."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.compiling import compiled

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]

FAR_M = np.float32(1e30)
_PARALLEL = 1e-12


@compiled
def _entry(box: Floats, origin: Floats, direction: Floats) -> float:
    """Distance at which a ray enters a box, `FAR_M` when it never does."""
    near, far = 0.0, 1e30
    for axis in range(3):
        d = direction[axis]
        if abs(d) < _PARALLEL:
            if origin[axis] < box[axis] or origin[axis] > box[3 + axis]:
                return 1e30
            continue
        one, other = (box[axis] - origin[axis]) / d, (box[3 + axis] - origin[axis]) / d
        near, far = max(near, min(one, other)), min(far, max(one, other))
        if near > far:
            return 1e30
    return near


@compiled
def rays_through(boxes: Floats, origins: Floats, directions: Floats) -> tuple[Integers, Floats]:
    """Rays that pass any of some boxes.

    Parameters
    ----------
    boxes : ndarray, (b, 6) float32 [m]
    origins, directions : ndarray, (k, 3) float32

    Returns
    -------
    ray : ndarray, (m,) int32
    entry : ndarray, (m,) float32 [m]
        Where it enters the first of them.
    """
    ray, entry = np.empty(len(origins), np.int32), np.empty(len(origins), np.float32)
    found = 0
    for k in range(len(origins)):
        first = 1e30
        for b in range(len(boxes)):
            first = min(first, _entry(boxes[b], origins[k], directions[k]))
        if first < 1e30:
            ray[found], entry[found] = k, first
            found += 1
    return ray[:found].copy(), entry[:found].copy()


@compiled
def suns_through(  # noqa: C901 - one loop, unrolled for the compiler
    boxes: Floats,
    position: Floats,
    normal: Floats,
    base_sun: Floats,
    reach: float,
    near_start: Integers,
    near_sun: Integers,
    sun: Floats,
) -> tuple[Integers, Integers, Floats]:
    """Rays from cells to suns that pass any of some boxes.

    Parameters
    ----------
    boxes : ndarray, (b, 6) float32 [m]
    position, normal : ndarray, (cells, 3) float32
    base_sun : ndarray, (s, 3) float32
        Suns that stand for all others.
    reach : float [rad]
        No other sun is farther than this from one that stands for it.
    near_start, near_sun : ndarray
        Suns that each base sun stands for, as compressed lists.
    sun : ndarray, (n, 3) float32

    Returns
    -------
    cell, of_sun : ndarray, (m,) int32
    entry : ndarray, (m,) float32 [m]
    """
    capacity = 4096
    cell_of, sun_of = np.empty(capacity, np.int32), np.empty(capacity, np.int32)
    entry_of = np.empty(capacity, np.float32)
    found = 0
    for cell in range(len(position)):
        for b in range(len(boxes)):
            cx, cy, cz, radius = 0.0, 0.0, 0.0, 0.0
            cx = 0.5 * (boxes[b, 0] + boxes[b, 3]) - position[cell, 0]
            cy = 0.5 * (boxes[b, 1] + boxes[b, 4]) - position[cell, 1]
            cz = 0.5 * (boxes[b, 2] + boxes[b, 5]) - position[cell, 2]
            for axis in range(3):
                radius += (0.5 * (boxes[b, 3 + axis] - boxes[b, axis])) ** 2
            radius = np.sqrt(radius)
            away = np.sqrt(cx * cx + cy * cy + cz * cz)
            least = -1.0
            if away > radius:
                angle = np.arcsin(radius / away) + reach
                least = np.cos(angle) * away if angle < np.pi else -away
            for s in range(len(base_sun)):
                if cx * base_sun[s, 0] + cy * base_sun[s, 1] + cz * base_sun[s, 2] < least and away > radius:
                    continue
                for k in range(near_start[s], near_start[s + 1]):
                    d = sun[near_sun[k]]
                    if normal[cell, 0] * d[0] + normal[cell, 1] * d[1] + normal[cell, 2] * d[2] <= 0.0:
                        continue
                    entry = _entry(boxes[b], position[cell], d)
                    if entry >= 1e30:
                        continue
                    if found == capacity:
                        capacity *= 2
                        cell_of, sun_of = _longer(cell_of, capacity), _longer(sun_of, capacity)
                        more = np.empty(capacity, np.float32)
                        more[:found] = entry_of
                        entry_of = more
                    cell_of[found], sun_of[found], entry_of[found] = cell, near_sun[k], entry
                    found += 1
    return cell_of[:found].copy(), sun_of[:found].copy(), entry_of[:found].copy()


@compiled
def _longer(values: Integers, capacity: int) -> Integers:
    longer = np.empty(capacity, np.int32)
    longer[: len(values)] = values
    return longer
