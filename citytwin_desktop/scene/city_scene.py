"""The scene: a city on any PyVista plotter, in a window or off screen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.scene.appearance import OPAQUE, Appearance, SurfaceLook
from citytwin_desktop.scene.camera import OrbitCamera
from citytwin_desktop.scene.cell_colours import CellPaint
from citytwin_desktop.scene.cell_layer import CellLayer, CellPick
from citytwin_desktop.scene.closed_buildings import leave_out_far_sides
from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.scene.depth_bias import EDGE_LIFT, set_depth_bias
from citytwin_desktop.scene.edge_strength import make_seen_edges, show_edges
from citytwin_desktop.scene.ground_view import GroundView
from citytwin_desktop.scene.highlight_lines import HighlightLines
from citytwin_desktop.scene.lighting import Lighting
from citytwin_desktop.scene.mesh_actors import TileActors
from citytwin_desktop.scene.palette import PALETTES
from citytwin_desktop.scene.picking import Pick, Picker
from citytwin_desktop.scene.section_plane import NO_CUT
from citytwin_desktop.scene.selection_outlines import SelectionOutlines
from citytwin_desktop.scene.sky_dome import SkyDome
from citytwin_desktop.scene.surroundings import ground_height_m
from citytwin_desktop.scene.tile_set import TileSet, row_mapping
from citytwin_desktop.scene.written_colours import WrittenColours

if TYPE_CHECKING:
    from citytwin_desktop.sim.solar.cell_maps import CellLayout

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
        # Lines, shadow and ghosts blend in the order they are drawn; independence of it costs 40 % of a frame.
        self.renderer.UseOITOff()
        plotter.camera_set = True  # PyVista would turn the first frame to its own isometric view
        self.palette = PALETTES[theme]
        self.lighting = Lighting(self.renderer)
        self.camera = OrbitCamera()
        self.frames_drawn = 0
        self.renderer.AddObserver("StartEvent", lambda *_: make_seen_edges(self.tiles))
        self.renderer.AddObserver("EndEvent", self._count_frame)
        self.edges_shown = True
        self.cut = NO_CUT
        self.followers: list[Callable[[], None]] = []
        """Called when actors were made anew, or others are hidden or faint."""
        self.city = CityModel()
        self.appearance = Appearance(self.city, self.palette)
        self._cells: CellLayer | None = None
        self._cell_paint: CellPaint | None = None
        self._written = WrittenColours()
        self._rebuild()

    def set_city(self, city: CityModel) -> None:
        """Show a city. When only its columns changed, the meshes stay as they are."""
        if city.surfaces is self.city.surfaces and city.context is self.city.context:
            self.city = self.appearance.city = city
            return
        self.city = city
        self.appearance = Appearance(city, self.palette)
        self._cells = self._cell_paint = None
        self._rebuild(self.context_hidden)

    def follow_edit(self, city: CityModel, ids: Collection[str]) -> None:
        """Show a city in which some buildings came, went or got other surfaces, the frame around them unchanged.

        Tiles that hold none of them stay; values are forgotten, for their surfaces are counted anew.

        Parameters
        ----------
        city : CityModel
        ids : collection of str
            Of the buildings; all others are as they were.
        """
        before = self.city
        if not (len(before.surfaces) and len(city.surfaces)) or city.context is not before.context:
            self.set_city(city)
            return
        self._leave_cells()
        mapping = row_mapping(before, city)
        touched = np.zeros(len(city.buildings), bool)
        touched[city.buildings.rows([name for name in ids if name in city.buildings])] = True
        self.city, self.appearance = city, self.appearance.carried(city, mapping)
        gone, made = self._follow_parts(before, mapping, touched, ids)
        for tile in gone:
            for actor in tile.actors:
                self.renderer.RemoveActor(actor)
        codes = self.appearance.building_codes()
        for tile in made:
            tile.write_edges(codes)
            for actor in tile.actors:
                self.renderer.AddActor(actor)
        if city.surfaces.building is not before.surfaces.building:
            self._written.forget()  # surfaces have other numbers now
        for actor in self.highlight_actors:  # drawn last, or the edges of new tiles would lie over them
            self.renderer.RemoveActor(actor)
            self.renderer.AddActor(actor)
        self._lift()
        self._hover_lines.show(self.tiles, self.appearance.mask([]))
        self.set_camera(self.camera)
        self._selection_lines.show(self.tiles, self.appearance.selected)
        self._write_surfaces()
        for told in self.followers:
            told()

    @property
    def tiles(self) -> list[TileActors]:
        """Actors of every tile."""
        found: list[TileActors] = self._tile_set.tiles
        return found

    def set_theme(self, theme: str) -> None:
        """Change all colours that the scene chooses."""
        self.palette = self.appearance.palette = PALETTES[theme]
        self._rebuild(self.context_hidden)

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
        if np.array_equal(selected := self.appearance.mask(rows), self.appearance.selected):
            return
        self.appearance.selected = selected
        self._selection_lines.show(self.tiles, self.appearance.selected)
        self._write_surfaces()

    def hover(self, row: int | None) -> None:
        """Draw the edges of the building under the pointer; `None` for none."""
        self._hover_lines.show(self.tiles, self.appearance.mask([] if row is None else [row]))

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
        self.ground.show(name, shown)

    @property
    def context_hidden(self) -> set[str]:
        """Names of the context layers that are not shown."""
        return self.ground.hidden

    def show_edges(self, shown: bool) -> None:
        """Show or hide the feature edges."""
        self.edges_shown = shown
        show_edges(self.tiles, self.camera, shown)

    def pick(self, x_px: float, y_px: float, width_px: int, height_px: int) -> Pick | None:
        """What lies under a pixel counted from the top left corner; hidden and ghost buildings let through."""
        return self.hit(*self.camera.ray(x_px, y_px, width_px, height_px), self.appearance.building_codes() == OPAQUE)

    def hit(self, origin: FloatArray, direction: FloatArray, visible: NDArray[np.bool_]) -> Pick | None:
        """What a ray meets first of the visible buildings, (n_buildings,) bool, as far as no section cuts it off."""
        return self.cut.first_hit(origin, direction, lambda start: self.picker.pick(start, direction, visible))

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
        near, far = camera.depth_range(*self.renderer.GetActiveCamera().GetClippingRange())
        for actor, lift in self._lifted:
            set_depth_bias(actor, near, far, lift)
        show_edges(self.tiles, camera, self.edges_shown)
        self._selection_lines.follow_edges(self.tiles, self.appearance.selected)
        self.sky.follow(camera)
        leave_out_far_sides(self)

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
        return camera.framing_boxes(low[chosen], high[chosen], aspect, margin)

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
        self.appearance.isolated = self.appearance.mask(rows) if rows else None
        hidden = {str(name) for name in state.get("context_hidden", ())}
        for layer in self.city.context:
            self.show_context(layer.name, layer.name not in hidden)
        self._write_all()
        self.set_camera(OrbitCamera.from_dict(state.get("camera", {})))

    @property
    def highlight_actors(self) -> tuple[Any, Any]:
        """Lines about what is hovered and what is selected."""
        return self._hover_lines.actor, self._selection_lines.actor

    def _rebuild(self, hidden: Collection[str] = ()) -> None:
        self.renderer.RemoveAllViewProps()
        self.sky = SkyDome(self.renderer, self.palette)  # first: much blends with it
        self._make_parts(hidden)
        self._hover_lines = HighlightLines(self.palette.selection, 1.5)
        self._selection_lines = SelectionOutlines(self.palette.selection, 2.0)
        self._lift()
        for actor in (*(actor for tile in self.tiles for actor in tile.actors), *self.highlight_actors):
            self.renderer.AddActor(actor)
        if self._cells is not None:
            self._cells = CellLayer(self._cells.layout, self.palette)
            self._enter_cells()
        self._written.forget()
        self._write_all()
        self.set_camera(self.camera)
        self._selection_lines.show(self.tiles, self.appearance.selected)

    def _make_parts(self, hidden: Collection[str]) -> None:
        """Tiles, ground, and what is hit by a ray, of the city as it is now."""
        self._tile_set: Any = TileSet(self.city, self.palette)
        self.picker = Picker(self.tiles, self.city.surfaces.building)
        self.ground = GroundView(self.renderer, self.city, self.palette, hidden)

    def _follow_parts(
        self, before: CityModel, mapping: IntArray, touched: NDArray[np.bool_], ids: Collection[str]
    ) -> tuple[list[TileActors], list[TileActors]]:
        """Bring them to the city as it is now; tiles that went, and those that came."""
        gone, made = self._tile_set.follow(self.city, mapping, touched)
        self.picker.follow(self.tiles, self.city.surfaces.building)
        self.ground.follow(before, self.city, ids)
        return gone, made

    def _lift(self) -> None:
        """Which actors are drawn closer or farther than the faces in whose plane they lie."""
        lines = [*(each.actor for tile in self.tiles for each in tile.lines), *self.highlight_actors]
        self._lifted = [*((actor, EDGE_LIFT) for actor in lines), *self.ground.lifted]

    def _write_all(self) -> None:
        codes = self.appearance.building_codes()
        for tile in self.tiles:
            tile.write_edges(codes)
        self._write_surfaces()
        for told in self.followers:
            told()

    def _enter_cells(self) -> None:
        if self._cells is None:
            return
        self._written.forget()
        self._cells.dress(self.tiles)
        for tile in self.tiles:
            tile.light_for(data_colours=True)
        self.renderer.AddActor(self._cells.ground)
        self.ground.cover(self._cells is not None)

    def _leave_cells(self) -> None:
        if self._cells is None:
            return
        self.renderer.RemoveActor(self._cells.ground)
        self._cells = self._cell_paint = None
        for tile in self.tiles:
            tile.wear_surfaces()
        self.ground.cover(self._cells is not None)

    def restyle(self, look: SurfaceLook) -> None:
        """Show the same values otherwise: filtered, translucent; only textures are written."""
        self.appearance.look = look
        leave_out_far_sides(self)
        self._write_surfaces()

    def _write_surfaces(self) -> None:
        for tile in self.tiles:
            tile.ghost.SetVisibility(self.appearance.has_ghosts)
        if self._cells is not None and self._cell_paint is not None:
            self._cells.write(self._cell_paint, self.appearance)
            return
        rgba = self.appearance.surface_rgba()
        data = self.appearance.shows_data
        for tile in self._written.outdated(self.tiles, self.city.surfaces, rgba, data):
            tile.write_surfaces(rgba, data)

    def _count_frame(self, *_: Any) -> None:
        self.frames_drawn += 1
