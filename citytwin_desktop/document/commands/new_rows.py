"""New rows in the table of buildings: identifiers that are free, columns, assignments that come along."""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from citytwin_desktop.city.buildings import COLUMNS, Buildings, Column, blank_column
from citytwin_desktop.city.changes import Change, InsertBuildings, SetAssignments
from citytwin_desktop.city.district import District
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.surfaces import Surfaces


def free_id(stem: str, taken: Container[str], first: int = 1) -> str:
    """“stem-1”, “stem-2”…: the next that nobody has.

    Parameters
    ----------
    stem : str
    taken : container of str
    first : int
    """
    number = first
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def inserted(
    district: District, rows: Sequence[Mapping[str, Any]], surfaces: Sequence[Surfaces], offset: int = 0
) -> InsertBuildings:
    """Change that adds rows at the end of the table.

    Parameters
    ----------
    district : District
    rows : sequence of mapping
        By column, with ``id``; what is missing is unknown.
    surfaces : sequence of Surfaces
        Of each row.
    offset : int
        Rows that the same command adds before these.
    """
    columns: dict[str, Column] = {}
    for name, definition in COLUMNS.items():
        column = blank_column(definition, len(rows))
        for place, row in enumerate(rows):
            if row.get(name) is not None:
                column[place] = row[name]
        columns[name] = column
    first = int(np.max(district.city.buildings.columns["fid"], initial=0)) + 1 + offset
    columns["fid"] = np.arange(first, first + len(rows), dtype=np.float64)
    owned = [
        Surfaces(mine.polygons, mine.kind, np.full(len(mine), place, np.int64), mine.source_id)
        for place, mine in enumerate(surfaces)
    ]
    return InsertBuildings(CityModel(buildings=Buildings(columns), surfaces=Surfaces.concatenate(owned)))


def same_packages(district: District, pairs: Mapping[str, str]) -> list[Change]:
    """Assign to new buildings the packages that others have.

    Parameters
    ----------
    district : District
    pairs : mapping of str to str
        New identifier to the one whose packages it gets.
    """
    changes: list[Change] = []
    for scenario in district.scenarios.values():
        ids = tuple(new for new, old in pairs.items() if old in scenario.assignments)
        if ids:
            after = tuple(scenario.assignments[pairs[new]] for new in ids)
            changes.append(SetAssignments(scenario.id, ids, (None,) * len(ids), after))
    return changes


def without_packages(district: District, ids: Iterable[str]) -> list[Change]:
    """Take back the packages of buildings that go."""
    changes: list[Change] = []
    for scenario in district.scenarios.values():
        gone = tuple(sorted(set(ids) & set(scenario.assignments)))
        if gone:
            before = tuple(scenario.assignments[name] for name in gone)
            changes.append(SetAssignments(scenario.id, gone, before, (None,) * len(gone)))
    return changes
