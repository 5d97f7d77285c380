"""What an engine needs to know of a building beyond its shape, each value with its origin."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


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
    infiltration_ach : float [1/h]
    heating_setpoint_c, heating_setback_c, cooling_setpoint_c : float [°C]
    people_per_m2 : float [1/m2]
    lighting_w_m2, equipment_w_m2 : float [W/m2]
    heating_system : str
    heating_carrier : str
        Final energy carrier: ``natural_gas``, ``electricity``, ``district_heat``.
    heating_efficiency : float
        Useful heat over final energy; the seasonal performance factor of a heat pump.
    cooling_efficiency : float
        Cold over electricity, 0 for a building without active cooling.
    storey_height_m : float [m]
        Used where the number of storeys is unknown.
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
    infiltration_ach: float
    heating_setpoint_c: float
    heating_setback_c: float
    cooling_setpoint_c: float
    people_per_m2: float
    lighting_w_m2: float
    equipment_w_m2: float
    heating_system: str
    heating_carrier: str
    heating_efficiency: float
    cooling_efficiency: float
    storey_height_m: float
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, hash=False)

    def values(self) -> dict[str, Any]:
        """Field values without their origins, in declaration order."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name != "origins"}
