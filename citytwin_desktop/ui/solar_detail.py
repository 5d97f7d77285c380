"""How finely solar values are shown: whole surfaces or cells, and the map of cells behind that."""

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.variables import VARIABLES, Request

SURFACES, CELLS = "surfaces", "cells"
DEFAULT_CELL_M, SMALLEST_CELL_M, LARGEST_CELL_M = 4, 1, 10
CELL_ENGINE = "solar cells"


class SolarDetail(QObject):
    """The switch between surfaces and cells of one window.

    Signals
    -------
    changed
        Another detail, another size, or another map.
    """

    changed = Signal()

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self.session = session
        self.chosen = SURFACES
        self.cell_size_m = float(DEFAULT_CELL_M)
        self._polygons: dict[int, Any] = {}
        self._mapped: Any = None
        self._seen: tuple[Any, bool] | None = None
        session.closed.connect(self._forget)
        session.run_finished.connect(self._run_finished)
        session.runs_changed.connect(self._follow_runs)

    @property
    def wanted(self) -> bool:
        """Whether cells are chosen and the painted variable has them."""
        variable = VARIABLES.get(self.session.variable)
        return self.chosen == CELLS and variable is not None and variable.engine == "solar"

    @property
    def run(self) -> Any:
        """The map in the making, or `None`."""
        running = self.session.running
        return next((run for run in running if run.engine == CELL_ENGINE and not run.cancelled), None)

    @property
    def drawable(self) -> bool:
        """Whether the map that is held lies on the surfaces as they are now."""
        document = self.session.document
        if document is None or document.solar_cells.layout is None or self._mapped is None:
            return False
        polygons = document.city.surfaces.polygons
        if self._seen is None or self._seen[0] is not polygons:
            self._seen = (polygons, _same_polygons(polygons, self._mapped))
        return self._seen[1]

    @property
    def shown(self) -> bool:
        """Whether cells are painted now."""
        return self.wanted and self.drawable

    def values(self, request: Request) -> Any:
        """Values of cells, or `None` while surfaces are to be painted.

        The weather may be of another place than the map; surfaces say so then.
        """
        if not self.shown:
            return None
        from citytwin_desktop.document.solar_values import SolarTime

        time = SolarTime(request.hour or 0, request.month, request.hours)
        try:
            return self.session.document.solar_cells.values(request.name, time)
        except KnownError:
            return None

    def choose(self, detail: str) -> None:
        """Show surfaces or cells; cells that are not there yet, or stale, are mapped."""
        self.chosen = detail
        if detail == CELLS:
            self._map_if_needed()
        self.changed.emit()

    def set_cell_size(self, size_m: float) -> None:
        """Map cells of another size [m]."""
        self.cell_size_m = float(size_m)
        if self.chosen == CELLS:
            self._map_if_needed()
        self.changed.emit()

    def map_again(self) -> None:
        """Map the cells of today's city."""
        self._map_if_needed()
        self.changed.emit()

    def _map_if_needed(self) -> None:
        document = self.session.document
        if document is None:
            return
        cells = document.solar_cells
        if cells.fresh and cells.cell_size_m == self.cell_size_m and self.drawable:
            return
        if self.run is not None:
            self.session.guarded(self.run.stop)
        polygons = document.city.surfaces.polygons
        run = self.session.guarded(cells.start, self.cell_size_m)
        if run is None:
            self._follow_runs()
            return
        self._polygons[id(run)] = polygons
        self.session.add_run(run)

    def _run_finished(self, run: Any) -> None:
        if run.engine != CELL_ENGINE:
            return
        polygons = self._polygons.pop(id(run), None)
        if run.succeeded:
            self._mapped, self._seen = polygons, None
        for sentence in run.failed.values():
            self.session.problem.emit(sentence)
        self.changed.emit()

    def _follow_runs(self) -> None:
        """A map that was cancelled or failed leaves what was shown before."""
        if self.chosen != CELLS or self.run is not None or self.session.document is None:
            return
        cells = self.session.document.solar_cells
        if cells.layout is None:
            self.chosen = SURFACES
        elif cells.cell_size_m == self.cell_size_m:
            return
        self.cell_size_m = cells.cell_size_m or self.cell_size_m
        self.changed.emit()

    def _forget(self) -> None:
        self.chosen, self._mapped, self._seen = SURFACES, None, None
        self._polygons.clear()
        self.changed.emit()


def _same_polygons(one: Any, other: Any) -> bool:
    """Whether two sets of polygons are the same to the last bit: undo makes new objects of old content."""
    if one is other:
        return True
    pairs = ((getattr(one, name), getattr(other, name)) for name in ("vertices", "ring_start", "polygon_start"))
    return all(np.array_equal(mine, theirs) for mine, theirs in pairs)
