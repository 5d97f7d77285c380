"""The tool that plants trees and takes them away."""

from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import Qt

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.scene.numbers import THIN_SPACE
from citytwin_desktop.ui.view_tools.marks import Marks
from citytwin_desktop.ui.view_tools.shape import ShapeTool, flat

HEIGHT_M, CROWN_M = 8.0, 5.0
LEAST_M, MOST_M = 1.0, 40.0
_SAME_PX = 10.0
_ROUND = np.linspace(0.0, 2.0 * np.pi, 17)
_STEPS = {Qt.Key.Key_Plus: 1.0, Qt.Key.Key_Up: 1.0, Qt.Key.Key_Minus: -1.0, Qt.Key.Key_Down: -1.0}


class PlantTool(ShapeTool):
    """Trees are collected by clicks and planted together; Alt-click marks one to be taken away.

    Attributes
    ----------
    places, gone : list of ndarray, (3,) float64 [m]
        Where trees come, and where they go.
    """

    KEYS: ClassVar[frozenset[int]] = frozenset(_STEPS)

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view, session)
        self.places: list[FloatArray] = []
        self.gone: list[FloatArray] = []
        self.height_m = HEIGHT_M
        self.here: FloatArray | None = None
        self._line_from: FloatArray | None = None
        self._steps: list[tuple[int, int]] = []

    @property
    def crown_m(self) -> float:
        """Diameter of the crown [m]: grows with the tree."""
        return round(self.height_m * CROWN_M / HEIGHT_M, 2)

    @property
    def spacing_m(self) -> float:
        """Distance of trees along a line [m]: what is typed, or crowns that stand free."""
        typed = self.typed.first
        return typed if typed is not None and typed >= 0.5 else round(self.crown_m * 1.6, 1)

    def pointed(self) -> None:
        """Where the next tree would stand."""
        self.here = None if self.pointer is None else self.sight.on_ground(self.pointer)

    def grab(self) -> bool:
        """Shift begins a row of trees."""
        self.pointed()
        if not self.held(Qt.KeyboardModifier.ShiftModifier) or self.here is None:
            return False
        self._line_from = self.here
        return True

    def dropped(self) -> None:
        """The row is complete."""
        self.pointed()
        row = self.row()
        self._line_from = None
        self._remember()
        self.places += row

    def clicked(self) -> None:
        """A tree, or with Alt one less."""
        if self.here is None:
            return
        if self.held(Qt.KeyboardModifier.AltModifier):
            self._take_away()
        else:
            self._remember()
            self.places.append(self.here)

    def step_back(self) -> None:
        """Take back the last click."""
        if not self._steps:
            super().step_back()
            return
        planted, taken = self._steps.pop()
        del self.places[planted:], self.gone[taken:]

    def confirm(self) -> None:
        """Plant all of them, and take away what was marked."""
        if not self.places and not self.gone:
            self.done.emit()
        elif not self.places:
            self.carry_out("remove_trees", positions=flat(self.gone))
        elif not self.gone or self._remove_first():
            size = {"height_m": round(self.height_m, 2), "crown_diameter_m": self.crown_m}
            self.carry_out("plant_trees", positions=flat(self.places), **size)

    def own_key(self, event: Any) -> bool:
        """Higher or lower trees."""
        self.height_m = float(np.clip(self.height_m + _STEPS[event.key()], LEAST_M, MOST_M))
        return True

    def row(self) -> list[FloatArray]:
        """Places of the row that is being drawn, each on its own ground."""
        if self._line_from is None or self.here is None:
            return []
        way = self.here[:2] - self._line_from[:2]
        length = float(np.hypot(*way))
        count = int(length / self.spacing_m) + 1
        if count == 1:
            return [self._line_from]
        shares = np.arange(count) * self.spacing_m / length
        plan = self._line_from[:2] + way * shares[:, None]
        terrain = self.sight.terrain
        level = np.full(count, self._line_from[2]) if terrain is None else terrain.height_at(plan)
        level = np.where(np.isfinite(level), level, self._line_from[2])
        return list(np.column_stack([plan, level]))

    def city_changed(self, event: Any) -> None:  # noqa: ARG002 - whatever it was
        """Trees to come stay where they are."""
        self.restyle()

    def instruction(self) -> str:
        """What to do."""
        return self.tr(
            "Click trees  ·  Shift-drag a row  ·  type spacing  ·  Alt-click removes  ·  ↑ ↓ height  ·  Enter"
        )

    def readout(self) -> list[str]:
        """How many, and how high."""
        coming = len(self.places) + len(self.row())
        count = self.tr("1 tree") if coming == 1 else self.tr("{} trees").format(coming)
        texts = [count, f"{self.height_m:.0f}{THIN_SPACE}m, " + self.tr("crown {} m").format(f"{self.crown_m:.1f}")]
        if self._line_from is not None:
            texts.append(self.tr("spacing {} m").format(f"{self.spacing_m:.1f}"))
        return texts + ([self.tr("{} to be removed").format(len(self.gone))] if self.gone else [])

    def draw(self, marks: Marks) -> None:
        """Trees to come as rings with a stem, those to go as crosses."""
        shown = [*self.places, *self.row()]
        if self.here is not None and self._line_from is None:
            shown.append(self.here)
        for place in shown:
            self._draw_tree(marks, place)
        for place in self.gone:
            at = self.sight.pixels(place[None])[0]
            aside = np.array([7.0, -7.0])
            cross = np.array([[at - 7.0, at + 7.0], [at - aside, at + aside]])
            marks.lines(cross, marks.theme.failed, width=2.5)

    def _draw_tree(self, marks: Marks, place: FloatArray) -> None:
        radius, middle = self.crown_m / 2.0, place[2] + self.height_m - self.crown_m / 2.0
        ring = np.stack([np.cos(_ROUND), np.sin(_ROUND)], axis=1) * radius
        level = np.column_stack([ring + place[:2], np.full(len(ring), middle)])
        way = self.view.scene.camera.axes[0]
        upright = place[None] + np.outer(ring[:, 0], way) + np.outer(ring[:, 1], [0.0, 0.0, 1.0])
        upright[:, 2] += middle - place[2]
        stem = np.stack([place, np.array([place[0], place[1], middle - radius])])
        marks.area(self.sight.pixels(upright), marks.theme.done)
        marks.path(self.sight.pixels(upright), marks.theme.done)
        marks.path(self.sight.pixels(level), marks.theme.done)
        marks.path(self.sight.pixels(stem), marks.theme.done)

    def _remember(self) -> None:
        self._steps.append((len(self.places), len(self.gone)))

    def _take_away(self) -> None:
        """A tree that is to come goes at once; one that stands is marked."""
        here = self.pointer
        if here is None:
            return
        if len(self.places):
            pixels = self.sight.pixels(np.array(self.places))
            distance = np.hypot(*(pixels - [here.x(), here.y()]).T)
            nearest = int(np.nanargmin(distance))
            if distance[nearest] <= _SAME_PX:
                del self.places[nearest]
                self._steps.clear()
                return
        standing = self._tree_at(np.array([here.x(), here.y()]))
        if standing is not None:
            self._remember()
            self.gone.append(standing)

    def _tree_at(self, pixel: FloatArray) -> FloatArray | None:
        """Point in the crown of a tree that is drawn under a pixel, nearest to the eye."""
        best: tuple[float, FloatArray] | None = None
        for layer in self.view.scene.city.context:
            if layer.kind is not ContextKind.TREE or not len(layer.polygons):
                continue
            centres = layer.polygons.centroids
            distance = np.hypot(*(self.sight.pixels(centres) - pixel).T)
            near = np.flatnonzero(distance <= _SAME_PX)
            for place in near:
                depth = float(np.linalg.norm(centres[place] - self.view.scene.camera.eye))
                if best is None or depth < best[0]:
                    best = (depth, np.array(centres[place]))
        return None if best is None else best[1]

    def _remove_first(self) -> bool:
        """Take away what is marked while the tool stays in hand; whether that worked."""
        self._confirming = True
        try:
            removed = self.session.execute("remove_trees", positions=flat(self.gone)) is not None
        finally:
            self._confirming = False
        if removed:
            self.gone.clear()
        return removed
