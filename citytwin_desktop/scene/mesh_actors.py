"""VTK actors of one tile, and the way to write their colours."""

from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
from vtkmodules.vtkCommonCore import vtkPoints, vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.scene.appearance import GHOST, HIDDEN
from citytwin_desktop.scene.palette import ColourArray, ScenePalette
from citytwin_desktop.scene.tiles import TileMesh

EDGE_OPACITY = 0.35
AMBIENT_MODEL, AMBIENT_DATA = 0.45, 0.72

# Alpha is a code (see `appearance`): one opaque pass draws everything solid, discards what is hidden and
# hatches what is stale along lines of the screen; a second actor draws the ghosts of an isolated view.
_SOLID = """//VTK::Color::Impl
  if (opacity < 0.5) discard;
  if (opacity < 0.9 && mod(gl_FragCoord.x + gl_FragCoord.y, 9.0) < 1.6)
    {{ ambientColor = ambientIntensity * vec3({0}); diffuseColor = diffuseIntensity * vec3({0}); }}
  opacity = 1.0;
"""
# Lines lie on the faces that they bound. Scaling them towards the eye by a small share keeps them from
# flickering without lifting far lines by metres, as an offset in depth units would.
_EDGE_VERTEX = """//VTK::PositionVC::Impl
  gl_Position.z -= edgeBias;
"""
EDGE_LIFT = 4e-4
_GHOST = """//VTK::Color::Impl
  if (opacity > 0.5 || opacity < 0.02) discard;
"""


class TileActors:
    """Surfaces, ghosts and edges of one tile as VTK actors.

    Parameters
    ----------
    mesh : TileMesh
    palette : ScenePalette
    """

    def __init__(self, mesh: TileMesh, palette: ScenePalette) -> None:
        self.mesh = mesh
        points = as_points(mesh.points)
        self.surface_data = _poly_data(points, as_cells(mesh.triangles), "polys")
        self.surface_data.GetPointData().SetNormals(numpy_to_vtk(mesh.normals, deep=True))
        self.edge_data = _poly_data(points, as_cells(mesh.edges), "lines")
        self._surface_rgba = _colour_array(self.surface_data, len(mesh.triangles))
        self._edge_rgba = _colour_array(self.edge_data, len(mesh.edges))
        self.surface = _actor(self.surface_data)
        self.surface.ForceOpaqueOn()
        amber = ", ".join(f"{channel / 255:.4f}" for channel in palette.stale)
        _colour_shader(self.surface, _SOLID.format(amber))
        self.ghost = _actor(self.surface_data)
        self.ghost.ForceTranslucentOn()
        self.ghost.VisibilityOff()
        _colour_shader(self.ghost, _GHOST)
        self.edge = _actor(self.edge_data)
        self.edge.GetProperty().SetLighting(False)
        self.edge.GetProperty().SetLineWidth(1.0)
        self._edge_colours = (palette.edge, palette.data_edge)
        self._data_edges: bool | None = None
        lift_lines(self.edge)

    @property
    def actors(self) -> tuple[Any, ...]:
        """All actors, in drawing order."""
        return self.surface, self.ghost, self.edge

    def write_surfaces(self, rgba: ColourArray, data_colours: bool) -> None:
        """Set the colour of every surface.

        Parameters
        ----------
        rgba : ndarray, (n_surfaces of the city, 4) uint8
        data_colours : bool
            Lit only a little, so that the legend can be read off the surface.
        """
        _view(self._surface_rgba)[:] = rgba[self.mesh.triangle_surface]
        self._surface_rgba.Modified()
        if data_colours != self._data_edges:
            self._data_edges = data_colours
            _view(self._edge_rgba)[:, :3] = self._edge_colours[data_colours]
            self._edge_rgba.Modified()
        ambient = AMBIENT_DATA if data_colours else AMBIENT_MODEL
        for actor in (self.surface, self.ghost):
            actor.GetProperty().SetAmbient(ambient)
            actor.GetProperty().SetDiffuse(1.0 - ambient)

    def write_edges(self, building_codes: ColourArray) -> None:
        """Hide the edges of hidden buildings and thin out those of ghosts.

        Parameters
        ----------
        building_codes : ndarray, (n_buildings,) uint8
            As of `Appearance.building_codes`.
        """
        codes = building_codes[self.mesh.edge_building]
        opacity = np.full(len(codes), round(EDGE_OPACITY * 255), np.uint8)
        opacity[codes == GHOST] = 14
        opacity[codes == HIDDEN] = 0
        view = _view(self._edge_rgba)
        view[:, 3] = opacity
        self._edge_rgba.Modified()
        self.ghost.SetVisibility(bool((building_codes == GHOST).any()))


def lift_lines(actor: Any) -> None:
    """Make lines win against the faces that they lie on; `set_line_bias` must follow each camera."""
    actor.GetShaderProperty().AddVertexShaderReplacement("//VTK::PositionVC::Impl", True, _EDGE_VERTEX, False)
    set_line_bias(actor, 1.0, 1000.0)


def set_line_bias(actor: Any, near_m: float, far_m: float) -> None:
    """Lift lines by a constant share of their distance, given the camera's clipping range."""
    bias = 2.0 * near_m * far_m / (far_m - near_m) * EDGE_LIFT
    actor.GetShaderProperty().GetVertexCustomUniforms().SetUniformf("edgeBias", bias)


def line_actor(colour: tuple[int, int, int], width: float) -> tuple[Any, Any]:
    """An empty bundle of unlit lines, as (actor, poly data)."""
    data = vtkPolyData()
    actor = _actor(data)
    actor.GetProperty().SetLighting(False)
    actor.GetProperty().SetColor(*(channel / 255 for channel in colour))
    actor.GetProperty().SetLineWidth(width)
    lift_lines(actor)
    return actor, data


def as_points(points: Any) -> Any:
    """VTK points from (n, 3) floats, copied."""
    result = vtkPoints()
    result.SetData(numpy_to_vtk(np.ascontiguousarray(points, np.float32), deep=True))
    return result


def as_cells(cells: IntArray) -> Any:
    """VTK cells, all of one size, from (n, size) point numbers."""
    result = vtkCellArray()
    count, size = cells.shape
    offsets = np.arange(0, count * size + 1, size, dtype=np.int64)
    result.SetData(
        numpy_to_vtkIdTypeArray(offsets, deep=True),
        numpy_to_vtkIdTypeArray(np.ascontiguousarray(cells.ravel(), np.int64), deep=True),
    )
    return result


def _poly_data(points: Any, cells: Any, kind: str) -> Any:
    data = vtkPolyData()
    data.SetPoints(points)
    if kind == "polys":
        data.SetPolys(cells)
    else:
        data.SetLines(cells)
    return data


def _colour_array(data: Any, count: int) -> Any:
    array = vtkUnsignedCharArray()
    array.SetNumberOfComponents(4)
    array.SetNumberOfTuples(count)
    array.Fill(255)
    data.GetCellData().SetScalars(array)
    return array


def _view(array: Any) -> ColourArray:
    from vtkmodules.util.numpy_support import vtk_to_numpy

    return np.asarray(vtk_to_numpy(array))


def _actor(data: Any) -> Any:
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    mapper.SetResolveCoincidentTopologyToOff()
    actor = vtkActor()
    actor.SetMapper(mapper)
    return actor


def _colour_shader(actor: Any, code: str) -> None:
    actor.GetShaderProperty().AddFragmentShaderReplacement("//VTK::Color::Impl", True, code, False)
