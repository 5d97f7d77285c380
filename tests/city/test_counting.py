"""A building counts once, its parts are told apart."""

import numpy as np

from citytwin_desktop.city.buildings import Buildings
from citytwin_desktop.city.counting import buildings_and_parts, part_count, standing_counts
from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.city.surfaces import Surfaces


def test_a_building_of_parts_counts_once_and_its_parts_beside_it() -> None:
    columns = {
        "id": np.array(["A", "A-1", "A-2", "B", "empty"], object),
        "parent_id": np.array(["", "A", "A", "", ""], object),
    }
    ring = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
    owner = np.array([1, 2, 3])  # of the building A only the parts have faces of their own
    kinds, names = np.full(3, SurfaceKind.GROUND, np.uint8), np.array(["a", "b", "c"], object)
    surfaces = Surfaces(Polygons.from_rings([[ring]] * 3), kinds, owner, names)
    city = CityModel(28992, (0.0, 0.0, 0.0), Buildings(columns), surfaces)
    assert part_count(city) == 2
    assert standing_counts(city) == (2, 2)


def test_words() -> None:
    assert buildings_and_parts(115, 4) == "115 buildings, 4 parts"
    assert buildings_and_parts(1, 1) == "1 building, 1 part"
    assert buildings_and_parts(100_000, 0) == "100\u2009000 buildings"
