"""One line of a table of results, and how surfaces are gathered to what a line stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

Floats = NDArray[np.float64]
MOST_NUMBERS = 20_000_000


@dataclass(frozen=True, eq=False)
class ResultRow:
    """One line of a table.

    Parameters
    ----------
    id : str
        Of the building, the surface, or ``city``.
    building : str
    values : ndarray, (1,), (12,) or (hours,) float64
    fresh : bool
        Whether every part of the sum is there and of today's inputs.
    missing : int
        Buildings and parts that belong to the sum but have no result.
    estimate : bool
        Whether any part of the sum is an estimate.
    carrier : str
        Of final energy.
    """

    id: str
    building: str
    values: Floats
    fresh: bool
    missing: int = 0
    estimate: bool = False
    carrier: str = ""


@dataclass(frozen=True, eq=False)
class Grouping:
    """Which line of a table each surface belongs to.

    Parameters
    ----------
    group : ndarray, (n_surfaces,) int64
    count : int
        Number of lines, those without surfaces counted.
    names : tuple of (int, str, str)
        Number, identifier and building of the lines that a table has.
    """

    group: NDArray[np.int64]
    count: int
    names: tuple[tuple[int, str, str], ...]


def grouping(document: Document, by: str) -> Grouping:
    """Lines by ``surface``, ``building`` (parts counted to theirs) or ``city``."""
    city = document.city
    ids, owner = city.buildings.ids, city.surfaces.building
    if by == "surface":
        names = zip(city.surfaces.source_id, ids[owner], strict=True)
        every = tuple((number, str(name), str(building)) for number, (name, building) in enumerate(names))
        return Grouping(np.arange(len(owner)), len(owner), every)
    if by == "city":
        return Grouping(np.zeros(len(owner), np.int64), 1, ((0, "city", ""),))
    parents = city.buildings.parent_row()
    rows = np.unique(parents[city.rows_with_geometry])
    group = parents[owner] if len(owner) else np.zeros(0, np.int64)
    return Grouping(group, len(ids), tuple((int(row), str(ids[row]), str(ids[row])) for row in rows))
