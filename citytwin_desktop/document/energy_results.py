"""Energy results as views and tables take them: which is shown, its hours, its months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.final_energy import ELECTRICITY, FinalEnergy
from citytwin_desktop.city.calendar import month_of_hour
from citytwin_desktop.document.variables import Variable

Floats = NDArray[np.float32]
ENERGYPLUS, ESTIMATE = "energyplus", "estimate"


@dataclass(frozen=True)
class ShownEnergy:
    """Which result of a building is shown: its key, its engine, and whether it is of today's inputs."""

    key: str
    engine: str
    fresh: bool

    @property
    def estimate(self) -> bool:
        """Whether it is an estimate, to be badged as one."""
        return self.engine == ESTIMATE


@dataclass(frozen=True, eq=False)
class BuildingResult:
    """A variable of one building through the year.

    Parameters
    ----------
    values : ndarray, (hours,) float32 [kWh]
    annual_kwh : float [kWh]
    fresh : bool
    engine, version, at : str
        Who computed it, and when (UTC).
    floor_area_m2 : float [m2]
        Of all storeys, as simulated.
    about : dict
        Settings and warnings of the run.
    estimate : bool
    """

    values: Floats
    annual_kwh: float
    fresh: bool
    engine: str
    version: str
    at: str
    floor_area_m2: float
    about: dict[str, Any]
    estimate: bool = False


@dataclass(frozen=True, eq=False)
class MonthlySums:
    """A variable summed over some buildings, month by month.

    Parameters
    ----------
    monthly_kwh : ndarray, (12,) float64 [kWh]
    buildings : int
        How many of them have a result.
    fresh : bool
        Whether all of those results are of today's inputs.
    engine, version, at : str
        Who computed the first of them, and when (UTC).
    estimate : bool
        Whether any of them is an estimate.
    """

    monthly_kwh: NDArray[np.float64]
    buildings: int
    fresh: bool
    engine: str
    version: str
    at: str
    estimate: bool = False


@dataclass(frozen=True, eq=False)
class MonthlyUses:
    """Months of what the systems of one building take.

    Parameters
    ----------
    hot_water_kwh : ndarray, (12,) float64 [kWh]
        Useful heat.
    electricity_kwh : ndarray, (12,) float64 [kWh]
        Of all uses.
    by_carrier_kwh : dict of str to ndarray, (12,) float64 [kWh]
        Final energy as delivered: electricity without what the building makes and uses itself.
    generation_kwh, self_used_kwh : ndarray, (12,) float64 [kWh]
        Electricity of photovoltaics on the building, and what of it is used in the hour it is made.
    """

    hot_water_kwh: NDArray[np.float64]
    electricity_kwh: NDArray[np.float64]
    by_carrier_kwh: dict[str, NDArray[np.float64]]
    generation_kwh: NDArray[np.float64]
    self_used_kwh: NDArray[np.float64]

    def of(self, chosen: Variable) -> NDArray[np.float64]:
        """Months of a derived variable."""
        return _derived(chosen, self.hot_water_kwh, self.electricity_kwh, self.by_carrier_kwh)


def derived_hours(chosen: Variable, final: FinalEnergy) -> NDArray[np.float64]:
    """(hours,) float64 [kWh] of a variable that follows from demand and systems."""
    return _derived(chosen, final.hot_water_kwh, final.of_carrier(ELECTRICITY), final.delivered_by_carrier())


def _derived(
    chosen: Variable,
    hot_water: NDArray[np.float64],
    electricity: NDArray[np.float64],
    carriers: Mapping[str, NDArray[np.float64]],
) -> NDArray[np.float64]:
    if chosen.name == "hot_water_demand":
        return hot_water
    return electricity if chosen.name == "electricity_use" else sum(carriers.values(), start=np.zeros_like(hot_water))


def by_month(values: NDArray[Any]) -> NDArray[np.float64]:
    """(12,) float64: sums of the months of a year of hours."""
    return np.bincount(month_of_hour(len(values)), values.astype(np.float64), minlength=12).astype(np.float64)
