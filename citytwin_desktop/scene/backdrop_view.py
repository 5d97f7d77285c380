"""Draws pictures on the ground, or over the terrain where there is one."""

from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.scene.backdrop import GroundPicture
from citytwin_desktop.scene.depth_bias import add_depth_bias
from citytwin_desktop.scene.loose_lines import lift
from citytwin_desktop.scene.surroundings import ground_height_m, textured_quad
from citytwin_desktop.scene.vtk_arrays import as_vtk

BENEATH_M = 0.06
FLAT_LIFT, TERRAIN_LIFT = -6e-4, -4.5e-4
"""Behind all layers of the context; just before the terrain that it covers."""


class BackdropView:
    """One picture in one scene; follows it when its actors are made anew.

    Parameters
    ----------
    scene : CityScene
    """

    def __init__(self, scene: Any) -> None:
        self.scene, self.opacity = scene, 1.0
        self.picture: GroundPicture | None = None
        self._actors: list[tuple[Any, float]] = []
        self._shown_ground: Any = None
        scene.followers.append(self.follow_scene)

    def show(self, picture: GroundPicture | None) -> None:
        """Draw another picture, or none."""
        for actor, _ in self._actors:
            self.scene.renderer.RemoveActor(actor)
        self.picture, self._actors = picture, []
        self._shown_ground = self.scene.ground
        if picture is None:
            return
        flat = textured_quad(picture.low, picture.high, ground_height_m(self.scene.city) - BENEATH_M, picture.rgba)
        terrain = self._terrain()
        draped = [_draped(actor, picture, flat.GetTexture()) for actor in terrain]
        self._actors = [(actor, TERRAIN_LIFT) for actor in draped] if draped else [(flat, FLAT_LIFT)]
        for actor, _ in self._actors:
            # With the opaque things, but blended: what is translucent, such as soft shadows, lies over it.
            actor.ForceTranslucentOff()
            actor.ForceOpaqueOn()
            add_depth_bias(actor)
            self.scene.renderer.AddActor(actor)
        self.set_opacity(self.opacity)
        self.follow_camera()

    def set_opacity(self, opacity: float) -> None:
        """How much it covers the ground, 0-1."""
        self.opacity = opacity
        for actor, _ in self._actors:
            actor.GetProperty().SetOpacity(opacity)

    def remove(self) -> None:
        """Take it away for good."""
        self.show(None)
        self.scene.followers.remove(self.follow_scene)

    def follow_camera(self) -> None:
        """To be called for each new camera."""
        for actor, share in self._actors:
            lift(self.scene, actor, share)

    def follow_scene(self) -> None:
        """Draw it again when all actors were made anew."""
        if self.picture is not None and self.scene.ground is not self._shown_ground:
            self.show(self.picture)

    def _terrain(self) -> list[Any]:
        names = {layer.name for layer in self.scene.city.context if layer.kind is ContextKind.TERRAIN}
        return [actor for name, actor in self.scene.ground.layers if name in names]


def _draped(terrain: Any, picture: GroundPicture, texture: Any) -> Any:
    """An actor with the mesh of a terrain that shows a picture."""
    source = terrain.GetMapper().GetInput()
    points = np.array([source.GetPoint(0)]) if source.GetNumberOfPoints() == 0 else _points(source)
    data = vtkPolyData()
    data.SetPoints(source.GetPoints())
    data.SetPolys(source.GetPolys())
    places = (points[:, :2] - picture.low) / (picture.high - picture.low)
    data.GetPointData().SetTCoords(as_vtk(places.astype(np.float32)))
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.SetTexture(texture)
    actor.GetProperty().SetLighting(False)
    actor.PickableOff()
    return actor


def _points(data: Any) -> Any:
    from vtkmodules.util.numpy_support import vtk_to_numpy

    return np.asarray(vtk_to_numpy(data.GetPoints().GetData()), np.float64)  # type: ignore[no-untyped-call]
