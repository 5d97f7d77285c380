"""What an edit would make of buildings, drawn over the city without touching its tiles."""

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkCommonTransforms import vtkTransform
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from citytwin_desktop.city.polygons import FloatArray, IntArray, Polygons
from citytwin_desktop.city.triangulation import triangulate
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.depth_bias import EDGE_LIFT, line_actor, set_depth_bias
from citytwin_desktop.scene.vtk_arrays import as_cells, as_points

GHOST_OPACITY, GHOST_AMBIENT = 0.4, 0.65
MOST_GHOST_SURFACES = 60_000
"""Of a larger selection only the boxes of its buildings are drawn."""


class CityPreview:
    """One translucent body and its edges, moved and turned by a matrix alone.

    The scene takes all its actors out when it is made anew; whatever is shown here next is put in again.

    Parameters
    ----------
    scene : CityScene
    """

    def __init__(self, scene: CityScene) -> None:
        self.scene = scene
        self._faces = vtkPolyData()
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(self._faces)
        self._body = vtkActor()
        self._body.SetMapper(mapper)
        self._body.ForceTranslucentOn()
        self._body.PickableOff()
        look = self._body.GetProperty()
        look.SetOpacity(GHOST_OPACITY)
        look.SetAmbient(GHOST_AMBIENT)
        look.SetDiffuse(1.0 - GHOST_AMBIENT)
        self._lines, self._line_data = line_actor(scene.palette.selection, 2.0)
        self._lines.PickableOff()
        self._edges: FloatArray = np.zeros((0, 2, 3))
        self._polygons = Polygons.empty()
        self._matrix: FloatArray = np.eye(4)
        self.visible = True

    def show_buildings(self, rows: IntArray) -> None:
        """Draw buildings as they stand, ready to be moved.

        Parameters
        ----------
        rows : ndarray, (k,) int64
        """
        city = self.scene.city
        mine = np.zeros(len(city.buildings), bool)
        mine[rows] = True
        chosen = np.flatnonzero(mine[city.surfaces.building])
        if len(chosen) > MOST_GHOST_SURFACES:
            low, high = city.bounds_m
            self.show_polygons(boxes(low[rows], high[rows]))
        else:
            self.show_polygons(city.surfaces.polygons.take(chosen))

    def show_polygons(self, polygons: Polygons) -> None:
        """Draw bodies.

        Parameters
        ----------
        polygons : Polygons
            Their surfaces, in the city's local coordinates [m].
        """
        vertices, self._polygons = polygons.vertices, polygons
        self._faces.SetPoints(as_points(vertices))
        self._faces.SetPolys(as_cells(triangulate(polygons).indices))
        self._faces.Modified()
        edges = np.stack([vertices, vertices[polygons.following_vertex]], axis=1) if len(vertices) else vertices
        self._show_edges(edges.reshape(-1, 2, 3))

    def show_lines(self, lines: FloatArray) -> None:
        """Draw lines and no body.

        Parameters
        ----------
        lines : ndarray, (n, 2, 3) float64 [m]
        """
        self._faces.Initialize()
        self._polygons = Polygons.empty()
        self._show_edges(lines)

    def place(self, offset_m: FloatArray, angle_deg: float = 0.0, about_m: FloatArray | None = None) -> None:
        """Move and turn what is shown; nothing but a matrix is written.

        Parameters
        ----------
        offset_m : ndarray, (3,) float64 [m]
        angle_deg : float [°]
            Counter-clockwise seen from above.
        about_m : ndarray, (2,) float64, optional [m]
        """
        x, y = (0.0, 0.0) if about_m is None else (float(about_m[0]), float(about_m[1]))
        turned = vtkTransform()
        turned.Translate(*(float(value) for value in offset_m))
        turned.Translate(x, y, 0.0)
        turned.RotateZ(angle_deg)
        turned.Translate(-x, -y, 0.0)
        matrix = turned.GetMatrix()
        self._matrix = np.array([[matrix.GetElement(i, j) for j in range(4)] for i in range(4)])
        for actor in (self._body, self._lines):
            actor.SetUserMatrix(matrix)
        self.enter()

    @property
    def polygons(self) -> Polygons:
        """Bodies as they are placed."""
        vertices = self._polygons.vertices @ self._matrix[:3, :3].T + self._matrix[:3, 3]
        return Polygons(vertices, self._polygons.ring_start, self._polygons.polygon_start)

    @property
    def edges_m(self) -> FloatArray:
        """(n, 2, 3) float64 [m]: edges as they are placed, for whoever draws them over a picture of the city."""
        return np.asarray(self._edges @ self._matrix[:3, :3].T + self._matrix[:3, 3])

    @property
    def shown(self) -> bool:
        """Whether there is anything to draw."""
        return len(self._edges) > 0

    def show(self, visible: bool) -> None:
        """Draw it or leave it out, keeping what it is."""
        self.visible = visible
        for actor in (self._body, self._lines):
            actor.SetVisibility(visible and self.shown)
        if visible and self.shown:
            # What was moved out of the city must not be cut off by the far plane of the camera.
            self.scene.set_camera(self.scene.camera)
            self.follow_camera()

    def follow_camera(self) -> None:
        """Keep the edges before the faces that they bound; after each change of the camera."""
        near, far = self.scene.renderer.GetActiveCamera().GetClippingRange()
        set_depth_bias(self._lines, *self.scene.camera.depth_range(near, far), EDGE_LIFT * 1.5)

    def clear(self) -> None:
        """Draw nothing any more."""
        self._edges = np.zeros((0, 2, 3))
        for actor in (self._body, self._lines):
            self.scene.renderer.RemoveViewProp(actor)
        self.scene.set_camera(self.scene.camera)

    def _show_edges(self, edges: FloatArray) -> None:
        self._edges = edges
        self._line_data.SetPoints(as_points(edges.reshape(-1, 3)))
        self._line_data.SetLines(as_cells(np.arange(2 * len(edges)).reshape(-1, 2)))
        self._line_data.Modified()
        self.place(np.zeros(3))

    def enter(self) -> None:
        """Put what is shown among the actors of the scene, in its colour of now."""
        colour = [channel / 255 for channel in self.scene.palette.selection]
        for actor in (self._body, self._lines):
            actor.GetProperty().SetColor(*colour)
            self.scene.renderer.AddViewProp(actor)
        self.show(self.visible)


def last_frame_s(scene: CityScene) -> float:
    """How long the last frame took [s]."""
    return float(scene.renderer.GetLastRenderTimeInSeconds())


def boxes(low: FloatArray, high: FloatArray) -> Polygons:
    """Upright boxes as polygons, without their undersides.

    Parameters
    ----------
    low, high : ndarray, (k, 3) float64 [m]
        Rows that are not numbers are left out.
    """
    known = np.isfinite(low[:, 0])
    ends = np.stack([low[known], high[known]], axis=1)
    count = len(ends)
    faces = (
        ((0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)),
        ((1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)),
        ((1, 1, 0), (0, 1, 0), (0, 1, 1), (1, 1, 1)),
        ((0, 1, 0), (0, 0, 0), (0, 0, 1), (0, 1, 1)),
        ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)),
    )
    corners = [np.stack([ends[:, i, 0], ends[:, j, 1], ends[:, k, 2]], axis=1) for face in faces for i, j, k in face]
    vertices = np.stack(corners, axis=1).reshape(-1, 3) if count else np.zeros((0, 3))
    starts = np.arange(0, len(vertices) + 1, 4)
    return Polygons(vertices, starts, np.arange(len(starts)))
