"""The section planes of a scene: clips what is drawn and draws the lines of the cut."""

from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPlane

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.appearance import OPAQUE
from citytwin_desktop.scene.mesh_actors import EDGE_LIFT, line_actor, set_depth_bias
from citytwin_desktop.scene.section_plane import Cut, CutPlane, lines_of_tiles
from citytwin_desktop.scene.vtk_arrays import as_cells, as_points


class SectionView:
    """Cuts one scene; follows it when its actors are made anew.

    Parameters
    ----------
    scene : CityScene

    Attributes
    ----------
    lines_m : ndarray, (n, 2, 3) float64 [m]
        Lines that are drawn on the planes.
    """

    def __init__(self, scene: Any) -> None:
        self.scene = scene
        self.lines_m: FloatArray = np.zeros((0, 2, 3))
        self._planes: list[Any] = []
        self._actor, self._data = line_actor(scene.palette.selection, 2.0)
        self._busy = False
        scene.followers.append(self.refresh)

    def cut(self, planes: tuple[CutPlane, ...]) -> None:
        """Cut along some planes, or show the whole city for none."""
        before = len(self._planes)
        self.scene.cut = Cut(planes)
        if len(planes) != before:
            self._planes = [vtkPlane() for _ in planes]
            self._clip()
        for made, plane in zip(self._planes, planes, strict=True):
            made.SetOrigin(*plane.point)
            made.SetNormal(*plane.normal)
        self._draw_lines()

    def refresh(self) -> None:
        """Actors were made anew, or others are hidden."""
        if self._planes:
            self._clip()
            self._draw_lines()

    def follow_camera(self) -> None:
        """Keep the lines just before the faces that they lie on."""
        if self._planes:
            set_depth_bias(self._actor, *self.scene.camera.depth_range(*_range(self.scene)), EDGE_LIFT)

    def _clip(self) -> None:
        for actor in self._cut_actors():
            mapper = actor.GetMapper()
            mapper.RemoveAllClippingPlanes()
            for plane in self._planes:
                mapper.AddClippingPlane(plane)

    def _cut_actors(self) -> list[Any]:
        """Buildings, their lines and what stands around them; the flat ground stays whole."""
        scene = self.scene
        actors = [actor for tile in scene.tiles for actor in tile.actors]
        actors += [scene._hover_lines[0], scene._selection_lines[0]]  # noqa: SLF001
        return actors + [actor for _, actor in scene.ground.layers if not _is_flat(actor)]

    def _draw_lines(self) -> None:
        scene, planes = self.scene, self.scene.cut.planes
        found = [np.zeros((0, 2, 3))]
        shown = scene.appearance.building_codes() == OPAQUE
        for number, plane in enumerate(planes):
            meshes = [tile.mesh for tile in scene.tiles]
            lines = lines_of_tiles(meshes, plane, shown, scene.city.surfaces.building)
            others = Cut(planes[:number] + planes[number + 1 :])
            found.append(lines[others.keeps(lines.mean(axis=1))] if len(lines) else lines)
        self.lines_m = np.concatenate(found)
        self._data.SetPoints(as_points(self.lines_m.reshape(-1, 3)))
        self._data.SetLines(as_cells(np.arange(2 * len(self.lines_m)).reshape(-1, 2)))
        self._actor.GetProperty().SetColor(*(channel / 255 for channel in scene.palette.selection))
        scene.renderer.RemoveActor(self._actor)
        if len(self.lines_m):
            scene.renderer.AddActor(self._actor)
            self.follow_camera()


def _range(scene: Any) -> tuple[float, float]:
    near, far = scene.renderer.GetActiveCamera().GetClippingRange()
    return float(near), float(far)


def _is_flat(actor: Any) -> bool:
    low, high = actor.GetBounds()[4:6]
    return bool(high - low < 0.5)
