"""What the estimate needs of the shapes of buildings; the only module here that reads a `ThermalModel`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.energyplus.inputs import ThermalModel
from citytwin_desktop.sim.estimate.directions import DIRECTIONS, direction_of

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BuildingShapes:
    """Areas and volumes of n buildings.

    Parameters
    ----------
    building_ids : tuple of str
    floor_area_m2, volume_m3, ground_area_m2, roof_area_m2 : ndarray, (n,) float64
    height_m : ndarray, (n,) float64 [m]
        Volume over ground area.
    wall_area_m2 : ndarray, (n, 16) float64 [m2]
        Outdoor walls, windows included, by the direction that they face, see `directions`.
    ground_resistance_m2k_w : ndarray, (n,) float64 [m2K/W]
        Of soil and virtual layer below the floor.
    ground_temperatures_c : ndarray, (n, 12) float64 [°C]
        Below that layer.
    """

    building_ids: tuple[str, ...]
    floor_area_m2: FloatArray
    volume_m3: FloatArray
    ground_area_m2: FloatArray
    roof_area_m2: FloatArray
    height_m: FloatArray
    wall_area_m2: FloatArray
    ground_resistance_m2k_w: FloatArray
    ground_temperatures_c: FloatArray

    def __len__(self) -> int:
        return len(self.building_ids)

    @classmethod
    def concatenate(cls, parts: Sequence["BuildingShapes"]) -> "BuildingShapes":
        """Buildings of several sets in order."""
        ids = tuple(name for part in parts for name in part.building_ids)
        return cls(ids, **{name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS})

    def take(self, rows: Sequence[int]) -> "BuildingShapes":
        """Some of the buildings."""
        chosen = np.asarray(rows, np.int64)
        arrays = {name: getattr(self, name)[chosen] for name in _COLUMNS}
        return BuildingShapes(tuple(self.building_ids[row] for row in chosen), **arrays)


_COLUMNS = (
    "floor_area_m2",
    "volume_m3",
    "ground_area_m2",
    "roof_area_m2",
    "height_m",
    "wall_area_m2",
    "ground_resistance_m2k_w",
    "ground_temperatures_c",
)
_ROOF, _GROUND = DIRECTIONS, DIRECTIONS + 1
_LOSING = ("outdoors", "ground")
_SOIL_M2K_W = 0.25
"""Half a metre of soil of 2 W/mK, as in `citytwin_desktop.sim.energyplus.ground`."""


def building_shapes(models: Sequence[ThermalModel]) -> BuildingShapes:
    """Measure thermal models.

    Raises
    ------
    BugError
        When a model has no floor area.
    """
    if not models:
        empty = np.zeros(0)
        return BuildingShapes(
            (), empty, empty, empty, empty, empty, np.zeros((0, DIRECTIONS)), empty, np.zeros((0, 12))
        )
    floor = np.array([model.floor_area_m2 for model in models])
    if not (floor > 0.0).all():
        raise BugError("a thermal model has no floor area")
    volume = np.array([model.volume_m3 for model in models])
    areas = np.array([_areas(model) for model in models])
    return BuildingShapes(
        building_ids=tuple(model.building_id for model in models),
        floor_area_m2=floor,
        volume_m3=volume,
        ground_area_m2=areas[:, _GROUND],
        roof_area_m2=areas[:, _ROOF],
        height_m=volume / np.array([model.footprint_area_m2 for model in models]),
        wall_area_m2=areas[:, :DIRECTIONS],
        ground_resistance_m2k_w=np.array([_below_floor_m2k_w(model) for model in models]),
        ground_temperatures_c=np.array([model.ground_temperatures_c for model in models], np.float64),
    )


def _below_floor_m2k_w(model: ThermalModel) -> float:
    given = model.ground_resistance_m2k_w
    return 0.0 if given < 0 else given + _SOIL_M2K_W


def _areas(model: ThermalModel) -> FloatArray:
    """(18,) float64 [m2]: outdoor walls by direction, roofs and outer floors, and floors on the ground."""
    areas = np.zeros(DIRECTIONS + 2)
    for face in model.faces:
        if face.beyond not in _LOSING:
            continue
        east, north, up = (float(part) for part in face.area_vector_m2)
        area = math.sqrt(east * east + north * north + up * up)
        if face.beyond == "ground":
            areas[_GROUND] += area
        elif face.kind == "wall":
            areas[direction_of(east, north)] += area
        else:
            areas[_ROOF] += area
    return areas
