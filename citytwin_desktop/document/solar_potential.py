"""What the collectors of a city could give, surface by surface and building by building."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.usable_area import Placement, Verdict
from citytwin_desktop.document.collector_keys import DEMAND_WORDS

Floats = NDArray[np.float32]
_WORDS = {
    Verdict.USABLE: "",
    Verdict.WRONG_KIND: "no roof and no wall, or an underside",
    Verdict.TOO_LITTLE_SUN: "less sun in a year than the threshold",
    Verdict.TOO_SMALL: "too small after the set-back",
}
_PLACES = {
    Placement.NONE: "",
    Placement.FLAT_ROOF: "flat roof",
    Placement.PITCHED_ROOF: "pitched roof",
    Placement.FACADE: "façade",
}


@dataclass(frozen=True, eq=False)
class CollectorSurfaces:
    """One kind of collector on every surface of today's city.

    Parameters
    ----------
    size : ndarray, (n_surfaces,) float32
        Peak power [kWp] of photovoltaics, gross collector area [m2] of solar thermal.
    area_m2 : ndarray, (n_surfaces,) float32 [m2]
        Usable area: of the collectors themselves.
    placement, verdict : ndarray, (n_surfaces,) uint8
        Values of `Placement` and `Verdict`.
    monthly_kwh : ndarray, (n_surfaces, 12) float32 [kWh]
    city_hourly_kwh : ndarray, (hours,) float32 [kWh]
        All collectors of the city that was worked out.
    known : ndarray, (n_surfaces,) bool
        Whether the surface was in that city.
    """

    size: Floats
    area_m2: Floats
    placement: NDArray[np.uint8]
    verdict: NDArray[np.uint8]
    monthly_kwh: Floats
    city_hourly_kwh: Floats
    known: NDArray[np.bool_]

    @cached_property
    def annual_kwh(self) -> NDArray[np.float64]:
        """(n_surfaces,) float64 [kWh]."""
        return np.asarray(self.monthly_kwh.sum(axis=1, dtype=np.float64))

    def why_none(self, surface: int) -> str:
        """Why a surface carries no collectors; empty when it does."""
        return _WORDS[Verdict(int(self.verdict[surface]))] if self.known[surface] else "not in the last run"

    def place(self, surface: int) -> str:
        """Where on the building a surface lies: flat roof, pitched roof, façade, or nothing of these."""
        return _PLACES[Placement(int(self.placement[surface]))]


@dataclass(frozen=True)
class BuildingMatch:
    """Generation of a building held against its demand, hour by hour, over a year.

    Parameters
    ----------
    fresh : bool
        Whether generation and demand are both of today's inputs.
    generation_kwh, demand_kwh, self_consumed_kwh : float [kWh]
    """

    fresh: bool
    generation_kwh: float
    demand_kwh: float
    self_consumed_kwh: float

    @property
    def self_consumption_share(self) -> float | None:
        """Self-consumed over generation; None without generation."""
        return self.self_consumed_kwh / self.generation_kwh if self.generation_kwh > 0.0 else None

    @property
    def autarky_share(self) -> float | None:
        """Self-consumed over demand; None without demand."""
        return self.self_consumed_kwh / self.demand_kwh if self.demand_kwh > 0.0 else None


@dataclass(frozen=True)
class BuildingPotential:
    """Collectors of one building, its parts included.

    Parameters
    ----------
    building_id : str
    photovoltaic_area_m2, photovoltaic_kwp, photovoltaic_kwh : float
    specific_yield_kwh_kwp : float or None [kWh/kWp]
    self_consumption_share, autarky_share : float or None
        None when the building's demand is not known.
    demand : str
        What the demand consists of; empty when it is not known.
    demand_kwh : float or None [kWh]
    solar_thermal_m2, solar_thermal_kwh : float
    fresh : bool
        Whether areas and yields are of today's inputs.
    match_fresh : bool
        Whether the shares are.
    """

    building_id: str
    photovoltaic_area_m2: float
    photovoltaic_kwp: float
    photovoltaic_kwh: float
    specific_yield_kwh_kwp: float | None
    self_consumption_share: float | None
    autarky_share: float | None
    demand: str
    demand_kwh: float | None
    solar_thermal_m2: float
    solar_thermal_kwh: float
    fresh: bool
    match_fresh: bool


@dataclass(frozen=True, eq=False)
class SolarPotential:
    """What collectors could give, under the assumptions in ``about``.

    Parameters
    ----------
    key : str
    fresh : bool
        Whether it is of today's inputs.
    version, at : str
        Of the engine; when it was computed (UTC).
    about : mapping
        Assumptions (``settings``) with their ``origins``, weather, keys.
    photovoltaic, solar_thermal : CollectorSurfaces
    ids : ndarray, (n_buildings,) object of str
    building : ndarray, (n_surfaces,) int64
        Row of the building of each surface, parts counted to it.
    matches : mapping of str to BuildingMatch
        By building, those with a known demand.
    """

    key: str
    fresh: bool
    version: str
    at: str
    about: Mapping[str, Any]
    photovoltaic: CollectorSurfaces
    solar_thermal: CollectorSurfaces
    ids: Any
    building: NDArray[np.int64]
    matches: Mapping[str, BuildingMatch]

    @cached_property
    def _sums(self) -> tuple[NDArray[np.float64], ...]:
        power, heat = self.photovoltaic, self.solar_thermal
        columns = (power.area_m2, power.size, power.annual_kwh, heat.size, heat.annual_kwh)
        return tuple(np.bincount(self.building, column, len(self.ids)).astype(np.float64) for column in columns)

    def of_row(self, row: int) -> BuildingPotential:
        """Potential of a building by its row."""
        area, peak, energy, thermal, heat = (float(column[row]) for column in self._sums)
        match = self.matches.get(str(self.ids[row]))
        return BuildingPotential(
            str(self.ids[row]), area, peak, energy, energy / peak if peak > 0.0 else None,
            match.self_consumption_share if match else None, match.autarky_share if match else None,
            DEMAND_WORDS if match else "", match.demand_kwh if match else None,
            thermal, heat, self.fresh, bool(match and match.fresh),
        )  # fmt: skip

    def rows(self) -> NDArray[np.int64]:
        """(k,) int64: rows of the buildings that have surfaces."""
        return np.unique(self.building)

    def buildings(self) -> tuple[BuildingPotential, ...]:
        """Potential of every building with surfaces."""
        return tuple(self.of_row(int(row)) for row in self.rows())
