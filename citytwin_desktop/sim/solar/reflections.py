"""Light that arrives after reflections between the rows."""

from collections.abc import Callable
from typing import Any

import numpy as np

from citytwin_desktop.sim.solar.threads import Watch, chunks
from citytwin_desktop.sim.solar.tracing import Floats

_COLUMNS_AT_ONCE = 64


def reflected_part(
    reflected: Any,
    first_light: Callable[[slice], Floats],
    column_count: int,
    receivers: int,
    reflections: int,
    watch: Watch,
) -> Floats:
    """Sum G E + G G E + ... of the first rows, for many columns of first light E at once.

    Jacobi sweeps over blocks of columns; the error after k sweeps falls like the reflectance to the
    power k + 1. The last sweep computes the receivers only.

    Parameters
    ----------
    reflected : csr_array, (rows, rows) float32
        G: view factor times reflectance of the row that is seen.
    first_light : callable
        Gives E, (rows, columns in the slice) float32, for a slice of columns.
    column_count : int
    receivers : int
        Number of rows that the answer is wanted for, the first ones.
    reflections : int
        Number of sweeps.
    watch : Watch

    Returns
    -------
    ndarray, (receivers, column_count) float32
        Without the first light itself.
    """
    last_sweep = reflected[:receivers]
    pieces = chunks(column_count, _COLUMNS_AT_ONCE) if reflections else []

    def sweep(piece: slice) -> Floats:
        first = np.ascontiguousarray(first_light(piece))
        light = first
        for _ in range(reflections - 1):
            light = reflected @ light
            light += first
        return np.asarray(last_sweep @ light, np.float32)

    answer = np.zeros((receivers, column_count), np.float32, order="F")
    for piece, part in zip(pieces, watch.in_order(sweep, pieces), strict=True):
        answer[:, piece] = part
    return answer
