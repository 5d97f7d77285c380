"""A small picture on the graphics card whose texels are colours of surfaces or of cells."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTexture

from citytwin_desktop.scene.vtk_arrays import colour_view, rgba_array

LARGEST_SIDE_TEXELS = 16384
"""What the software renderer and every graphics card of the last ten years take."""

READ_COLOUR = """  vec4 surfaceColour = texture(actortexture, tcoordVCVSOutput);
  ambientColor = ambientIntensity * surfaceColour.rgb;
  diffuseColor = diffuseIntensity * surfaceColour.rgb;
  opacity = surfaceColour.a;
"""
"""Fragment shader code for ``//VTK::Color::Impl`` that takes the colour from the texture."""


class TexelImage:
    """Texels that are written as an array and read by shaders without smoothing.

    Parameters
    ----------
    width, height : int
        In texels.

    Attributes
    ----------
    texture : vtkTexture
    """

    def __init__(self, width: int, height: int) -> None:
        self._image = vtkImageData()
        self._image.SetDimensions(width, height, 1)
        self._texels = rgba_array(width * height)
        self._image.GetPointData().SetScalars(self._texels)
        self.texture = vtkTexture()
        self.texture.SetInputData(self._image)
        self.texture.SetColorModeToDirectScalars()
        self.texture.InterpolateOff()
        self.texture.MipmapOff()
        self.texture.RepeatOff()

    @property
    def packed(self) -> NDArray[np.uint32]:
        """(texels,) uint32: the memory of the texels, to write into; call `written` after it."""
        return colour_view(self._texels).view(np.uint32)[:, 0]

    def written(self) -> None:
        """Send the texels to the graphics card with the next frame."""
        self._texels.Modified()
        self._image.Modified()


def take_colours_from_texture(actor: Any) -> None:
    """Let an actor, whose data have texture coordinates, read colours before the light rather than after it."""
    actor.GetMapper().ScalarVisibilityOff()
    # VTK would multiply the lit colour by the texture.
    actor.GetShaderProperty().AddFragmentShaderReplacement("//VTK::TCoord::Impl", True, "", False)
