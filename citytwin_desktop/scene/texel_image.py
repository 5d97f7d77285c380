"""A small picture on the graphics card whose texels are colours of surfaces or of cells."""

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTexture

from citytwin_desktop.scene.vtk_arrays import colour_view, rgba_array

LARGEST_SIDE_TEXELS = 16384
"""What the software renderer and every graphics card of the last ten years take."""


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
