"""Electricity of light and appliances, which follows the profiles of use alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.catalog.usage_profiles import profile_year

Floats = NDArray[np.float32]


def hourly_kwh(functions: Sequence[str], quantity: str, power_w: NDArray[np.float64]) -> Floats:
    """Energy by hour.

    Parameters
    ----------
    functions : sequence of str
        Of n buildings.
    quantity : str
        ``lighting`` or ``equipment``.
    power_w : ndarray, (n,) float64 [W]
        Installed.

    Returns
    -------
    ndarray, (n, 8760) float32 [kWh]
    """
    different = sorted(set(functions))
    profiles = np.array([profile_year(function, quantity) for function in different], np.float32).reshape(-1, 8760)
    place = np.array([different.index(function) for function in functions], np.int64)
    return np.asarray(profiles[place] * (power_w / 1000.0).astype(np.float32)[:, None], np.float32)
