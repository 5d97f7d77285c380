"""A second scene of the same city: everything that is not a colour is the first one's."""

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkTexture

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.scene.city_scene import CityScene
from citytwin_desktop.scene.depth_bias import add_depth_bias
from citytwin_desktop.scene.ground_view import GroundView
from citytwin_desktop.scene.mesh_actors import TileActors
from citytwin_desktop.scene.palette import ScenePalette


class TwinScene(CityScene):
    """Draws the city of another scene with its meshes, its surroundings and its answers to rays.

    What changes the city reaches the other scene first: this one takes from it what was made there.

    Parameters
    ----------
    plotter : pyvista.BasePlotter
    leader : CityScene
        Stays for as long as this one.
    """

    def __init__(self, plotter: Any, leader: CityScene) -> None:
        self.leader = leader
        super().__init__(plotter, leader.palette.name)
        self.set_city(leader.city)

    def _make_parts(self, hidden: Collection[str]) -> None:
        if self.city is not self.leader.city:
            super()._make_parts(hidden)
            return
        self._tile_set = TwinTiles(self.palette)
        self._tile_set.mirror(self.leader.tiles)
        self.picker = self.leader.picker
        self.ground = TwinGround(self.renderer, self.leader.ground, hidden)

    def _follow_parts(
        self,
        before: CityModel,  # noqa: ARG002 - the leader looked at what was before
        mapping: IntArray,  # noqa: ARG002
        touched: NDArray[np.bool_],  # noqa: ARG002
        ids: Collection[str],  # noqa: ARG002
    ) -> tuple[list[TileActors], list[TileActors]]:
        if isinstance(self.ground, TwinGround):
            self.ground.mirror()
        return self._tile_set.mirror(self.leader.tiles)  # type: ignore[no-any-return]


class TwinTiles:
    """Actors that draw the meshes of others.

    Parameters
    ----------
    palette : ScenePalette
    """

    def __init__(self, palette: ScenePalette) -> None:
        self.palette = palette
        self.tiles: list[TileActors] = []
        self._of: dict[TileActors, TileActors] = {}

    def mirror(self, lent: Collection[TileActors]) -> tuple[list[TileActors], list[TileActors]]:
        """Draw what other actors draw now.

        Returns
        -------
        tuple of two lists of TileActors
            Those that went, and those that came.
        """
        before, made = self._of, []
        self._of = {}
        for theirs in lent:
            mine = before.pop(theirs, None)
            if mine is None:
                mine = TileActors(theirs.mesh, self.palette, theirs)
                made.append(mine)
            mine.mesh = theirs.mesh
            self._of[theirs] = mine
        self.tiles = list(self._of.values())
        return list(before.values()), made


class TwinGround(GroundView):
    """Surroundings that were triangulated and drawn elsewhere.

    Parameters
    ----------
    renderer : vtkRenderer
    lent : GroundView
    hidden : set of str
        Layers that are not shown here.
    """

    def __init__(self, renderer: Any, lent: GroundView, hidden: Collection[str] = ()) -> None:
        self.lent = lent
        self.hidden, self._covered, self.flat = set(hidden), False, lent.flat
        self.layers = [(name, twin_actor(actor)) for name, actor in lent.layers]
        self.lifted = [(mine, share) for (_, mine), (_, share) in zip(self.layers, lent.lifted, strict=True)]
        for mine, _ in self.lifted:
            add_depth_bias(mine)
        self.shadow = None
        self._shadow = None if lent.shadow is None else twin_actor(lent.shadow.actor)
        if self._shadow is not None:
            renderer.AddActor(self._shadow)
        for _, actor in self.layers:
            renderer.AddActor(actor)
        self._show_all()

    def mirror(self) -> None:
        """The soft shadow was drawn anew."""
        if self._shadow is not None and self.lent.shadow is not None:
            _same_picture(self._shadow.GetTexture(), self.lent.shadow.actor.GetTexture())

    def _show_all(self) -> None:
        super()._show_all()
        if self._shadow is not None:
            self._shadow.SetVisibility(not self._covered)


def twin_actor(actor: Any) -> Any:
    """An actor for another window with the same data, look and picture.

    Parameters
    ----------
    actor : vtkActor
        Its shaders are not copied.
    """
    mapper = vtkPolyDataMapper()
    mapper.SetVBOShiftScaleMethod(0)
    mapper.SetInputData(actor.GetMapper().GetInput())
    mapper.SetScalarVisibility(actor.GetMapper().GetScalarVisibility())
    made = vtkActor()
    made.SetMapper(mapper)
    made.GetProperty().DeepCopy(actor.GetProperty())
    made.GetProperty().RemoveAllTextures()  # such as maps of shadows: each belongs to one window
    made.SetPickable(actor.GetPickable())
    for name in ("Opaque", "Translucent"):
        if getattr(actor, f"GetForce{name}")():
            getattr(made, f"Force{name}On")()
    if actor.GetTexture() is not None:
        texture = vtkTexture()
        texture.SetColorModeToDirectScalars()
        texture.RepeatOff()
        texture.InterpolateOn()
        _same_picture(texture, actor.GetTexture())
        made.SetTexture(texture)
    return made


def _same_picture(mine: Any, theirs: Any) -> None:
    """Let a texture show the pixels of another one."""
    mine.SetInputDataObject(theirs.GetInputDataObject(0, 0))
