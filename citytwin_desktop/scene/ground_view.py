"""What lies around the buildings: context layers and the soft shadow on the ground."""

from collections.abc import Collection
from typing import Any

import numpy as np

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.ground_shadow import GroundShadow
from citytwin_desktop.scene.palette import ScenePalette
from citytwin_desktop.scene.surroundings import CONTEXT_ORDER, context_actor, context_lift


class GroundView:
    """Actors of one city's surroundings.

    Parameters
    ----------
    renderer : vtkRenderer
    city : CityModel
    palette : ScenePalette

    Attributes
    ----------
    layers : list of (str, vtkActor)
        Name and actor of each context layer, in drawing order.
    hidden : set of str
        Layers that are not shown.
    """

    def __init__(self, renderer: Any, city: CityModel, palette: ScenePalette, hidden: Collection[str] = ()) -> None:
        ordered = sorted(city.context, key=lambda layer: CONTEXT_ORDER.index(layer.kind))
        self.layers = [(layer.name, context_actor(layer, palette)) for layer in ordered]
        self.hidden = set(hidden)
        self.lifted = [
            (actor, context_lift(layer.kind)) for layer, (_, actor) in zip(ordered, self.layers, strict=True)
        ]
        self.flat = {layer.name for layer in ordered if layer.kind is not ContextKind.TREE}
        self._covered = False
        # A flat shadow would cut through terrain that is not.
        level = not any(layer.kind is ContextKind.TERRAIN for layer in ordered)
        self.shadow = GroundShadow(city, palette) if len(city.surfaces) and level else None
        if self.shadow is not None:
            renderer.AddActor(self.shadow.actor)
        for _, actor in self.layers:
            renderer.AddActor(actor)
        self._show_all()

    def show(self, name: str, shown: bool) -> None:
        """Show or hide one layer."""
        (self.hidden.discard if shown else self.hidden.add)(name)
        self._show_all()

    def cover(self, covered: bool) -> None:
        """Let flat layers and the shadow make way for the cells of the ground, which lie in the same place."""
        self._covered = covered
        self._show_all()

    def follow(self, before: CityModel, after: CityModel, ids: Collection[str]) -> None:
        """Some buildings came, went or got other surfaces: their shadow follows."""
        if self.shadow is not None:
            self.shadow.follow(after, *_plan_box((before, after), ids))

    def _show_all(self) -> None:
        if self.shadow is not None:
            self.shadow.actor.SetVisibility(not self._covered)
        for name, actor in self.layers:
            actor.SetVisibility(name not in self.hidden and not (self._covered and name in self.flat))


def _plan_box(states: Collection[CityModel], ids: Collection[str]) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest x, y [m] of some buildings in states of a city, each (2,); a point for none."""
    corners = [np.full((1, 4), np.nan)]
    for city in states:
        rows = city.buildings.rows([name for name in ids if name in city.buildings])
        corners.append(np.column_stack([city.bounds_m[0][rows, :2], city.bounds_m[1][rows, :2]]))
    every = np.concatenate(corners)
    if not np.isfinite(every).any():
        return np.zeros(2), np.zeros(2)
    return np.nanmin(every[:, :2], axis=0), np.nanmax(every[:, 2:], axis=0)
