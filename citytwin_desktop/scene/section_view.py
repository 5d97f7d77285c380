"""The section planes of a scene: clips what is drawn and draws the lines of the cut."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkPlane

from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.scene.appearance import OPAQUE
from citytwin_desktop.scene.closed_buildings import leave_out_far_sides
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

    def cut(self, planes: tuple[CutPlane, ...], lines: bool = True) -> None:
        """Cut along some planes, or show the whole city for none.

        Parameters
        ----------
        planes : tuple of CutPlane
        lines : bool
            Draw the lines of the cut too; without, `lines_of_cut` and `show_lines` may follow.
        """
        before = len(self._planes)
        self.scene.cut = Cut(planes)
        leave_out_far_sides(self.scene)
        if len(planes) != before:
            self._planes = [vtkPlane() for _ in planes]
            self._clip()
        for made, plane in zip(self._planes, planes, strict=True):
            made.SetOrigin(*plane.point)
            made.SetNormal(*plane.normal)
        self.show_lines(self.lines_of_cut()() if lines else np.zeros((0, 2, 3)))

    def lines_of_cut(self) -> Callable[[], FloatArray]:
        """What works out the lines of the cut as it is now; reads arrays only, so it may run on another thread."""
        scene = self.scene
        meshes, planes = [tile.mesh for tile in scene.tiles], scene.cut.planes
        shown, owner = scene.appearance.building_codes() == OPAQUE, scene.city.surfaces.building
        return lambda: _lines(meshes, planes, shown, owner)

    def show_lines(self, lines_m: FloatArray) -> None:
        """Draw the lines of the cut, (n, 2, 3) float64 [m]."""
        self.lines_m = lines_m
        self._lines.show(lines_m)

    def refresh(self) -> None:
        """Actors were made anew, or others are hidden."""
        if self._planes:
            self._clip()
            self.show_lines(self.lines_of_cut()())

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
        actors += scene.highlight_actors
        return actors + [actor for _, actor in scene.ground.layers if not _is_flat(actor)]


def _lines(meshes: list[Any], planes: tuple[CutPlane, ...], shown: NDArray[np.bool_], owner: IntArray) -> FloatArray:
    """Lines on each plane, as far as the others keep them."""
    found = [np.zeros((0, 2, 3))]
    for number, plane in enumerate(planes):
        lines = lines_of_tiles(meshes, plane, shown, owner)
        others = Cut(planes[:number] + planes[number + 1 :])
        found.append(lines[others.keeps(lines.mean(axis=1))] if others.planes and len(lines) else lines)
    return np.concatenate(found)


def _is_flat(actor: Any) -> bool:
    low, high = actor.GetBounds()[4:6]
    return bool(high - low < 0.5)
