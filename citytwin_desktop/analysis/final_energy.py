"""From useful demand to final energy by use and carrier, hour by hour."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.analysis.heat_pump import coefficient_of_performance, source_temperature_c
from citytwin_desktop.catalog.usage_profiles import profile_year
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.errors import BugError

Floats = NDArray[np.float64]

HOT_WATER_TEMPERATURE_C = 50.0
"""At which a heat pump makes hot water; Ruhnau et al. 2019, doi:10.1038/s41597-019-0199-y."""
USES = ("heating", "hot_water", "cooling", "lighting", "equipment", "fans")
ELECTRICITY = "electricity"


@dataclass(frozen=True, eq=False)
class UsefulDemand:
    """What the rooms and their users need, before any system.

    Parameters
    ----------
    heating_kwh, cooling_kwh, lighting_kwh, equipment_kwh : ndarray, (hours,) [kWh]
    floor_area_m2 : float [m2]
    """

    heating_kwh: NDArray[np.floating]
    cooling_kwh: NDArray[np.floating]
    lighting_kwh: NDArray[np.floating]
    equipment_kwh: NDArray[np.floating]
    floor_area_m2: float


@dataclass(frozen=True, eq=False)
class FinalEnergy:
    """Final energy of one building by use, and what of its electricity it generates itself.

    Parameters
    ----------
    by_use : dict of (str, str) to ndarray, (hours,) float64 [kWh]
        By use and carrier; a use that needs nothing is left out.
    hot_water_kwh : ndarray, (hours,) float64 [kWh]
        Useful heat in the water drawn.
    generation_kwh : ndarray, (hours,) float64 [kWh]
        Electricity of photovoltaics on the building.
    """

    by_use: dict[tuple[str, str], Floats]
    hot_water_kwh: Floats
    generation_kwh: Floats

    @property
    def self_used_kwh(self) -> Floats:
        """(hours,) float64 [kWh]: generation that is used in the building in the same hour."""
        return np.minimum(self.generation_kwh, self.of_carrier(ELECTRICITY))

    def delivered_by_carrier(self) -> dict[str, Floats]:
        """(hours,) float64 [kWh] by carrier, as meters count it: without electricity that the building makes itself."""
        found = self.by_carrier()
        if ELECTRICITY in found:
            found[ELECTRICITY] = found[ELECTRICITY] - self.self_used_kwh
        return found

    def by_carrier(self) -> dict[str, Floats]:
        """(hours,) float64 [kWh] by carrier, all uses together."""
        found: dict[str, Floats] = {}
        for (_, carrier), values in self.by_use.items():
            found[carrier] = found[carrier] + values if carrier in found else values
        return found

    def of_carrier(self, carrier: str) -> Floats:
        """(hours,) float64 [kWh]: all uses of one carrier; noughts where there is none."""
        return self.by_carrier().get(carrier, np.zeros_like(self.hot_water_kwh))


def final_energy(
    demand: UsefulDemand,
    spec: EnergySpec,
    outdoor_c: Floats,
    ground_c: NDArray[np.floating],
    generation_kwh: NDArray[np.floating] | None = None,
) -> FinalEnergy:
    """Meet a building's demand by its systems.

    Heat of a boiler or a network is demand over efficiency. That of a heat pump is demand over its coefficient of
    performance in each hour, from the temperature of its source to that of its supply (50 °C for hot water), times
    the factor that is met in use; below a coefficient of 1 it heats directly. Cold is demand over a seasonal
    efficiency. Fans run with the ventilation's profile.

    Parameters
    ----------
    demand : UsefulDemand
    spec : EnergySpec
    outdoor_c : ndarray, (hours,) [°C]
    ground_c : ndarray, (12,) [°C]
        Temperatures of the ground by month; empty when the weather has none.
    generation_kwh : ndarray, (hours,) [kWh], optional
        Electricity of photovoltaics on the building; none by default.

    Raises
    ------
    BugError
        When demand and weather are not of the same hours, or there is heat to make and nothing that makes it.
    """
    if len(demand.heating_kwh) != len(outdoor_c):
        raise BugError("demand and weather are not of the same hours")
    water = spec.hot_water_kwh_m2a * demand.floor_area_m2 / 365.0 * profile_year(spec.function, "hot_water")
    air = spec.ventilation_l_s_m2 * demand.floor_area_m2 * profile_year(spec.function, "ventilated")
    source = source_temperature_c(spec.heat_source, outdoor_c, ground_c)
    parts = {
        ("heating", spec.heating_carrier): _heat(demand.heating_kwh, spec, source, spec.supply_temperature_c),
        ("hot_water", spec.hot_water_carrier): _hot_water(water, spec, source),
        ("cooling", spec.cooling_carrier): _cold(demand.cooling_kwh, spec),
        ("lighting", ELECTRICITY): np.asarray(demand.lighting_kwh, np.float64),
        ("equipment", ELECTRICITY): np.asarray(demand.equipment_kwh, np.float64),
        ("fans", ELECTRICITY): air * spec.fan_power_w_per_l_s / 1000.0,
    }
    made = np.zeros(len(outdoor_c)) if generation_kwh is None else np.asarray(generation_kwh, np.float64)
    return FinalEnergy({place: values for place, values in parts.items() if values.any()}, water, made)


def _heat(demand_kwh: NDArray[np.floating], spec: EnergySpec, source_c: Floats, supply_c: float) -> Floats:
    if not spec.heat_source:
        return _over(demand_kwh, spec.heating_efficiency)
    performance = coefficient_of_performance(spec.cop_coefficients, supply_c - source_c, spec.heating_efficiency)
    return np.asarray(demand_kwh / performance, np.float64)


def _hot_water(demand_kwh: Floats, spec: EnergySpec, source_c: Floats) -> Floats:
    """A heat pump that also heats the water does so by its own curve, at the temperature of the water."""
    if spec.heat_source and spec.hot_water_system == spec.heating_system:
        lift = HOT_WATER_TEMPERATURE_C - source_c
        return demand_kwh / coefficient_of_performance(spec.cop_coefficients, lift, spec.hot_water_efficiency)
    return _over(demand_kwh, spec.hot_water_efficiency)


def _cold(demand_kwh: NDArray[np.floating], spec: EnergySpec) -> Floats:
    """Nothing in a building that is cooled no more: the demand is then of a result that is stale."""
    return _over(demand_kwh, spec.cooling_efficiency) if spec.cooled else np.zeros(len(demand_kwh))


def _over(demand_kwh: NDArray[np.floating], efficiency: float) -> Floats:
    if efficiency > 0:
        return np.asarray(demand_kwh, np.float64) / efficiency
    if np.any(demand_kwh):
        raise BugError("there is demand, and a system of no efficiency to meet it")
    return np.zeros(len(demand_kwh))
