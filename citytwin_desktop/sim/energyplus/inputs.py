"""What an EnergyPlus run of one building is given: shape, use, surroundings, ground, settings."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.energyplus.locate import ENERGYPLUS_VERSION

RECIPE_VERSION = 2
"""Counted up whenever the same inputs would give other results."""

ENGINE_VERSION = f"{ENERGYPLUS_VERSION}+{RECIPE_VERSION}"

GROUND_COUPLINGS = ("iso13370", "direct")

Rings = tuple[FloatArray, ...]
"""Outer ring, then holes: (n, 2) float64 [m], not closed, the building on the left of every edge."""


@dataclass(frozen=True)
class EnergySettings:
    """How to simulate, the same for all buildings of a run.

    Parameters
    ----------
    timesteps_per_hour : int
        4 is within 1 % of 6; 2 costs 1 % of the heating demand.
    solar_distribution : str
        ``FullExterior`` suits every footprint; ``FullInteriorAndExterior`` convex ones only.
    terrain : str
        For the wind profile: ``City``, ``Suburbs``, ``Country``.
    shading_radius_m : float [m]
    shading_minimum_elevation_deg : float [deg]
        Which neighbours count, see `citytwin_desktop.city.neighbours.shading_walls`.
    ground_coupling : str
        ``iso13370``: soil and a virtual layer below the floor, see `ground.ground_resistance_m2k_w`;
        ``direct``: the ground temperature lies against the floor.
    timeout_s : float [s]
        Wall time allowed to one building.

    Raises
    ------
    BugError
        When the recipe knows no such coupling, or EnergyPlus no such number of timesteps.
    """

    timesteps_per_hour: int = 4
    solar_distribution: str = "FullExterior"
    terrain: str = "City"
    shading_radius_m: float = 100.0
    shading_minimum_elevation_deg: float = 10.0
    ground_coupling: str = "iso13370"
    timeout_s: float = 900.0

    def __post_init__(self) -> None:
        if self.ground_coupling not in GROUND_COUPLINGS:
            msg = f"there is no ground coupling “{self.ground_coupling}”"
            raise BugError(msg)
        if not 1 <= self.timesteps_per_hour <= 60 or 60 % self.timesteps_per_hour:
            msg = f"EnergyPlus takes no {self.timesteps_per_hour} timesteps per hour"
            raise BugError(msg)

    def content(self) -> dict[str, Any]:
        """Everything that the result depends on."""
        return {name: value for name, value in asdict(self).items() if name != "timeout_s"}


@dataclass(frozen=True)
class PartyStretch:
    """A part of an outer edge where a neighbour's wall lies against it.

    Parameters
    ----------
    polygon, ring, position : int
        Which edge of the plan.
    start_m, end_m : float [m]
        Along the edge.
    bottom_m, top_m : float [m]
        Above the base of the building.
    """

    polygon: int
    ring: int
    position: int
    start_m: float
    end_m: float
    bottom_m: float
    top_m: float


@dataclass(frozen=True, eq=False)
class ThermalModel:
    """One building as EnergyPlus will see it: a flat-roofed body of the true footprint and volume.

    Parameters
    ----------
    building_id : str
    plan : tuple of Rings
        Polygons of the footprint, in metres from ``origin_m``.
    origin_m : tuple of float [m]
        Local coordinates of the city that the plan starts from.
    storeys : int
    storey_height_m : float [m]
    party : tuple of PartyStretch
        Adiabatic parts of the walls.
    shading : ndarray, (n, 4, 3) float64 [m]
        Wall quads of neighbours, from ``origin_m``.
    spec : EnergySpec
    ground_temperatures_c : tuple of 12 float [°C]
    ground_resistance_m2k_w : float [m2K/W]
        Of the virtual layer between soil and ground temperature, -1 for none (no soil either).
    notes : tuple of str
        What had to be assumed, for the log.
    """

    building_id: str
    plan: tuple[Rings, ...]
    origin_m: tuple[float, float, float]
    storeys: int
    storey_height_m: float
    party: tuple[PartyStretch, ...]
    shading: FloatArray
    spec: EnergySpec
    ground_temperatures_c: tuple[float, ...]
    ground_resistance_m2k_w: float
    notes: tuple[str, ...] = ()

    @property
    def footprint_area_m2(self) -> float:
        """Area of one storey [m2]."""
        return sum(ring_area_m2(ring) for rings in self.plan for ring in rings)

    @property
    def floor_area_m2(self) -> float:
        """Area of all storeys [m2]."""
        return self.footprint_area_m2 * self.storeys

    @property
    def volume_m3(self) -> float:
        """Volume of all zones [m3]."""
        return self.floor_area_m2 * self.storey_height_m


@dataclass(frozen=True, eq=False)
class EnergyJobInputs:
    """Inputs of one job of the queue.

    Parameters
    ----------
    model : ThermalModel
    weather : bytes
        The weather file as it was read.
    settings : EnergySettings
    keep_folder : str
        Where the input file of a failed run is kept for inspection; empty to keep none.
    """

    model: ThermalModel
    weather: bytes
    settings: EnergySettings
    keep_folder: str = ""


def ring_area_m2(ring: FloatArray) -> float:
    """Signed area of a ring [m2], positive when counter-clockwise."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2.0
