"""What an EnergyPlus run of one building is given: shape, use, surroundings, ground, settings."""

import math
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.energyplus.locate import ENERGYPLUS_VERSION

RECIPE_VERSION = 3
"""Counted up whenever the same inputs would give other results."""

ENGINE_VERSION = f"{ENERGYPLUS_VERSION}+{RECIPE_VERSION}"

GROUND_COUPLINGS = ("iso13370", "direct")


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
        Which edge of the footprint.
    start_m, end_m : float [m]
        Along the edge.
    bottom_m, top_m : float [m]
        Above the base of the building; the top at the start.
    end_top_m : float [m], optional
        The top at the end; level by default.
    """

    polygon: int
    ring: int
    position: int
    start_m: float
    end_m: float
    bottom_m: float
    top_m: float
    end_top_m: float | None = None

    @property
    def tops_m(self) -> tuple[float, float]:
        """Height at the start and at the end, above the base of the building [m]."""
        return self.top_m, self.top_m if self.end_top_m is None else self.end_top_m


@dataclass(frozen=True, eq=False)
class Face:
    """One boundary surface of a storey.

    Parameters
    ----------
    name : str
        Unique in the building, for example ``Wall 2.13``: storey, then number.
    kind : str
        ``wall``, ``roof``, ``floor`` or ``ceiling``.
    beyond : str
        ``outdoors``, ``ground``, ``adiabatic``, or ``storey`` for a face that another storey shares.
    corners : ndarray, (n, 3) float64 [m]
        From the origin of the building, counter-clockwise seen from outside; walls begin at their upper left.
    counterpart : str
        Name of the other storey's face, empty but for ``storey``.
    city_surface : int
        Index of the surface of the city that it stands for, -1 for none.
    """

    name: str
    kind: str
    beyond: str
    corners: FloatArray
    counterpart: str = ""
    city_surface: int = -1

    @property
    def area_vector_m2(self) -> FloatArray:
        """(3,) float64 [m2]: outward normal times area."""
        return area_vector_m2(self.corners)

    @property
    def area_m2(self) -> float:
        """Area [m2], windows not taken off."""
        return math.hypot(*self.area_vector_m2.tolist())


@dataclass(frozen=True, eq=False)
class Storey:
    """One zone.

    Parameters
    ----------
    bottom_m : float [m]
        Its floor above the base of the building.
    floor_area_m2 : float [m2]
    volume_m3 : float [m3]
    faces : tuple of Face
        They close its body.
    """

    bottom_m: float
    floor_area_m2: float
    volume_m3: float
    faces: tuple[Face, ...]

    @property
    def height_m(self) -> float:
        """Mean height of the room [m]."""
        return self.volume_m3 / self.floor_area_m2


@dataclass(frozen=True, eq=False)
class ThermalModel:
    """One building as EnergyPlus will see it: a zone for each storey, below its real roof.

    Parameters
    ----------
    building_id : str
    origin_m : tuple of float [m]
        Local coordinates of the city that all corners start from.
    storeys : tuple of Storey
        From the ground upwards.
    footprint_area_m2 : float [m2]
    shading : ndarray, (n, 4, 3) float64 [m]
        Opaque quads around the building, walls of neighbours and ridges of the land, from ``origin_m``.
    spec : EnergySpec
    ground_temperatures_c : tuple of 12 float [°C]
    ground_resistance_m2k_w : float [m2K/W]
        Of the virtual layer between soil and ground temperature, -1 for none (no soil either).
    notes : tuple of str
        What had to be assumed, for the log.
    vegetation_shading : ndarray, (n, 4, 3) float64 [m]
        Quads of crowns, from ``origin_m``.
    vegetation_transmittance : tuple of 12 float
        Share of direct sunlight that passes a crown, January first; empty without crowns.
    """

    building_id: str
    origin_m: tuple[float, float, float]
    storeys: tuple[Storey, ...]
    footprint_area_m2: float
    shading: FloatArray
    spec: EnergySpec
    ground_temperatures_c: tuple[float, ...]
    ground_resistance_m2k_w: float
    notes: tuple[str, ...] = ()
    vegetation_shading: FloatArray = field(default_factory=lambda: np.zeros((0, 4, 3)))
    vegetation_transmittance: tuple[float, ...] = ()

    @property
    def floor_area_m2(self) -> float:
        """Area of all storeys [m2]."""
        return sum(storey.floor_area_m2 for storey in self.storeys)

    @property
    def volume_m3(self) -> float:
        """Volume of all zones [m3]."""
        return sum(storey.volume_m3 for storey in self.storeys)

    @property
    def faces(self) -> tuple[Face, ...]:
        """Faces of all storeys."""
        return tuple(face for storey in self.storeys for face in storey.faces)

    @property
    def party(self) -> tuple[Face, ...]:
        """Walls that lose nothing, for another building stands behind them."""
        return tuple(face for face in self.faces if face.kind == "wall" and face.beyond == "adiabatic")

    def face(self, name: str) -> Face:
        """A face by its name in any case, as EnergyPlus gives it back.

        Raises
        ------
        BugError
            When there is none.
        """
        for face in self.faces:
            if face.name.upper() == name.upper():
                return face
        msg = f"the model of “{self.building_id}” has no face “{name}”"
        raise BugError(msg)


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
    first_surface : int
        Index of the building's first surface in the city, from which its own are counted.
    """

    model: ThermalModel
    weather: bytes
    settings: EnergySettings
    keep_folder: str = ""
    first_surface: int = 0


def area_vector_m2(corners: FloatArray) -> FloatArray:
    """(3,) float64 [m2]: normal times area of a flat polygon of (n, 3) corners."""
    # Plain numbers: for a handful of corners numpy's cross product takes ten times as long.
    points = corners.tolist()
    x0, y0, z0 = points[0]
    x = y = z = 0.0
    ax, ay, az = points[1][0] - x0, points[1][1] - y0, points[1][2] - z0
    for point in points[2:]:
        bx, by, bz = point[0] - x0, point[1] - y0, point[2] - z0
        x, y, z = x + ay * bz - az * by, y + az * bx - ax * bz, z + ax * by - ay * bx
        ax, ay, az = bx, by, bz
    return np.array([x / 2.0, y / 2.0, z / 2.0])
