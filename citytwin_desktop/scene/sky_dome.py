"""The sky behind everything: a dome at no distance, and one colour for the ground below it.

The frame is cleared to the colour of the ground, and the dome ends where its haze does, so most views from above colour
few pixels twice. A texture over the whole frame costs more than the buildings of a small city.
"""

from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.palette import ColourArray, ScenePalette
from citytwin_desktop.scene.vtk_arrays import as_cells, as_points, colour_view, rgba_array

LOWEST = -0.35
"""Sine of the height below the horizon where the haze ends: a shade of 255 more or less."""

SEGMENTS = 24
_BEYOND_M = 1e7
_BELOW = (LOWEST, -0.26, -0.19, -0.14, -0.1, -0.065, -0.03, 0.0)
_ABOVE = (0.0008, 0.004, 0.014, 0.04, 0.09, 0.18, 0.32, 0.46, 0.6, 0.75, 0.88, 0.97, 1.0)
HEIGHTS = np.array([*_BELOW, *_ABOVE])
"""Sines of the heights of the rings, close where the colour bends: between them it runs straight to half a shade."""

# Points are directions: the dome stands about the eye wherever it is, and behind all that is drawn.
_ENDLESS = """//VTK::PositionVC::Impl
  gl_Position = MCDCMatrix * vec4(vertexMC.xyz, 0.0);
  gl_Position.z = gl_Position.w;
"""


class SkyDome:
    """Sky and far ground of one renderer.

    Parameters
    ----------
    renderer : vtkRenderer
    palette : ScenePalette

    Attributes
    ----------
    actor : vtkActor
        To be drawn before all else.
    """

    def __init__(self, renderer: Any, palette: ScenePalette) -> None:
        self._renderer = renderer
        self._palette = palette
        self._camera: OrbitCamera | None = None
        data = vtkPolyData()
        data.SetPoints(as_points(_directions() * _BEYOND_M))
        data.SetPolys(as_cells(_faces()))
        self._colours = rgba_array(len(HEIGHTS) * SEGMENTS)
        data.GetPointData().SetScalars(self._colours)
        mapper = vtkPolyDataMapper()
        mapper.SetVBOShiftScaleMethod(0)
        mapper.SetInputData(data)
        self.actor = vtkActor()
        self.actor.SetMapper(mapper)
        self.actor.GetProperty().SetLighting(False)
        self.actor.GetShaderProperty().AddVertexShaderReplacement("//VTK::PositionVC::Impl", True, _ENDLESS, False)
        self.actor.ForceOpaqueOn()
        self.actor.UseBoundsOff()
        self.actor.PickableOff()
        renderer.GradientBackgroundOff()
        renderer.AddActor(self.actor)
        self.show(palette)

    def show(self, palette: ScenePalette) -> None:
        """Take the colours of another palette."""
        self._palette = palette
        colour_view(self._colours)[:, :3] = np.repeat(sky_colours(HEIGHTS, palette), SEGMENTS, axis=0)
        self._colours.Modified()
        self._fill()

    def follow(self, camera: OrbitCamera) -> None:
        """To be called for each new camera: in parallel projection all lines of sight meet the sky in one point."""
        self._camera = camera
        self._fill()

    def _fill(self) -> None:
        parallel = self._camera is not None and self._camera.parallel
        ahead = -float(self._camera.axes[2, 2]) if self._camera is not None and parallel else LOWEST
        self.actor.SetVisibility(not parallel)
        self._renderer.SetBackground(*(sky_colours(np.array(ahead), self._palette) / 255.0).tolist())


def sky_colours(height: FloatArray, palette: ScenePalette) -> ColourArray:
    """(..., 3) uint8: colour by the sine of the height above the horizon, -1 to 1."""
    height = height[..., None]
    horizon, top, ground = (np.array(c, float) for c in (palette.sky_horizon, palette.sky_top, palette.ground))
    above = horizon + (top - horizon) * np.clip(height, 0, 1) ** 0.55
    # The ground keeps its colour until close to the horizon, where it dissolves into haze.
    haze = np.exp(-np.clip(-height, 0, 1) / 0.10)
    mixed = np.where(height >= 0, above, ground + (horizon - ground) * haze)
    return np.asarray(mixed.round(), np.uint8)


def _directions() -> FloatArray:
    """(rings * segments, 3) float64: unit vectors, ring by ring from below."""
    turn = np.arange(SEGMENTS) * (2.0 * np.pi / SEGMENTS)
    level = np.sqrt(1.0 - HEIGHTS**2)
    around = level[:, None, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    upward = np.broadcast_to(HEIGHTS[:, None, None], (len(HEIGHTS), SEGMENTS, 1))
    return np.concatenate([around, upward], axis=2).reshape(-1, 3)


def _faces() -> Any:
    """(n, 3) int64: two triangles between each two neighbours of a ring and the ring above."""
    here = np.arange(SEGMENTS)
    following = (here + 1) % SEGMENTS
    above, across = here + SEGMENTS, following + SEGMENTS
    band = np.concatenate([np.stack([here, following, across], axis=1), np.stack([here, across, above], axis=1)])
    return (band[None] + (np.arange(len(HEIGHTS) - 1) * SEGMENTS)[:, None, None]).reshape(-1, 3)
