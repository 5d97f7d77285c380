"""The section planes of a scene: clips what is drawn and draws the lines of the cut."""

from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPlane

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.appearance import OPAQUE
from citytwin_desktop.scene.loose_lines import LooseLines
from citytwin_desktop.scene.section_plane import Cut, CutPlane, lines_of_tiles


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
        self._lines = LooseLines(scene, 2.0)
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
        self._lines.follow_camera()

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
        actors += [scene._hover_lines.actor, scene._selection_lines.actor]  # noqa: SLF001 - a part of the scene
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
        self._lines.show(self.lines_m)


def _is_flat(actor: Any) -> bool:
    low, high = actor.GetBounds()[4:6]
    return bool(high - low < 0.5)
