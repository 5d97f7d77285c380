"""Annual results of every surface, and whether they are fresh."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.document.document import Document

_VARIABLES = {
    "solar_irradiation": "solar_irradiation_kwh_m2",
    "heat_transmission": "heat_transmission_kwh_m2",
    "transmitted_solar": "transmitted_solar_kwh_m2",
    "pv_capacity": "pv_capacity_kwp_m2",
    "pv_yield": "pv_yield_kwh_m2",
    "solar_thermal_yield": "solar_thermal_yield_kwh_m2",
}
"""Columns by variable: of the year, per square metre of the surface."""


def surface_columns(document: Document, scenario_id: str) -> dict[str, NDArray[Any]]:
    """Columns of (n_surfaces,) float64 with nan where there is no result, each beside a column ``…_fresh``.

    A variable without any result has no columns. ``…_fresh`` is an array of True, False, and None where there is no
    result.

    Raises
    ------
    KnownError
        When a stored result is incomplete.
    """
    columns: dict[str, NDArray[Any]] = {}
    for variable, name in _VARIABLES.items():
        found = document.surface_values(variable, scenario_id)
        known = ~np.isnan(found.values)
        if known.any():
            columns[name] = found.values.astype(np.float64)
            columns[f"{name}_fresh"] = fresh_marks(known, found.stale)
    return columns


def fresh_marks(known: NDArray[np.bool_], stale: NDArray[np.bool_]) -> NDArray[np.object_]:
    """(n,) object: True, False, or None where nothing is known."""
    marks = np.full(len(known), None, object)
    marks[known] = [not old for old in stale[known].tolist()]
    return marks
