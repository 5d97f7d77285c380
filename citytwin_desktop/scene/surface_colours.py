"""Colours of surfaces in a texture with one texel for each: changing them touches no mesh.

Cell colours would be uploaded together with the whole mesh at every change, which costs more than a frame.
"""

from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTexture

from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.scene.palette import ColourArray
from citytwin_desktop.scene.vtk_arrays import as_vtk, colour_view, rgba_array

_WIDTH = 2048

READ_COLOUR = """  vec4 surfaceColour = texture(actortexture, tcoordVCVSOutput);
  ambientColor = ambientIntensity * surfaceColour.rgb;
  diffuseColor = diffuseIntensity * surfaceColour.rgb;
  opacity = surfaceColour.a;
"""
"""Fragment shader code for ``//VTK::Color::Impl`` that takes the colour from the texture."""


class SurfaceColours:
    """The texture of one tile.

    Parameters
    ----------
    point_surface : ndarray, (n_points,) int64
        Surface of the city that each point of the mesh belongs to.
    """

    def __init__(self, point_surface: IntArray) -> None:
        self.surfaces, texel = np.unique(point_surface, return_inverse=True)
        rows = max(1, -(-len(self.surfaces) // _WIDTH))
        place = np.column_stack([texel % _WIDTH, texel // _WIDTH])
        self.coordinates = as_vtk(((place + 0.5) / (_WIDTH, rows)).astype(np.float32))
        self._image = vtkImageData()
        self._image.SetDimensions(_WIDTH, rows, 1)
        self._texels = rgba_array(_WIDTH * rows)
        self._image.GetPointData().SetScalars(self._texels)
        self.texture = vtkTexture()
        self.texture.SetInputData(self._image)
        self.texture.SetColorModeToDirectScalars()
        self.texture.InterpolateOff()
        self.texture.MipmapOff()

    def write(self, rgba: ColourArray) -> None:
        """Set the colours.

        Parameters
        ----------
        rgba : ndarray, (n_surfaces of the city, 4) uint8
        """
        colour_view(self._texels)[: len(self.surfaces)] = rgba[self.surfaces]
        self._texels.Modified()
        self._image.Modified()

    def dress(self, actor: Any) -> None:
        """Let an actor, whose data have `coordinates`, take its colours from the texture."""
        actor.GetMapper().ScalarVisibilityOff()
        actor.SetTexture(self.texture)
        # VTK would multiply the lit colour by the texture; the colour is read before the light instead.
        actor.GetShaderProperty().AddFragmentShaderReplacement("//VTK::TCoord::Impl", True, "", False)
