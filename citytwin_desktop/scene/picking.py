"""Which surface lies under the pointer, by a static cell locator for each tile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonCore import vtkIdList, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkStaticCellLocator

from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.scene.mesh_actors import TileActors

_TOLERANCE_M = 1e-4
"""Without any, the locator misses walls that lie in the sides of a tile's box."""


@dataclass(frozen=True)
class Pick:
    """What a ray met first.

    Parameters
    ----------
    surface : int
        Surface of the city.
    building : int
        Row of the building that owns it.
    point : ndarray, (3,) float64 [m]
    """

    surface: int
    building: int
    point: FloatArray


class Picker:
    """Answers rays from locators that are built once for each tile, when a ray first comes near.

    Parameters
    ----------
    tiles : sequence of TileActors
    surface_building : ndarray, (n_surfaces,) int64
    """

    def __init__(self, tiles: Sequence[TileActors], surface_building: IntArray) -> None:
        self._locators: dict[TileActors, Any] = {}
        self.follow(tiles, surface_building)

    def follow(self, tiles: Sequence[TileActors], surface_building: IntArray) -> None:
        """Answer for other tiles; those that stayed keep their locators."""
        self._tiles = tiles
        self._surface_building = surface_building
        self._locators = {tile: found for tile in tiles if (found := self._locators.get(tile)) is not None}
        bounds = np.array([tile.surface_data.GetBounds() for tile in tiles]).reshape(-1, 3, 2)
        self._low, self._high = bounds[:, :, 0] - 0.01, bounds[:, :, 1] + 0.01

    def pick(self, origin: FloatArray, direction: FloatArray, visible: NDArray[np.bool_]) -> Pick | None:
        """The first visible surface along a ray.

        Parameters
        ----------
        origin : ndarray, (3,) float64 [m]
        direction : ndarray, (3,) float64
            Unit vector.
        visible : ndarray, (n_buildings,) bool
            Rows that can be hit; rays pass through the others.
        """
        best: tuple[float, Pick] | None = None
        for number in self._tiles_near(origin, direction):
            found = self._first_in_tile(int(number), origin, direction, visible)
            if found is not None and (best is None or found[0] < best[0]):
                best = found
        return None if best is None else best[1]

    def _tiles_near(self, origin: FloatArray, direction: FloatArray) -> IntArray:
        """Tiles whose box the ray crosses, by the slab test."""
        safe = np.where(np.abs(direction) < 1e-12, 1e-12, direction)
        near, far = (self._low - origin) / safe, (self._high - origin) / safe
        enter, leave = np.minimum(near, far).max(axis=1), np.maximum(near, far).min(axis=1)
        return np.flatnonzero((leave >= enter) & (leave > 0.0))

    def _first_in_tile(
        self, number: int, origin: FloatArray, direction: FloatArray, visible: NDArray[np.bool_]
    ) -> tuple[float, Pick] | None:
        points, cells = vtkPoints(), vtkIdList()
        reach = float(np.linalg.norm(np.maximum(abs(self._low[number] - origin), abs(self._high[number] - origin))))
        self._locator(number).IntersectWithLine(origin, origin + direction * reach * 1.01, _TOLERANCE_M, points, cells)
        hits = []
        for place in range(cells.GetNumberOfIds()):
            mesh = self._tiles[number].mesh
            surface = int(mesh.surfaces[mesh.triangle_place[cells.GetId(place)]])
            building = int(self._surface_building[surface])
            if visible[building]:
                point = np.array(points.GetPoint(place))
                hits.append((float((point - origin) @ direction), Pick(surface, building, point)))
        return min(hits, key=lambda hit: hit[0]) if hits else None

    def _locator(self, number: int) -> Any:
        tile = self._tiles[number]
        if tile not in self._locators:
            locator = vtkStaticCellLocator()
            locator.SetDataSet(tile.surface_data)
            locator.BuildLocator()
            self._locators[tile] = locator
        return self._locators[tile]
