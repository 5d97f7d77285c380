"""Yearly results as columns of the building table, read when they are first looked at."""

import math
from dataclasses import dataclass
from typing import Any

from citytwin_desktop.document.variables import ENERGY
from citytwin_desktop.document.variables import VARIABLES as KNOWN

RESULT_COLUMNS = ("heating_demand", "final_energy", "peak_heating", "overheating_hours")
"""Variables in the order in which they stand."""


@dataclass(frozen=True)
class Cell:
    """One number, and what is to be known of it."""

    value: float = math.nan
    fresh: bool = True
    estimate: bool = False


EMPTY = Cell()


def column_title(name: str) -> str:
    """Title and unit; energy is per floor area."""
    known = KNOWN[name]
    return f"{known.title} [{known.unit}/m²a]" if known.kind == ENERGY else f"{known.title} [{known.unit}]"


class ResultColumns:
    """Reads what is asked for and remembers it until something changes.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self._read: dict[str, dict[str, tuple[float, float, Any]]] = {}
        self._cells: dict[tuple[str, str], Cell] = {}

    def forget(self) -> None:
        """Something changed: read anew."""
        self._read.clear()
        self._cells.clear()

    def cell(self, name: str, building_id: str) -> Cell:
        """One number; an empty cell where there is no result."""
        if (name, building_id) not in self._cells:
            self._cells[name, building_id] = self._cell(name, building_id)
        return self._cells[name, building_id]

    def _cell(self, name: str, building_id: str) -> Cell:
        # Loads come from the summaries alone: they tell which result is shown, and its floor area.
        known = KNOWN[name]
        found = self._summaries("peak_heating" if known.derived else name).get(building_id)
        if found is None:
            return EMPTY
        value, area, shown = found
        if known.derived:
            document = self._session.document
            value = float(document.energy.months(known, shown, building_id, document.active_scenario).sum())
        if known.kind == ENERGY:
            value = value / area if area > 0 else math.nan
        return Cell(value, shown.fresh, shown.estimate)

    def _summaries(self, name: str) -> dict[str, tuple[float, float, Any]]:
        if name not in self._read:
            document = self._session.document
            self._read[name] = document.energy.summaries(KNOWN[name], document.active_scenario)
        return self._read[name]
