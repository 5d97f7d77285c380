"""Needs of a changed building from those of the same building before the change, by EnergyPlus."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.estimate.errors_of import monthly_sums

Floats = NDArray[np.float32]
FloatArray = NDArray[np.float64]
Integers = NDArray[np.int64]

_SMALL_MONTH = 0.02
"""Of the largest month: below it the ratio of a month says little, and goes to one."""
_LARGEST_RATIO = 2.0


def corrected_by_baseline(variant_kwh: Floats, base_kwh: Floats, truth_kwh: Floats, month: Integers) -> Floats:
    """Estimate of a variant, corrected month by month by what the estimate of the baseline is wrong.

    Each hour of the variant is multiplied with EnergyPlus over estimate of the baseline in its month. So a
    package that changes nothing gives the months of EnergyPlus exactly.

    Parameters
    ----------
    variant_kwh, base_kwh : ndarray, (n, 8760) float32 [kWh]
        By the simple hourly method with the building's own calibration.
    truth_kwh : ndarray, (n, 8760) float32 [kWh]
        Of the baseline, by EnergyPlus.
    month : ndarray, (8760,) int64

    Returns
    -------
    ndarray, (n, 8760) float32 [kWh]
    """
    return np.asarray(variant_kwh * monthly_correction(base_kwh, truth_kwh, month)[:, month], np.float32)


def monthly_correction(base_kwh: Floats, truth_kwh: Floats, month: Integers) -> FloatArray:
    """(n, 12) float64: EnergyPlus over estimate by month, drawn to one where the month is small."""
    base, truth = monthly_sums(base_kwh, month), monthly_sums(truth_kwh, month)
    small = _SMALL_MONTH * np.maximum(truth.max(axis=1, keepdims=True), base.max(axis=1, keepdims=True))
    ratio = (truth + small) / np.maximum(base + small, 1e-12)
    return np.asarray(np.clip(np.where(small > 0.0, ratio, 1.0), 1.0 / _LARGEST_RATIO, _LARGEST_RATIO))
