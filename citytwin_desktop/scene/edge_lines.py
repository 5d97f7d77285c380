"""Feature edges of one tile as one bundle of lines, all alike or, where buildings are hidden or faint, one by one."""

from collections.abc import Callable
from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from citytwin_desktop.scene.appearance import GHOST, HIDDEN
from citytwin_desktop.scene.depth_bias import add_depth_bias
from citytwin_desktop.scene.palette import Colour, ColourArray
from citytwin_desktop.scene.vtk_arrays import cell_colours, colour_view

EDGE_OPACITY = 0.35
_GHOST_EDGE = 14


class EdgeLines:
    """Lines between points of a tile; they are asked for when they are first drawn.

    Parameters
    ----------
    points : vtkPoints
        Of the whole tile, shared with its faces.
    lines : callable
        Without arguments, to a vtkCellArray.

    Attributes
    ----------
    actor : vtkActor
    data : vtkPolyData
    """

    def __init__(self, points: Any, lines: Callable[[], Any]) -> None:
        self.data = vtkPolyData()
        self.data.SetPoints(points)
        self._lines = lines
        self._codes: Callable[[], ColourArray] | None = None
        self._there = False
        mapper = vtkPolyDataMapper()
        mapper.SetVBOShiftScaleMethod(0)
        mapper.SetInputData(self.data)
        mapper.ScalarVisibilityOff()
        self.actor = vtkActor()
        self.actor.SetMapper(mapper)
        self.actor.GetProperty().SetLighting(False)
        self.actor.GetProperty().SetLineWidth(1.0)
        add_depth_bias(self.actor)
        self._colour: Colour = (0, 0, 0)
        self._strength = 1.0
        self._rgba: Any = None

    def same(self) -> "EdgeLines":
        """The same lines for another scene."""
        return EdgeLines(self.data.GetPoints(), self._lines)

    def show(self, strength: float) -> None:
        """Draw with a share of the full strength, 0-1; nothing at all for 0."""
        self._strength = strength
        self.actor.SetVisibility(strength > 0.0)
        self._blend()

    def colour(self, colour: Colour) -> None:
        """Draw in another colour."""
        self._colour = colour
        self.actor.GetProperty().SetColor(*(channel / 255 for channel in colour))
        if self._rgba is not None:
            colour_view(self._rgba)[:, :3] = colour
            self._rgba.Modified()

    def write(self, codes: Callable[[], ColourArray] | None) -> None:
        """Leave out lines of what is hidden and thin out those of ghosts.

        Parameters
        ----------
        codes : callable, optional
            Without arguments, to (n_lines,) uint8 as of `Appearance.building_codes`; `None` where all are solid.
        """
        self._codes = codes
        if codes is not None and self._there:
            self._write(codes())
        self.actor.GetMapper().SetScalarVisibility(codes is not None)
        self._blend()

    def make_if_seen(self) -> None:
        """Ask for the lines, if they are not there and about to be drawn."""
        if self._there or self._strength <= 0.0:
            return
        self._there = True
        self.data.SetLines(self._lines())
        if self._codes is not None:
            self._write(self._codes())

    def _write(self, codes: ColourArray) -> None:
        if self._rgba is None:  # four bytes for each edge: not before a building is hidden or faint
            self._rgba = cell_colours(self.data, len(codes))
            self.colour(self._colour)
        opacity = np.full(len(codes), round(EDGE_OPACITY * 255), np.uint8)
        opacity[codes == GHOST] = _GHOST_EDGE
        opacity[codes == HIDDEN] = 0
        colour_view(self._rgba)[:, 3] = opacity
        self._rgba.Modified()

    def _blend(self) -> None:
        one_by_one = self.actor.GetMapper().GetScalarVisibility()
        self.actor.GetProperty().SetOpacity(self._strength * (1.0 if one_by_one else EDGE_OPACITY))
