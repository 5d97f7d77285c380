"""Lines over a scene that belong to no tile: the cut of a section, the outline of a surface."""

from typing import Any

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.depth_bias import EDGE_LIFT, line_actor, set_depth_bias
from citytwin_desktop.scene.vtk_arrays import as_cells, as_points


class LooseLines:
    """A bundle of lines in the selection colour, drawn just before the faces that they lie on.

    Parameters
    ----------
    scene : CityScene
    width : float [pixels]
    """

    def __init__(self, scene: Any, width: float) -> None:
        self._scene = scene
        self._actor, self._data = line_actor(scene.palette.selection, width)

    def show(self, lines_m: FloatArray) -> None:
        """Draw other lines, (n, 2, 3) float64 [m]; also after all actors of the scene were taken away."""
        scene = self._scene
        self._data.SetPoints(as_points(lines_m.reshape(-1, 3)))
        self._data.SetLines(as_cells(np.arange(2 * len(lines_m)).reshape(-1, 2)))
        self._actor.GetProperty().SetColor(*(channel / 255 for channel in scene.palette.selection))
        scene.renderer.RemoveActor(self._actor)
        if len(lines_m):
            scene.renderer.AddActor(self._actor)
            self.follow_camera()

    def follow_camera(self) -> None:
        """To be called for each new camera."""
        lift(self._scene, self._actor, EDGE_LIFT)


def outline_m(city: CityModel, surface: int) -> FloatArray:
    """Edges of a surface with its holes, (n, 2, 3) float64 [m]; none for -1."""
    if not 0 <= surface < len(city.surfaces):
        return np.zeros((0, 2, 3))
    rings = city.surfaces.polygons.rings(surface)
    return np.concatenate([np.stack([ring, np.roll(ring, -1, axis=0)], axis=1) for ring in rings])


def lift(scene: Any, actor: Any, share: float) -> None:
    """Bring an actor that belongs to no tile closer by a share of its distance, as the scene's camera now is."""
    near, far = scene.renderer.GetActiveCamera().GetClippingRange()
    low, high = scene.camera.depth_range(float(near), float(far))
    set_depth_bias(actor, low, high, share)
