"""Sixteen directions that walls face, for buildings without a solar result."""

import math

import numpy as np
from numpy.typing import NDArray

DIRECTIONS = 16

FloatArray = NDArray[np.float64]


def direction_of(east: float, north: float) -> int:
    """Number of the direction nearest to a horizontal vector: 0 north, 4 east."""
    return round(math.atan2(east, north) / (2.0 * math.pi) * DIRECTIONS) % DIRECTIONS


def direction_normals() -> FloatArray:
    """(16, 3) float64: unit vectors of the directions, east, north, up."""
    angle = 2.0 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    return np.column_stack([np.sin(angle), np.cos(angle), np.zeros(DIRECTIONS)])
