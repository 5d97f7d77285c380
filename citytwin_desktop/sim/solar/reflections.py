"""Light that arrives after reflections between the rows."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from citytwin_desktop.sim.solar.threads import Watch, chunks
from citytwin_desktop.sim.solar.tracing import Floats

_COLUMNS_AT_ONCE = 64


def weighted_by(view: Any, reflectance: NDArray[np.float32]) -> Any:
    """Multiply view factors by the reflectance of what is seen.

    Parameters
    ----------
    view : csr_array, (n, elements) float32
    reflectance : ndarray, (elements,) float32

    Returns
    -------
    csr_array, (n, elements) float32
    """
    weighted = view.copy()
    weighted.data *= reflectance[weighted.indices]
    return weighted


def gathered(weighted: Any, row_of_element: NDArray[np.int32], rows: int) -> Any:
    """Sum the columns of the elements of each row.

    Parameters
    ----------
    weighted : csr_array, (n, elements) float32
    row_of_element : ndarray, (elements,) int32
    rows : int

    Returns
    -------
    csr_array, (n, rows) float32
    """
    matrix = csr_array(
        (weighted.data.copy(), row_of_element[weighted.indices], weighted.indptr.copy()),
        shape=(weighted.shape[0], rows),
    )
    matrix.sum_duplicates()
    return matrix


def reflected_part(
    towards_rows: Any,
    towards_receivers: Any,
    row_of_element: NDArray[np.int32],
    first_light: Callable[[slice], Floats],
    column_count: int,
    reflections: int,
    watch: Watch,
) -> Floats:
    """Reflected light for many columns of first light at once.

    Elements shine with their own first light and with what their whole row gets by reflection: x = V (E + P x), where
    V holds view factors times reflectance and P spreads rows over their elements. Jacobi sweeps over blocks of
    columns; the error after k sweeps falls like the reflectance to the power k + 1.

    Parameters
    ----------
    towards_rows : csr_array, (rows, elements) float32
        V of the rows.
    towards_receivers : csr_array, (receivers, elements) float32
        V of those that the answer is wanted for.
    row_of_element : ndarray, (elements,) int32
    first_light : callable
        Gives E, (elements, columns in the slice) float32, for a slice of columns.
    column_count : int
    reflections : int
        Number of sweeps.
    watch : Watch

    Returns
    -------
    ndarray, (receivers, column_count) float32
        Without the first light itself.
    """
    rows = towards_rows.shape[0]
    again = gathered(towards_rows, row_of_element, rows)
    last = again if towards_receivers is towards_rows else gathered(towards_receivers, row_of_element, rows)
    pieces = chunks(column_count, _COLUMNS_AT_ONCE) if reflections else []

    def sweep(piece: slice) -> Floats:
        first = np.ascontiguousarray(first_light(piece))
        once = towards_rows @ first
        light = once if reflections > 1 else np.zeros_like(once)
        for _ in range(reflections - 2):
            light = again @ light
            light += once
        answer = once if towards_receivers is towards_rows else towards_receivers @ first
        return np.asarray(answer + last @ light, np.float32)

    answer = np.zeros((towards_receivers.shape[0], column_count), np.float32)
    for piece, part in zip(pieces, watch.in_order(sweep, pieces), strict=True):
        answer[:, piece] = part
    return answer
