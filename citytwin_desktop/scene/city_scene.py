"""The scene: a city on any PyVista plotter, in a window or off screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.appearance import OPAQUE, Appearance
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.cell_colours import CellPaint
from citytwin_desktop.scene.cell_layer import CellLayer, CellPick
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.lighting import Lighting
from citytwin_desktop.scene.mesh_actors import EDGE_LIFT, TileActors, line_actor, set_depth_bias
from citytwin_desktop.scene.palette import PALETTES
from citytwin_desktop.scene.picking import Pick, Picker
from citytwin_desktop.scene.surroundings import (
    CONTEXT_ORDER,
    context_actor,
    context_lift,
    ground_height_m,
    ground_shadow_actor,
    sky_actor,
)
from citytwin_desktop.scene.tiles import build_tiles
from citytwin_desktop.scene.vtk_arrays import as_cells, as_points

if TYPE_CHECKING:
    from citytwin_desktop.sim.solar.cell_maps import CellLayout

REFERENCE_HEIGHT_PX = 800
Rows = Sequence[int] | NDArray[np.int64]


class CityScene:
    """Everything drawn of one city.

    Changing methods write arrays and actor properties only; the owner of the plotter decides when to draw, once
    for any number of changes.

    Parameters
    ----------
    plotter : pyvista.BasePlotter
        ``pyvista.Plotter(off_screen=True)`` or a ``pyvistaqt.QtInteractor``.
    theme : str
        ``dark`` or ``light``.
    """

    def __init__(self, plotter: Any, theme: str = "dark") -> None:
        self.plotter = plotter
        self.renderer = plotter.renderer
        plotter.camera_set = True  # PyVista would turn the first frame to its own isometric view
        self.palette = PALETTES[theme]
        self.lighting = Lighting(self.renderer)
        self.camera = OrbitCamera()
        self.frames_drawn = 0
        self.renderer.AddObserver("EndEvent", self._count_frame)
        self.context_hidden: set[str] = set()
        self.edges_shown = True
        self._tiles: list[TileActors] = []
        self.city = CityModel()
        self.appearance = Appearance(self.city, self.palette)
        self._cells: CellLayer | None = None
        self._cell_paint: CellPaint | None = None
        self._rebuild()

    def set_city(self, city: CityModel) -> None:
        """Show a city. When only its columns changed, the meshes stay as they are."""
        if city.surfaces is self.city.surfaces and city.context is self.city.context:
            self.city = self.appearance.city = city
            return
        self.city = city
        self.appearance = Appearance(city, self.palette)
        self._cells = self._cell_paint = None
        self._rebuild()

    def set_theme(self, theme: str) -> None:
        """Change all colours that the scene chooses."""
        self.palette = self.appearance.palette = PALETTES[theme]
        self._rebuild()

    def paint_model(self) -> None:
        """Show the neutral model."""
        self.appearance.values = self.appearance.stale = self.appearance.scale = None
        self._leave_cells()
        self._write_surfaces()

    def paint_values(self, values: NDArray[np.float32], stale: NDArray[np.bool_] | None, scale: ColourScale) -> None:
        """Colour surfaces by values.

        Parameters
        ----------
        values : ndarray, (n_surfaces,) float32
            nan where there is no result: neutral grey.
        stale : ndarray, (n_surfaces,) bool, optional
            Desaturated and hatched in amber.
        scale : ColourScale
        """
        self.appearance.values, self.appearance.stale, self.appearance.scale = values, stale, scale
        self._leave_cells()
        self._write_surfaces()

    def paint_cells(
        self, layout: CellLayout, values: NDArray[np.float32], scale: ColourScale, *, stale: bool = False
    ) -> None:
        """Colour the cells of surfaces and ground by values; another hour writes one texture and nothing else.

        Parameters
        ----------
        layout : CellLayout
            Of the city that is drawn.
        values : ndarray, (cells,) float32
        scale : ColourScale
        stale : bool
            Desaturate and hatch all of it.

        Raises
        ------
        KnownError
            When there are more cells than a texture holds.
        """
        if self._cells is None or self._cells.layout is not layout:
            self._leave_cells()
            self._cells = CellLayer(layout, self.palette)
            self._enter_cells()
        self._cell_paint = CellPaint(values, stale, scale)
        self._write_surfaces()

    @property
    def shows_cells(self) -> bool:
        """Whether cells are painted rather than whole surfaces."""
        return self._cells is not None

    def select(self, rows: Rows) -> None:
        """Highlight buildings in the selection colour."""
        self.appearance.selected = self.appearance.mask(rows)
        self._draw_edges(self._selection_lines, rows)
        self._write_surfaces()

    def hover(self, row: int | None) -> None:
        """Draw the edges of the building under the pointer; `None` for none."""
        self._draw_edges(self._hover_lines, [] if row is None else [row])

    def hide(self, rows: Rows) -> None:
        """Stop drawing and picking buildings."""
        self.appearance.hidden |= self.appearance.mask(rows)
        self._write_all()

    def isolate(self, rows: Rows) -> None:
        """Show everything but the given buildings at 12 % opacity."""
        self.appearance.isolated = self.appearance.mask(rows)
        self._write_all()

    def show_all(self) -> None:
        """Undo `hide` and `isolate`."""
        self.appearance.hidden[:] = False
        self.appearance.isolated = None
        self._write_all()

    def show_context(self, name: str, shown: bool) -> None:
        """Show or hide one context layer."""
        (self.context_hidden.discard if shown else self.context_hidden.add)(name)
        for layer_name, actor in self._context:
            actor.SetVisibility(layer_name not in self.context_hidden and not self._covered(layer_name))

    def show_edges(self, shown: bool) -> None:
        """Show or hide the feature edges."""
        self.edges_shown = shown
        for tile in self._tiles:
            tile.edge.SetVisibility(shown)

    def pick(self, x_px: float, y_px: float, width_px: int, height_px: int) -> Pick | None:
        """What lies under a pixel counted from the top left corner; hidden and ghost buildings let through."""
        origin, direction = self.camera.ray(x_px, y_px, width_px, height_px)
        return self._picker.pick(origin, direction, self.appearance.building_codes() == OPAQUE)

    def pick_cell(self, x_px: float, y_px: float, width_px: int, height_px: int) -> CellPick | None:
        """Cell under a pixel, on a surface or on the ground; `None` where there is none, or while none are shown."""
        if self._cells is None:
            return None
        pick = self.pick(x_px, y_px, width_px, height_px)
        if pick is not None:
            cell = self._cells.cell_on(pick.surface, pick.point)
            return CellPick(cell, pick.surface, pick.point) if cell >= 0 else None
        return self._cells.ground_pick(*self.camera.ray(x_px, y_px, width_px, height_px))

    def point_under(self, x_px: float, y_px: float, width_px: int, height_px: int) -> FloatArray | None:
        """Point of a building or of the ground under a pixel, (3,) float64 [m]; `None` in the sky."""
        pick = self.pick(x_px, y_px, width_px, height_px)
        if pick is not None:
            return pick.point
        origin, direction = self.camera.ray(x_px, y_px, width_px, height_px)
        if direction[2] > -0.02:
            return None
        return np.asarray(origin + direction * ((ground_height_m(self.city) - origin[2]) / direction[2]))

    def set_camera(self, camera: OrbitCamera) -> None:
        """Look from elsewhere."""
        self.camera = camera
        camera.apply(self.renderer.GetActiveCamera())
        self.renderer.ResetCameraClippingRange()
        near, far = self.renderer.GetActiveCamera().GetClippingRange()
        for actor, lift in self._lifted:
            set_depth_bias(actor, near, far, lift)
        # Seen from far, whole blocks would turn black under their own edges.
        strength = float(np.clip(0.3 / camera.metres_per_pixel(REFERENCE_HEIGHT_PX), 0.3, 1.0))
        for tile in self._tiles:
            tile.edge.GetProperty().SetOpacity(strength)

    def home_camera(self, aspect: float) -> OrbitCamera:
        """The whole city from the south-west at 35°."""
        return self.framed_camera(OrbitCamera(), self.city.rows_with_geometry, aspect)

    def framed_camera(self, camera: OrbitCamera, rows: Rows, aspect: float) -> OrbitCamera:
        """A camera moved, not turned, so that it frames some buildings."""
        low, high = self.city.bounds_m
        chosen = np.asarray(rows, np.int64)
        chosen = chosen[np.isfinite(low[chosen, 0])] if len(chosen) else chosen
        if not len(chosen):
            return camera
        margin = 1.06 if len(chosen) > 1 else 2.5
        return camera.framing(box_corners(low[chosen], high[chosen]), aspect, margin)

    def view_state(self) -> dict[str, Any]:
        """Camera and hidden things as plain values, for the project file."""
        ids = self.city.buildings.ids
        isolated = self.appearance.isolated
        return {
            "camera": self.camera.to_dict(),
            "hidden": [str(name) for name in ids[self.appearance.hidden]],
            "isolated": None if isolated is None else [str(name) for name in ids[isolated]],
            "context_hidden": sorted(self.context_hidden),
        }

    def restore_view(self, state: Mapping[str, Any]) -> None:
        """The reverse of `view_state`; buildings that are gone are left out."""
        known = self.city.buildings
        self.appearance.hidden = self.appearance.mask([known.row(n) for n in state.get("hidden", ()) if n in known])
        isolated = state.get("isolated")
        rows = None if isolated is None else [known.row(name) for name in isolated if name in known]
        self.appearance.isolated = None if rows is None else self.appearance.mask(rows)
        hidden = {str(name) for name in state.get("context_hidden", ())}
        for layer in self.city.context:
            self.show_context(layer.name, layer.name not in hidden)
        self._write_all()
        self.set_camera(OrbitCamera.from_dict(state.get("camera", {})))

    def _rebuild(self) -> None:
        self.renderer.RemoveAllViewProps()
        self.renderer.AddActor(sky_actor(self.palette))
        self._tiles = [TileActors(mesh, self.palette) for mesh in build_tiles(self.city)]
        self._picker = Picker(self._tiles, self.city.surfaces.building)
        self._hover_lines = line_actor(self.palette.selection, 1.5)
        self._selection_lines = line_actor(self.palette.selection, 2.0)
        layers = sorted(self.city.context, key=lambda layer: CONTEXT_ORDER.index(layer.kind))
        self._context = [(layer.name, context_actor(layer, self.palette)) for layer in layers]
        lines = [*(tile.edge for tile in self._tiles), self._hover_lines[0], self._selection_lines[0]]
        self._lifted = [(actor, EDGE_LIFT) for actor in lines]
        self._lifted += [
            (actor, context_lift(layer.kind)) for layer, (_, actor) in zip(layers, self._context, strict=True)
        ]
        # A flat shadow would cut through terrain that is not.
        flat = not any(layer.kind is ContextKind.TERRAIN for layer in self.city.context)
        self._shadow = ground_shadow_actor(self.city, self.palette) if len(self.city.surfaces) and flat else None
        if self._shadow is not None:
            self.renderer.AddActor(self._shadow)
        actors = [actor for tile in self._tiles for actor in tile.actors]
        actors += [self._hover_lines[0], self._selection_lines[0], *(actor for _, actor in self._context)]
        for actor in actors:
            self.renderer.AddActor(actor)
        for name in list(self.context_hidden):
            self.show_context(name, False)
        if self._cells is not None:
            self._cells = CellLayer(self._cells.layout, self.palette)
            self._enter_cells()
        self.show_edges(self.edges_shown)
        self._draw_edges(self._selection_lines, np.flatnonzero(self.appearance.selected))
        self._write_all()
        self.set_camera(self.camera)

    def _write_all(self) -> None:
        codes = self.appearance.building_codes()
        for tile in self._tiles:
            tile.write_edges(codes)
        self._write_surfaces()

    def _enter_cells(self) -> None:
        if self._cells is None:
            return
        self._cells.dress(self._tiles)
        for tile in self._tiles:
            tile.light_for(data_colours=True)
        self.renderer.AddActor(self._cells.ground)
        self._show_flat_ground()

    def _leave_cells(self) -> None:
        if self._cells is None:
            return
        self.renderer.RemoveActor(self._cells.ground)
        self._cells = self._cell_paint = None
        for tile in self._tiles:
            tile.wear_surfaces()
        self._show_flat_ground()

    def _show_flat_ground(self) -> None:
        """Flat context and the soft shadow make way for the cells of the ground, which lie in the same place."""
        if self._shadow is not None:
            self._shadow.SetVisibility(self._cells is None)
        for name, actor in self._context:
            actor.SetVisibility(name not in self.context_hidden and not self._covered(name))

    def _covered(self, layer_name: str) -> bool:
        if self._cells is None:
            return False
        return any(layer.name == layer_name and layer.kind is not ContextKind.TREE for layer in self.city.context)

    def _write_surfaces(self) -> None:
        if self._cells is not None and self._cell_paint is not None:
            self._cells.write(self._cell_paint, self.appearance)
            return
        rgba = self.appearance.surface_rgba()
        for tile in self._tiles:
            tile.write_surfaces(rgba, self.appearance.shows_data)

    def _draw_edges(self, lines: tuple[Any, Any], rows: Rows) -> None:
        actor, data = lines
        mask = self.appearance.mask(rows)
        points, edges, first = [np.zeros((0, 3), np.float32)], [np.zeros((0, 2), np.int64)], 0
        for tile in self._tiles:
            mine = tile.mesh.edges[mask[tile.mesh.edge_building]]
            if len(mine):
                points.append(tile.mesh.points[mine.ravel()])
                edges.append(np.arange(first, first + mine.size).reshape(-1, 2))
                first += mine.size
        data.SetPoints(as_points(np.concatenate(points)))
        data.SetLines(as_cells(np.concatenate(edges)))
        actor.SetVisibility(first > 0)

    def _count_frame(self, *_: Any) -> None:
        self.frames_drawn += 1


def box_corners(low: FloatArray, high: FloatArray) -> FloatArray:
    """(8 n, 3) float64 [m]: corners of n boxes."""
    ends = np.stack([low, high])
    return np.concatenate(
        [np.column_stack([ends[x, :, 0], ends[y, :, 1], ends[z, :, 2]]) for x, y, z in np.ndindex(2, 2, 2)]
    )
