"""Buildings with their parts: the value of a building includes its parts, that of a part is its own.

CityGML 3.0 (OGC 20-010, 7.15) has a building part as a piece of its building, and ISO 52000-1 assesses the building; so
tables, charts, the inspector and explanations all gather by the functions of this module.
"""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray


def parts_and_wholes(buildings: Buildings) -> tuple[IntArray, IntArray]:
    """(k,) int64 each: rows that are parts, and the rows that they are parts of.

    Parameters
    ----------
    buildings : Buildings
    """
    wholes = buildings.parent_row()
    parts = np.flatnonzero(wholes != np.arange(len(wholes)))
    return parts, wholes[parts]


def with_parts(buildings: Buildings, rows: IntArray) -> IntArray:
    """(k,) int64: some rows and those of their parts, ascending, each once.

    Parameters
    ----------
    buildings : Buildings
    rows : ndarray, (n,) int64
    """
    chosen = np.zeros(len(buildings), bool)
    chosen[rows] = True
    parts, wholes = parts_and_wholes(buildings)
    chosen[parts] |= chosen[wholes]
    return np.flatnonzero(chosen)


def standing_rows(city: CityModel, rows: IntArray) -> IntArray:
    """(k,) int64: rows with surfaces among some rows and their parts, ascending.

    Parameters
    ----------
    city : CityModel
    rows : ndarray, (n,) int64
    """
    chosen = np.zeros(len(city.buildings), bool)
    chosen[with_parts(city.buildings, rows)] = True
    standing = np.asarray(city.rows_with_geometry, np.int64)
    return standing[chosen[standing]]


def summed(buildings: Buildings, values: FloatArray) -> FloatArray:
    """(n_buildings,) float64: values of rows by themselves added up over each building; nan where none is known.

    Parameters
    ----------
    buildings : Buildings
    values : ndarray, (n_buildings,) float64
        nan where a row has none.
    """
    parts, wholes = parts_and_wholes(buildings)
    parts, wholes = parts[np.isfinite(values[parts])], wholes[np.isfinite(values[parts])]
    made = np.array(values, np.float64)
    made[wholes] = np.nan_to_num(made[wholes])
    np.add.at(made, wholes, values[parts])
    return made


def greatest(buildings: Buildings, values: FloatArray) -> FloatArray:
    """(n_buildings,) float64: the greatest value of each building and its parts; nan where none is known.

    Parameters
    ----------
    buildings : Buildings
    values : ndarray, (n_buildings,) float64
    """
    parts, wholes = parts_and_wholes(buildings)
    made = np.array(values, np.float64)
    np.fmax.at(made, wholes, values[parts])
    return made


def any_of(buildings: Buildings, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n_buildings,) bool: whether a flag holds for a row or for any of its parts.

    Parameters
    ----------
    buildings : Buildings
    flags : ndarray, (n_buildings,) bool
    """
    parts, wholes = parts_and_wholes(buildings)
    made: NDArray[np.bool_] = np.array(flags, bool)
    np.logical_or.at(made, wholes, made[parts])
    return made
