"""How many buildings there are, told alike everywhere: a building counts once, its parts are told apart."""

import numpy as np

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.numbers import number_text
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.city.wholes import parts_and_wholes


def part_count(city: CityModel) -> int:
    """Number of rows of a city that are parts of buildings."""
    return len(parts_and_wholes(city.buildings)[0])


def standing_counts(city: CityModel) -> tuple[int, int]:
    """Number of buildings that stand, by themselves or by their parts, and of parts that stand."""
    rows: IntArray = np.asarray(city.rows_with_geometry, np.int64)
    wholes = city.buildings.parent_row()[rows]
    counted = np.zeros(len(city.buildings), bool)
    counted[wholes] = True
    return int(np.count_nonzero(counted)), int(np.count_nonzero(wholes != rows))


def buildings_and_parts(buildings: int, parts: int) -> str:
    """``115 buildings, 4 parts``.

    Parameters
    ----------
    buildings : int
        Parts not counted.
    parts : int
    """
    words = f"{number_text(buildings, 9)} building{'' if buildings == 1 else 's'}"
    return f"{words}, {number_text(parts, 9)} part{'' if parts == 1 else 's'}" if parts else words
