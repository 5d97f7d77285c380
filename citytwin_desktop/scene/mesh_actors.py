"""VTK actors of one tile, and the way to write their colours."""

from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from citytwin_desktop.scene.appearance import GHOST, HIDDEN
from citytwin_desktop.scene.palette import ColourArray, ScenePalette
from citytwin_desktop.scene.surface_colours import SurfaceColours
from citytwin_desktop.scene.texel_image import READ_COLOUR, take_colours_from_texture
from citytwin_desktop.scene.tiles import TileMesh
from citytwin_desktop.scene.vtk_arrays import cell_colours, colour_view, shared, shared_cells, shared_points

EDGE_OPACITY = 0.35
AMBIENT_MODEL, AMBIENT_DATA = 0.45, 0.72

# Alpha is a code (see `appearance`): one opaque pass draws everything solid, discards what is hidden and
# hatches what is stale along lines of the screen; a second actor draws the ghosts of an isolated view.
_SOLID = (
    "//VTK::Color::Impl\n"
    + READ_COLOUR.replace("{", "{{").replace("}", "}}")
    + """  if (opacity < 0.5) discard;
  if (opacity < 0.9 && mod(gl_FragCoord.x + gl_FragCoord.y, 9.0) < 1.6)
    {{ ambientColor = ambientIntensity * vec3({0}); diffuseColor = diffuseIntensity * vec3({0}); }}
  opacity = 1.0;
"""
)
_BIASED_VERTEX = """//VTK::PositionVC::Impl
  gl_Position.z -= depthBias;
"""
EDGE_LIFT = 4e-4
"""Share of their distance by which lines are drawn closer than the faces that they bound."""
_GHOST = "//VTK::Color::Impl\n" + READ_COLOUR + "  if (opacity > 0.5 || opacity < 0.02) discard;\n"


class TileActors:
    """Surfaces, ghosts and edges of one tile as VTK actors.

    Parameters
    ----------
    mesh : TileMesh
    palette : ScenePalette
    """

    def __init__(self, mesh: TileMesh, palette: ScenePalette) -> None:
        self.mesh = mesh
        points = shared_points(mesh.points)
        self.surface_data = _poly_data(points, shared_cells(mesh.triangles), "polys")
        self.surface_data.GetPointData().SetNormals(shared(mesh.normals))
        self.edge_data = _poly_data(points, shared_cells(mesh.edges), "lines")
        self._colours = SurfaceColours(mesh.point_place, len(mesh.surfaces))
        self.surface_data.GetPointData().SetTCoords(self._colours.coordinates)
        self._edge_rgba = cell_colours(self.edge_data, len(mesh.edges))
        self.surface = _actor(self.surface_data)
        dress_solid(self.surface, palette)
        self.ghost = _actor(self.surface_data)
        self.ghost.ForceTranslucentOn()
        self.ghost.VisibilityOff()
        _colour_shader(self.ghost, _GHOST)
        take_colours_from_texture(self.ghost)
        self.wear(self._colours.coordinates, self._colours.texture)
        self.edge = _actor(self.edge_data)
        self.edge.GetProperty().SetLighting(False)
        self.edge.GetProperty().SetLineWidth(1.0)
        self._edge_colours = (palette.edge, palette.data_edge)
        self._data_edges: bool | None = None
        add_depth_bias(self.edge)

    @property
    def actors(self) -> tuple[Any, ...]:
        """All actors, in drawing order."""
        return self.surface, self.ghost, self.edge

    def wear(self, coordinates: Any, texture: Any) -> None:
        """Take colours from another texture.

        Parameters
        ----------
        coordinates : vtkDataArray, (n_points, 2) float32
            Where the points of the mesh lie in it.
        texture : vtkTexture
        """
        self.surface_data.GetPointData().SetTCoords(coordinates)
        for actor in (self.surface, self.ghost):
            actor.SetTexture(texture)

    def wear_surfaces(self) -> None:
        """Take colours from the texture with one texel for each surface."""
        self.wear(self._colours.coordinates, self._colours.texture)

    def write_surfaces(self, rgba: ColourArray, data_colours: bool) -> None:
        """Set the colour of every surface.

        Parameters
        ----------
        rgba : ndarray, (n_surfaces of the city, 4) uint8
        data_colours : bool
            Lit only a little, so that the legend can be read off the surface.
        """
        self._colours.write(rgba, self.mesh.surfaces)
        self.light_for(data_colours)

    def light_for(self, data_colours: bool) -> None:
        """Light and edge colour that suit data, or the neutral model."""
        if data_colours != self._data_edges:
            self._data_edges = data_colours
            colour_view(self._edge_rgba)[:, :3] = self._edge_colours[data_colours]
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
        view = colour_view(self._edge_rgba)
        view[:, 3] = opacity
        self._edge_rgba.Modified()
        self.ghost.SetVisibility(bool((building_codes[self.mesh.rows] == GHOST).any()))


def dress_solid(actor: Any, palette: ScenePalette) -> None:
    """Let an actor with a texture of coded colours draw what is solid, hatch what is stale and leave out the rest."""
    actor.ForceOpaqueOn()
    amber = ", ".join(f"{channel / 255:.4f}" for channel in palette.stale)
    _colour_shader(actor, _SOLID.format(amber))
    take_colours_from_texture(actor)


def add_depth_bias(actor: Any) -> None:
    """Let an actor win or lose against faces in its own plane; `set_depth_bias` must follow each camera.

    VTK's own offset for coincident topology is one switch for all mappers and lifts far lines by metres.
    """
    actor.GetMapper().SetResolveCoincidentTopologyToOff()
    actor.GetShaderProperty().AddVertexShaderReplacement("//VTK::PositionVC::Impl", True, _BIASED_VERTEX, False)
    set_depth_bias(actor, 1.0, 1000.0, 0.0)


def set_depth_bias(actor: Any, near_m: float, far_m: float, share: float) -> None:
    """Bring an actor closer by a share of its distance (farther when negative), given the clipping range."""
    bias = 2.0 * near_m * far_m / (far_m - near_m) * share
    actor.GetShaderProperty().GetVertexCustomUniforms().SetUniformf("depthBias", bias)


def line_actor(colour: tuple[int, int, int], width: float) -> tuple[Any, Any]:
    """An empty bundle of unlit lines, as (actor, poly data)."""
    data = vtkPolyData()
    actor = _actor(data)
    actor.GetProperty().SetLighting(False)
    actor.GetProperty().SetColor(*(channel / 255 for channel in colour))
    actor.GetProperty().SetLineWidth(width)
    add_depth_bias(actor)
    return actor, data


def _poly_data(points: Any, cells: Any, kind: str) -> Any:
    data = vtkPolyData()
    data.SetPoints(points)
    if kind == "polys":
        data.SetPolys(cells)
    else:
        data.SetLines(cells)
    return data


def _actor(data: Any) -> Any:
    mapper = vtkPolyDataMapper()
    mapper.SetVBOShiftScaleMethod(0)  # the shaders of shadows read local coordinates, not VTK's scaled ones
    mapper.SetInputData(data)
    actor = vtkActor()
    actor.SetMapper(mapper)
    return actor


def _colour_shader(actor: Any, code: str) -> None:
    actor.GetShaderProperty().AddFragmentShaderReplacement("//VTK::Color::Impl", True, code, False)
