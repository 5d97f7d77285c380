"""What sources and joined tables gave the cells of the building table, as it was noted with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from citytwin_desktop.city.buildings import COLUMNS, VALUE_ORIGINS, Buildings

DELIVERED = "delivered"
"""Key among the origins of a building's values: what a delivery gave, and its file."""


@dataclass(frozen=True)
class Default:
    """What a value goes back to.

    Parameters
    ----------
    value : float, str or None
        None where the source has none and the archetype's, or nothing, takes its place.
    sentence : str
        Where that comes from.
    """

    value: float | str | None
    sentence: str


def source_sentence(buildings: Buildings, row: int, column: str) -> str:
    """Where a value of the source comes from, for people."""
    source = source_of(buildings, row)
    where = f" as {COLUMNS[column].title.lower()}" if column == "name" else ""
    return f"From {source}{where}" if source else "From the source file"


def source_of(buildings: Buildings, row: int) -> str:
    """File that a row came with; empty in projects from before that was noted."""
    noted = buildings.columns[VALUE_ORIGINS][row].get(DELIVERED, ["", ""])
    return str(noted[1])


def delivered(buildings: Buildings, row: int) -> dict[str, Any]:
    """Values by column that the source gave a row; empty where that was not noted."""
    given = buildings.columns[VALUE_ORIGINS][row].get(DELIVERED, [{}, ""])[0]
    return given if isinstance(given, dict) else {}


def source_default(buildings: Buildings, row: int, column: str) -> Default | None:
    """What a joined table or the source gave a cell; None where neither did.

    Parameters
    ----------
    buildings : Buildings
    row : int
    column : str
    """
    noted = buildings.columns[VALUE_ORIGINS][row].get(column)
    if noted is not None:
        return Default(noted[0], str(noted[1]))
    given = delivered(buildings, row)
    if column in given:
        return Default(given[column], source_sentence(buildings, row, column))
    return None
