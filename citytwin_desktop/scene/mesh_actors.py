"""VTK actors of one tile, and the way to write their colours."""

from functools import cache
from typing import Any

from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from citytwin_desktop.scene.appearance import GHOST, OPAQUE
from citytwin_desktop.scene.edge_lines import EdgeLines
from citytwin_desktop.scene.palette import ColourArray, ScenePalette
from citytwin_desktop.scene.surface_colours import SurfaceColours
from citytwin_desktop.scene.surface_shaders import see_from, shade_ghost, shade_solid
from citytwin_desktop.scene.tiles import TileMesh
from citytwin_desktop.scene.vtk_arrays import shared, shared_cells, shared_points

AMBIENT_MODEL, AMBIENT_DATA = 0.45, 0.72


class TileActors:
    """Surfaces, ghosts and edges of one tile as VTK actors.

    Parameters
    ----------
    mesh : TileMesh
    palette : ScenePalette
    twin : TileActors, optional
        Of the same mesh in another scene: its points, faces and lines are drawn here too, in other colours.

    Attributes
    ----------
    hatched : tuple of vtkActor
        Actors that are hatched where they are stale, see `stale_hatch`.
    hatch_pixels : float
        Pixels for one of the hatching, as they were told.
    """

    def __init__(self, mesh: TileMesh, palette: ScenePalette, twin: "TileActors | None" = None) -> None:
        self.mesh = mesh
        self.surface_data, self.edges, self.feet = _parts_of(mesh) if twin is None else twin.same_parts()
        lent = None if twin is None else twin.colours.coordinates
        self.colours: SurfaceColours = SurfaceColours(mesh.point_place, mesh.closed, lent)
        self.surface_data.GetPointData().SetTCoords(self.colours.coordinates)
        self.surface = _actor(self.surface_data)
        self.surface.ForceOpaqueOn()
        self.ghost = _actor(self.surface_data)
        self.ghost.ForceTranslucentOn()
        self.ghost.VisibilityOff()
        self._stale = palette.stale
        self.hatched: tuple[Any, ...]
        self.hatch_pixels: float
        self.wear_surfaces()
        for actor in (self.surface, self.ghost):
            see_from(actor, (0.0, 0.0, 0.0, 0.0), leave_out=False)
        self._edge_colours = (palette.edge, palette.data_edge)
        self._data_edges: bool | None = None
        self.light_for(data_colours=False)

    def same_parts(self) -> tuple[Any, EdgeLines, EdgeLines]:
        """Surfaces and edges that share all arrays with these, and may wear other colours."""
        surfaces = vtkPolyData()
        surfaces.ShallowCopy(self.surface_data)
        return surfaces, self.edges.same(), self.feet.same()

    @property
    def lines(self) -> tuple[EdgeLines, ...]:
        """Edges, and those that buildings stand on."""
        return self.edges, self.feet

    @property
    def actors(self) -> tuple[Any, ...]:
        """All actors, in drawing order."""
        return self.surface, self.ghost, *(lines.actor for lines in self.lines)

    def wear(self, coordinates: Any, texture: Any, *, per_corner: bool = False) -> None:
        """Take colours from another texture.

        Parameters
        ----------
        coordinates : vtkDataArray, (n_points, 2) float32
            Where the points of the mesh lie in it.
        texture : vtkTexture
        per_corner : bool
            All corners of a surface lie on one texel.
        """
        self.surface_data.GetPointData().SetTCoords(coordinates)
        shade_solid(self.surface, self._stale, per_corner=per_corner)
        self.hatched, self.hatch_pixels = (self.surface,), 1.0
        shade_ghost(self.ghost, per_corner=per_corner)
        for actor in (self.surface, self.ghost):
            actor.SetTexture(texture)

    def wear_surfaces(self) -> None:
        """Take colours from the texture with one texel for each surface."""
        self.wear(self.colours.coordinates, self.colours.texture, per_corner=True)

    def write_surfaces(self, rgba: ColourArray, data_colours: bool) -> None:
        """Set the colour of every surface.

        Parameters
        ----------
        rgba : ndarray, (n_surfaces of the city, 4) uint8
        data_colours : bool
            Lit only a little, so that the legend can be read off the surface.
        """
        self.colours.write(rgba, self.mesh.surfaces)
        self.light_for(data_colours)

    def light_for(self, data_colours: bool) -> None:
        """Light and edge colour that suit data, or the neutral model."""
        if data_colours != self._data_edges:
            self._data_edges = data_colours
            for lines in self.lines:
                lines.colour(self._edge_colours[data_colours])
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
        codes = building_codes[self.mesh.rows]
        mixed, features = bool((codes != OPAQUE).any()), self.mesh.features
        self.edges.write((lambda: codes[features.place[: features.first_foot]]) if mixed else None)
        self.feet.write((lambda: codes[features.place[features.first_foot :]]) if mixed else None)
        self.ghost.SetVisibility(bool((codes == GHOST).any()))


def _parts_of(mesh: TileMesh) -> tuple[Any, EdgeLines, EdgeLines]:
    """Surfaces, edges and feet of a mesh."""
    points = shared_points(mesh.points)
    surfaces = vtkPolyData()
    surfaces.SetPoints(points)
    surfaces.SetPolys(shared_cells(mesh.triangles))
    surfaces.GetPointData().SetNormals(shared(mesh.normals))
    features = mesh.features
    edges = cache(lambda: shared_cells(features.points[: features.first_foot]))
    feet = cache(lambda: shared_cells(features.points[features.first_foot :]))
    return surfaces, EdgeLines(points, edges), EdgeLines(points, feet)


def _actor(data: Any) -> Any:
    mapper = vtkPolyDataMapper()
    mapper.SetVBOShiftScaleMethod(0)  # the shaders of shadows read local coordinates, not VTK's scaled ones
    mapper.SetInputData(data)
    actor = vtkActor()
    actor.SetMapper(mapper)
    return actor
