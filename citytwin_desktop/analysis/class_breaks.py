"""Where classes of values end: equal steps, equal counts, or where the values leave gaps."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError

EQUAL, QUANTILES, NATURAL = "equal", "quantiles", "natural"
METHODS = (EQUAL, QUANTILES, NATURAL)
_BINS = 256


def class_breaks(
    values: NDArray[np.floating], classes: int, method: str = EQUAL, low: float = -np.inf, high: float = np.inf
) -> tuple[float, ...]:
    """Inner ends of classes, rising; empty for equal steps, whose ends follow from those of the scale.

    Parameters
    ----------
    values : ndarray, (n,)
        Only finite ones within ``low`` and ``high`` count.
    classes : int
    method : str
        ``equal``, ``quantiles`` (as many values in each class) or ``natural``: the classes whose values lie closest
        about their own mean (Fisher 1958, doi:10.1080/01621459.1958.10501479; Jenks 1967), found exactly on a
        histogram of 256 bins.
    low, high : float
        Ends of the scale.

    Raises
    ------
    KnownError
        When there is no such method.
    """
    if method not in METHODS:
        msg = f"There are no classes by “{method}”: choose one of {', '.join(METHODS)}."
        raise KnownError(msg)
    if method == EQUAL or classes < 2:
        return ()
    within = values[np.isfinite(values) & (values >= low) & (values <= high)]
    if len(within) == 0 or within.min() == within.max():
        return ()
    inner = np.quantile(within, np.arange(1, classes) / classes) if method == QUANTILES else _natural(within, classes)
    rising = np.unique(inner)
    return tuple(float(item) for item in rising[(rising > low) & (rising < high)])


def _natural(values: NDArray[np.floating], classes: int) -> NDArray[np.float64]:
    """Inner ends that make the sum of squares within the classes the least."""
    counts, edges = np.histogram(values, _BINS)
    middle = (edges[:-1] + edges[1:]) / 2.0
    filled = np.flatnonzero(counts)
    weight, place = counts[filled].astype(float), middle[filled]
    classes = min(classes, len(filled))
    cost = _costs(weight, place)
    least = cost[0].copy()
    first = np.zeros((classes, len(filled)), int)
    for number in range(1, classes):
        # The last class may begin at any bin: all beginnings at once.
        total = np.where(np.tri(len(filled), k=-1).T > 0, least[:, None] + _shifted(cost), np.inf)
        first[number], least = total.argmin(axis=0) + 1, total.min(axis=0)
    inner, end = [], len(filled) - 1
    for number in range(classes - 1, 0, -1):
        begin = int(first[number, end])
        inner.append(edges[filled[begin]])
        end = begin - 1
    return np.array(inner[::-1])


def _costs(weight: NDArray[np.float64], place: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, n): sum of squares about the mean of bins i to j."""
    sums = [np.concatenate([[0.0], np.cumsum(weight * place**power)]) for power in range(3)]
    count, one, two = (total[None, 1:] - total[:-1, None] for total in sums)
    safe = np.where(count > 0.0, count, 1.0)
    return np.asarray(np.maximum(two - one**2 / safe, 0.0))


def _shifted(cost: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, n): cost of bins i + 1 to j."""
    return np.vstack([cost[1:], np.full((1, cost.shape[1]), np.inf)])
