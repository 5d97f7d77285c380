"""What one scenario has more of than another, on every surface."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.document.values import SurfaceValues
from citytwin_desktop.document.variables import variable
from citytwin_desktop.errors import KnownError

Floats = NDArray[np.float64]


def minus(first: SurfaceValues, second: SurfaceValues) -> SurfaceValues:
    """One set of values less another: nan where either has none, stale or an estimate where either is.

    Raises
    ------
    KnownError
        When they are not of the same thing.
    """
    if (first.variable, first.unit, len(first.values)) != (second.variable, second.unit, len(second.values)):
        msg = (
            f"{first.variable} [{first.unit}] and {second.variable} [{second.unit}] cannot be subtracted: choose the "
            "same variable and period of both."
        )
        raise KnownError(msg)
    estimate = first.estimate if second.estimate is None else second.estimate
    if first.estimate is not None and second.estimate is not None:
        estimate = first.estimate | second.estimate
    return replace(first, values=first.values - second.values, stale=first.stale | second.stale, estimate=estimate)


def shares_of(values: Floats, reference: Floats) -> Floats:
    """(n,) float64: by what share of a reference values differ from it, with the sign of the difference.

    The reference is always the scenario that another one is held against: B of A − B, the baseline in lists of
    scenarios. Whoever tells a share names it.

    Parameters
    ----------
    values, reference : ndarray, (n,) float64
        nan where unknown; the share of nought is unknown too.
    """
    size, shares = np.abs(reference), np.full(len(reference), np.nan)
    np.divide(values - reference, size, out=shares, where=size > 0.0)
    return shares


def depends_on_scenario(name: str) -> bool:
    """Whether scenarios can differ in a variable at all: the sun shines on all of them alike."""
    return variable(name).engine != "solar"
