"""How much of a building's own generation it uses itself, hour by hour, without storage."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import BugError, KnownError


@dataclass(frozen=True, eq=False)
class SelfConsumption:
    """Energy of a period; each field is () or (n_buildings,) float64.

    Parameters
    ----------
    generation_kwh, demand_kwh : [kWh]
    self_consumed_kwh : [kWh]
        Used in the hour in which it was made.
    exported_kwh, imported_kwh : [kWh]
        What was made beyond the demand; what the demand lacked.
    self_consumption_share : float
        Self-consumed over generation; nan without generation.
    autarky_share : float
        Self-consumed over demand, the load cover factor; nan without demand.
    """

    generation_kwh: FloatArray
    demand_kwh: FloatArray
    self_consumed_kwh: FloatArray
    exported_kwh: FloatArray
    imported_kwh: FloatArray
    self_consumption_share: FloatArray
    autarky_share: FloatArray


def self_consumption(
    generation_kwh: NDArray[np.floating[Any]], demand_kwh: NDArray[np.floating[Any]]
) -> SelfConsumption:
    """Match generation and demand hour by hour.

    Parameters
    ----------
    generation_kwh, demand_kwh : ndarray, (hours,) or (n_buildings, hours) float [kWh]

    Returns
    -------
    SelfConsumption
        Of each building. For a district as one pool sum the rows first: neighbours then share.

    Raises
    ------
    BugError
        When the shapes differ.
    KnownError
        When a value is negative or missing.

    References
    ----------
    Luthander, Widén, Nilsson, Palm: Applied Energy 142 (2015) 80-94, doi:10.1016/j.apenergy.2014.12.028.
    """
    if generation_kwh.shape != demand_kwh.shape or generation_kwh.ndim not in {1, 2}:
        raise BugError("generation and demand differ in shape")
    for name, series in (("generation", generation_kwh), ("demand", demand_kwh)):
        # One comparison finds nan too.
        if not (series >= 0.0).all():
            raise KnownError(f"The hourly {name} has missing or negative values; run it again.")
    generation = generation_kwh.sum(axis=-1, dtype=np.float64)
    demand = demand_kwh.sum(axis=-1, dtype=np.float64)
    used = np.minimum(generation_kwh, demand_kwh).sum(axis=-1, dtype=np.float64)
    return SelfConsumption(
        np.asarray(generation), np.asarray(demand), np.asarray(used), np.asarray(generation - used),
        np.asarray(demand - used), _share(used, generation), _share(used, demand),
    )  # fmt: skip


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    part, whole = np.asarray(part), np.asarray(whole)
    return np.asarray(np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0.0))
