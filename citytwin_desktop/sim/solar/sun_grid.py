"""The grid of sun directions that rays are traced for, and the place of an hour's sun in it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.sun import SunPath, direction_towards_sun, sunset_hour_angle_deg

FloatArray = NDArray[np.float64]

MAX_DECLINATION_DEG = 23.47
"""Slightly above the obliquity of the ecliptic, the largest value of Spencer's series."""

_GRID_SPAN_DEG = 240.0
_LOWEST_GRID_SINE = -0.02
_LOWEST_TRACED_SINE = 0.01


@dataclass(frozen=True, eq=False)
class SunGrid:
    """Sun directions on a regular grid of declination and hour angle.

    It depends on the latitude alone: other weather or another longitude needs no new rays.

    Parameters
    ----------
    declination_deg : ndarray, (nd,) float64 [deg]
    hour_angle_deg : ndarray, (nh,) float64 [deg]
    column : ndarray, (nd, nh) int32
        Number of the direction, -1 where the sun is below the horizon.
    direction : ndarray, (n_suns, 3) float32
        Unit vectors towards the sun; those at or below the horizon are lifted just above it.
    """

    declination_deg: FloatArray
    hour_angle_deg: FloatArray
    column: NDArray[np.int32]
    direction: NDArray[np.float32]


def sun_grid(latitude_deg: float, declinations: int, hour_angles: int) -> SunGrid:
    """Make the grid for a latitude.

    Parameters
    ----------
    latitude_deg : float [deg]
    declinations : int
        Steps between the solstices, both included.
    hour_angles : int
        Steps over 240 degrees; the grid widens at the same step until the longest day fits.

    Returns
    -------
    SunGrid
    """
    step = _GRID_SPAN_DEG / (hour_angles - 1)
    longest = max(
        float(sunset_hour_angle_deg(latitude_deg, np.array(d))) for d in (-MAX_DECLINATION_DEG, MAX_DECLINATION_DEG)
    )
    reach = min(np.ceil(longest / step) * step, 180.0)
    hour_angle = np.linspace(-reach, reach, 2 * int(np.ceil(reach / step)) + 1)
    declination = np.linspace(-MAX_DECLINATION_DEG, MAX_DECLINATION_DEG, declinations)
    grid_declination, grid_hour_angle = np.meshgrid(declination, hour_angle, indexing="ij")
    direction = direction_towards_sun(latitude_deg, grid_declination, grid_hour_angle)
    above = direction[..., 2] > _LOWEST_GRID_SINE
    column = np.where(above, np.cumsum(above).reshape(above.shape) - 1, -1).astype(np.int32)
    chosen = direction[above]
    chosen[:, 2] = np.maximum(chosen[:, 2], _LOWEST_TRACED_SINE)
    chosen /= np.linalg.norm(chosen, axis=1, keepdims=True)
    return SunGrid(declination, hour_angle, column, chosen.astype(np.float32))


def grid_weights(grid: SunGrid, path: SunPath) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Bilinear place of each hour's sun in the grid.

    Parameters
    ----------
    grid : SunGrid
    path : SunPath

    Returns
    -------
    columns : ndarray, (hours, 4) int32
        Directions of the grid around the sun, 0 where unused.
    weights : ndarray, (hours, 4) float32
        They sum to one, or to zero when the sun is down.
    """
    row, row_share = _bracket(grid.declination_deg, path.declination_deg)
    place, place_share = _bracket(grid.hour_angle_deg, path.hour_angle_deg)
    columns = np.stack([grid.column[row + i, place + j] for i in (0, 1) for j in (0, 1)], axis=1)
    shares = [(1 - row_share, row_share), (1 - place_share, place_share)]
    weights = np.stack([shares[0][i] * shares[1][j] for i in (0, 1) for j in (0, 1)], axis=1)
    weights = np.where((columns >= 0) & path.up[:, None], weights, 0.0)
    total = weights.sum(axis=1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return np.maximum(columns, 0).astype(np.int32), weights.astype(np.float32)


def _bracket(axis: FloatArray, value: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    """Lower neighbour on a regular axis and the share of the upper one."""
    position = np.clip((value - axis[0]) / (axis[1] - axis[0]), 0.0, len(axis) - 1.0)
    lower = np.minimum(position.astype(np.int64), len(axis) - 2)
    return lower, position - lower
