"""Test cells of ASHRAE Standard 140-2020 (ANSI/ASHRAE, section 7.2): what the standard prescribes, as data.

The numbers are facts of the standard. A case is a light (600) or heavy (900) room of 8 x 6 x 2.7 m with two windows
of 3 x 2 m; the others change one thing each.
"""

from dataclasses import dataclass

WIDTH_M, DEPTH_M, HEIGHT_M = 8.0, 6.0, 2.7
"""East to west, south to north, floor to ceiling, all inside."""

INTERNAL_GAIN_W, GAIN_RADIANT_FRACTION = 200.0, 0.6
INFILTRATION_ACH = 0.5
HEATING_SETPOINT_C, COOLING_SETPOINT_C = 20.0, 27.0
NIGHT_SETPOINT_C = 10.0
"""From 23 to 7 h in the cases with set-back."""
GROUND_C = 10.0
NIGHT_FAN_M3_H = 1703.16
"""From 18 to 7 h in the cases with night ventilation."""
OVERHANG_M = 1.0
"""Depth of the overhang, which is as wide as the south wall and lies at the height of the roof."""
SOLAR_ABSORPTANCE, EMISSIVITY = 0.6, 0.9
"""Of all opaque surfaces, inside and outside."""

WINDOW_WIDTH_M, WINDOW_HEIGHT_M, SILL_M = 3.0, 2.0, 0.2
WINDOW_STARTS_M = {"south": (0.5, 4.5), "east": (1.5,), "west": (1.5,)}
"""Distance of each window from the left end of its wall, seen from outside."""


@dataclass(frozen=True)
class Layer:
    """A layer of a wall, roof or floor; one without density is a pure resistance.

    Parameters
    ----------
    name : str
    thickness_m : float [m]
    conductivity_w_mk : float [W/mK]
    density_kg_m3 : float [kg/m3]
    specific_heat_j_kgk : float [J/kgK]
    resistance_m2k_w : float [m2K/W]
        Of a layer without mass, 0 otherwise.
    """

    name: str
    thickness_m: float = 0.0
    conductivity_w_mk: float = 0.0
    density_kg_m3: float = 0.0
    specific_heat_j_kgk: float = 0.0
    resistance_m2k_w: float = 0.0


@dataclass(frozen=True)
class Pane:
    """Clear glass of the double glazing (Table 7-8 of the 2020 edition): values of one pane."""

    thickness_m: float = 0.003048
    solar_transmittance: float = 0.834
    solar_reflectance: float = 0.075
    visible_transmittance: float = 0.899
    visible_reflectance: float = 0.083
    emissivity: float = 0.84
    conductivity_w_mk: float = 1.0
    gap_m: float = 0.012


_SIDING = Layer("Wood siding", 0.009, 0.14, 530.0, 900.0)
_ROOF = (
    Layer("Roof deck", 0.019, 0.14, 530.0, 900.0),
    Layer("Roof fibreglass", 0.1118, 0.04, 12.0, 840.0),
    Layer("Roof plasterboard", 0.010, 0.16, 950.0, 840.0),
)

LIGHT = {
    "Wall": (
        _SIDING,
        Layer("Wall fibreglass", 0.066, 0.04, 12.0, 840.0),
        Layer("Wall plasterboard", 0.012, 0.16, 950.0, 840.0),
    ),
    "Roof": _ROOF,
    "Floor": (
        Layer("Floor insulation", resistance_m2k_w=25.075),
        Layer("Timber flooring", 0.025, 0.14, 650.0, 1200.0),
    ),
}
"""Layers from outside to inside of the light cases, by type of surface."""

HEAVY = {
    "Wall": (
        _SIDING,
        Layer("Foam insulation", 0.0615, 0.04, 10.0, 1400.0),
        Layer("Concrete block", 0.1, 0.51, 1400.0, 1000.0),
    ),
    "Roof": _ROOF,
    "Floor": (
        Layer("Floor insulation", resistance_m2k_w=25.175),
        Layer("Concrete slab", 0.08, 1.13, 1400.0, 1000.0),
    ),
}
"""The same of the heavy cases."""


@dataclass(frozen=True)
class Case:
    """One test cell.

    Parameters
    ----------
    number : int
        As in the standard.
    heavy : bool
        Concrete instead of wood, plasterboard and timber.
    glazed : tuple of str
        Walls with windows.
    overhang : bool
        Above the south wall.
    night : str
        ``steady``: the same set-points all day; ``setback``: less heating from 23 to 7 h, then a ramp of an hour;
        ``ventilated``: no heating at all, and a fan instead of cooling from 18 to 7 h.
    """

    number: int
    heavy: bool
    glazed: tuple[str, ...] = ("south",)
    overhang: bool = False
    night: str = "steady"


CASES = (
    Case(600, heavy=False),
    Case(620, heavy=False, glazed=("east", "west")),
    Case(640, heavy=False, night="setback"),
    Case(900, heavy=True),
    Case(910, heavy=True, overhang=True),
    Case(920, heavy=True, glazed=("east", "west")),
    Case(940, heavy=True, night="setback"),
    Case(950, heavy=True, night="ventilated"),
)
"""The cases that we run."""
