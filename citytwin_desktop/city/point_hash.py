"""Numbers that stand for points, to find what lies at the same place."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray


def point_hash(points: FloatArray, rounding_m: float) -> NDArray[np.uint64]:
    """64 mixed bits of each rounded point; sums of them stand for a set of points, whatever its order.

    Parameters
    ----------
    points : ndarray, (n, 3) float64 [m]
    rounding_m : float [m]
        Points that round to the same multiples of it are the same.

    Returns
    -------
    ndarray, (n,) uint64
    """
    whole = np.rint(points / rounding_m).astype(np.int64).view(np.uint64)
    mixed = np.zeros(len(points), np.uint64)
    for axis, factor in enumerate((0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)):
        mixed = (mixed ^ whole[:, axis]) * np.uint64(factor)
        mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> np.uint64(32))
