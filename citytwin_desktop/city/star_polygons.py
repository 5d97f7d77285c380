"""Polygons of which one corner sees all the others, found many at a time: they are fanned from it."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray, IntArray

MOST_CORNERS = 12
"""Every corner is held against every side; beyond this, cutting ears is quicker."""
NONE = -1

_AT_ONCE = 10_000
_STRAIGHT = 1e-9
"""Sine of a turn that is only noise."""


def seeing_corners(plane: FloatArray, first: IntArray, corners: IntArray) -> IntArray:
    """For each polygon of one ring the first corner that sees all others, as an L has one in its dent.

    Parameters
    ----------
    plane : ndarray, (n_vertices, 2) float64 [m]
        Rings run counter-clockwise.
    first, corners : ndarray, (k,) int64
        First vertex and number of corners of each ring.

    Returns
    -------
    ndarray, (k,) int64
        Place of the corner in its ring; `NONE` where there is no such corner, where the ring has more than
        `MOST_CORNERS`, or crosses itself.
    """
    found = np.full(len(first), NONE, np.int64)
    for count in np.unique(corners).tolist():
        if not 3 < count <= MOST_CORNERS:
            continue
        alike = np.flatnonzero(corners == count)
        for start in range(0, len(alike), _AT_ONCE):
            mine = alike[start : start + _AT_ONCE]
            found[mine] = _seeing(plane[first[mine, None] + np.arange(count)])
    return found


def _seeing(ring: FloatArray) -> IntArray:
    """As `seeing_corners`, for (k, count, 2) rings of one length."""
    count = ring.shape[1]
    sees = np.ones(ring.shape[:2], bool)
    for side in range(count):
        here, there = ring[:, side], ring[:, (side + 1) % count]
        edge, away = (there - here)[:, None], ring - here[:, None]
        cross = edge[..., 0] * away[..., 1] - edge[..., 1] * away[..., 0]
        scale = np.sqrt(_squared(edge) * _squared(away))
        inside = cross > _STRAIGHT * scale
        inside[:, [side, (side + 1) % count]] = True  # its own two ends
        sees &= inside
    apex = sees.argmax(axis=1)
    return np.where(sees.any(axis=1) & _goes_round_less_than_once(ring, apex), apex, NONE)


def _goes_round_less_than_once(ring: FloatArray, apex: IntArray) -> NDArray[np.bool_]:
    """Whether the rays from a corner to the others, one after another, sweep less than a full turn."""
    count = ring.shape[1]
    order = (apex[:, None] + np.arange(1, count)) % count
    rays = np.take_along_axis(ring, order[..., None], axis=1) - np.take_along_axis(ring, apex[:, None, None], axis=1)
    here, there = rays[:, :-1], rays[:, 1:]
    cross = here[..., 0] * there[..., 1] - here[..., 1] * there[..., 0]
    dot = here[..., 0] * there[..., 0] + here[..., 1] * there[..., 1]
    return np.asarray(np.arctan2(cross, dot).sum(axis=1) < 2.0 * np.pi)


def _squared(vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors[..., 0] ** 2 + vectors[..., 1] ** 2)
