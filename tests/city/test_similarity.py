"""Buildings like others, and buildings next to others."""

import numpy as np

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.nearby import grown_rows
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.similarity import CRITERIA, similar_rows
from citytwin_desktop.city.surfaces import Surfaces


def objects(*values: str) -> np.ndarray:
    column = np.empty(len(values), object)
    column[:] = values
    return column


def city() -> CityModel:
    """Five squares along a street: 10, 11, 10, 30 and 10 m wide; the last row has no geometry."""
    sides, left = (10.0, 11.0, 10.0, 30.0, 10.0), (0.0, 10.4, 40.0, 60.0, 120.0)
    rings = [np.array([[x, 0, 0], [x, a, 0], [x + a, a, 0], [x + a, 0, 0]]) for x, a in zip(left, sides, strict=True)]
    roofs = [np.add(ring[::-1], (0.0, 0.0, 7.0)) for ring in rings]
    polygons = Polygons.from_rings([[ring] for pair in zip(rings, roofs, strict=True) for ring in pair])
    kinds = np.array([SurfaceKind.GROUND, SurfaceKind.ROOF] * 5, np.uint8)
    buildings = Buildings(
        {
            "id": objects(*"abcdef"),
            "function": objects("residential", "residential", "office", "residential", "", "residential"),
            "year_built": np.array([1930.0, 1944.0, 1935.0, 1931.0, np.nan, 1930.0]),
            "storeys": np.array([2.0, 2.0, 2.0, 3.0, np.nan, 2.0]),
        }
    )
    owner = np.repeat(np.arange(5), 2)
    return CityModel(28992, (0.0, 0.0, 0.0), buildings, Surfaces(polygons, kinds, owner, objects(*"0123456789")))


def test_alike_in_all_that_is_asked_for() -> None:
    def like(rows: list[int], *criteria: str) -> list[int]:
        return similar_rows(city(), np.array(rows), criteria).tolist()

    assert like([0], "function") == [0, 1, 3]
    assert like([0], "function", "age", "size") == [0, 1]
    assert like([0], "storeys") == [0, 1, 2]
    assert like([0, 2], "function", "size") == [0, 1, 2]
    assert like([4], "function") == [4], "what is unknown is like nothing"
    assert like([4], "height") == [0, 1, 2, 3, 4]
    assert like([0]) == [0]
    assert like([], "function") == []
    assert all(similar_rows(city(), np.array([0]), [name])[0] == 0 for name in CRITERIA)


def test_growing_to_what_stands_near() -> None:
    def grown(rows: list[int], *reach: float) -> list[int]:
        return grown_rows(city(), np.array(rows, np.int64), *reach).tolist()

    assert grown([0]) == [0, 1]
    assert grown([0], 0.3) == [0]
    assert grown([1], 18.7) == [0, 1, 2]
    assert grown(grown([1], 18.7), 18.7) == [0, 1, 2, 3]
    assert grown([]) == []
    assert grown([5]) == [5]
