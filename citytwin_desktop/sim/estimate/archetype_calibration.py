"""Calibrations for buildings that EnergyPlus has not simulated, from those that it has."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from citytwin_desktop.catalog.tables import table
from citytwin_desktop.sim.estimate.calibration import Calibration
from citytwin_desktop.sim.estimate.expected_error import ARCHETYPE, FUNCTION, SHIPPED
from citytwin_desktop.sim.estimate.five_r_one_c import MULTIPLIER_NAMES, Multipliers
from citytwin_desktop.sim.estimate.version import CALIBRATION_TABLE

LEAST_BUILDINGS = 3
"""Fewer buildings say too little of their class."""


def class_calibrations(
    archetypes: Sequence[str], functions: Sequence[str], own: Mapping[int, Calibration]
) -> list[Calibration]:
    """Best calibration for every building: its own, of its archetype, of its function, or the shipped one.

    Parameters
    ----------
    archetypes, functions : sequence of str
        Of every building; buildings without an archetype have an empty text.
    own : mapping of int to Calibration
        By place of the building.
    """
    by_archetype = _pooled(archetypes, own, ARCHETYPE)
    by_function = _pooled(functions, own, FUNCTION)
    return [
        own.get(place) or by_archetype.get(archetype) or by_function.get(function) or shipped_calibration(function)
        for place, (archetype, function) in enumerate(zip(archetypes, functions, strict=True))
    ]


def pooled(calibrations: Sequence[Calibration], level: str) -> Calibration:
    """Robust mean of several calibrations: the median of each multiplier, and of the size of each error."""
    multipliers = Multipliers.from_array(np.median([item.multipliers.as_array() for item in calibrations], axis=0))
    return Calibration(
        multipliers,
        level,
        heating_error=_median([abs(item.heating_error) for item in calibrations]),
        cooling_error=_median([abs(item.cooling_error) for item in calibrations]),
        heating_cvrmse=_median([item.heating_cvrmse for item in calibrations]),
        cooling_cvrmse=_median([item.cooling_cvrmse for item in calibrations]),
        buildings=len(calibrations),
    )


def shipped_calibration(function: str) -> Calibration:
    """Calibration that comes with the program, made by ``resources/catalog/build_estimate_calibration.py``.

    Parameters
    ----------
    function : str
        One that the table has no row for gets the row of all functions together.
    """
    row = _table().get(function) or _table()[""]
    multipliers = Multipliers(**{name: float(row[name]) for name in MULTIPLIER_NAMES})
    nan = float("nan")
    return Calibration(multipliers, SHIPPED, nan, nan, nan, nan, int(row["buildings"]))


@cache
def _table() -> dict[str, dict[str, str]]:
    return {row["function"]: row for row in table(CALIBRATION_TABLE)}


def _pooled(labels: Sequence[str], own: Mapping[int, Calibration], level: str) -> dict[str, Calibration]:
    groups: dict[str, list[Calibration]] = {}
    for place, calibration in own.items():
        if labels[place]:
            groups.setdefault(labels[place], []).append(calibration)
    return {label: pooled(found, level) for label, found in groups.items() if len(found) >= LEAST_BUILDINGS}


def _median(values: Sequence[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.median(known)) if known else float("nan")
