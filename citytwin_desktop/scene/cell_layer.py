"""Cells on the surfaces of a city and on the ground around it: one texture for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from vtkmodules.vtkCommonCore import mutable
from vtkmodules.vtkCommonDataModel import vtkPolyData, vtkStaticCellLocator
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.appearance import Appearance
from citytwin_desktop.scene.cell_atlas import CellAtlas
from citytwin_desktop.scene.cell_colours import CellPaint, texel_colours
from citytwin_desktop.scene.mesh_actors import AMBIENT_DATA, TileActors
from citytwin_desktop.scene.palette import ScenePalette
from citytwin_desktop.scene.surface_shaders import shade_solid
from citytwin_desktop.scene.texel_image import TexelImage
from citytwin_desktop.scene.vtk_arrays import as_cells, as_points, as_vtk

if TYPE_CHECKING:
    from citytwin_desktop.sim.solar.cell_maps import CellLayout

_REACH_M = 1e6


@dataclass(frozen=True)
class CellPick:
    """A cell under the pointer.

    Parameters
    ----------
    cell : int
    surface : int
        Surface of the city that it lies on; -1 for the ground.
    point : ndarray, (3,) float64 [m]
    """

    cell: int
    surface: int
    point: FloatArray


class CellLayer:
    """The texture of all cells, the ground's mesh, and the way from a point to its cell.

    Parameters
    ----------
    layout : CellLayout
        Its surfaces are those of the city that is drawn.
    palette : ScenePalette

    Raises
    ------
    KnownError
        When there are more cells than a texture holds.
    """

    def __init__(self, layout: CellLayout, palette: ScenePalette) -> None:
        self.layout = layout
        self.atlas = CellAtlas(layout)
        self._image = TexelImage(self.atlas.width, self.atlas.height)
        self.ground = self._ground_actor(palette)
        self._locator: Any = None

    def dress(self, tiles: Sequence[TileActors]) -> None:
        """Let tiles take their colours from the cells."""
        for tile in tiles:
            coordinates = self.atlas.coordinates(tile.mesh.point_surface, tile.mesh.points.astype(np.float64))
            tile.wear(as_vtk(coordinates), self._image.texture)
        for tile in tiles[:1]:
            tile.hatched = (tile.surface, self.ground)

    def write(self, paint: CellPaint, appearance: Appearance) -> None:
        """Set the colours of all cells."""
        self._image.packed[:] = texel_colours(self.atlas, paint, appearance)
        self._image.written()

    def cell_on(self, surface: int, point: FloatArray) -> int:
        """Cell of a surface under a point; -1 when it has none there."""
        return self.atlas.cell_at(surface, point)

    def ground_pick(self, origin: FloatArray, direction: FloatArray) -> CellPick | None:
        """The cell of ground that a ray meets first, whatever stands before it.

        Parameters
        ----------
        origin, direction : ndarray, (3,) float64 [m]
        """
        if not len(self.layout.ground_m):
            return None
        if self._locator is None:
            self._locator = vtkStaticCellLocator()
            self._locator.SetDataSet(self._ground_data)
            self._locator.BuildLocator()
        share, point, place = mutable(0.0), [0.0, 0.0, 0.0], mutable(0)
        inside, piece = [0.0, 0.0, 0.0], mutable(0)
        end = origin + direction * _REACH_M
        if not self._locator.IntersectWithLine(origin, end, 1e-6, share, point, inside, piece, place):
            return None
        met = np.array(point)
        cell = self.atlas.cell_at(self.layout.surface_count + int(place), met)
        return CellPick(cell, -1, met) if cell >= 0 else None

    def _ground_actor(self, palette: ScenePalette) -> Any:
        squares = self.layout.ground_m.astype(np.float64) + self.layout.middle_m
        row = self.layout.surface_count + np.arange(len(squares)).repeat(4)
        points = squares.reshape(-1, 3)
        self._ground_data = data = vtkPolyData()
        data.SetPoints(as_points(points))
        data.SetPolys(as_cells(np.arange(len(points)).reshape(-1, 4)))
        normals = np.zeros((len(points), 3), np.float32)
        normals[:, 2] = 1.0
        data.GetPointData().SetNormals(as_vtk(normals))
        data.GetPointData().SetTCoords(as_vtk(self.atlas.coordinates(row, points)))
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(data)
        actor = vtkActor()
        actor.SetMapper(mapper)
        actor.ForceOpaqueOn()
        shade_solid(actor, palette.stale, per_corner=False)
        actor.SetTexture(self._image.texture)
        actor.GetProperty().SetAmbient(AMBIENT_DATA)
        actor.GetProperty().SetDiffuse(1.0 - AMBIENT_DATA)
        return actor
