"""How far hourly needs are from the truth, over the year and by month."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


def monthly_sums(hourly: Floats, month: Integers) -> FloatArray:
    """(..., 12) float64: sums by month of (..., 8760)."""
    start = np.flatnonzero(np.diff(month, prepend=-1))
    return np.asarray(np.add.reduceat(hourly, start, axis=-1, dtype=np.float64))


def annual_error(estimate: Floats, truth: Floats) -> float:
    """Relative error of the sum; nan without a need."""
    known = float(truth.sum(dtype=np.float64))
    return float(estimate.sum(dtype=np.float64)) / known - 1.0 if known > 0.0 else float("nan")


def monthly_cvrmse(estimate: Floats, truth: Floats, month: Integers) -> float:
    """Root mean square error of the months over their mean; nan without a need."""
    ours, known = monthly_sums(estimate, month), monthly_sums(truth, month)
    mean = float(known.mean())
    return float(np.sqrt(np.mean((ours - known) ** 2))) / mean if mean > 0.0 else float("nan")
