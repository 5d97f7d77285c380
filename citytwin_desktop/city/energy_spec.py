"""What an engine needs to know of a building beyond its shape, each value with its origin."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

SYSTEM_FIELDS = frozenset(
    {
        "fan_power_w_per_l_s",
        "hot_water_kwh_m2a",
        "heating_system",
        "heating_carrier",
        "heating_efficiency",
        "heat_source",
        "cop_coefficients",
        "supply_temperature_c",
        "hot_water_system",
        "hot_water_carrier",
        "hot_water_efficiency",
        "cooling_system",
        "cooling_carrier",
        "cooling_efficiency",
        "photovoltaic_share",
    }
)
"""Fields of what turns demand into final energy: a change of them leaves every simulated demand as it is."""


@dataclass(frozen=True)
class EnergySpec:
    """Archetype defaults, the building's own overrides and the scenario's package, resolved.

    Two specs are equal, and hash alike, when their values are; origins do not count.

    Parameters
    ----------
    function : str
        Function code, for example ``residential``.
    wall_u_value_w_m2k, roof_u_value_w_m2k, floor_u_value_w_m2k, window_u_value_w_m2k : float [W/m2K]
    window_g_value : float
        Total solar energy transmittance (EN 410), taken as the solar heat gain coefficient.
    window_share : float
        Glazed share of each outer wall, 0-0.95.
    heat_capacity_kj_m2k : float [kJ/m2K]
        Effective internal heat capacity of the building per floor area (ISO 52016-1:2017 Table B.14 has classes).
    infiltration_ach : float [1/h]
        Air that leaks in; what people or fans let in is `ventilation_l_s_m2`.
    ventilation_l_s_m2 : float [l/s per m2 of floor]
        Outdoor air while the rooms are fully used.
    heat_recovery_efficiency : float
        Sensible, 0 without recovery.
    fan_power_w_per_l_s : float [W per l/s]
        Of all fans together, 0 for natural ventilation.
    heating_setpoint_c, heating_setback_c, cooling_setpoint_c : float [°C]
    people_per_m2 : float [1/m2]
    lighting_w_m2, equipment_w_m2 : float [W/m2]
    hot_water_kwh_m2a : float [kWh per m2 of floor and year]
        Useful heat in the water drawn.
    storey_height_m : float [m]
        Used where the number of storeys is unknown.
    heating_system : str
        Code of the catalogue.
    heating_carrier : str
        Final energy carrier, see `citytwin_desktop.catalog.carriers`.
    heating_efficiency : float
        Useful heat over final energy; of a heat pump the factor between its curve and what is met in use.
    heat_source : str
        ``air`` or ``ground`` for a heat pump, empty for all other systems.
    cop_coefficients : tuple of float
        Of a heat pump: a, b, c of COP = a + b dT + c dT², dT [K] from source to supply; empty for all other systems.
    supply_temperature_c : float [°C]
        Of the heating water.
    hot_water_system, hot_water_carrier, hot_water_efficiency
        As for heating; the heat pump of the heating heats water by its own curve, with this factor.
    cooling_system, cooling_carrier : str
    cooling_efficiency : float
        Cold over final energy, 0 for a building without active cooling.
    window_opening_ach : float [1/h]
        Air change through opened windows while it is too warm inside and cooler outside, in buildings without cooling.
    photovoltaic_share : float
        Share of the building's photovoltaic potential that is installed, 0-1.
    origins : mapping of str to str
        For each field, a sentence on where its value comes from.
    """

    function: str
    wall_u_value_w_m2k: float
    roof_u_value_w_m2k: float
    floor_u_value_w_m2k: float
    window_u_value_w_m2k: float
    window_g_value: float
    window_share: float
    heat_capacity_kj_m2k: float
    infiltration_ach: float
    ventilation_l_s_m2: float
    heat_recovery_efficiency: float
    fan_power_w_per_l_s: float
    heating_setpoint_c: float
    heating_setback_c: float
    cooling_setpoint_c: float
    people_per_m2: float
    lighting_w_m2: float
    equipment_w_m2: float
    hot_water_kwh_m2a: float
    storey_height_m: float
    heating_system: str
    heating_carrier: str
    heating_efficiency: float
    heat_source: str
    cop_coefficients: tuple[float, ...]
    supply_temperature_c: float
    hot_water_system: str
    hot_water_carrier: str
    hot_water_efficiency: float
    cooling_system: str
    cooling_carrier: str
    cooling_efficiency: float
    window_opening_ach: float = 0.0
    photovoltaic_share: float = 0.0
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, hash=False)

    def values(self) -> dict[str, Any]:
        """Field values without their origins, in declaration order."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name != "origins"}

    @property
    def cooled(self) -> bool:
        """Whether the building is cooled actively."""
        return self.cooling_efficiency > 0

    def thermal_values(self) -> dict[str, Any]:
        """What the rooms' need of heat and cold depends on: everything but the systems that meet it."""
        values = {name: value for name, value in self.values().items() if name not in SYSTEM_FIELDS}
        return {**values, "cooled": self.cooled}
