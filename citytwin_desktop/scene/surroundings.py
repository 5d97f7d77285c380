"""Ground and context: everything that is drawn around the buildings; the sky is in `sky_dome`."""

from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkTexture

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.city.triangulation import triangulate
from citytwin_desktop.scene.depth_bias import add_depth_bias
from citytwin_desktop.scene.palette import ColourArray, ScenePalette
from citytwin_desktop.scene.vtk_arrays import as_cells, as_points, as_vtk

CONTEXT_ORDER = (ContextKind.TERRAIN, ContextKind.GREEN, ContextKind.WATER, ContextKind.ROAD, ContextKind.TREE)


def ground_height_m(city: CityModel) -> float:
    """Height of the ground plane [m]: low among the lowest points of the buildings."""
    lowest = city.bounds_m[0][:, 2]
    lowest = lowest[np.isfinite(lowest)]
    return float(np.percentile(lowest, 5)) if len(lowest) else 0.0


def context_actor(layer: ContextLayer, palette: ScenePalette) -> Any:
    """One context layer, muted and flat; it cannot be picked."""
    triangles = triangulate(layer.polygons)
    data = vtkPolyData()
    data.SetPoints(as_points(layer.polygons.vertices))
    data.SetPolys(as_cells(triangles.indices))
    mapper = vtkPolyDataMapper()
    mapper.SetVBOShiftScaleMethod(0)
    mapper.SetInputData(data)
    actor = vtkActor()
    actor.SetMapper(mapper)
    add_depth_bias(actor)
    actor.GetProperty().SetColor(*(channel / 255 for channel in palette.context[layer.kind]))
    solid = layer.kind in (ContextKind.TREE, ContextKind.TERRAIN)
    actor.GetProperty().SetAmbient(0.6 if solid else 1.0)
    actor.GetProperty().SetDiffuse(0.4 if solid else 0.0)
    return actor


def context_lift(kind: ContextKind) -> float:
    """Depth bias of a context layer: flat layers share a plane, later ones in the order lie over earlier ones."""
    return -1e-4 * (len(CONTEXT_ORDER) - CONTEXT_ORDER.index(kind))


def plan_bounds(city: CityModel) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest x, y of all buildings, two (2,) float64 [m]; 100 m about zero when there are none."""
    low, high = city.bounds_m
    seen = np.isfinite(low[:, 0])
    if not seen.any():
        return np.full(2, -50.0), np.full(2, 50.0)
    return low[seen, :2].min(axis=0), high[seen, :2].max(axis=0)


def _image(pixels: ColourArray) -> Any:
    height, width, channels = pixels.shape
    image = vtkImageData()
    image.SetDimensions(width, height, 1)
    scalars = as_vtk(pixels.reshape(-1, channels))
    image.GetPointData().SetScalars(scalars)
    return image


def _texture(pixels: ColourArray) -> Any:
    texture = vtkTexture()
    texture.SetInputDataObject(_image(pixels))
    texture.InterpolateOn()
    texture.RepeatOff()
    texture.SetColorModeToDirectScalars()
    return texture


def texture_pixels(texture: Any, pixels: ColourArray) -> None:
    """Show other pixels, (height, width, channels) uint8, in a texture."""
    texture.SetInputDataObject(_image(pixels))


def textured_quad(low: FloatArray, high: FloatArray, height_m: float, pixels: ColourArray) -> Any:
    """A level rectangle in the plan that shows a picture, the first row of pixels in the south.

    Parameters
    ----------
    low, high : ndarray, (2,) float64 [m]
    height_m : float
    pixels : ndarray, (height, width, channels) uint8
        Of 2 channels, shade and opacity, or of 4; they tint the actor's colour.
    """
    corners = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
    data = vtkPolyData()
    data.SetPoints(as_points(np.column_stack([corners, np.full(4, height_m)])))
    data.SetPolys(as_cells(np.array([[0, 1, 2, 3]])))
    coordinates = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    data.GetPointData().SetTCoords(as_vtk(coordinates))
    mapper = vtkPolyDataMapper()
    mapper.SetVBOShiftScaleMethod(0)
    mapper.SetInputData(data)
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.SetTexture(_texture(pixels))
    actor.GetProperty().SetLighting(False)
    actor.ForceTranslucentOn()
    actor.PickableOff()
    return actor
