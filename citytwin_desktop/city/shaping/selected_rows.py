"""Rows that an edit of some buildings concerns, with their surfaces, at the cost of their own number."""

from dataclasses import dataclass, replace

import numpy as np

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.city.surfaces import Surfaces

_DEEPEST_NESTING = 8


@dataclass(frozen=True, eq=False)
class Families:
    """Chosen buildings with all their parts.

    Parameters
    ----------
    row : ndarray, (k,) int64
        Ascending.
    leader : ndarray, (k,) int64
        Row of the outermost chosen building that each belongs to.
    """

    row: IntArray
    leader: IntArray


def families_of(buildings: Buildings, rows: IntArray) -> Families:
    """Chosen rows and the parts that follow them.

    Parameters
    ----------
    buildings : Buildings
    rows : ndarray, (k,) int64
    """
    rows = np.unique(rows)
    parents = buildings.columns["parent_id"]
    parts = np.flatnonzero(parents.astype(bool))
    if not len(parts):
        return Families(rows, rows)
    place = np.arange(len(buildings))
    place[parts] = [buildings.row(name) if name in buildings else -1 for name in parents[parts].tolist()]
    place = np.where(place < 0, np.arange(len(place)), place)
    chosen = np.zeros(len(buildings), bool)
    chosen[rows] = True
    # The last chosen one met on the way up is the leader.
    leader, here = np.where(chosen, np.arange(len(place)), -1), np.arange(len(place))
    for _ in range(_DEEPEST_NESTING):
        here = place[here]
        leader = np.where(chosen[here], here, leader)
    every = np.flatnonzero(leader >= 0)
    return Families(every, leader[every])


def surfaces_of_rows(surfaces: Surfaces, rows: IntArray) -> Surfaces:
    """Surfaces of some rows, ``building`` counting along them.

    Parameters
    ----------
    surfaces : Surfaces
    rows : ndarray, (k,) int64
        Ascending.
    """
    first, last = np.searchsorted(surfaces.building, rows), np.searchsorted(surfaces.building, rows, side="right")
    counts = last - first
    owner = np.repeat(np.arange(len(rows)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return replace(surfaces.take(first[owner] + within), building=owner)
