"""The points that both engines look from: the cells of our engine."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.solar.build import prepare
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings

FloatArray = NDArray[np.float64]

_FARTHEST_OFF_PLANE_M = 0.01


@dataclass(frozen=True, eq=False)
class Sensors:
    """Cells of the surfaces of a city, in the city's coordinates about ``middle_m``.

    Parameters
    ----------
    position : ndarray, (cells, 3) float64 [m]
        A little off the surface, where our own rays start.
    normal : ndarray, (cells, 3) float64
    row : ndarray, (cells,) int64
        Surface.
    weight : ndarray, (cells,) float64
        Share of the surface's area.
    surface_count : int
    middle_m : ndarray, (3,) float64 [m]
        What was taken off the city's coordinates.
    ground_height_m : float [m]
        Of the modelled ground, in the same coordinates.
    """

    position: FloatArray
    normal: FloatArray
    row: NDArray[np.int64]
    weight: FloatArray
    surface_count: int
    middle_m: FloatArray
    ground_height_m: float

    def __len__(self) -> int:
        return len(self.row)

    @property
    def rays(self) -> FloatArray:
        """(cells, 6) float64: position and normal, as rtrace reads them."""
        return np.concatenate([self.position, self.normal], axis=1)

    def by_surface(self, values: FloatArray) -> FloatArray:
        """Area-weighted means of cell values, (surface_count,) float64; 0 where a surface has no cell."""
        return np.bincount(self.row, self.weight * values, minlength=self.surface_count).astype(np.float64)


def sensors(city: CityModel, settings: SolarSettings) -> Sensors:
    """Take the cells of our engine as sensors.

    Parameters
    ----------
    city : CityModel
        On flat ground.
    settings : SolarSettings

    Returns
    -------
    Sensors

    Raises
    ------
    BugError
        When the cells do not lie on the polygons, or the ground is not flat.
    """
    ready = prepare(solar_scene(city, settings), settings)
    scene, tracer, cells = ready.scene, ready.rays, ready.cells
    used = np.flatnonzero(cells.row < scene.surface_count)
    row = cells.row[used].astype(np.int64)
    middle = scene.middle_m
    normal = cells.normal[used].astype(np.float64)
    _require_on_polygons(city, cells.position[used].astype(np.float64) + middle, row)
    ground = scene.triangles_m[scene.triangle_row >= scene.surface_count][..., 2]
    if np.ptp(ground) > 0.0:
        raise BugError("the ground of the validation district is not flat")
    return Sensors(
        cells.lifted(tracer.offset_m)[used].astype(np.float64), normal / np.linalg.norm(normal, axis=1)[:, None],
        row, cells.weight[used].astype(np.float64), scene.surface_count, middle, float(ground.max()),
    )  # fmt: skip


def _require_on_polygons(city: CityModel, position: FloatArray, row: NDArray[np.int64]) -> None:
    """Both engines have to speak of the same place."""
    polygons = city.surfaces.polygons
    off = np.einsum("ij,ij->i", position - polygons.vertices[polygons.first_vertex[row]], polygons.normals[row])
    if np.abs(off).max(initial=0.0) > _FARTHEST_OFF_PLANE_M:
        raise BugError("the cells do not lie on the polygons that Radiance is given")
