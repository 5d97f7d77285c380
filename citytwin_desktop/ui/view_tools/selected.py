"""Tools that hold on to the buildings that were selected when they were taken in hand."""

from typing import Any

import numpy as np

from citytwin_desktop.city.shaping.selected_rows import families_of
from citytwin_desktop.ui.numbers import counted
from citytwin_desktop.ui.view_tools.shape import ShapeTool


class SelectedTool(ShapeTool):
    """Gives up when the city or the selection becomes another.

    Attributes
    ----------
    ids : tuple of str
        Buildings that the command is for.
    rows : ndarray, (k,) int64
        Their rows and those of their parts that have surfaces.
    low, high : ndarray, (3,) float64 [m]
        Corners of the box about all of them.
    """

    def __init__(self, view: Any, session: Any) -> None:
        super().__init__(view, session)
        document = session.document
        self.ids = tuple(document.selection)
        self.city = city = document.city
        rows = families_of(city.buildings, city.buildings.rows(self.ids)).row
        low, high = city.bounds_m
        self.rows = rows[np.isfinite(low[rows, 0])]
        known = len(self.rows) > 0
        self.low = low[self.rows].min(axis=0) if known else np.zeros(3)
        self.high = high[self.rows].max(axis=0) if known else np.zeros(3)

    @property
    def middle(self) -> Any:
        """Middle of the box, (3,) float64 [m]."""
        return (self.low + self.high) / 2.0

    @property
    def whom(self) -> str:
        """``1 building`` or ``12 buildings``."""
        return counted(len(self.ids))

    def begin(self) -> None:
        """Take it in hand; nothing to shape puts it away."""
        super().begin()
        if not len(self.rows):
            self.session.problem.emit(
                self.tr("What is selected has no surfaces: select a building that is drawn in the view.")
            )
            self.done.emit()

    def selection_changed(self) -> None:
        """Others are selected: this tool was for those before."""
        self.done.emit()
