"""Buildings like others: by what they are, not where they stand."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray

AGE_ENDS = (1900.0, 1919.0, 1945.0, 1965.0, 1980.0, 1995.0, 2006.0, 2015.0)
"""Years in which classes of age begin, about those of TABULA for north-west Europe."""

SIZE_STEP = 2.0
"""Ground areas of one class differ by less than this factor."""

_UNKNOWN = -1


def _texts(name: str) -> Callable[[CityModel], IntArray]:
    def classes(city: CityModel) -> IntArray:
        values = city.buildings.columns[name].tolist()
        codes = {value: number for number, value in enumerate(dict.fromkeys(values))}
        codes[""] = _UNKNOWN
        return np.fromiter(map(codes.__getitem__, values), np.int64, len(values))

    return classes


def _ages(city: CityModel) -> IntArray:
    years = city.buildings.columns["year_built"]
    return np.where(np.isnan(years), _UNKNOWN, np.searchsorted(AGE_ENDS, years, side="right"))


def _storeys(city: CityModel) -> IntArray:
    storeys = city.buildings.columns["storeys"]
    return np.nan_to_num(storeys, nan=_UNKNOWN).astype(np.int64)


def _sizes(city: CityModel) -> IntArray:
    """Class of the ground area, each twice as large as the one before."""
    area = city.surfaces.building_area_m2(SurfaceKind.GROUND, len(city.buildings))
    return np.where(area > 1.0, np.floor(np.log2(np.maximum(area, 1.0)) / np.log2(SIZE_STEP)), _UNKNOWN).astype(
        np.int64
    )


def _heights(city: CityModel) -> IntArray:
    low, high = city.bounds_m
    height = _measured(high[:, 2] - low[:, 2])
    return np.where(height > 0.0, np.floor(height / 3.0), _UNKNOWN).astype(np.int64)


def _measured(values: FloatArray) -> FloatArray:
    return np.nan_to_num(values, nan=0.0)


CRITERIA: Mapping[str, tuple[str, Callable[[CityModel], IntArray]]] = MappingProxyType(
    {
        "function": ("Function", _texts("function")),
        "age": ("Age class", _ages),
        "size": ("Ground area, to a factor of two", _sizes),
        "storeys": ("Storeys", _storeys),
        "height": ("Height, to a storey", _heights),
        "archetype": ("Archetype", _texts("archetype_id")),
        "lod": ("Level of detail", _texts("lod")),
    }
)
"""What buildings can have in common: title, and the class of each row, -1 where it is unknown."""

USUAL = ("function", "age", "size")


def similar_rows(city: CityModel, rows: IntArray, criteria: Sequence[str] = USUAL) -> IntArray:
    """Rows with geometry that are in the same classes as one of the given rows, in all criteria at once.

    What is unknown is like nothing, not even itself; the given rows are always in.

    Parameters
    ----------
    city : CityModel
    rows : ndarray, (k,) int64
    criteria : sequence of str
        Keys of `CRITERIA`.

    Returns
    -------
    ndarray, (m,) int64
        Ascending.
    """
    if not len(rows) or not len(criteria):
        return np.unique(rows).astype(np.int64)
    classes = [CRITERIA[name][1](city) for name in criteria]
    known: NDArray[np.bool_] = np.all([values != _UNKNOWN for values in classes], axis=0)
    joined = np.zeros(len(city.buildings), np.int64)
    for values in classes:
        joined = np.unique(joined * (int(values.max()) + 2) + values + 1, return_inverse=True)[1].reshape(-1)
    wanted = np.zeros(int(joined.max()) + 1, bool)
    wanted[joined[rows[known[rows]]]] = True
    found = wanted[joined] & known
    found[rows] = True
    with_geometry = np.zeros(len(found), bool)
    with_geometry[city.rows_with_geometry] = True
    return np.flatnonzero(found & with_geometry)
