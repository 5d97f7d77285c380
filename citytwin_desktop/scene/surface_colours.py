"""Colours of surfaces in a texture with one texel for each: changing them touches no mesh.

Cell colours would be uploaded together with the whole mesh at every change, which costs more than a frame.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.scene.palette import ColourArray
from citytwin_desktop.scene.surface_shaders import CLOSED_SHIFT
from citytwin_desktop.scene.texel_image import TexelImage
from citytwin_desktop.scene.vtk_arrays import as_vtk

_WIDTH = 2048


class SurfaceColours:
    """The texture of one tile.

    Parameters
    ----------
    point_place : ndarray, (n_points,) int32
        Place in the tile of the surface that each point of its mesh belongs to.
    closed : ndarray, (n_surfaces,) bool
        Surfaces of buildings that are closed all around.
    coordinates : vtkDataArray, optional
        Of the same mesh, when they are known already.

    Attributes
    ----------
    coordinates : vtkDataArray, (n_points, 2) float32
        Texture coordinates of the mesh.
    texture : vtkTexture
    """

    def __init__(self, point_place: NDArray[np.int32], closed: NDArray[np.bool_], coordinates: Any = None) -> None:
        rows = max(1, -(-len(closed) // _WIDTH))
        if coordinates is None:
            row, column = np.divmod(np.arange(len(closed)), _WIDTH)
            texel = ((np.stack([column, row], axis=1) + 0.5) / (_WIDTH, rows)).astype(np.float32)
            texel[closed, 0] += CLOSED_SHIFT
            pairs = texel.view(np.complex64)[:, 0]  # both numbers of a point move together
            coordinates = as_vtk(pairs[point_place].view(np.float32).reshape(-1, 2))
        self.coordinates = coordinates
        self._image = TexelImage(_WIDTH, rows)
        self.texture = self._image.texture

    def write(self, rgba: ColourArray, surfaces: IntArray) -> None:
        """Set the colours.

        Parameters
        ----------
        rgba : ndarray, (n_surfaces of the city, 4) uint8
        surfaces : ndarray, (n_surfaces of the tile,) int64
            Where the tile's surfaces stand among them.
        """
        self._image.packed[: len(surfaces)] = np.ascontiguousarray(rgba).view(np.uint32)[surfaces, 0]
        self._image.written()
