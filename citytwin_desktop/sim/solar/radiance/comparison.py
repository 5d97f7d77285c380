"""How far two sets of values lie apart, and what is wanted."""

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

LEAST_SHARE = 0.02
"""Values under this share of the largest reference value count in the sums, not in relative errors."""


@dataclass(frozen=True)
class Differences:
    """Differences between our values and the reference, every surface counting the same; fractions.

    With d = ours - reference and e = d / reference, by surface (and hour):

    Parameters
    ----------
    mbe : float
        Mean of d over the mean of the reference.
    rrmse : float
        Root of the mean of d squared over the mean of the reference.
    median, p90, largest : float
        Of the absolute value of e, without the surfaces under 2 % of the largest reference.
    mean_relative, rms_relative : float
        Mean and root mean square of e, without the same.
    count, small : int
        Values compared, and how many of them were too small for a relative error.
    """

    mbe: float
    rrmse: float
    median: float
    p90: float
    largest: float
    mean_relative: float
    rms_relative: float
    count: int
    small: int

    def as_mapping(self) -> dict[str, float | int]:
        """Plain numbers, rounded to what they are worth."""
        return {name: round(value, 6) for name, value in asdict(self).items()}


def differences(ours: FloatArray, reference: FloatArray) -> Differences:
    """Compare values of any shape.

    Surfaces that the reference leaves in the dark are left out by the caller.

    Parameters
    ----------
    ours, reference : ndarray, same shape, float64

    Returns
    -------
    Differences
    """
    ours, reference = ours.ravel(), reference.ravel()
    d, mean = ours - reference, float(reference.mean())
    large = reference >= LEAST_SHARE * reference.max(initial=0.0)
    e = d[large] / reference[large]
    size = np.abs(e)
    return Differences(
        float(d.mean() / mean), float(np.sqrt((d**2).mean()) / mean),
        float(np.median(size)), float(np.quantile(size, 0.9)), float(size.max()),
        float(e.mean()), float(np.sqrt((e**2).mean())), len(d), int((~large).sum()),
    )  # fmt: skip
